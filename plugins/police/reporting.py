"""Orders, links and checks as the police recorded them, in the contract's types. Forms no sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from engine.hooks.v1 import (
    LinkEvidence,
    PartialDate,
    RecordPointer,
    RecordsChecked,
    ReportedCondition,
    ReportedOrder,
    counted,
    key_of,
    links_reported,
    newest_orders,
    sentence,
    was,
)
from plugins.police.records import OrderKind, OrderRow, PersonRow, PoliceRecords

_RECORDS = "police records"
_PNC = "police national computer"
_TYPES = {
    OrderKind.SPO: "spo",
    OrderKind.INTERIM_SPO: "interim-spo",
    OrderKind.RESTRAINING_ON_CONVICTION: "restraining-conviction",
    OrderKind.RESTRAINING_ON_ACQUITTAL: "restraining-acquittal",
    OrderKind.NON_MOLESTATION: "non-molestation",
    OrderKind.DAPO: "dapo",
    OrderKind.PRE_CHARGE_BAIL: "police-bail",
    OrderKind.BAIL: "court-bail",
}
"""A restraining order that may be on conviction or on acquittal is neither: it stays a finding."""
_CONDITIONS = {
    "no contact by any means": "no-contact",
    "not to enter a named area": "stay-out",
    "no publishing about the protected person": "no-publishing",
    "surrender of devices on request": "show-devices",
    "attend an assessment": "attend",
}
"""The conditions that the police record in fixed words. The text of any other may name a place."""


def is_typed(order: OrderRow) -> bool:
    """Return whether the order has a type in the contract's list."""
    return order.kind in _TYPES


def orders_reported(
    orders: Sequence[OrderRow], *, on: date
) -> tuple[tuple[ReportedOrder, ...], tuple[str, ...]]:
    """Return the newest orders that have a type, and what is left out of them, a sentence each."""
    typed = [order for order in orders if is_typed(order)]
    sent, older = newest_orders(_order(order, on) for order in typed)
    return sent, (*older, *_gaps(typed, len(orders) - len(typed)))


def links_of(
    held: PoliceRecords, person: str, *, on: date
) -> tuple[tuple[LinkEvidence, ...] | None, tuple[str, ...]]:
    """Return the links of a person, and what is not sent; None if the extract has no table of links."""
    rows = None if held.links is None else held.links.get(person, ())
    return links_reported(rows, on=on, records=_RECORDS)


def _gaps(typed: Sequence[OrderRow], untyped: int) -> Iterator[str]:
    """Yield what is left out of the reported orders: conditions in other words, and doubtful dates."""
    if untyped:
        yield sentence(
            f"{counted(untyped, 'restraining order')} {was(untyped)} given in a sentence only, because it is "
            "not recorded if on conviction or on acquittal"
        )
    count = sum(each not in _CONDITIONS for order in typed for each in order.conditions)
    if count:
        yield sentence(
            f"{counted(count, 'condition')} of orders {was(count)} recorded in words that may name a place, "
            "and not given"
        )
    if any(order.served is not None and order.served < order.made for order in typed):
        yield "An order is recorded as served before it was made, so its date of service is not given."
    if any(order.ends is not None and order.ends < order.made for order in typed):
        yield "An order is recorded as ending before it was made, so its end is not given."


def checked(person: PersonRow, *, on: date) -> tuple[RecordsChecked, ...]:
    """Return when the police national computer was last checked about the person."""
    day = person.pnc_checked
    return (RecordsChecked(source=_PNC, on=day if day is not None and day <= on else None),)


def _order(order: OrderRow, on: date) -> ReportedOrder:
    served = order.served if order.served is not None and order.made <= order.served <= on else None
    ends = order.ends if order.ends is not None and order.ends >= order.made else None
    return ReportedOrder(
        key=key_of("order", order.order_id),
        type=_TYPES[order.kind],
        court_name=order.court,
        made=order.made,
        served=served,
        ends=None if order.until_further_order else ends,
        until_further_order=order.until_further_order,
        conditions=_conditions(order),
        source=order.source or _RECORDS,
        grade=order.grade,
        records=(RecordPointer(record=order.order_id, kind="order", dated=PartialDate.of(order.made)),),
    )


def _conditions(order: OrderRow) -> tuple[ReportedCondition, ...] | None:
    """Return the coded conditions; None where nothing, or no fixed words, is recorded."""
    coded = tuple(
        ReportedCondition(code=_CONDITIONS[each]) for each in order.conditions if each in _CONDITIONS
    )
    return coded or None
