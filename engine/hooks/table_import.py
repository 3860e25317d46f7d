"""Tables that an agency's staff hand over, merged into its extract by key. Knows no agency's columns.

A table is known by its heading, not by its file's name. Rows are added, or replace the row of the same key;
no row is taken away. The whole extract is tried aside first, and put in place only when the agency's own
reader can read it: a row without its person, or the first tables without the others, are refused and nothing
is changed.
"""

from __future__ import annotations

import csv
import fcntl
import io
import os
import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from engine.domain.agencies.files import MOST_NAMED, AgencyFilesRead, FileRead, KindRead, NotUnderstood
from engine.domain.file_faults import why_not
from engine.hooks.extract_files import Recorded, has_column, read_table, write_table
from engine.hooks.records import AgencyRecords, RecordsUnreadableError
from engine.hooks.wording import listed

_ASIDE = ".handed-over"
_LOCK = ".importing"
_NUMBERS = frozenset({"pnc", "cro", "crn", "asn", "nhs", "crime_reference"})


class _RefusedError(Exception):
    """A file that is left out whole, and why: one sentence."""


@dataclass
class _Table:
    """One table: the rows held by their key, and whether a file changed any."""

    file: str
    shape: type[Recorded]
    rows: dict[str, Recorded] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Column that identifies a row: the first of the shape."""
        return next(iter(self.shape.model_fields))


def take_tables(
    files: Sequence[Path],
    records: AgencyRecords,
    *,
    tables: Mapping[str, type[Recorded]],
    read: Callable[[AgencyRecords], object],
) -> AgencyFilesRead:
    """Merge CSV files into the extract. ``read`` is the agency's own reader of the whole extract.

    Raises RecordsUnreadableError when what is held already cannot be read.
    """
    with lock_imports(records.folder):
        held = {
            file: _Table(file, shape, dict(_held(records, file, shape))) for file, shape in tables.items()
        }
        result = [_taken(file, held) for file in files]
        if any(kind.kept for one in result for kind in one.kinds):
            unreadable = _put_in_place(records, held, read)
            if unreadable is not None:
                reason = f"With it the records would not be whole: {unreadable}. Nothing of it was stored."
                result = [one if one.error else FileRead(file=one.file, error=reason) for one in result]
    return AgencyFilesRead(files=tuple(result))


@contextmanager
def lock_imports(folder: Path) -> Iterator[None]:
    """Hold the lock of imports: one import into a folder at a time, over all processes."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(folder / _LOCK, os.O_CREAT | os.O_WRONLY, 0o600), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _held(records: AgencyRecords, file: str, shape: type[Recorded]) -> Iterator[tuple[str, Recorded]]:
    if (records.folder / file).exists():
        key = next(iter(shape.model_fields))
        for row in read_table(records, file, shape):
            yield str(getattr(row, key)), row


def _taken(file: Path, held: Mapping[str, _Table]) -> FileRead:
    try:
        text = file.read_bytes().decode("utf-8-sig")
        lines = csv.reader(io.StringIO(text, newline=""), strict=True)
        heading = [name.strip() for name in next(lines, [])]
        table = _of_heading(heading, held)
        # a last line without its end may be half of one, and half a date is a date too
        last = None if text.endswith("\n") else text.count("\n") + 1
        return FileRead(file=file.name, kinds=(_merged(table, heading, lines, last),))
    except UnicodeDecodeError:
        return FileRead(file=file.name, error="It is not UTF-8 text. Nothing of it was stored.")
    except OSError as error:
        return FileRead(file=file.name, error=f"It could not be opened ({why_not(error)}).")
    except csv.Error:
        return FileRead(
            file=file.name, error="It is not a table of comma-separated values. Nothing was stored."
        )
    except _RefusedError as error:
        return FileRead(file=file.name, error=f"{error.args[0]} Nothing of it was stored.")


def _of_heading(heading: Sequence[str], held: Mapping[str, _Table]) -> _Table:
    if not any(heading):
        raise _RefusedError("It is empty.")
    fits = [
        table
        for table in held.values()
        if all(has_column(heading, column, table.shape) for column in table.shape.model_fields)
    ]
    if not fits:
        raise _RefusedError(f"Its heading does not match {listed(list(held))}.")
    return max(fits, key=lambda table: len(table.shape.model_fields))


def _merged(table: _Table, heading: Sequence[str], lines: Iterator[list[str]], last: int | None) -> KindRead:
    read = count = same = numbers = 0
    lost: list[NotUnderstood] = []
    seen: set[str] = set()
    merged = dict(table.rows)
    number = 1
    for cells in lines:
        number += 1
        if not cells:
            continue
        read += 1
        fault, row = _row(table, heading, cells)
        if last is not None and getattr(lines, "line_num", 0) >= last:
            fault = "It has no line end and may not be whole."
        if row is not None and fault is None:
            key = str(getattr(row, table.key))
            if key in seen:
                fault = f"Its {table.key} is twice in the file."
            seen.add(key)
            if fault is None and merged.get(key) == row:
                same += 1
            elif fault is None:
                merged[key] = row
                count += 1
                numbers += sum(getattr(row, name, None) is not None for name in _NUMBERS)
        if fault is not None:
            lost += [NotUnderstood(where=f"row {number}", reason=fault)] if len(lost) < MOST_NAMED else []
    table.rows = merged
    return KindRead(
        kind=table.file.removesuffix(".csv"),
        read=read,
        kept=count,
        held_already=same,
        not_understood=tuple(lost),
        identifiers_kept=numbers,
    )


def _row(table: _Table, heading: Sequence[str], cells: Sequence[str]) -> tuple[str | None, Recorded | None]:
    """Return the row, or what is wrong with it by the column's name, and never by its content."""
    if len(cells) != len(heading):
        return "It has a different number of cells from the heading.", None
    fields = {name: cell.strip() or None for name, cell in zip(heading, cells, strict=True)}
    try:
        return None, table.shape.model_validate(fields)
    except ValidationError as error:
        where = error.errors(include_input=False, include_url=False)[0]["loc"]
        column = where[0] if where and where[0] in table.shape.model_fields else "a column"
        return f"It breaks its format at {column}.", None


def _put_in_place(
    records: AgencyRecords, held: Mapping[str, _Table], read: Callable[[AgencyRecords], object]
) -> str | None:
    """Try the new extract aside and put it in place; or say why it cannot be read as a whole."""
    aside = records.folder / _ASIDE
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(mode=0o700)
    try:
        for other in records.folder.iterdir():
            if other.is_file() and other.name not in held and not other.name.startswith("."):
                shutil.copy2(other, aside / other.name)
        changed = [table for table in held.values() if table.rows or (records.folder / table.file).exists()]
        for table in changed:
            write_table(aside, table.file, table.shape, table.rows.values())
        trial = AgencyRecords(folder=aside, settings=records.settings, digest=secrets.token_hex(16))
        try:
            read(trial)
        except RecordsUnreadableError as error:
            return error.sentence
        for table in changed:
            (aside / table.file).replace(records.folder / table.file)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return None
