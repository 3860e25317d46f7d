"""JSON as given rows, one referral at a time. Knows no column's rules.

The file's structure is read through before its first row is handed on; a referral is only then parsed, one at
a time, so that neither a large file nor a deep one fills the memory.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from engine.domain.errors import InvalidInputError
from engine.exchange.columns import REQUIRED
from engine.exchange.headers import bind, bind_incident
from engine.exchange.limits import FileLimits
from engine.exchange.mapping import ColumnMapping, header_key
from engine.exchange.raw_row import Bound, Broken, Cell, Given, GivenIncident, Unread, original_of
from engine.exchange.rows import CellFault

_OPENING = re.compile(rb'\s*(?:(\[)|\{\s*(?:"\$schema"\s*:\s*"[^"\\]{0,500}"\s*,\s*)?"referrals"\s*:\s*(\[))')
_MARK = re.compile(rb'"[^"\\]*"|["{}\[\],]')  # a short text at once, or the beginning of a longer one
_IN_TEXT = re.compile(rb'["\\]')
_PIECE = 65_536
_QUOTE = ord('"')
_INCIDENTS = "incidents"
_EXPECTED = 'write {"referrals": [ ... ]} or a list, each referral one object'


class Element(NamedTuple):
    """One entry of the list as it is in the file, or why it was left out."""

    row: int
    raw: bytes
    fault: str | None = None


def read_json(path: Path, *, mapping: ColumnMapping, limits: FileLimits) -> Iterator[Given | Broken]:
    """Return the rows of a JSON file, the first referral being row 1.

    Raises InvalidInputError if it is not whole.
    """
    with path.open("rb") as file:
        count = sum(1 for _ in elements(file, limits))
    if not count:
        raise InvalidInputError("file", "its list has no referrals")
    return _rows(path, mapping, limits)


def _rows(path: Path, mapping: ColumnMapping, limits: FileLimits) -> Iterator[Given | Broken]:
    names: dict[str, Bound | None] = {}
    with path.open("rb") as file:
        for element in elements(file, limits):
            yield _given(element, mapping, names, limits)


def elements(file: BinaryIO, limits: FileLimits) -> Iterator[Element]:
    """Yield each entry of the list, unparsed; InvalidInputError when the list itself is not well formed."""
    scan = _Scan(file, limits)
    closing = scan.opening()
    row = 0
    while (element := scan.element(row + 1)) is not None:
        row += 1
        if row > limits.rows:
            raise InvalidInputError(
                "file", f"more than {limits.rows:,} referrals; divide it into several files"
            )
        yield element
    scan.close(closing)


class _Scan:
    """Scan of the bytes, once, with no more of them in memory than one referral."""

    def __init__(self, file: BinaryIO, limits: FileLimits) -> None:
        self._file, self._limits = file, limits
        self._held = b""
        self._at = 0
        self._ended = False

    def _more(self) -> bool:
        piece = self._file.read(_PIECE)
        self._held = self._held[self._at :] + piece
        self._at = 0
        return bool(piece)

    def opening(self) -> bytes:
        """Step into the list; return what must follow it."""
        self._more()
        self._at = len(codecs.BOM_UTF8) if self._held.startswith(codecs.BOM_UTF8) else 0
        match = _OPENING.match(self._held, self._at)
        if match is None:
            raise InvalidInputError("file", f"not of the right shape; {_EXPECTED}")
        self._at = match.end()
        return b"" if match[1] else b"}"

    def element(self, row: int) -> Element | None:
        """Return the next entry, or None at the list's end."""
        if self._ended:
            return None
        stored: list[bytes] = []
        size = depth = marks = 0
        in_text = skip_one = False
        while True:
            if self._at >= len(self._held) and not self._more():
                raise _not_whole("the file ends in the middle of it")
            begin = self._at
            end = len(self._held)
            while self._at < end:
                if skip_one:
                    self._at, skip_one = self._at + 1, False
                    continue
                found = (_IN_TEXT if in_text else _MARK).search(self._held, self._at)
                if found is None:
                    self._at = end
                    break
                self._at = found.end()
                mark = found[0]
                if in_text:
                    in_text, skip_one = mark != b'"', mark == b"\\"
                    continue
                marks += 1
                if mark[0] == _QUOTE:
                    in_text = len(mark) == 1
                elif mark in b"{[":
                    depth += 1
                    if depth > self._limits.json_depth:
                        raise InvalidInputError(
                            "file", f"nested deeper than {self._limits.json_depth} levels; {_EXPECTED}"
                        )
                elif depth == 0 and mark == b"}":
                    raise _not_whole("a closing bracket has no opening bracket")
                elif mark in b"}]" and depth:
                    depth -= 1
                elif depth == 0:
                    self._keep(stored, size, self._held[begin : found.start()])
                    return self._finished(row, b"".join(stored), size + found.start() - begin, marks, mark)
            self._keep(stored, size, self._held[begin:end])
            size += end - begin

    def _keep(self, stored: list[bytes], size: int, piece: bytes) -> None:
        if size <= self._limits.row_bytes:
            stored.append(piece)

    def _finished(self, row: int, raw: bytes, size: int, marks: int, mark: bytes) -> Element | None:
        blank = not raw.strip()
        self._ended = mark == b"]"
        if blank and self._ended and row == 1:
            return None
        if blank:
            raise _not_whole("a comma has nothing before or after it")
        if size > self._limits.row_bytes:
            return Element(row, raw[:1000], "the referral is too long to be read; shorten it")
        if marks > self._limits.row_parts:
            return Element(
                row, raw[:1000], "the referral has far too many parts; use only the standard names"
            )
        return Element(row, raw)

    def close(self, closing: bytes) -> None:
        """Check that nothing but the closing bracket follows the list."""
        while self._more():
            if len(self._held) > 2 * _PIECE:
                break
        if self._held[self._at :].strip() != closing:
            raise _not_whole(
                "there is content after the list of referrals, or its closing bracket is missing"
            )


