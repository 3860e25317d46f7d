"""Referrals carry the noise that they really have, and what would find a victim stands in one place alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.absence import YesNo
from engine.domain.invented import InventedEpisode, InventedPerson
from engine.domain.people.persons import IdentifierScheme
from engine.domain.referrals.intake import AlarmTopic, ProtectedKind, Referral, VictimView
from engine.synthetic.city import invented_episodes
from engine.synthetic.figures import figures
from engine.synthetic.happenings import true_alarms
from engine.synthetic.referrals import alarms_of, further_referrals, referral_of
from tests.engine.synthetic.conftest import SEED, SOURCES, UNTIL
from tests.engine.synthetic.rates import near, share

City = tuple[InventedEpisode, ...]
Referrals = tuple[Referral, ...]


def free_texts(referral: Referral) -> Iterator[str]:
    """Whatever somebody typed, and would be read by more than the vault."""
    yield referral.reason
    yield from (incident.what for incident in referral.incidents if incident.what)
    position = referral.victim_position
    offered = (
        referral.relationship,
        referral.party_works_for_which,
        position.not_asked_why,
        position.interpreter,
        position.communication_needs,
    )
    yield from (text for text in offered if text)


def what_would_find(person: InventedPerson) -> set[str]:
    return {person.address, person.postcode, person.workplace, person.phone, person.email}


def names_of(person: InventedPerson) -> set[str]:
    return {
        person.forename,
        *person.surname.split(),
        *(term for name in person.also_written for term in name.split()),
    }


def test_no_free_text_holds_a_name_an_address_or_a_workplace(city: City, referrals: Referrals) -> None:
    for episode, referral in zip(city, referrals, strict=True):
        text = " ".join(free_texts(referral))
        words = set(re.findall(r"\w+", text))
        for person in (episode.perpetrator, episode.victim):
            assert not [value for value in what_would_find(person) if value in text], (
                referral.source_reference
            )
            assert not names_of(person) & words, referral.source_reference


def test_no_incident_of_the_city_itself_holds_one_either(city: City) -> None:
    for episode in city:
        text = " ".join(incident.what for incident in episode.incidents)
        for person in (episode.perpetrator, episode.victim):
            assert not [value for value in what_would_find(person) if value in text]
            assert not names_of(person) & set(re.findall(r"\w+", text))


def test_what_would_find_the_victim_stands_among_the_protected_values_alone(
    city: City, referrals: Referrals
) -> None:
    for episode, referral in zip(city, referrals, strict=True):
        elsewhere = referral.model_dump_json(exclude={"protected"})
        assert not [value for value in what_would_find(episode.victim) if value in elsewhere]
        if episode.counter_allegation_of is None:
            kinds = {value.kind for value in referral.protected}
            assert {ProtectedKind.ADDRESS, ProtectedKind.PHONE, ProtectedKind.WORKPLACE} <= kinds


def test_a_counter_allegation_holds_nothing_by_which_either_could_be_found(
    city: City, referrals: Referrals
) -> None:
    counter = [(e, r) for e, r in zip(city, referrals, strict=True) if e.counter_allegation_of is not None]
    assert len(counter) > len(city) / 40
    for episode, referral in counter:
        text = referral.model_dump_json() + " ".join(value.value for value in referral.protected)
        for person in (episode.perpetrator, episode.victim):
            assert not [value for value in what_would_find(person) if value in text]
        assert referral.perpetrator_things == ()
        assert referral.perpetrator.identifiers == ()


@settings(max_examples=20, deadline=None)
@given(
    seed=st.integers(min_value=0, max_value=2**63),
    source=st.from_regex(r"[a-z][a-z0-9\-]{1,20}", fullmatch=True),
)
def test_the_same_episode_told_by_the_same_source_is_the_same_referral(seed: int, source: str) -> None:
    for episode in invented_episodes(seed, count=10, until=UNTIL):
        one = referral_of(episode, seed=seed, source=source)
        assert one == referral_of(episode, seed=seed, source=source)
        assert Referral.model_validate_json(one.model_dump_json()) == one


def test_each_referral_has_a_reference_of_its_own(city: City, referrals: Referrals) -> None:
    later = [
        referral
        for episode in city
        for referral in further_referrals(episode, seed=SEED, sources=SOURCES, until=UNTIL)
    ]
    references = [(referral.source, referral.source_reference) for referral in (*referrals, *later)]
    assert len(set(references)) == len(references)


def test_8_per_cent_of_dates_of_birth_are_missing(city: City, referrals: Referrals) -> None:
    described = [r.victim for r in referrals] + [r.perpetrator for r in referrals if r.perpetrator.forename]
    missing = share(person.date_of_birth is None for person in described)
    assert near(missing, 0.08, of=len(described))
    partial = share(p.date_of_birth is not None and not p.date_of_birth.is_whole_day for p in described)
    assert near(partial, figures().rate("partial_date_of_birth"), of=len(described), beside=0.002)


def test_a_date_of_birth_that_is_given_is_the_true_one(city: City, referrals: Referrals) -> None:
    for episode, referral in zip(city, referrals, strict=True):
        given_date = referral.victim.date_of_birth
        assert given_date is None or episode.victim.date_of_birth.isoformat().startswith(given_date)


def test_names_are_told_in_other_spellings_and_misspelt(city: City, referrals: Referrals) -> None:
    as_told = [(referral.victim.forename, referral.victim.surname) for referral in referrals]
    true = [(episode.victim.forename, episode.victim.surname) for episode in city]
    other = share(texts != name for texts, name in zip(as_told, true, strict=True))
    assert 0.05 < other < 0.15


def test_each_source_leaves_15_to_35_per_cent_of_alarm_topics_unknown(referrals: Referrals) -> None:
    for source in SOURCES:
        answers = [a for r in referrals if r.source == source for a in r.alarms.answers.values()]
        unknown = share(answer in (YesNo.NOT_KNOWN, YesNo.NOT_ASKED) for answer in answers)
        assert 0.14 < unknown < 0.36, source
        assert YesNo.NOT_KNOWN in answers
        assert YesNo.NOT_ASKED in answers


def test_sources_differ_in_how_much_they_know(city: City) -> None:
    def unknown(source: str) -> float:
        alarm_answers = [alarms_of(episode, seed=SEED, source=source) for episode in city[:400]]
        return share(
            answer is YesNo.NOT_ASKED for alarms in alarm_answers for answer in alarms.answers.values()
        )

    rates = [unknown(f"source-{number}") for number in range(12)]
    assert max(rates) - min(rates) > 0.04


def test_an_alarm_that_is_raised_is_true_and_a_no_is_a_true_no(city: City, referrals: Referrals) -> None:
    seen: set[AlarmTopic] = set()
    for episode, referral in zip(city, referrals, strict=True):
        true = true_alarms(SEED, episode)
        for topic, answer in referral.alarms.answers.items():
            assert answer is not YesNo.YES or topic in true
            assert answer is not YesNo.NO or topic not in true
        seen |= set(referral.alarms.raised)
    assert seen == set(AlarmTopic)


def test_the_victims_view_has_the_planned_mix_and_not_asked_says_why(referrals: Referrals) -> None:
    for view, planned in figures().mix("victim_view").items():
        counted = share(referral.victim_position.view.value == view for referral in referrals)
        assert near(counted, planned, of=len(referrals)), view
    for referral in referrals:
        not_asked = referral.victim_position.view is VictimView.NOT_ASKED
        assert (referral.victim_position.not_asked_why is not None) == not_asked


def test_no_referral_carries_a_health_number_or_a_number_of_the_victims(referrals: Referrals) -> None:
    schemes = {identifier.scheme for referral in referrals for identifier in referral.perpetrator.identifiers}
    assert schemes == set(IdentifierScheme) - {IdentifierScheme.NHS}
    assert all(referral.victim.identifiers == () for referral in referrals)


def test_some_strangers_are_known_to_nobody(city: City, referrals: Referrals) -> None:
    strangers = [
        referral
        for episode, referral in zip(city, referrals, strict=True)
        if episode.relationship == "stranger" and episode.counter_allegation_of is None
    ]
    unknown = [referral for referral in strangers if referral.perpetrator.surname == "unknown"]
    assert near(len(unknown) / len(strangers), figures().rate("stranger_unidentified"), of=len(strangers))
    assert all(r.perpetrator.identifiers == () and r.perpetrator_things == () for r in unknown)


def test_incident_dates_are_partial_or_missing_as_often_as_planned(referrals: Referrals) -> None:
    partial_dates = [incident.happened for referral in referrals for incident in referral.incidents]
    rate = figures().rate
    assert near(share(day is None for day in partial_dates), rate("incident_undated"), of=len(partial_dates))
    month = share(day is not None and len(day) == len("2024-03") for day in partial_dates)
    assert near(month, rate("incident_month_only"), of=len(partial_dates))


def test_a_referral_tells_of_nothing_that_had_not_happened_yet(referrals: Referrals) -> None:
    for referral in referrals:
        assert referral.referred_on is not None
        assert referral.incidents
        for incident in referral.incidents:
            assert incident.happened is None or incident.happened.earliest <= referral.referred_on.latest


def test_an_eighth_are_referred_again_later_and_about_the_same_two_people(true_courses: City) -> None:
    ever = UNTIL + timedelta(days=4_000)
    again = {
        episode.key: further_referrals(episode, seed=SEED, sources=SOURCES, until=ever)
        for episode in true_courses
    }
    counted = share(bool(later) for later in again.values())
    assert near(counted, figures().rate("referred_again"), of=len(true_courses), beside=0.004)
    for episode in true_courses:
        days = [day.earliest for referral in again[episode.key] if (day := referral.referred_on) is not None]
        assert len(days) == len(again[episode.key])
        assert all(day > episode.referred_on for day in days)
        assert days == sorted(days)


def test_a_later_referral_beyond_the_last_day_has_not_come_yet(true_courses: City) -> None:
    for episode in true_courses:
        later = further_referrals(episode, seed=SEED, sources=SOURCES, until=UNTIL)
        assert all(
            referral.referred_on is not None and referral.referred_on.latest <= UNTIL for referral in later
        )


def test_a_later_referral_repeats_some_crime_references_so_that_two_reports_can_meet(
    true_courses: City,
) -> None:
    shared = 0
    for episode in true_courses:
        for later in further_referrals(episode, seed=SEED, sources=SOURCES, until=UNTIL):
            first = referral_of(episode, seed=SEED, source="desk")
            references = {i.crime_reference for i in first.incidents} & {
                i.crime_reference for i in later.incidents
            }
            shared += bool(references - {None})
    assert shared > 50
