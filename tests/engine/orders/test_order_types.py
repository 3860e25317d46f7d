"""Types of orders: a breach is called an offence only where its act was read and makes it one."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from pydantic import ValidationError

from engine.domain.orders.order_types import BreachKind, OrderType
from engine.orders.rules import order_types

TYPES = {each.code: each for each in order_types()}
RECORDED = {
    *("spo", "interim-spo", "spo-conviction", "restraining-conviction", "restraining-acquittal"),
    *(
        "harassment-injunction",
        "non-molestation",
        "occupation",
        "undertaking",
        "dvpn",
        "dvpo",
        "dapn",
        "dapo",
    ),
    *("police-bail", "court-bail", "licence", "criminal-behaviour", "sexual-harm-prevention"),
    *("hospital-conditions", "scotland-non-harassment", "ni-spo"),
}
OTHER_MEANINGS = {"licence"}
"""Codes that are words of other subjects too: what an instrument is licensed by, a formal fact."""


def test_each_type_has_one_code() -> None:
    assert len(TYPES) == len(order_types())


def test_a_type_is_never_taken_out_of_the_file() -> None:
    """Recorded orders have their code, and their terms are counted by it."""
    assert set(TYPES) >= RECORDED


def test_no_module_names_a_type_so_a_new_one_is_a_block_of_data() -> None:
    named = [
        f"{path}:{node.lineno} '{node.value}'"
        for package in ("engine", "dashboard", "cli", "flows")
        for path in sorted(Path(package).rglob("*.py"))
        if "synthetic" not in path.parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and node.value in set(TYPES) - OTHER_MEANINGS
    ]
    assert named == []


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
        ("dvpn", BreachKind.ARREST_ONLY),
        ("undertaking", BreachKind.CONTEMPT),
        ("dvpo", BreachKind.PENALTY),
        ("hospital-conditions", None),
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


SOUND = {
    "code": "xx",
    "name": "X",
    "act": "X",
    "area": "scotland",
    "term": {"units": ["years"], "counted_by": "as-typed"},
}


@pytest.mark.parametrize(
    "wrong",
    [
        {"read_from": "not read", "breach": "offence", "breach_rests_on": "s.8"},
        {"read_from": "statute"},
        {"read_from": "statute", "breach": "offence"},
        {"read_from": "not read", "term": {"units": [], "counted_by": "as-typed"}},
        {"read_from": "not read", "term": None},
    ],
)
def test_a_type_cannot_have_a_breach_whose_text_was_not_read(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        OrderType.model_validate({**SOUND, **wrong})


def test_its_near_miss_is_a_type() -> None:
    assert OrderType.model_validate({**SOUND, "read_from": "not read"}).breach_in_words == "not verified"
