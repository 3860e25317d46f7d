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
from engine.domain.referral import AlarmTopic, ProtectedValue
from engine.domain.typed_days import require_past
from engine.domain.typed_texts import TypedWhere
from engine.exchange.rows import ReferralRow, RowFault
from engine.services.doors import open_case
from engine.services.held_rows import HeldRows
from engine.services.incident_rules import keep_with_owner
from engine.services.link_record import ask_for_refresh, link_cases, relink_cases
from engine.services.restricting import restrict_on_arrival
from engine.services.same_by_rule import join_by_number
from engine.services.typed_texts import check_typed
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
    also: tuple[str, ...]
    alarms: tuple[AlarmTopic, ...] | None


class ImportReport(Frozen):
    """What became of a referral file."""

    accepted: int
    corrected: int
    unchanged: int
    rejected: tuple[RejectedReport, ...]
    referrals: tuple[str, ...]
    alarms: tuple[str, ...]
    notes: tuple[str, ...] = ()


class _Import:
    """One file on its way in: what its rows became, and the number under which their originals are kept."""

    def __init__(
        self, *, settings: Settings, clock: Clock, key: VaultKey, acting: Acting, digest: str
    ) -> None:
        self.settings, self.clock, self.key, self.acting, self.digest = settings, clock, key, acting, digest
        self.accepted = self.corrected = self.unchanged = self.joined = 0
        self.references: dict[int, str] = {}
        self.alarms: list[str] = []
        self._number: int | None = None

    def number(self, work: Work) -> int:
        """The import's number, made when there is something to keep under it."""
        if self._number is None:
            self._number = work.protected.add_import(
                digest=self.digest, by=self.acting.user, at=self.clock.now()
            )
        return self._number

    def finish(self, work: Work, *, rejected: int) -> None:
        """Note what the file came to."""
        counts = {"accepted": self.accepted, "corrected": self.corrected, "rejected": rejected}
        work.touches(*self.references.values())
        work.notes(file=self.digest, joined_by_rule=self.joined, **counts)
        if self._number is not None:
            work.protected.count_import(self._number, unchanged=self.unchanged, **counts)


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
    alarming, others, faults, order = HeldRows(), HeldRows(), list[RowFault](), list[int]()
    for row in rows:
        if isinstance(row, RowFault):
            faults.append(row)
            continue
        (alarming if row.referral.alarms.raised else others).add(row)
        order.append(row.row)
    coming = _Import(settings=settings, clock=clock, key=key, acting=acting, digest=file_digest)
    if alarming:
        with uow.writing(acting=acting, what="import referrals with alarms", at=clock.now()) as work:
            for part in alarming.parts(_ROWS_AT_ONCE):
                _take_in(work, part, coming)
            work.touches(*coming.references.values())
    with uow.writing(acting=acting, what="import referrals", at=clock.now()) as work:
        for part in others.parts(_ROWS_AT_ONCE):
            _take_in(work, part, coming)
        _keep_rejected(work, faults, coming)
        coming.finish(work, rejected=len(faults))
    return ImportReport(
        accepted=coming.accepted,
        corrected=coming.corrected,
        unchanged=coming.unchanged,
        rejected=tuple(_rejected(fault) for fault in faults),
        referrals=tuple(coming.references[row] for row in order),
        alarms=tuple(coming.alarms),
    )


