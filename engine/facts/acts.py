"""Reported acts and what happened around them, and the periods that the rules of facts compare."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from engine.domain.cases.incidents import IncidentKind
from engine.domain.cases.plain_facts import Basis, Fact, FactKind
from engine.domain.dates import PartialDate

NO_FURTHER_ACTION = "the decision of no further action"
LATELY = 28
"""So many days a fact is in the line on top of the case."""


class Act(NamedTuple):
    """One reported act: one or several reports of the same incident."""

    reference: str
    happened: PartialDate | None
    kinds: tuple[str, ...]
    """The kinds that its reports give it, and the alarm topics that a person answered "yes" about it."""
    channel: str | None
    owners: tuple[str, ...]
    came_through_others: bool = False
    """True if another person acted for the alleged perpetrator, or passed it on."""
    reached_others: bool = False
    """True if it reached another person than the victim."""
    crime_references: tuple[str, ...] = ()

    @property
    def day(self) -> date | None:
        """The date, where it is known in full."""
        return self.happened.earliest if self.happened and self.happened.is_whole_day else None

    @property
    def last(self) -> date:
        """The latest date that it may have."""
        return self.happened.latest if self.happened else date.max

    @property
    def first(self) -> date:
        """The earliest date that it may have."""
        return self.happened.earliest if self.happened else date.min


class AtReferral(NamedTuple):
    """The alarm topics that the referral answers "yes": of no incident, and from before its date."""

    reference: str
    kinds: tuple[str, ...] = ()
    received: date = date.max
    source: str = ""

    def had(self, kinds: Iterable[str], day: date) -> bool:
        """Return whether it has one of these kinds, so that an act after it is no first of them."""
        return day > self.received and not set(kinds).isdisjoint(self.kinds)


class Around(NamedTuple):
    """Something that happened around the acts: an order, an arrest, a release. It caused no report."""

    what: str
    """With its article: "the order"."""
    day: date
    record: str | None = None


class Period(NamedTuple):
    """So many days up to a date, with it."""

    until: date
    days: int

    @property
    def before(self) -> Period:
        """As many days before."""
        return Period(self.until - timedelta(days=self.days), self.days)

    def of(self, acts: Iterable[Act]) -> list[Act]:
        """Return the acts that fell within it for certain."""
        begins = self.until - timedelta(days=self.days)
        return [act for act in acts if begins < act.first and act.last <= self.until]


NOTHING_RAISED = AtReferral("")


def dated(acts: Iterable[Act]) -> list[Act]:
    """Return the acts with a full date, in the order of time; those of one date by reference."""
    return sorted((act for act in acts if act.day), key=lambda act: (act.first, act.reference))


def a_fact(
    kind: FactKind,
    sentence: str,
    acts: Sequence[Act],
    *,
    on: date,
    today: date,
    also: Iterable[str] = (),
    short: str | None = None,
) -> Fact:
    """Return a fact about these acts; it is on top only while it is of the last 28 days."""
    owners = {owner for act in acts for owner in act.owners}
    return Fact(
        kind=kind,
        says=sentence,
        records=tuple(dict.fromkeys([*(act.reference for act in acts), *also])),
        sources=tuple(sorted(owners)),
        basis=Basis.REPORTED,
        on=on,
        short=short if is_lately(on, today) else None,
    )


def is_lately(day: date, today: date) -> bool:
    """Return whether a date is of the last 28 days."""
    return day > today - timedelta(days=LATELY)


def number_of_acts(number: int) -> str:
    """Return ``1 reported act`` or ``3 reported acts``."""
    return f"{number:,} reported act{'' if number == 1 else 's'}"


def day_in_words(day: date) -> str:
    """Return ``3 March 2026``."""
    return f"{day.day} {day:%B %Y}"


def short_day(day: date, today: date) -> str:
    """Return ``3 Mar``, with the year where it is not this one."""
    return f"{day.day} {day:%b}" if day.year == today.year else f"{day.day} {day:%b %Y}"


def short_number(number: int) -> str:
    """Return ``1 act`` or ``3 acts``."""
    return f"{number:,} act{'' if number == 1 else 's'}"


def kinds_in_words(kinds: Iterable[str]) -> str:
    """Return kinds and topics as a person reads them, each once."""
    as_read = {IncidentKind.VEXATIOUS.value: IncidentKind.VEXATIOUS.in_words}
    return listed(list(dict.fromkeys(as_read.get(kind, kind) for kind in kinds)))


def listed(parts: Sequence[str]) -> str:
    """Return ``a, b and c``."""
    *others, last = parts
    return f"{', '.join(others)} and {last}" if others else last
