"""When each runner last did each piece of its regular work. Knows no work and no interval."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from engine.store.tables.system.outbox import RegularWorkRow


@dataclass(frozen=True)
class WorkDone:
    """A runner last did a piece of work then; its settings have it done every so many seconds."""

    name: str
    runner: str
    every_seconds: int
    at: datetime


class RegularWorkDone:
    """Reads and writes these times. Only the runner itself writes its rows, so none is written by two."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def note(self, runner: str, done: Mapping[str, datetime], *, every: Mapping[str, int]) -> None:
        """Store when this runner last did each of these, with its interval in seconds."""
        for name, at in sorted(done.items()):
            seconds = every[name]
            mine = col(RegularWorkRow.name) == name, col(RegularWorkRow.runner) == runner
            change = update(RegularWorkRow).where(*mine).values(every_seconds=seconds, done_at=at)
            if not self._session.execute(change).rowcount:  # type: ignore[attr-defined]
                row = RegularWorkRow(name=name, runner=runner, every_seconds=seconds, done_at=at)
                self._session.add(row)
                self._session.flush()

    def all(self) -> tuple[WorkDone, ...]:
        """Return every row, the newest first."""
        newest_first = select(RegularWorkRow).order_by(
            col(RegularWorkRow.done_at).desc(), col(RegularWorkRow.id).desc()
        )
        return tuple(
            WorkDone(name=row.name, runner=row.runner, every_seconds=row.every_seconds, at=row.done_at)
            for row in self._session.execute(newest_first).scalars()
        )

    def forget_old(self, *, since: datetime) -> None:
        """Forget what was last done before then, but for the newest row of each piece of work."""
        newer = aliased(RegularWorkRow)
        has_newer = exists().where(
            col(newer.name) == col(RegularWorkRow.name), col(newer.done_at) > col(RegularWorkRow.done_at)
        )
        old = col(RegularWorkRow.done_at) < since
        self._session.execute(
            delete(RegularWorkRow).where(old, has_newer).execution_options(synchronize_session=False)
        )
