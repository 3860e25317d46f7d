"""Stored requests, approvals and openings of protected values: ids and kinds.

Decides nothing, holds no value.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Select, select
from sqlmodel import Session, col

from engine.domain.access.approvals import AccessApproval
from engine.domain.errors import NotFoundError
from engine.domain.vault.openings import Basis, Opening, OpeningAsked, SafeContactNamed
from engine.store.among import among
from engine.store.granting import is_proven, proven_numbers, with_check
from engine.store.repositories.access.entrusted import NamedLast, named_last
from engine.store.repositories.cases.involvements import involvement_id
from engine.store.repositories.references import unused_references
from engine.store.tables.cases.involvements import InvolvementRow
from engine.store.tables.vault.openings import (
    OpeningAskRow,
    OpeningRow,
    OpeningToldRow,
    OpeningWordRow,
    SafeContactOfficerRow,
)


class Openings:
    """Store of who asked for, agreed to and opened what."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def name_officer(self, named: SafeContactNamed) -> None:
        """Name the safe-contact officer of a case. Raises NotFoundError if the referral does not exist."""
        self._session.add(
            SafeContactOfficerRow(
                involvement_id=involvement_id(self._session, named.involvement),
                user_name=named.user,
                by=named.by,
                at=named.at,
            )
        )
        self._session.flush()

    def officers_named(self, references: Sequence[str]) -> dict[str, NamedLast]:
        """Return by involvement who was named last as its officer; whether still on it, others decide."""
        return named_last(self._session, SafeContactOfficerRow, references)

    def ask(
        self,
        involvement: str,
        *,
        item: str,
        kind: str,
        user: str,
        agency: str | None,
        task: str,
        why: str,
        at: datetime,
        lapses_at: datetime,
    ) -> str:
        """Store a request and return its reference. Raises NotFoundError if the referral does not exist."""
        reference = unused_references(self._session, "opening request", col(OpeningAskRow.ref), 1)[0]
        self._session.add(
            OpeningAskRow(
                ref=reference,
                involvement_id=involvement_id(self._session, involvement),
                item_ref=item,
                kind=kind,
                user_name=user,
                agency=agency,
                task=task,
                why=why,
                at=at,
                lapses_at=lapses_at,
            )
        )
        self._session.flush()
        return reference

    def say(self, asked: str, approval: AccessApproval) -> None:
        """Store an approval of a request. Raises NotFoundError if the request does not exist."""
        self._session.add(
            OpeningWordRow(
                opening_ask_id=self._ask_id(asked),
                user_name=approval.user,
                agency=approval.agency,
                agrees=approval.agrees,
                at=approval.at,
            )
        )
        self._session.flush()

    def asked(self, reference: str) -> OpeningAsked:
        """Return one request with its approvals. Raises NotFoundError if the request does not exist."""
        found = self._asks(_asks().where(col(OpeningAskRow.ref) == reference))
        if not found:
            raise NotFoundError("opening request", reference)
        return found[0]

    def asks_alive(
        self, *, at: datetime, involvements: Sequence[str] | None = None
    ) -> tuple[OpeningAsked, ...]:
        """Return requests that have not lapsed, were not used and not withdrawn, oldest first."""
        query = _asks().where(col(OpeningAskRow.lapses_at) > at)
        if involvements is not None:
            query = query.where(among(col(InvolvementRow.ref), involvements))
        return tuple(ask for ask in self._asks(query) if not ask.is_used and not ask.is_withdrawn)

    def add(self, opening: Opening, *, texts: Iterable[str]) -> Opening:
        """Store an opening and who was notified of it; return it with its reference.

        Raises NotFoundError if the referral or the request does not exist.
        """
        reference = unused_references(self._session, "opening", col(OpeningRow.ref), 1)[0]
        row = OpeningRow(
            ref=reference,
            involvement_id=involvement_id(self._session, opening.involvement),
            item_ref=opening.item,
            kind=opening.kind,
            user_name=opening.user,
            agency=opening.agency,
            basis=opening.basis.value,
            opening_ask_id=self._ask_id(opening.asked) if opening.asked else None,
            task=opening.task,
            why=opening.why,
            at=opening.at,
            until=opening.until,
        )
        self._session.add(row)
        self._session.flush()
        self._session.add_all(
            OpeningToldRow(opening_id=row.id or 0, user_name=user, at=opening.at) for user in texts
        )
        self._session.flush()
        return opening.model_copy(update={"reference": reference})

    def newest_of(self, user: str) -> Opening | None:
        """Return the last opening of this person, of any item: only that one can be current."""
        query = _openings().where(col(OpeningRow.user_name) == user)
        found = self._openings(query.order_by(col(OpeningRow.id).desc()).limit(1))
        return found[0] if found else None

    def of(self, involvements: Sequence[str]) -> tuple[Opening, ...]:
        """Return every opening on these cases, newest first."""
        query = _openings().where(among(col(InvolvementRow.ref), involvements))
        return self._openings(query.order_by(col(OpeningRow.id).desc()))

    def known_to(self, user: str, *, since: datetime) -> tuple[Opening, ...]:
        """Return the openings that this person was notified of, oldest first."""
        query = (
            _openings()
            .join(OpeningToldRow, col(OpeningToldRow.opening_id) == col(OpeningRow.id))
            .where(col(OpeningToldRow.user_name) == user, col(OpeningToldRow.at) >= since)
        )
        return self._openings(query.order_by(col(OpeningRow.id)))

    def _ask_id(self, reference: str) -> int:
        found: int | None = self._session.execute(
            select(col(OpeningAskRow.id)).where(col(OpeningAskRow.ref) == reference)
        ).scalar()
        if found is None:
            raise NotFoundError("opening request", reference)
        return found

    def _asks(self, query: Select[OpeningAskRow, str, int | None]) -> list[OpeningAsked]:
        found = self._session.execute(query.order_by(col(OpeningAskRow.id))).all()
        right = proven_numbers(self._session, OpeningAskRow, [row.id for row, _, _ in found])
        rows = [each for each in found if each[0].id in right]
        words: dict[int, list[AccessApproval]] = {}
        said = self._session.connection().execute(
            with_check(OpeningWordRow)
            .where(among(col(OpeningWordRow.opening_ask_id), [row.id or 0 for row, _, _ in rows]))
            .order_by(col(OpeningWordRow.id))
        )
        for term in said:
            agrees = term.agrees and is_proven(self._session, OpeningWordRow, term)
            words.setdefault(term.opening_ask_id, []).append(
                AccessApproval(user=term.user_name, agency=term.agency, agrees=agrees, at=term.at)
            )
        return [
            OpeningAsked(
                reference=row.ref,
                involvement=reference,
                item=row.item_ref,
                kind=row.kind,
                user=row.user_name,
                agency=row.agency,
                task=row.task,
                why=row.why,
                at=row.at,
                lapses_at=row.lapses_at,
                words=tuple(words.get(row.id or 0, ())),
                is_used=used is not None,
            )
            for row, reference, used in rows
        ]

    def _openings(self, query: Select[OpeningRow, str, str | None]) -> tuple[Opening, ...]:
        found = self._session.execute(query).all()
        right = proven_numbers(self._session, OpeningRow, [row.id for row, _, _ in found])
        return tuple(
            Opening(
                reference=row.ref,
                involvement=reference,
                item=row.item_ref,
                kind=row.kind,
                user=row.user_name,
                agency=row.agency,
                basis=Basis(row.basis),
                asked=asked,
                task=row.task,
                why=row.why,
                at=row.at,
                until=row.until,
            )
            for row, reference, asked in found
            if row.id in right
        )


def _asks() -> Select[OpeningAskRow, str, int | None]:
    return (
        select(OpeningAskRow, col(InvolvementRow.ref), col(OpeningRow.id))
        .join(InvolvementRow, col(InvolvementRow.id) == col(OpeningAskRow.involvement_id))
        .outerjoin(OpeningRow, col(OpeningRow.opening_ask_id) == col(OpeningAskRow.id))
    )


def _openings() -> Select[OpeningRow, str, str | None]:
    return (
        select(OpeningRow, col(InvolvementRow.ref), col(OpeningAskRow.ref))
        .join(InvolvementRow, col(InvolvementRow.id) == col(OpeningRow.involvement_id))
        .outerjoin(OpeningAskRow, col(OpeningAskRow.id) == col(OpeningRow.opening_ask_id))
    )
