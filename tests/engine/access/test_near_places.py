"""A text comes near a protected place by street, venue or postcode; a shared town or number does not."""

from __future__ import annotations

import pytest

from engine.access.near_places import is_near, near, places_named

PLACES = [
    ("address", "14 Larkfield Passage, ZZ99 3QX"),
    ("workplace", "Marrow & Finch Bakery, Elm Road"),
    ("school", "St Osyth's Primary"),
    ("phone", "07700 900417"),
    ("advocate", "Wren Stone"),
]


@pytest.mark.parametrize(
    "text",
    [
        "Patrol 14 Larkfield Passage",
        "Visit 3 larkfield  passage daily",
        "Park outside ZZ99 3AB",
        "Fit a camera near zz993qx",
        "Call at Marrow and Finch; ask at MARROW & FINCH BAKERY",
        "Meet on Elm Rd.",
        "Speak to St Osyths primary",
    ],
)
def test_near_a_protected_place(text: str) -> None:
    assert is_near(text, near(PLACES))


@pytest.mark.parametrize(
    "text",
    [
        "Apply for an order",
        "Patrol 14 Larkfield Road",
        "Park outside ZZ99 4AB",
        "Meet on Helm Road",
        "Call 07700 900417",
        "Ask Wren Stone",
        "Speak to a primary school",
        "Order a passage of the record",
    ],
)
def test_a_near_miss(text: str) -> None:
    assert not is_near(text, near(PLACES))


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Visit 14 Larkfield Passage, ZZ99 3QX", {"larkfield passage", "ZZ99 3"}),
        ("Cameras along Old Kent Road and Elm St.", {"old kent road", "elm street"}),
        ("Apply to the court in the same way", set()),
        ("Check that the place is safe", set()),
    ],
)
def test_places_named_by_their_shape(text: str, places: set[str]) -> None:
    assert places_named(text) == places
