"""The protected tables, joined to nothing. Only ``vault.protected_details`` and the import reach them.

Contents are sealed on their way in and opened on their way out, here and nowhere else in the store.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache

from sqlalchemy import BindParameter, Select, bindparam, delete, select, tuple_, update
from sqlmodel import Session, col

from engine.domain.vault.openings import ItemHeld
from engine.domain.vault.sealing import Seals
from engine.store.repositories.bulk import insert_all
from engine.store.repositories.references import unused_references
from engine.store.repositories.vault.key_rotation import hold_keys, original_row, value_row
from engine.store.repositories.vault.searches import Searches
from engine.store.tables.referrals import ImportRow
from engine.store.tables.vault.protected import ProtectedOriginalRow, ProtectedValueRow
from engine.store.typed_columns import VALUES_STORED

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class NewProtected:
    """One value with its keyed digests: by the newest key, and by the one before it, to find an equal one."""

    involvement: str
    kind: str
    content: bytes = field(repr=False)
    digests: tuple[str, ...]
    told_by: str


@dataclass(frozen=True)
class NewOriginal:
    """One imported row as it came; a rejected one has a column, a reason and a day to be purged."""

    row_number: int
    content: bytes = field(repr=False)
    involvement: str | None = None
    column: str | None = None
    reason: str | None = None
    alarms: tuple[str, ...] | None = None
    purge_after: datetime | None = None


@dataclass(frozen=True)
class RejectedRow:
    """A rejected row as the co-ordinator may see it."""

    import_id: int
    row_number: int
    column: str | None
    reason: str
    alarms: tuple[str, ...] | None
    dealt_with_by: str | None
    content: bytes = field(repr=False)
    at: datetime


@cache
def _held() -> Select[str, str, str, bytes]:
    """Build the statement once: building a statement takes several times as long as running it."""
    return select(
        col(ProtectedValueRow.involvement_ref),
        col(ProtectedValueRow.ref),
        col(ProtectedValueRow.kind),
        col(ProtectedValueRow.content),
    ).where(col(ProtectedValueRow.involvement_ref).in_(bindparam("cases", expanding=True)))


@cache
def _digests_held() -> Select[str, str, str, str]:
    return select(
        col(ProtectedValueRow.involvement_ref),
        col(ProtectedValueRow.kind),
        col(ProtectedValueRow.digest),
        col(ProtectedValueRow.ref),
    ).where(col(ProtectedValueRow.involvement_ref).in_(bindparam("cases", expanding=True)))


@cache
def _any_kept() -> Select[str, str]:
    columns = col(ProtectedValueRow.kind), col(ProtectedValueRow.digest)
    pairs: BindParameter[tuple[str, str]] = bindparam("pairs", expanding=True)
    return select(*columns).where(tuple_(*columns).in_(pairs))


class Protected:
    """Store of protected details: those that locate a victim."""

    def __init__(self, session: Session, seals: Seals) -> None:
        self._session = session
        self._seals = seals
        self.searches = Searches(session, seals)

    def keep(self, values: Sequence[NewProtected], *, at: datetime) -> list[str]:
        """Store these values and return a reference for each. An equal value of one case is stored once."""
        there = self._there({value.involvement for value in values})
        keys = [self._key_of(value, there) for value in values]
        fresh = {key: value for key, value in zip(keys, values, strict=True) if key not in there}
        refs = unused_references(self._session, "protected detail", col(ProtectedValueRow.ref), len(fresh))
        new = list(zip(refs, fresh.values(), strict=True))
        if new:
            hold_keys(self._session)
        sealed = self._seals.seal_all(
            (value.content, value_row(ref, value.involvement, value.kind)) for ref, value in new
        )
        rows = [
            {
                "ref": ref,
                "involvement_ref": value.involvement,
                "kind": value.kind,
                "content": content,
                "digest": value.digests[0],
                "told_by": value.told_by,
                "at": at,
            }
            for (ref, value), content in zip(new, sealed, strict=True)
        ]
        insert_all(self._session, ProtectedValueRow, rows)
        there.update(dict(zip(fresh, refs, strict=True)))
        stored = self._session.info.setdefault(VALUES_STORED, {})
        for value in values:
            stored.setdefault(value.involvement, set())
        for ref, value in new:
            stored[value.involvement].add(ref)
        return [there[key] for key in keys]

    def cases_since(self, at: datetime) -> frozenset[str]:
        """Return the cases with a value that was stored since this instant."""
        rows = self._session.execute(
            select(col(ProtectedValueRow.involvement_ref)).where(col(ProtectedValueRow.at) >= at).distinct()
        ).scalars()
        return frozenset(rows)

    def kinds_on(self, involvement: str) -> tuple[str, ...]:
        """Return the kinds of value that are stored for a case; never the values."""
        kinds = self._session.execute(
            select(col(ProtectedValueRow.kind))
            .where(col(ProtectedValueRow.involvement_ref) == involvement)
            .distinct()
        ).scalars()
        return tuple(sorted(kinds))

    def contents_on(self, involvements: Sequence[str]) -> list[tuple[str, bytes]]:
        """Return the (kind, value) pairs of these cases, for checking free text against them."""
        return [(kind, content) for _, kind, content in self.held_on(involvements)]

    def held_on(self, involvements: Sequence[str]) -> list[tuple[str, str, bytes]]:
        """Return the (reference, kind, value) of what is stored for these cases,
        to remove it from a document.
        """
        return [held for one in self.held_by_case(involvements).values() for held in one]

    def held_by_case(self, involvements: Sequence[str]) -> dict[str, list[tuple[str, str, bytes]]]:
        """Return the same for many cases at once, by case.

        A case for which nothing is stored is not among them.
        """
        found: dict[str, list[tuple[str, str, bytes]]] = {}
        for start in range(0, len(involvements), 500):
            cases = list(involvements[start : start + 500])
            rows = self._session.connection().execute(_held(), {"cases": cases}).all()
            clear = self._seals.unsealed_all(
                (content, value_row(ref, case, kind)) for case, ref, kind, content in rows
            )
            for (case, ref, kind, _), content in zip(rows, clear, strict=True):
                found.setdefault(case, []).append((ref, kind, content))
        return found

    def are_any_kept(self, pairs: Iterable[tuple[str, str]]) -> frozenset[tuple[str, str]]:
        """Return those of these (kind, keyed digest) pairs that are stored for any case at all."""
        wanted, found = sorted(set(pairs)), set[tuple[str, str]]()
        for start in range(0, len(wanted), 500):
            some = {"pairs": wanted[start : start + 500]}
            rows = self._session.connection().execute(_any_kept(), some).all()
            found |= {(str(kind), str(digest)) for kind, digest in rows}
        return frozenset(found)

    def items_on(self, involvements: Sequence[str]) -> tuple[ItemHeld, ...]:
        """Return what is stored for these cases, oldest first, without the values."""
        rows = self._session.execute(
            select(
                col(ProtectedValueRow.ref),
                col(ProtectedValueRow.kind),
                col(ProtectedValueRow.told_by),
                col(ProtectedValueRow.at),
            )
            .where(col(ProtectedValueRow.involvement_ref).in_(involvements))
            .order_by(col(ProtectedValueRow.id))
        ).all()
        return tuple(ItemHeld(reference=ref, kind=kind, told_by=by, at=at) for ref, kind, by, at in rows)

    def value(self, reference: str, involvements: Sequence[str]) -> bytes | None:
        """Return one value of these cases; None when they hold none of that reference."""
        row = self._session.execute(
            select(
                col(ProtectedValueRow.involvement_ref),
                col(ProtectedValueRow.kind),
                col(ProtectedValueRow.content),
            ).where(
                col(ProtectedValueRow.ref) == reference,
                col(ProtectedValueRow.involvement_ref).in_(involvements),
            )
        ).one_or_none()
        if row is None:
            return None
        case, kind, content = row
        return self._seals.unsealed(content, row=value_row(reference, case, kind))

    def add_import(self, *, digest: str, by: str, at: datetime) -> int:
        """Note a file that is being imported, and return its number."""
        row = ImportRow(digest=digest, accepted=0, corrected=0, unchanged=0, rejected=0, by=by, at=at)
        self._session.add(row)
        self._session.flush()
        return row.id or 0

    def count_import(self, number: int, **counts: int) -> None:
        """Note what became of its rows: accepted, corrected, unchanged, rejected."""
        self._session.execute(update(ImportRow).where(col(ImportRow.id) == number).values(**counts))

    def rejected_of(self, digest: str) -> frozenset[int]:
        """Return the numbers of the rejected rows of this very file that are still stored."""
        rows = self._session.execute(
            select(col(ProtectedOriginalRow.row_number))
            .join(ImportRow, col(ImportRow.id) == col(ProtectedOriginalRow.import_id))
            .where(col(ImportRow.digest) == digest, col(ProtectedOriginalRow.is_rejected))
        ).scalars()
        return frozenset(int(number) for number in rows)

    def store_originals(self, import_id: int, originals: Sequence[NewOriginal], *, at: datetime) -> None:
        """Store rows as they came."""
        if originals:
            hold_keys(self._session)
            sealed = self._seals.seal_all(
                (each.content, original_row(import_id, each.row_number, each.involvement))
                for each in originals
            )
            insert_all(
                self._session,
                ProtectedOriginalRow,
                [
                    {
                        "import_id": import_id,
                        "row_number": original.row_number,
                        "involvement_ref": original.involvement,
                        "is_rejected": original.reason is not None,
                        "column_name": original.column,
                        "reason": original.reason,
                        "alarms": list(original.alarms) if original.alarms is not None else None,
                        "content": content,
                        "purge_after": original.purge_after,
                        "at": at,
                    }
                    for original, content in zip(originals, sealed, strict=True)
                ],
            )

    def rejected(self, import_id: int | None = None) -> tuple[RejectedRow, ...]:
        """Return rejected rows that are still stored, newest import first."""
        query = select(ProtectedOriginalRow).where(
            col(ProtectedOriginalRow.is_rejected),
            # only rejected rows have it, and it has an index: else all rows that were ever imported are read
            col(ProtectedOriginalRow.purge_after) > _LONG_AGO,
        )
        if import_id is not None:
            query = query.where(col(ProtectedOriginalRow.import_id) == import_id)
        found = self._session.execute(query).scalars()
        return tuple(
            RejectedRow(
                import_id=row.import_id,
                row_number=row.row_number,
                column=row.column_name,
                reason=row.reason or "",
                alarms=tuple(row.alarms) if row.alarms is not None else None,
                dealt_with_by=row.dealt_with_by,
                content=self._seals.unsealed(
                    row.content, row=original_row(row.import_id, row.row_number, row.involvement_ref)
                ),
                at=row.at,
            )
            for row in sorted(found, key=lambda row: (-row.import_id, row.row_number))
        )

    def deal_with(self, import_id: int, row_number: int, *, by: str) -> bool:
        """Mark a rejected row as resolved; return whether there was one that was unresolved."""
        changed = self._session.execute(
            update(ProtectedOriginalRow)
            .where(
                col(ProtectedOriginalRow.import_id) == import_id,
                col(ProtectedOriginalRow.row_number) == row_number,
                col(ProtectedOriginalRow.is_rejected),
                col(ProtectedOriginalRow.dealt_with_by).is_(None),
            )
            .values(dealt_with_by=by)
            .returning(col(ProtectedOriginalRow.id))
        ).all()
        return bool(changed)

    def purge(self, *, at: datetime) -> int:
        """Delete rejected rows whose time is over; returns how many."""
        gone = self._session.execute(
            delete(ProtectedOriginalRow)
            .where(col(ProtectedOriginalRow.purge_after) < at)
            .returning(col(ProtectedOriginalRow.id))
        ).all()
        return len(gone)

    @staticmethod
    def _key_of(value: NewProtected, there: Mapping[tuple[str, str, str], str]) -> tuple[str, str, str]:
        """Return case, kind and digest of a value as it is stored already, or as it will be."""
        keys = [(value.involvement, value.kind, digest) for digest in value.digests]
        return next((key for key in keys if key in there), keys[0])

    def _there(self, involvements: set[str]) -> dict[tuple[str, str, str], str]:
        found: dict[tuple[str, str, str], str] = {}
        wanted = sorted(involvements)
        for start in range(0, len(wanted), 500):
            some = {"cases": wanted[start : start + 500]}
            rows = self._session.connection().execute(_digests_held(), some).all()
            found.update({(ref, kind, key): value for ref, kind, key, value in rows})
        return found
