"""The list of cases: in pages, by state and outcome, with what is not known said."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dashboard.pages import Place
from engine.domain.absence import YesNo
from engine.domain.accounts.acting import Acting
from engine.domain.cases.lifecycle import State, TriageOutcome
from engine.domain.referrals.intake import AlarmAnswers, AlarmTopic
from tests.builders import Desk, a_referral
from tests.dashboard.visits import Visits, asked, referred, screened


def test_an_unscreened_referral_reads_not_known_to_be_safe_with_its_age(desk: Desk, visits: Visits) -> None:
    referred(desk)
    desk.clock.forward(timedelta(days=3))
    words = visits(desk.coordinator, Place.CASES).words
    assert "Not screened: not known to be safe for 3 days" in words
    assert "not asked before screening" in words


def test_answers_are_told_by_state_and_agency(desk: Desk, workers: dict[str, Acting], visits: Visits) -> None:
    asked(desk)
    assert (
        "Awaiting response Harbour Office, Lantern House and Her Voice"
        in visits(desk.coordinator, Place.CASES).words
    )


def test_a_practitioner_sees_the_own_cases_alone(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    mine, other = asked(desk, "1"), referred(desk, "2")
    words = visits(workers["voice"], Place.CASES).words
    assert mine in words
    assert other not in words


def test_an_open_alarm_stands_first(desk: Desk, visits: Visits) -> None:
    alarming = referred(desk, "1", alarms=(AlarmTopic.WEAPON,))
    desk.clock.forward(timedelta(minutes=5))
    newer = referred(desk, "2")
    words = visits(desk.coordinator, Place.CASES).words
    assert words.index(alarming) < words.index(newer)


@pytest.mark.parametrize("answer", [answer for answer in YesNo if answer is not YesNo.YES])
def test_an_alarm_that_is_not_raised_says_how_many_topics_have_each_answer(
    desk: Desk, visits: Visits, answer: YesNo
) -> None:
    given = AlarmAnswers(answers=dict.fromkeys(AlarmTopic, answer))
    (case,) = desk.refer(a_referral("2").model_copy(update={"alarms": given})).referrals
    counted = f"{len(AlarmTopic)} {answer.value}"
    for place in (visits(desk.coordinator, Place.CASES), visits(desk.coordinator, Place.CASE, case)):
        assert f"{counted} " in place.words.replace(".", " ")
        assert "none raised" not in place.words


def test_the_list_is_cut_by_state_and_by_outcome(desk: Desk, visits: Visits) -> None:
    advised = screened(desk, "1", TriageOutcome.ADVICE)
    waiting = referred(desk, "2")
    visit = visits(desk.coordinator, Place.CASES)
    assert advised in visit.words
    visit.app.multiselect(key="cases-state").set_value([State.NOT_SCREENED])
    words = visit.run().words
    assert waiting in words
    assert advised not in words
    visit.app.multiselect(key="cases-state").set_value([])
    visit.app.multiselect(key="cases-triage").set_value(["advice"])
    words = visit.run().words
    assert advised in words
    assert waiting not in words


def test_a_long_list_comes_in_pages(desk: Desk, visits: Visits) -> None:
    desk.refer(*[a_referral(str(number)) for number in range(1, 31)])
    visit = visits(desk.coordinator, Place.CASES)
    assert "1 to 25 of 30" in visit.words
    visit.app.pagination(key="cases-page").set_value(2)
    assert "26 to 30 of 30" in visit.run().words


def test_a_list_without_cases_says_so(desk: Desk, visits: Visits) -> None:
    assert "No cases match your choices." in visits(desk.coordinator, Place.CASES).words


def test_the_choices_are_in_the_address_as_closed_codes_and_come_back_with_it(
    desk: Desk, visits: Visits
) -> None:
    advised = screened(desk, "1", TriageOutcome.ADVICE)
    waiting = referred(desk, "2")
    visit = visits(desk.coordinator, Place.CASES)
    visit.app.multiselect(key="cases-state").set_value([State.NOT_SCREENED])
    visit.run()
    assert visit.app.query_params["state"] == "not-screened"
    visit.app.query_params["state"] = ""
    visit.app.query_params["screened"] = "advice,<script>"
    words = visit.run().words
    assert advised in words
    assert waiting not in words
    assert visit.app.query_params["screened"] == "advice"
