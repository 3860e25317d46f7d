"""What the police's records come to, one plain sentence a finding. Forms no view and names no victim."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from engine.domain.answers import Contribution, Finding, NilReturn, RecordPointer
from engine.domain.asking import CaseAsked
from engine.domain.dates import PartialDate
from engine.domain.incidents import IncidentKind
from engine.hooks.carried_views import newest_views
from engine.hooks.people import FoundNobody, FoundUnclear
from engine.hooks.wording import counted, key_of, listed, number, sentence, was
from plugins.police.records import LOOKED_IN, IncidentRow, OrderRow, PersonRow, PoliceRecords

_NEWEST_TOLD = 5
_POINTERS_MOST = 40
_GRAVE = (
    IncidentKind.ASSAULT,
    IncidentKind.SEXUAL_ASSAULT,
    IncidentKind.THREAT,
    IncidentKind.ENTRY,
    IncidentKind.BREACH,
)
_KIND_TOLD = {
    IncidentKind.FOLLOWING: "following",
    IncidentKind.CONTACTING: "unwanted contact",
    IncidentKind.PUBLISHING: "publishing",
    IncidentKind.MONITORING: "monitoring",
    IncidentKind.LOITERING: "loitering",
    IncidentKind.INTERFERING: "interference with property",
    IncidentKind.WATCHING: "watching",
    IncidentKind.THREAT: "threats",
    IncidentKind.ASSAULT: "assault",
    IncidentKind.SEXUAL_ASSAULT: "sexual assault",
    IncidentKind.ENTRY: "entry",
    IncidentKind.BREACH: "breach of an order",
    IncidentKind.GIFT: "unwanted gifts",
    IncidentKind.VEXATIOUS: "vexatious complaints",
    IncidentKind.SUICIDAL_STATEMENT: "suicidal statements",
    IncidentKind.OTHER: "other incidents",
}


def assess(case: CaseAsked, held: PoliceRecords) -> Contribution | NilReturn:
    """What is held about the alleged perpetrator on the day of asking; later records are left out."""
    found = held.index.find(case.perpetrator)
    if isinstance(found, FoundNobody):
        return found.answer(who="the police", looked_in=LOOKED_IN)
    if isinstance(found, FoundUnclear):
        return found.answer()
    person = held.persons[found.key]
    reported = [row for row in held.incidents.get(found.key, []) if _is_known_by(row.happened, case.on)]
    orders = [order for order in held.orders.get(found.key, []) if order.made <= case.on]
    return Contribution(
        matched_on=found.basis,
        findings=(
            *_chronology(case, reported),
            *_newest(reported),
            *(
                _order(order, case.on)
                for order in sorted(orders, key=lambda each: (each.made, each.order_id))
            ),
            *_markers(person),
        ),
        views=newest_views(held.views.get(found.key, []), on=case.on),
        gaps=(*found.gaps, *_gaps(person, reported, orders)),
    )


def _is_known_by(happened: PartialDate | None, on: date) -> bool:
    return happened is None or happened.earliest <= on


def _chronology(case: CaseAsked, reported: Sequence[IncidentRow]) -> Iterator[Finding]:
    if not reported:
        return
    dated = sorted((row for row in reported if row.happened), key=lambda row: row.happened or "")
    yield Finding(
        key="incidents",
        says=sentence(
            f"{counted(len(reported), 'report')} {was(len(reported))} recorded{_span(dated)}: "
            + _kinds(reported)
        ),
        records=_pointers(reported),
    )
    year_ago = case.on - timedelta(days=365)
    grave = [
        row for row in dated if row.kind in _GRAVE and row.happened and row.happened.earliest >= year_ago
    ]
    if grave:
        day = PartialDate.of(case.on).in_words()
        yield Finding(
            key="grave-in-a-year",
            says=sentence(f"in the twelve months before {day} the reports included {_kinds(grave)}"),
            records=_pointers(grave),
        )
    yield from _victims(case, reported)


def _victims(case: CaseAsked, reported: Sequence[IncidentRow]) -> Iterator[Finding]:
    """How many victims reported. Only a crime reference can tell which of them this case is about."""
    named = [row for row in reported if row.victim_id]
    victims = {row.victim_id for row in named}
    asked = {incident.crime_reference for incident in case.incidents if incident.crime_reference}
    this_one = {row.victim_id for row in named if row.crime_reference in asked}
    if len(this_one) == 1:
        others = [row for row in named if row.victim_id not in this_one]
        if others:
            count = counted(len(victims) - 1, "other victim")
            yield Finding(
                key="other-victims",
                says=sentence(
                    f"{counted(len(others), 'report')} {was(len(others))} made by {count}{_span(others)}"
                ),
                records=_pointers(others),
            )
    elif len(victims) > 1:
        yield Finding(
            key="other-victims",
            says=sentence(f"the reports were made by {counted(len(victims), 'different victim')}"),
            records=_pointers(named),
        )


def _newest(reported: Sequence[IncidentRow]) -> Iterator[Finding]:
    dated = sorted(
        (row for row in reported if row.happened), key=lambda row: (row.happened or "", row.incident_id)
    )
    for row in dated[-_NEWEST_TOLD:]:
        crime = f", crime reference {row.crime_reference}" if row.crime_reference else ""
        yield Finding(
            key=key_of("report", row.incident_id),
            says=sentence(f"{_on(row.happened)} a report of {_KIND_TOLD[row.kind]} was recorded{crime}"),
            records=_pointers([row]),
        )


def _order(order: OrderRow, on: date) -> Finding:
    made = PartialDate.of(order.made).in_words()
    if order.until_further_order:
        runs = "and ran until further order"
    elif order.ends is None:
        runs = "and its end was not recorded"
    else:
        ended = "and ended" if order.ends < on else "and was in force, to end"
        runs = f"{ended} on {PartialDate.of(order.ends).in_words()}"
    conditions = f", with {counted(len(order.conditions), 'condition')}" if order.conditions else ""
    return Finding(
        key=key_of("order", order.order_id),
        says=sentence(f"{_a(order.kind.value)} was made on {made}{conditions} {runs}"),
        records=(RecordPointer(record=order.order_id, kind="order", dated=PartialDate.of(order.made)),),
    )


def _markers(person: PersonRow) -> Iterator[Finding]:
    if person.markers:
        noun = "a warning marker" if len(person.markers) == 1 else "warning markers"
        reviewed = person.markers_reviewed
        when = f", last reviewed {_on(reviewed)}" if reviewed else ", with no date of review"
        yield Finding(
            key="warning-markers",
            says=sentence(f"{noun} for {listed(person.markers)} {was(len(person.markers))} recorded{when}"),
            records=(RecordPointer(record=person.person_id, kind="nominal record", dated=reviewed),),
        )


def _gaps(person: PersonRow, reported: Sequence[IncidentRow], orders: Sequence[OrderRow]) -> Iterator[str]:
    if not reported:
        yield "The person is recorded, and no report against them is."
    undated = [row for row in reported if row.happened is None]
    if undated:
        yield sentence(f"{counted(len(undated), 'report')} {_has(undated)} no date recorded")
    if person.date_of_birth is None:
        yield "The person's date of birth is not recorded here."
    if any(order.ends is None and not order.until_further_order for order in orders):
        yield "The end of an order is not recorded."


def _kinds(reported: Sequence[IncidentRow]) -> str:
    counts = Counter(row.kind for row in reported)
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0].value))
    return listed([f"{number(count)} of {_KIND_TOLD[kind]}" for kind, count in ordered])


def _span(rows: Sequence[IncidentRow]) -> str:
    dates = sorted(row.happened for row in rows if row.happened)
    if not dates:
        return ""
    first, last = PartialDate(dates[0]), PartialDate(dates[-1])
    return f" {_on(first)}" if first == last else f" between {first.in_words()} and {last.in_words()}"


def _on(day: PartialDate | None) -> str:
    if day is None:
        return "on a date not recorded"
    return f"{'on' if day.is_whole_day else 'in'} {day.in_words()}"


def _has(rows: Sequence[IncidentRow]) -> str:
    return "has" if len(rows) == 1 else "have"


def _a(noun: str) -> str:
    if noun.startswith("bail"):
        return noun
    return f"{'an' if noun[0].lower() in 'aeiou' else 'a'} {noun}"


def _pointers(rows: Sequence[IncidentRow]) -> tuple[RecordPointer, ...]:
    """To the reports, the newest when there are very many."""
    newest = sorted(rows, key=lambda row: (row.happened or "", row.incident_id))[-_POINTERS_MOST:]
    return tuple(RecordPointer(record=row.incident_id, kind="report", dated=row.happened) for row in newest)
