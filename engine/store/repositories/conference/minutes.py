"""Phases of minutes, proposed corrections, and agreed copies. Decides nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from engine.domain.conference.minutes import (
    CorrectionView,
    MinutedItem,
    Minutes,
    MinutesHead,
    MinutesHeading,
    MinutesPhase,
    MinutesStep,
)
from engine.domain.errors import NotFoundError
from engine.store.repositories.cases.involvements import involvement_id
from engine.store.repositories.references import unused_references
from engine.store.tables.cases.involvements import InvolvementRow
from engine.store.tables.conference import AgendaItemRow, ConferenceRecordRow
from engine.store.tables.minutes import (
    MinutesCopyItemRow,
    MinutesCopyRow,
    MinutesCorrectionAnswerRow,
    MinutesCorrectionRow,
    MinutesStepRow,
)


class ConferenceMinutes:
    """Adds and reads what there is of the minutes of a conference beside the record itself."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def step(
        self, conference: str, phase: MinutesPhase, *, until: date | None, by: str, at: datetime
    ) -> None:
        """Record that the minutes came into a phase. Raises NotFoundError."""
        number = self._number(conference)
        self._session.add(MinutesStepRow(conference_id=number, phase=phase.value, until=until, by=by, at=at))
        self._session.flush()

    def steps(self, conference: str) -> tuple[MinutesStep, ...]:
        """Return the phases that the minutes came into, in order. Raises NotFoundError."""
        rows = self._session.execute(
            select(MinutesStepRow)
            .where(col(MinutesStepRow.conference_id) == self._number(conference))
            .order_by(col(MinutesStepRow.id))
        ).scalars()
        return tuple(
            MinutesStep(phase=MinutesPhase(row.phase), until=row.until, by=row.by, at=row.at) for row in rows
        )

    def propose(
        self, conference: str, case: str, heading: MinutesHeading, text: str, *, by: str, at: datetime
    ) -> str:
        """Store a proposed correction of a case's item and return its reference. Raises NotFoundError."""
        involvement = involvement_id(self._session, case)
        item = self._session.execute(
            select(col(AgendaItemRow.id)).where(
                col(AgendaItemRow.conference_id) == self._number(conference),
                col(AgendaItemRow.involvement_id) == involvement,
            )
        ).scalar_one()
        row = MinutesCorrectionRow(
            ref=unused_references(self._session, "minutes correction", col(MinutesCorrectionRow.ref), 1)[0],
            item_id=int(item or 0),
            involvement_id=involvement,
            heading=heading.value,
            says=text,
            by=by,
            at=at,
        )
        self._session.add(row)
        self._session.flush()
        return row.ref

    def answer(self, correction: str, *, accepted: bool, why: str | None, by: str, at: datetime) -> None:
        """Store the chair's answer. Raises NotFoundError if there is no such correction."""
        row: MinutesCorrectionRow | None = self._session.execute(
            select(MinutesCorrectionRow).where(col(MinutesCorrectionRow.ref) == correction)
        ).scalar_one_or_none()
        if row is None:
            raise NotFoundError("correction", correction)
        self._session.add(
            MinutesCorrectionAnswerRow(
                correction_id=int(row.id or 0),
                involvement_id=row.involvement_id,
                accepted=accepted,
                why=why,
                by=by,
                at=at,
            )
        )
        self._session.flush()

    def corrections(self, conference: str) -> tuple[CorrectionView, ...]:
        """Return the proposed corrections of a conference, oldest first. Raises NotFoundError."""
        rows = self._session.execute(
            select(MinutesCorrectionRow, col(InvolvementRow.ref), MinutesCorrectionAnswerRow)
            .join(AgendaItemRow, col(AgendaItemRow.id) == col(MinutesCorrectionRow.item_id))
            .join(InvolvementRow, col(InvolvementRow.id) == col(MinutesCorrectionRow.involvement_id))
            .outerjoin(
                MinutesCorrectionAnswerRow,
                col(MinutesCorrectionAnswerRow.correction_id) == col(MinutesCorrectionRow.id),
            )
            .where(col(AgendaItemRow.conference_id) == self._number(conference))
            .order_by(col(MinutesCorrectionRow.id))
        ).all()
        return tuple(
            CorrectionView(
                reference=row.ref,
                case=case,
                heading=MinutesHeading(row.heading) if row.heading is not None else None,
                says=row.says,
                by=row.by,
                at=row.at,
                accepted=answer.accepted if answer else None,
                why=answer.why if answer else None,
                answered_by=answer.by if answer else None,
                answered_at=answer.at if answer else None,
            )
            for row, case, answer in rows
        )

    def conference_of(self, correction: str) -> str:
        """Return the conference of a proposed correction. Raises NotFoundError."""
        found = self._session.execute(
            select(col(ConferenceRecordRow.ref))
            .join(AgendaItemRow, col(AgendaItemRow.conference_id) == col(ConferenceRecordRow.id))
            .join(MinutesCorrectionRow, col(MinutesCorrectionRow.item_id) == col(AgendaItemRow.id))
            .where(col(MinutesCorrectionRow.ref) == correction)
        ).scalar_one_or_none()
        if found is None:
            raise NotFoundError("correction", correction)
        return str(found)

    def store_copies(self, copies: Iterable[tuple[Minutes, str]], *, by: str, at: datetime) -> None:
        """Store agreed copies, each with its digest. Raises NotFoundError."""
        for minutes, digest in copies:
            head = MinutesHead.model_validate(
                minutes.model_dump(include=set(MinutesHead.model_fields))
            ).model_dump(mode="json")
            row = MinutesCopyRow(
                conference_id=self._number(minutes.conference),
                user_name=minutes.recipient,
                content=head,
                digest=digest,
                by=by,
                at=at,
            )
            self._session.add(row)
            self._session.flush()
            for item in minutes.items:
                self._session.add(
                    MinutesCopyItemRow(
                        copy_id=int(row.id or 0),
                        involvement_id=involvement_id(self._session, item.case),
                        number=item.number,
                        content=item.model_dump(mode="json"),
                    )
                )
        self._session.flush()

    def copy_for(self, conference: str, user: str) -> Minutes | None:
        """Return the agreed copy of a recipient; None where there is none. Raises NotFoundError."""
        row: MinutesCopyRow | None = self._session.execute(
            select(MinutesCopyRow).where(
                col(MinutesCopyRow.conference_id) == self._number(conference),
                col(MinutesCopyRow.user_name) == user,
            )
        ).scalar_one_or_none()
        if row is None:
            return None
        items = self._session.execute(
            select(MinutesCopyItemRow)
            .where(col(MinutesCopyItemRow.copy_id) == row.id)
            .order_by(col(MinutesCopyItemRow.number))
        ).scalars()
        head = MinutesHead.model_validate(row.content)
        return Minutes(
            **dict(head),
            recipient=row.user_name,
            items=tuple(MinutedItem.model_validate(item.content) for item in items),
            phase=MinutesPhase.AGREED,
            steps=self.steps(conference),
            digest=row.digest,
        )

    def _number(self, conference: str) -> int:
        number = self._session.execute(
            select(col(ConferenceRecordRow.id)).where(col(ConferenceRecordRow.ref) == conference)
        ).scalar_one_or_none()
        if number is None:
            raise NotFoundError("conference", conference, instead="'stac conference list' lists them")
        return int(number)
