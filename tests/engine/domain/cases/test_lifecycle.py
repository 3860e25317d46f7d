"""The moves of an involvement, written out by hand from the pathway: each legal one, and every other refused.

Nothing here is read from the table under test: a move that is added to it or lost from it fails by name.
"""

from __future__ import annotations

import itertools

import pytest

from engine.domain.cases.lifecycle import (
    BEING_ASKED,
    INSTEAD_OF_STEPPING_UP,
    IS_OPEN,
    Act,
    State,
    TriageOutcome,
    allowed_acts,
    state_after,
)
from engine.domain.errors import IllegalTransitionError

LEGAL = """
not screened          screen: advice            advice given
not screened          screen: consultation      in consultation
not screened          screen: conference        agencies asked
not screened          screen: urgent            safeguarding today
not screened          screen: redirect          redirected
advice given          screen: advice            advice given
advice given          screen: consultation      in consultation
advice given          screen: conference        agencies asked
advice given          screen: urgent            safeguarding today
advice given          screen: redirect          redirected
advice given          close                     closed
redirected            screen: advice            advice given
redirected            screen: consultation      in consultation
redirected            screen: conference        agencies asked
redirected            screen: urgent            safeguarding today
redirected            screen: redirect          redirected
redirected            close                     closed
in consultation       screen: advice            advice given
in consultation       screen: consultation      in consultation
in consultation       screen: conference        agencies asked
in consultation       screen: urgent            safeguarding today
in consultation       screen: redirect          redirected
in consultation       ask agencies              in consultation
in consultation       end consultation          closed
safeguarding today    record safeguarding       agencies asked
safeguarding today    ask agencies              safeguarding today
agencies asked        screen: advice            advice given
agencies asked        screen: consultation      in consultation
agencies asked        screen: conference        agencies asked
agencies asked        screen: urgent            safeguarding today
agencies asked        screen: redirect          redirected
agencies asked        ask agencies              agencies asked
agencies asked        note that the answers are in   ready for conference
agencies asked        open conference           in conference
ready for conference  screen: advice            advice given
ready for conference  screen: consultation      in consultation
ready for conference  screen: conference        agencies asked
ready for conference  screen: urgent            safeguarding today
ready for conference  screen: redirect          redirected
ready for conference  ask agencies              ready for conference
ready for conference  open conference           in conference
in conference         decide                    decided
decided               plan                      decided
decided               approve plan              plan in delivery
decided               exit                      in follow-up
plan in delivery      plan                      plan in delivery
plan in delivery      approve plan              plan in delivery
plan in delivery      open conference           in conference
plan in delivery      exit                      in follow-up
in follow-up          close                     closed
advice given          step up                   agencies asked
redirected            step up                   agencies asked
in consultation       step up                   agencies asked
in follow-up          step up                   agencies asked
closed                step up                   agencies asked
in consultation       start urgent safety action   in consultation
safeguarding today    start urgent safety action   safeguarding today
agencies asked        start urgent safety action   agencies asked
ready for conference  start urgent safety action   ready for conference
in conference         start urgent safety action   in conference
decided               start urgent safety action   decided
plan in delivery      start urgent safety action   plan in delivery
"""
"""State, act (with the outcome of a screening), state after it. Columns are two or more spaces apart."""


def _written_out() -> dict[tuple[str, str], str]:
    moves = {}
    for line in LEGAL.strip().splitlines():
        origin, act, after = (cell.strip() for cell in line.split("  ") if cell.strip())
        moves[origin, act] = after
    return moves


WRITTEN_OUT = _written_out()
ACTS = [act.value for act in Act if act is not Act.SCREEN] + [f"screen: {o.value}" for o in TriageOutcome]


def _made(origin: str, act: str) -> State:
    if act.startswith("screen: "):
        return state_after("R-1", State(origin), Act.SCREEN, TriageOutcome(act.removeprefix("screen: ")))
    return state_after("R-1", State(origin), Act(act))


@pytest.mark.parametrize(("origin", "act"), list(WRITTEN_OUT))
def test_a_legal_move_leads_where_the_pathway_says(origin: str, act: str) -> None:
    assert _made(origin, act) == State(WRITTEN_OUT[origin, act])


