"""Importing referrals, in short parts, those with an alarm first. Each part is whole or not there at all.

Whatever stops a file half way, the same file imported again continues from there and changes nothing before
it.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from engine.access.digests import VaultKey
from engine.access.policy import May, require
from engine.clock import Clock
from engine.domain.accounts.acting import Acting
from engine.domain.base import Frozen
from engine.domain.errors import ConflictError, NotFoundError, RecordError
from engine.domain.referrals.intake import AlarmTopic
from engine.exchange.rows import ReferralRow, RowFault
from engine.services.context import Context, VaultContext
from engine.services.referrals.landing import LandedRows, land_rows, new_referral
from engine.settings import Settings
from engine.store.repositories.vault.protected import NewOriginal, RejectedRow
from engine.store.unit_of_work import UnitOfWork, Work

ROWS_AT_ONCE = 160
"""So many rows are one transaction: other writers and readers wait for no more than that."""
_ROWS_BESIDE_OTHERS = 20
"""So many while others write: every page that a person opens waits for its entry in the audit log."""
_WITH_ALARMS = "import referrals with alarms"
"""Such a part goes before all others of its file, and is not followed by a rest."""
_TIMES = 3
"""The number of tries of a part when others import the same rows at the same moment."""


class RejectedReport(Frozen):
    """A row that was not imported, and why; never its content."""

    row: int
    column: str | None
    reason: str
    also: tuple[str, ...]
    alarms: tuple[AlarmTopic, ...] | None


class ImportReport(Frozen):
    """The result of importing a referral file."""

    accepted: int
    corrected: int
    unchanged: int
    rejected: tuple[RejectedReport, ...]
    referrals: tuple[str, ...]
    alarms: tuple[str, ...]
    notes: tuple[str, ...] = ()


class _Import:
    """One file's import: its rows' results so far, and the number under which originals are stored."""

    def __init__(
        self, *, settings: Settings, clock: Clock, key: VaultKey, acting: Acting, digest: str
    ) -> None:
        self.settings, self.clock, self.key, self.acting, self.digest = settings, clock, key, acting, digest
        self.landed = LandedRows()
        self._number: int | None = None

    def number(self, work: Work) -> int:
        """Return the import's number, made when there is something to store under it."""
        if self._number is None:
            self._number = work.protected.add_import(
                digest=self.digest, by=self.acting.user, at=self.clock.now()
            )
        return self._number

    @contextmanager
    def part(self, uow: UnitOfWork, what: str) -> Iterator[tuple[Work, LandedRows]]:
        """Open one transaction of this file, with its own entry in the log; it counts once committed."""
        before, part = self._number, LandedRows()
        try:
            now = self.clock.now()
            rests = what != _WITH_ALARMS
            with uow.writing(acting=self.acting, what=what, at=now, steps_back=True, rests=rests) as work:
                yield work, part
                work.touches(*part.references.values())
                work.notes(
                    file=self.digest,
                    joined_by_rule=part.joined,
                    accepted=part.accepted,
                    corrected=part.corrected,
                    rejected=part.rejected,
                )
                so_far = self.landed.with_more(part)
                if self._number is not None:
                    work.protected.count_import(self._number, **so_far.counts())
        except BaseException:
            self._number = before
            raise
        self.landed = so_far


def import_referrals(
    context: VaultContext, *, rows: Iterable[ReferralRow | RowFault], file_digest: str
) -> ImportReport:
    """Import a file's rows: good ones are stored, each whole; the same file again changes nothing.

    The whole file is read before anything is written, so a file that cannot be read leaves nothing behind.
    Then come rows with an alarm, rejected rows, which may have one too, and all others, in short parts.

    Raises
    ------
    ConflictError
        Others imported the same rows at the same moment, three times over.
    """
    require(May.IMPORT, context.acting)
    alarming, others = HeldRows(ROWS_AT_ONCE), HeldRows(ROWS_AT_ONCE)
    faults, order = list[RowFault](), list[int]()
    for row in rows:
        if isinstance(row, RowFault):
            faults.append(row)
            continue
        (alarming if row.referral.alarms.raised else others).add(row)
        order.append(row.row)
    coming = _Import(
        settings=context.settings,
        clock=context.clock,
        key=context.key,
        acting=context.acting,
        digest=file_digest,
    )
    try:
        for part in _short(alarming.parts(), context.uow):
            _land(context.uow, coming, part, what=_WITH_ALARMS)
        _land_rejected(context.uow, coming, faults)
        for part in _short(others.parts(), context.uow):
            _land(context.uow, coming, part, what="import referrals")
    except RecordError as error:
        landed = len(coming.landed.references)
        raise error.after(_landed_before(landed, len(order))) if landed else error from None
    return ImportReport(
        accepted=coming.landed.accepted,
        corrected=coming.landed.corrected,
        unchanged=coming.landed.unchanged,
        rejected=tuple(_rejected(fault) for fault in faults),
        referrals=tuple(coming.landed.references[row] for row in order),
        alarms=tuple(coming.landed.alarms),
    )


