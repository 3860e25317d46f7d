"""Workbooks of the kinds .xls, .xlsb and .ods: read by a confined process once a person has looked."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from engine.domain.cases.incidents import IncidentKind
from engine.domain.dates import PartialDate
from engine.domain.errors import InvalidInputError, WorkbookUnconfirmedError
from engine.exchange import old_workbooks
from engine.exchange.limits import FileLimits
from engine.exchange.referral_files import ReferralRow, RowFault
from tests.engine.exchange.written import (
    ERROR,
    SAMPLES,
    a_row,
    read,
    referrals,
    refusal,
    write,
    write_ods,
    write_xls,
)

Writes = Callable[..., Path]
XLSB = SAMPLES / "two.xlsb"
"""Written by formulon 0.18, which is no library of ours: two referrals, one with a date, and an incident."""
KINDS = pytest.mark.parametrize("write_book", [write_xls, write_ods], ids=[".xls", ".ods"])


def a_book(write_book: Writes, folder: Path, **changes: Any) -> Path:
    first = {**a_row(1, victim_told="yes"), "referred_on": date(2026, 3, 1)}
    rows = [first, {**a_row(2), **changes}]
    return write_book(folder, rows, incidents=[{"source_reference": "REF-1", "kind": "gift"}])


@KINDS
def test_a_workbook_that_hides_what_its_cells_show_is_refused_until_a_person_has_looked(
    tmp_path: Path, write_book: Writes
) -> None:
    path = a_book(write_book, tmp_path)
    with pytest.raises(WorkbookUnconfirmedError) as refused:
        read(path)
    assert refused.value.dates == {"referred_on": 1}
    assert "its dates are in referred_on (1)" in str(refused.value)
    assert "2026" not in str(refused.value), "no cell is repeated"

    first, second = referrals(path, is_confirmed=True)
    assert (first.referred_on, second.referred_on) == (PartialDate("2026-03-01"), None)
    assert [incident.kind for incident in first.incidents] == [IncidentKind.GIFT]


def test_an_xlsb_workbook_is_read_alike_but_for_its_dates_which_cannot_be_told_from_numbers() -> None:
    with pytest.raises(WorkbookUnconfirmedError):
        read(XLSB)
    first, second = read(XLSB, is_confirmed=True)
    assert isinstance(first, ReferralRow)
    assert (first.referral.source_reference, first.referral.referred_on) == ("REF-1", "2026-03-01")
    assert first.referral.perpetrator_things[0].value == "7700900123"
    assert [topic.value for topic in first.referral.alarms.raised] == ["weapon"]
    assert [incident.happened for incident in first.referral.incidents] == ["2026-02"]
    assert isinstance(second, RowFault)
    assert (second.column, second.reason[:27]) == ("referred_on", "a bare number, not a date; ")


@KINDS
def test_numbers_truth_and_moments_are_what_they_are(tmp_path: Path, write_book: Writes) -> None:
    given = {
        "source_reference": 17,
        "perpetrator_phone": 7700900123,
        "alarm_weapon": True,
        "alarm_entry": 0,
        "referred_on": datetime(2026, 3, 9, 16, 30),  # noqa: DTZ001  # a cell has no zone
    }
    path = a_book(write_book, tmp_path, **given)
    second = referrals(path, is_confirmed=True)[1]
    assert (second.source_reference, second.referred_on) == ("17", "2026-03-09")
    assert second.perpetrator_things[0].value == "7700900123"
    assert [topic.value for topic in second.alarms.raised] == ["weapon"]


@KINDS
def test_what_a_cell_cannot_hold_is_its_rows_fault(tmp_path: Path, write_book: Writes) -> None:
    of_day = time(10, 5)
    cells: list[tuple[str, Any, str]] = [
        ("referred_on", (of_day, "HH:MM") if write_book is write_xls else of_day, "has a time of day"),
        ("referred_on", 45_360, "a bare number, not a date"),
        ("victim_forename", date(2026, 3, 1), "the spreadsheet has turned this into a date"),
        ("victim_told", "perhaps", "not one of"),
    ]
    rows = [{**a_row(number), column: cell} for number, (column, cell, _) in enumerate(cells, start=2)]
    whole, *faults = read(write_book(tmp_path, [a_row(1), *rows]), is_confirmed=True)
    assert isinstance(whole, ReferralRow)
    for row, (fault, (column, _, begins)) in enumerate(zip(faults, cells, strict=True), start=3):
        assert isinstance(fault, RowFault)
        assert (fault.row, fault.column) == (row, column)
        assert fault.reason.startswith(begins)


def test_an_error_is_blank_which_is_why_a_person_must_look(tmp_path: Path) -> None:
    path = a_book(write_xls, tmp_path, alarm_weapon=ERROR, referred_on=(date(2026, 3, 9), "MMM-YY"))
    second = referrals(path, is_confirmed=True)[1]
    assert [topic.value for topic in second.alarms.raised] == []
    assert second.referred_on == PartialDate("2026-03-09"), "the library does not tell that no day was shown"


def test_rows_and_columns_are_numbered_as_the_sheet_numbers_them(tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [{"": None, **a_row(1)}, {}, {**a_row(2), "": "stray"}]
    found = read(write_xls(tmp_path, rows), is_confirmed=True)
    assert [(type(row), row.row) for row in found] == [(ReferralRow, 2), (RowFault, 4)]
    assert isinstance(found[1], RowFault)
    assert found[1].column == "A"


def test_more_rows_than_the_limit_are_refused(tmp_path: Path) -> None:
    path = write_xls(tmp_path, [a_row(number) for number in range(5)])
    assert refusal(path, is_confirmed=True, limits=FileLimits(rows=4)).startswith("file: more than 4 rows")
    assert len(referrals(path, is_confirmed=True, limits=FileLimits(rows=5))) == 5


@pytest.mark.parametrize(
    ("content", "begins"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "file: an old .xls workbook, or one locked"),
        (XLSB.read_bytes()[:-40] if XLSB.is_file() else b"", "file: the workbook is damaged"),
    ],
    ids=["no workbook", "cut off"],
)
def test_what_cannot_be_read_is_one_sentence(tmp_path: Path, content: bytes, begins: str) -> None:
    assert refusal(write(tmp_path / "a.xls", content), is_confirmed=True).startswith(begins)


def test_a_damaged_workbook_is_read_or_refused_and_never_more(tmp_path: Path) -> None:
    content, said = bytearray(a_book(write_xls, tmp_path).read_bytes()), list[str]()
    for place in range(600, len(content), len(content) // 6):
        content[place] ^= 0xFF
        try:
            read(write(tmp_path / "a.xls", bytes(content)), is_confirmed=True)
        except InvalidInputError as refused:
            said.append(str(refused))
    assert {each[:6] for each in said} == {"file: "}


def test_a_workbook_that_takes_too_long_is_given_up_and_its_process_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(old_workbooks, "_SECONDS", 0.01)
    path = a_book(write_ods, tmp_path)
    assert refusal(path, is_confirmed=True).startswith("file: the workbook takes more time or memory")


def test_a_sheet_that_says_of_one_row_that_it_is_a_million_fills_no_memory_of_ours(tmp_path: Path) -> None:
    """A few kilobytes of .ods: a cell repeated a thousand times in a row that is repeated a million times."""
    path = a_book(write_ods, tmp_path)
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    row = b"<table:table-row"
    cell = b"<table:table-cell"
    head, first, rest = parts["content.xml"].partition(row)
    rest = rest.replace(cell, cell + b' table:number-columns-repeated="1000"', 1)
    parts["content.xml"] = head + first + b' table:number-rows-repeated="1000000"' + rest
    with zipfile.ZipFile(tmp_path / "bomb.ods", "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in parts.items():
            book.writestr(name, content)
    assert refusal(tmp_path / "bomb.ods", is_confirmed=True).startswith("file: ")


def test_the_process_that_reads_is_small_and_can_open_no_other_file_and_start_no_other(
    tmp_path: Path,
) -> None:
    (tmp_path / "secret").write_text("x", encoding="utf-8")
    tries = (
        "import os, sys\n"
        "from engine.exchange import old_workbook_child as child\n"
        "print(*{'pydantic', 'sqlmodel'} & set(sys.modules), end='')\n"
        "def try_all(file):\n"
        f"    secret, other = {str(tmp_path / 'secret')!r}, {str(tmp_path / 'other')!r}\n"
        "    for attempt in (lambda: open(secret), os.fork, lambda: open(other, 'w')):\n"
        "        try:\n"
        "            attempt()\n"
        "        except OSError:\n"
        "            continue\n"
        "        print('could')\n"
        "    return iter(())\n"
        "child._sheets = try_all\n"
        "sys.argv = ['-c', '100']\n"
        "child.main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", tries],
        cwd=Path(old_workbooks.__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout == ""
