"""Remarks about cases in the room, and their releases. Decides nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from engine.domain.conference.remarks import RemarkAct, RemarkGiven, StoredRemark
from engine.domain.errors import NotFoundError
from engine.domain.responses.answers import Nature
from engine.domain.sharing import AudienceKind
from engine.store.repositories.references import unused_references
from engine.store.tables.cases.involvements import InvolvementRow
from engine.store.tables.conference import (
    AgendaItemRow,
    ConferenceRecordRow,
    RemarkRow,
    RemarkStepRow,
)


class Remarks:
    """Adds and reads remarks, by their reference."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(
        self, conference: str, item: int, text: str, given: RemarkGiven | None, *, by: str, at: datetime
    ) -> str:
        """Store a remark on an item and return its reference; without ``given`` it is a note.

        Raises NotFoundError if there is no such item.
        """
        found: AgendaItemRow | None = self._session.execute(
            select(AgendaItemRow)
            .join(ConferenceRecordRow, col(ConferenceRecordRow.id) == col(AgendaItemRow.conference_id))
            .where(col(ConferenceRecordRow.ref) == conference, col(AgendaItemRow.number) == item)
        ).scalar_one_or_none()
        if found is None:
            raise NotFoundError("item", str(item))
        row = RemarkRow(
            ref=unused_references(self._session, "remark", col(RemarkRow.ref), 1)[0],
            item_id=int(found.id or 0),
            involvement_id=found.involvement_id,
            agency=given.agency if given else None,
            text=text,
            source=given.source if given else None,
            nature=given.nature.value if given else None,
            grade=given.grade if given else None,
            audience=given.audience.value if given else None,
            agencies=list(given.agencies) if given else [],
            by=by,
            at=at,
        )
        self._session.add(row)
        self._session.flush()
        return row.ref

    def step(self, remark: str, act: RemarkAct, *, by: str, at: datetime) -> None:
        """Store the second step of a remark. Raises NotFoundError if there is no such remark."""
        number = self._session.execute(
            select(col(RemarkRow.id)).where(col(RemarkRow.ref) == remark)
        ).scalar_one_or_none()
        if number is None:
            raise NotFoundError("remark", remark)
        self._session.add(RemarkStepRow(remark_id=int(number), act=act.value, by=by, at=at))
        self._session.flush()

    def get(self, remark: str) -> StoredRemark:
        """Return a remark. Raises NotFoundError if it does not exist."""
        row = self._session.execute(_REMARKS.where(col(RemarkRow.ref) == remark)).one_or_none()
        if row is None:
            raise NotFoundError("remark", remark)
        return _remark(*row)

    def of(self, conference: str, cases: Iterable[str]) -> dict[str, list[StoredRemark]]:
        """Return by case the remarks of a conference, oldest first."""
        found: dict[str, list[StoredRemark]] = {case: [] for case in cases}
        some = {"conference": conference, "cases": sorted(found)}
        for row in self._session.execute(_OF_CONFERENCE, some).all():
            remark = _remark(*row)
            found[remark.case].append(remark)
        return found


_REMARKS = (
    select(RemarkRow, col(InvolvementRow.ref), col(ConferenceRecordRow.ref), RemarkStepRow)
    .join(InvolvementRow, col(InvolvementRow.id) == col(RemarkRow.involvement_id))
    .join(AgendaItemRow, col(AgendaItemRow.id) == col(RemarkRow.item_id))
    .join(ConferenceRecordRow, col(ConferenceRecordRow.id) == col(AgendaItemRow.conference_id))
    .outerjoin(RemarkStepRow, col(RemarkStepRow.remark_id) == col(RemarkRow.id))
)
_OF_CONFERENCE = _REMARKS.where(
    col(ConferenceRecordRow.ref) == bindparam("conference"),
    col(InvolvementRow.ref).in_(bindparam("cases", expanding=True)),
).order_by(col(RemarkRow.id))


def _remark(row: RemarkRow, case: str, conference: str, step: RemarkStepRow | None) -> StoredRemark:
    given = None
    if row.agency is not None and row.audience is not None and row.nature is not None:
        given = RemarkGiven(
            agency=row.agency,
            text=row.text,
            source=row.source or "",
            nature=Nature(row.nature),
            grade=row.grade,
            audience=AudienceKind(row.audience),
            agencies=tuple(row.agencies),
        )
    return StoredRemark(
        reference=row.ref,
        case=case,
        conference=conference,
        text=row.text,
        given=given,
        by=row.by,
        at=row.at,
        act=RemarkAct(step.act) if step else None,
        act_by=step.by if step else None,
        act_at=step.at if step else None,
    )
