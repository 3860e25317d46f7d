"""The record against its audit log: each row must be as its newest entry says. Shows no content."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import Literal, NamedTuple

from engine.domain.base import Frozen
from engine.store.granting import GRANTS
from engine.store.repositories.system.audit_content import RowVersion
from engine.store.unit_of_work import UnitOfWork, Work
from engine.store.versions_written import covered_tables

MOST_NAMED = 200
"""So many differences are named; the rest are counted."""
_QUICK = 200_000

Kind = Literal["altered", "unreadable", "gone", "added", "back", "unchecked"]
_SAYS: dict[Kind, str] = {
    "altered": "it is not what entry {entry} wrote",
    "unreadable": "a value of it cannot be read, and it is not what entry {entry} wrote",
    "gone": "it is gone, and no entry deleted it: entry {entry} wrote it",
    "added": "no entry wrote it",
    "unchecked": "it has no keyed check of what it says, and opens nothing",
    "back": "it is there, and entry {entry} deleted it",
}


class Difference(Frozen):
    """One row that is not as the chain says."""

    table: str
    row: str
    kind: Kind
    entry: int | None

    @property
    def sentence(self) -> str:
        """The sentence for it."""
        return f"{self.table}, row {self.row}: {_SAYS[self.kind].format(entry=self.entry)}"


class ContentVerdict(Frozen):
    """The record's rows and triggers, compared with the chain.

    ``erased`` counts by certificate the rows whose content was erased, and which are as the erasure left
    them. Every row is covered, and every entry has digests: the two counts of others are for those who read
    them.
    """

    ok: bool
    rows: int
    not_covered: dict[str, int] = {}
    entries_without_digests: int = 0
    erased: dict[str, int]
    different: int
    differences: tuple[Difference, ...]
    missing_triggers: tuple[str, ...]

    @property
    def is_as_written(self) -> bool:
        """True if each row is as the chain says; triggers are another matter."""
        return not self.different


def verify_content(*, uow: UnitOfWork, tables: Collection[str] | None = None) -> ContentVerdict:
    """Compare every covered row with the chain; of these tables, if some are named.

    The chain itself is verified first, by ``audit.verify``.
    """
    with uow.unrecorded() as work:
        said = Said(work, tables)
        erased = work.audit_content.erased()
        by_certificate: dict[str, int] = {}
        found: list[Difference] = []
        different = rows = 0
        for table, key, version in work.audit_content.versions(tables):
            unlike = said.held_against(table, key, version)
            if unlike is None and not work.audit_content.is_checked(table, key, version):
                unlike = Difference(table=table, row=key, kind="unchecked", entry=None)
            if unlike is not None:
                different += 1
                found += [unlike] if len(found) < MOST_NAMED else []
            else:
                rows += 1
                if (certificate := erased.get((table, key))) is not None:
                    by_certificate[certificate] = by_certificate.get(certificate, 0) + 1
        for gone in said.gone():
            different += 1
            found += [gone] if len(found) < MOST_NAMED else []
        of_sign_ins = work.sign_ins.unchecked() if tables is None or "sign_in" in tables else ()
        for table, key in of_sign_ins:
            different += 1
            unproven = Difference(table=table, row=key, kind="unchecked", entry=None)
            found += [unproven] if len(found) < MOST_NAMED else []
        missing = work.audit_content.missing_triggers()
    return ContentVerdict(
        ok=not different and not missing,
        rows=rows,
        erased=by_certificate,
        different=different,
        differences=tuple(found),
        missing_triggers=missing,
    )


def covered_names() -> tuple[str, ...]:
    """Return the names of the tables whose rows are compared, in one order for all time but new tables."""
    return tuple(sorted(table.name for table in covered_tables()))


def missing_triggers(*, uow: UnitOfWork) -> tuple[str, ...]:
    """Return the triggers that refuse changes of history and are missing, or refuse nothing."""
    with uow.unrecorded() as work:
        return work.audit_content.missing_triggers()


def is_quickly_walked(*, uow: UnitOfWork) -> bool:
    """Return whether the record is small enough to be verified while a person waits."""
    with uow.unrecorded() as work:
        return sum(work.audit_content.highest().values()) < _QUICK


class RowUnlike(NamedTuple):
    """A row that is not as the chain says. One that ``grants`` has a check of what it says now."""

    difference: Difference
    grants: bool


def rows_unlike(work: Work, tables: Collection[str]) -> tuple[RowUnlike, ...]:
    """Return the rows of these tables that are not as the chain says: changed, put back or gone."""
    said, found = Said(work, tables), []
    for table, key, version in work.audit_content.versions(tables):
        if (unlike := said.held_against(table, key, version)) is not None:
            grants = table in GRANTS and work.audit_content.is_checked(table, key, version)
            found.append(RowUnlike(unlike, grants))
    return (*found, *(RowUnlike(each, False) for each in said.gone()))


class Said:
    """The chain's digest of every row's newest version, the entry that wrote it, and that entry's key."""

    def __init__(self, work: Work, tables: Collection[str] | None = None) -> None:
        self._newest: dict[str, dict[str, tuple[bytes | None, int, int]]] = {}
        self._tables = tables
        self._last: int | None = None
        self.go_on(work)

    def go_on(self, work: Work) -> None:
        """Add what was recorded since."""
        named = tuple(f'"{table}"' for table in self._tables or ())
        for number, key_number, text in work.audit.versions(after=self._last):
            self._last = number
            if named and not any(name in text for name in named):
                continue
            for table, versions in json.loads(text).items():
                if self._tables is None or table in self._tables:
                    self._newest.setdefault(table, {}).update(
                        (key, (bytes.fromhex(digest) if digest else None, number, key_number))
                        for key, digest in versions.items()
                    )

    def wrote(self, table: str, key: str, version: RowVersion) -> bool:
        """Return whether a row is as the chain says."""
        newest = self._newest.get(table, {}).get(key)
        return newest is not None and newest[0] == bytes.fromhex(version.digest(newest[2]))

    def held_against(self, table: str, key: str, version: RowVersion | None) -> Difference | None:
        """Compare a row that is there with the chain, once: None where it is as the chain says.

        Without a version it cannot be read.
        """
        newest = self._newest.get(table, {}).pop(key, None)
        if newest is None:
            return Difference(table=table, row=key, kind="added", entry=None)
        expected, entry, key_number = newest
        if version is None:
            return Difference(table=table, row=key, kind="unreadable", entry=entry)
        if expected == bytes.fromhex(version.digest(key_number)):
            return None
        return Difference(table=table, row=key, kind="back" if expected is None else "altered", entry=entry)

    def gone(self) -> Iterator[Difference]:
        """Yield what is left once every row was compared: rows written and never deleted by an entry."""
        for table, rows in sorted(self._newest.items()):
            for key, (digest, entry, _) in rows.items():
                if digest is not None:
                    yield Difference(table=table, row=key, kind="gone", entry=entry)
