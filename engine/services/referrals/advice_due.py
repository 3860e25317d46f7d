"""Kinds of what waits about advice, and their lines: not sent, contact not confirmed, slip overdue,
slip to read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from engine.clock import Clock
from engine.domain.accounts.acting import Acting, Role
from engine.domain.cases.due import Waits, of_role
from engine.domain.cases.lifecycle import State
from engine.domain.cases.worklists import LongLines, WorkItem, waits_since
from engine.domain.referrals.advice import (
    Advice,
    SlipAnswer,
    SlipQuestion,
    chair_asked_from,
    contact_asked_from,
    contact_due,
    slip_due,
)
from engine.services.due.kinds import DueGiven, DueKind
from engine.services.due.lines import due_lines
from engine.store.unit_of_work import Work

_READS = frozenset(
    {"involvement", "episode", "screening", "restriction", "advice_sent", "advice_slip", "advice_closed"}
)


def not_sent(work: Work, cases: Sequence[str], given: DueGiven) -> Iterator[Waits]:
    """Yield each advice that no person has recorded as sent, for coordinators."""
    there = {case: each for case, each in _in_hand(work, cases, given).items() if not each.sent}
    restricted = given.restricted(work, there)
    for case, advice in there.items():
        for reader in _readers(case in restricted):
            yield _row(advice, reader, since=advice.made_at)


def contact_not_confirmed(work: Work, cases: Sequence[str], given: DueGiven) -> Iterator[Waits]:
    """Yield each advice without an answer on contact with the victim, from the next working day on."""
    there = {
        case: each
        for case, each in _in_hand(work, cases, given).items()
        if SlipQuestion.CONTACTED not in each.answers
    }
    restricted = given.restricted(work, there)
    for case, advice in there.items():
        if (day := advice.sent_on) is not None:
            starts, due = contact_asked_from(day), contact_due(day)
            for reader in _readers(case in restricted):
                yield _row(advice, reader, since=_first_sent(advice), due=due, starts=starts)


def slip_overdue(work: Work, cases: Sequence[str], given: DueGiven) -> Iterator[Waits]:
    """Yield each advice whose slip is not whole: for coordinators once it is due, for the chair later.

    Most coordinators do not know of a restricted case: the chair has its line once it is due.
    """
    there = {case: each for case, each in _in_hand(work, cases, given).items() if each.missing}
    restricted = given.restricted(work, there)
    for case, advice in there.items():
        if (day := advice.sent_on) is not None:
            due = slip_due(day)
            for_chair = due if case in restricted else chair_asked_from(day)
            for reader, starts in ((Role.COORDINATOR, due), (Role.CHAIR, for_chair)):
                yield _row(advice, reader, since=_first_sent(advice), due=due, starts=starts)


def slip_to_read(work: Work, cases: Sequence[str], given: DueGiven) -> Iterator[Waits]:
    """Yield each advice with a whole slip, or with a "no" on contact with the victim, for coordinators.

    A "no" ends the clock of its question, so a person reads it until the advice is closed or the answer is
    yes.
    """
    there = {
        case: each
        for case, each in _in_hand(work, cases, given).items()
        if each.slip and (not each.missing or _is_not_contacted(each))
    }
    restricted = given.restricted(work, there)
    for case, advice in there.items():
        answers = advice.answers
        asked = answers.values() if not advice.missing else (answers[SlipQuestion.CONTACTED],)
        for reader in _readers(case in restricted):
            yield _row(advice, reader, since=max(each.at for each in asked))


def advice_lines(work: Work, acting: Acting, clock: Clock) -> Iterator[LongLines]:
    """Yield for a coordinator or the chair what waits about advice."""
    today = clock.today()

    def unsent(rows: Sequence[Waits]) -> Iterator[WorkItem]:
        for each in rows:
            why = f"{waits_since(each.since, on=today)} Record how it was sent, and who has it."
            yield _item(each, "Send the advice", why, NOT_SENT, clock)

    def unconfirmed(rows: Sequence[Waits]) -> Iterator[WorkItem]:
        there = work.advice.newest([each.case for each in rows])
        for each in rows:
            why = f"{_sent(there.get(each.case))} No answer on this is recorded."
            yield _item(each, "Confirm that the victim was contacted safely", why, CONTACT, clock)

    def overdue(rows: Sequence[Waits]) -> Iterator[WorkItem]:
        there = work.advice.newest([each.case for each in rows])
        for each in rows:
            advice = there.get(each.case)
            why = f"{_sent(advice)} {_missing(advice)}"
            yield _item(each, "Ask for the slip of the advice", why, SLIP, clock)

    def to_read(rows: Sequence[Waits]) -> Iterator[WorkItem]:
        there = work.advice.newest([each.case for each in rows])
        for each in rows:
            yield _item(each, *_as_read(there.get(each.case)), TO_READ, clock)

    yield due_lines(CONTACT, work, acting, clock, write=unconfirmed)
    yield due_lines(SLIP, work, acting, clock, write=overdue)
    yield due_lines(TO_READ, work, acting, clock, write=to_read)
    yield due_lines(NOT_SENT, work, acting, clock, write=unsent)


def _in_hand(work: Work, cases: Sequence[str], given: DueGiven) -> Mapping[str, Advice]:
    states = given.states(work, cases)
    advised = [case for case in cases if states[case][0] is State.ADVICE_GIVEN]
    if not advised:
        return {}
    there = given.once("advice", advised, work.advice.newest)
    return {case: each for case, each in there.items() if each.closed is None}


def _readers(is_restricted: bool) -> tuple[Role, ...]:
    return (Role.COORDINATOR, Role.CHAIR) if is_restricted else (Role.COORDINATOR,)


def _first_sent(advice: Advice) -> datetime:
    return min(each.at for each in advice.sent)


def _row(
    advice: Advice,
    reader: Role,
    *,
    since: datetime,
    due: datetime | None = None,
    starts: datetime | None = None,
) -> Waits:
    return Waits(
        case=advice.reference,
        about=advice.reference,
        whom=of_role(reader),
        since=since,
        due=due,
        starts=starts,
        version=str(advice.version),
    )


def _sent(advice: Advice | None) -> str:
    day = advice.sent_on if advice else None
    return f"The advice was sent on {day:%-d %B %Y}." if day else "The advice was sent."


def _missing(advice: Advice | None) -> str:
    missing = advice.missing if advice else tuple(SlipQuestion)
    return f"No answer to: {', '.join(each.value for each in missing)}."


def _is_not_contacted(advice: Advice) -> bool:
    contacted = advice.answers.get(SlipQuestion.CONTACTED)
    return contacted is not None and contacted.answer is SlipAnswer.NO


def _as_read(advice: Advice | None) -> tuple[str, str]:
    """Return what is to be done about the answers, and why; reasons are read on the case."""
    if advice is None:
        return "Read the slip of the advice", "It came back."
    refused = [question.value for question, each in advice.answers.items() if each.answer is SlipAnswer.NO]
    answers = f"No to: {', '.join(refused)}." if refused else "Yes to each question."
    if _is_not_contacted(advice):
        return "Decide what follows: the victim was not contacted safely", answers
    return "Read the slip and close the advice", answers


def _item(each: Waits, what: str, why: str, kind: DueKind, clock: Clock) -> WorkItem:
    return WorkItem(
        reference=each.case,
        what=what,
        why=why,
        due_at=each.due,
        since=each.since,
        is_overdue=each.due is not None and each.due < clock.now(),
        is_alarm=False,
        kind=kind.name,
    )


NOT_SENT = DueKind("advice not sent", reads=_READS, of=not_sent)
CONTACT = DueKind("advice contact", reads=_READS, of=contact_not_confirmed)
SLIP = DueKind("advice slip", reads=_READS, of=slip_overdue)
TO_READ = DueKind("advice slip to read", reads=_READS, of=slip_to_read)
