"""Lines of lists of cases, as one viewer sees them."""

from __future__ import annotations

from engine.domain.base import Frozen, Instant
from engine.domain.cases.lifecycle import State, TriageOutcome
from engine.domain.cases.views import AgencyAnswerView, AlarmView, HeldBack, OutcomeView
from engine.domain.people.persons import ClaimStatus


class ResponsesRow(Frozen):
    """The status of each agency's response on one involvement, without content."""

    reference: str
    state: State
    answers: tuple[AgencyAnswerView, ...]


class CaseRow(Frozen):
    """One line of a list of involvements."""

    reference: str
    episode: str
    state: State
    triage_outcome: TriageOutcome | None
    warning: str | None
    received_at: Instant
    age_hours: float
    alarms: AlarmView
    perpetrator: str
    perpetrator_status: ClaimStatus
    victim: str
    victim_status: ClaimStatus
    answers: tuple[AgencyAnswerView, ...]
    decision: str | None
    decided_at: Instant | None
    plan: str | None
    open_actions: int
    overdue_actions: int
    orders: str
    outcomes: tuple[OutcomeView, ...]
    withheld: tuple[HeldBack, ...]


class CasePage(Frozen):
    """Some lines of a list, and how many lines the whole list has for this viewer."""

    rows: tuple[CaseRow, ...]
    total: int
    first: int
