"""Plain facts of a case: what the record already knows, true with few events, without a level or a total.

No sentence denies a danger. What is not recorded is said as that.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from engine.domain.base import Frozen


class FactKind(StrEnum):
    """The kinds of facts, each with one rule (``docs/panel/facts.md``)."""

    PERSON = "alleged perpetrator"
    MAY_BE_SAME = "may be the same person"
    SHARED = "shared from other cases"
    COMPLAINTS = "complaints about the victim"
    COUNTS = "counts"
    GAPS = "gaps"
    FIRST = "first"
    AFTER = "after"
    NEARER = "nearer"
    GRAVER = "graver"
    WAYS = "ways"
    OTHER_PEOPLE = "other people"
    GRAVEST = "gravest"
    HELD = "reports that agencies released"
    AWAITED = "no decision on a report"
    CLOSED = "closed with no further action"
    ARRESTS = "arrests in released reports"
    FORMAL = "formal classifications and facts of record"
    RECORDING = "recording rules changed"
    UNDATED = "without a full date"
    LATEST = "latest"


class Basis(StrEnum):
    """The basis of a fact."""

    REPORTED = "as reported"
    OF_RECORD = "of record"


class Fact(Frozen):
    """One fact: a sentence, the records that it is about, and who reported them.

    ``on`` puts facts in order: the date of the newest record, or today.
    ``short`` is its phrase in the line on top of the case; None for a fact that is only in the table.
    """

    kind: FactKind
    says: str
    records: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    """The agencies, or the source of the referral, that reported the records; sorted."""
    basis: Basis = Basis.REPORTED
    on: date
    short: str | None = None


def on_top_of(facts: Iterable[Fact]) -> tuple[tuple[str, ...], ...]:
    """Return the lines on top of a case: formal facts, and the rest in the order of time; no empty one."""
    there = [fact for fact in facts if fact.short]
    formal = tuple(fact.short or "" for fact in there if fact.kind is FactKind.FORMAL)
    others = tuple(fact.short or "" for fact in there if fact.kind is not FactKind.FORMAL)
    return tuple(line for line in (formal, others) if line)
