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

    COUNTS = "counts"
    GAPS = "gaps"
    FIRST = "first"
    AFTER = "after"
    NEARER = "nearer"
    GRAVER = "graver"
    WAYS = "ways"
    OTHER_PEOPLE = "other people"
    GRAVEST = "gravest"
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
    ``on_top``: it belongs to the line on top of the case.
    """

    kind: FactKind
    says: str
    records: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    """The agencies, or the source of the referral, that reported the records; sorted."""
    basis: Basis = Basis.REPORTED
    on: date
    on_top: bool = False


def line_of(facts: Iterable[Fact]) -> str:
    """Return the line on top of a case: its facts in the order of time."""
    return " ".join(fact.says for fact in facts if fact.on_top)
