"""Conclusions from the police's records, one plain sentence a finding. Forms no view and names no victim."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from engine.hooks.v1 import (
    CaseAsked,
    Contribution,
    Finding,
    Formal,
    FormalKind,
    FoundNobody,
    FoundUnclear,
    IncidentKind,
    NilReturn,
    PartialDate,
    RecordPointer,
    counted,
    doubts_about_held,
    key_of,
    listed,
    newest_views,
    number,
    row_of,
    sentence,
    was,
)
from plugins.police.conduct import conduct_findings, conduct_gaps
from plugins.police.held import elsewhere, reports_held
from plugins.police.offences import offence_findings, offence_gaps, offences_on
from plugins.police.ranking import Windows, ranking_findings, ranking_gaps, windows_on
from plugins.police.records import LOOKED_IN, IncidentRow, OrderRow, PersonRow, PoliceRecords
from plugins.police.reporting import (
    checked,
    is_typed,
    links_of,
    orders_reported,
)
from plugins.police.reports import Reported, on_day, pointers_to, reported_of, span_of
from plugins.police.words import KIND_TOLD

_NEWEST_TOLD = 5
_WEAPONS = frozenset({"weapon", "weapons", "firearm", "firearms"})
"""The warning markers that are about a weapon."""
_GRAVE = (
    IncidentKind.ASSAULT,
    IncidentKind.SEXUAL_ASSAULT,
    IncidentKind.THREAT,
    IncidentKind.ENTRY,
    IncidentKind.BREACH,
)


def assess(case: CaseAsked, held: PoliceRecords, windows: Sequence[Windows]) -> Contribution | NilReturn:
    """Return what is held about the alleged perpetrator on the day of asking; later records are left out."""
    found = held.index.find(case.perpetrator)
    if isinstance(found, FoundNobody):
        return found.answer(who="the police", looked_in=LOOKED_IN)
    if isinstance(found, FoundUnclear):
        return found.answer()
    person = held.persons[found.key]
    reported = reported_of(held, found.key, on=case.on)
    orders = [order for order in held.orders.get(found.key, []) if order.made <= case.on]
    applying = windows_on(windows, case.on)
    typed, not_typed = orders_reported(orders, on=case.on)
    links, more = links_of(held, found.key, on=case.on) if found.basis.confirmed else (None, ())
    reports, not_understood = reports_held(case, reported, held)
    return Contribution(
        matched_on=found.basis,
        own_row=row_of(person.as_person()),
        findings=(
            *_chronology(case, reported),
            *conduct_findings(case, reported),
            *offence_findings(reported),
            *_newest(reported),
            *(
                _order(order, case.on)
                for order in sorted(orders, key=lambda each: (each.made, each.order_id))
                if not is_typed(order)
            ),
            *_markers(person, case.on),
            *ranking_findings(reported, applying),
        ),
        views=newest_views(held.views.get(found.key, []), on=case.on),
        orders=typed,
        link_evidence=links,
        reports=reports,
        reports_elsewhere=elsewhere(person, case),
        records_checked=checked(person, on=case.on),
        gaps=(
            *found.gaps,
            *doubts_about_held(person.as_person()),
            *_gaps(person, reported.reports, orders),
            *not_typed,
            *more,
            *not_understood,
            *conduct_gaps(reported),
            *offence_gaps(reported),
            *ranking_gaps(reported, applying),
        ),
    )


def _chronology(case: CaseAsked, reported: Reported) -> Iterator[Finding]:
    if not reported.reports:
        return
    yield Finding(
        key="incidents",
        says=sentence(
            f"{counted(len(reported.reports), 'report')} {was(len(reported.reports))} recorded"
            f"{span_of(reported.reports)}: {_kinds(reported.reports)}"
        ),
        records=pointers_to(reported.reports),
    )
    year_ago = case.on - timedelta(days=365)
    grave = [
        row
        for row in reported.dated
        if row.kind in _GRAVE and row.happened and row.happened.earliest >= year_ago
    ]
    if grave:
        day = PartialDate.of(case.on).in_words()
        yield Finding(
            key="grave-in-a-year",
            says=sentence(f"in the twelve months before {day} the reports included {_kinds(grave)}"),
            records=pointers_to(grave),
        )
    yield from _victims(case, reported)


def _victims(case: CaseAsked, reported: Reported) -> Iterator[Finding]:
    """Yield how many victims reported. Only a crime reference can show which of them this case is about."""
    named = [row for row in reported.reports if row.victim_id]
    victims = reported.by_victim
    this_one = reported.of_this_case(case)
    if this_one is not None:
        others = [row for row in named if row.victim_id != this_one]
        if others:
            count = counted(len(victims) - 1, "other victim")
            yield Finding(
                key="other-victims",
                says=sentence(
                    f"{counted(len(others), 'report')} {was(len(others))} made by {count}{span_of(others)}"
                ),
                records=pointers_to(others),
            )
    elif len(victims) > 1:
        yield Finding(
            key="other-victims",
            says=sentence(f"the reports were made by {counted(len(victims), 'different victim')}"),
            records=pointers_to(named),
        )


def _newest(reported: Reported) -> Iterator[Finding]:
    for row in reported.dated[-_NEWEST_TOLD:]:
        crime = f", crime reference {row.crime_reference}" if row.crime_reference else ""
        yield Finding(
            key=key_of("report", row.incident_id),
            says=sentence(
                f"{on_day(row.happened)} a report of {KIND_TOLD[row.kind]} was recorded{crime}"
                f"{offences_on(reported, row)}"
            ),
            records=pointers_to([row]),
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


def _markers(person: PersonRow, on: date) -> Iterator[Finding]:
    if person.markers:
        noun = "a warning marker" if len(person.markers) == 1 else "warning markers"
        reviewed = person.markers_reviewed
        when = f", last reviewed {on_day(reviewed)}" if reviewed else ", with no date of review"
        yield Finding(
            key="warning-markers",
            says=sentence(f"{noun} for {listed(person.markers)} {was(len(person.markers))} recorded{when}"),
            formal=_weapon(person, on),
            records=(RecordPointer(record=person.person_id, kind="nominal record", dated=reviewed),),
        )


def _weapon(person: PersonRow, on: date) -> Formal | None:
    """Return that a warning marker is about a weapon; None where none is."""
    about = [marker for marker in person.markers if marker.casefold() in _WEAPONS]
    if not about:
        return None
    reviewed = person.markers_reviewed
    known = reviewed if reviewed is not None and reviewed.earliest <= on else None
    return Formal(kind=FormalKind.WEAPON, value=f"warning marker: {about[0]}", on=known)


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
    return listed([f"{number(count)} of {KIND_TOLD[kind]}" for kind, count in ordered])


def _has(rows: Sequence[IncidentRow]) -> str:
    return "has" if len(rows) == 1 else "have"


def _a(noun: str) -> str:
    if "bail" in noun:
        return noun
    return f"{'an' if noun[0].lower() in 'aeiou' else 'a'} {noun}"
