"""The one table of moves: an allowed move leads where it says, any other is refused with what is allowed."""

from __future__ import annotations

import itertools

import pytest

from engine.domain.errors import IllegalTransitionError
from engine.domain.lifecycle import (
    MAY_BE_SCREENED,
    MOVES,
    STATE_AFTER_TRIAGE,
    Act,
    State,
    TriageOutcome,
    allowed_acts,
    state_after,
)


@pytest.mark.parametrize(
    ("origin", "act"), list(itertools.product(State, [a for a in Act if a is not Act.SCREEN]))
)
def test_a_move_is_in_the_table_or_is_refused_with_what_is_allowed(origin: State, act: Act) -> None:
    if (origin, act) in MOVES:
        assert state_after("R-1", origin, act) is MOVES[origin, act]
        return
    with pytest.raises(IllegalTransitionError) as refused:
        state_after("R-1", origin, act)
    assert f"'{origin.value}'" in str(refused.value)
    for allowed in allowed_acts(origin):
        assert allowed.value in str(refused.value)


@pytest.mark.parametrize(("origin", "outcome"), list(itertools.product(State, TriageOutcome)))
def test_screening_leads_where_its_outcome_says_and_ends_with_the_conference(
    origin: State, outcome: TriageOutcome
) -> None:
    if origin in MAY_BE_SCREENED:
        assert state_after("R-1", origin, Act.SCREEN, outcome) is STATE_AFTER_TRIAGE[outcome]
    else:
        with pytest.raises(IllegalTransitionError):
            state_after("R-1", origin, Act.SCREEN, outcome)


def test_every_state_can_be_reached_and_only_the_last_ones_end() -> None:
    reached = {State.NOT_SCREENED, *STATE_AFTER_TRIAGE.values(), *MOVES.values()}
    assert reached == set(State)
    assert [state for state in State if not allowed_acts(state)] == [State.CLOSED]


def test_an_urgent_referral_has_no_way_to_a_conference_but_through_safeguarding() -> None:
    assert (State.SAFEGUARDING_TODAY, Act.OPEN_CONFERENCE) not in MOVES
    assert MOVES[State.SAFEGUARDING_TODAY, Act.RECORD_SAFEGUARDING] is State.AGENCIES_ASKED
