"""Names come to one form whatever the case, accents, script, titles, hyphens, and Mac or Mc."""

from __future__ import annotations

import pytest

from engine.identity.names import divided, forename, surname
from engine.identity.words import groups_by_name, is_recorded, words_of


@pytest.mark.parametrize(
    "text", ["O'Brien", "OBRIEN", "o\u2019brien", "O Brien", "Ó Brien", "Mr O'Brien", "O'Brien Jnr"]
)
def test_a_surname_has_one_form_whatever_stands_in_and_around_it(text: str) -> None:
    assert surname(text) == "obrien"


def test_mac_and_mc_are_one_and_a_name_that_only_begins_so_stays() -> None:
    assert {surname(text) for text in ("MacDonald", "McDonald", "Mc Donald", "Mac Donald")} == {"mcdonald"}
    assert surname("Mace") == "mace"


@pytest.mark.parametrize(
    ("text", "latin"), [("Иванов", "ivanov"), ("Χρήστος", "christos"), ("Müller", "muller"), ("Ærø", "aero")]
)
def test_a_name_in_another_script_is_written_in_latin_letters(text: str, latin: str) -> None:
    assert surname(text) == latin


def test_hyphens_and_titles_do_not_tell_forenames_apart() -> None:
    assert forename("Anne-Marie") == forename("Mrs. ANNE MARIE") == "anne marie"


def test_a_title_that_is_the_whole_name_is_the_name() -> None:
    assert surname("Lord") == "lord"


@pytest.mark.parametrize(
    ("whole", "parts"),
    [
        ("SMITH, John Paul", ("john paul", "smith")),
        ("Dr Ludwig van der Berg", ("ludwig", "van der berg")),
        ("John Smith Jnr", ("john", "smith")),
        ("Cher", ("", "cher")),
        ("Smith,", ("", "smith")),
    ],
)
def test_a_full_name_is_divided_into_forename_and_surname(whole: str, parts: tuple[str, str]) -> None:
    assert divided(whole) == parts


def test_short_forms_meet_in_a_row_and_strangers_do_not() -> None:
    groups = groups_by_name()
    assert set(groups["bill"]) & set(groups["william"])
    assert set(groups["alex"]) & set(groups["alexandra"])
    assert not set(groups["bill"]) & set(groups["thomas"])


@pytest.mark.parametrize("text", ["", "  ", "Unknown", "N/A", "not known", "-", "NULL"])
def test_words_that_say_nothing_are_not_recorded(text: str) -> None:
    assert not is_recorded(text)


def test_a_name_is_recorded_even_if_it_is_one_letter() -> None:
    assert is_recorded("J")
    assert words_of("J.") == ["j"]
