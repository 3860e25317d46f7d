"""An agency without Python answers as every other: sentences with records, nil returns, gaps, failures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.domain.absence import ItemState
from engine.domain.agencies.people import SubjectAccessResult
from engine.domain.conference.risk import Level
from engine.domain.dates import PartialDate
from engine.domain.responses.answers import AnyAnswer, Contribution, Failed, FailureReason, Nature, NilReturn
from engine.domain.responses.requests import PersonAsked
from engine.hooks.questions import FIND_PEOPLE, SUBJECT_ACCESS
from engine.hooks.registry import Agencies
from engine.synthetic.numbers import police_number
from tests.engine.hooks.nocode.agency import ROBIN, a_case, installed, opened, with_cell, with_sheets
from tests.seals import sealed

NUMBER = police_number(2012, 1)
NOBODY = PersonAsked(forename="Nobody", surname="Here", date_of_birth=PartialDate("1990-01-01"))


@pytest.fixture(scope="module")
def agencies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agencies]:
    home = tmp_path_factory.mktemp("home")
    installed(home)
    with_sheets(home)
    with opened(home) as there:
        yield there


@pytest.fixture(scope="module")
def robin(agencies: Agencies) -> Contribution:
    answer = agencies.assess("housing", a_case())
    assert isinstance(answer, Contribution), answer
    return answer


def test_it_is_on_the_list_beside_the_built_in(agencies: Agencies) -> None:
    assert agencies.codes == ("advocacy", "health", "housing", "police", "probation")
    assert agencies.manifest("housing").name == "Housing"


def test_each_row_that_fits_is_one_sentence_that_points_at_it(robin: Contribution) -> None:
    assert [(each.says, each.records[0].record) for each in robin.findings] == [
        ("A secure tenancy was held from 1 February 2019.", "T1"),
        ("A complaint of harassment was made on 3 November 2025.", "C1"),
        ("A complaint of damage was made; when is not recorded.", "C3"),
        ("The officer thought the complaint of harassment credible.", "C1"),
    ]
    assert robin.findings[3].nature is Nature.OPINION
    assert robin.findings[0].records[0].dated == "2019-02-01"
    assert not robin.matched_on.confirmed


def test_what_is_dated_after_the_day_of_asking_is_left_out(robin: Contribution) -> None:
    assert "C2" not in robin.model_dump_json()


def test_a_column_that_the_mapping_does_not_name_is_nowhere(robin: Contribution) -> None:
    assert "SECRET" not in robin.model_dump_json()


def test_a_row_for_which_there_is_no_sentence_is_counted_and_not_passed_over(robin: Contribution) -> None:
    assert robin.gaps == ("One record in Complaints fits no sentence, so it is not reported.",)
    assert "bins" not in robin.model_dump_json()


def test_the_newest_form_by_that_day_is_carried_with_what_was_not_asked(robin: Contribution) -> None:
    (result,) = robin.instruments

    assert (result.instrument, result.version) == ("tenancy-concerns", "1")
    assert {each.item: each.state for each in result.items} == {
        "near-the-victim": ItemState.PRESENT,
        "others-harassed": ItemState.POSSIBLE,
        "home-at-risk": ItemState.NOT_ASKED,
    }
    assert {pointer.record for each in result.items for pointer in each.evidence} == {"F2"}


def test_a_view_is_carried_word_for_word_with_its_author(robin: Contribution) -> None:
    (view,) = robin.views

    assert (view.level, view.reasons, view.recorded_by.name) == (
        Level.MODERATE,
        "Writes.",
        "Ansel Makebelief",
    )


def test_an_other_name_finds_the_same_person(agencies: Agencies) -> None:
    bobby = ROBIN.model_copy(update={"forename": "Bobby"})

    assert isinstance(agencies.assess("housing", a_case(bobby)), Contribution)


def test_nobody_found_is_a_nil_return_in_words(agencies: Agencies) -> None:
    answer = agencies.assess("housing", a_case(NOBODY))

    assert answer == NilReturn(
        looked_in=("tenancy register", "complaints", "officers' forms"),
        says="Housing searched tenancy register, complaints and officers' forms by name and date of birth "
        "and found no record of the person.",
    )


def test_of_two_namesakes_none_is_taken(agencies: Agencies) -> None:
    answer = agencies.assess("housing", a_case(PersonAsked(forename="Sam", surname="Twin")))

    assert isinstance(answer, Contribution)
    assert answer.findings == ()
    assert answer.gaps


def test_a_record_that_may_be_another_person_s_is_not_told_to_who_asks(agencies: Agencies) -> None:
    answer = agencies.ask("housing", SUBJECT_ACCESS, ROBIN)

    assert isinstance(answer, SubjectAccessResult)
    assert answer.items == ()
    assert answer.gaps


def test_its_own_staff_are_shown_every_record_that_could_be_the_person_s(agencies: Agencies) -> None:
    found = agencies.ask("housing", FIND_PEOPLE, PersonAsked(forename="Sam", surname="Twin"))

    assert not isinstance(found, Failed)
    assert [each.record for each in found.found] == ["T2", "T3"]
    assert not any(each.matched_on.confirmed for each in found.found)


def test_a_person_who_is_found_for_certain_is_told_everything_of_any_date(tmp_path: Path) -> None:
    numbers = (
        "mapping.toml",
        'date_of_birth = "Date of birth"\n',
        'date_of_birth = "Date of birth"\nidentifiers = { pnc = "Ended how" }\n',
    )
    fields = (
        "agency.toml",
        '"perpetrator.date_of_birth"]',
        '"perpetrator.date_of_birth", "perpetrator.identifiers"]\nidentifier_schemes = ["pnc"]',
    )
    installed(tmp_path, numbers, fields)
    with_sheets(tmp_path, with_cell("Tenants", 1, "Ended how", NUMBER.value))
    numbered = ROBIN.model_copy(update={"identifiers": (NUMBER,)})

    with opened(tmp_path) as agencies:
        answer = agencies.ask("housing", SUBJECT_ACCESS, numbered)
        found = agencies.ask("housing", FIND_PEOPLE, numbered)

    assert isinstance(answer, SubjectAccessResult)
    assert [item.record for item in answer.items] == [
        *("T1", "C1", "C2", "C3", "C1", "V1", "L1", "F1", "F2", "F3")
    ]
    assert "One order not recorded as served was not given." in answer.gaps
    assert not isinstance(found, Failed)
    assert [(each.record, each.matched_on.confirmed) for each in found.found] == [("T1", True)]


def asked(home: Path, changed: dict[str, list[list[object]]]) -> AnyAnswer:
    installed(home)
    with_sheets(home, changed)
    with opened(home) as agencies:
        return agencies.assess("housing", a_case())


SHEET = "housing.xlsx has a line that breaks its format (sheet"
ROW_2 = f"{SHEET} Complaints, row 2, column "
DATE = ": expected a date such as 09/03/2024, 2024-03-09, March 2024 or 2024"
WORD = ": expected one of the values that the mapping lists for it"


@pytest.mark.parametrize(
    ("sheet", "row", "column", "cell", "sentence"),
    [
        (
            "Complaints",
            1,
            "Reported on",
            "31/02/2025",
            f"{SHEET} Complaints, row 2, column Reported_on){DATE}",
        ),
        ("Complaints", 1, "Reported on", "1/2/25", f"{ROW_2}Reported_on){DATE}"),
        (
            "Complaints",
            2,
            "Tenant no",
            "T99",
            f"{SHEET} Complaints, row 3, column Tenant_no): expected the number of a row in the sheet",
        ),
        (
            "Complaints",
            2,
            "Complaint no",
            "C1",
            "holds the same key twice (sheet Complaints, row 3, column Complaint_no)",
        ),
        ("Tenants", 2, "Tenant no", "T1", "twice (sheet Tenants, row 3, column Tenant_no)"),
        ("Tenants", 2, "Tenant no", "", f"{SHEET} Tenants, row 3, column Tenant_no): expected a value"),
        (
            "Complaints",
            3,
            "Complaint no",
            "9" * 81,
            f"{SHEET} Complaints, row 4, column Complaint_no): expected a row's own number",
        ),
        ("Forms", 1, "Home at risk", "maybe", f"{SHEET} Forms, row 2, column Home_at_risk){WORD}"),
        ("Views", 1, "Level", "very high", f"{SHEET} Views, row 2, column Level){WORD}"),
        ("Views", 1, "Recorded by", "", f"{SHEET} Views, row 2, column Recorded_by): expected a value"),
        (
            "Views",
            1,
            "Recorded on",
            "2025",
            f"{SHEET} Views, row 2, column Recorded_on): expected a whole date such as",
        ),
    ],
)
def test_a_row_that_cannot_be_read_fails_the_answer_and_tells_its_place(
    sheet: str, row: int, column: str, cell: str, sentence: str, tmp_path: Path
) -> None:
    answer = asked(tmp_path, with_cell(sheet, row, column, cell))

    assert isinstance(answer, Failed)
    assert answer.reason is FailureReason.BAD_RECORDS
    assert sentence in answer.says
    assert not cell or len(cell) < 4 or cell not in answer.says


def test_a_row_that_is_blank_throughout_is_no_fault(tmp_path: Path) -> None:
    installed(tmp_path)
    rows = {"Complaints": [["Complaint no", "Tenant no", "Kind", "Reported on", "Officer's view"], [""] * 5]}
    with_sheets(tmp_path, rows)
    with opened(tmp_path) as agencies:
        assert isinstance(agencies.assess("housing", a_case()), Contribution)


def test_a_workbook_that_is_none_and_one_that_is_missing_are_failures(tmp_path: Path) -> None:
    installed(tmp_path)
    file = with_sheets(tmp_path)
    with opened(tmp_path) as agencies:
        file.write_bytes(b"PK\x03\x04 and no more")
        sealed(file.parent)
        broken = agencies.assess("housing", a_case())
        file.rename(file.with_name("other.xlsx"))
        sealed(file.parent)
        missing = agencies.assess("housing", a_case())

    assert isinstance(broken, Failed)
    assert "housing.xlsx could not be opened" in broken.says
    assert isinstance(missing, Failed)
    assert "housing.xlsx is not there" in missing.says


def test_a_sheet_or_a_column_that_is_missing_is_named(tmp_path: Path) -> None:
    answer = asked(tmp_path, {"Complaints": [["Complaint no", "Tenant no", "Kind", "Reported on"]]})

    assert isinstance(answer, Failed)
    assert "housing.xlsx lacks a column (sheet Complaints, column Officer_s_view)" in answer.says


def test_a_workbook_without_a_sheet_names_the_sheet(tmp_path: Path) -> None:
    installed(tmp_path, ("mapping.toml", 'sheet = "Forms"', 'sheet = "Officers\' forms"'))
    with_sheets(tmp_path)
    with opened(tmp_path) as agencies:
        answer = agencies.assess("housing", a_case())

    assert isinstance(answer, Failed)
    assert "housing.xlsx lacks a sheet (sheet Officers_forms)" in answer.says


def test_a_new_workbook_is_read_at_the_next_question(tmp_path: Path) -> None:
    installed(tmp_path)
    with_sheets(tmp_path)
    with opened(tmp_path) as agencies:
        before = agencies.assess("housing", a_case())
        with_sheets(tmp_path, with_cell("Complaints", 1, "Kind", "noise"))
        after = agencies.assess("housing", a_case())

    assert "A complaint of harassment" in before.model_dump_json()
    assert "A complaint of harassment" not in after.model_dump_json()
    assert "A complaint of noise was made on 3 November 2025." in after.model_dump_json()


def test_what_a_cell_holds_is_neither_a_formula_nor_a_sentence_of_its_own(tmp_path: Path) -> None:
    installed(tmp_path, ("mapping.toml", 'only_if = { "Kind" = ["harassment", "noise", "damage"] }\n', ""))
    rows = with_cell("Complaints", 1, "Kind", "@SUM({Never mapped})")
    with_sheets(tmp_path, rows)
    with opened(tmp_path) as agencies:
        answer = agencies.assess("housing", a_case())

    assert isinstance(answer, Contribution)
    said = [each.says for each in answer.findings]
    assert "A complaint of SUM({Never mapped}) was made on 3 November 2025." in said
    assert not any("SECRET" in each for each in said)


def test_endless_cells_make_no_endless_sentence(tmp_path: Path) -> None:
    installed(
        tmp_path,
        ("mapping.toml", 'only_if = { "Kind" = ["harassment", "noise", "damage"] }\n', ""),
        (
            "mapping.toml",
            "A complaint of {Kind} was made on",
            "A complaint of {Kind}, {Kind}, {Kind} and {Kind} on",
        ),
    )
    with_sheets(tmp_path, with_cell("Complaints", 1, "Kind", "x" * 5000))
    with opened(tmp_path) as agencies:
        answer = agencies.assess("housing", a_case())

    assert isinstance(answer, Contribution)
    assert max(len(each.says) for each in answer.findings) <= 600
