"""Saved searches about links: a person's question, asked again until an end date, for a reason.

Each is asked as its owner may see the record at that moment, and raises an alert once for what is new. What
came of alerts is in ``alerts``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby

from pydantic import ValidationError

from engine.access.policy import WHO_MAY, May, require
from engine.clock import LONDON, Clock
from engine.domain.accounts.acting import Acting
from engine.domain.errors import InvalidInputError, NotFoundError
from engine.domain.ids import read_reference
from engine.domain.links.items_question import ItemsQuestion
from engine.domain.links.saved_searches import (
    AroundQuestion,
    Asked,
    PathQuestion,
    PatternQuestion,
    SavedSearch,
)
from engine.services.access.restrictions import written_reason
from engine.services.context import Context
from engine.services.links.alerts import check_reason
from engine.services.links.saved_search_results import Answers
from engine.services.links.snapshots import LinkSnapshots
from engine.store.unit_of_work import Work

LONGEST_DAYS, USUAL_DAYS = 366, 90
MOST_ASKED = 50
MOST_THERE = 1_000
"""Number of items that may meet a question by conditions when it is saved: each is stored."""


def save_query(
    context: Context, *, snapshots: LinkSnapshots, question: Asked, why: str, until: date | None = None
) -> SavedSearch:
    """Save a search until an end date, for a written reason; what answers it now raises no alert.

    Raises
    ------
    InvalidInputError
        The reason, the question or the end date is malformed, or the person has too many searches.
    """
    require(May.EXPLORE_LINKS, context.acting)
    reason, end = written_reason(why), _end_of(until, context.clock)
    with context.reading("look what answers a question") as work:
        answers = Answers(work, context.acting, clock=context.clock, snapshots=snapshots)
        named = answers.require(question)
        there = [match.key for match in answers.now(question)]
        work.notes(kind=question.kind)
    if isinstance(question, ItemsQuestion) and len(there) > MOST_THERE:
        raise InvalidInputError(
            "question", f"more than {MOST_THERE:,} items meet it now; add a condition to save it"
        )
    with context.writing("save standing query", once=(question, why, until)) as work:
        asked = [
            query
            for query in work.links.queries.all(owner=context.acting.user)
            if query.is_asked(context.clock.now())
        ]
        if len(asked) >= MOST_ASKED:
            raise InvalidInputError(
                "saved searches", f"you have {MOST_ASKED} saved searches already; delete one first"
            )
        saved = work.links.queries.save(
            question, owner=context.acting.user, why=reason, at=context.clock.now(), until=end
        )
        work.links.queries.raise_alerts(saved.reference, there, were_there=True, at=context.clock.now())
        check_reason(work, context.acting, context.clock, snapshots, named, reason)
        work.notes(query=saved.reference)
        return saved


def question_of(kind: str, named: Sequence[str], hops: int | None = None) -> Asked:
    """Read a question as typed: ``around`` one, a ``path`` between two, a ``pattern``. Raises
    InvalidInputError.
    """
    names = [name.strip().upper() for name in named]
    within = {} if hops is None else {"hops": hops}
    try:
        match kind:
            case "around":
                return AroundQuestion.model_validate({"reference": names[0], **within})
            case "path":
                return PathQuestion.model_validate({"a": names[0], "b": names[1], **within})
            case _:
                return PatternQuestion(pattern=named[0].strip().casefold())
    except ValidationError as error:
        part = str(error.errors()[0]["loc"][0])
        wants = "fewer links" if part == "hops" else "one of those that are offered"
        wants = "a reference such as P-7K3M9QV" if part in ("reference", "a", "b") else wants
        raise InvalidInputError("question", f"give {wants}") from None


def my_queries(context: Context) -> tuple[SavedSearch, ...]:
    """Return the saved searches of this person, oldest first, those that are over too."""
    require(May.EXPLORE_LINKS, context.acting)
    with context.reading("list standing queries") as work:
        found = work.links.queries.all(owner=context.acting.user)
        work.notes(queries=len(found))
        return found


def end_query(context: Context, *, reference: str) -> None:
    """End one of one's own searches. Its alerts wait until their end date.

    Raises
    ------
    InvalidInputError
        The reference is malformed, or the search is over already.
    """
    require(May.EXPLORE_LINKS, context.acting)
    reference = read_reference("saved search", reference)
    with context.writing("end standing query") as work:
        query = _my_query(work, context.acting, reference)
        if not query.is_asked(context.clock.now()):
            raise InvalidInputError(f"saved search {reference}", "it has already ended")
        work.links.queries.end(reference, by=context.acting.user, at=context.clock.now())
        work.notes(query=reference)


def ask_standing_queries(context: Context, *, snapshots: LinkSnapshots) -> int:
    """Ask every saved search as its owner may see the record now; return how many were asked.

    A new result raises an alert, once, however often this runs; so does one more person of a finding that was
    known, such as the fourth user of a phone. How many alerts that was is not shown: a
    person or flow that runs this need not be able to see what they are about.
    """
    require(May.REFRESH_LINKS, context.acting)
    with context.uow.unrecorded() as work:
        asked = [query for query in work.links.queries.all() if query.is_asked(context.clock.now())]
        asked.sort(key=lambda query: query.owner)
        owners = {
            owner: user.acting("standing query")
            for owner in {query.owner for query in asked}
            if (user := work.users.known(owner)) is not None
            and user.active
            and user.role in WHO_MAY[May.EXPLORE_LINKS]
        }
    count = 0
    for owner, of_owner in groupby(asked, key=lambda query: query.owner):
        if owner in owners:
            queries = tuple(of_owner)
            _ask(context, snapshots, owner=owners[owner], queries=queries)
            count += len(queries)
    return count


def _ask(
    context: Context, snapshots: LinkSnapshots, *, owner: Acting, queries: Sequence[SavedSearch]
) -> None:
    """Ask all of one person's, with no lock held while it is worked out; then store what is new."""
    with context.reading("ask standing queries") as work:
        answers = Answers(work, owner, clock=context.clock, snapshots=snapshots)
        found = {
            query.reference: answers.new(query.question, work.links.queries.known_matches(query.reference))
            for query in queries
        }
        work.notes(owner=owner.user, queries=len(queries))
    if not any(found.values()):
        return
    with context.writing("raise link alerts", steps_back=True) as work:
        for reference, matches in found.items():
            known = work.links.queries.known_matches(reference)
            fresh = [match for match in matches if match.key not in known]
            for is_news in (True, False):
                keys = [match.key for match in fresh if match.is_news is is_news]
                work.links.queries.raise_alerts(
                    reference, keys, were_there=not is_news, at=context.clock.now()
                )
        work.notes(owner=owner.user)


def _my_query(work: Work, acting: Acting, reference: str) -> SavedSearch:
    for query in work.links.queries.all(owner=acting.user):
        if query.reference == reference:
            return query
    raise NotFoundError("saved search", reference)


def _end_of(until: date | None, clock: Clock) -> datetime:
    today = clock.today()
    day = until or today + timedelta(days=USUAL_DAYS)
    if not today <= day <= today + timedelta(days=LONGEST_DAYS):
        raise InvalidInputError("until", f"give a date from today to {LONGEST_DAYS} days ahead")
    return datetime.combine(day + timedelta(days=1), time(), LONDON)
