"""Complaints about the victim: alleged, and vexatious only where a court or the panel has found so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from engine.domain.cases.complaints import IN_RESPONSES, ComplaintFinding
from engine.domain.cases.plain_facts import Fact, FactKind
from engine.domain.dates import PartialDate
from engine.facts.acts import Act, a_fact, dated, day_in_words, listed
from engine.facts.released import Released

_DATES = 6
"""So many dates are in the sentence."""


class HeldElsewhere(NamedTuple):
    """Complaints about the victim that a released response names: they may be among the reported acts."""

    agency: str
    name: str
    days: tuple[PartialDate | None, ...]


def _held(released: Sequence[Released]) -> Iterator[HeldElsewhere]:
    """Yield the complaints about the victim that each released response names among its findings."""
    for each in released:
        named = [finding for finding in each.findings if finding.key == IN_RESPONSES]
        days = tuple(pointer.dated for finding in named for pointer in finding.records)
        if days and each.is_confirmed:
            yield HeldElsewhere(each.agency, each.name, days)


def complaints(
    acts: Sequence[Act],
    released: Sequence[Released],
    findings: Sequence[ComplaintFinding],
    today: date,
) -> Iterator[Fact]:
    """Yield the complaints about the victim, as acts of this case, with what each was found to be.

    ``acts`` are those of that kind. What a response names is beside them and not added to them.
    """
    held = list(_held(released))
    if not acts and not held:
        return
    parts = [f"{len(acts):,} reported{_on([act.happened for act in acts])}"] if acts else []
    parts += [f"{len(each.days):,} in the response of {each.name}{_on(each.days)}" for each in held]
    both = " The same complaint may be in both." if acts and held else ""
    found = "".join(f" {_found(each)}" for each in findings)
    known = [act.first for act in dated(acts)]
    known += [day.earliest for each in held for day in each.days if day and day.is_whole_day]
    fact = a_fact(
        FactKind.COMPLAINTS,
        f"Complaints about the victim, alleged: {'; '.join(parts)}.{both}{found}",
        acts,
        on=min(max(known, default=today), today),
        today=today,
        short=f"complaints about the victim, alleged: {'; '.join(parts)}",
    )
    sources = sorted({*fact.sources, *(each.agency for each in held)})
    yield fact.model_copy(update={"sources": tuple(sources)})


def _on(days: Sequence[PartialDate | None]) -> str:
    """Return the dates in brackets, those of the newest where there are many; nothing where none is known."""
    known = sorted({day for day in days if day}, key=lambda day: (day.earliest, day))
    if not known:
        return ""
    newest = [day.in_words() for day in known[-_DATES:]]
    return f" ({'the latest ' if len(known) > _DATES else ''}{listed(newest)})"


def _found(finding: ComplaintFinding) -> str:
    day = day_in_words(finding.found_on)
    said = f"{finding.incident} was found {finding.found.value} by {finding.found_by.value} on {day}"
    return f"{said} (source: {finding.source.rstrip('.')})."
