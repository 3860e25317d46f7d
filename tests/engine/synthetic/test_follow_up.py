"""A follow-up says what was found by today and no more; the city never says that the work halved anything."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.cases.lifecycle import TriageOutcome
from engine.domain.errors import InvalidInputError
from engine.domain.invented import InventedEpisode
from engine.domain.outcomes.follow_up import Measure, OutcomeFound, OutcomeGiven
from engine.domain.referrals.intake import Referral
from engine.synthetic.city import invented_episodes, known_on
from engine.synthetic.figures import figures
from engine.synthetic.follow_up import outcomes_of
from engine.synthetic.panel import triage_of
from tests.engine.synthetic.conftest import SEED, UNTIL
from tests.engine.synthetic.rates import near, share

City = tuple[InventedEpisode, ...]
Found = dict[Measure, OutcomeGiven]


def found_after(episode: InventedEpisode, *, days: int, seed: int = SEED) -> Found:
    """What was found that many days after a decision three weeks after the referral."""
    decided_on = episode.referred_on + timedelta(days=21)
    today = decided_on + timedelta(days=days)
    outcomes = outcomes_of(
        episode, decided_on=decided_on, today=today, seed=seed, looked_in=("north", "south")
    )
    return {outcome.measure: outcome for outcome in outcomes}


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(min_value=0, max_value=2**63), days=st.integers(min_value=0, max_value=1_500))
def test_each_measure_has_one_finding_and_none_is_of_the_future(seed: int, days: int) -> None:
    for episode in invented_episodes(seed, count=8, until=UNTIL):
        decided_on = episode.referred_on + timedelta(days=21)
        today = decided_on + timedelta(days=days)
        found = found_after(episode, days=days, seed=seed)
        assert set(found) == set(Measure)
        for outcome in found.values():
            assert decided_on <= outcome.looked_until.earliest <= today
            assert outcome.happened is None or decided_on < outcome.happened.earliest <= today
            assert outcome.happened is None or outcome.happened.earliest <= outcome.looked_until.latest


def test_nothing_is_found_of_what_is_not_known_yet(true_courses: City) -> None:
    """A follow-up says the same today whether or not the future is in what it was made from."""
    for episode in true_courses[:500]:
        decided_on = episode.referred_on + timedelta(days=21)
        today = decided_on + timedelta(days=200)
        whole, cut = (
            outcomes_of(one, decided_on=decided_on, today=today, seed=SEED, looked_in=("north",))
            for one in (episode, known_on(episode, today))
        )
        assert whole == cut


def test_court_outcomes_are_not_known_before_eighteen_months(true_courses: City) -> None:
    for episode in true_courses[:1_000]:
        early = found_after(episode, days=500)[Measure.PROVEN]
        assert early.found is not OutcomeFound.NONE_FOUND
    late = [found_after(episode, days=560)[Measure.PROVEN].found for episode in true_courses[:1_000]]
    assert share(found is OutcomeFound.NONE_FOUND for found in late) > 0.85


def test_recorded_crime_is_not_known_to_be_none_before_twelve_months(true_courses: City) -> None:
    for episode in true_courses[:1_000]:
        outcome = found_after(episode, days=300)[Measure.RECORDED]
        assert outcome.found is not OutcomeFound.NONE_FOUND or outcome.censored is not None


def test_before_the_first_look_nothing_is_known_unless_it_was_reported(true_courses: City) -> None:
    for episode in true_courses[:1_000]:
        outcome = found_after(episode, days=60)[Measure.REPORTED]
        assert outcome.found is not OutcomeFound.NONE_FOUND or outcome.censored is not None
        if outcome.found is OutcomeFound.NOT_KNOWN:
            assert outcome.says.startswith("Not yet known: the first check is due on")


def test_a_look_in_an_open_window_says_that_it_was_open(true_courses: City) -> None:
    seen = 0
    for episode in true_courses[:500]:
        outcome = found_after(episode, days=200)[Measure.REPORTED]
        if outcome.found is OutcomeFound.NONE_FOUND and outcome.censored is None:
            seen += 1
            assert "was still open" in outcome.says
            assert outcome.looked_until.latest < episode.referred_on + timedelta(days=21 + 200)
    assert seen > 100


def test_what_was_reported_stays_reported(true_courses: City) -> None:
    for episode in true_courses[:500]:
        events = [
            outcome.happened
            for days in (30, 100, 200, 300, 400, 600)
            if (outcome := found_after(episode, days=days)[Measure.REPORTED]).found
            is OutcomeFound.FURTHER_STALKING
        ]
        assert len(set(events)) <= 1


def test_fewer_is_recorded_than_reported_and_hardly_anything_proven(true_courses: City) -> None:
    counts = dict.fromkeys(Measure, 0)
    for episode in true_courses:
        for measure, outcome in found_after(episode, days=900).items():
            counts[measure] += outcome.found is OutcomeFound.FURTHER_STALKING
    reported, recorded, proven = (counts[measure] for measure in Measure)
    assert near(recorded / reported, figures().rate("recorded_when_reported"), of=reported)
    assert 0 < proven < 0.04 * reported


def test_what_is_recorded_or_proven_was_reported_first(true_courses: City) -> None:
    for episode in true_courses[:1_000]:
        found = found_after(episode, days=900)
        reported = found[Measure.REPORTED]
        for measure in (Measure.RECORDED, Measure.PROVEN):
            if found[measure].found is OutcomeFound.FURTHER_STALKING:
                assert found[measure].happened == reported.happened
                assert found[measure].against == reported.against


def test_some_could_not_be_followed_and_some_were_not(true_courses: City) -> None:
    reported = [found_after(episode, days=400)[Measure.REPORTED] for episode in true_courses]
    no_event = [outcome for outcome in reported if outcome.found is not OutcomeFound.FURTHER_STALKING]
    assert len({outcome.censored for outcome in no_event}) == 5, "four kinds of ending, and none"
    not_done = share(outcome.found is OutcomeFound.NOT_KNOWN for outcome in reported)
    assert near(not_done, figures().rate("follow_up_not_done"), of=len(reported))
    for outcome in no_event:
        if outcome.censored is not None:
            assert "Could be followed until" in outcome.says


def test_none_found_says_where_was_looked_and_that_it_is_no_all_clear(true_courses: City) -> None:
    for episode in true_courses[:300]:
        outcome = found_after(episode, days=400)[Measure.REPORTED]
        if outcome.found is OutcomeFound.NONE_FOUND:
            assert outcome.looked_in == ("north", "south")
            assert "does not mean that nothing happened" in outcome.says


def test_a_day_before_the_decision_or_no_place_to_look_is_refused_in_a_sentence(city: City) -> None:
    with pytest.raises(InvalidInputError, match="today: give the day of the decision"):
        outcomes_of(city[0], decided_on=UNTIL, today=UNTIL - timedelta(days=1), seed=1, looked_in=("north",))
    with pytest.raises(InvalidInputError, match="looked_in: give the agencies"):
        outcomes_of(city[0], decided_on=UNTIL, today=UNTIL, seed=1, looked_in=())


@pytest.mark.parametrize("count", [3_000, pytest.param(6_000, marks=pytest.mark.full)])  # the share is nearer
def test_those_taken_up_stalk_again_about_as_often_as_those_who_got_advice(count: int) -> None:
    """No source says that the work halved reoffending, and no figure of the city may look like it."""
    episodes = [
        episode
        for episode in invented_episodes(SEED + 1, count=count, until=UNTIL)
        if episode.counter_allegation_of is None
    ]
    managed = (TriageOutcome.CONFERENCE, TriageOutcome.URGENT)
    by_group: dict[bool, list[bool]] = {True: [], False: []}
    for episode in episodes:
        by_group[triage_of(episode, seed=SEED + 1) in managed].append(episode.further_stalking_on is not None)
    taken_up, advised = share(by_group[True]), share(by_group[False])
    assert len(by_group[True]) > count / 30
    assert 0.75 < taken_up / advised < 1.3


def test_what_happens_next_does_not_hang_on_any_decision(city: City, referrals: tuple[Referral, ...]) -> None:
    """The episodes are the same before and after everybody has decided about them."""
    before = [episode.model_dump_json() for episode in city[:200]]
    for episode, referral in zip(city[:200], referrals[:200], strict=True):
        triage_of(episode, seed=SEED, alarms=referral.alarms)
        found_after(episode, days=400)
    again = [e.model_dump_json() for e in invented_episodes(SEED, count=200, until=UNTIL)]
    assert before == again
