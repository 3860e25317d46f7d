"""The parts of a workbook, read from its zip within bounds and without entities. Knows no column, no row.

A workbook is opened in the order of suspicion: how much it would unpack to, then its small parts, then its
sheets in a stream. Nothing in it is ever computed.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path, PurePosixPath
from typing import BinaryIO, NamedTuple
from xml.sax import SAXException

from defusedxml import DefusedXmlException

from engine.domain.errors import InvalidInputError
from engine.exchange.limits import MIB, FileLimits
from engine.exchange.xlsx_xml import DAMAGED, Handler, parse

CONTENT_OF_ODS, BOOK_OF_XLSB = "content.xml", "xl/workbook.bin"
"""The part that a zip of each of these kinds has, and one of .xlsx has not."""
_END_OF_ZIP = b"PK\x05\x06"
_LONG_ZIP = b"PK\x06\x07"
_LARGEST_DIRECTORY = MIB
_READABLE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # the others unpack without a bound on one step
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


class Sheet(NamedTuple):
    """A sheet's name, the part that holds it, and whether the reader of the workbook sees it."""

    name: str
    part: str
    visible: bool


class Workbook(NamedTuple):
    """Contents of a workbook that are needed before its rows are read."""

    sheets: list[Sheet]
    strings: list[str]
    date_formats: dict[int, str]
    counts_days_from: date


@contextmanager
def opened(path: Path, limits: FileLimits) -> Iterator[zipfile.ZipFile]:
    """Open the workbook's zip, checked; whatever is broken inside it is one plain sentence."""
    with path.open("rb") as file, damage_as_a_sentence():
        _look_at_the_directory(file)
        with zipfile.ZipFile(file) as archive:
            _look_over(archive, limits)
            yield archive


@contextmanager
def damage_as_a_sentence() -> Iterator[None]:
    """Turn what zip, deflate and XML raise over a damaged file into the sentence that says what to do."""
    try:
        yield
    except DefusedXmlException as wrong:
        raise InvalidInputError(
            "file", "the workbook declares entities, which no spreadsheet needs"
        ) from wrong
    except (
        zipfile.BadZipFile, zlib.error, struct.error, SAXException, EOFError, LookupError, ValueError,
        OSError, NotImplementedError, RuntimeError,
    ) as wrong:  # fmt: skip
        raise InvalidInputError("file", DAMAGED) from wrong


def _look_at_the_directory(file: BinaryIO) -> None:
    """Refuse a zip whose list of contents would by its size fill the memory,
    before anything reads that list.
    """
    size = file.seek(0, 2)
    tail_begins = max(0, size - 22 - 65_535)
    file.seek(tail_begins)
    tail = file.read()
    at = tail.rfind(_END_OF_ZIP)
    if at < 0 or len(tail) - at < 22:
        raise InvalidInputError("file", DAMAGED)
    entries = int.from_bytes(tail[at + 10 : at + 12], "little")
    directory = int.from_bytes(tail[at + 12 : at + 16], "little")
    if directory > _LARGEST_DIRECTORY or entries == 0xFFFF or _LONG_ZIP in tail[max(0, at - 20) : at]:
        raise InvalidInputError(
            "file", "the workbook has far more parts than a list needs; save the list as a new workbook"
        )
    file.seek(0)


def _look_over(archive: zipfile.ZipFile, limits: FileLimits) -> None:
    entries = archive.infolist()
    names = {entry.filename for entry in entries}
    if len(entries) > limits.xlsx_entries or len(names) < len(entries):
        raise InvalidInputError(
            "file", "the workbook has more parts than a list needs; save the list as a new workbook"
        )
    if any(entry.flag_bits & 1 for entry in entries):
        raise InvalidInputError("file", "the workbook is locked by a password; save it without one")
    if any(entry.compress_type not in _READABLE for entry in entries):
        raise InvalidInputError("file", DAMAGED)
    sheets = sum(
        entry.file_size
        for entry in entries
        if "/worksheets/" in entry.filename or entry.filename == CONTENT_OF_ODS
    )
    others = sum(entry.file_size for entry in entries) - sheets
    if sheets > limits.xlsx_sheet_bytes or others > limits.xlsx_text_bytes:
        raise InvalidInputError(
            "file",
            "the workbook unpacks to far more than a list needs; divide it into several files",
        )


def read_workbook(archive: zipfile.ZipFile, limits: FileLimits) -> Workbook:
    """Return the workbook's sheets, its shared texts and which of its formats are dates."""
    names = set(archive.namelist())
    roots = _relations(archive, names, "", limits)
    book = next((target for kind, target in roots.values() if kind == "officeDocument"), "xl/workbook.xml")
    if book not in names or not book.endswith(".xml"):
        raise InvalidInputError(
            "file", "this is a zip file, not an XLSX workbook; save it as .xlsx or CSV (UTF-8)"
        )
    relations = _relations(archive, names, book, limits)
    contents = _Contents(limits.xlsx_text_parts)
    _read(archive, book, contents, limits)
    strings, styles = _Strings(limits), _Styles(limits.xlsx_text_parts)
    for kind, target in relations.values():
        if kind == "sharedStrings" and target in names:
            _read(archive, target, strings, limits)
        elif kind == "styles" and target in names:
            _read(archive, target, styles, limits)
    sheets = [
        Sheet(name, relations[key][1], visible)
        for name, key, visible in contents.sheets
        if key in relations and relations[key][0] == "worksheet" and relations[key][1] in names
    ]
    if not sheets:
        raise InvalidInputError("file", "the workbook has no sheet")
    epoch = date(1904, 1, 1) if contents.from_1904 else date(1899, 12, 30)
    return Workbook(sheets, strings.strings, styles.date_formats(), epoch)


