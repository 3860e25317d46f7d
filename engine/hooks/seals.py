"""Check of whether an extract is whole and current, by its seal and by the extract before it.

Knows no column.

A table that was delivered in part reads like one in which a person is not held. The seal, ``extract.json``,
says what was delivered: which files, how many rows, which content, as of which day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints, ValidationError

from engine.domain.agencies.files import ExtractRead, ExtractSealed, TableCompared, TableRows, TableSealed
from engine.domain.base import Frozen
from engine.domain.errors import StacError
from engine.hooks.records import plain_name
from engine.settings import ExtractSettings

SEAL_FILE = "extract.json"
LARGEST_SEAL = 8_000_000
LONGEST_REASON = 300
_TABLES, _LINES = (".csv",), (".jsonl", ".ndjson")
_HEADING, _MARK = b'{"lines"', b"\xef\xbb\xbf"
_MOST_FIRST = len(_MARK + _HEADING)

_Count = Annotated[int, Field(ge=0)]
_Name = Annotated[str, StringConstraints(min_length=1, max_length=4_000)]


class ExtractNotWholeError(StacError):
    """An extract cannot be relied on, so nothing can be said from it: not even that it holds nothing."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        super().__init__(sentence)


class SealedFile(Frozen):
    """One file of an extract. ``rows`` is None for a file that is not a table of lines."""

    name: _Name
    rows: _Count | None = None
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Seal(Frozen):
    """Contents of an extract, and the day as of which its records are right.

    ``tables`` are the rows that the agency's mapping reads, and how many of them a person can be found by.
    """

    as_of: date
    files: Annotated[tuple[SealedFile, ...], Field(min_length=1, max_length=20_000)]
    tables: Annotated[tuple[TableRows, ...], Field(max_length=1_000)] = ()
    reason: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_REASON)] | None = Field(
        default=None, description="why it has fewer rows than the extract before, where it has"
    )


class FileThere(Frozen):
    """One file as it is there: its rows are counted, not taken from the seal. A link has no digest."""

    name: _Name
    rows: _Count | None
    size: _Count
    sha256: str = ""


class ExtractBefore(Frozen):
    """The newest extract that was relied on."""

    as_of: date
    files: tuple[FileThere, ...]
    tables: tuple[TableRows, ...] = ()


class Rows:
    """Counts the rows of a table as its bytes go by: a heading is none, nor is an empty line.

    A line break within quotation marks ends no row of a CSV file.
    """

    def __init__(self, name: str) -> None:
        ending = Path(name).suffix.lower()
        self._quotes, self._counts = ending in _TABLES, ending in (*_TABLES, *_LINES)
        self._rows, self._begun, self._quoted = 0, False, False
        self._first = b""

    def take(self, piece: bytes) -> None:
        """Count what this piece holds."""
        if not self._counts:
            return
        if len(self._first) < _MOST_FIRST:
            self._first += piece[:_MOST_FIRST]
        piece = piece.replace(b"\r", b"")
        if self._quotes and (self._quoted or b'"' in piece):
            self._take_by_line(piece)
        else:
            self._take_at_once(piece)

    def _take_at_once(self, piece: bytes) -> None:
        """Count rows of a file without quotation marks: each line that is not blank is a row."""
        lines = piece.split(b"\n")
        rest = lines.pop()
        if lines:
            self._rows += len(lines) - lines.count(b"") + (self._begun and not lines[0])
            self._begun = False
        self._begun = self._begun or bool(rest)

    def _take_by_line(self, piece: bytes) -> None:
        """Count rows by line: a row ends with a line at whose end no quotation mark is open."""
        *lines, rest = piece.split(b"\n")
        for line in lines:
            self._quoted ^= bool(line.count(b'"') & 1)
            self._begun = self._begun or bool(line)
            if not self._quoted:
                self._rows += self._begun
                self._begun = False
        self._quoted ^= bool(rest.count(b'"') & 1)
        self._begun = self._begun or bool(rest)

    def counted(self) -> int | None:
        """Return how many there are; None for a file that is not a table."""
        if not self._counts:
            return None
        lines = self._rows + self._begun
        has_heading = self._quotes or self._first.removeprefix(_MARK).startswith(_HEADING)
        return max(0, lines - has_heading)


