"""Acts of one alleged perpetrator over the cases that a viewer can open: joined only by a decision."""

from __future__ import annotations

from typing import Any

import pytest

from engine.domain.absence import YesNo
from engine.domain.accounts.acting import Acting, Role
from engine.domain.cases.incidents import IncidentKind
from engine.domain.cases.person_acts import PersonActs
from engine.domain.cases.plain_facts import FactKind
from engine.domain.dates import PartialDate
from engine.domain.people.persons import PersonDescribed
from engine.domain.people.same_person import SameVerdict
from engine.domain.referrals.intake import Referral
from engine.services.cases.views import view_case
from engine.services.people.matching import compare_new
from engine.services.people.same_person import judge_same, take_back_same
from engine.services.referrals.screening import name_people, screen
from engine.services.responses.agency_answers import answer_by_hand
from tests.builders import (
    Desk,
    a_contribution,
    a_person,
    a_referral,
    a_screening,
    an_incident,
    ask_all,
    with_toys,
)
from tests.engine.facts.test_released import a_report

WHY = "The same address and car."
VICTIMS = (a_person("Amira", "Kent"), a_person("Talitha", "Brightsea"), a_person("Sabra", "Ellingthorpe"))


def about(number: int, *days: str, perpetrator: PersonDescribed | None = None, **given: Any) -> Referral:
    """A referral of one victim about one alleged perpetrator, with an act on each of these dates."""
    incidents = tuple(an_incident(day, kind=IncidentKind.CONTACTING) for day in days)
    return a_referral(
        str(number),
        perpetrator=perpetrator or a_person(),
        **{"victim": VICTIMS[number - 1], "incidents": incidents, **given},
    )


def refer(desk: Desk, referral: Referral) -> str:
    (reference,) = desk.refer(referral).referrals
    return reference


def person(desk: Desk, case: str, by: Acting | None = None) -> PersonActs:
    return view_case(desk.context(by or desk.chair), reference=case).person


def counts(desk: Desk, case: str, by: Acting | None = None) -> tuple[int, int, int]:
    found = person(desk, case, by)
    return found.acts, found.people, found.cases


def judge(desk: Desk, one: str, other: str, verdict: SameVerdict = SameVerdict.SAME) -> None:
    people = _people(desk, one, other)
    judge_same(desk.context(desk.chair), one=people[0], other=people[1], verdict=verdict, why=WHY)


def _people(desk: Desk, *cases: str) -> list[str]:
    views = [view_case(desk.context(desk.chair), reference=case) for case in cases]
    return [view.perpetrator.reference for view in views]


@pytest.fixture
def two(desk: Desk) -> tuple[str, str]:
    """Two cases of one name and date of birth, which no one has decided on."""
    return refer(desk, about(1, "2026-02-10", "2026-02-20")), refer(desk, about(2, "2026-02-25"))


def test_only_a_decision_joins_two_cases_and_its_undoing_takes_them_apart(
    desk: Desk, two: tuple[str, str]
) -> None:
    one, other = two
    assert counts(desk, one) == (2, 1, 1)
    (may_be,) = person(desk, one).may_be_same
    assert (may_be.reference, may_be.acts) == (other, 1)
    judge(desk, one, other)
    assert counts(desk, one) == counts(desk, other) == (3, 2, 2)
    assert person(desk, one).may_be_same == ()
    assert set(person(desk, one).references) == {one, other}
    people = _people(desk, one, other)
    take_back_same(desk.context(desk.chair), one=people[0], other=people[1], why="Brothers.")
    assert counts(desk, one) == (2, 1, 1)
    assert len(person(desk, one).may_be_same) == 1


def test_a_pair_that_is_decided_to_be_of_two_people_is_in_no_line(desk: Desk, two: tuple[str, str]) -> None:
    judge(desk, *two, SameVerdict.NOT_SAME)
    assert counts(desk, two[0]) == (2, 1, 1)
    assert person(desk, two[0]).may_be_same == ()


def test_a_pair_of_which_a_person_is_not_sure_is_not_decided(desk: Desk, two: tuple[str, str]) -> None:
    judge(desk, *two, SameVerdict.UNSURE)
    assert counts(desk, two[0]) == (2, 1, 1)
    assert [each.reference for each in person(desk, two[0]).may_be_same] == [two[1]]


def test_records_joined_through_a_third_are_one_person(desk: Desk, two: tuple[str, str]) -> None:
    third = refer(desk, about(3, "2026-02", "2026-02-27"))
    judge(desk, two[0], two[1])
    judge(desk, two[1], third)
    found = person(desk, two[0])
    assert (found.acts, found.people, found.cases, found.without_full_date) == (5, 3, 3, 1)


def test_what_two_cases_share_joins_nothing(desk: Desk) -> None:
    """A phone and an address of another alleged perpetrator are in no count and no line."""
    shared: dict[str, Any] = {"perpetrator_address": "1 High Street, ZZ1 1AA"}
    one = refer(desk, about(1, "2026-02-10", **shared))
    another = a_person("Oskar", "Lindqvist").model_copy(update={"date_of_birth": PartialDate("1961-11-30")})
    refer(desk, about(2, "2026-02-25", perpetrator=another, **shared))
    assert counts(desk, one) == (1, 1, 1)
    assert person(desk, one).may_be_same == ()