def _take_in(work: Work, rows: Sequence[ReferralRow], coming: _Import) -> None:
    now = coming.clock.now()
    known = work.referrals.known((row.referral.source, row.referral.source_reference) for row in rows)
    fresh: list[tuple[ReferralRow, NewReferral]] = []
    placed: list[tuple[str, ReferralRow]] = []
    for row in rows:
        new = NewReferral(row.referral, now, _alarm_due(row, now, coming.settings))
        there = known.get((row.referral.source, row.referral.source_reference))
        if there is None:
            fresh.append((row, new))
        elif there.digest == new.digest:
            coming.references[row.row] = there.reference
            coming.unchanged += 1
        else:
            work.referrals.correct(there.reference, new, version=there.version + 1, by=coming.acting.user)
            placed.append((there.reference, row))
            coming.corrected += 1
    references = work.referrals.add([new for _, new in fresh], by=coming.acting.user)
    for reference, (row, _) in zip(references, fresh, strict=True):
        placed.append((reference, row))
        if row.referral.alarms.raised:
            coming.alarms.append(reference)
    coming.joined += join_by_number(work, [reference for reference, _ in placed], at=now)
    restrict_on_arrival(work, [(ref, row.referral) for ref, row in placed], acting=coming.acting, at=now)
    coming.accepted += len(fresh)
    coming.references.update({row.row: reference for reference, row in placed})
    _protect(work, placed, coming)
    link_cases(work, coming.key, [reference for reference, _ in placed], at=now)
    if placed:
        ask_for_refresh(work, coming.acting, at=now)


def _protect(work: Work, placed: Sequence[tuple[str, ReferralRow]], coming: _Import) -> None:
    """What would find a victim, and the rows as they came, go into the protected tables."""
    if not placed:
        return
    by_source: dict[str, list[tuple[str, ProtectedValue]]] = {}
    for reference, row in placed:
        of_source = by_source.setdefault(row.referral.source, [])
        of_source.extend((reference, value) for value in row.referral.protected)
    for source, values in by_source.items():
        keep_protected(work=work, key=coming.key, clock=coming.clock, values=values, told_by=source)
    originals = [OriginalToKeep(row.row, row.original.encode(), involvement=ref) for ref, row in placed]
    work.protected.keep_originals(coming.number(work), originals, at=coming.clock.now())


def _alarm_due(row: ReferralRow, at: datetime, settings: Settings) -> datetime | None:
    return at + timedelta(minutes=settings.alarm_within_minutes) if row.referral.alarms.raised else None


def _keep_rejected(work: Work, faults: Sequence[RowFault], coming: _Import) -> None:
    """Rejected rows wait for the co-ordinator until they are purged; those of the same file wait once."""
    if not faults or work.protected.has_rejected_of(coming.digest):
        return
    purge_after = coming.clock.now() + timedelta(days=coming.settings.rejected_rows_kept_days)
    rejected = [
        OriginalToKeep(
            fault.row,
            fault.original.encode(),
            column=fault.column,
            reason=fault.reason,
            alarms=None if fault.alarms is None else tuple(topic.value for topic in fault.alarms),
            purge_after=purge_after,
        )
        for fault in faults
    ]
    work.protected.keep_originals(coming.number(work), rejected, at=coming.clock.now())


def _rejected(fault: RowFault) -> RejectedReport:
    return RejectedReport(
        row=fault.row,
        column=fault.column,
        reason=fault.reason,
        also=tuple(f"{other.column}: {other.reason}" for other in fault.also),
        alarms=fault.alarms,
    )


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
    *,
    uow: UnitOfWork,
    clock: Clock,
    acting: Acting,
    reference: str,
    incident: IncidentReported,
    kept_with_us: str | None = None,
) -> str:
    """Record an incident that a person on the case reports; returns its reference.

    ``kept_with_us`` says why it stays with who reports it, from its first moment on.
    """
    require_past("happened", incident.happened, on=clock.today())
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
        if kept_with_us is not None:
            keep_with_owner(work, added, owner=owner, why=kept_with_us, acting=acting, at=clock.now())
        relink_cases(work, [involvement.reference], at=clock.now())
        ask_for_refresh(work, acting, at=clock.now())
        typed = [incident.what, kept_with_us]
        check_typed(work, involvement, TypedWhere.INCIDENT, typed, acting=acting, clock=clock)
        work.notes(incident=added)
        return read_reference("incident", added)
