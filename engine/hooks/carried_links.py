"""Link evidence as agencies record it: one row a thing, carried as it is. Forms no link."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Annotated

from pydantic import StringConstraints

from engine.domain.dates import PartialDate
from engine.domain.links.grades import Grade
from engine.domain.responses.reported import (
    MOST_EVIDENCE,
    EvidenceThing,
    LinkEvidence,
    RecordPointer,
    Source,
)
from engine.hooks.carried_orders import not_sent
from engine.hooks.extract_files import Recorded, Short
from engine.hooks.wording import key_of


class RecordedLink(Recorded):
    """A thing that an agency's records link to a person. ``source`` None is its records as a whole."""

    link_id: Short
    person_id: Short
    thing: EvidenceThing
    value: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    first_recorded: PartialDate | None
    last_recorded: PartialDate | None
    source: Source | None
    grade: Grade | None


def links_reported(
    rows: Iterable[RecordedLink] | None, *, on: date, records: str
) -> tuple[tuple[LinkEvidence, ...] | None, tuple[str, ...]]:
    """Return what was recorded by that date, and the gap that counts what is not sent, if anything is.

    ``rows`` None: the extract has no table of links, and none is reported. ``records`` names the agency's
    records. A response takes so many and no more: those that were recorded last.
    """
    if rows is None:
        return None, ()
    known = list(_known(rows, on=on, records=records))
    newest = sorted(known, key=_last_recorded)[-MOST_EVIDENCE:]
    gap = not_sent(len(known) - len(newest), "piece of link evidence", "pieces of link evidence")
    return tuple(sorted(newest, key=lambda each: each.records[0].record)), gap


def _last_recorded(evidence: LinkEvidence) -> tuple[date, str]:
    recorded = evidence.last_recorded or evidence.first_recorded
    return recorded.latest if recorded else date.min, evidence.key


def _known(rows: Iterable[RecordedLink], *, on: date, records: str) -> Iterator[LinkEvidence]:
    """Yield them in the order of their keys.

    Of two dates in the wrong order neither is given: which of them is right is not ours to guess.
    """
    for row in sorted(rows, key=lambda each: each.link_id):
        first, last = row.first_recorded, row.last_recorded
        if first is not None and first.earliest > on:
            continue
        if last is not None and last.earliest > on:
            last = None
        if first is not None and last is not None and last.latest < first.earliest:
            first = last = None
        yield LinkEvidence(
            key=key_of("link", row.link_id),
            thing=row.thing,
            value=row.value,
            first_recorded=first,
            last_recorded=last,
            source=row.source or records,
            grade=row.grade,
            records=(RecordPointer(record=row.link_id, kind="link", dated=last or first),),
        )
