"""The resources of one file, one at a time: JSON, lines of JSON, or XML, distinguished by their content.

Knows no resource type. Its report of a fault is a place and a fixed sentence, never a piece of the file.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import ijson

from engine.hooks.v1 import counted
from plugins.health.entry import Entry, FileUnreadableError
from plugins.health.fhir_xml import xml_entries

_LOOKED_AT = 1_048_576
_LONGEST_LINE = 16 * 1_048_576
_LARGEST_SINGLE = 16 * 1_048_576
_DEEPEST_BUNDLE = 5
_LINES = (".ndjson", ".jsonl")
_PACKED = (b"PK\x03\x04", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
_WIDE = (b"\xff\xfe", b"\xfe\xff")
_BOM = b"\xef\xbb\xbf"
_TWICE = "It gives two values for one name."


class _TwiceError(ValueError):
    """One object gives two values for one name."""


def entries_of(file: Path, kinds: frozenset[str]) -> Iterator[Entry]:
    """Return every resource of a file, in order.

    Raises FileUnreadableError, also in the middle of the file.
    """
    try:
        with open(file, "rb") as opened:
            start = opened.read(_LOOKED_AT)
    except OSError as error:
        raise FileUnreadableError(f"It could not be opened ({type(error).__name__}).") from None
    first = start.removeprefix(_BOM).lstrip()
    if not first:
        raise FileUnreadableError("It is empty.")
    if first.startswith(_PACKED):
        raise FileUnreadableError("It is a packed file; unpack it first.")
    if first.startswith(b"<"):
        return xml_entries(file, kinds)
    if first.startswith(_WIDE) or b"\0" in start[:100]:
        raise FileUnreadableError("It is not UTF-8 text.")
    if file.suffix.lower() in _LINES or _is_of_lines(first):
        return _lines(file)
    return _whole(file, first)


def _is_of_lines(start: bytes) -> bool:
    """Return whether the first line is a whole object and another begins after it."""
    line, _, rest = start.partition(b"\n")
    try:
        return isinstance(json.loads(line), dict) and rest.lstrip()[:1] == b"{"
    except (ValueError, RecursionError):
        return False


def _lines(file: Path) -> Iterator[Entry]:
    with open(file, "rb") as opened:
        number = 0
        while line := opened.readline(_LONGEST_LINE):
            number += 1
            if not line.endswith(b"\n") and len(line) >= _LONGEST_LINE:
                while (line := opened.readline(_LONGEST_LINE)) and not line.endswith(b"\n"):
                    pass
                fault = f"It is longer than {_LONGEST_LINE // 1_048_576} MB."
                yield Entry(where=f"line {number}", content=None, fault=fault)
            elif line.removeprefix(_BOM).strip():
                yield from _line(line.removeprefix(_BOM), f"line {number}")


def _line(line: bytes, where: str) -> Iterator[Entry]:
    try:
        content = _loaded(line)
    except FileUnreadableError as error:
        yield Entry(where=where, content=None, fault=error.reason)
        return
    yield from unpacked(content, where, None, 0)


def _loaded(text: bytes) -> object:
    """Return the content of a text of JSON. Raises FileUnreadableError."""
    try:
        return json.loads(text.decode("utf-8"), parse_constant=_no_number, object_pairs_hook=_each_once)
    except UnicodeDecodeError:
        reason = "It is not UTF-8 text."
    except json.JSONDecodeError as error:
        half = error.pos >= len(error.doc.rstrip()) or error.msg.startswith("Unterminated")
        reason = "It is half-written: it breaks off before its end." if half else "It is not JSON."
    except _TwiceError:
        reason = _TWICE
    except (ValueError, RecursionError):
        reason = "It is not readable JSON."
    raise FileUnreadableError(reason)


def _each_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Refuse two values for one name: a reader would take the last, and which was meant is not known."""
    read = dict(pairs)
    if len(read) != len(pairs):
        raise _TwiceError
    return read


