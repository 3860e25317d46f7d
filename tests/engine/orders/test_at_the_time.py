"""A breach names the order that ran, was served and covered the act at that time, or which of them failed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from engine.domain.orders.breaches import BreachResult, Comparison
from engine.domain.orders.orders import Relation, StoredOrder
from engine.orders.at_the_time import NOT_A_BREACH
from engine.orders.rules import order_types
from tests.engine.orders.compared import ORDER, an_incident, an_order, compared, only

LIKELY, NOT, UNCLEAR = BreachResult.LIKELY, BreachResult.NOT, BreachResult.UNCLEAR
FULL = "PO-2222222"
CONSIDER = "ot a breach: consider a stalking offence."


def interim(**changes: Any) -> StoredOrder:
    """An interim order that ended on 30 November by its own term, before a full order of 1 December."""
    facts: dict[str, Any] = {"made": "2026-11-02", "years": None, "days": 29, "served": {"on": "2026-11-02"}}
    order = an_order(kind="interim-spo", **(facts | changes))
    return replace(order, successors=((Relation.REPLACES_INTERIM, FULL, full().in_effect),))


def full(served: dict[str, str] | None = None) -> StoredOrder:
    return an_order(
        reference=FULL,
        made="2026-12-01",
        served=served or {"on": "2026-12-01", "at_time": "10:30"},
        earlier=[(Relation.REPLACES_INTERIM, ORDER)],
    )


def of_both(incident_time: dict[str, Any], *orders: StoredOrder) -> dict[str, Comparison]:
    found = compared(an_incident("2026-12-01", **incident_time), *(orders or (interim(), full())))
    return {each.order: each for each in found}


def test_between_an_interim_order_that_ended_and_the_service_of_the_full_one_no_order_is_a_breach() -> None:
    found = of_both({"time": "09:00"})
    assert {order: each.result for order, each in found.items()} == {ORDER: NOT, FULL: UNCLEAR}
    assert found[ORDER].at_the_time == (
        f"{ORDER} did not run then: it ran from 2 November 2026 to 30 November 2026. {NOT_A_BREACH}",
    )
    (sentence,) = found[FULL].at_the_time
    assert sentence.startswith(f"{FULL} was not served then: it was served on 1 December 2026, 10:30. ")
    assert CONSIDER in sentence
    assert not [line for each in found.values() for line in each.evidence if "before it applied" in line]


def test_after_service_the_full_order_is_named_with_its_service_and_its_condition() -> None:
    found = of_both({"time": "10:31"})[FULL]
    assert found.result is LIKELY
    assert found.at_the_time == (
        f"{FULL} ran then (from 1 December 2026 to 30 November 2028) and was served on 1 December 2026, "
        "10:30, and condition 1 covers the act.",
    )


def test_with_dates_only_both_answers_are_given() -> None:
    for served in ({"on": "2026-12-01", "at_time": "10:30"}, {"on": "2026-12-01"}):
        found = of_both({}, interim(), full(served))[FULL]
        assert found.result is UNCLEAR
        assert any(
            "If it happened after service, it may be a breach. If before: n" + CONSIDER in line
            for line in found.at_the_time
        )


def test_an_interim_order_that_still_ran_does_not_stand_in_for_a_full_one_that_is_not_served() -> None:
    found = of_both({"time": "09:00"}, interim(days=60), full({"on": "2026-12-02"}))
    assert {each.result for each in found.values()} == {UNCLEAR}
    assert all(CONSIDER in " ".join(each.at_the_time) for each in found.values())


def test_a_variation_of_an_order_that_had_ended_is_not_shown_to_have_applied_before_its_service() -> None:
    old = an_order(
        made="2026-11-02",
        ends="2026-11-30",
        kind="non-molestation",
        served={"on": "2026-11-02"},
        successors=[(Relation.RENEWS, FULL, "2026-12-01")],
    )
    new = an_order(
        reference=FULL,
        kind="non-molestation",
        made="2026-12-01",
        ends="2027-11-30",
        served={"on": "2026-12-03"},
        earlier=[(Relation.RENEWS, ORDER)],
    )
    found = {each.order: each for each in compared(an_incident("2026-12-02"), old, new)}
    assert (found[ORDER].result, found[FULL].result) == (NOT, UNCLEAR)


@pytest.mark.parametrize(
    "day", ["2026-03-01", "2026-03-02", "2026-03-09", "2026-03-10", "2026-06-10", "2026-12-31"]
)
def test_every_type_names_the_order_or_says_what_failed_on_every_date(day: str) -> None:
    for kind in order_types():
        found = only(an_incident(day), an_order(kind=kind.code, ends="2026-12-30"))
        sentence = " ".join(found.at_the_time)
        assert sentence.count(ORDER) >= 1, kind.code
        if found.result is LIKELY:
            assert f"{ORDER} ran then" in sentence, kind.code
            assert sentence.endswith("condition 1 covers the act."), kind.code
            assert ("was served on 10 March 2026, 14:05" in sentence) is kind.needs_service, kind.code
        else:
            assert CONSIDER in sentence, (kind.code, sentence)
        if found.result is NOT:
            assert "did not run then" in sentence, kind.code


@pytest.mark.parametrize("served", [None, {"on": "2026-03-10", "at_time": "14:05"}])
def test_an_act_that_the_condition_does_not_cover_is_said_to_be_none(served: dict[str, str] | None) -> None:
    found = only(an_incident(kind="loitering", channel="in person"), an_order(served=served))
    assert found.result is NOT
    assert f"Condition 1 of {ORDER} does not cover it. {NOT_A_BREACH}" in found.at_the_time