def _read(archive: zipfile.ZipFile, part: str, handler: Handler, limits: FileLimits) -> None:
    for _ in parse(archive, part, handler, limits):
        pass


def _relations(
    archive: zipfile.ZipFile, names: set[str], part: str, limits: FileLimits
) -> dict[str, tuple[str, str]]:
    """Return what a part refers to: by key, the kind and the part's name in the zip."""
    folder = PurePosixPath(part).parent if part else PurePosixPath("")
    listed = str(folder / "_rels" / f"{PurePosixPath(part).name}.rels")
    if listed not in names:
        return {}
    handler = _Relations(limits.xlsx_text_parts)
    _read(archive, listed, handler, limits)
    return {
        key: (kind, target[1:] if target.startswith("/") else str(folder / target))
        for key, kind, target in handler.found
    }


class _Relations(Handler):
    def __init__(self, most_tags: int) -> None:
        super().__init__(most_tags)
        self.found: list[tuple[str, str, str]] = []

    def begin(self, name: str, given: dict[str, str]) -> None:
        if name == "Relationship" and given.get("TargetMode") != "External":
            self.found.append(
                (given.get("Id", ""), given.get("Type", "").rpartition("/")[2], given.get("Target", ""))
            )


class _Contents(Handler):
    def __init__(self, most_tags: int) -> None:
        super().__init__(most_tags)
        self.sheets: list[tuple[str, str, bool]] = []
        self.from_1904 = False

    def begin(self, name: str, given: dict[str, str]) -> None:
        if name == "workbookPr":
            self.from_1904 = given.get("date1904", "0") in ("1", "true")
        elif name == "sheet":
            key = next((value for at, value in given.items() if at.rpartition(":")[2] == "id"), "")
            self.sheets.append((given.get("name", ""), key, given.get("state", "visible") == "visible"))


class _Strings(Handler):
    """The shared texts. What is spoken for a text (phonetic runs) is not part of it."""

    def __init__(self, limits: FileLimits) -> None:
        super().__init__(limits.xlsx_text_parts)
        self.strings: list[str] = []
        self._longest = limits.cell_characters
        self._pieces: list[str] = []
        self._in_text = self._spoken = False
        self._length = 0

    def begin(self, name: str, given: dict[str, str]) -> None:
        if name == "si":
            self._pieces, self._length = [], 0
        elif name == "rPh":
            self._spoken = True
        elif name == "t":
            self._in_text = not self._spoken

    def end(self, name: str) -> None:
        if name == "si":
            self.strings.append(unescaped("".join(self._pieces)))
        elif name == "rPh":
            self._spoken = False
        elif name == "t":
            self._in_text = False

    def text(self, piece: str) -> None:
        # One character beyond the limit is enough to see that the text is too long.
        if self._in_text and self._length <= self._longest:
            self._pieces.append(piece[: self._longest + 1])
            self._length += len(piece)


class _Styles(Handler):
    def __init__(self, most_tags: int) -> None:
        super().__init__(most_tags)
        self._codes: dict[int, str] = {}
        self._formats: list[int] = []
        self._in_cells = False

    def begin(self, name: str, given: dict[str, str]) -> None:
        if name == "numFmt":
            self._codes[int(given.get("numFmtId", "0"))] = given.get("formatCode", "")
        elif name == "cellXfs":
            self._in_cells = True
        elif name == "xf" and self._in_cells:
            self._formats.append(int(given.get("numFmtId", "0")))

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._in_cells = False

    def date_formats(self) -> dict[int, str]:
        """Return, for each style that shows a date, which of year, month, day and time it shows."""
        shown = {
            style: _shown_of_a_date(self._codes.get(code), code) for style, code in enumerate(self._formats)
        }
        return {style: parts for style, parts in shown.items() if parts}


_BUILT_IN = {14: "ymd", 15: "ymd", 16: "md", 17: "ym", 18: "t", 19: "t", 20: "t", 21: "t", 22: "ymdt"}
_BUILT_IN |= {45: "t", 46: "t", 47: "t"}
_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_NOT_CODE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')


def _shown_of_a_date(code: str | None, number: int) -> str:
    if code is None:
        return _BUILT_IN.get(number, "")
    letters = _NOT_CODE.sub("", code.partition(";")[0]).casefold().replace("general", "")
    has_time = "h" in letters or "s" in letters or _ELAPSED.search(code) is not None
    shown = ("y" if "y" in letters else "") + ("d" if "d" in letters else "")
    # An m means minutes beside hours or seconds, unless a year or a day shows that months are meant.
    if "m" in letters and (shown or not has_time):
        shown += "m"
    return shown + ("t" if has_time else "")


def unescaped(text: str) -> str:
    """Return the text without escapes: a workbook writes characters that XML has not as _x0000_."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text
