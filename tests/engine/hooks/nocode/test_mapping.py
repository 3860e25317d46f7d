"""A mapping that is wrong is told when the agencies are loaded, fault by fault, before anybody is asked."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from engine.domain.invented import InventedExtractTask
from engine.hooks.conformance.people import invented_people
from engine.hooks.registry import agencies_folder
from tests.engine.hooks.nocode.agency import SHEETS, installed, opened


def faults(home: Path) -> list[str]:
    """What is at fault with each agency of this home, in its own words: it stops no other agency."""
    with opened(home) as agencies:
        return [fault.says for fault in agencies.faults()]


@pytest.mark.parametrize(
    ("was", "now", "sentence"),
    [
        ('key = "complaint"', 'key = "tenancy"', "findings: each needs a key of its own"),
        ('who = "housing"\n', "", "mapping.toml: who is missing"),
        (
            'who = "housing"',
            'who = "housing"\ncolour = "red"',
            "colour is not part of a mapping",
        ),
        ('sheet = "Tenants"\n', "", "name a sheet for a workbook"),
        ("from {Tenancy began}", "from {Tenancy began", "people.findings.1: put a column in as {Column}"),
        ('says = "The tenancy', 'says = "{Tenure}: the tenancy', "start a sentence with your own text"),
        ('"Tenancy ended", ', "", "finding tenancy-ended: list 'Tenancy ended' under dates too"),
        ('"Date of birth", ', '"Date of burial", ', "no part of the mapping reads a column 'Date of burial'"),
        ('id = "tenancy-concerns"', 'id = "another-form"', "another-form is not named under instruments"),
        ('file = "housing.xlsx"', 'file = "../../etc/passwd.csv"', "people.file"),
        ("dates = [", "dates = [[", "mapping.toml is not TOML"),
        (
            "of {Kind} was made on",
            "of {Kidn} was made on",
            "'Kidn' is not a column of sheet Complaints of housing.xlsx; did you mean 'Kind'?",
        ),
        ('column = "Home at risk"', 'column = "Home in risk"', "did you mean 'Home at risk'?"),
        (
            'date_of_birth = "Date of birth"',
            'date_of_birth = "Tenancy began"',
            "'Tenancy began' is read as date_of_birth and as the date of finding tenancy",
        ),
        (
            'date_of_birth = "Date of birth"',
            'date_of_birth = "Register checked"',
            "'Register checked' is read as date_of_birth and as last_checked",
        ),
        (
            'date_of_birth = "Date of birth"',
            'date_of_birth = "Tenancy ended"',
            "'Date of birth' is called a date of birth and 'Tenancy ended' is read as it",
        ),
        (
            'name = ["Forename", "Surname"]',
            'name = ["Forename", "Tenure"]',
            "'Surname' is called a surname and is not read as a part of the name",
        ),
        (
            'name = ["Forename", "Surname"]',
            'name = ["Forename", "Forename"]',
            "people: 'Forename' is read as a part of the name; one of them is another column",
        ),
        (
            'name = ["Forename", "Surname"]',
            'name = ["Tenant no", "Surname"]',
            "'Tenant no' is read as record and as a part of the name",
        ),
        (
            'other_names = "Also known as"',
            'other_names = "Surname"',
            "'Surname' is read as a part of the name and as other_names",
        ),
        (
            '"Reported on", "Officer',
            '"Kind", "Officer',
            "sheet Complaints of housing.xlsx: list each column once",
        ),
        (
            'columns = ["View no", "Tenant no", "About"',
            'column = ["View no", "Tenant no", "About"',
            "mapping.toml: views.columns is missing",
        ),
        (
            'dated = "Filled in on"',
            'dated = "Filled in on"\nconclusion = "Said"',
            "concluded it go together",
        ),
    ],
)
def test_each_fault_is_told_in_a_sentence(was: str, now: str, sentence: str, tmp_path: Path) -> None:
    installed(tmp_path, ("mapping.toml", was, now))

    (text,) = faults(tmp_path)
    assert sentence in text
    assert text.startswith("housing: its manifest cannot be used: mapping.toml")


def test_invented_sheets_have_the_declared_columns_and_no_other(tmp_path: Path) -> None:
    installed(tmp_path, ("mapping.toml", '"Register checked",\n', '"Register checked", "Never mapped",\n'))
    task = InventedExtractTask(seed=3, on=date(2026, 11, 24), episodes=invented_people().task.episodes)
    with opened(tmp_path) as agencies:
        assert agencies.write_synthetic("housing", task) is None
    book = load_workbook(agencies_folder(tmp_path, "housing") / "housing.xlsx")
    heading, first = [[cell.value for cell in row] for row in book["Tenants"].iter_rows(max_row=2)]
    assert heading == SHEETS["Tenants"][0]
    assert first[-1] == "unread 1"
    assert [cell.value for cell in next(book["Complaints"].iter_rows())] == SHEETS["Complaints"][0]


def test_the_victims_voice_cannot_be_a_mapping(tmp_path: Path) -> None:
    installed(tmp_path, ("agency.toml", 'seat = "tenancies"', 'seat = "victim-voice"'))

    assert "the victim's voice needs a plugin of its own" in faults(tmp_path)[0]


def test_several_faults_are_told_at_once_and_a_whole_is_not_told_for_its_part(tmp_path: Path) -> None:
    installed(
        tmp_path,
        ("mapping.toml", 'who = "housing"\n', ""),
        ("mapping.toml", "of {Kind} was made on", "of {Kind was made on"),
    )

    (text,) = faults(tmp_path)
    assert text.count("mapping.toml") == 2


def test_a_mapping_in_order_is_told_nothing(tmp_path: Path) -> None:
    installed(tmp_path)

    with opened(tmp_path) as agencies:
        assert "housing" in agencies.codes


def test_a_folder_named_otherwise_than_its_code_is_told(tmp_path: Path) -> None:
    installed(tmp_path).rename(tmp_path / "agencies.d" / "homes")

    assert "agency.toml has code 'housing'; it must be 'homes'" in " ".join(faults(tmp_path))
