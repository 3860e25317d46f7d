"""The states of an involvement and the one table of moves between them.

An involvement is one referral's passage through the STAC. No incident and no flow reopens it: a person does,
by stepping it up with a reason. A new referral opens a new involvement, which may join the same episode.
"""

from __future__ import annotations

from enum import StrEnum

from engine.domain.errors import IllegalTransitionError


class State(StrEnum):
    """The state of an involvement; each value reads as a sentence on a worklist."""

    NOT_SCREENED = "not screened"
    ADVICE_GIVEN = "advice given"
    REDIRECTED = "redirected"
    IN_CONSULTATION = "in consultation"
    SAFEGUARDING_TODAY = "safeguarding today"
    AGENCIES_ASKED = "agencies asked"
    READY_FOR_CONFERENCE = "ready for conference"
    IN_CONFERENCE = "in conference"
    DECIDED = "decided"
    IN_DELIVERY = "plan in delivery"
    IN_FOLLOW_UP = "in follow-up"
    CLOSED = "closed"


class TriageOutcome(StrEnum):
    """A person's decision at screening."""

    ADVICE = "advice"
    CONSULTATION = "consultation"
    CONFERENCE = "conference"
    URGENT = "urgent"
    REDIRECT = "redirect"


class Act(StrEnum):
    """An act that moves an involvement, or may be refused for its state."""

    SCREEN = "screen"
    STEP_UP = "step up"
    RECORD_SAFEGUARDING = "record safeguarding"
    ASK_AGENCIES = "ask agencies"
    ANSWERS_IN = "note that the answers are in"
    OPEN_CONFERENCE = "open conference"
    DECIDE = "decide"
    START_URGENT = "start urgent safety action"
    PLAN = "plan"
    APPROVE_PLAN = "approve plan"
    END_CONSULTATION = "end consultation"
    EXIT = "exit"
    CLOSE = "close"


STATE_AFTER_TRIAGE: dict[TriageOutcome, State] = {
    TriageOutcome.ADVICE: State.ADVICE_GIVEN,
    TriageOutcome.CONSULTATION: State.IN_CONSULTATION,
    TriageOutcome.CONFERENCE: State.AGENCIES_ASKED,
    TriageOutcome.URGENT: State.SAFEGUARDING_TODAY,
    TriageOutcome.REDIRECT: State.REDIRECTED,
}

_URGENT_FROM = (
    State.IN_CONSULTATION,
    State.SAFEGUARDING_TODAY,
    State.AGENCIES_ASKED,
    State.READY_FOR_CONFERENCE,
    State.IN_CONFERENCE,
    State.DECIDED,
    State.IN_DELIVERY,
)
"""An urgent safety action starts in these states, from screening until delivery ends, and moves nothing."""

