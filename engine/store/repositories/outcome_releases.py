"""Frozen releases of figures. They are added and read only."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from engine.domain.outcomes.releases import Refusal, RegisteredRelease, Release, SmallCount
from engine.store.tables.outcome_releases import OutcomeReleaseRow

_READ: dict[str, Release] = {}
"""By its digest, the release that was read last."""


class OutcomeReleases:
    """Adds and reads releases, by the date that they are of."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, registered: RegisteredRelease) -> None:
        """Store a release."""
        release = registered.release
        self._session.add(
            OutcomeReleaseRow(
                as_of=release.as_of,
                digest=registered.digest,
                content=release.model_dump(mode="json"),
                refusals=[refusal.model_dump(mode="json") for refusal in registered.refusals],
                small=[each.model_dump(mode="json") for each in registered.small],
                by=registered.by,
                at=release.made_at,
            )
        )
        self._session.flush()

    def dates(self) -> tuple[date, ...]:
        """Return the dates of all releases, the oldest first."""
        found = self._session.execute(
            select(col(OutcomeReleaseRow.as_of)).order_by(col(OutcomeReleaseRow.as_of))
        ).scalars()
        return tuple(found)

    def all(self) -> tuple[RegisteredRelease, ...]:
        """Return every release, the oldest first."""
        rows = self._session.execute(
            select(OutcomeReleaseRow).order_by(col(OutcomeReleaseRow.as_of))
        ).scalars()
        return tuple(_registered(row) for row in rows)

    def newest(self) -> RegisteredRelease | None:
        """Return the newest release; None before the first."""
        row = self._session.execute(
            select(OutcomeReleaseRow).order_by(col(OutcomeReleaseRow.as_of).desc()).limit(1)
        ).scalar_one_or_none()
        return None if row is None else _registered(row)

    def newest_released(self) -> Release | None:
        """Return what went out newest, without what the register adds: thousands of small counts.

        It is read once in a process for its digest: it stays as it is, and a page shows it again and again.
        """
        newest = select(col(OutcomeReleaseRow.id), col(OutcomeReleaseRow.digest)).order_by(
            col(OutcomeReleaseRow.as_of).desc()
        )
        found = self._session.execute(newest.limit(1)).one_or_none()
        if found is None:
            return None
        number, digest = found
        release = _READ.get(digest)
        if release is None:
            content = select(col(OutcomeReleaseRow.content)).where(col(OutcomeReleaseRow.id) == number)
            release = Release.model_validate(self._session.execute(content).scalar_one())
            _READ.clear()
            _READ[digest] = release
        return release

    def of(self, as_of: date) -> RegisteredRelease | None:
        """Return the release of a date; None where there is none."""
        row = self._session.execute(
            select(OutcomeReleaseRow).where(col(OutcomeReleaseRow.as_of) == as_of)
        ).scalar_one_or_none()
        return None if row is None else _registered(row)


def _registered(row: OutcomeReleaseRow) -> RegisteredRelease:
    return RegisteredRelease(
        by=row.by,
        digest=row.digest,
        release=Release.model_validate(row.content),
        refusals=tuple(Refusal.model_validate(each) for each in row.refusals),
        small=tuple(SmallCount.model_validate(each) for each in row.small),
    )