def as_seal(content: bytes | None) -> Seal | None:
    """Return the seal in a file's content; None if the file does not exist. Raises ExtractNotWholeError."""
    if content is None:
        return None
    try:
        return Seal.model_validate_json(content)
    except ValidationError as error:
        where = error.errors(include_input=False, include_url=False)[0]["loc"]
        parts = [str(part) for part in where if isinstance(part, int) or part in {"as_of", "files", *_FIELDS}]
        place = f" at {'.'.join(parts)}" if parts else ""
        raise ExtractNotWholeError(f"{SEAL_FILE} breaks its format{place}") from None


_FIELDS = frozenset(SealedFile.model_fields)


def require_as_sealed(code: str, seal: Seal | None, there: Sequence[FileThere]) -> Seal:
    """Return the seal, when the files that are there are the ones that it names.

    Raises ExtractNotWholeError.
    """
    if seal is None:
        raise ExtractNotWholeError(
            f"{SEAL_FILE} was not found, so it is not known if the extract is whole; 'stac agency seal "
            f"{code}' writes it for an extract that is"
        )
    sealed = {file.name: file for file in seal.files}
    if len(sealed) != len(seal.files):
        raise ExtractNotWholeError(f"{SEAL_FILE} names a file twice")
    found = {file.name: file for file in there}
    for name, promised in sealed.items():
        file = found.get(name)
        if file is None:
            raise ExtractNotWholeError(f"{shown(name)} is named in {SEAL_FILE} but was not found")
        if promised.rows is not None and file.rows is not None and promised.rows != file.rows:
            raise ExtractNotWholeError(
                f"{shown(name)} holds {counted(file.rows)} and {SEAL_FILE} says {promised.rows:,}"
            )
        if not file.sha256:
            raise ExtractNotWholeError(f"{shown(name)} is a link or too large to be checked")
        if promised.sha256 != file.sha256:
            raise ExtractNotWholeError(f"{shown(name)} is not as it was when the extract was sealed")
    for name in found:
        if name not in sealed:
            raise ExtractNotWholeError(f"{shown(name)} is there and is not named in {SEAL_FILE}")
    return seal


def require_current(seal: Seal, *, on: date, oldest_days: int) -> None:
    """Raise ExtractNotWholeError for an extract that is too old, or dated after today."""
    if seal.as_of > on:
        raise ExtractNotWholeError(f"the extract is dated {day(seal.as_of)}, after today")
    if seal.as_of < on - timedelta(days=oldest_days):
        days = f"{oldest_days} day{'' if oldest_days == 1 else 's'}"
        raise ExtractNotWholeError(
            f"the extract is of {day(seal.as_of)}, more than {days} ago; a newer one is needed"
        )


def fallen(
    as_of: date, there: Sequence[FileThere], before: ExtractBefore | None, *, percent: int
) -> tuple[str, ...]:
    """Return how an extract falls short of the one before: a table that shrank or is gone,
    or an older day.
    """
    if before is None:
        return ()
    found = {file.name: file for file in there}
    sentences = [
        said for was in before.files if (said := _fell(was, found.get(was.name), before.as_of, percent))
    ]
    if as_of < before.as_of:
        sentences.append(f"the extract is of {day(as_of)}, older than the one before, of {day(before.as_of)}")
    return tuple(sentences)


