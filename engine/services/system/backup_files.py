"""The content of a backup: what it says of itself, every row, and a tally of each table at its end.

One form for SQLite and PostgreSQL, so that a backup of one can be restored into the other. The use cases
leave the entries.
"""

from __future__ import annotations

import base64
import json
import re
import secrets
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from engine.domain.base import Frozen, Instant
from engine.domain.errors import InvalidInputError, SetupError
from engine.domain.file_faults import why_not
from engine.exchange.sealed_files import Sealed, SealingKey, read_sealed, write_sealed
from engine.settings import SETTINGS_FILE
from engine.store.file_copies import opened_copy
from engine.store.snapshots import IN_NO_BACKUP
from engine.store.table_rows import Kind, Shape, Tallies, Tally
from engine.store.unit_of_work import UnitOfWork

FORMAT, COPY_FORMAT = 1, 2
"""Rows of tables, and parts of SQLite's file."""
STORED_WITH = (SETTINGS_FILE, "retention.toml")
"""The operator's choices in the home folder, which go into a backup as they are."""
_NAMED = re.compile(r"stac-(\d{8}T\d{6})Z-[0-9a-f]{8}")
_MOST_IN_PART = 4 * 1024 * 1024
"""Characters of a part's rows, before they are compressed."""
_HEAD_TABLE = "audit_head"


class TableShape(Frozen):
    """A table with its columns and their kinds."""

    table: str
    columns: tuple[tuple[str, Kind], ...]


class TableTally(Frozen):
    """The number of rows of a table, and their digest."""

    rows: int
    digest: str


class CopiedFile(Frozen):
    """SQLite's file in a copy: its size, and the newest entry and the settings of the record that it has."""

    bytes: int
    entries: int
    audit_head: str
    settings: str


class BackupHead(Frozen):
    """The first part of a backup, or of a copy of SQLite's file."""

    format: Annotated[int, Field(ge=1)]
    name: str
    made_at: Instant
    software: str
    revision: str
    database: str
    tables: tuple[TableShape, ...]
    sequences: dict[str, int]
    files: dict[str, str] = {}
    copied: CopiedFile | None = None

    @property
    def shapes(self) -> tuple[Shape, ...]:
        """The tables as the store knows them."""
        return tuple(Shape(each.table, each.columns) for each in self.tables)


class BackupEnd(Frozen):
    """The last part of a backup: the manifest that a restore is compared with."""

    tables: dict[str, TableTally]
    entries: int
    audit_head: str

    @property
    def rows(self) -> int:
        """The number of all rows."""
        return sum(each.rows for each in self.tables.values())


class KeysStored(Frozen):
    """The keys of a record at the time of its backup; they do not show."""

    backup: str
    digest_key: str = Field(repr=False)
    vault_key: str = Field(repr=False)


def new_name(at: datetime) -> str:
    """Return the name of a new backup: when it is made, and a random part."""
    return f"stac-{at.astimezone(UTC):%Y%m%dT%H%M%S}Z-{secrets.token_hex(4)}"


