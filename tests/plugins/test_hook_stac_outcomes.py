"""stac_outcomes, answered by the agencies that hold such records, in their own processes, over a city."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import cache

import pytest

from engine.domain.dates import PartialDate
from engine.domain.invented import InventedEpisode, InventedExtractTask
from engine.domain.outcomes.agency_outcomes import OutcomesFound, OutcomeWindow
from engine.domain.outcomes.follow_up import Measure
from engine.domain.responses.answers import Failed, FailureReason, NilReturn, Refused
from engine.domain.responses.requests import CaseAsked, IncidentAsked, PersonAsked
from engine.hooks.questions import OUTCOMES, ToFollowUp
from engine.hooks.registry import Agencies, load_agencies
from engine.synthetic.city import invented_episodes, known_on
from tests.plugins.test_hook_stac_assess import COUNT, ON, SEED, asked

HOLD_OUTCOMES = ("advocacy", "police", "probation")


@cache
def known_episodes() -> tuple[InventedEpisode, ...]:
    """Made when the first test asks."""
    return tuple(known_on(e, ON) for e in invented_episodes(SEED, count=COUNT, until=ON))


@pytest.fixture(scope="module")
def agencies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agencies]:
    with load_agencies(tmp_path_factory.mktemp("home"), today=lambda: ON) as loaded:
        for code in loaded.codes:
            task = InventedExtractTask(seed=SEED, on=ON, episodes=known_episodes())
            assert loaded.write_synthetic(code, task) is None
        yield loaded


def followed_up(episode: InventedEpisode) -> ToFollowUp:
    """The case with its crime references, from its referral on."""
    case = asked(episode).model_copy(
        update={
            "incidents": tuple(
                IncidentAsked(crime_reference=each.crime_reference)
                for each in episode.incidents
                if each.crime_reference
            )
        }
    )
    return ToFollowUp(case=case, window=OutcomeWindow(since=episode.began, until=ON))


def answers(agencies: Agencies, code: str) -> list[tuple[ToFollowUp, object]]:
    put = [followed_up(episode) for episode in known_episodes()]
    return list(zip(put, agencies.ask_many(code, OUTCOMES, put), strict=True))


def test_hook_stac_outcomes_is_answered_by_those_who_hold_such_records_and_never_fails(
    agencies: Agencies,
) -> None:
    for code in HOLD_OUTCOMES:
        given = [answer for _, answer in answers(agencies, code)]
        assert not [answer for answer in given if isinstance(answer, Failed)], code
        assert [answer for answer in given if isinstance(answer, OutcomesFound)], code
        assert [answer for answer in given if isinstance(answer, NilReturn | Refused)], code
    for _, answer in answers(agencies, "health"):
        assert isinstance(answer, Failed)
        assert answer.reason is FailureReason.NOT_ANSWERED


def test_the_city_has_reports_crimes_with_a_score_and_the_advocates_reports(agencies: Agencies) -> None:
    police = [each for _, each in answers(agencies, "police") if isinstance(each, OutcomesFound)]
    acts = [act for each in police for act in each.acts]
    assert {act.measure for act in acts} == {Measure.REPORTED, Measure.RECORDED}
    assert any(act.offence for act in acts)
    advocacy = [each for _, each in answers(agencies, "advocacy") if isinstance(each, OutcomesFound)]
    assert any(each.acts for each in advocacy)
    assert all(each.searched == ((Measure.REPORTED,) if each.acts else ()) for each in advocacy)


def test_every_act_is_within_the_window_and_the_same_question_has_the_same_answer(agencies: Agencies) -> None:
    for code in HOLD_OUTCOMES:
        first = answers(agencies, code)
        for put, answer in first:
            if isinstance(answer, OutcomesFound):
                assert all(put.window.may_include(act.happened) for act in answer.acts)
        assert answers(agencies, code) == first


def test_without_a_crime_reference_the_police_place_no_report_and_count_them(agencies: Agencies) -> None:
    for episode in known_episodes():
        put = followed_up(episode)
        case = put.case.model_copy(update={"incidents": ()})
        answer = agencies.ask("police", OUTCOMES, ToFollowUp(case=case, window=put.window))
        if isinstance(answer, OutcomesFound) and answer.unplaced:
            assert answer.acts == ()
            assert answer.searched == ()
            break
    else:
        pytest.fail("no report was counted")


def test_a_person_whom_nobody_knows_is_a_nil_return_and_no_search(agencies: Agencies) -> None:
    stranger = PersonAsked(forename="Zebedee", surname="Nonesuch", date_of_birth=PartialDate("1901-01-01"))
    put = ToFollowUp(
        case=CaseAsked(reference="R-X", on=ON, perpetrator=stranger),
        window=OutcomeWindow(since=ON - timedelta(days=300), until=ON),
    )
    for code in ("police", "probation"):
        assert isinstance(agencies.ask(code, OUTCOMES, put), NilReturn)
