"""The example without Python, with sheets written by hand, asked through its own process."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from openpyxl import Workbook

from engine.domain.dates import PartialDate
from engine.domain.responses.requests import CaseAsked, PersonAsked
from engine.hooks.conformance.people import ASKED_ON
from engine.hooks.registry import Agencies, agencies_folder, load_agencies
from tests.seals import sealed

EXAMPLE = Path(__file__).parents[4] / "docs" / "agencies" / "examples" / "housing"
ROBIN = PersonAsked(forename="Robin", surname="Madeup", date_of_birth=PartialDate("1988-04-17"))
SHEETS: dict[str, list[list[object]]] = {
    "Tenants": [
        [
            "Tenant no",
            "Forename",
            "Surname",
            "Also known as",
            "Date of birth",
            "Tenure",
            "Tenancy began",
            "Tenancy ended",
            "Ended how",
            "Register checked",
            "Never mapped",
        ],
        [
            "T1",
            "Robin",
            "Madeup",
            "Bobby Madeup",
            "17/04/1988",
            "secure",
            "01/02/2019",
            "",
            "",
            "03/01/2026",
            "SECRET",
        ],
        ["T2", "Sam", "Twin", "", "1979-09-01", "introductory", "", "", "", "", "SECRET"],
        ["T3", "Sam", "Twin", "", "", "secure", "2022-06", "", "", "", "SECRET"],
    ],
    "Complaints": [
        ["Complaint no", "Tenant no", "Kind", "Reported on", "Officer's view"],
        ["C1", "T1", "harassment", "03/11/2025", "credible"],
        ["C2", "T1", "noise", "2026-03-02", ""],
        ["C3", "T1", "damage", "", ""],
        ["C4", "T1", "a dispute about bins", "2025-01-05", ""],
        ["C5", "T2", "noise", "2024-06-01", ""],
    ],
    "Forms": [
        [
            "Form no",
            "Tenant no",
            "Filled in on",
            "Asked to move nearer",
            "Neighbours pestered",
            "Home at risk",
        ],
        ["F1", "T1", "05/01/2025", "no", "no", "yes"],
        ["F2", "T1", "05/12/2025", "Yes", "perhaps", ""],
        ["F3", "T1", "05/02/2026", "no", "no", "no"],
    ],
    "Views": [
        ["View no", "Tenant no", "About", "Level", "Reasons", "Recorded by", "Post", "Recorded on"],
        [
            "V1",
            "T1",
            "persistence",
            "moderate",
            "Writes.",
            "Ansel Makebelief",
            "Manager",
            "01/12/2025",
        ],
    ],
}
SHEETS |= {
    "Orders": [
        ["Order no", "Tenant no", "Type", "Court", "Made on", "Served on", "Ends on", "Conditions"],
        ["O1", "T1", "injunction", "County Court", "12/01/2026", "", "", "No contact; to return the keys"],
    ],
    "Links": [
        ["Link no", "Tenant no", "What", "Value", "First seen", "Last seen", "From", "Grade"],
        ["L1", "T1", "mobile", "07700 900123", "11/2025", "", "repairs line", "2B P"],
    ],
}
MAPPING_FILES = ("agency.toml", "mapping.toml", "tenancy-concerns.toml")


def a_case(person: PersonAsked = ROBIN) -> CaseAsked:
    return CaseAsked(reference="R-1", on=ASKED_ON, perpetrator=person)


def installed(home: Path, *replaced: tuple[str, str, str]) -> Path:
    """The example in the operator's home, with these replacements in its files."""
    folder = home / "agencies.d" / "housing"
    shutil.copytree(EXAMPLE, folder)
    for file, was, now in replaced:
        text = (folder / file).read_text(encoding="utf-8")
        assert was in text
        (folder / file).write_text(text.replace(was, now), encoding="utf-8")
    return folder


def with_sheets(home: Path, changed: Mapping[str, Sequence[Sequence[object]]] | None = None) -> Path:
    """The workbook in the agency's own folder; ``changed`` replaces whole sheets."""
    book = Workbook()
    book.remove(book["Sheet"])
    for name, rows in {**SHEETS, **(changed or {})}.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([cell if cell != "" else None for cell in row])
    folder = agencies_folder(home, "housing")
    folder.mkdir(parents=True, exist_ok=True)
    book.save(folder / "housing.xlsx")
    sealed(folder)
    return folder / "housing.xlsx"


def with_cell(sheet: str, row: int, column: str, cell: object) -> dict[str, list[list[object]]]:
    """That sheet with one cell changed; the first row under the heading is 1."""
    rows = [list(each) for each in SHEETS[sheet]]
    rows[row][rows[0].index(column)] = cell
    return {sheet: rows}


def opened(home: Path) -> Agencies:
    built_in = ("advocacy", "health", "police", "probation")
    return load_agencies(home, suspended=built_in)
