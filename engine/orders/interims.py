"""The interim order that a full order came after: by the orders on record, and by no box. Pure.

Section 9(1)(a) of the 2019 Act leaves out a full order that replaces an interim order. Lawyers differ on
whether one is replaced that had ended by its own term, or that was not served, so that no duty began.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from engine.domain.orders.orders import OrderAct, Relation, StoredOrder
from engine.orders.rules import interim_types

EndByRule = Callable[[StoredOrder], date | None]
"""Returns the last date of an order by its own term."""


def facts_of_interim(order: StoredOrder, others: Sequence[StoredOrder], ends: EndByRule) -> dict[str, object]:
    """Return what the orders on record say of the interim order before this full one, as facts of s.9(1).

    A full order that is recorded as replacing an interim order that is not among ``others`` replaces it.
    """
    interim = interim_before(order, others, ends)
    expired = None if interim is None else expired_before(interim, order, ends)
    return {
        "replaces_interim": order.is_to(Relation.REPLACES_INTERIM) is not None or None,
        "interim_expired_before": expired.isoformat() if expired else None,
        "interim_unserved": interim is not None and not _was_served_by(interim, order.made),
    }


def interim_before(order: StoredOrder, others: Sequence[StoredOrder], ends: EndByRule) -> StoredOrder | None:
    """Return the interim order that this one replaces or was the application of.

    Without either record it is the last interim order that had ended before this one was made, and that no
    other order came after. One that still ran takes no duty away until a person records that it was replaced.
    """
    made = order.made
    there = [each for each in others if each.type in interim_types() and each.was_made]
    named = order.is_to(Relation.REPLACES_INTERIM)
    for each in there:
        if each.reference == named or each.is_to(Relation.INTERIM_TO) == order.reference:
            return each
    if order.earlier or made is None:
        return None
    untied = [each for each in there if not each.earlier and not each.successors]
    ended = [each for each in untied if (last := _own_last(each, ends)) is not None and last < made]
    return max(ended, key=lambda each: (_own_last(each, ends) or date.min, each.reference), default=None)


def expired_before(interim: StoredOrder, order: StoredOrder, ends: EndByRule) -> date | None:
    """Return the last date of an interim order that had ended when the full one was made; else None."""
    last, made = _own_last(interim, ends), order.made
    return last if last is not None and made is not None and last < made else None


def _was_served_by(interim: StoredOrder, day: date | None) -> bool:
    """Return whether it is recorded as served by then: it ends when its application is determined."""
    return any(day is None or step.on <= day for step in interim.all_of(OrderAct.SERVED))


def _own_last(interim: StoredOrder, ends: EndByRule) -> date | None:
    """Return its last date by its own term or a discharge, not by the full order that came after it."""
    days = [ends(interim), *(step.on for step in interim.all_of(OrderAct.DISCHARGED))]
    return min((day for day in days if day is not None), default=None)
