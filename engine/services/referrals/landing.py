"""Storing referrals that were read or typed, in one transaction: new ones, and corrections of known ones.

A part of use cases: importing a file, and a referral that a person types. Knows no file and asks no policy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from engine.access.digests import VaultKey
from engine.clock import Clock
from engine.domain.absence import YesNo
from engine.domain.accounts.acting import Acting
from engine.domain.alarms import Door
from engine.domain.referrals.intake import AlarmAnswers, ProtectedValue, Referral
from engine.exchange.rows import ReferralRow
from engine.services.access.link_refresh import ask_for_refresh
from engine.services.access.restrictions import restrict_on_arrival
from engine.services.links.projection import link_cases
from engine.services.people.automatic_merges import join_by_number
from engine.services.sharing.likely_breaches import compare_cases
from engine.services.vault.protected_details import store_protected
from engine.settings import Settings
from engine.store.repositories.referrals.intake import KnownReferral, NewReferral
from engine.store.repositories.vault.protected import NewOriginal
from engine.store.unit_of_work import Work


class Arriving(Protocol):
    """The way in of referrals: the person, the clock, and the number that their originals have."""

    @property
    def clock(self) -> Clock:
        """The clock."""

    @property
    def key(self) -> VaultKey:
        """The key of the protected digests."""

    @property
    def acting(self) -> Acting:
        """The person who brings them in."""

    def number(self, work: Work) -> int:
        """Return the number under which originals are stored."""


@dataclass
class LandedRows:
    """The result of one transaction's rows: how many became what, and their references by row."""

    accepted: int = 0
    corrected: int = 0
    unchanged: int = 0
    rejected: int = 0
    joined: int = 0
    references: dict[int, str] = field(default_factory=dict)
    alarms: list[str] = field(default_factory=list)

    def with_more(self, part: LandedRows) -> LandedRows:
        """Return the result of both parts' rows."""
        return LandedRows(
            **{name: count + part.counts()[name] for name, count in self.counts().items()},
            joined=self.joined + part.joined,
            references={**self.references, **part.references},
            alarms=[*self.alarms, *part.alarms],
        )

    def counts(self) -> dict[str, int]:
        """Return how many rows became what."""
        return {
            "accepted": self.accepted,
            "corrected": self.corrected,
            "unchanged": self.unchanged,
            "rejected": self.rejected,
        }


def new_referral(referral: Referral, at: datetime, settings: Settings) -> NewReferral:
    """Return a referral to be written now, with when its alarm must be acknowledged."""
    due_at = at + timedelta(minutes=settings.alarm_within_minutes) if referral.alarms.raised else None
    return NewReferral(referral, at, due_at)


def land_rows(
    work: Work,
    rows: Sequence[tuple[ReferralRow, NewReferral]],
    coming: Arriving,
    part: LandedRows,
    *,
    at: datetime,
) -> None:
    """Store these rows: new ones are added, changed ones correct known ones, equal ones change nothing."""
    known = work.referrals.known((row.referral.source, row.referral.source_reference) for row, _ in rows)
    fresh: list[tuple[ReferralRow, NewReferral]] = []
    placed: list[tuple[str, ReferralRow]] = []
    for row, new in rows:
        there = known.get((row.referral.source, row.referral.source_reference))
        if there is None:
            fresh.append((row, new))
        elif there.digest == new.digest:
            part.references[row.row] = there.reference
            part.unchanged += 1
        else:
            _correct(work, there, new, by=coming.acting.user)
            placed.append((there.reference, row))
            part.corrected += 1
    references = work.referrals.add([new for _, new in fresh], by=coming.acting.user)
    for reference, (row, _) in zip(references, fresh, strict=True):
        placed.append((reference, row))
        if row.referral.alarms.raised:
            part.alarms.append(reference)
    part.joined += join_by_number(work, [reference for reference, _ in placed], at=at)
    restrict_on_arrival(work, [(ref, row.referral) for ref, row in placed], acting=coming.acting, at=at)
    part.accepted += len(fresh)
    part.references.update({row.row: reference for reference, row in placed})
    _protect(work, placed, coming)
    link_cases(work, coming.key, [reference for reference, _ in placed], at=at)
    compare_cases(work, [reference for reference, _ in placed], at=at)
    if placed:
        ask_for_refresh(work, coming.acting, at=at)


def _correct(work: Work, there: KnownReferral, new: NewReferral, *, by: str) -> None:
    """Store a correction. On a screened case a topic that it raises is an alarm of the people of the case."""
    version, source = there.version + 1, new.referral.source
    raised = work.referrals.correct(there.reference, new, version=version, by=by)
    if raised:
        work.raised_alarms.add(
            there.reference,
            door=Door.CORRECTION,
            about=f"version {version}",
            answers=AlarmAnswers(answers=dict.fromkeys(raised, YesNo.YES)),
            owner=source,
            due_at=new.alarm_due_at,
            by=source,
            at=new.received_at,
        )


def _protect(work: Work, placed: Sequence[tuple[str, ReferralRow]], coming: Arriving) -> None:
    """Put what locates a victim, and the rows as they came, into the protected tables."""
    if not placed:
        return
    by_source: dict[str, list[tuple[str, ProtectedValue]]] = {}
    for reference, row in placed:
        of_source = by_source.setdefault(row.referral.source, [])
        of_source.extend((reference, value) for value in row.referral.protected)
    for source, values in by_source.items():
        store_protected(work=work, key=coming.key, clock=coming.clock, values=values, told_by=source)
    originals = [NewOriginal(row.row, row.original.encode(), involvement=ref) for ref, row in placed]
    work.protected.store_originals(coming.number(work), originals, at=coming.clock.now())