def fewer(
    there: Sequence[FileThere], tables: Sequence[TableRows], before: ExtractBefore | None
) -> tuple[str, ...]:
    """Return each table that has fewer rows than before, or fewer that a person can be found by."""
    if before is None:
        return ()
    rows = {file.name: file.rows for file in there}
    sentences = [
        f"{shown(was.name)} has {counted(now)} and had {was.rows:,}"
        for was in before.files
        if was.rows is not None and (now := rows.get(was.name)) is not None and now < was.rows
    ]
    tables_now = {each.table: each for each in tables}
    for table in before.tables:
        each = tables_now.get(table.table)
        if each is None:
            sentences.append(f"{table.table} was read before and is not read now")
        elif each.rows < table.rows:
            sentences.append(f"{table.table} has {counted(each.rows)} and had {table.rows:,}")
        elif each.matchable < table.matchable:
            sentences.append(
                f"{table.table} has {counted(each.matchable)} that can be matched on and had "
                f"{table.matchable:,}"
            )
    return tuple(sentences)


def empty(read: ExtractRead | None) -> tuple[str, ...]:
    """Return that no person can be found by any row of the sheet of people: each would be a nil return."""
    if read is None or read.tables[0].matchable:
        return ()
    why = " and ".join(each.reason.removesuffix(".") for each in read.tables[0].unmatchable)
    return (f"{read.tables[0].table} has no row that can be matched on" + (f" ({why})" if why else ""),)


def _fell(was: FileThere, now: FileThere | None, of: date, percent: int) -> str | None:
    name = shown(was.name)
    if now is None:
        return f"{name} was in the extract of {day(of)} and is not in this one"
    if was.rows is not None and now.rows is not None:
        then, left, texts = was.rows, now.rows, (counted(was.rows), f"{now.rows:,}")
    else:
        then, left, texts = was.size, now.size, (f"{was.size:,} bytes", f"{now.size:,}")
    if (then - left) * 100 <= then * percent:
        return None
    return (
        f"{name} fell from {texts[0]} to {texts[1]}, by more than {percent} %, since the extract of {day(of)}"
    )


def sealed_as(
    as_of: date,
    there: Sequence[FileThere],
    *,
    tables: tuple[TableRows, ...] = (),
    reason: str | None = None,
) -> Seal:
    """Return the seal of what is there."""
    return Seal(
        as_of=as_of,
        files=tuple(SealedFile(name=file.name, rows=file.rows, sha256=file.sha256) for file in there),
        tables=tables,
        reason=reason,
    )


def rows_by_table(read: ExtractRead | None) -> tuple[TableRows, ...]:
    """Return the counts of an extract that was read by a mapping; none of one that has no mapping."""
    return tuple(
        TableRows(table=each.table, rows=each.rows, matchable=each.matchable)
        for each in (read.tables if read else ())
    )


def seal_summary(seal: Seal, before: ExtractBefore | None, read: ExtractRead | None = None) -> ExtractSealed:
    """Return what was sealed, each table beside its number of rows before."""
    tables_before = {each.table: each for each in before.tables} if before else {}
    unmatchable = {each.table: each.unmatchable for each in (read.tables if read else ())}
    was: Mapping[str, FileThere] = {file.name: file for file in before.files} if before else {}
    return ExtractSealed(
        as_of=seal.as_of,
        before_as_of=before.as_of if before else None,
        files=tuple(
            TableSealed(
                name=file.name, rows=file.rows, rows_before=was[file.name].rows if file.name in was else None
            )
            for file in seal.files
        ),
        tables=tuple(
            TableCompared(
                now=each, before=tables_before.get(each.table), unmatchable=unmatchable.get(each.table, ())
            )
            for each in seal.tables
        ),
        doubts=read.doubts if read else (),
        reason=seal.reason,
    )


def oldest_days(settings: ExtractSettings, code: str) -> int:
    """Return how old this agency's extract may be."""
    return settings.oldest_days_of.get(code, settings.oldest_days)


def shown(name: str) -> str:
    """Return a file's name as a sentence may carry it."""
    return "/".join(plain_name(part) for part in name.split("/"))


def counted(rows: int) -> str:
    """Return a number of rows in words."""
    return f"{rows:,} row{'' if rows == 1 else 's'}"


def day(on: date) -> str:
    """Return a date as people write it."""
    return f"{on:%-d %B %Y}"
