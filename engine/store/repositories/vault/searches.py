"""Searches that were sent to the co-ordinator, sealed as everything in the protected tables is."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlmodel import Session, col

from engine.domain.vault.sealing import Seals
from engine.store.repositories.references import unused_references
from engine.store.repositories.vault.key_rotation import hold_keys, search_row
from engine.store.tables.vault.protected import ProtectedValueRow, SearchSentRow


@dataclass(frozen=True)
class StoredSearch:
    """One search: who asked for which task, its query, and what it touched once examined."""

    id: int
    reference: str
    user: str
    agency: str | None
    task: str
    at: datetime
    content: str = field(repr=False)
    found: dict[str, list[str]] | None = field(repr=False)


class Searches:
    """Store of searches."""

    def __init__(self, session: Session, seals: Seals) -> None:
        self._session = session
        self._seals = seals

    def keep(
        self, *, user: str, agency: str | None, task: str, content: str, at: datetime, purge_after: datetime
    ) -> str:
        """Store a search that is not examined yet; return its reference."""
        (ref,) = unused_references(self._session, "search", col(SearchSentRow.ref), 1)
        hold_keys(self._session)
        self._session.add(
            SearchSentRow(
                ref=ref,
                user_name=user,
                agency=agency,
                task=task,
                content=self._sealed(ref, {"asked": content, "found": None}),
                at=at,
                purge_after=purge_after,
            )
        )
        self._session.flush()
        return ref

    def asked_since(self, user: str, at: datetime) -> int:
        """Return the number of this user's searches since then."""
        return int(
            self._session.execute(
                select(func.count()).where(col(SearchSentRow.user_name) == user, col(SearchSentRow.at) >= at)
            ).scalar_one()
        )

    def not_looked_into(self, *, count: int) -> tuple[StoredSearch, ...]:
        """Return the oldest searches that are not examined."""
        rows = self._session.execute(
            select(SearchSentRow)
            .where(col(SearchSentRow.looked_into_at).is_(None))
            .order_by(col(SearchSentRow.id))
            .limit(count)
        ).scalars()
        return tuple(self._stored_search(row) for row in rows)

    def waiting(self) -> tuple[StoredSearch, ...]:
        """Return every search that was examined and is not resolved, oldest first."""
        rows = self._session.execute(
            select(SearchSentRow)
            .where(col(SearchSentRow.looked_into_at).is_not(None), col(SearchSentRow.dealt_with_by).is_(None))
            .order_by(col(SearchSentRow.id))
        ).scalars()
        return tuple(self._stored_search(row) for row in rows)

    def note_found(self, number: int, found: Mapping[str, list[str]], *, at: datetime) -> None:
        """Store what a search touched, by case."""
        row = self._session.execute(select(SearchSentRow).where(col(SearchSentRow.id) == number)).scalar_one()
        hold_keys(self._session)
        search = self._stored_search(row)
        row.content = self._sealed(row.ref, {"asked": search.content, "found": dict(found)})
        row.looked_into_at = at
        self._session.add(row)
        self._session.flush()

    def deal_with(self, reference: str, *, by: str, at: datetime) -> None:
        """Mark a search as resolved."""
        self._session.execute(
            update(SearchSentRow)
            .where(col(SearchSentRow.ref) == reference, col(SearchSentRow.dealt_with_by).is_(None))
            .values(dealt_with_by=by, dealt_with_at=at)
            .execution_options(synchronize_session=False)
        )

    def purge(self, *, at: datetime) -> int:
        """Delete searches whose time is over; returns how many."""
        gone = self._session.execute(
            delete(SearchSentRow).where(col(SearchSentRow.purge_after) < at).returning(col(SearchSentRow.id))
        ).all()
        return len(gone)

    def cases_with(self, kind: str, digests: Sequence[str]) -> tuple[str, ...]:
        """Return the involvements with a protected value that has one of these digests."""
        return tuple(
            self._session.execute(
                select(col(ProtectedValueRow.involvement_ref))
                .where(col(ProtectedValueRow.kind) == kind, col(ProtectedValueRow.digest).in_(digests))
                .distinct()
                .order_by(col(ProtectedValueRow.involvement_ref))
            ).scalars()
        )

    def _sealed(self, ref: str, content: Mapping[str, object]) -> bytes:
        return self._seals.seal(json.dumps(content).encode(), row=search_row(ref))

    def _stored_search(self, row: SearchSentRow) -> StoredSearch:
        content = json.loads(self._seals.unsealed(row.content, row=search_row(row.ref)))
        return StoredSearch(
            id=row.id or 0,
            reference=row.ref,
            user=row.user_name,
            agency=row.agency,
            task=row.task,
            at=row.at,
            content=content["asked"],
            found=content["found"],
        )
