"""Screening on one screen: what it shows, what it needs, and what follows."""

from __future__ import annotations

from typing import Any

import pytest

from dashboard.pages import Place
from engine.domain.accounts.acting import Acting, Role
from engine.domain.cases.lifecycle import State, TriageOutcome
from engine.domain.referrals.intake import AlarmTopic
from engine.domain.referrals.screening import FourAnswer, FourQuestion, RedirectTo
from engine.services.cases.views import view_case
from tests.builders import SAFE_HOUSE, SAFE_PHONE, Desk
from tests.dashboard.visits import Visit, Visits, referred, screened


def open_view(desk: Desk, reference: str) -> Any:
    return view_case(desk.context(desk.coordinator), reference=reference)


def filled(visit: Visit, reference: str, outcome: TriageOutcome | None) -> str:
    key = f"screen-{reference}"
    for question in FourQuestion:
        visit.app.radio(key=f"{key}-{question.value}").set_value(FourAnswer.YES)
    if outcome is not None:
        visit.app.radio(key=f"{key}-outcome").set_value(outcome)
    visit.type(f"{key}-reason", "Six contacts in a fortnight after a clear no.")
    visit.run()
    return key


def test_the_page_says_that_the_referral_is_not_known_to_be_safe_and_how_old_it_is(
    desk: Desk, visits: Visits
) -> None:
    reference = referred(desk)
    words = visits(desk.coordinator, Place.SCREENING).words
    assert f"Screen {reference}" in words
    assert "Not screened: not known to be safe. Waiting for 0 minutes." in words


def test_a_topic_that_nobody_asked_about_is_shown_as_not_asked(desk: Desk, visits: Visits) -> None:
    referred(desk, alarms=(AlarmTopic.WEAPON,))
    words = visits(desk.coordinator, Place.SCREENING).words
    assert "Weapon Yes" in words
    assert "Strangulation Not asked" in words
    assert "Answers to 8 topics: 1 yes, 7 not asked." in words


def test_an_open_alarm_is_screened_first(desk: Desk, visits: Visits) -> None:
    referred(desk, "1")
    alarming = referred(desk, "2", alarms=(AlarmTopic.ENTRY,))
    referred(desk, "3")
    assert f"Screen {alarming}" in visits(desk.coordinator, Place.SCREENING).words


def test_without_an_alarm_whoever_waited_longest_comes_first(desk: Desk, visits: Visits) -> None:
    from datetime import timedelta

    first = referred(desk, "1")
    desk.clock.forward(timedelta(hours=1))
    referred(desk, "2")
    assert f"Screen {first}" in visits(desk.coordinator, Place.SCREENING).words


def test_nothing_that_finds_the_victim_reaches_the_page(desk: Desk, visits: Visits) -> None:
    referred(desk, reason=f"She now lives at {SAFE_HOUSE}, phone {SAFE_PHONE}.")
    other = desk.add("other", Role.COORDINATOR)  # who brought the file in reads it as it was
    visit = visits(other, Place.SCREENING)
    assert "Larkfield" not in visit.source + visit.words
    assert "900417" not in visit.source + visit.words
    assert "[protected]" in visit.words


def test_advice_is_shown_to_copy_once_it_is_saved(desk: Desk, visits: Visits) -> None:
    reference = referred(desk)
    visit = visits(desk.coordinator, Place.SCREENING)
    key = filled(visit, reference, TriageOutcome.ADVICE)
    visit.press(f"{key}-save")
    assert f"Screened: {reference}" in visit.words
    assert visit.app.code[0].value == open_view(desk, reference).screening.advice
    assert open_view(desk, reference).state is State.ADVICE_GIVEN


def test_ticked_incidents_are_kept_as_what_an_answer_rests_on(desk: Desk, visits: Visits) -> None:
    reference = referred(desk)
    incidents = [incident.reference for incident in open_view(desk, reference).incidents]
    visit = visits(desk.coordinator, Place.SCREENING)
    visit.app.button_group(key=f"screen-{reference}-repeated-rests").set_value(incidents)
    visit.press(f"{filled(visit, reference, TriageOutcome.ADVICE)}-save")
    four = {item.question: item for item in open_view(desk, reference).screening.four}
    assert four[FourQuestion.REPEATED].incidents == tuple(incidents)
    assert four[FourQuestion.FIXATED].incidents == ()


def test_what_is_still_to_be_said_is_named_and_nothing_is_saved(desk: Desk, visits: Visits) -> None:
    reference = referred(desk)
    visit = visits(desk.coordinator, Place.SCREENING)
    visit.press(f"screen-{reference}-save")
    said = "Still missing: fixated, obsessive, unwanted, repeated, outcome and reason."
    assert said in visit.words
    assert open_view(desk, reference).state is State.NOT_SCREENED


@pytest.mark.parametrize(
    ("outcome", "sentence"),
    [
        (TriageOutcome.URGENT, "say what is done today, and by whom, before anything else"),
        (TriageOutcome.REDIRECT, "say where the referral goes"),
    ],
    ids=["urgent", "redirect"],
)
def test_an_outcome_that_needs_more_is_refused_without_it(
    desk: Desk, visits: Visits, outcome: TriageOutcome, sentence: str
) -> None:
    reference = referred(desk)
    visit = visits(desk.coordinator, Place.SCREENING)
    visit.press(f"{filled(visit, reference, outcome)}-save")
    assert sentence in visit.words
    assert str(visit.typed(f"screen-{reference}-reason")).startswith("Six contacts")
    assert open_view(desk, reference).state is State.NOT_SCREENED


def test_a_redirected_referral_says_where_it_went(desk: Desk, visits: Visits) -> None:
    reference = referred(desk)
    visit = visits(desk.coordinator, Place.SCREENING)
    key = filled(visit, reference, TriageOutcome.REDIRECT)
    visit.app.selectbox(key=f"{key}-redirect").set_value(RedirectTo.MARAC)
    visit.run().press(f"{key}-save")
    assert open_view(desk, reference).screening.redirect_to is RedirectTo.MARAC


def test_people_who_are_named_are_on_the_case(desk: Desk, workers: dict[str, Acting], visits: Visits) -> None:
    reference = referred(desk)
    visit = visits(desk.coordinator, Place.SCREENING)
    key = filled(visit, reference, TriageOutcome.ADVICE)
    visit.app.multiselect(key=f"{key}-people").set_value(["voice-worker"])
    visit.run().press(f"{key}-save")
    assert set(open_view(desk, reference).people_on_case) == {"cora", "voice-worker"}


def test_an_earlier_episode_is_offered_and_joined_only_by_a_persons_word(desk: Desk, visits: Visits) -> None:
    earlier = screened(desk, "1")
    reference = referred(desk, "2")
    visit = visits(desk.coordinator, Place.SCREENING)
    key = filled(visit, reference, TriageOutcome.ADVICE)
    episode = open_view(desk, earlier).episode
    assert visit.app.radio(key=f"{key}-joins").value == ""
    assert any(earlier in option for option in visit.app.radio(key=f"{key}-joins").options)
    visit.app.radio(key=f"{key}-joins").set_value(episode)
    visit.run().press(f"{key}-save")
    assert open_view(desk, reference).episode == episode


def test_when_nothing_waits_the_page_says_so(desk: Desk, visits: Visits) -> None:
    assert "No referrals to screen." in visits(desk.coordinator, Place.SCREENING).words