def made_at(file: Path) -> datetime | None:
    """Return when a backup or its keys were made, by the file's name; None for any other file."""
    found = _NAMED.fullmatch(file.stem)
    return datetime.strptime(found[1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC) if found else None


def write_backup(
    uow: UnitOfWork, file: Path, *, name: str, key: SealingKey, at: datetime, home: Path
) -> tuple[BackupHead, BackupEnd, str]:
    """Write every table as it is at one moment, and return what the backup says of itself and its digest.

    Raises InvalidInputError where the file cannot be written.
    """
    with uow.snapshot() as snapshot:
        shapes = snapshot.shapes(without=IN_NO_BACKUP)
        head = BackupHead(
            format=FORMAT,
            name=name,
            made_at=at,
            software=version("stac-engine"),
            revision=snapshot.revision,
            database=snapshot.database,
            tables=tuple(TableShape(table=each.table, columns=each.columns) for each in shapes),
            sequences=snapshot.sequences(),
            files=files_of(home),
        )
        tallies, ends = Tallies(), list[BackupEnd]()

        def parts() -> Iterator[bytes]:
            yield packed(head.model_dump_json())
            chain = (0, "")
            for shape in shapes:
                for texts in _in_parts(snapshot.texts(shape)):
                    tallies.add(shape.table, texts)
                    if shape.table == _HEAD_TABLE:
                        chain = _chain_head(shape, texts[0])
                    yield packed(f'{{"table":{json.dumps(shape.table)},"rows":[{",".join(texts)}]}}')
            ends.append(_end(tallies.all(), chain))
            yield packed(ends[0].model_dump_json())

        digest = write_sealed(file, Sealed.RECORD, parts(), key)
    return head, ends[0], digest


def _in_parts(some: Iterable[list[str]]) -> Iterator[list[str]]:
    """Yield the rows again, in parts that a restore may read: each of one row, or of no more than so much."""
    for texts in some:
        part, size = list[str](), 0
        for each in texts:
            if part and size + len(each) > _MOST_IN_PART:
                yield part
                part, size = [], 0
            part.append(each)
            size += len(each)
        if part:
            yield part


def files_of(home: Path) -> dict[str, str]:
    """Return the operator's choices in a home, by the name of the file."""
    return {
        name: (home / name).read_text(encoding="utf-8") for name in STORED_WITH if (home / name).is_file()
    }


def _chain_head(shape: Shape, text: str) -> tuple[int, str]:
    row = dict(zip((name for name, _ in shape.columns), json.loads(text), strict=True))
    return int(row["sequence"]), str(row["hash"])


def _end(tallies: Mapping[str, Tally], chain: tuple[int, str]) -> BackupEnd:
    tables = {name: TableTally(rows=each.rows, digest=each.digest) for name, each in tallies.items()}
    return BackupEnd(tables=tables, entries=chain[0], audit_head=chain[1])


class BackupRead:
    """A backup that is read once, from its head to its end."""

    def __init__(self, file: Path, key: SealingKey) -> None:
        self._parts = read_sealed(file, Sealed.RECORD, key)
        try:
            self.head = BackupHead.model_validate_json(_unpacked(next(self._parts)))
        except ValidationError:
            raise InvalidInputError("backup", _UNKNOWN) from None
        if self.head.format != (COPY_FORMAT if self.head.copied else FORMAT):
            raise InvalidInputError("backup", _UNKNOWN)
        self.end: BackupEnd | None = None
        self._file: Path | None = None

    def unpack(self, place: Path) -> None:
        """Write the file of a copy into this folder, whole, and learn its tables; a backup has rows only.

        Raises InvalidInputError where the copy was changed or cut, and SetupError where its file is damaged.
        """
        copied = self.head.copied
        if copied is None:
            return
        file, size = place / "copied.db", 0
        file.touch(mode=0o600, exist_ok=False)
        try:
            with file.open("wb") as out:
                for part in self._parts:
                    size += out.write(zlib.decompress(part))
        except OSError as error:
            raise InvalidInputError("backup", f"it cannot be unpacked ({why_not(error)})") from None
        if size != copied.bytes:
            raise InvalidInputError("backup", _UNKNOWN)
        with opened_copy(file) as snapshot:
            if faults := snapshot.faults():
                raise SetupError(f"the file in the copy is damaged ({faults[0]}); use another copy")
            shapes = snapshot.shapes(without=IN_NO_BACKUP)
            update = {
                "tables": tuple(TableShape(table=each.table, columns=each.columns) for each in shapes),
                "sequences": snapshot.sequences(),
            }
        self.head, self._file = self.head.model_copy(update=update), file

    def _rows_of_file(self, file: Path) -> Iterator[tuple[str, list[list[object]]]]:
        tallies, chain = Tallies(), (0, "")
        with opened_copy(file) as snapshot:
            for shape in self.head.shapes:
                for texts in snapshot.texts(shape):
                    tallies.add(shape.table, texts)
                    if shape.table == _HEAD_TABLE:
                        chain = _chain_head(shape, texts[0])
                    yield shape.table, json.loads(f"[{','.join(texts)}]")
        self.end = _end(tallies.all(), chain)

    def rows(self) -> Iterator[tuple[str, list[list[object]]]]:
        """Yield the rows table by table. After the last, ``end`` is there."""
        if self._file is not None:
            yield from self._rows_of_file(self._file)
            return
        for part in self._parts:
            content = json.loads(_unpacked(part))
            if "rows" not in content:
                self.end = BackupEnd.model_validate(content)
                return
            yield content["table"], content["rows"]

    def whole(self) -> BackupEnd:
        """Return the manifest. Raises InvalidInputError unless the file came to its end."""
        if self.end is None or next(self._parts, None) is not None:
            raise InvalidInputError("backup", _UNKNOWN)
        return self.end


_UNKNOWN = "its content is not known to this version; restore it with the version that made it"


def write_keys(file: Path, stored: KeysStored, key: SealingKey) -> None:
    """Write the keys of a record, sealed. Raises InvalidInputError where the file cannot be written."""
    content = {**stored.model_dump(), "digest_key": stored.digest_key, "vault_key": stored.vault_key}
    write_sealed(file, Sealed.KEYS, [json.dumps(content).encode()], key)


def read_keys(file: Path, key: SealingKey) -> KeysStored:
    """Return the keys in a file. Raises InvalidInputError."""
    return KeysStored.model_validate_json(b"".join(read_sealed(file, Sealed.KEYS, key)))


def later_digest_keys(file: Path, stored: KeysStored, key: SealingKey) -> bytes | None:
    """Return the digests' keys as a later backup beside this file has them, if the key was changed since.

    The file of the digests' keys only grows, at its beginning. A file of another key of backups is left out.
    """
    then = base64.b64decode(stored.digest_key)
    newest = then
    for each in file.parent.glob(f"*{file.suffix}"):
        with suppress(InvalidInputError, ValueError):
            found = base64.b64decode(read_keys(each, key).digest_key)
            if found.endswith(newest):
                newest = found
    return newest if newest != then else None


def packed(text: str) -> bytes:
    """Return a part of a backup, compressed."""
    return zlib.compress(text.encode(), 1)


def _unpacked(part: bytes) -> bytes:
    return zlib.decompress(part)