def _not_whole(why: str) -> InvalidInputError:
    return InvalidInputError("file", f"not well-formed JSON: {why}")


def _given(
    element: Element, mapping: ColumnMapping, names: dict[str, Bound | None], limits: FileLimits
) -> Given | Broken:
    def broken(reason: str) -> Broken:
        cut = element.raw[: limits.cell_characters].decode("utf-8", "backslashreplace")
        return Broken(element.row, None, reason, original_of({"text": cut}, longest=limits.cell_characters))

    if element.fault:
        return broken(element.fault)
    try:
        text = element.raw.decode("utf-8")
    except UnicodeDecodeError:
        return broken("has bytes that are not UTF-8 text; save the file as UTF-8")
    try:
        referral = json.loads(text, object_pairs_hook=_once_each, parse_constant=_no_constant)
    except _TwiceError:
        return broken("gives the same name twice; remove one")
    except ValueError:
        return broken("is not well-formed JSON; check for a missing comma or quotation mark")
    if not isinstance(referral, dict):
        return broken("is not an object; each referral is one object with the standard names")
    return _row(element.row, referral, mapping, names, limits)


def _row(
    row: int,
    referral: dict[str, object],
    mapping: ColumnMapping,
    names: dict[str, Bound | None],
    limits: FileLimits,
) -> Given:
    cells: list[tuple[Bound, Cell]] = []
    faults: list[CellFault] = []
    filled: set[str] = set()
    incidents: tuple[GivenIncident, ...] = ()
    for position, (name, value) in enumerate(referral.items(), start=1):
        if name == _INCIDENTS:
            incidents = _incidents(value, mapping, faults)
            continue
        if name not in names and len(names) < 10 * limits.columns:
            names[name] = bind(name, mapping)
        bound = names[name] if name in names else bind(name, mapping)
        if bound is None:
            if header_key(name) not in mapping.ignored:
                faults.append(CellFault(column=None, reason=_unknown(position)))
        elif bound.place.name in filled:
            faults.append(CellFault(column=bound.shown, reason="given twice under two spellings; remove one"))
        elif (cell := _cell(value)) is not None:
            filled.add(bound.place.name)
            cells.append((bound, cell))
    original = original_of(referral, longest=limits.cell_characters)
    return Given(row, cells, original, incidents, tuple(faults[:20]))


def _incidents(value: object, mapping: ColumnMapping, faults: list[CellFault]) -> tuple[GivenIncident, ...]:
    if value is None:
        return ()
    if not isinstance(value, list):
        faults.append(
            CellFault(column=_INCIDENTS, reason="not a list; each incident is one object in a list")
        )
        return ()
    incidents: list[GivenIncident] = []
    for number, result in enumerate(value, start=1):
        where = f"incident {number} of the list"
        if not isinstance(result, dict):
            faults.append(CellFault(column=_INCIDENTS, reason=f"{where}: not an object"))
            continue
        cells: list[tuple[Bound, Cell]] = []
        for position, (name, given) in enumerate(result.items(), start=1):
            bound = bind_incident(name, mapping)
            if bound is None or bound.place.column.name in REQUIRED:
                faults.append(CellFault(column=_INCIDENTS, reason=f"{where}: {_unknown(position)}"))
            elif (cell := _cell(given)) is not None:
                cells.append((bound, cell))
        incidents.append(GivenIncident(where, cells))
    return tuple(incidents)


def _unknown(position: int) -> str:
    return f"name {position} of the object is not a standard name; correct it, or name it in a mapping file"


def _cell(value: object) -> Cell | None:
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, str | bool | int | float):
        return value
    return Unread("a list or an object is here; write one text")


class _TwiceError(ValueError):
    """An object gives one name twice."""


def _once_each(pairs: list[tuple[str, object]]) -> dict[str, object]:
    whole = dict(pairs)
    if len(whole) != len(pairs):
        raise _TwiceError
    return whole


def _no_constant(name: str) -> object:
    raise ValueError("NaN and Infinity are not JSON")
