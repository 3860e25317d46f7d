"""A tenant who is in the workbook is never a nil return without a gap, however the row was written.

Each fault is put into a real workbook and the agency is asked about the person of the row, through its own
process.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from engine.domain.dates import PartialDate
from engine.domain.responses.answers import AnyAnswer, Contribution, Failed, NilReturn
from engine.domain.responses.requests import PersonAsked
from engine.hooks.matchable import NotMatchable
from engine.hooks.questions import SUBJECT_ACCESS
from engine.hooks.registry import agencies_folder
from tests.engine.hooks.nocode.agency import ROBIN, a_case, installed, opened, with_sheets
from tests.seals import sealed

Edit = Callable[[Worksheet], None]
NOBODY = PersonAsked(forename="Nobody", surname="Here", date_of_birth=PartialDate("1990-01-01"))
FORENAME, SURNAME, OTHER, BORN, BEGAN = "B", "C", "D", "E", "G"
ROW = 2
"""The row of Robin Madeup, who is asked about."""


def cells(**by_column: Any) -> Edit:
    """Put these into the row of the person; the other name is taken away."""

    def edit(sheet: Worksheet) -> None:
        for column, value in {OTHER: None, **by_column}.items():
            sheet[f"{column}{ROW}"] = value

    return edit


def merged(block: str, **by_column: object) -> Edit:
    def edit(sheet: Worksheet) -> None:
        cells(**by_column)(sheet)
        sheet.merge_cells(block)

    return edit


def rewritten(home: Path, edit: Edit) -> Path:
    """The workbook of the tests, with its sheet of tenants changed and saved again."""
    file = agencies_folder(home, "housing") / "housing.xlsx"
    if not file.exists():
        with_sheets(home)
    book = load_workbook(file)
    edit(book["Tenants"])
    book.save(file)
    sealed(file.parent)
    return file


def asked(home: Path, person: PersonAsked = ROBIN) -> AnyAnswer:
    with opened(home) as agencies:
        return agencies.assess("housing", a_case(person))


NOT_FOUND: dict[str, tuple[Edit, NotMatchable]] = {
    "a blank name": (cells(B=None, C=None), NotMatchable.BLANK),
    "n/k": (cells(B="n/k", C="n/k"), NotMatchable.NOT_KNOWN),
    "not known": (cells(B=None, C="Not known"), NotMatchable.NOT_KNOWN),
    "question marks": (cells(B="?", C="??"), NotMatchable.NOT_KNOWN),
    "the occupier": (cells(B=None, C="The Occupier"), NotMatchable.NOT_KNOWN),
    "a forename that is not known": (cells(B="Unknown", C="Madeup"), NotMatchable.PART),
    "only a surname": (cells(B=None, C="MADEUP (Mr)"), NotMatchable.PART),
    "only an initial": (cells(B="R", C="Madeup"), NotMatchable.PART),
    "joint tenants": (cells(B="Robin & Sam", C="Madeup"), NotMatchable.SEVERAL),
    "an address": (cells(B="12 High", C="Street"), NotMatchable.FIGURES),
    "a lookup that failed": (cells(B="#N/A", C="#N/A"), NotMatchable.ERROR),
    "a formula without a value": (cells(B='=PROPER("ROBIN")', C='=PROPER("MADEUP")'), NotMatchable.FORMULA),
    "a formula in one of its cells": (cells(B='=PROPER("ROBIN")', C="Madeup"), NotMatchable.FORMULA),
    "a name merged with the row above": (merged("B1:C2"), NotMatchable.MERGED),
    "a surname merged away": (merged("B2:C2", B="Robin"), NotMatchable.MERGED),
}


@pytest.mark.parametrize("fault", NOT_FOUND)
def test_a_row_that_cannot_be_matched_on_is_a_gap_of_each_nil_return(fault: str, tmp_path: Path) -> None:
    edit, why = NOT_FOUND[fault]
    installed(tmp_path)
    if fault == "a name merged with the row above":
        with_sheets(tmp_path)
        edit = _merged_with_the_row_before(tmp_path)
    else:
        rewritten(tmp_path, edit)

    for person in (ROBIN, NOBODY):
        answer = asked(tmp_path, person)

        assert isinstance(answer, NilReturn), answer
        (gap,) = answer.gaps
        assert gap.startswith("One of ")
        assert gap.endswith(
            f"in Tenants could not be compared with the person, who may be among them: one has {why.value}."
        )


def _merged_with_the_row_before(home: Path) -> Edit:
    """The second tenancy of a household, whose name is written once over both rows."""

    def edit(sheet: Worksheet) -> None:
        cells(B="Sam", C="Household")(sheet)
        sheet.insert_rows(ROW + 1)
        for column, value in {"A": "T9", BORN: "17/04/1988", "F": "secure"}.items():
            sheet[f"{column}{ROW + 1}"] = value
        sheet.merge_cells(f"B{ROW}:B{ROW + 1}")
        sheet.merge_cells(f"C{ROW}:C{ROW + 1}")

    rewritten(home, edit)
    return edit


FOUND: dict[str, Edit] = {
    "surname, forename and title in one cell": cells(B=None, C="MADEUP, Robin (Mr)"),
    "a title before": cells(B="Mr Robin", C="Madeup"),
    "a title after": cells(B=None, C="Madeup Robin Mr"),
    "a whole name in merged cells": merged("B2:C2", B="Robin Madeup"),
    "a note in brackets": cells(B="Robin", C="Madeup (deceased)"),
    "the forename in brackets": cells(B=None, C="MADEUP (Robin)"),
    "an other name beside one that is not known": cells(B="n/k", C="n/k", D="Robin Madeup"),
}


@pytest.mark.parametrize("way", FOUND)
def test_a_name_in_another_form_still_finds_its_person(way: str, tmp_path: Path) -> None:
    installed(tmp_path)
    rewritten(tmp_path, FOUND[way])

    answer = asked(tmp_path)

    assert isinstance(answer, Contribution), answer
    assert answer.findings


BIRTHS: dict[str, object] = {
    "blank": None,
    "n/k": "n/k",
    "a default": date(1900, 1, 1),
    "a day to come": date(2031, 12, 31),
    "the start of a tenancy": date(2022, 2, 1),
    "a formula without a value": "=DATE(1988,4,17)",
    "an error": "#REF!",
}


@pytest.mark.parametrize("written", BIRTHS)
def test_a_date_of_birth_that_is_none_makes_nobody_another_person(written: str, tmp_path: Path) -> None:
    installed(tmp_path)
    rewritten(tmp_path, cells(E=BIRTHS[written]))

    answer = asked(tmp_path)

    assert isinstance(answer, Contribution), answer
    assert "no date of birth to compare" in answer.gaps[0]


def test_dates_of_another_column_read_as_dates_of_birth_are_not_used(tmp_path: Path) -> None:
    installed(tmp_path)

    def edit(sheet: Worksheet) -> None:
        days = (date(1995, 2, 1), date(2021, 5, 3), date(2022, 6, 1))
        for row, day in enumerate(days, start=ROW):
            sheet[f"{BORN}{row}"] = day

    rewritten(tmp_path, edit)
    answer = asked(tmp_path)

    assert isinstance(answer, Contribution), answer  # the date of Robin's row could be a date of birth
    assert answer.gaps[1] == (
        "Two of three dates of birth in Tenants cannot be right, so none was used: another date may be in "
        "their column."
    )


def test_a_sheet_of_children_has_dates_of_birth_of_late(tmp_path: Path) -> None:
    child = PersonAsked(forename="Robin", surname="Madeup", date_of_birth=PartialDate("2022-02-01"))
    installed(
        tmp_path,
        (
            "mapping.toml",
            'date_of_birth = "Date of birth"',
            'date_of_birth = "Date of birth"\nchildren = true',
        ),
    )
    rewritten(tmp_path, cells(E=date(2022, 2, 1)))

    answer = asked(tmp_path, child)

    assert isinstance(answer, Contribution)
    assert answer.matched_on.says == "by name and date of birth, unconfirmed"


@pytest.mark.parametrize("column", ["A", "F", BEGAN])
@pytest.mark.parametrize("value", ["=A1", "#N/A"])
def test_another_cell_that_only_looks_blank_breaks_the_extract(
    column: str, value: str, tmp_path: Path
) -> None:
    installed(tmp_path)
    rewritten(tmp_path, cells(**{column: value}))

    answer = asked(tmp_path)

    assert isinstance(answer, Failed)
    assert "sheet Tenants, row 2" in answer.says


def test_a_clean_workbook_has_no_gap(tmp_path: Path) -> None:
    installed(tmp_path)
    with_sheets(tmp_path)

    answer = asked(tmp_path, NOBODY)

    assert isinstance(answer, NilReturn)
    assert answer.gaps == ()


def test_who_asks_for_their_own_data_reads_the_gap_too(tmp_path: Path) -> None:
    installed(tmp_path)
    rewritten(tmp_path, NOT_FOUND["n/k"][0])
    with opened(tmp_path) as agencies:
        result = agencies.ask("housing", SUBJECT_ACCESS, NOBODY)

    assert not isinstance(result, Failed)
    assert (result.items, len(result.gaps)) == ((), 1)


def test_a_person_asked_about_whose_name_is_not_known_is_not_searched_for(tmp_path: Path) -> None:
    installed(tmp_path)
    with_sheets(tmp_path)

    answer = asked(tmp_path, PersonAsked(forename="n/k", surname="Madeup"))

    assert isinstance(answer, Contribution)
    assert answer.matched_on.says == "too little was given to search for a person"
