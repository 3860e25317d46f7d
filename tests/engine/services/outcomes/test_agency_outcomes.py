"""Asking agencies for outcomes: each releases its own, and silence never reads as "none found"."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from engine.domain.accounts.acting import Acting, Role
from engine.domain.errors import ConflictError, InvalidInputError, NotFoundError, NotPermittedError
from engine.domain.outcomes.agency_outcomes import OutcomesResult
from engine.domain.outcomes.follow_up import Measure, OutcomeFound
from engine.services.cases import views as case_views
from engine.services.conference import decisions
from engine.services.outcomes.agency_outcomes import (
    AgencyReturn,
    ask_outcomes,
    outcome_returns,
    release_outcomes,
    request_outcomes,
    returns_in_words,
)
from engine.services.outcomes.observed import observed_cases
from tests.builders import Desk, a_contribution, a_decision, ask_all, let_answer, with_toys
from tests.engine.services.cases.test_pathway import screened
from tests.prepared import prepared

ACT = {"measure": "recorded crime", "happened": "2026-04-01", "against": "same victim", "offence": "195/94"}
FOUND = {"searched": ["recorded crime", "proven reoffending"], "acts": [ACT]}


def let_find(desk: Desk, code: str, given: dict[str, object]) -> None:
    folder = desk.runtime.settings.home / "agencies" / code
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "outcomes.json").write_text(json.dumps(given))


@pytest.fixture
def workers(desk: Desk) -> dict[str, Acting]:
    there = with_toys(desk)
    for code in ("harbour", "lantern", "voice"):
        let_answer(desk, code, a_contribution("Two reports were held."))
    return there


@pytest.fixture
def case(desk: Desk, workers: dict[str, Acting]) -> str:
    return prepared(desk, _two_months_later)


def _two_months_later(desk: Desk) -> str:
    reference = screened(desk)
    ask_all(desk, reference)
    decisions.open_conference(desk.context(desk.chair), reference=reference)
    decisions.decide(desk.context(desk.chair), reference=reference, decision=a_decision())
    desk.clock.forward(timedelta(days=60))
    return reference


def asked(desk: Desk, case: str) -> dict[str, OutcomesResult]:
    return ask_outcomes(desk.context(desk.coordinator), reference=case)


def shown(desk: Desk, case: str, acting: Acting | None = None) -> dict[str, AgencyReturn]:
    found = outcome_returns(desk.context(acting or desk.coordinator), reference=case)
    return {each.agency: each for each in found}


def recorded(desk: Desk, case: str) -> list[tuple[Measure, OutcomeFound, str | None]]:
    view = case_views.view_case(desk.context(desk.coordinator), reference=case)
    return [(each.measure, each.found, each.agency) for each in view.outcomes]


FURTHER = (Measure.RECORDED, OutcomeFound.FURTHER_STALKING)
NONE = (Measure.PROVEN, OutcomeFound.NONE_FOUND)


def test_plain_facts_are_recorded_at_once_and_asking_again_adds_nothing(desk: Desk, case: str) -> None:
    let_find(desk, "harbour", FOUND)
    assert asked(desk, case)["harbour"] is OutcomesResult.FOUND
    assert recorded(desk, case) == [(*FURTHER, "harbour"), (*NONE, "harbour")]
    asked(desk, case)
    # the search for recorded crime found nothing new, and its end is on record
    searched_again = (Measure.RECORDED, OutcomeFound.NONE_FOUND, "harbour")
    assert recorded(desk, case) == [(*FURTHER, "harbour"), (*NONE, "harbour"), searched_again]
    asked(desk, case)
    assert len(recorded(desk, case)) == 3
    (observed,) = observed_cases(desk.context(desk.coordinator)).cases
    (act,) = observed.measures[Measure.RECORDED].acts
    assert act.harm == 10
    assert observed.measures[Measure.RECORDED].looked_until == 60
    assert observed.measures[Measure.REPORTED].looked_until is None


def test_what_waits_is_shown_to_its_own_people_only_until_it_is_released(
    desk: Desk, case: str, workers: dict[str, Acting]
) -> None:
    let_find(desk, "lantern", FOUND)
    asked(desk, case)
    assert recorded(desk, case) == []
    others = shown(desk, case)["lantern"]
    assert (others.status, others.acts, others.may_release) == ("responded: ask this agency", (), False)
    own = shown(desk, case, workers["lantern"])["lantern"]
    assert (own.status, len(own.acts), own.may_release) == ("waits for your release", 1, True)
    with pytest.raises(NotPermittedError):
        release_outcomes(desk.context(workers["harbour"]), reference=case, agency="lantern", seen_at=own.at)
    desk.clock.forward(timedelta(minutes=1))
    asked(desk, case)
    lantern = desk.context(workers["lantern"])
    with pytest.raises(ConflictError):
        release_outcomes(lantern, reference=case, agency="lantern", seen_at=own.at)
    now = shown(desk, case, workers["lantern"])["lantern"]
    assert release_outcomes(lantern, reference=case, agency="lantern", seen_at=now.at) == 2
    assert recorded(desk, case) == [(*FURTHER, "lantern"), (*NONE, "lantern")]
    assert shown(desk, case)["lantern"].status == "recorded on the case"
    with pytest.raises(NotFoundError):
        release_outcomes(lantern, reference=case, agency="lantern", seen_at=now.at)


def test_what_is_withheld_stays_withheld_while_it_is_the_same(
    desk: Desk, case: str, workers: dict[str, Acting]
) -> None:
    let_find(desk, "lantern", FOUND)
    asked(desk, case)
    waiting = shown(desk, case, workers["lantern"])["lantern"]
    lantern = desk.context(workers["lantern"])
    release_outcomes(lantern, reference=case, agency="lantern", seen_at=waiting.at, withhold=True)
    asked(desk, case)
    assert not shown(desk, case, workers["lantern"])["lantern"].may_release
    let_find(desk, "lantern", {**FOUND, "acts": [ACT, {**ACT, "happened": "2026-04-09"}]})
    asked(desk, case)
    assert shown(desk, case, workers["lantern"])["lantern"].may_release
    assert recorded(desk, case) == []


def test_each_silence_has_its_own_name_and_records_nothing(
    desk: Desk, case: str, workers: dict[str, Acting]
) -> None:
    let_find(desk, "lantern", {"raise": True})
    results = asked(desk, case)
    assert results == {
        "harbour": OutcomesResult.NIL,
        "lantern": OutcomesResult.FAILED,
        "voice": OutcomesResult.NO_HOOK,
    }
    let_find(desk, "harbour", {"refuse": True})
    let_find(desk, "lantern", {"is_certain": False})
    results = asked(desk, case)
    assert (results["harbour"], results["lantern"]) == (OutcomesResult.REFUSED, OutcomesResult.UNCERTAIN)
    assert recorded(desk, case) == []
    release_outcomes(
        desk.context(workers["lantern"]),
        reference=case,
        agency="lantern",
        seen_at=shown(desk, case, workers["lantern"])["lantern"].at,
    )
    text = " ".join(returns_in_words(outcome_returns(desk.context(desk.coordinator), reference=case)))
    assert "not certain which record is the person's" in text
    assert "Harbour Office: refused (duty of confidence outweighs)" in text
    assert "Mustnotshow" not in text


@pytest.mark.parametrize("given", [None, {"refuse": True}, {"is_certain": False}])
def test_that_a_person_is_not_on_record_or_that_an_agency_refuses_waits_for_its_release_too(
    desk: Desk, case: str, workers: dict[str, Acting], given: dict[str, object] | None
) -> None:
    if given is not None:
        let_find(desk, "lantern", given)
    asked(desk, case)
    others = shown(desk, case)["lantern"]
    assert (others.result, others.status, others.reason) == (None, "responded: ask this agency", None)
    own = shown(desk, case, workers["lantern"])["lantern"]
    assert own.result is not None
    assert (own.may_release, own.status) == (True, f"{own.result.value}; waits for your release")
    lantern = desk.context(workers["lantern"])
    release_outcomes(lantern, reference=case, agency="lantern", seen_at=own.at, withhold=True)
    asked(desk, case)
    assert shown(desk, case)["lantern"].status == "responded: ask this agency"
    assert shown(desk, case, workers["lantern"])["lantern"].status.endswith("; withheld by your agency")


@pytest.mark.parametrize(
    "broken",
    [
        {"searched": [], "acts": [ACT]},
        {"is_certain": False, "unplaced": 1},
        {"custody": [{"since": "2026-04-02", "until": "2026-04-01"}]},
        {"acts": [{**ACT, "offence": "SW1A 1AA"}]},
        {**FOUND, "acts": [{**ACT, "proved": "2026-04-02"}]},
        {**FOUND, "acts": [{**ACT, "measure": "proven reoffending", "proved": "2026-03-31"}]},
        {**FOUND, "acts": [{**ACT, "offence": None, "offence_row": "1.2"}]},
        {**FOUND, "acts": [{**ACT, "offence_row": "ABCD.123.123.1"}]},
    ],
)
def test_an_answer_that_breaks_the_contract_is_a_failure(
    desk: Desk, case: str, broken: dict[str, object]
) -> None:
    let_find(desk, "harbour", broken)
    assert asked(desk, case)["harbour"] is OutcomesResult.FAILED
    assert recorded(desk, case) == []


def test_while_an_act_is_not_placed_none_found_is_not_claimed(desk: Desk, case: str) -> None:
    let_find(desk, "harbour", {**FOUND, "unplaced": 2})
    asked(desk, case)
    assert recorded(desk, case) == [(*FURTHER, "harbour")]
    let_find(desk, "harbour", {"searched": ["proven reoffending"], "unplaced": 1})
    asked(desk, case)
    assert recorded(desk, case) == [(*FURTHER, "harbour")]


def test_an_act_outside_the_dates_is_left_out_and_counted(desk: Desk, case: str) -> None:
    let_find(desk, "harbour", {**FOUND, "acts": [{**ACT, "happened": "2020-01-01"}]})
    asked(desk, case)
    assert recorded(desk, case) == []
    assert shown(desk, case)["harbour"].unplaced == 1


def test_an_offence_with_several_scores_or_none_has_no_score_and_is_recorded(desk: Desk, case: str) -> None:
    let_find(desk, "harbour", {**FOUND, "acts": [{**ACT, "offence": "999/99"}]})
    asked(desk, case)
    view = case_views.view_case(desk.context(desk.coordinator), reference=case)
    assert (view.outcomes[0].offence, view.outcomes[0].harm) == ("999/99", None)


def test_times_in_custody_are_recorded_once(desk: Desk, case: str) -> None:
    let_find(desk, "harbour", {"custody": [{"since": "2026-03-12", "until": "2026-03-20"}]})
    asked(desk, case)
    asked(desk, case)
    (observed,) = observed_cases(desk.context(desk.coordinator)).cases
    begin = (date(2026, 3, 12) - observed.anchor).days + 1
    assert observed.custody == ((begin, begin + 7),)
    with desk.runtime.uow.unrecorded() as work:
        assert len(work.reviews.custody_changes([case])) == 2


def test_agencies_are_asked_after_a_decision_by_coordinator_or_chair(
    desk: Desk, workers: dict[str, Acting]
) -> None:
    undecided = screened(desk)
    with pytest.raises(InvalidInputError, match="has not decided"):
        request_outcomes(desk.context(desk.coordinator), reference=undecided)
    for acting in (workers["harbour"], desk.add("max", Role.MANAGER)):
        with pytest.raises((NotPermittedError, NotFoundError)):
            request_outcomes(desk.context(acting), reference=undecided)
