"""Reminders to agencies of late answers: recording them, and what is late on whose worklist.

That an answer is late, or late enough for the chair, is worked out from the clock at every read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from engine.access.policy import May
from engine.clock import LONDON, Clock
from engine.domain.accounts.acting import Acting, Role
from engine.domain.agencies.directory import AgencyKnown
from engine.domain.agencies.health import Chase, ChasedHow
from engine.domain.cases.due import Waits
from engine.domain.cases.involvement import LateRequest, WaitingRequest
from engine.domain.cases.lifecycle import BEING_ASKED
from engine.domain.cases.worklists import LongLines, WorkItem, WorkLine, line_to_write
from engine.domain.errors import InvalidInputError, NotFoundError
from engine.domain.responses.answers import Failed
from engine.services.access.checks import open_among, open_case
from engine.services.agencies.health import troubles
from engine.services.context import Context
from engine.services.due.lines import about_each, due_lines
from engine.services.responses.due import CHASE, FAILED, LATE_ANSWER, NOT_RELEASED, chair_at
from engine.services.responses.due_dates import own_requests, said_of, unanswered
from engine.settings import Settings
from engine.store.unit_of_work import Work

CHASE_ITEM = CHASE.name
AGENCY_ITEM = "agency"
"""The kind of a line that is about an agency and no case."""
Chases = Mapping[tuple[str, str], tuple[Chase, ...]]


def chase(context: Context, *, reference: str, agency: str, how: ChasedHow) -> Chase:
    """Record that this person has reminded an agency of an answer that it owes.

    Raises
    ------
    InvalidInputError
        The reference is malformed, the agency has answered, or no answer is awaited any more.
    NotFoundError
        The case is not open to the person who acts, or the agency was not asked.
    """
    with context.writing("chase agency", once=(reference, agency, how)) as work:
        involvement = open_case(work, context.acting, reference, May.CHASE)
        returns = work.answers.of(involvement.reference, agency)
        if returns is None:
            raise NotFoundError(
                "request", f"{involvement.reference} to {agency}", instead="this agency was not asked"
            )
        released = returns.released()
        if released is not None and not isinstance(released.answer, Failed):
            raise InvalidInputError("agency", f"'{agency}' has responded; there is nothing to chase")
        if not involvement.agencies_may_be_asked:
            raise InvalidInputError(
                "reference",
                f"{involvement.reference} is '{involvement.state.value}'; it is no longer awaiting a "
                "response",
            )
        done = Chase(
            involvement=involvement.reference,
            agency=agency,
            how=how,
            by=context.acting.user,
            at=context.clock.now(),
        )
        work.agencies_watched.store_chase(done)
        work.notes(agency=agency, how=how.value)
        return done


def late_answer_lines(work: Work, acting: Acting, clock: Clock, settings: Settings) -> LongLines:
    """Return for the coordinator every answer that is late or failed; for the chair those that stay late."""
    kind = CHASE if acting.role is Role.COORDINATOR else LATE_ANSWER

    def write(rows: Sequence[Waits]) -> Iterator[WorkItem]:
        cases = list(dict.fromkeys(each.case for each in rows))
        triage = {each.reference: each.triage_outcome for each in work.cases.all(cases)}
        chases = work.agencies_watched.chases(cases)
        moved = {
            (case, late.agency): late.brought_forward
            for case, there in unanswered(work, cases, states=BEING_ASKED, settings=settings).items()
            for late in there
        }
        for each in rows:
            due, has_failed = each.due or each.since, each.version == FAILED
            late = LateRequest(each.about, each.since, due, has_failed, moved.get((each.case, each.about)))
            to_chair = clock.now() > chair_at(late, triage[each.case], settings)
            yield _late_item(acting, each.case, late, chases, clock, to_chair=to_chair)

    return due_lines(kind, work, acting, clock, write=write, by_about=kind is CHASE)


def agency_items(
    work: Work, clock: Clock, settings: Settings, agencies: Sequence[AgencyKnown] = ()
) -> Iterator[WorkItem]:
    """Yield for the coordinator each agency that is suspended, misconfigured, failing or silent."""
    for problem in troubles(work, clock, settings, agencies):
        yield WorkItem(
            reference=problem.agency,
            what=f"Review the agency: {problem.trouble.value}",
            why=problem.says,
            due_at=None,
            since=problem.since,
            is_overdue=False,
            is_alarm=False,
            kind=AGENCY_ITEM,
        )


def own_answer_lines(work: Work, acting: Acting, clock: Clock, settings: Settings) -> Iterator[WorkLine]:
    """Yield for a practitioner what waits for release or for an answer, and whether they were reminded."""
    agency, now = acting.agency, clock.now()
    if agency is None:
        return
    asked = {
        *about_each(NOT_RELEASED, work, acting, clock),
        *work.answers.answered_again(acting.user, agency=agency),
    }
    found = own_requests(work, sorted(asked), agency=agency, settings=settings)
    there = {each.involvement: each for each in found}
    open_to = open_among(work, acting, {case: each.is_screened for case, each in there.items()})

    def words(references: Sequence[str]) -> Iterator[WorkItem]:
        chases = work.agencies_watched.chases(references)
        for reference in references:
            yield _own_item(there[reference], _chased(chases.get((reference, agency), ())), now)

    for case, each in there.items():
        if case in open_to and (each.failed is None or each.state in BEING_ASKED):
            late = each.is_overdue(now)
            yield line_to_write(case, _own_kind(each), words=words, due_at=each.due_at, is_overdue=late)


def _own_kind(waiting: WaitingRequest) -> str:
    return "release" if waiting.awaits_release else "answer"


def _own_item(waiting: WaitingRequest, chased: str, now: datetime) -> WorkItem:
    what, why = _RELEASE if waiting.awaits_release else _ANSWER
    if waiting.is_answered:
        why = "Your agency has prepared a newer response than the one it released."
    if waiting.failed is not None:
        why = f"Your agency's plugin could not be asked: {waiting.failed.value}."
    return WorkItem(
        reference=waiting.involvement,
        what=what,
        why=why + said_of(waiting.brought_forward) + chased,
        due_at=waiting.due_at,
        is_overdue=waiting.is_overdue(now),
        is_alarm=False,
        kind=_own_kind(waiting),
    )


_RELEASE = ("Release the response", "Your agency was asked and its response is prepared.")
_ANSWER = ("Respond by hand", "Your agency was asked and no response is prepared.")


def _late_item(
    acting: Acting,
    reference: str,
    late: LateRequest,
    chases: Chases,
    clock: Clock,
    *,
    to_chair: bool,
) -> WorkItem:
    agency = late.agency
    why = "could not be asked; this is not a nil return" if late.has_failed else "has not responded in time"
    done = chases.get((reference, agency), ())
    said = _chased(done) or (" It has not been chased." if to_chair else "")
    is_chair = acting.role is not Role.COORDINATOR
    if to_chair and not is_chair:
        said += " The chair sees it too."
    return WorkItem(
        reference=reference,
        what=f"Follow up the response of {agency}" if is_chair else f"Chase {agency}",
        why=f"The agency {why}.{said_of(late.brought_forward)}{said}",
        due_at=late.due_at,
        is_overdue=late.is_overdue(clock.now()),
        is_alarm=False,
        kind=(LATE_ANSWER if is_chair else CHASE).name,
        agency=agency,
    )


def _chased(chases: tuple[Chase, ...]) -> str:
    if not chases:
        return ""
    last = chases[-1]
    often = "once" if len(chases) == 1 else f"{len(chases)} times, last"
    return f" Chased {often} on {last.at.astimezone(LONDON):%-d %B %Y} by {last.by}, {_HOW[last.how]}."


_HOW = {
    ChasedHow.EMAIL: "by email",
    ChasedHow.TELEPHONE: "by phone",
    ChasedHow.IN_PERSON: "in person",
    ChasedHow.OTHER: "in another way",
}
