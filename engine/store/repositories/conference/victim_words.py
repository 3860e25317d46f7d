"""The victim's words for conferences, and their confirmation. Decides nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlmodel import Session, col

from engine.domain.conference.victim_words import StoredVictimWords, VictimWordsGiven
from engine.domain.errors import NotFoundError
from engine.domain.responses.voices import WithWhom
from engine.store.repositories.cases.involvements import involvement_id
from engine.store.tables.cases.involvements import InvolvementRow
from engine.store.tables.conference import (
    AgendaItemRow,
    ConferenceRecordRow,
    VictimWordsConfirmedRow,
    VictimWordsRow,
    VictimWordsWithdrawnRow,
)


class ConferenceVictimWords:
    """Adds and reads what the victim said."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(
        self,
        reference: str,
        given: VictimWordsGiven,
        *,
        agency: str | None,
        item: tuple[str, int] | None,
        by: str,
        at: datetime,
    ) -> int:
        """Store it and return its number among those of the case. Raises NotFoundError without the case."""
        case = involvement_id(self._session, reference)
        count = select(func.count()).select_from(VictimWordsRow)
        there = self._session.execute(count.where(col(VictimWordsRow.involvement_id) == case)).scalar_one()
        number = 1 + int(there)
        self._session.add(
            VictimWordsRow(
                involvement_id=case,
                item_id=self._item(item) if item is not None else None,
                number=number,
                agency=agency,
                content=given.model_dump(mode="json"),
                by=by,
                at=at,
            )
        )
        self._session.flush()
        return number

    def confirm(self, reference: str, number: int, with_whom: WithWhom, *, by: str, at: datetime) -> None:
        """Store the confirmation of what was noted. Raises NotFoundError if there is no such number."""
        case, words = self._row(reference, number)
        self._session.add(
            VictimWordsConfirmedRow(
                victim_words_id=words, involvement_id=case, with_whom=list(with_whom), by=by, at=at
            )
        )
        self._session.flush()

    def withdraw(self, reference: str, number: int, *, by: str, at: datetime) -> None:
        """Store the withdrawal. Raises NotFoundError if there is no such number."""
        case, words = self._row(reference, number)
        self._session.add(VictimWordsWithdrawnRow(victim_words_id=words, involvement_id=case, by=by, at=at))
        self._session.flush()

    def of(self, references: Sequence[str]) -> dict[str, tuple[StoredVictimWords, ...]]:
        """Return what was recorded for these cases, oldest first."""
        found: dict[str, list[StoredVictimWords]] = {reference: [] for reference in references}
        rows = self._session.execute(_RECORDED, {"references": list(references)}).all()
        for reference, row, confirmed, withdrawn, conference, item in rows:
            given = VictimWordsGiven.model_validate(row.content)
            if confirmed is not None:
                given = given.model_copy(update={"with_whom": tuple(confirmed.with_whom)})
            found[reference].append(
                StoredVictimWords(
                    number=row.number,
                    given=given,
                    agency=row.agency,
                    by=row.by,
                    at=row.at,
                    item=(conference, item) if item is not None else None,
                    confirmed_by=confirmed.by if confirmed is not None else None,
                    withdrawn_by=withdrawn.by if withdrawn is not None else None,
                    withdrawn_at=withdrawn.at if withdrawn is not None else None,
                )
            )
        return {reference: tuple(words) for reference, words in found.items()}

    def _row(self, reference: str, number: int) -> tuple[int, int]:
        """Return the row numbers of the case and of the record. Raises NotFoundError."""
        case = involvement_id(self._session, reference)
        there = self._session.execute(
            select(col(VictimWordsRow.id)).where(
                col(VictimWordsRow.involvement_id) == case, col(VictimWordsRow.number) == number
            )
        ).scalar_one_or_none()
        if there is None:
            raise NotFoundError("victim's words", str(number))
        return case, there

    def _item(self, item: tuple[str, int]) -> int:
        conference, number = item
        found = self._session.execute(
            select(col(AgendaItemRow.id))
            .join(ConferenceRecordRow, col(ConferenceRecordRow.id) == col(AgendaItemRow.conference_id))
            .where(col(ConferenceRecordRow.ref) == conference, col(AgendaItemRow.number) == number)
        ).scalar_one()
        return int(found or 0)


_RECORDED = (
    select(
        col(InvolvementRow.ref),
        VictimWordsRow,
        VictimWordsConfirmedRow,
        VictimWordsWithdrawnRow,
        col(ConferenceRecordRow.ref),
        col(AgendaItemRow.number),
    )
    .join(VictimWordsRow, col(VictimWordsRow.involvement_id) == col(InvolvementRow.id))
    .outerjoin(
        VictimWordsConfirmedRow, col(VictimWordsConfirmedRow.victim_words_id) == col(VictimWordsRow.id)
    )
    .outerjoin(
        VictimWordsWithdrawnRow, col(VictimWordsWithdrawnRow.victim_words_id) == col(VictimWordsRow.id)
    )
    .outerjoin(AgendaItemRow, col(AgendaItemRow.id) == col(VictimWordsRow.item_id))
    .outerjoin(ConferenceRecordRow, col(ConferenceRecordRow.id) == col(AgendaItemRow.conference_id))
    .where(col(InvolvementRow.ref).in_(bindparam("references", expanding=True)))
    .order_by(col(VictimWordsRow.id))
)
"""Built once in a process: a screen runs it each second."""
