"""Lines about alleged perpetrators who may be one person: for coordinator and chair, until one decides."""

from __future__ import annotations

import pytest

from engine.domain.absence import YesNo
from engine.domain.accounts.acting import Acting, Role
from engine.domain.cases.lifecycle import Act, TriageOutcome
from engine.domain.cases.worklists import WorkItem
from engine.domain.people.same_person import SameVerdict
from engine.services.cases.views import view_case
from engine.services.cases.worklists import worklist
from engine.services.people import duplicates_waiting
from engine.services.people.duplicates_waiting import MAY_BE_ONE
from engine.services.people.matching import compare_new
from engine.services.people.same_person import take_back_same
from engine.services.referrals.screening import end_involvement, name_people, screen
from tests.builders import Desk, a_person, a_referral, a_screening
from tests.differential import statements_of
from tests.engine.services.cases.test_person_acts import about, judge, refer


def lines(desk: Desk, by: Acting | None = None) -> list[WorkItem]:
    found = worklist(desk.context(by or desk.chair)).items
    return [each for each in found if each.kind == MAY_BE_ONE]


@pytest.fixture
def two(desk: Desk) -> tuple[str, str]:
    """Two cases of one name and date of birth, compared by the record."""
    cases = refer(desk, about(1, "2026-02-10")), refer(desk, about(2, "2026-02-20"))
    compare_new(desk.context(desk.chair))
    return cases


def test_an_undecided_pair_is_a_line_until_a_person_decides(desk: Desk, two: tuple[str, str]) -> None:
    for who in (desk.chair, desk.coordinator):
        (line,) = lines(desk, who)
        assert line.reference == two[1]
        both = f"{two[1]} and {two[0]}"
        assert line.what == f"Decide whether the alleged perpetrators of {both} are the same person"
    judge(desk, *two)
    assert lines(desk) == []
    people = [view_case(desk.context(desk.chair), reference=case).perpetrator.reference for case in two]
    take_back_same(desk.context(desk.chair), one=people[0], other=people[1], why="Brothers.")
    assert len(lines(desk)) == 1


@pytest.mark.parametrize(
    ("one", "other", "is_likely"),
    [
        (("Anna Maria", "Jones"), ("Anna", "Jones"), True),
        (("Anna", "Jones"), ("Anna Maria", "Jones"), True),
        (("Anna M", "Jones"), ("Anna", "Jones"), True),
        (("Anna", "Maria Jones"), ("Anna", "Jones"), True),
        (("Anna Maria", "Jones"), ("Petra", "Jones"), False),
    ],
)
def test_a_middle_name_on_one_side_only_is_a_likely_match(
    desk: Desk, one: tuple[str, str], other: tuple[str, str], is_likely: bool
) -> None:
    for number, name in enumerate((one, other), start=1):
        desk.refer(a_referral(str(number), perpetrator=a_person(*name, pnc=None)))
    for reference in [each.reference for each in worklist(desk.context(desk.coordinator)).items]:
        screen(desk.context(desk.coordinator), reference=reference, screening=a_screening())
    compare_new(desk.context(desk.chair))
    assert len(lines(desk)) == int(is_likely)


@pytest.mark.parametrize("verdict", [SameVerdict.NOT_SAME, SameVerdict.UNSURE])
def test_a_pair_on_which_a_person_decided_otherwise_is_no_line(
    desk: Desk, two: tuple[str, str], verdict: SameVerdict
) -> None:
    judge(desk, *two, verdict)
    assert lines(desk) == []


def test_people_with_pairs_in_common_are_one_line_until_all_are_decided(
    desk: Desk, two: tuple[str, str]
) -> None:
    third = refer(desk, about(3, "2026-02-25"))
    compare_new(desk.context(desk.chair))
    (line,) = lines(desk)
    assert all(each in line.what for each in (*two, third))
    judge(desk, *two)
    (line,) = lines(desk)
    assert third in line.what
    judge(desk, two[0], third)
    assert lines(desk) == []


def test_a_pair_of_closed_cases_waits_only_in_the_queue(desk: Desk, two: tuple[str, str]) -> None:
    for case in two:
        given = a_screening(TriageOutcome.ADVICE, advice="Record each contact.")
        screen(desk.context(desk.coordinator), reference=case, screening=given)
    end_involvement(desk.context(desk.coordinator), reference=two[0], act=Act.CLOSE, why="Over.")
    assert len(lines(desk)) == 1
    end_involvement(desk.context(desk.coordinator), reference=two[1], act=Act.CLOSE, why="Over.")
    assert lines(desk) == []
    assert len(view_case(desk.context(desk.chair), reference=two[0]).person.may_be_same) == 1


def test_a_pair_of_victims_and_a_practitioner_have_no_line(desk: Desk, two: tuple[str, str]) -> None:
    judge(desk, *two, SameVerdict.NOT_SAME)
    one = a_referral("8", victim=a_person("Sabra", "Ellin"), perpetrator=a_person("Jarrick", "Stell"))
    refer(desk, one)
    refer(desk, a_referral("9", victim=a_person("Sabra", "Ellin"), perpetrator=a_person("Osk", "Lind")))
    compare_new(desk.context(desk.chair))
    victims = {each for line in lines(desk) for each in (line.what,)}
    assert not any("Sabra" in each for each in victims)
    worker = desk.add("worker", Role.PRACTITIONER, "harbour")
    for case in two:
        screen(desk.context(desk.coordinator), reference=case, screening=a_screening())
        name_people(desk.context(desk.coordinator), reference=case, people=["worker"])
    assert lines(desk, worker) == []


def test_a_pair_with_a_restricted_case_is_a_line_of_those_who_can_open_both(desk: Desk) -> None:
    other = desk.add("other", Role.COORDINATOR)
    refer(desk, about(1, "2026-02-10"))
    refer(desk, about(2, "2026-02-20", party_works_for=YesNo.YES))
    compare_new(desk.context(desk.chair))
    assert len(lines(desk, desk.chair)) == 1
    assert lines(desk, other) == []


def test_the_lines_take_the_same_statements_whatever_is_hidden(desk: Desk) -> None:
    other = desk.add("other", Role.COORDINATOR)
    refer(desk, about(1, "2026-02-10"))

    def read() -> list[str]:
        with statements_of(desk) as given:
            assert lines(desk, other) == []
        return given

    read()  # the first use of a record checks its keys
    before = [each for each in read() if "identity_" in each]
    refer(desk, about(2, "2026-02-20", party_works_for=YesNo.YES))
    compare_new(desk.context(desk.chair))
    assert [each for each in read() if "identity_" in each] == before


def test_of_many_undecided_pairs_the_oldest_are_lines_and_the_list_says_that_there_may_be_more(
    desk: Desk, two: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    refer(desk, about(3, "2026-02-25"))
    compare_new(desk.context(desk.chair))
    assert not worklist(desk.context(desk.chair)).or_more
    monkeypatch.setattr(duplicates_waiting, "_MOST_PAIRS", 1)
    shown = worklist(desk.context(desk.chair))
    assert shown.or_more
    (line,) = [each for each in shown.items if each.kind == MAY_BE_ONE]
    assert all(each in line.what for each in two)
