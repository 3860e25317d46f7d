"""Taking referrals in. Alarms land first, on their own, whatever becomes of the other rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from engine.access.policy import May, require
from engine.clock import Clock
from engine.domain.acting import Acting
from engine.domain.base import Frozen
from engine.domain.errors import NotFoundError
from engine.domain.ids import read_reference
from engine.domain.incidents import IncidentReported
from engine.domain.referral import AlarmTopic
from engine.exchange.rows import ReferralRow, RowFault
from engine.services.doors import open_case
from engine.services.vault import VaultKey, keep_protected
from engine.settings import Settings
from engine.store.repositories.incidents import ReportToAdd
from engine.store.repositories.protected import OriginalToKeep, RejectedRow
from engine.store.repositories.referrals import NewReferral
from engine.store.unit_of_work import UnitOfWork, Work

_ROWS_AT_ONCE = 500


class RejectedReport(Frozen):
    """Why a row was not taken in; never what stood in it."""

    row: int
    column: str | None
    reason: str
    alarms: tuple[AlarmTopic, ...] | None


class ImportReport(Frozen):
    """What became of a referral file."""

    accepted: int
    corrected: int
    unchanged: int
    rejected: tuple[RejectedReport, ...]
    referrals: tuple[str, ...]
    alarms: tuple[str, ...]


class _Tally:
    def __init__(self) -> None:
        self.accepted = self.corrected = self.unchanged = 0
        self.references: dict[int, str] = {}
        self.alarms: list[str] = []


def import_referrals(
    *,
    uow: UnitOfWork,
    clock: Clock,
    settings: Settings,
    key: VaultKey,
    acting: Acting,
    rows: Iterable[ReferralRow | RowFault],
    file_digest: str,
) -> ImportReport:
    """Take in a file's rows: good ones are kept, each whole; the same file again changes nothing.

    The whole file is read before anything is written, so a file that cannot be read leaves nothing behind.
    Rows with an alarm are written first and committed on their own; then all others in one transaction.
    """
    require(May.IMPORT, acting)
    good: list[ReferralRow] = []
    faults: list[RowFault] = []
    for row in rows:
        (good if isinstance(row, ReferralRow) else faults).append(row)  # type: ignore[arg-type]
    tally = _Tally()
    alarming = [row for row in good if row.referral.alarms.raised]
    others = [row for row in good if not row.referral.alarms.raised]
    if alarming:
        with uow.writing(acting=acting, what="import referrals with alarms", at=clock.now()) as work:
            _take_in(work, alarming, tally, settings=settings, clock=clock, key=key, acting=acting)
            work.touches(*tally.references.values())
    with uow.writing(acting=acting, what="import referrals", at=clock.now()) as work:
        _take_in(work, others, tally, settings=settings, clock=clock, key=key, acting=acting)
        _keep_originals(
            work, good, faults, tally, settings=settings, clock=clock, acting=acting, digest=file_digest
        )
        work.touches(*tally.references.values())
    return ImportReport(
        accepted=tally.accepted,
        corrected=tally.corrected,
        unchanged=tally.unchanged,
        rejected=tuple(
            RejectedReport(row=f.row, column=f.column, reason=f.reason, alarms=f.alarms) for f in faults
        ),
        referrals=tuple(tally.references[row.row] for row in good),
        alarms=tuple(tally.alarms),
    )


def _take_in(
    work: Work,
    rows: Sequence[ReferralRow],
    tally: _Tally,
    *,
    settings: Settings,
    clock: Clock,
    key: VaultKey,
    acting: Acting,
) -> None:
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        part = rows[start : start + _ROWS_AT_ONCE]
        known = work.referrals.known((row.referral.source, row.referral.source_reference) for row in part)
        fresh: list[tuple[ReferralRow, NewReferral]] = []
        for row in part:
            new = NewReferral(row.referral, clock.now(), _alarm_due(row, clock.now(), settings))
            there = known.get((row.referral.source, row.referral.source_reference))
            if there is None:
                fresh.append((row, new))
                continue
            tally.references[row.row] = there.reference
            if there.digest == new.digest:
                tally.unchanged += 1
                continue
            work.referrals.correct(there.reference, new, version=there.version + 1, by=acting.user)
            _protect(work, [(there.reference, row)], key=key, clock=clock)
            tally.corrected += 1
        references = work.referrals.add([new for _, new in fresh], by=acting.user)
        placed = [(reference, row) for reference, (row, _) in zip(references, fresh, strict=True)]
        _protect(work, placed, key=key, clock=clock)
        for reference, row in placed:
            tally.references[row.row] = reference
            if row.referral.alarms.raised:
                tally.alarms.append(reference)
        tally.accepted += len(fresh)


def _protect(work: Work, placed: Sequence[tuple[str, ReferralRow]], *, key: VaultKey, clock: Clock) -> None:
    by_source: dict[str, list[tuple[str, ReferralRow]]] = {}
    for reference, row in placed:
        by_source.setdefault(row.referral.source, []).append((reference, row))
    for source, part in by_source.items():
        values = [(reference, value) for reference, row in part for value in row.referral.protected]
        keep_protected(work=work, key=key, clock=clock, values=values, told_by=source)


def _alarm_due(row: ReferralRow, at: datetime, settings: Settings) -> datetime | None:
    return at + timedelta(minutes=settings.alarm_within_minutes) if row.referral.alarms.raised else None


def _keep_originals(
    work: Work,
    good: Sequence[ReferralRow],
    faults: Sequence[RowFault],
    tally: _Tally,
    *,
    settings: Settings,
    clock: Clock,
    acting: Acting,
    digest: str,
) -> None:
    work.notes(file=digest, accepted=tally.accepted, corrected=tally.corrected, rejected=len(faults))
    if work.protected.imported_before(digest) is not None and not tally.accepted and not tally.corrected:
        return
    counts = (tally.accepted, tally.corrected, tally.unchanged, len(faults))
    number = work.protected.add_import(digest=digest, counts=counts, by=acting.user, at=clock.now())
    purge_after = clock.now() + timedelta(days=settings.rejected_rows_kept_days)
    originals = [
        OriginalToKeep(row.row, row.original.encode(), involvement=tally.references[row.row]) for row in good
    ]
    originals += [
        OriginalToKeep(
            f.row,
            f.original.encode(),
            column=f.column,
            reason=f.reason,
            alarms=None if f.alarms is None else tuple(topic.value for topic in f.alarms),
            purge_after=purge_after,
        )
        for f in faults
    ]
    work.protected.keep_originals(number, originals, at=clock.now())


def rejected_rows(*, uow: UnitOfWork, clock: Clock, acting: Acting) -> tuple[RejectedRow, ...]:
    """The rejected rows that are still kept, with what stood in them: for the co-ordinator alone."""
    require(May.SEE_REJECTED, acting)
    with uow.reading(acting=acting, what="see rejected rows", at=clock.now()) as work:
        rows = work.protected.rejected()
        work.notes(rows=len(rows))
        return rows


def deal_with_rejected_row(
    *, uow: UnitOfWork, clock: Clock, acting: Acting, import_id: int, row: int
) -> None:
    """Say that a rejected row was seen to: mended and taken in, or its alarm taken up by telephone."""
    require(May.SEE_REJECTED, acting)
    with uow.writing(acting=acting, what="deal with rejected row", at=clock.now()) as work:
        if not work.protected.deal_with(import_id, row, by=acting.user):
            raise NotFoundError("rejected row", f"{row} of import {import_id}")
        work.notes(import_id=import_id, row=row)


def record_incident(
    *, uow: UnitOfWork, clock: Clock, acting: Acting, reference: str, incident: IncidentReported
) -> str:
    """Record an incident that a person on the case reports; returns its reference."""
    with uow.writing(acting=acting, what="record incident", at=clock.now()) as work:
        involvement = open_case(work, acting, reference, May.RECORD_INCIDENT)
        owner = acting.agency or "stac"
        added = work.incidents.add_entered(
            involvement.reference,
            ReportToAdd(
                involvement_id=0,
                position=0,
                referral_version=None,
                owner=owner,
                told_by=acting.user,
                incident=incident,
                at=clock.now(),
            ),
        )
        work.notes(incident=added)
        return read_reference("incident", added)
