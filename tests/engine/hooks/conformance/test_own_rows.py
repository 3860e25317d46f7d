"""A mapping to another column fails on the agency's own workbook, which invented sheets cannot show."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from engine.hooks.conformance.levels import CheckResult, Standing
from engine.hooks.conformance.own_rows import own_rows
from engine.hooks.nocode.mapping import read_agency
from tests.engine.hooks.conformance.packages import EXAMPLE, a_plugin, found
from tests.engine.hooks.nocode.agency import installed, with_sheets

_COLUMNS = '"Tenant no", "Forename", "Surname", "Also known as", "Date of birth", "Tenure"'


def result(place: Path, work: Path, records: Path | None) -> CheckResult:
    candidate = found(place, work)
    return own_rows(candidate, read_agency(candidate.announced), records=records, work=work / "own")


def workbook(home: Path) -> Path:
    """The folder of a workbook in which each date could be a date of birth, without other names."""
    file = with_sheets(home)
    book = load_workbook(file)
    for row, began in enumerate((date(1991, 2, 1), date(1992, 5, 3), date(1993, 6, 1)), start=2):
        book["Tenants"][f"D{row}"] = None
        book["Tenants"][f"G{row}"] = book["Tenants"][f"H{row}"] = began
    book.save(file)
    return file.parent


def test_the_example_finds_the_people_of_its_workbook(tmp_path: Path) -> None:
    check = result(EXAMPLE, tmp_path, workbook(tmp_path))

    assert check.standing is Standing.PASSED
    assert check.says == ("3 of 3 rows can be matched on, and two people found.",)


WRONG = {
    "the name": (
        ('name = ["Forename", "Surname"]', 'name = ["Forename", "Tenure"]'),
        (_COLUMNS, _COLUMNS.replace('"Surname", ', "")),
    ),
    "the date of birth, by another date": (
        ('date_of_birth = "Date of birth"', 'date_of_birth = "Tenancy ended"'),
        (_COLUMNS, _COLUMNS.replace('"Date of birth", ', "")),
        ('dates = ["Date of birth", ', "dates = ["),
        ('dated = "Tenancy ended"\n', ""),
    ),
    "the date of birth, by a column without dates": (
        ('date_of_birth = "Date of birth"', 'date_of_birth = "Ended how"'),
        (_COLUMNS, _COLUMNS.replace('"Date of birth", ', "")),
        ('dates = ["Date of birth", ', "dates = ["),
    ),
}


@pytest.mark.parametrize("column", WRONG)
def test_a_mapping_to_the_wrong_column_fails(column: str, tmp_path: Path) -> None:
    folder = workbook(tmp_path)
    place = installed(tmp_path, *(("mapping.toml", was, now) for was, now in WRONG[column]))

    check = result(place, tmp_path / "work", folder)

    assert check.standing is Standing.FAILED
    assert "people" in check.says[0]


def test_a_workbook_that_cannot_be_read_fails_with_its_place(tmp_path: Path) -> None:
    folder = workbook(tmp_path)
    book = load_workbook(folder / "housing.xlsx")
    book["Tenants"]["G2"] = "=TODAY()"
    book.save(folder / "housing.xlsx")

    check = result(EXAMPLE, tmp_path, folder)

    assert check.standing is Standing.FAILED
    assert "row 2, column Tenancy_began" in check.says[0]


def test_without_a_workbook_it_is_not_checked(tmp_path: Path) -> None:
    assert result(EXAMPLE, tmp_path, None).standing is Standing.NOT_CHECKED
    assert result(EXAMPLE, tmp_path, tmp_path).standing is Standing.NOT_CHECKED


def test_a_plugin_with_code_of_its_own_has_no_mapping_to_try(tmp_path: Path) -> None:
    assert result(a_plugin(tmp_path), tmp_path, None).standing is Standing.DOES_NOT_APPLY