def _short(parts: Iterable[list[ReferralRow]], uow: UnitOfWork) -> Iterator[list[ReferralRow]]:
    """Yield parts as they come, cut into short ones while others write."""
    for part in parts:
        start = 0
        while start < len(part):
            end = start + (_ROWS_BESIDE_OTHERS if uow.others_write else len(part))
            yield part[start:end]
            start = end


def _landed_before(landed: int, of: int) -> str:
    return (
        f"{landed} of {of} rows were imported before that, those with an alarm first; import the same file "
        "again to continue"
    )


def _land(uow: UnitOfWork, coming: _Import, rows: Sequence[ReferralRow], *, what: str) -> None:
    """Import one part; try again if others imported some of the same rows at the same moment."""
    now = coming.clock.now()
    new = [new_referral(row.referral, now, coming.settings) for row in rows]
    for left in reversed(range(_TIMES)):
        try:
            with coming.part(uow, what) as (work, part):
                land_rows(work, list(zip(rows, new, strict=True)), coming, part, at=now)
            return
        except ConflictError:
            if not left:
                raise


def _land_rejected(uow: UnitOfWork, coming: _Import, faults: Sequence[RowFault]) -> None:
    """Store rejected rows for the coordinator until they are purged; those of the same file only once."""
    purge_after = coming.clock.now() + timedelta(days=coming.settings.rejected_rows_kept_days)
    for start in range(0, len(faults), ROWS_AT_ONCE):
        some = faults[start : start + ROWS_AT_ONCE]
        with coming.part(uow, "import referrals") as (work, part):
            part.rejected = len(some)
            waiting = work.protected.rejected_of(coming.digest)
            rejected = [_as_kept(fault, purge_after) for fault in some if fault.row not in waiting]
            if rejected:
                work.protected.store_originals(coming.number(work), rejected, at=coming.clock.now())


def _as_kept(fault: RowFault, purge_after: datetime) -> NewOriginal:
    return NewOriginal(
        fault.row,
        fault.original.encode(),
        column=fault.column,
        reason=fault.reason,
        alarms=None if fault.alarms is None else tuple(topic.value for topic in fault.alarms),
        purge_after=purge_after,
    )


def _rejected(fault: RowFault) -> RejectedReport:
    return RejectedReport(
        row=fault.row,
        column=fault.column,
        reason=fault.reason,
        also=tuple(f"{other.column}: {other.reason}" for other in fault.also),
        alarms=fault.alarms,
    )


def rejected_rows(context: Context) -> tuple[RejectedRow, ...]:
    """Return the rejected rows that are still stored, with their content: only for the coordinator."""
    require(May.SEE_REJECTED, context.acting)
    with context.reading("see rejected rows") as work:
        rows = work.protected.rejected()
        work.notes(rows=len(rows))
        return rows


def deal_with_rejected_row(context: Context, *, import_id: int, row: int) -> None:
    """Mark a rejected row as resolved: corrected and imported, or its alarm acknowledged by telephone."""
    require(May.SEE_REJECTED, context.acting)
    with context.writing("deal with rejected row") as work:
        if not work.protected.deal_with(import_id, row, by=context.acting.user):
            raise NotFoundError("rejected row", f"{row} of import {import_id}")
        work.notes(import_id=import_id, row=row)


class HeldRows:
    """Good rows of one file, in order, packed part by part: a twentieth of what they take unpacked."""

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._packed: list[bytes] = []
        self._coming: list[str] = []

    def add(self, row: ReferralRow) -> None:
        """Add one row."""
        self._coming.append(row.model_dump_json())
        if len(self._coming) == self._at_once:
            self._packed.append(zlib.compress("\n".join(self._coming).encode(), 1))
            self._coming.clear()

    def parts(self) -> Iterator[list[ReferralRow]]:
        """Yield the rows again, so many at a time."""
        for packed in self._packed:
            yield _rows(zlib.decompress(packed).split(b"\n"))
        if self._coming:
            yield _rows(self._coming)


def _rows(written: Iterable[str | bytes]) -> list[ReferralRow]:
    return [ReferralRow.model_validate_json(each) for each in written]
