"""Responses that are late or failed: for coordinators at once, for the chair once they stay late."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from engine.domain.accounts.acting import Role
from engine.domain.cases.due import CHASE as TO_CHASE
from engine.domain.cases.due import Waits, of_agency, of_role
from engine.domain.cases.involvement import LateRequest
from engine.domain.cases.lifecycle import BEING_ASKED, TriageOutcome
from engine.services.due.kinds import DueGiven, DueKind
from engine.services.responses.deadlines import goes_to_chair_at
from engine.services.responses.due_dates import READS, unanswered
from engine.settings import Settings
from engine.store.unit_of_work import Work

FAILED = "failed"
"""The version of a row of a response that failed, with none prepared since."""
_READS = READS | {"move", "request", "answer"}


def to_chase(work: Work, cases: Sequence[str], given: DueGiven) -> Iterator[Waits]:
    """Yield each request without a good answer on cases that are asked about: from when it is late."""
    for case, waiting in _unanswered(work, cases, given).items():
        for each in waiting:
            yield Waits(
                case=case,
                about=each.agency,
                whom=of_role(Role.COORDINATOR),
                since=each.asked_at,
                starts=None if each.has_failed else _after(each.due_at),
                due=each.due_at,
                version=FAILED if each.has_failed else "",
            )


def late_for_chair(work: Work, cases: Sequence[str], given: DueGiven) -> Iterator[Waits]:
    """Yield the same for the chair, from when they stay late."""
    there = _unanswered(work, cases, given)
    for case in work.cases.all(there) if there else ():
        for each in there[case.reference]:
            yield Waits(
                case=case.reference,
                about=each.agency,
                whom=of_role(Role.CHAIR),
                since=each.asked_at,
                starts=_after(chair_at(each, case.triage_outcome, given.settings)),
                due=each.due_at,
                version=FAILED if each.has_failed else "",
            )


def not_released(work: Work, cases: Sequence[str], given: DueGiven) -> Iterator[Waits]:
    """Yield each request that the agency has released no good answer to, of whatever case, for its people.

    No row depends on whether one is prepared: only the agency knows that.
    """
    for each in work.answers.not_released(cases):
        yield Waits(
            case=each.case,
            about=each.agency,
            whom=of_agency(each.agency),
            since=each.asked_at,
            due=each.due_at,
        )


def _unanswered(work: Work, cases: Sequence[str], given: DueGiven) -> dict[str, list[LateRequest]]:
    there = given.added.with_any("request", cases)
    return unanswered(work, there, states=BEING_ASKED, settings=given.settings, given=given)


def chair_at(late: LateRequest, triage: TriageOutcome | None, settings: Settings) -> datetime:
    """Return when the last time is over after which a late response is on the chair's worklist too."""
    return max(late.due_at, goes_to_chair_at(late.due_at, triage or TriageOutcome.CONFERENCE, settings))


def _after(at: datetime) -> datetime:
    return at + datetime.resolution


CHASE = DueKind(
    TO_CHASE,
    reads=_READS,
    of=to_chase,
    given=lambda given: given.settings.answers_due_after_alarm_working_days,
    with_episodes=True,  # a restriction is of the whole case, and decides who may know of an alarm
    version=2,
)
NOT_RELEASED = DueKind("answer not released", reads=frozenset({"request", "answer"}), of=not_released)
LATE_ANSWER = DueKind(
    "late answer",
    reads=_READS,
    of=late_for_chair,
    given=lambda given: {
        "after alarm": given.settings.answers_due_after_alarm_working_days,
        **{triage.value: days for triage, days in given.settings.late_answers_to_chair_working_days.items()},
    },
    with_episodes=True,
    version=2,
)