def test_a_respondent_of_one_case_who_is_a_third_party_of_another_has_the_acts_of_the_first(
    desk: Desk,
) -> None:
    one = refer(desk, about(1, "2026-02-10"))
    other = about(2, "2026-02-25", perpetrator=a_person("Oskar", "Lindqvist"))
    refer(desk, other.model_copy(update={"others_at_risk": (a_person(),)}))
    assert counts(desk, one) == (1, 1, 1)
    assert person(desk, one).may_be_same == ()


def test_two_cases_with_each_others_role_are_never_joined(desk: Desk) -> None:
    """Not even where a person decides that the respondents of the two are the same."""
    one = refer(desk, about(1, "2026-02-10"))
    mirrored = refer(desk, about(2, "2026-02-25", perpetrator=VICTIMS[0], victim=a_person()))
    assert counts(desk, one) == counts(desk, mirrored) == (1, 1, 1)
    judge(desk, one, mirrored)
    assert counts(desk, one) == counts(desk, mirrored) == (1, 1, 1)
    assert person(desk, one).may_be_same == person(desk, mirrored).may_be_same == ()


def test_a_case_whose_victim_is_the_respondent_of_another_by_decision_is_not_joined(desk: Desk) -> None:
    one = refer(desk, about(1, "2026-02-10"))
    other = refer(desk, about(2, "2026-02-25", perpetrator=a_person("Oskar", "Lindqvist")))
    context = desk.context(desk.chair)
    victim = view_case(context, reference=one).victim.reference
    accused = view_case(context, reference=other).perpetrator.reference
    judge_same(context, one=victim, other=accused, verdict=SameVerdict.SAME, why=WHY)
    judge(desk, one, other)
    assert counts(desk, one) == (1, 1, 1)


def test_each_person_reads_the_count_of_the_cases_that_they_can_open(
    desk: Desk, two: tuple[str, str]
) -> None:
    judge(desk, *two)
    worker = desk.add("worker", Role.PRACTITIONER, "harbour")
    for case in two:
        screen(desk.context(desk.coordinator), reference=case, screening=a_screening())
    name_people(desk.context(desk.coordinator), reference=two[0], people=["worker"])
    assert counts(desk, two[0], worker) == (2, 1, 1)
    name_people(desk.context(desk.coordinator), reference=two[1], people=["worker"])
    assert counts(desk, two[0], worker) == (3, 2, 2)


def test_a_restricted_case_is_in_the_count_of_the_chair_only(desk: Desk) -> None:
    other = desk.add("other", Role.COORDINATOR)
    one = refer(desk, about(1, "2026-02-10"))
    hidden = refer(desk, about(2, "2026-02-25", party_works_for=YesNo.YES))
    judge(desk, one, hidden)
    assert counts(desk, one, other) == (1, 1, 1)
    assert counts(desk, one, desk.chair) == (2, 2, 2)
    first = [
        next(each.says for each in view_case(desk.context(who), reference=one).facts)
        for who in (other, desk.chair)
    ]
    assert all(each.endswith("More may exist.") for each in first)


def test_the_same_victim_in_another_episode_is_one_person(desk: Desk) -> None:
    one = refer(desk, about(1, "2026-02-10"))
    again = refer(desk, about(2, "2026-02-25", victim=VICTIMS[0]))
    judge(desk, one, again)
    found = person(desk, one)
    assert (found.people_at_least, found.people) == (2, 2)  # the record has not compared them yet
    compare_new(desk.context(desk.chair))
    assert (person(desk, one).people_at_least, person(desk, one).people) == (1, 2)
    context = desk.context(desk.chair)
    victims = [view_case(context, reference=case).victim.reference for case in (one, again)]
    judge_same(context, one=victims[0], other=victims[1], verdict=SameVerdict.SAME, why=WHY)
    assert counts(desk, one) == (2, 1, 2)


def test_the_fact_has_the_records_of_every_case_and_stands_first(desk: Desk, two: tuple[str, str]) -> None:
    judge(desk, *two)
    view = view_case(desk.context(desk.chair), reference=two[0])
    assert view.facts[0].kind is FactKind.PERSON
    assert view.facts[0].short == (
        "3 reported acts against 2 people in 16 days (10 February 2026 to 25 February 2026), in 2 cases; "
        "more may exist"
    )
    own = {each.reference for each in view.incidents}
    others = {each.reference for each in view_case(desk.context(desk.chair), reference=two[1]).incidents}
    assert {*view.facts[0].records} == own | others


def test_reports_that_an_agency_shared_on_the_case_are_in_its_count(desk: Desk) -> None:
    """Each once: one with the crime reference of an incident is that incident."""
    with_toys(desk)
    incident = an_incident("2026-02-10", kind=IncidentKind.CONTACTING, crime_reference="CR/1")
    one = refer(desk, about(1).model_copy(update={"incidents": (incident,)}))
    given = a_screening(people=("harbour-worker",))
    screen(desk.context(desk.coordinator), reference=one, screening=given)
    ask_all(desk, one)
    worker = Acting(user="harbour-worker", role=Role.PRACTITIONER, agency="harbour")
    reports = (
        a_report(happened="2026-02-10", crime_reference="cr/1"),
        a_report("two", happened="2025-12-01"),
    )
    answer_by_hand(
        desk.context(worker), reference=one, agency="harbour", answer=a_contribution(reports=reports)
    )
    found = person(desk, one)
    assert (found.acts, found.people, str(found.first)) == (2, 1, "2025-12-01")
    assert any(each.startswith("harbour/") for each in found.records)
