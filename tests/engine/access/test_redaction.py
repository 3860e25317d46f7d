"""Protected values are taken out of free text, whole or in part, whatever their spacing."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.access.redaction import MASK, Masker, masked_words
from engine.domain.base import Frozen

VALUES = [
    ("address", "14 Larkfield Passage, Hollowell, ZZ99 3QX"),
    ("phone", "07700 900417"),
    ("workplace", "Tallow & Finch Ltd"),
    ("e-mail", "amira@example.invalid"),
]


@pytest.mark.parametrize(
    "text",
    [
        "He waited at 14 Larkfield Passage all day.",
        "He waited at 14  larkfield   passage.",
        "Seen near ZZ993QX twice.",
        "Seen near zz99 3qx twice.",
        "Rang +44 7700 900417 at night.",
        "Rang 07700-900-417 at night.",
        "Went to Tallow & Finch Ltd.",
        "Wrote to AMIRA@example.invalid again.",
        "Posted in Hollowell.",
    ],
)
def test_a_protected_value_is_masked_however_it_is_written(text: str) -> None:
    masked = Masker(VALUES, reader=None).masked(text, by=None)
    assert MASK in masked
    for leaked in ("larkfield", "3qx", "900417", "900-417", "tallow", "amira@", "hollowell"):
        assert leaked not in masked.casefold()


@pytest.mark.parametrize(
    "address", ["2 Elm Row, N1 9GU", "2 Elm Row,N1 9GU", "2 Elm Row N1 9GU", "2 Elm Row\nn19gu", "N1 9GU"]
)
@pytest.mark.parametrize("text", ["Seen near N1 9GU.", "Elsewhere,N19GU", "(n1  9gu)", "in N1\n9GU twice"])
def test_a_postcode_is_masked_wherever_it_was_typed_in_the_address(address: str, text: str) -> None:
    masked = Masker([("address", address)], reader=None).masked(text, by=None)
    assert MASK in masked
    assert "9gu" not in masked.casefold()


@pytest.mark.parametrize("text", ["He rang 07700 900999.", "He lives at 14 Other Street.", "AB1 2CD", ""])
def test_what_is_not_protected_stays_as_it_is(text: str) -> None:
    assert Masker(VALUES, reader=None).masked(text, by=None) == text


@given(st.text(max_size=200))
def test_without_protected_values_no_text_changes(text: str) -> None:
    assert Masker((), reader=None).masked(text, by=None) == text


@given(before=st.text(max_size=40), after=st.text(max_size=40))
def test_an_address_never_survives_inside_any_text(before: str, after: str) -> None:
    masked = Masker(VALUES, reader=None).masked(f"{before} 14 Larkfield Passage {after}", by=None)
    assert "Larkfield Passage" not in masked


_PIECES = st.sampled_from(
    (
        *(
            "14",
            "Larkfield",
            "larkf\u0131eld",
            "LARKF\u0130ELD",
            "Passage",
            "ZZ99",
            "3QX",
            "zz993qx",
            "07700",
        ),
        *("900", "417", "+44 7700", "Tallow", "&", "Finch", "\u017f", "Hollowell", "amira@example"),
        *(".invalid", " ", ", ", "-", "x"),
    )
)


@given(st.lists(_PIECES, max_size=12))
def test_looking_quickly_first_overlooks_nothing(pieces: list[str]) -> None:
    class Looks(Masker):
        def _may_stand_in(self, text: str) -> bool:
            return True

    text = "".join(pieces)
    assert Masker(VALUES, reader=None).masked(text, by=None) == Looks(VALUES, reader=None).masked(
        text, by=None
    )


@given(st.lists(_PIECES, max_size=12), st.text(max_size=8), st.booleans())
def test_a_json_document_that_need_not_be_looked_at_holds_nothing(
    pieces: list[str], other: str, ascii_only: bool
) -> None:
    text = other.join(pieces)
    document = json.dumps({"says": [text, other]}, ensure_ascii=ascii_only)
    masker = Masker(VALUES, reader=None)
    if masker.masked(text, by=None) != text and not (ascii_only and not text.isascii()):
        assert masker.may_stand_in_json(document)


@pytest.mark.parametrize(
    ("value", "inside_a_word"),
    [("Elmet", False), ("Elmets", True)],
)
def test_a_short_value_is_masked_as_a_word_of_its_own_and_a_longer_one_anywhere(
    value: str, inside_a_word: bool
) -> None:
    """Five characters may be a part of another word; from six on nothing is left to chance."""
    masker = Masker([("address", value)], reader=None)
    assert MASK in masker.masked(f"Seen in {value}.", by=None)
    assert (MASK in masker.masked(f"Seen in {value}ing.", by=None)) is inside_a_word


def test_an_escape_in_json_hides_no_value_and_a_document_without_one_is_read_as_it_is() -> None:
    masker = Masker([("workplace", "Tallow & Finch")], reader=None)
    assert masker.may_stand_in_json(json.dumps({"says": "at Tallow\n& Finch"}))
    assert masker.may_stand_in_json(json.dumps({"says": "at Tallow & Finch"}))
    assert not masker.may_stand_in_json(json.dumps({"says": "at the fallow works"}))


class Word(Frozen):
    """A part that says who typed it."""

    says: str
    by: str | None = None
    user: str | None = None
    texts: tuple[str, ...] = ()
    inner: Word | None = None


HIDDEN, OPEN = "at [protected]", "at Tallow & Finch"


def test_every_text_of_what_is_told_is_masked_at_every_depth() -> None:
    masker = Masker([("workplace", "Tallow & Finch")], reader=None)
    result = Word(says=OPEN, by="anna", texts=(OPEN, "nothing"), inner=Word(says=OPEN, user="ben"))
    masked = masked_words(result, masker)
    assert masked == Word(
        says=HIDDEN, by="anna", texts=(HIDDEN, "nothing"), inner=Word(says=HIDDEN, user="ben")
    )
    assert masked_words([OPEN, result.inner], masker) == [HIDDEN, masked.inner]
    untouched = Word(says="nothing", texts=("here",))
    assert masked_words(untouched, masker) is untouched
    assert masked_words(7, masker) == 7


@pytest.mark.parametrize("field", ["by", "user"])
def test_what_the_reader_typed_is_shown_as_they_typed_it_and_what_others_typed_in_it_is_not(
    field: str,
) -> None:
    masker = Masker([("workplace", "Tallow & Finch")], reader="anna")
    of_anna, of_ben = (Word(says=OPEN).model_copy(update={field: who}) for who in ("anna", "ben"))
    whole = of_anna.model_copy(update={"texts": (OPEN,), "inner": of_ben})
    hidden = of_ben.model_copy(update={"says": HIDDEN})
    assert masked_words(whole, masker) == whole.model_copy(update={"inner": hidden})
    unsigned = Word(says=OPEN, inner=Word(says=OPEN), texts=(OPEN,))
    assert masked_words(unsigned, masker, by="anna") == unsigned
    assert masked_words((OPEN, of_ben), masker, by="anna") == (OPEN, hidden)
    assert masked_words(OPEN, masker, by="ben") == HIDDEN


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("Wren Li", "Ms Li called."),
        ("Wren May", "Ms [protected] called."),
        ("Wren Ada May", "Ms [protected] called."),
    ],
)
def test_an_advocates_surname_of_three_letters_is_searched_for_and_one_of_two_is_not(
    name: str, masked: str
) -> None:
    assert (
        Masker([("advocate", name)], reader=None).masked(f"Ms {name.rsplit(maxsplit=1)[-1]} called.", by=None)
        == masked
    )


def test_two_maskers_with_the_same_patterns_in_a_text_mask_it_alike() -> None:
    text = "The advocate May Holt may be at 14 Larkfield Passage, or on 07700 900417."
    one = Masker([("address", "14 Larkfield Passage, ZZ99 3QX"), ("phone", "+44 7700 900417")], reader=None)
    other = Masker(
        [("address", "14 larkfield passage"), ("phone", "07700900417"), ("school", "Elm School")], reader=None
    )
    named = Masker([("advocate", "May Holt")], reader=None)
    assert one.patterns_in(text)
    assert one.patterns_in(text) & other.patterns_in(text)
    assert named.patterns_in(text) != one.patterns_in(text)
    again = Masker([("address", "14 Larkfield Passage, Leeds"), ("phone", "+44 7700 900417")], reader=None)
    assert again.patterns_in(text) == one.patterns_in(text)
    assert (
        again.masked(text, by=None)
        == one.masked(text, by=None)
        == "The advocate May Holt may be at [protected], or on [protected]."
    )
    assert Masker([("address", "9 Elm Road, Leeds")], reader=None).patterns_in(text) == frozenset()


def test_texts_and_a_text_that_may_be_absent_are_masked_as_one_is() -> None:
    masker = Masker([("workplace", "Tallow & Finch")], reader=None)
    assert masker.masked_all([OPEN, "nothing"], by=None) == (HIDDEN, "nothing")
    assert (masker.masked_or_none(None, by=None), masker.masked_or_none(OPEN, by=None)) == (None, HIDDEN)
    assert Masker([("workplace", "Tallow & Finch")], reader="anna").masked_or_none(OPEN, by="anna") == OPEN


@pytest.mark.parametrize(
    ("kind", "value", "masked"),
    [
        ("phone", "12345 6789", "Rang [protected]."),
        ("phone", "1234 5678", "Rang 123-456-789."),
        ("account", "12345 6789", "Rang [protected]."),
        ("account", "12345 6780", "Rang 123-456-789."),
    ],
)
def test_a_number_is_found_in_any_grouping_and_another_number_is_not(
    kind: str, value: str, masked: str
) -> None:
    assert Masker([(kind, value)], reader=None).masked("Rang 123-456-789.", by=None) == masked


def test_a_value_is_masked_as_a_whole_before_its_parts() -> None:
    assert (
        Masker(VALUES, reader=None).masked("At 14 Larkfield Passage, Hollowell, ZZ99 3QX.", by=None)
        == "At [protected]."
    )


@pytest.mark.parametrize(
    ("value", "masked"),
    [
        ("BBC", "Seen at [protected]."),
        ("BB", "Seen at BB."),
        ("1 High Road, Hollow", "Seen at [protected]."),
        ("1 High Road, Hollo", "Seen at Hollo."),
    ],
)
def test_a_whole_value_of_three_letters_and_a_part_of_six_are_searched_for(value: str, masked: str) -> None:
    last = value.rpartition(" ")[2]
    assert Masker([("workplace", value)], reader=None).masked(f"Seen at {last}.", by=None) == masked


def test_a_longer_value_is_masked_before_a_shorter_one_that_it_begins_with() -> None:
    masker = Masker([("address", "Hollow Road 17"), ("workplace", "hollow")], reader=None)
    assert masker.masked("At Hollow Road 17.", by=None) == "At [protected]."


class Unsigned(Frozen):
    """A part that has no field for who typed it."""

    says: str


def test_a_part_without_a_field_for_its_writer_is_of_who_typed_the_whole() -> None:
    masker = Masker([("workplace", "Tallow & Finch")], reader="anna")
    assert masked_words(Unsigned(says=OPEN), masker, by="anna") == Unsigned(says=OPEN)
    assert masked_words(Unsigned(says=OPEN), masker, by="ben") == Unsigned(says=HIDDEN)
