"""Alerts of a person's own saved searches: shown, counted and judged as their owner may see them just then.

Each is worked out again before it is shown: it leaves out what has been hidden from its owner since.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from engine.access.policy import WHO_MAY, May, require
from engine.clock import Clock
from engine.domain.accounts.acting import Acting
from engine.domain.cases.worklists import WorkItem
from engine.domain.errors import InvalidInputError, NotFoundError
from engine.domain.ids import read_reference
from engine.domain.links.saved_searches import (
    AlertShown,
    AlertsShown,
    AlertState,
    LinkAlert,
    PatternQuestion,
    SavedSearch,
)
from engine.domain.vault.typed_texts import TypedWhere
from engine.links.patterns.readings import read_both_ways
from engine.links.patterns.thresholds import thresholds_on
from engine.services.access.restrictions import written_reason
from engine.services.context import Context
from engine.services.links.register import may_be_one
from engine.services.links.saved_search_results import Answers, Match, pattern_of
from engine.services.links.sharing import shared_with
from engine.services.links.snapshots import LinkSnapshots
from engine.services.vault.typed_texts import check_typed
from engine.store.unit_of_work import Work

_MOST_LINES = 20
ALERT_ITEM = "link alert"


def my_alerts(context: Context, *, snapshots: LinkSnapshots) -> AlertsShown:
    """Return the alerts of this person that still apply, those that wait first, what came of them, the
    searches that are still asked, and what others share.
    """
    require(May.EXPLORE_LINKS, context.acting)
    with context.reading("see link alerts") as work:
        queries = work.links.queries.all(owner=context.acting.user)
        shown = _shown(
            work, context.acting, context.clock, snapshots, queries, work.links.queries.alerts(queries)
        )
        shared = shared_with(work, context.acting, context.clock, snapshots)
        work.notes(alerts=len(shown), shared=len(shared))
        now = context.clock.now()
        return AlertsShown.of(shown, (query for query in queries if query.is_asked(now)), shared)


def has_searches(context: Context) -> bool:
    """Return whether this person has saved a search or is shared one: else there is nothing to read."""
    require(May.EXPLORE_LINKS, context.acting)
    with context.uow.unrecorded() as work:
        user = context.acting.user
        return bool(work.links.queries.all(owner=user) or work.links.shares.received_by(user))


def judge_alert(
    context: Context, *, snapshots: LinkSnapshots, reference: str, acted: bool, why: str
) -> AlertShown:
    """Record of one's own alert that it was acted on, or is not relevant, and why; once.

    Raises
    ------
    InvalidInputError
        The reference or the reason is malformed, or the alert does not wait any more.
    NotFoundError
        The alert does not exist, or no longer applies for the person who acts.
    """
    require(May.EXPLORE_LINKS, context.acting)
    reference, reason = read_reference("link alert", reference), written_reason(why)
    with context.writing("judge link alert") as work:
        queries = work.links.queries.all(owner=context.acting.user)
        mine = [alert for alert in work.links.queries.alerts(queries) if alert.reference == reference]
        shown = _shown(work, context.acting, context.clock, snapshots, queries, mine)
        if not shown:
            raise NotFoundError("link alert", reference)
        (alert,) = shown
        if alert.state is not AlertState.WAITING:
            raise InvalidInputError(f"link alert {reference}", f"it is already '{alert.state.value}'")
        work.links.queries.judge(
            reference, acted=acted, why=reason, by=context.acting.user, at=context.clock.now()
        )
        check_reason(work, context.acting, context.clock, snapshots, mine[0].match_key.split(), reason)
        work.notes(alert=reference, acted="yes" if acted else "no")
    state = AlertState.ACTED_ON if acted else AlertState.NOT_RELEVANT
    return alert.model_copy(update={"state": state, "why": reason})


def alert_items(work: Work, acting: Acting, clock: Clock, snapshots: LinkSnapshots) -> Iterator[WorkItem]:
    """Yield a line for each alert that waits for this person; a part of their worklist."""
    if acting.role not in WHO_MAY[May.EXPLORE_LINKS]:
        return
    queries = work.links.queries.all(owner=acting.user)
    waiting = [
        alert
        for alert in work.links.queries.alerts(queries)
        if _state(alert, clock.now()) is AlertState.WAITING
    ]
    for alert in _shown(work, acting, clock, snapshots, queries, waiting)[:_MOST_LINES]:
        yield WorkItem(
            reference=alert.begin_at,
            what=f"Review link alert {alert.reference}",
            why=alert.says,
            due_at=None,
            since=alert.at,
            is_overdue=False,
            is_alarm=False,
            kind=ALERT_ITEM,
        )


def check_reason(
    work: Work,
    acting: Acting,
    clock: Clock,
    snapshots: LinkSnapshots,
    named: Sequence[str],
    text: str,
) -> None:
    """Check the typed reason against what is protected on the cases that it is about."""
    if not named:
        return
    links = Answers(work, acting, clock=clock, snapshots=snapshots).links
    numbers = [number for reference in named if (number := links.find(reference)) is not None]
    cases = dict.fromkeys(case for number in numbers for case in links.cases_of(number))
    for case in cases:
        check_typed(work, work.cases.get(case), TypedWhere.REASON, [text], acting=acting, clock=clock)


def _shown(
    work: Work,
    acting: Acting,
    clock: Clock,
    snapshots: LinkSnapshots,
    queries: Sequence[SavedSearch],
    alerts: Sequence[LinkAlert],
) -> list[AlertShown]:
    """Return those that still answer their saved search for this person, oldest first."""
    if not alerts:
        return []
    answers = Answers(work, acting, clock=clock, snapshots=snapshots)
    by_reference = {query.reference: query for query in queries}
    still = {
        reference: answers.still(
            by_reference[reference].question,
            [alert.match_key for alert in alerts if alert.query == reference],
        )
        for reference in {alert.query for alert in alerts}
    }
    against = _against(work, acting, clock, queries, alerts, still)
    return [
        AlertShown(
            reference=alert.reference,
            query=alert.query,
            asks=by_reference[alert.query].question.in_words(),
            says=match.sentence,
            counter_evidence=against[alert.reference],
            begin_at=match.begin_at,
            at=alert.at,
            state=_state(alert, clock.now()),
            why=alert.why,
            expires_at=alert.expires_at,
        )
        for alert in alerts
        if (match := still[alert.query].get(alert.match_key)) is not None
    ]


def _against(
    work: Work,
    acting: Acting,
    clock: Clock,
    queries: Sequence[SavedSearch],
    alerts: Sequence[LinkAlert],
    still: Mapping[str, Mapping[str, Match]],
) -> dict[str, tuple[str, ...]]:
    """Return the evidence against the finding of each alert; likely duplicates are read at once."""
    questions = {query.reference: query.question for query in queries}
    found = {
        alert.reference: (pattern_of(question), match.finding)
        for alert in alerts
        if isinstance(question := questions[alert.query], PatternQuestion)
        and (match := still[alert.query].get(alert.match_key)) is not None
        and match.finding is not None
    }
    pairs = may_be_one(work, acting, clock, [finding for _, finding in found.values()])
    limits = thresholds_on(clock.today())
    read = {
        reference: read_both_ways(key, [finding], pairs, limits)[0][0].counter_evidence
        for reference, (key, finding) in found.items()
    }
    return {alert.reference: read.get(alert.reference, ()) for alert in alerts}


def _state(alert: LinkAlert, at: datetime) -> AlertState:
    is_over = alert.state is AlertState.WAITING and at >= alert.expires_at
    return AlertState.EXPIRED if is_over else alert.state