def _whole(file: Path, first: bytes) -> Iterator[Entry]:
    """Yield one resource, or a bundle of which one entry at a time is in memory."""
    if not first.startswith(b"{"):
        raise FileUnreadableError("It is not JSON or XML with a FHIR resource in it.")
    number = 0
    try:
        with open(file, "rb") as opened:
            kind = next(ijson.items(_after_bom(opened), "resourceType"), None)
        if kind != "Bundle":
            yield from unpacked(_single(file), "the whole file", None, 0)
            return
        with open(file, "rb") as opened:
            taken = _kind_of_object()
            for entry in ijson.items(_after_bom(opened), "entry.item", use_float=True, map_type=taken):
                number += 1
                if taken.any_twice and _has_twice(entry):
                    yield Entry(where=f"entry {number}", content=None, fault=_TWICE)
                else:
                    yield from _entry(entry, f"entry {number}", 0)
        if not number:
            _no_entries(file)
    except ijson.JSONError as error:
        raise FileUnreadableError(_what_broke(error, number)) from None


class _Taken(dict[str, object]):
    """An object as ijson fills it: it notes a second value for a name, since to raise would break ijson."""

    any_twice = False
    twice = False

    def __setitem__(self, name: str, value: object) -> None:
        if name in self:
            self.twice = type(self).any_twice = True
        super().__setitem__(name, value)


def _kind_of_object() -> type[_Taken]:
    """Return the objects of one file, so that one file's fault is not another's."""
    return type("_TakenOfOneFile", (_Taken,), {})


def _has_twice(entry: object) -> bool:
    """Return whether an object was given two values for one name, in the entry or however far within it."""
    waiting = [entry]
    while waiting:
        match waiting.pop():
            case _Taken(twice=True):
                return True
            case dict() as part:
                waiting.extend(part.values())
            case list() as part:
                waiting.extend(part)
    return False


def _what_broke(error: ijson.JSONError, number: int) -> str:
    text = str(error)
    after = f" after {counted(number, 'whole entry', 'whole entries')}" if number else ""
    if "UTF8" in text:
        return f"It is not UTF-8 text{after}."
    if "EOF" in text or "ncomplete JSON" in text:
        return f"It is half-written: it breaks off before its end{after}."
    return f"It is not readable JSON{after}."


def _single(file: Path) -> object:
    content = file.read_bytes().removeprefix(_BOM) if file.stat().st_size <= _LARGEST_SINGLE else b""
    if not content:
        raise FileUnreadableError(f"It is one resource of more than {_LARGEST_SINGLE // 1_048_576} MB.")
    return _loaded(content)


def _no_entries(file: Path) -> None:
    """Check a bundle without entries: it may be right; one whose entries are not a list is not."""
    with open(file, "rb") as opened:
        for prefix, event, _ in ijson.parse(_after_bom(opened)):
            if prefix == "entry" and event != "start_array":
                raise FileUnreadableError("It is a bundle whose entries are not a list.")


def _after_bom(opened: BinaryIO) -> BinaryIO:
    if opened.read(len(_BOM)) != _BOM:
        opened.seek(0)
    return opened


def _entry(entry: object, where: str, depth: int) -> Iterator[Entry]:
    if not isinstance(entry, dict):
        yield Entry(where=where, content=None, fault="It is not an entry of a bundle.")
        return
    full_url = entry.get("fullUrl")
    yield from unpacked(
        entry.get("resource"), where, full_url if isinstance(full_url, str) and full_url else None, depth
    )


def unpacked(content: object, where: str, full_url: str | None, depth: int) -> Iterator[Entry]:
    """Yield a resource, or everything in a bundle."""
    if content is None:
        yield Entry(where=where, content=None, full_url=full_url)
    elif not isinstance(content, dict) or not isinstance(content.get("resourceType"), str):
        fault = "It is not a FHIR resource: it has no resourceType."
        yield Entry(where=where, content=None, full_url=full_url, fault=fault)
    elif content["resourceType"] != "Bundle":
        yield Entry(where=where, content=content, full_url=full_url)
    elif depth >= _DEEPEST_BUNDLE:
        yield Entry(where=where, content=None, fault="It is a bundle within too many bundles.")
    else:
        entries = content.get("entry", [])
        if not isinstance(entries, list):
            yield Entry(where=where, content=None, fault="It is a bundle whose entries are not a list.")
            return
        for number, each in enumerate(entries, start=1):
            yield from _entry(each, f"{where}, entry {number}", depth + 1)


def _no_number(text: str) -> object:
    raise ValueError(text)
