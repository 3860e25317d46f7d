"""All cases with a decision as they are observed today. Restricted cases are in no figure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Set
from datetime import date
from typing import TYPE_CHECKING

from engine.access.policy import May, require, sees_every_open_case
from engine.domain.accounts.acting import Acting
from engine.domain.cases.incidents import Channel, IncidentKind
from engine.domain.errors import NotPermittedError
from engine.domain.orders.orders import StoredOrder
from engine.domain.outcomes.follow_up import AgainstWhom, Measure
from engine.domain.outcomes.observed import ObservedRecord
from engine.domain.people.same_person import SameVerdict
from engine.identity.merged_persons import persons_of
from engine.orders.on_record import last_day_by_rule
from engine.orders.rules import order_type
from engine.outcomes.observed.assembling import InvolvementParts, observed_record
from engine.outcomes.observed.building import ActFound
from engine.outcomes.observed.stalking_types import type_of_stalking
from engine.services.context import Context

if TYPE_CHECKING:
    from engine.store.repositories.observed_cases import IncidentReportSeen
    from engine.store.unit_of_work import Work

_INCIDENTS = "reports of incidents"


def observed_cases(context: Context) -> ObservedRecord:
    """Return every case with a decision as it is observed today, and sentences on what counts in it.

    Exact figures are for a person who may open each case in them. Others see a release.

    Raises
    ------
    NotPermittedError
        The role of the person who acts does not permit it, or a case in the figures is not open to them.
    """
    with context.reading("see observed cases") as work:
        found = observe(work)
        require_every_case(work, context.acting, found.involvements)
        work.notes(cases=len(found.cases))
    return found


def require_every_case(work: Work, acting: Acting, counted: Set[str]) -> None:
    """Refuse exact figures to a person who may not open each case in them. Raises NotPermittedError."""
    require(May.SEE_AGGREGATES, acting)
    if not sees_every_open_case(acting) or not work.need_to_know.shut_out_of(acting.user).isdisjoint(counted):
        raise NotPermittedError(
            "see exact figures over all cases", who_may="only a person who can open each of the cases"
        )


def observe(work: Work) -> ObservedRecord:
    """Return the same within a unit of work. It reads the whole record: for a release, not for a page."""
    involvements = work.observed_parts.involvements()
    person_of, undone = _persons(work)
    episode_of = {each.reference: each.episode for each in involvements}
    decided = {each.episode for each in involvements if each.decided_at is not None}
    people = {person for reference, person in person_of.items() if episode_of.get(reference) in decided}
    wanted = [
        each.reference
        for each in involvements
        if each.episode in decided or person_of.get(each.reference) in people
    ]
    outcomes = work.outcomes.of(wanted)
    custody = work.reviews.custody_changes_by_case(wanted)
    incidents: dict[str, list[ActFound]] = defaultdict(list)
    seen_before: dict[str, list[IncidentReportSeen]] = defaultdict(list)
    decided_at = {each.reference: each.decided_at for each in involvements}
    for seen in work.observed_parts.incidents(wanted):
        decision = decided_at[seen.involvement]
        if decision is not None and seen.reported_at <= decision:
            seen_before[seen.involvement].append(seen)
        if (act := _act(seen)) is not None:
            incidents[seen.involvement].append(act)
    interventions: dict[str, list[tuple[str, date]]] = defaultdict(list)
    for reference, item, at in work.observed_parts.interventions(wanted):
        interventions[reference].append((item, at.date()))
    sessions: dict[str, list[tuple[str, date]]] = defaultdict(list)
    for reference, item, on in work.observed_parts.first_sessions(wanted):
        sessions[reference].append((item, on))
    orders: dict[str, list[tuple[date, date | None]]] = defaultdict(list)
    for order in work.orders.of(wanted):
        for reference in order.cases:
            orders[reference].extend(served_period(order))
    counted = frozenset(wanted)
    return observed_record(
        [
            InvolvementParts(
                reference=each.reference,
                episode=each.episode,
                person=person_of.get(each.reference, each.reference),
                decided_on=each.decided_at.date() if each.decided_at else None,
                outcomes=outcomes[each.reference],
                custody=custody.get(each.reference, ()),
                incidents=incidents[each.reference],
                interventions=interventions[each.reference],
                first_sessions=sessions[each.reference],
                typology=type_of_stalking(
                    [(kind, seen.channel) for seen in seen_before[each.reference] for kind in seen.kinds]
                ),
                orders=orders[each.reference],
            )
            for each in involvements
            if each.reference in counted
        ],
        judgements_undone=undone,
    )


def served_period(order: StoredOrder) -> Iterator[tuple[date, date | None]]:
    """Yield from when to when an order applied to a person who was served; nothing where neither is recorded.

    An order of a type without service applies from its start date.
    """
    start, kind = order.in_effect, order_type(order.type)
    if start is not None and kind is not None and kind.needs_service:
        start = max(start, order.served) if order.served is not None else None
    last = order.last_day(last_day_by_rule(order))
    if start is not None and (last is None or last >= start):
        yield start, last


def _persons(work: Work) -> tuple[dict[str, str], int]:
    """Return the person of each involvement's alleged perpetrator, and how many judgements on them were
    undone.

    Parties of restricted cases join no one here: otherwise they could be seen in the figures of others.
    """
    on = work.observed_parts.perpetrators()
    parties = {party for _, party in on}
    decisions = [
        decision
        for (low, high), decision in work.same_persons.words_on(parties).items()
        if low in parties and high in parties
    ]
    person = persons_of(parties, decisions, victims=work.same_persons.ever_victims(parties))
    by_reference: dict[str, list[int]] = defaultdict(list)
    for reference, party in on:
        by_reference[reference].append(person[party])
    undone = sum(decision.verdict is SameVerdict.TAKEN_BACK for decision in decisions)
    return {reference: f"person {min(of)}" for reference, of in by_reference.items()}, undone


def _act(seen: IncidentReportSeen) -> ActFound | None:
    """Return an incident as an act that was reported; one without a date cannot be placed after a
    decision."""
    if seen.happened is None:
        return None
    return ActFound(
        measure=Measure.REPORTED,
        happened=seen.happened,
        against=AgainstWhom.BY_PROXY if seen.channel is Channel.THIRD_PARTY else AgainstWhom.SAME_VICTIM,
        source=_INCIDENTS,
        recorded_on=seen.reported_at.date(),
        is_order_breach=IncidentKind.BREACH in seen.kinds,
    )
