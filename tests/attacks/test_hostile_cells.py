"""Formulas and markup in every column of a referral file, and in every column of a table that goes out."""

from __future__ import annotations

import csv
import re
from datetime import date
from pathlib import Path

from engine.domain.people.persons import ThingKind
from engine.exchange.columns import COLUMNS, INCIDENT_COLUMNS, Column, Kind, placed
from engine.exchange.referral_files import read_referrals
from engine.exchange.rows import RowFault
from engine.links.exporting.i2 import ENTITY_COLUMNS, LINK_COLUMNS, write_rows
from tests.attacks.counted import ran

ENGINE = Path(__file__).parents[2] / "engine"
TODAY = date(2026, 3, 2)
PAYLOADS = (
    '=HYPERLINK("http://evil.example")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "+cmd|' /C calc'!A0",
    "<script>bad()</script>",
)
FREE = (Kind.TEXT, Kind.CONTACT)
"""What people write in their own words: kept as text, masked and escaped wherever it is shown."""


def test_no_column_of_a_referral_file_takes_a_formula_or_keeps_markup_as_more_than_text(
    tmp_path: Path,
) -> None:
    places = [*(placed(column) for column in COLUMNS), *(placed(column, 1) for column in INCIDENT_COLUMNS)]
    tried = [(place.name, place.column, payload) for place in places for payload in PAYLOADS]
    file = tmp_path / "hostile.csv"
    with file.open("w", encoding="utf-8", newline="") as opened:
        table = csv.writer(opened)
        table.writerow(place.name for place in places)
        for number, (name, _, payload) in enumerate(tried):
            examples = {place.name: place.column.example for place in places}
            examples["source_reference"] = f"H-{number}"
            table.writerow({**examples, name: payload}.values())
    rows = list(read_referrals(file, today=TODAY))
    assert len(rows) == len(tried)
    stored = []
    for row, (name, column, payload) in zip(rows, tried, strict=True):
        if isinstance(row, RowFault):
            assert payload not in row.reason, name
            assert column.kind is not Kind.TEXT, f"{name} takes people's own words"
        else:
            assert may_hold(column, payload), (name, payload)
            stored.append(name)
    assert len(stored) < len(tried) / 2
    ran("cells of a referral file", len(rows))


def may_hold(column: Column, payload: str) -> bool:
    if column.kind is Kind.TEXT:
        return True
    if column.kind is Kind.CONTACT:
        return not payload.startswith("=") and (payload[0] != "@" or column.field == ThingKind.ACCOUNT.value)
    if column.kind is Kind.NAME:
        return payload.startswith("<")
    return payload.startswith(("<", "+")) and column.kind in (Kind.REFERENCE, Kind.IDENTIFIER)


STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def test_no_cell_of_an_exported_table_begins_as_a_formula_does(tmp_path: Path) -> None:
    tried = 0
    for name, columns in (("entities", ENTITY_COLUMNS), ("links", LINK_COLUMNS)):
        rows = [tuple(f"{start}cmd|' /C calc'!A0" for _ in columns) for start in STARTS]
        file = tmp_path / f"{name}.csv"
        write_rows(file, iter(rows))
        with file.open(encoding="utf-8-sig", newline="") as opened:
            written = list(csv.reader(opened))
        for start, row, given in zip(STARTS, written, rows, strict=True):
            assert len(row) == len(columns), repr(start)
            assert [cell for cell in row if cell.startswith(STARTS)] == [], repr(start)
            assert tuple(cell.removeprefix("'") for cell in row) == given
            tried += len(row)
    ran("cells of exported tables", tried)


WRITES_TABLES = {
    "links/exporting/i2.py": "disarms every cell",
    "services/tools/person_matching.py": "disarms the ids; the other cells are our own words",
    "exchange/outcome_returns.py": "disarms every cell",
    "exchange/table_files.py": "disarms every cell",
    "exchange/templates.py": "writes our own example and nothing of the record",
    "hooks/nocode/synthetic.py": "writes an invented extract for an agency's own program",
    "hooks/extract_files.py": "writes invented extracts for an agency's own program, which is no spreadsheet",
}


def test_nothing_else_writes_a_table() -> None:
    there = {
        str(file.relative_to(ENGINE))
        for file in ENGINE.rglob("*.py")
        if re.search(r"csv\.(Dict)?writer\(", file.read_text(encoding="utf-8"), re.IGNORECASE)
    }
    assert there == {
        name for name in WRITES_TABLES if (ENGINE / "services/tools").exists() or "/tools/" not in name
    }
