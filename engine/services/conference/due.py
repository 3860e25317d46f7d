"""The task of the chair on each case, by its state."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from engine.domain.accounts.acting import Role
from engine.domain.cases.due import Waits, of_role
from engine.domain.cases.lifecycle import Act, State
from engine.domain.conference.deadlines import open_by
from engine.domain.working_days import EndOfWorkingDay
from engine.services.due.kinds import DueGiven, DueKind
from engine.store.unit_of_work import Work

_ASKS = {
    State.SAFEGUARDING_TODAY: Act.RECORD_SAFEGUARDING,
    State.AGENCIES_ASKED: Act.OPEN_CONFERENCE,
    State.READY_FOR_CONFERENCE: Act.OPEN_CONFERENCE,
    State.IN_CONFERENCE: Act.DECIDE,
    State.DECIDED: Act.PLAN,
}
"""The act that a case in each state asks of the chair."""


def about(case: str, act: Act) -> str:
    """Return what a row is about."""
    return f"{case} {act.value}"


def waits_for_chair(work: Work, cases: Sequence[str], given: DueGiven) -> Iterator[Waits]:
    """Yield what each case asks of the chair, from the moment when it came into its state.

    While agencies are asked, the conference can wait for their responses until its due date and no longer:
    one that is silent, fails or has no staff holds no case back. A plan that asks for approval has a line of
    its own.
    """
    states = given.states(work, cases)
    there = {case: states[case] for case in cases if states[case][0] in _ASKS}
    if not there:
        return
    entered = work.case_clocks.entered_state_at(there)
    asks_approval = _asks_approval(work, {state for state, _ in there.values()})
    due = _due(work, there, entered, given)
    for case, (state, received_at) in there.items():
        if case in asks_approval or (state is State.AGENCIES_ASKED and due[case] is None):
            continue
        yield Waits(
            case=case,
            about=about(case, _ASKS[state]),
            whom=of_role(Role.CHAIR),
            since=entered.get(case, received_at),
            due=due[case],
            starts=due[case] if state is State.AGENCIES_ASKED else None,
            version=state.value,
        )


def _asks_approval(work: Work, states: set[State]) -> frozenset[str]:
    return frozenset(work.plans.asking_approval()) if State.DECIDED in states else frozenset()


def _due(
    work: Work,
    there: dict[str, tuple[State, datetime]],
    entered: dict[str, datetime],
    given: DueGiven,
) -> dict[str, datetime | None]:
    """Return when each of these is due: today's safeguarding on its day, the conference by its outcome."""
    before = [case for case, (state, _) in there.items() if _ASKS[state] is Act.OPEN_CONFERENCE]
    screenings = work.case_clocks.screenings(before) if before else {}
    working_days = given.settings.conference.open_within_working_days.working_days
    found: dict[str, datetime | None] = dict.fromkeys(there)
    found |= {case: open_by(screenings.get(case, ()), working_days) for case in before}
    for case, (state, received_at) in there.items():
        if state is State.SAFEGUARDING_TODAY:
            found[case] = EndOfWorkingDay().due(entered.get(case, received_at), 0)
    return found


CHAIR = DueKind(
    "chair",
    reads=frozenset({"involvement", "move", "plan", "plan_approval"}),
    of=waits_for_chair,
    given=lambda given: given.settings.conference.open_within_working_days.model_dump(),
)
