"""Referral files as referrals, whatever their shape. Knows no database; never repeats a cell's content."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator
from datetime import date
from enum import Enum
from pathlib import Path

from engine.domain.errors import InvalidInputError
from engine.exchange.assemble import Assembler
from engine.exchange.cells import is_source
from engine.exchange.csv_file import read_csv
from engine.exchange.delimited import UTF_16_MARKS, is_text
from engine.exchange.json_file import read_json
from engine.exchange.limits import MIB, FileLimits
from engine.exchange.mapping import ColumnMapping
from engine.exchange.plain_files import size_of_plain_file
from engine.exchange.raw_row import Broken, Given, Shape
from engine.exchange.rows import ReferralRow, RowFault
from engine.exchange.workbooks import is_workbook
from engine.exchange.xlsx_file import read_workbook_rows

__all__ = ["FileLimits", "ReferralRow", "RowFault", "read_referrals"]

_HEAD = 4_096
_DEFAULT_LIMITS = FileLimits()
_TEXT_AS = "save it as .xlsx or as CSV UTF-8"


class _FileKind(Enum):
    CSV = "CSV"
    WORKBOOK = "workbook"
    JSON = "JSON"


def read_referrals(
    path: Path,
    *,
    today: date,
    mapping: ColumnMapping | None = None,
    default_source: str | None = None,
    limits: FileLimits = _DEFAULT_LIMITS,
    is_confirmed: bool = False,
    note: Callable[[str], None] = lambda sentence: None,
) -> Iterator[ReferralRow | RowFault]:
    """Return each row of a referral file, as a referral or as a fault; every row gives exactly one.

    Raises InvalidInputError at once, before any row is handed on, when the file as a whole cannot be read.
    The kind of file comes from its content, not its name. ``is_confirmed`` means that a person has viewed a
    workbook that hides what its cells show: without it such a one raises WorkbookUnconfirmedError. ``note``
    gets, in a sentence, what was taken for granted about the whole file.
    """
    mapping = mapping if mapping is not None else ColumnMapping()
    if default_source is not None and not is_source(default_source):
        raise InvalidInputError(
            "source", "not a short code: lower-case letters, digits and hyphens, at most 40"
        )
    shape = Shape()
    rows: Iterator[Given | Broken]
    match _kind_of(path, limits):
        case _FileKind.CSV:
            rows = read_csv(path, mapping=mapping, default_source=default_source, limits=limits, note=note)
        case _FileKind.JSON:
            rows = read_json(path, mapping=mapping, limits=limits)
        case _FileKind.WORKBOOK:
            shape, rows = read_workbook_rows(
                path,
                mapping=mapping,
                default_source=default_source,
                limits=limits,
                is_confirmed=is_confirmed,
            )
    assembler = Assembler(
        today=today, mapping=mapping, default_source=default_source, limits=limits, shape=shape
    )
    return map(assembler.row, rows)


def _kind_of(path: Path, limits: FileLimits) -> _FileKind:
    if size_of_plain_file(path, "file") > limits.file_bytes:
        raise InvalidInputError(
            "file", f"larger than {limits.file_bytes // MIB} MiB; divide it into several files"
        )
    with path.open("rb") as file:
        head = file.read(_HEAD)
    text = head.removeprefix(codecs.BOM_UTF8)
    if not text.strip():
        raise InvalidInputError("file", "it is empty; 'stac referral template csv' writes one to begin with")
    if is_workbook(head):
        return _FileKind.WORKBOOK
    if head.startswith(UTF_16_MARKS) or head.count(0) > len(head) // 4:
        raise InvalidInputError("file", "text in UTF-16, or not text; save it as CSV UTF-8")
    if head.startswith(b"%PDF") or not is_text(head):
        raise InvalidInputError("file", f"not CSV, XLSX or JSON; {_TEXT_AS}")
    if text.lstrip()[:1] in (b"{", b"["):
        return _FileKind.JSON
    if not any(delimiter in text for delimiter in (b",", b";", b"\t")):
        raise InvalidInputError("file", f"text without columns, so not CSV, XLSX or JSON; {_TEXT_AS}")
    return _FileKind.CSV
