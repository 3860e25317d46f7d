"""Settings of the room's screens of conferences; the newest applies. Decides nothing."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col

from engine.domain.conference.room import RoomSet, RoomShows
from engine.store.granting import is_proven, with_check
from engine.store.repositories.conference import statements
from engine.store.repositories.conference.statements import conference_id
from engine.store.tables.conference import ConferenceRecordRow, RoomScreenRow


class RoomScreens:
    """Adds and reads settings of rooms' screens, by the reference of the conference."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def set(self, conference: str, *, account: str | None, shows: RoomShows, by: str, at: datetime) -> None:
        """Store a setting. Raises NotFoundError if there is no such conference."""
        number = conference_id(self._session, conference)
        self._session.add(
            RoomScreenRow(conference_id=number, account=account, shows=shows.value, by=by, at=at)
        )
        self._session.flush()

    def of(self, conference: str) -> RoomSet:
        """Return the newest setting; without any, all domains and no account."""
        row = (
            self._session.connection()
            .execute(statements.room_screen(), {"conference": conference})
            .one_or_none()
        )
        if row is None or not is_proven(self._session, RoomScreenRow, row):
            return RoomSet()
        return RoomSet(account=row.account, shows=RoomShows(row.shows), by=row.by, at=row.at)

    def opened_on(self, account: str) -> str | None:
        """Return the conference that was opened last on an account; None if none ever was."""
        found = (
            self._session.connection()
            .execute(
                with_check(RoomScreenRow)
                .add_columns(col(ConferenceRecordRow.ref))
                .join(ConferenceRecordRow, col(ConferenceRecordRow.id) == col(RoomScreenRow.conference_id))
                .where(col(RoomScreenRow.account) == account)
                .order_by(col(RoomScreenRow.id).desc())
                .limit(1)
            )
            .one_or_none()
        )
        is_right = found is not None and is_proven(self._session, RoomScreenRow, found)
        return str(found.ref) if found is not None and is_right else None
