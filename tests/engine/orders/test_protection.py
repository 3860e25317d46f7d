"""What protects on a date: every type in every state, the gaps between orders, and the sentence of a gap."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from engine.domain.orders.orders import OrderAct, Relation, StoredOrder, StoredStep
from engine.domain.orders.protection import Applies
from engine.orders.protection import NONE_MADE, NONE_RECORDED, covers, gaps_of, protection, protection_of
from engine.orders.rules import order_types
from tests.engine.orders.test_on_record import a_step, an_order

YES, NO, NOT_KNOWN = Applies
TODAY = date(2026, 12, 1)
MADE = "2026-11-02"
SERVED = (OrderAct.SERVED, MADE)
FOLLOWING = "PO-2H4N8RX"


def of_type(kind: str, *later: tuple[OrderAct, str], ends: str | None = "2026-12-31") -> StoredOrder:
    """An order of 2 November 2026 with a typed end: the rule of full stalking orders would want 2 years."""
    order = an_order(*later, kind=kind, made=MADE, ends=ends)
    return replace(order, type=kind)


def followed(order: StoredOrder, relation: Relation, day: str) -> StoredOrder:
    return replace(order, successors=((relation, FOLLOWING, date.fromisoformat(day)),))


def erased(order: StoredOrder) -> StoredOrder:
    return replace(order, steps=tuple(replace(step, given=None) for step in order.steps))


def considered(kind: str) -> StoredOrder:
    order = of_type(kind)
    return replace(order, steps=(a_step(1, OrderAct.CONSIDERED, MADE),))


FAR: dict[str, str] = {"spo": "2028-11-01"}
"""An end that each type allows, for those that 31 December 2026 is too early for."""


def far(kind: str, *later: tuple[OrderAct, str]) -> StoredOrder:
    return of_type(kind, *later, ends=FAR.get(kind, "2026-12-31"))


STATES: dict[str, tuple[Callable[[str], StoredOrder], Applies, Applies]] = {
    "made, not served": (far, NO, YES),
    "service tried": (lambda kind: far(kind, (OrderAct.SERVICE_TRIED, MADE)), NO, YES),
    "served": (lambda kind: far(kind, SERVED), YES, YES),
    "served today": (lambda kind: far(kind, (OrderAct.SERVED, "2026-12-01")), YES, YES),
    "served, and appealed": (
        lambda kind: replace(far(kind, SERVED), steps=(*far(kind, SERVED).steps, an_appeal())),
        YES,
        YES,
    ),
    "discharged yesterday": (lambda kind: far(kind, SERVED, (OrderAct.DISCHARGED, "2026-11-30")), NO, NO),
    "discharged today": (
        lambda kind: far(kind, SERVED, (OrderAct.DISCHARGED, "2026-12-01")),
        NOT_KNOWN,
        NOT_KNOWN,
    ),
    "served, its end not recorded": (lambda kind: of_type(kind, SERVED, ends=None), NOT_KNOWN, NOT_KNOWN),
    "not served, its end not recorded": (lambda kind: of_type(kind, ends=None), NO, NOT_KNOWN),
    "content erased": (lambda kind: erased(far(kind, SERVED)), NOT_KNOWN, NOT_KNOWN),
    "only considered": (considered, NO, NO),
    "replaced from today": (
        lambda kind: followed(far(kind, SERVED), Relation.REPLACES_INTERIM, "2026-12-01"),
        NO,
        NO,
    ),
}


def an_appeal() -> StoredStep:
    return a_step(9, OrderAct.APPEALED, "2026-11-20", why="The respondent appealed.")


@pytest.mark.parametrize("state", STATES)
def test_every_type_of_order_in_every_state_protects_does_not_or_is_not_known(state: str) -> None:
    make, of_service, of_none = STATES[state]
    assert len(order_types()) >= 20
    for kind in order_types():
        order = make(kind.code)
        expected = of_service if kind.needs_service else of_none
        found = protection((order,), on=TODAY)
        assert found.answer is expected, (kind.code, found)
        assert protection_of(order, (order,), on=TODAY).answer is expected, kind.code
        assert ("no order on this record applies" in found.sentence) is found.is_gap, kind.code
        if found.is_gap:
            assert found.order == order.reference
            assert found.days == (TODAY - found.first).days + 1, kind.code  # type: ignore[operator]


def interim(*later: tuple[OrderAct, str]) -> StoredOrder:
    """An interim order that ended yesterday by its own term."""
    return an_order(SERVED, *later, kind="interim-spo", made=MADE, days=29)


def application(*hearings: str) -> StoredOrder:
    order = replace(an_order(), reference=FOLLOWING)
    steps = (a_step(1, OrderAct.SOUGHT, MADE), *(a_step(2, OrderAct.HEARING, day) for day in hearings))
    return replace(order, steps=steps)


def test_an_interim_order_that_ended_yesterday_leaves_a_gap_until_the_hearing_and_says_so() -> None:
    found = protection((interim(), application("2026-12-05")), on=TODAY)
    assert (found.answer, found.first, found.last, found.days) == (NO, TODAY, date(2026, 12, 4), 4)
    assert found.sentence == "1 to 4 December: no order on this record applies; others may exist: ask."
    assert protection((interim(), application("2026-12-05")), on=date(2026, 11, 30)).answer is YES


@pytest.mark.parametrize(
    ("on", "sentence"),
    [
        ("2026-12-05", "Since 1 December"),
        ("2026-12-09", "Since 1 December"),
        ("2027-01-02", "Since 1 December 2026"),
    ],
)
def test_a_gap_stays_after_the_hearing_until_an_order_applies(on: str, sentence: str) -> None:
    orders = interim(), application("2026-12-05")
    day = date.fromisoformat(on)
    found = protection(orders, on=day)
    assert found.sentence.startswith(f"{sentence}: no order on this record applies; others may exist: ask.")
    assert found.days == (day - TODAY).days + 1
    full = replace(an_order((OrderAct.SERVED, on), made=on, years=2), reference=FOLLOWING)
    assert protection((interim(), full), on=day).answer is YES


def test_a_full_order_that_is_not_served_does_not_end_the_gap() -> None:
    full = replace(an_order(made="2026-12-01", years=2), reference=FOLLOWING)
    found = protection((interim(), full), on=date(2026, 12, 2))
    assert (found.answer, found.first, found.order) == (NO, TODAY, FOLLOWING)
    assert found.sentence.endswith(f"{FOLLOWING} is not served.")


@pytest.mark.parametrize(
    ("first", "hearing", "words"),
    [
        ("2026-12-01", "2026-12-02", "1 December"),
        ("2026-11-28", "2026-12-05", "28 November to 4 December"),
        ("2026-12-01", "2027-01-04", "1 December 2026 to 3 January 2027"),
    ],
)
def test_the_days_of_a_gap_in_words(first: str, hearing: str, words: str) -> None:
    days = (date.fromisoformat(first) - date.fromisoformat(MADE)).days
    ended = an_order(SERVED, kind="interim-spo", made=MADE, days=days)
    found = protection((ended, application(hearing)), on=TODAY)
    assert found.sentence.partition(":")[0] == words


def test_another_order_that_applies_leaves_no_gap_and_a_hearing_of_a_refused_application_ends_none() -> None:
    other = replace(an_order(kind="court-bail", made="2026-11-20", ends="2027-01-20"), reference=FOLLOWING)
    assert protection((interim(), other), on=TODAY).answer is YES
    asked = application("2026-12-05")
    refused = replace(
        asked, steps=(*asked.steps, a_step(3, OrderAct.REFUSED, "2026-11-30", why="So it was."))
    )
    found = protection((interim(), refused), on=TODAY)
    assert (found.last, found.sentence[:16]) == (None, "Since 1 December")


def test_between_an_order_and_its_variation_that_is_not_served_it_is_not_known_which_applies() -> None:
    old = followed(an_order(SERVED, made=MADE, years=2), Relation.VARIES, "2026-11-30")
    new = replace(an_order(made="2026-11-30", years=2), reference=FOLLOWING)
    found = protection((old, new), on=TODAY)
    assert found.answer is NOT_KNOWN
    assert f"{FOLLOWING} follows {old.reference} and is not served" in found.sentence
    served = replace(
        an_order((OrderAct.SERVED, "2026-11-30"), made="2026-11-30", years=2), reference=FOLLOWING
    )
    assert protection((old, served), on=TODAY).answer is YES
    assert protection_of(old, (old, served), on=TODAY).answer is NO
    ended = followed(interim(), Relation.RENEWS, "2026-12-01")
    assert protection((ended, new), on=TODAY).answer is NO, "a copy does not outlive the term before it"


def test_without_an_order_on_record_it_is_not_known_and_one_that_was_not_made_leaves_no_gap() -> None:
    none = protection((), on=TODAY)
    assert (none.answer, none.sentence, none.is_gap) == (NOT_KNOWN, NONE_RECORDED, False)
    asked = protection((application("2026-12-05"),), on=TODAY)
    assert (asked.answer, asked.sentence, asked.is_gap) == (NO, NONE_MADE, False)
    later = an_order(SERVED, made=MADE, in_effect="2026-12-10", years=2)
    assert protection((later,), on=TODAY).is_gap is False, "days before the first order are no gap"


HISTORIES = (
    (interim(), application("2026-12-05")),
    (interim(), replace(an_order(SERVED, made="2026-12-09", years=2), reference=FOLLOWING)),
    (an_order(made=MADE, years=2),),
    (an_order((OrderAct.SERVED, "2026-11-20"), made=MADE, years=2),),
    (
        an_order(kind="court-bail", made="2026-11-10", ends="2026-11-12"),
        replace(an_order(kind="court-bail", made="2026-11-02", ends="2026-11-20"), reference=FOLLOWING),
    ),
    (of_type("non-molestation", SERVED, ends=None), interim()),
)


@pytest.mark.parametrize("orders", HISTORIES)
def test_every_day_is_in_a_gap_or_an_order_may_apply_on_it(orders: tuple[StoredOrder, ...]) -> None:
    first = min(day for each in orders if (day := each.in_effect) is not None)
    for number in range(-30, 900):
        day = first + timedelta(days=number)
        found = protection(orders, on=day)
        gaps = [each for each in gaps_of(orders) if each.first <= day <= (each.last or date.max)]
        assert len(gaps) == int(found.is_gap), day
        assert found.is_gap is (found.answer is NO and number >= 0), day
        assert covers(orders, day, day) is (found.answer is YES), day


def test_orders_in_a_row_cover_every_day_and_a_day_between_them_does_not() -> None:
    bail = an_order(kind="court-bail", made="2026-11-02", ends="2026-11-10")
    nearest = replace(an_order(kind="court-bail", made="2026-11-11", ends="2026-11-20"), reference=FOLLOWING)
    apart = replace(an_order(kind="court-bail", made="2026-11-12", ends="2026-11-20"), reference=FOLLOWING)
    assert covers((nearest, bail), date(2026, 11, 3), date(2026, 11, 19))
    assert not covers((apart, bail), date(2026, 11, 3), date(2026, 11, 19))
