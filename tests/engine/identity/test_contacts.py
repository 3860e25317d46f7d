"""Telephones, postcodes, addresses, numbers and sexes come to one form."""

from __future__ import annotations

import pytest

from engine.identity import contacts


@pytest.mark.parametrize(
    "text", ["020 7946 0018", "+44 20 7946 0018", "+44 (0)20 7946 0018", "0044 20 7946 0018", "2079460018"]
)
def test_a_telephone_has_one_form_with_its_country(text: str) -> None:
    assert contacts.phone(text) == "+442079460018"


def test_a_telephone_of_another_country_keeps_it_and_a_stump_is_none() -> None:
    assert contacts.phone("+353 1 234 5678") == "+35312345678"
    assert contacts.phone("0018") == ""


def test_a_digit_too_many_or_too_few_leaves_the_country_as_it_was() -> None:
    assert contacts.phone("07700 9001234") == "+4477009001234"
    assert contacts.phone("07700 90012") == "+44770090012"


def test_postcodes_lose_spaces_and_a_spreadsheets_fraction() -> None:
    assert contacts.postcode("sw1a 1AA") == "sw1a1aa"
    assert contacts.postcode("2612.0") == "2612"
    assert contacts.postcode_area("sw1a1aa") == "sw1a1"


def test_an_address_has_its_words_written_out_and_saint_stays() -> None:
    assert contacts.address("12 Rowley St.") == contacts.address("12, rowley STREET") == "12|rowley street"
    assert contacts.address("St James Rd") == "|st james road"


@pytest.mark.parametrize(
    ("text", "sex"),
    [("F", "female"), ("2", "female"), ("Woman", "female"), ("male", "male"), ("1", "male"), ("?", "")],
)
def test_a_sex_is_read_in_many_codes_and_an_unknown_code_is_none(text: str, sex: str) -> None:
    assert contacts.sex(text) == sex


def test_an_email_loses_its_tag_and_its_case() -> None:
    assert contacts.email("A.Person+news@Example.ORG") == "a.person@example.org"
