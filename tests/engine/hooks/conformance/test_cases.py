"""The fifty cases: the awkward ones are among them, and the same are put to everybody."""

from __future__ import annotations

from collections import Counter
from functools import cache

from engine.hooks.conformance.cases import Kind, SyntheticCase, altered, synthetic_cases
from engine.hooks.conformance.levels import definitions
from engine.hooks.conformance.people import ASKED_ON, invented_people


@cache
def cases() -> tuple[SyntheticCase, ...]:
    """Made when the first test asks."""
    return synthetic_cases(invented_people())


def of_kind(kind: Kind) -> list[object]:
    return [each.case for each in cases() if each.kind is kind]


def test_there_are_fifty_and_every_kind_is_among_them() -> None:
    assert len(cases()) == definitions().cases == 50
    assert set(Counter(each.kind for each in cases())) == set(Kind)
    assert len({each.key for each in cases()}) == 50


def test_the_same_cases_are_put_to_everybody() -> None:
    assert synthetic_cases(invented_people.__wrapped__()) == cases()


def test_nobody_of_the_no_match_cases_is_among_the_invented_people() -> None:
    names = {episode.perpetrator.surname for episode in invented_people().task.episodes}

    for each in cases():
        if each.kind is Kind.NO_MATCH:
            assert each.case.perpetrator is not None
            assert each.case.perpetrator.surname not in names


def test_each_of_the_two_matches_cases_answers_to_two_invented_people() -> None:
    described = Counter(
        (each.perpetrator.forename, each.perpetrator.surname, each.perpetrator.date_of_birth)
        for each in invented_people().task.episodes
        if each in invented_people().twins
    )

    assert set(described.values()) == {2}
    for each in cases():
        if each.kind is Kind.TWO_MATCHES:
            assert each.case.perpetrator is not None
            assert each.case.perpetrator.identifiers == ()


def test_the_children_are_children_on_the_day_of_asking() -> None:
    accused, harmed = invented_people().children

    assert (ASKED_ON - accused.perpetrator.date_of_birth).days < 14 * 366
    assert (ASKED_ON - harmed.victim.date_of_birth).days < 10 * 366


def test_those_who_accuse_one_another_are_the_same_two_people() -> None:
    first, counter = invented_people().counter[:2]

    assert counter.counter_allegation_of == first.key
    assert (first.perpetrator, first.victim) == (counter.victim, counter.perpetrator)


def test_no_incident_lies_after_the_day_of_asking() -> None:
    days = [each.happened.latest for case in cases() for each in case.case.incidents if each.happened]

    assert days
    assert max(days) <= ASKED_ON


def test_an_altered_case_keeps_nothing_but_its_reference_and_day() -> None:
    case = next(each.case for each in cases() if each.kind is Kind.EXACT)
    other = altered(case)

    assert (other.reference, other.on) == (case.reference, case.on)
    assert other.perpetrator is not None
    assert case.perpetrator is not None
    assert other.perpetrator.surname != case.perpetrator.surname
    assert other.relationship != case.relationship
