"""A protected value is found in every ordinary spelling, and a neighbour of it in none."""

from __future__ import annotations

import json

import pytest

from engine.access.near_places import is_near, near
from engine.access.redaction import MASK, Masker
from engine.access.spellings import folded, reads_as

ADDRESS = "14a Larkfield Passage, ZZ99 3QX"
SCHOOL = "St Mary's Primary"
FLAT = "Flat 21, 3 Elm Rd"
HELD = [("address", ADDRESS), ("school", SCHOOL), ("address", FLAT), ("phone", "07700 900417")]

SPELLINGS = [
    "14a Larkfield Passage",
    "14 A LARKFIELD PASSAGE",
    "14A, Larkfield Psg",
    "14-a larkfield psge",
    "fourteen a Larkfield Passage",
    "Fourteen-A Larkfield Pass",
    "14a Lark\N{ZERO WIDTH SPACE}field Passage",
    "14a Lark\N{SOFT HYPHEN}field Passage",
    "14a L\N{CYRILLIC SMALL LETTER A}rkfield P\N{CYRILLIC SMALL LETTER A}ssage",
    "14a Lark-field Passage",
    "14aLarkfieldPassage",
    "14a L\N{LATIN SMALL LETTER A WITH ACUTE}rkfield Passage",
    "\N{FULLWIDTH DIGIT ONE}\N{FULLWIDTH DIGIT FOUR}\N{FULLWIDTH LATIN SMALL LETTER A} Larkfield Passage",
    "14a\N{NO-BREAK SPACE}Larkfield\N{NO-BREAK SPACE}Passage",
    "zz993qx",
    "ZZ99-3QX",
    "ZZ 99 3 QX",
    "Z\N{GREEK CAPITAL LETTER ZETA}99 3Q\N{CYRILLIC CAPITAL LETTER HA}",
    "St Marys primary",
    "Saint Mary\N{RIGHT SINGLE QUOTATION MARK}s Primary",
    "St. Mary's Primary",
    "flat twenty-one, three Elm Road",
    "Apt 21, 3 elm rd",
    "Flat 21 3 Elm Road",
    "+44 7700 900417",
    "0 7700-900-417",
]
"""Ordinary ways of typing the same places."""
NEIGHBOURS = [
    "14 Larkfield Passage",
    "14b Larkfield Passage",
    "114a Larkfield Passage",
    "fourteen Larkfield Passage",
    "14a Larkfield Road",
    "14a Clarkfield Passage",
    "ZZ99 4QX",
    "ZZ99",
    "St Martin's Primary",
    "Mary went to a primary school",
    "Flat 20, 3 Helm Road",
    "07700 900418",
]


@pytest.mark.parametrize("spelt", SPELLINGS)
def test_an_ordinary_spelling_is_masked_and_what_is_round_it_stays(spelt: str) -> None:
    masked = Masker(HELD, reader=None).masked(f"He waited near {spelt} for an hour.", by=None)
    assert masked == f"He waited near {MASK} for an hour."


@pytest.mark.parametrize("spelt", NEIGHBOURS)
def test_a_neighbour_is_not_masked(spelt: str) -> None:
    text = f"He waited near {spelt} for an hour."
    assert Masker(HELD, reader=None).masked(text, by=None) == text


@pytest.mark.parametrize("spelt", SPELLINGS)
def test_the_first_comparison_misses_no_spelling_in_a_text_or_its_json(spelt: str) -> None:
    masker = Masker(HELD, reader=None)
    assert masker.patterns_in(spelt) or MASK in masker.masked(spelt, by=None)
    assert masker.may_stand_in_json(json.dumps({"says": spelt}))
    assert masker.may_stand_in_json(json.dumps({"says": spelt}, ensure_ascii=False))


@pytest.mark.parametrize(
    "text",
    [
        "Larkfield Passage",
        "by larkfield psg",
        "3 L\N{CYRILLIC SMALL LETTER A}rkfield Passage",
        "round ZZ99",
        "postcode ends 3QX",
        "ZZ99-3",
        "Saint Marys primary",
        "Elm Rd.",
    ],
)
def test_the_street_alone_and_half_a_postcode_are_near_for_a_person_to_view(text: str) -> None:
    assert is_near(text, near(HELD))


@pytest.mark.parametrize(
    "text", ["Larkfield Road", "ZZ98", "postcode ends 3QZ", "ZZ99 4AB", "Mary at primary"]
)
def test_another_street_or_half_is_not_near(text: str) -> None:
    assert not is_near(text, near(HELD))


def test_a_mask_stands_where_the_text_was_typed_though_folding_changes_its_length() -> None:
    text = (
        "\N{LATIN SMALL LIGATURE FI} 14a Lark\N{ZERO WIDTH SPACE}field Passage \N{LATIN SMALL LETTER SHARP S}"
    )
    masked = Masker(HELD, reader=None).masked(text, by=None)
    assert masked == f"\N{LATIN SMALL LIGATURE FI} {MASK} \N{LATIN SMALL LETTER SHARP S}"


def test_a_plain_text_is_folded_to_itself_and_read_in_digits_and_long_forms() -> None:
    assert folded("14a Psg").places is None
    assert reads_as("Twenty-one St Mary's Rd and ninety") == ("21", "street", "marys", "road", "90")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("He waits and 14 Larkfield Passage is dark and cold.", f"He waits and {MASK} is dark and cold."),
        ("and fourteen Larkfield Psg and he", f"and {MASK} and he"),
        ("one 14a Larkfield Passage", f"one {MASK}"),
    ],
)
def test_a_mask_takes_no_word_beside_the_value(typed: str, shown: str) -> None:
    held = [("address", "14 Larkfield Passage"), ("address", "14A Larkfield Passage")]
    assert Masker(held, reader=None).masked(typed, by=None) == shown
