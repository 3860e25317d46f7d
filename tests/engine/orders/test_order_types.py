"""Types of orders: a breach is called an offence only where its act was read and makes it one."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from engine.domain.orders.order_types import BreachKind, OrderType
from engine.orders.rules import order_types

TYPES = {each.code: each for each in order_types()}


def test_each_type_has_one_code() -> None:
    assert len(TYPES) == len(order_types()) == 20


@pytest.mark.parametrize(
    ("code", "breach"),
    [
        ("spo", BreachKind.OFFENCE),
        ("interim-spo", BreachKind.OFFENCE),
        ("dapo", BreachKind.OFFENCE),
        ("dapn", BreachKind.ARREST_ONLY),
        ("police-bail", BreachKind.ARREST_ONLY),
        ("court-bail", BreachKind.ARREST_ONLY),
        ("occupation", BreachKind.CONTEMPT),
        ("licence", BreachKind.RECALL),
        ("dvpn", None),
        ("undertaking", None),
        ("dvpo", None),
        ("spo-conviction", None),
    ],
)
def test_a_breach_is_what_its_act_makes_it(code: str, breach: BreachKind | None) -> None:
    assert TYPES[code].breach is breach


def test_a_notice_an_undertaking_bail_and_a_licence_are_never_called_an_offence() -> None:
    for each in order_types():
        if any(part in each.name.lower() for part in ("notice", "undertaking", "bail", "licence")):
            assert each.breach is not BreachKind.OFFENCE, each.code
            assert each.breach_in_words != "offence"


def test_a_text_that_was_not_read_has_no_breach_and_one_that_was_has_its_section() -> None:
    for each in order_types():
        assert (each.breach_in_words == "not verified") == (each.read_from == "not read"), each.code
        assert bool(each.breach) == bool(each.breach_rests_on), each.code


@pytest.mark.parametrize(
    "wrong",
    [
        {"read_from": "not read", "breach": "offence", "breach_rests_on": "s.8"},
        {"read_from": "statute"},
        {"read_from": "statute", "breach": "offence"},
    ],
)
def test_a_type_cannot_have_a_breach_whose_text_was_not_read(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        OrderType.model_validate({"code": "xx", "name": "X", "act": "X", "area": "scotland", **wrong})
