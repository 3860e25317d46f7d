"""Police records about a person who asks: each in a sentence, without any other person."""

from __future__ import annotations

from collections.abc import Iterator

from engine.hooks.v1 import (
    EvidenceThing,
    FoundNobody,
    FoundUnclear,
    PartialDate,
    PersonAsked,
    SubjectAccessItem,
    SubjectAccessResult,
    counted,
    doubts_about_held,
    listed,
    sentence,
    was,
)
from plugins.police.held import understood
from plugins.police.offences import title_of
from plugins.police.records import LOOKED_IN, OrderKind, OrderRow, PersonRow, PoliceRecords
from plugins.police.words import KIND_TOLD

_UNCONFIRMED = "A record here may be this person's, but this is not certain; it was not given."

_ORDERED_IN_ABSENCE = frozenset(
    {OrderKind.SPO, OrderKind.INTERIM_SPO, OrderKind.NON_MOLESTATION, OrderKind.DAPO}
)
"""Orders that a court can make without the person, who learns of them when they are served."""


def told_about(person: PersonAsked, held: PoliceRecords) -> SubjectAccessResult:
    """Return everything held about the person, if one record is theirs for certain.

    Who reported, and who was affected, is other people's and is not given to anyone here. A practitioner
    reads this before the person does, and may have to withhold what would harm an investigation.
    """
    found = held.index.find(person)
    if isinstance(found, FoundNobody):
        return SubjectAccessResult(looked_in=LOOKED_IN, gaps=(*found.doubts, *found.gaps))
    if isinstance(found, FoundUnclear):
        return SubjectAccessResult(looked_in=LOOKED_IN, gaps=(found.gap, *found.doubts))
    if not found.basis.confirmed:
        return SubjectAccessResult(looked_in=LOOKED_IN, gaps=(_UNCONFIRMED, *found.gaps))
    row = held.persons[found.key]
    orders = held.orders.get(found.key, ())
    known = [each for each in orders if each.served or each.kind not in _ORDERED_IN_ABSENCE]
    return SubjectAccessResult(
        looked_in=LOOKED_IN,
        items=(
            *_nominal(row),
            *_reports(held, found.key),
            *(_order(order) for order in known),
            *_links(held, found.key),
            *_views(held, found.key),
        ),
        gaps=(
            *found.gaps,
            *doubts_about_held(row.as_person()),
            *_not_served(len(orders) - len(known)),
        ),
    )


def _nominal(person: PersonRow) -> Iterator[SubjectAccessItem]:
    written = [f"the name {' '.join(part for part in (person.forename, person.surname) if part)}"]
    if person.also_known_as:
        written.append(f"also written {listed(person.also_known_as)}")
    if person.date_of_birth:
        written.append(f"the date of birth {person.date_of_birth.in_words()}")
    written += [f"the {name} {value}" for name, value in _numbers(person) if value]
    yield _item("nominal record", f"a record holds {listed(written)}", person.person_id, None)
    if person.markers:
        markers = counted(len(person.markers), "warning marker")
        yield _item(
            "warning marker",
            f"{markers} for {listed(person.markers)} {'is' if len(person.markers) == 1 else 'are'} recorded",
            person.person_id,
            person.markers_reviewed,
        )


def _numbers(person: PersonRow) -> tuple[tuple[str, str | None], ...]:
    return (("PNC ID", person.pnc), ("CRO number", person.cro))


def _reports(held: PoliceRecords, person: str) -> Iterator[SubjectAccessItem]:
    for row in held.incidents.get(person, ()):
        crime = f", crime reference {row.crime_reference}" if row.crime_reference else ""
        yield _item(
            "report", f"a report of {KIND_TOLD[row.kind]} was recorded{crime}", row.incident_id, row.happened
        )
        yield from _outcomes(held, row.incident_id)
        for offence in held.offences.get(row.incident_id, ()):
            role = "principal" if offence.principal else "included"
            asn = f", under the arrest/summons number {offence.asn}" if offence.asn else ""
            yield _item(
                "offence",
                f"on this report was recorded, as {role} offence: {title_of(offence)}{asn}",
                offence.offence_id,
                row.happened,
            )


def _outcomes(held: PoliceRecords, report: str) -> Iterator[SubjectAccessItem]:
    """Yield what was decided; a reason may be the affected person's, and is not given here."""
    for row in (held.outcomes or {}).get(report, ()):
        kind = understood(row).kind
        yield _item(
            "outcome", f"an outcome of this report was recorded: {kind.value}", row.outcome_id, row.decided_on
        )


def _not_served(count: int) -> Iterator[str]:
    if count:
        yield sentence(f"{counted(count, 'order')} not recorded as served {was(count)} not given")


def _order(order: OrderRow) -> SubjectAccessItem:
    made = PartialDate.of(order.made)
    ends = PartialDate.of(order.ends).in_words() if order.ends else None
    runs = (
        "until further order" if order.until_further_order else f"until {ends}" if ends else "no end recorded"
    )
    # A condition may name another person's place; the person was served with the order and has its text.
    conditions = f", with {counted(len(order.conditions), 'condition')}" if order.conditions else ""
    return _item(
        "order", f"{order.kind.value}, made on {made.in_words()}, {runs}{conditions}", order.order_id, made
    )


def _links(held: PoliceRecords, person: str) -> Iterator[SubjectAccessItem]:
    """Yield the person's own things; the name of an associate is another person's and is not given."""
    for row in (held.links or {}).get(person, ()):
        if row.thing is not EvidenceThing.ASSOCIATE:
            yield _item("link", f"{row.thing.value}: {row.value}", row.link_id, row.last_recorded)


def _views(held: PoliceRecords, person: str) -> Iterator[SubjectAccessItem]:
    """Yield that a view was recorded, and its level;
    its reasons may speak of others and are not given here.
    """
    for view in held.views.get(person, ()):
        yield _item(
            "view",
            f"an officer's view on {view.domain.value} was recorded: {view.level.value}; its reasons may "
            "be about other people and are not given here",
            view.view_id,
            PartialDate.of(view.recorded_on),
        )


def _item(kind: str, message: str, record: str, dated: PartialDate | None) -> SubjectAccessItem:
    return SubjectAccessItem(kind=kind, says=sentence(message)[:600], record=record, dated=dated)
