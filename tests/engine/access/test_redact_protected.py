"""A document loses what is protected in every field that takes words, and nothing that the domain chose."""

from __future__ import annotations

import pytest
from pydantic import JsonValue

from engine.access.redact_protected import HeldValue, taken_out

WORK = HeldValue(reference="V-1", kind="workplace", value="moderate")
HOME = HeldValue(reference="V-2", kind="address", value="14 Larkfield Passage, ZZ99 3QX")
SHORT = HeldValue(reference="V-3", kind="workplace", value="Tesc")
BY_TEXT = HeldValue(reference="V-5", kind="safe contact: how", value="text")
BY_NOTE = HeldValue(reference="V-6", kind="safe contact: how", value="under the doormat")
ADVOCATE = HeldValue(reference="V-4", kind="advocate", value="Wren Dale")


def test_every_text_is_cleaned_and_the_reference_is_told() -> None:
    document: JsonValue = {
        "kind": "contribution",
        "gaps": ["He sat outside 14 larkfield  passage."],
        "findings": [
            {"key": "larkfield", "says": "Nothing.", "records": [{"kind": "ZZ993QX", "record": "R1"}]}
        ],
    }
    clean, refs = taken_out(document, [HOME])
    assert clean == {
        "kind": "contribution",
        "gaps": ["He sat outside [protected]."],
        "findings": [
            {"key": "larkfield", "says": "Nothing.", "records": [{"kind": "[protected]", "record": "R1"}]}
        ],
    }
    assert refs == ("V-2",)


def test_a_word_that_the_domain_chose_stays_though_a_value_is_the_same() -> None:
    document: JsonValue = {
        "kind": "contribution",
        "views": [{"level": "moderate", "reasons": "At Moderate again."}],
    }
    clean, refs = taken_out(document, [WORK])
    assert clean == {
        "kind": "contribution",
        "views": [{"level": "moderate", "reasons": "At [protected] again."}],
    }
    assert refs == ("V-1",)


def test_the_kind_of_an_answer_stays_and_the_kind_of_a_record_is_cleaned() -> None:
    held = HeldValue(reference="V-7", kind="workplace", value="contribution")
    document: JsonValue = {
        "kind": "contribution",
        "records": [{"kind": "contribution", "says": "contribution"}],
    }
    clean, _ = taken_out(document, [held])
    assert clean == {"kind": "contribution", "records": [{"kind": "[protected]", "says": "[protected]"}]}


def test_two_keys_that_name_a_value_stay_two_codes() -> None:
    clean, _ = taken_out({"findings": [{"key": "tesc-1"}, {"key": "tesc-2"}, {"key": "other"}]}, [SHORT])
    assert clean == {"findings": [{"key": "protected-1"}, {"key": "protected-2"}, {"key": "other"}]}


@pytest.mark.parametrize(
    ("held", "text", "clean"),
    [
        (SHORT, "She works at Tesc.", "She works at [protected]."),
        (SHORT, "Teschen is a town.", "Teschen is a town."),
        (ADVOCATE, "Ms Dale called.", "Ms [protected] called."),
        (ADVOCATE, "wren  dale called.", "[protected] called."),
        (ADVOCATE, "MS DALE called.", "MS [protected] called."),
        (ADVOCATE, "A Dalek called in the dale.", "A Dalek called in the dale."),
        (BY_TEXT, "He sent a text.", "He sent a text."),
        (BY_NOTE, "Put it under the  doormat.", "Put it [protected]."),
        (HOME, "At 14 Other Street.", "At 14 Other Street."),
    ],
)
def test_short_values_and_surnames_are_found_as_whole_words(held: HeldValue, text: str, clean: str) -> None:
    assert taken_out({"note": text}, [held])[0] == {"note": clean}


def test_a_document_that_repeats_nothing_is_the_same_document() -> None:
    document: JsonValue = {"note": "He rang twice."}
    assert taken_out(document, [HOME, SHORT, ADVOCATE]) == (document, ())
    assert taken_out(document, [])[0] is document


def test_a_text_never_grows_past_what_its_field_takes() -> None:
    document: JsonValue = {"says": "Tesc " * 120}
    clean, _ = taken_out(document, [SHORT])
    assert isinstance(clean, dict)
    assert len(str(clean["says"])) <= 600
    assert "Tesc" not in str(clean["says"])


def test_a_short_value_that_is_the_whole_of_a_text_is_found() -> None:
    assert taken_out({"gaps": ["Tesc", "Tesc"]}, [SHORT]) == (
        {"gaps": ["[protected]", "[protected]"]},
        ("V-3",),
    )
