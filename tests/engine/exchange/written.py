"""Referral files as somebody would write them, for the tests of the reading."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import odswriter
import xlwt
from openpyxl import Workbook

from engine.domain.errors import InvalidInputError
from engine.domain.referrals.intake import Referral
from engine.exchange.limits import FileLimits
from engine.exchange.mapping import ColumnMapping
from engine.exchange.referral_files import ReferralRow, RowFault, read_referrals

TODAY = date(2026, 11, 25)
ERROR = object()
SAMPLES = Path(__file__).parents[2] / "files" / "referrals"
_INLINE = re.compile(r'<c([^>]*?)t="inlineStr"([^>]*)><is><t[^>]*>(.*?)</t></is></c>', re.DOTALL)
ROOT = Path(__file__).parents[3]


def a_row(number: int = 1, /, **changes: str) -> dict[str, str]:
    """One good row that shows only what matters."""
    return {
        "source": "example-referrer",
        "source_reference": f"REF-{number}",
        "reason": "Invented: waits outside nearly every day.",
        "perpetrator_forename": "Robin",
        "perpetrator_surname": "Madeup",
        "victim_forename": "Sasha",
        "victim_surname": "Sampleton",
        **changes,
    }


def csv_text(rows: Sequence[Mapping[str, str]], *, delimiter: str = ",", header: Iterable[str] = ()) -> str:
    """Rows as a delimited file; the header is every name that a row uses."""
    names = list(header) or list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, names, delimiter=delimiter, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def write(path: Path, content: str | bytes) -> Path:
    """A file with this content."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def write_csv(folder: Path, *rows: Mapping[str, str], delimiter: str = ",") -> Path:
    """A CSV file of these rows."""
    return write(folder / "referrals.csv", csv_text(rows, delimiter=delimiter))


def write_json(folder: Path, *rows: object) -> Path:
    """A JSON file of these referrals."""
    return write(folder / "referrals.json", json.dumps({"referrals": rows}))


def write_xlsx(
    folder: Path, rows: Sequence[Mapping[str, Any]], **sheets: Sequence[Mapping[str, Any]]
) -> Path:
    """A workbook: the sheet 'referrals', and others by their names. A value and its format may be a pair."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for title, filled in {"referrals": rows, **sheets}.items():
        sheet = workbook.create_sheet(title)
        names = list(dict.fromkeys(name for row in filled for name in row))
        sheet.append(names)
        for number, row in enumerate(filled, start=2):
            for place, name in enumerate(names, start=1):
                value = row.get(name)
                cell = sheet.cell(number, place)
                cell.value, cell.number_format = value if isinstance(value, tuple) else (value, "General")
    path = folder / "referrals.xlsx"
    workbook.save(path)
    return path


def write_xls(folder: Path, rows: Sequence[Mapping[str, Any]], **sheets: Sequence[Mapping[str, Any]]) -> Path:
    """The same as an .xls workbook; a date is shown as its format says. ERROR is a cell with an error."""
    book, styles = xlwt.Workbook(), defaultdict[str, Any](lambda: None)
    for title, filled in {"referrals": rows, **sheets}.items():
        sheet = book.add_sheet(title)
        names = list(dict.fromkeys(name for row in filled for name in row))
        for place, name in enumerate(names):
            sheet.write(0, place, name)
        for number, row in enumerate(filled, start=1):
            for place, name in enumerate(names):
                cell = row.get(name)
                usual = "DD/MM/YYYY" if isinstance(cell, date) else "General"
                value, shown = cell if isinstance(cell, tuple) else (cell, usual)
                if value is ERROR:
                    sheet.row(number).set_cell_error(place, 0x2A)
                elif isinstance(value, str) and value.startswith("="):
                    sheet.write(number, place, xlwt.Formula(value[1:]))
                elif value is not None:
                    styles[shown] = styles[shown] or xlwt.easyxf(num_format_str=shown)
                    sheet.write(number, place, value, styles[shown])
    path = folder / "referrals.xls"
    book.save(path)
    return path


def write_ods(folder: Path, rows: Sequence[Mapping[str, Any]], **sheets: Sequence[Mapping[str, Any]]) -> Path:
    """The same as an .ods workbook, without formats."""
    path = folder / "referrals.ods"
    with path.open("wb") as file, odswriter.writer(file) as book:
        for title, filled in {"referrals": rows, **sheets}.items():
            sheet = book.new_sheet(title)
            names = list(dict.fromkeys(name for row in filled for name in row))
            sheet.writerow(names)
            for row in filled:
                sheet.writerow([row.get(name, "") for name in names])
    return path


def repacked(path: Path, changes: Mapping[str, bytes]) -> Path:
    """The workbook with some of its parts changed or added."""
    new = path.with_name("repacked.xlsx")
    with (
        zipfile.ZipFile(path) as old,
        zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as out,
    ):
        parts = {name: old.read(name) for name in old.namelist()} | dict(changes)
        for name, content in parts.items():
            out.writestr(name, content)
    return new


def with_shared_texts(path: Path) -> Path:
    """The workbook with its texts in one table, as spreadsheets write it."""
    texts: list[str] = []

    def share(match: re.Match[str]) -> str:
        texts.append(match[3])
        return f'<c{match[1]}t="s"{match[2]}><v>{len(texts) - 1}</v></c>'

    parts: dict[str, bytes] = {}
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if "/worksheets/sheet" in name:
                sheet = archive.read(name).decode()
                parts[name] = _INLINE.sub(share, sheet).encode()
        relations = archive.read("xl/_rels/workbook.xml.rels").decode()
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    added = f'<Relationship Type="{kind}" Target="sharedStrings.xml" Id="rId99"/></Relationships>'
    parts["xl/_rels/workbook.xml.rels"] = relations.replace("</Relationships>", added).encode()
    table = "".join(f"<si><t>{text}</t></si>" for text in texts)
    parts["xl/sharedStrings.xml"] = f"<sst>{table}</sst>".encode()
    return repacked(path, parts).rename(path.with_name("shared.xlsx"))


def read(
    path: Path,
    *,
    mapping: ColumnMapping | None = None,
    default_source: str | None = None,
    limits: FileLimits | None = None,
    is_confirmed: bool = False,
) -> list[ReferralRow | RowFault]:
    """Every row of a file."""
    return list(
        read_referrals(
            path,
            today=TODAY,
            mapping=mapping,
            default_source=default_source,
            limits=limits or FileLimits(),
            is_confirmed=is_confirmed,
        )
    )


def referrals(path: Path, **given: Any) -> list[Referral]:
    """The referrals of a file in which nothing is wrong."""
    rows = read(path, **given)
    assert all(isinstance(row, ReferralRow) for row in rows), rows
    return [row.referral for row in rows if isinstance(row, ReferralRow)]


def the_fault(path: Path, **given: Any) -> RowFault:
    """The one fault of a file."""
    faults = [row for row in read(path, **given) if isinstance(row, RowFault)]
    assert len(faults) == 1, faults
    return faults[0]


def refusal(path: Path, **given: Any) -> str:
    """The one sentence with which the file as a whole is refused."""
    try:
        rows = read(path, **given)
    except InvalidInputError as refused:
        return str(refused)
    raise AssertionError(f"the file was read, and gave {len(rows)} rows")
