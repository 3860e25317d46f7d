"""Notices to the victim, and the attempts to reach them. Decides nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from engine.domain.errors import NotFoundError
from engine.domain.orders.notices import (
    AttemptGiven,
    NoticeEvent,
    NoticeGiven,
    StoredAttempt,
    StoredNotice,
)
from engine.store.among import among
from engine.store.repositories.cases.involvements import involvement_id
from engine.store.tables.cases.involvements import InvolvementRow
from engine.store.tables.orders import VictimNoticeAttemptRow, VictimNoticeRow

_AT_ONCE = 500


class VictimNotices:
    """Adds and reads notices, by the number that each has on its case."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, case: str, given: NoticeGiven, *, by: str, at: datetime) -> int:
        """Store a notice and return its number. Raises NotFoundError if the referral does not exist."""
        number = involvement_id(self._session, case)
        there = select(func.max(col(VictimNoticeRow.number))).where(
            col(VictimNoticeRow.involvement_id) == number
        )
        row = VictimNoticeRow(
            involvement_id=number,
            number=(self._session.execute(there).scalar() or 0) + 1,
            kind=given.event.value,
            happened_on=given.on,
            at_time=given.at_time,
            order_ref=given.order,
            by=by,
            at=at,
        )
        self._session.add(row)
        self._session.flush()
        return row.number

    def try_it(self, case: str, number: int, attempt: AttemptGiven, *, by: str, at: datetime) -> None:
        """Store an attempt. Raises NotFoundError if the case has no such notice."""
        involvement = involvement_id(self._session, case)
        notice = self._session.execute(
            select(col(VictimNoticeRow.id)).where(
                col(VictimNoticeRow.involvement_id) == involvement, col(VictimNoticeRow.number) == number
            )
        ).scalar_one_or_none()
        if notice is None:
            raise NotFoundError("notice", str(number))
        self._session.add(
            VictimNoticeAttemptRow(
                notice_id=int(notice),
                involvement_id=involvement,
                reached=attempt.reached,
                content=attempt.model_dump(mode="json"),
                by=by,
                at=at,
            )
        )
        self._session.flush()

    def of(self, cases: Sequence[str]) -> tuple[StoredNotice, ...]:
        """Return the notices of these cases, oldest first, in two statements for each 500 cases."""
        found: list[StoredNotice] = []
        for start in range(0, len(cases), _AT_ONCE):
            rows = self._session.execute(
                select(VictimNoticeRow, col(InvolvementRow.ref))
                .join(InvolvementRow, col(InvolvementRow.id) == col(VictimNoticeRow.involvement_id))
                .where(col(InvolvementRow.ref).in_(cases[start : start + _AT_ONCE]))
                .order_by(col(VictimNoticeRow.id))
            ).all()
            attempts = self._attempts([int(row.id or 0) for row, _ in rows])
            found += [_notice(row, case, attempts[int(row.id or 0)]) for row, case in rows]
        return tuple(found)

    def _attempts(self, notices: Sequence[int]) -> dict[int, list[StoredAttempt]]:
        found: dict[int, list[StoredAttempt]] = defaultdict(list)
        if not notices:
            return found
        rows = self._session.execute(
            select(VictimNoticeAttemptRow)
            .where(among(col(VictimNoticeAttemptRow.notice_id), notices))
            .order_by(col(VictimNoticeAttemptRow.id))
        ).scalars()
        for row in rows:
            given = None if "erased_by" in row.content else AttemptGiven.model_validate(row.content)
            found[row.notice_id].append(StoredAttempt(given=given, reached=row.reached, by=row.by, at=row.at))
        return found


def _notice(row: VictimNoticeRow, case: str, attempts: Sequence[StoredAttempt]) -> StoredNotice:
    return StoredNotice(
        number=row.number,
        case=case,
        given=NoticeGiven(
            event=NoticeEvent(row.kind), on=row.happened_on, at_time=row.at_time, order=row.order_ref
        ),
        attempts=tuple(attempts),
        by=row.by,
        at=row.at,
    )
