"""A full order after an interim order: its first notification is worked out from the orders on record."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from pydantic import ValidationError

from engine.domain.orders.clocks import ClockState
from engine.domain.orders.dates import OrderDate
from engine.domain.orders.orders import OrderAct, OrderGiven, Relation, StoredOrder
from tests.engine.orders.test_on_record import an_order, dated

FULL, INTERIM = "PO-2H4N8RX", "PO-7K3M9QV"
SERVED = (OrderAct.SERVED, "2026-05-04")
ON_WEDNESDAY = date(2026, 5, 6)


def interim(*later: tuple[OrderAct, str], to: str | None = None, **terms: object) -> StoredOrder:
    """An interim order made and served on 2 March 2026."""
    return unserved((OrderAct.SERVED, "2026-03-02"), *later, to=to, **terms)


def unserved(*later: tuple[OrderAct, str], to: str | None = None, **terms: object) -> StoredOrder:
    """The same, of which nothing more than these steps is recorded."""
    order = an_order(*later, kind="interim-spo", **({"days": 31} | terms))
    return replace(order, earlier=((Relation.INTERIM_TO, to),) if to else ())


def full(relation: Relation | None = None) -> StoredOrder:
    """A full order made and served on 4 May 2026."""
    order = replace(an_order(SERVED, made="2026-05-04", years=2), reference=FULL)
    return replace(order, earlier=((relation, INTERIM),)) if relation else order


def first(order: StoredOrder, *others: StoredOrder) -> OrderDate:
    return dated(order, "Respondent must notify police", on="2026-05-05", others=(order, *others))


REPLACING = full(Relation.REPLACES_INTERIM)
CASES = {
    "16: expired by its own term, replaced": (REPLACING, interim(), ON_WEDNESDAY, True),
    "expired, interim to the application": (full(), interim(to=FULL), ON_WEDNESDAY, True),
    "expired, and no one recorded what it was to the full order": (full(), interim(), ON_WEDNESDAY, True),
    "expired on the date before": (REPLACING, interim(days=63), ON_WEDNESDAY, True),
    "discharged before": (
        REPLACING,
        interim((OrderAct.DISCHARGED, "2026-04-01"), days=90),
        ON_WEDNESDAY,
        True,
    ),
    "15: ran until the full order, replaced": (REPLACING, interim(days=64), None, False),
    "ran until the full order, replaced, and was never served": (
        REPLACING,
        unserved(days=64),
        ON_WEDNESDAY,
        True,
    ),
    "ran, was served on the day after the full order was made, replaced": (
        REPLACING,
        unserved((OrderAct.SERVED, "2026-05-05"), days=90),
        ON_WEDNESDAY,
        True,
    ),
    "ran, was served on the day that the full order was made, replaced": (
        REPLACING,
        unserved((OrderAct.SERVED, "2026-05-04"), days=90),
        None,
        False,
    ),
    "ran, interim to the application, not recorded as replaced": (
        full(),
        interim(to=FULL, days=90),
        ON_WEDNESDAY,
        False,
    ),
    "ran, and no one recorded what it was to the full order": (
        full(),
        interim(days=90),
        ON_WEDNESDAY,
        False,
    ),
    "expired, and another order came after it": (
        full(),
        replace(interim(), successors=((Relation.REPLACES_INTERIM, "PO-9999999", date(2026, 3, 20)),)),
        ON_WEDNESDAY,
        False,
    ),
}


@pytest.mark.parametrize(("order", "before", "day", "differ"), CASES.values(), ids=CASES)
def test_the_clock_after_an_interim_order_is_on_unless_the_record_says_that_it_was_replaced_while_it_ran(
    order: StoredOrder, before: StoredOrder, day: date | None, differ: bool
) -> None:
    found = first(order, before)
    assert (found.day, found.lawyers_differ) == (day, differ)
    if differ:
        assert found.alternatives == ("Wednesday 6 May 2026", ClockState.NO_CLOCK.value)
        assert found.answer is not None
        assert "ask a lawyer, and work to this date" in found.answer.says


def test_without_the_interim_order_on_record_a_full_order_that_replaces_one_has_no_new_clock() -> None:
    assert first(REPLACING).day is None
    assert first(full()).day == ON_WEDNESDAY


@pytest.mark.parametrize("box", ["2026-04-01", "2026-05-03"])
def test_no_box_turns_the_clock_on_or_off(box: str) -> None:
    with pytest.raises(ValidationError, match="worked out from the orders on record"):
        OrderGiven.model_validate(
            {"type": "spo", "made": "2026-05-04", "years": 2, "interim_expired_before": box}
        )
    typed = replace(
        an_order(SERVED, made="2026-05-04", years=2, interim_expired_before=box),
        earlier=((Relation.REPLACES_INTERIM, INTERIM),),
        reference=FULL,
    )
    assert first(typed, interim(days=90)).day is None
    assert first(typed, interim()).lawyers_differ
