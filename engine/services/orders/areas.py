"""Incidents near a sealed area: for the safe-contact officer and the police lead of the case only.

No place is compared when an incident is recorded, only its dates with those of orders (``areas_due``). The
comparison is made when one of the two reads it, so that for the person who records no answer, row, time or
audit entry depends on it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache, partial
from typing import NamedTuple

from engine.access.near_places import is_near, near, places_named
from engine.access.policy import May
from engine.clock import Clock
from engine.domain.accounts.acting import Acting
from engine.domain.agencies.directory import AgencyKnown
from engine.domain.base import Frozen, Instant
from engine.domain.cases.views import IncidentView
from engine.domain.cases.worklists import WorkItem
from engine.domain.errors import NotFoundError, NotPermittedError
from engine.domain.ids import read_reference
from engine.domain.orders.breaches import Comparison, ReviewAct, ReviewGiven, StoredDetails
from engine.domain.orders.conditions import SealedKind
from engine.domain.orders.orders import StoredOrder
from engine.orders.areas import compare_area, read_place, read_zone
from engine.orders.breach_checks import Check, Match
from engine.orders.breaches import compare
from engine.services.access.checks import classes_shown, open_case
from engine.services.access.restrictions import written_reason
from engine.services.alarms.raising import raise_breach
from engine.services.context import Context
from engine.services.due.lines import about_each
from engine.services.orders.areas_due import AREA_TO_COMPARE, incidents_in_time, with_areas
from engine.services.sharing.likely_breaches import held
from engine.services.vault.permissions import is_entrusted, learns_of_places, learns_of_places_anywhere
from engine.services.vault.places_tried import SHOWN_FOR, is_shown_places_tried, places_tried
from engine.settings import Settings
from engine.store.unit_of_work import Work

NEAR_AREA = "near a sealed area"
"""The kind of a line about an incident near a sealed area."""
CHECK_AREAS = "check sealed areas"
"""The kind of a line that asks for a check; every case with a sealed area has it, near or not."""
PLACES_TRIED = "places named in incidents"
"""The kind of a line about a writer who named several places on one case."""


class NearArea(Frozen):
    """An incident that may have broken a condition about a sealed area; no place and no distance."""

    case: str
    comparison: Comparison
    reported_at: Instant


class AreasSeen(Frozen):
    """Incidents near the sealed areas of a case, for its officer or lead."""

    reference: str
    near: tuple[NearArea, ...]
    checked_at: Instant | None


def areas_on_case(context: Context, *, reference: str) -> AreasSeen:
    """Return the incidents near a sealed area of a case, for its safe-contact officer or police lead.

    Raises
    ------
    InvalidInputError
        The reference is malformed.
    NotPermittedError
        The person who acts is neither.
    """
    agencies = context.agencies_known
    with context.reading("view incidents near sealed areas") as work:
        case = open_case(work, context.acting, reference, May.SEE_HELD).reference
        if not learns_of_places(work, context.acting, case, agencies):
            raise NotPermittedError(
                "read which incidents are near a sealed area",
                who_may="the safe-contact officer or the investigation lead of the case",
            )
        near = tuple(_near(work, context.acting, context.clock, case))
        checked = work.incident_details.area_checks_by(context.acting.user, [case]).get(case)
        return AreasSeen(reference=case, near=near, checked_at=checked)


def record_area_check(context: Context, *, reference: str) -> None:
    """Record that the incidents of a case were checked against its sealed areas. Its result is not stored.

    Raises
    ------
    InvalidInputError
        The reference is malformed.
    NotPermittedError
        The person who acts is not the safe-contact officer or the investigation lead of the case.
    """
    with context.writing("record check of sealed areas") as work:
        case = open_case(work, context.acting, reference, May.SEE_HELD).reference
        if not is_entrusted(work, context.acting, case):
            raise NotPermittedError(
                "record that incidents were checked against sealed areas",
                who_may="the safe-contact officer or the investigation lead of the case",
            )
        work.incident_details.add_area_check(case, by=context.acting.user, at=context.clock.now())


def confirm_area_breach(
    context: Context, *, reference: str, incident: str, order: str, condition: int, why: str
) -> str:
    """Confirm a breach of a condition about a sealed area, and return its reference.

    From then on the people on the case read that this incident broke that condition, and not where. A place
    in the text of the incident then shows the area: the two people decide whether that may be read.

    Raises
    ------
    InvalidInputError
        A reference or the reason is malformed.
    NotFoundError
        The case is not open to the person who acts, or no such incident is near a sealed area.
    NotPermittedError
        The person who acts is not the safe-contact officer or the investigation lead of the case.
    """
    given = ReviewGiven(act=ReviewAct.CONFIRMED, why=written_reason(why))
    with context.writing("answer likely breach") as work:
        acting, at = context.acting, context.clock.now()
        case = open_case(work, acting, reference, May.SEE_HELD).reference
        if not is_entrusted(work, acting, case):
            raise NotPermittedError(
                "confirm a breach of a condition about a sealed area",
                who_may="the safe-contact officer or the investigation lead of the case",
            )
        wanted = (read_reference("incident", incident), read_reference("order", order), condition)
        near = {_key(each.comparison): each.comparison for each in _near(work, acting, context.clock, case)}
        if wanted not in near:
            raise NotFoundError("likely breach", f"of {wanted[0]}")
        work.likely_breaches.store([near[wanted]], at=at)
        together = work.cases.together(case)
        (stored,) = [
            each
            for each in work.likely_breaches.of(together)
            if (each.incident, each.order, each.condition) == wanted
        ]
        work.likely_breaches.review(
            stored.reference, given, result=stored.newest.number, by=acting.user, at=at
        )
        raise_breach(work, context, stored)
        work.notes(breach=stored.reference, incident=stored.incident, answer=given.act.value)
        return stored.reference


def _key(comparison: Comparison) -> tuple[str, str, int]:
    return comparison.incident, comparison.order, comparison.condition


def area_items(
    work: Work,
    acting: Acting,
    clock: Clock,
    settings: Settings,
    agencies: Sequence[AgencyKnown],
) -> Iterator[WorkItem]:
    """Yield a case worker's lines: incidents near a sealed area, and writers who named several places."""
    in_time = cache(partial(about_each, AREA_TO_COMPARE, work, acting, clock))
    cases, entrusted = learns_of_places_anywhere(work, acting, agencies, waiting=in_time)
    of_cases = _with_areas_on(work, cases)
    checks = work.incident_details.area_checks_by(acting.user, list(of_cases))
    newest = work.incident_details.newest_reports(_all_of(each.together for each in of_cases.values()))
    unchecked: dict[str, _OfCase] = {}
    for case, of_case in of_cases.items():
        last = max((newest[each] for each in of_case.together if each in newest), default=None)
        if last is not None and (case not in checks or last > checks[case]):
            unchecked[case] = of_case
            if case in entrusted:
                yield _to_check(case, last)
    waiting = frozenset(each for case in unchecked for each in in_time().get(case, ()))
    for each in _near_areas(work, acting, clock, unchecked, among=waiting):
        if each.case not in checks or each.reported_at > checks[each.case]:
            yield _near_item(each)
    if is_shown_places_tried(acting, agencies):
        texts = work.incident_details.places_since(clock.now() - SHOWN_FOR)
        yield from places_tried(
            work,
            acting,
            settings,
            texts,
            places_named=_named,
            named_in="incidents",
            kind=PLACES_TRIED,
        )