@pytest.mark.parametrize(
    ("origin", "act"),
    [move for move in itertools.product([s.value for s in State], ACTS) if move not in WRITTEN_OUT],
)
def test_every_other_move_is_refused_with_what_is_allowed(origin: str, act: str) -> None:
    with pytest.raises(IllegalTransitionError) as refused:
        _made(origin, act)
    assert f"'{origin}'" in str(refused.value)
    for legal_origin, legal in WRITTEN_OUT:
        if legal_origin == origin:
            assert legal.partition(":")[0] in str(refused.value)


@pytest.mark.parametrize("state", list(State))
def test_the_acts_offered_are_the_legal_ones_in_the_order_of_the_pathway(state: State) -> None:
    legal = {act.partition(":")[0] for origin, act in WRITTEN_OUT if origin == state.value}
    assert [act.value for act in allowed_acts(state)] == [act.value for act in Act if act.value in legal]


def test_screening_says_which_outcome_it_has() -> None:
    with pytest.raises(IllegalTransitionError, match=r"R-1 .*'not screened'.*\bscreen"):
        state_after("R-1", State.NOT_SCREENED, Act.SCREEN)


def test_a_refusal_names_the_involvement_its_state_and_the_act() -> None:
    with pytest.raises(IllegalTransitionError) as refused:
        state_after("R-7K3M9QV", State.CLOSED, Act.OPEN_CONFERENCE)
    for part in ("R-7K3M9QV", "'closed'", "its conference cannot be opened"):
        assert part in str(refused.value)


@pytest.mark.parametrize(
    ("state", "instead"),
    [
        (State.NOT_SCREENED, "Screen it first"),
        (State.SAFEGUARDING_TODAY, "record today's safeguarding"),
        (State.AGENCIES_ASKED, "the chair may open the conference without waiting"),
        (State.READY_FOR_CONFERENCE, "the chair opens the conference."),
        (State.IN_CONFERENCE, "record the decision"),
        (State.DECIDED, "write the plan"),
        (State.IN_DELIVERY, "the chair opens the conference again"),
    ],
)
def test_a_case_that_cannot_be_stepped_up_says_what_to_do_instead(state: State, instead: str) -> None:
    with pytest.raises(IllegalTransitionError, match=f"it cannot be stepped up; allowed now: .*{instead}"):
        state_after("R-1", state, Act.STEP_UP)
    with pytest.raises(IllegalTransitionError) as other:
        state_after("R-1", state, Act.CLOSE)
    assert instead not in str(other.value)


def test_each_state_either_can_be_stepped_up_or_says_what_to_do_instead() -> None:
    steps_up = {state for state in State if Act.STEP_UP in allowed_acts(state)}
    assert steps_up.isdisjoint(INSTEAD_OF_STEPPING_UP)
    assert steps_up | set(INSTEAD_OF_STEPPING_UP) == set(State)


def test_every_state_can_be_reached_and_a_closed_case_only_reopens_by_a_persons_step_up() -> None:
    assert {"not screened", *WRITTEN_OUT.values()} == {state.value for state in State}
    assert [state for state in State if not allowed_acts(state)] == []
    assert allowed_acts(State.CLOSED) == (Act.STEP_UP,)


def test_what_agencies_released_may_be_shown_from_the_first_request_until_the_case_is_closed() -> None:
    assert {state.value for state in BEING_ASKED} == {
        "safeguarding today",
        "in consultation",
        "agencies asked",
        "ready for conference",
    }
    assert {state.value for state in IS_OPEN} == {
        "safeguarding today",
        "in consultation",
        "agencies asked",
        "ready for conference",
        "in conference",
        "decided",
        "plan in delivery",
        "in follow-up",
    }


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("act", Act)
def test_each_refusal_names_the_act_in_words_and_a_way_on(state: State, act: Act) -> None:
    if act in allowed_acts(state):
        return
    with pytest.raises(IllegalTransitionError) as refused:
        state_after("R-7K3M9QV", state, act)
    sentence = str(refused.value)
    assert sentence.startswith(f"involvement R-7K3M9QV is '{state.value}', so ")
    assert f"'{act.value}'" not in sentence
    assert "is possible" not in sentence, "an act without words of its own"
    assert sentence.split("allowed now: ", 1)[1]