# The one table: from a state, by an act, to a state. Screening branches by its outcome (above), and a case
# may be screened again, to step it up or down, until a conference has begun.
MOVES: dict[tuple[State, Act], State] = {
    (State.SAFEGUARDING_TODAY, Act.ASK_AGENCIES): State.SAFEGUARDING_TODAY,
    (State.SAFEGUARDING_TODAY, Act.RECORD_SAFEGUARDING): State.AGENCIES_ASKED,
    (State.IN_CONSULTATION, Act.ASK_AGENCIES): State.IN_CONSULTATION,
    (State.IN_CONSULTATION, Act.END_CONSULTATION): State.CLOSED,
    (State.AGENCIES_ASKED, Act.ASK_AGENCIES): State.AGENCIES_ASKED,
    (State.AGENCIES_ASKED, Act.ANSWERS_IN): State.READY_FOR_CONFERENCE,
    (State.AGENCIES_ASKED, Act.OPEN_CONFERENCE): State.IN_CONFERENCE,
    (State.READY_FOR_CONFERENCE, Act.ASK_AGENCIES): State.READY_FOR_CONFERENCE,
    (State.READY_FOR_CONFERENCE, Act.OPEN_CONFERENCE): State.IN_CONFERENCE,
    (State.IN_CONFERENCE, Act.DECIDE): State.DECIDED,
    (State.DECIDED, Act.PLAN): State.DECIDED,
    (State.DECIDED, Act.APPROVE_PLAN): State.IN_DELIVERY,
    (State.IN_DELIVERY, Act.PLAN): State.IN_DELIVERY,
    (State.IN_DELIVERY, Act.APPROVE_PLAN): State.IN_DELIVERY,
    (State.IN_DELIVERY, Act.OPEN_CONFERENCE): State.IN_CONFERENCE,
    (State.IN_DELIVERY, Act.EXIT): State.IN_FOLLOW_UP,
    (State.DECIDED, Act.EXIT): State.IN_FOLLOW_UP,
    **{(state, Act.START_URGENT): state for state in _URGENT_FROM},
    (State.ADVICE_GIVEN, Act.CLOSE): State.CLOSED,
    (State.REDIRECTED, Act.CLOSE): State.CLOSED,
    (State.IN_FOLLOW_UP, Act.CLOSE): State.CLOSED,
    (State.ADVICE_GIVEN, Act.STEP_UP): State.AGENCIES_ASKED,
    (State.REDIRECTED, Act.STEP_UP): State.AGENCIES_ASKED,
    (State.IN_CONSULTATION, Act.STEP_UP): State.AGENCIES_ASKED,
    (State.IN_FOLLOW_UP, Act.STEP_UP): State.AGENCIES_ASKED,
    (State.CLOSED, Act.STEP_UP): State.AGENCIES_ASKED,
}

INSTEAD_OF_STEPPING_UP: dict[State, str] = {
    State.NOT_SCREENED: "Screen it first: a conference is one of the outcomes.",
    State.SAFEGUARDING_TODAY: "It is urgent: record today's safeguarding, and the conference follows.",
    State.AGENCIES_ASKED: "Agencies are asked: the chair may open the conference without waiting.",
    State.READY_FOR_CONFERENCE: "Every agency has responded: the chair opens the conference.",
    State.IN_CONFERENCE: "Its conference is open: record the decision there.",
    State.DECIDED: "The panel has decided: write the plan. An urgent safety action can start now.",
    State.IN_DELIVERY: "Its plan is in delivery: the chair opens the conference again.",
}
"""The way on for a case that cannot be stepped up, because it is before, in or after its conference."""

MAY_BE_SCREENED = frozenset(
    {
        State.NOT_SCREENED,
        State.ADVICE_GIVEN,
        State.REDIRECTED,
        State.IN_CONSULTATION,
        State.AGENCIES_ASKED,
        State.READY_FOR_CONFERENCE,
    }
)

BEING_ASKED = frozenset(
    {State.SAFEGUARDING_TODAY, State.IN_CONSULTATION, State.AGENCIES_ASKED, State.READY_FOR_CONFERENCE}
)
"""States in which agencies may be asked, and so in which what they released may be shown."""

IS_OPEN = BEING_ASKED | {State.IN_CONFERENCE, State.DECIDED, State.IN_DELIVERY, State.IN_FOLLOW_UP}
"""States of an involvement about which agencies were asked and that has not ended."""


def allowed_acts(state: State) -> tuple[Act, ...]:
    """Return every act that the state allows, in the order of the pathway."""
    from_table = {act for (origin, act) in MOVES if origin is state}
    if state in MAY_BE_SCREENED:
        from_table.add(Act.SCREEN)
    return tuple(act for act in Act if act in from_table)


def state_after(reference: str, state: State, act: Act, triage: TriageOutcome | None = None) -> State:
    """Return the state that an act leads to. Raises IllegalTransitionError, which says what is allowed.

    ``triage`` is needed for, and only for, ``Act.SCREEN``. A refusal to step up says what to do instead.
    """
    if act is Act.SCREEN and triage is not None and state in MAY_BE_SCREENED:
        return STATE_AFTER_TRIAGE[triage]
    if (state, act) not in MOVES:
        instead = INSTEAD_OF_STEPPING_UP[state] if act is Act.STEP_UP else None
        raise IllegalTransitionError(
            reference, state.value, act.value, [a.value for a in allowed_acts(state)], instead=instead
        )
    return MOVES[state, act]
