"""`stac agency rehearse` and `seal` over real workbooks: rows, those not matchable, and people not found."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.cli.command import Stac
from tests.engine.hooks.nocode.agency import installed, with_sheets

Edit = Callable[[Worksheet], None]


@pytest.fixture
def home(stac: Stac) -> Path:
    """A home with the example, its workbook, not sealed yet, and its operator."""
    stac("user", "create", "ops", "--role", "administrator")
    installed(stac.home)
    with_sheets(stac.home)
    for file in (stac.home / "agencies" / "housing" / "extract.json", _before(stac.home)):
        file.unlink()
    return stac.home


def _before(home: Path) -> Path:
    return home / "agencies" / "housing.before.json"


def edited(home: Path, edit: Edit) -> None:
    file = home / "agencies" / "housing" / "housing.xlsx"
    book = load_workbook(file)
    edit(book["Tenants"])
    book.save(file)


def unknown_name(sheet: Worksheet) -> None:
    for column in "BCD":
        sheet[f"{column}2"] = "n/k"


def known(home: Path, *people: tuple[str, str, str]) -> str:
    file = home / "known.csv"
    with file.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([("Forename", "Surname", "Date of birth"), *people])
    return str(file)


def test_a_workbook_is_rehearsed_before_it_is_sealed(stac: Stac, home: Path) -> None:
    result = stac(
        "agency", "rehearse", "housing", "--known", known(home, ("Robin", "Madeup", "17/04/1988")), user="ops"
    )

    assert result.code == 0, result.err
    assert result.out.splitlines() == [
        "housing: the extract was read without a case, and nothing of it was stored",
        "  It is not used for any case yet: extract.json was not found, so it is not known if the extract is "
        "whole; 'stac agency seal housing' writes it for an extract that is",
        "  housing.xlsx, sheet Tenants: 3 rows, 3 can be matched on",
        "  housing.xlsx, sheet Complaints: 5 rows, 5 can be matched on",
        "  housing.xlsx, sheet Forms: 3 rows, 3 can be matched on",
        "  housing.xlsx, sheet Views: 1 row, 1 can be matched on",
        "  housing.xlsx, sheet Orders: 1 row, 1 can be matched on",
        "  housing.xlsx, sheet Links: 1 row, 1 can be matched on",
        "  2 of its own rows were asked about: 2 found, 0 not clear, 0 not found, 0 found as another row",
        "  known person in row 2: found by name and date of birth, unconfirmed",
    ]
    assert not (home / "agencies" / "housing" / "extract.json").exists()


def test_who_is_known_and_not_found_fails_the_rehearsal_without_a_name(stac: Stac, home: Path) -> None:
    edited(home, unknown_name)

    result = stac(
        "agency",
        "rehearse",
        "housing",
        "--json",
        "--known",
        known(home, ("Robin", "Madeup", "17/04/1988")),
        user="ops",
    )

    assert result.code == 1
    assert not result.json["passes"]
    (person,) = result.json["known"]
    assert (person["line"], person["answer"]) == (2, "nil return")
    assert person["gaps"]
    assert result.json["read"]["tables"][0] | {"unmatchable": None} == {
        "table": "housing.xlsx, sheet Tenants",
        "rows": 3,
        "matchable": 2,
        "unmatchable": None,
    }
    assert result.json["read"]["tables"][0]["unmatchable"] == [
        {"reason": "A name that says that it is not known.", "rows": 1, "lines": [2]}
    ]
    assert "Madeup" not in result.out


def test_a_workbook_that_breaks_its_form_says_where(stac: Stac, home: Path) -> None:
    edited(home, lambda sheet: sheet.__setitem__("G2", "=TODAY()"))

    rehearsed, sealed = stac("agency", "rehearse", "housing"), stac("agency", "seal", "housing")

    assert rehearsed.code == sealed.code == 1
    assert "sheet Tenants, row 2, column Tenancy_began" in rehearsed.out
    assert "it cannot be read, so it is not sealed" in sealed.err
    assert "this formula was saved without one" in sealed.err


def test_an_agency_with_code_of_its_own_is_rehearsed_by_its_files_and_known_people(
    stac: Stac, tmp_path: Path
) -> None:
    stac("user", "create", "ops", "--role", "administrator")
    folder = stac.home / "agencies" / "police"
    folder.mkdir(parents=True)
    (folder / "persons.csv").write_text("person_id\n1\n")

    result = stac(
        "agency",
        "rehearse",
        "police",
        "--known",
        known(tmp_path, ("Robin", "Madeup", "1988-04-17")),
        user="ops",
    )

    assert result.code == 1
    assert "  persons.csv: 1 row" in result.out
    assert "known person in row 2: FAILED." in result.out


def test_others_than_the_operator_and_the_agency_cannot_name_people_as_known(stac: Stac, home: Path) -> None:
    stac("user", "create", "pia", "--role", "practitioner", "--agency", "probation")
    stac("user", "create", "hana", "--role", "practitioner", "--agency", "housing")
    file = known(home, ("Robin", "Madeup", "17/04/1988"))

    refused = stac("agency", "rehearse", "housing", "--known", file, user="demo")
    other = stac("agency", "rehearse", "housing", user="pia")
    own = stac("agency", "rehearse", "housing", "--known", file, user="hana")

    assert stac("agency", "rehearse", "housing", user="demo").code == 0  # rows name no person
    assert (refused.code, other.code, own.code) == (1, 1, 0)
    assert "a practitioner of housing or an administrator" in refused.err
    assert "import files for housing" in other.err


SHORTER: dict[str, tuple[Edit, str]] = {
    "a row fewer": (lambda sheet: sheet.delete_rows(4), "sheet Tenants has 2 rows and had 3"),
    "a row that cannot be matched on": (
        unknown_name,
        "sheet Tenants has 2 rows that can be matched on and had 3",
    ),
}


@pytest.mark.parametrize("how", SHORTER)
def test_a_seal_with_fewer_rows_or_fewer_that_can_be_matched_on_needs_a_reason(
    how: str, stac: Stac, home: Path
) -> None:
    edit, sentence = SHORTER[how]
    first = stac("agency", "seal", "housing")
    edited(home, edit)

    silent = stac("agency", "seal", "housing")
    given = stac("agency", "seal", "housing", "--reason", "reviewed with the service", "--json")
    again = stac("agency", "seal", "housing")

    assert first.code == 0, first.err
    assert "  housing.xlsx, sheet Tenants: 3 rows, 3 can be matched on" in first.out
    assert silent.code == 1
    assert sentence in silent.err
    assert "--reason" in silent.err
    assert given.code == 0, given.err
    table = given.json["tables"][0]
    assert table["before"] == {"table": "housing.xlsx, sheet Tenants", "rows": 3, "matchable": 3}
    assert given.json["reason"] == "reviewed with the service"
    assert again.code == 0  # as many as the last


def test_a_workbook_in_which_nobody_can_be_found_needs_a_reason_from_the_first(
    stac: Stac, home: Path
) -> None:
    def without_names(sheet: Worksheet) -> None:
        for row in (2, 3, 4):
            for column in "BCD":
                sheet[f"{column}{row}"] = None

    edited(home, without_names)

    result = stac("agency", "seal", "housing")

    assert result.code == 1
    assert "sheet Tenants has no row that can be matched on (No name)" in result.err