class _OfCase(NamedTuple):
    """Facts compared on one case: its involvements, its orders that were made, values of the vault by their
    references, and the details of incidents.
    """

    together: tuple[str, ...]
    orders: Sequence[StoredOrder]
    sealed: Mapping[str, str]
    details: Mapping[str, StoredDetails]


def _with_areas_on(work: Work, cases: Sequence[str]) -> dict[str, _OfCase]:
    """Return those of these cases with an order that has a sealed area: few, and only theirs is read.

    In as many statements whatever the number of cases, and in their order.
    """
    together = work.cases.together_with_each(cases)
    may_have = frozenset(work.orders.with_zones(_all_of(together.values())))
    perhaps = {case: together[case] for case in cases if not may_have.isdisjoint(together[case])}
    by_case: dict[str, list[StoredOrder]] = {}
    for order in work.orders.of(_all_of(perhaps.values())):
        for case in order.cases if order.was_made else ():
            by_case.setdefault(case, []).append(order)
    have = {case for case, orders in by_case.items() if with_areas(orders)}
    wanted = {case: there for case, there in perhaps.items() if not have.isdisjoint(there)}
    everywhere = _all_of(wanted.values())
    held = work.protected.held_by_case(
        _all_of((everywhere, *(o.cases for of in by_case.values() for o in of)))
    )
    details = work.incident_details.details_of(everywhere)
    found: dict[str, _OfCase] = {}
    for case, there in wanted.items():
        orders = list({o.reference: o for each in there for o in by_case.get(each, ())}.values())
        beside = _all_of((there, *(order.cases for order in with_areas(orders))))
        sealed = {ref: value.decode() for each in beside for ref, _, value in held.get(each, ())}
        found[case] = _OfCase(there, orders, sealed, details)
    return found


def _all_of(groups: Iterable[Iterable[str]]) -> list[str]:
    return sorted({each for group in groups for each in group})


def _to_check(case: str, newest: datetime) -> WorkItem:
    return WorkItem(
        reference=case,
        what="Check incidents against the sealed areas of this case",
        why="The software finds only places that are recorded. Read every new incident, then record "
        "the check.",
        due_at=None,
        since=newest,
        is_overdue=False,
        is_alarm=False,
        kind=CHECK_AREAS,
    )


def _near_item(near: NearArea) -> WorkItem:
    return WorkItem(
        reference=near.case,
        what=f"Check incident {near.comparison.incident}: near a sealed area, condition "
        f"{near.comparison.condition} of {near.comparison.order}",
        why=f"{near.comparison.result.value.capitalize()}. A person decides whether it was a breach. Do "
        "not name the place.",
        due_at=near.reported_at,
        since=near.reported_at,
        is_overdue=True,
        is_alarm=False,
        kind=NEAR_AREA,
    )


def _near(work: Work, acting: Acting, clock: Clock, case: str) -> Iterator[NearArea]:
    """Yield incidents that may have been in a sealed area, but none that this person reported."""
    there = _with_areas_on(work, [case])
    yield from _near_areas(work, acting, clock, there, among=_in_time(work, there.values()))


def _near_areas(
    work: Work,
    acting: Acting,
    clock: Clock,
    of_cases: Mapping[str, _OfCase],
    *,
    among: Collection[str],
) -> Iterator[NearArea]:
    """Yield the same of many cases, in as many statements whatever their number.

    ``among`` are the incidents that may have happened while an order with an area applied: no other is read.
    """
    groups = {case: of_case.together for case, of_case in of_cases.items()}
    classes = classes_shown(work, acting, on=clock.today())
    incidents = work.incidents.of_each(groups, shown=classes, among=among)
    for case, (together, orders, sealed, details) in of_cases.items():
        areas = with_areas(orders)
        for incident in incidents[case]:
            there = details.get(incident.reference)
            writers = {report.typed_by for report in incident.reports} | ({there.by} if there else set())
            if acting.user in writers:
                continue
            places = _places(incident, there, areas, sealed)
            perhaps = {condition for condition, check in places.items() if check.match is not Match.NO}
            reported = max(report.received_at for report in incident.reports)
            for comparison in compare(held(incident, together, details), orders, places=places, only=perhaps):
                if comparison.asks:
                    yield NearArea(
                        case=case,
                        comparison=comparison,
                        reported_at=max(reported, there.at) if there else reported,
                    )


def _in_time(work: Work, of_cases: Iterable[_OfCase]) -> frozenset[str]:
    """Return the incidents that may have happened while an order with an area applied."""
    of_cases = tuple(of_cases)
    dated = work.incidents.dated(_all_of(of_case.together for of_case in of_cases))
    return frozenset(
        incident
        for of_case in of_cases
        for incident in incidents_in_time(
            [each for one in of_case.together for each in dated.get(one, ())],
            of_case.details,
            {order.reference: order for order in of_case.orders},
        )
    )


def _places(
    incident: IncidentView,
    details: StoredDetails | None,
    orders: Sequence[StoredOrder],
    sealed: Mapping[str, str],
) -> dict[tuple[str, int], Check]:
    reference = details.details.place if details is not None and details.details is not None else None
    written = sealed.get(reference) if reference is not None else None
    place = read_place(written) if written is not None else None
    texts = [report.what for report in incident.reports if report.what]
    if place is not None and place.description:
        texts.append(place.description)
    found: dict[tuple[str, int], Check] = {}
    for order in orders:
        for number, condition in enumerate(order.terms.conditions if order.terms else (), start=1):
            value = sealed.get(condition.zone) if condition.zone is not None else None
            if value is None:
                continue
            zone = read_zone(value)
            area = near([(SealedKind.ZONE.value, zone.description)])
            named = any(is_near(text, area) for text in texts)
            found[order.reference, number] = compare_area(zone, place, is_near_by_name=named)
    return found


def _named(text: str) -> frozenset[str]:
    """Return the places of a text by their shape, or the one sealed place that a reference stands for."""
    return frozenset((text,)) if text.startswith("V-") else places_named(text)
