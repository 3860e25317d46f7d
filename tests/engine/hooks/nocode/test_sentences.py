"""Plain replacement and nothing else."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.hooks.nocode.sentences import columns_in, faults_of_template, filled, plain


def test_columns_are_put_in_once_and_what_they_hold_is_not_read_again() -> None:
    assert filled("On {Day} of {What}.", {"Day": "{What}", "What": "noise"}) == "On {What} of noise."


def test_the_columns_of_a_sentence_are_told_in_their_order() -> None:
    assert columns_in("A {B} and {A}, then {B}.") == ("B", "A")


@pytest.mark.parametrize(
    "template", ["{Kind} was reported.", "=A1 was {Kind}.", "A {Kind was made.", "A }{ b."]
)
def test_what_is_no_sentence_is_refused(template: str) -> None:
    assert faults_of_template(template)


@pytest.mark.parametrize("template", ["A {Kind} was made.", "Nothing was put in."])
def test_what_is_a_sentence_is_taken(template: str) -> None:
    assert faults_of_template(template) == ()


def test_a_column_named_like_code_is_only_a_column() -> None:
    cells = {"Kind.__class__": "noise", "0!r:>99": "loud"}

    assert filled("A {Kind.__class__} was {0!r:>99}.", cells) == "A noise was loud."


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("=1+1", "1+1"),
        ("@cmd", "cmd"),
        ("==+@x", "x"),
        ("two\nlines\tand more", "two lines and more"),
        ("right\u202eleft", "right left"),
        ("-5", "-5"),
        ("x" * 300, "x" * 199 + "\u2026"),
    ],
)
def test_a_cell_is_shown_as_one_plain_line(cell: str, shown: str) -> None:
    assert plain(cell) == shown


@given(cell=st.text(max_size=400))
def test_whatever_a_cell_holds_a_sentence_stays_one_plain_line_of_its_own_words(cell: str) -> None:
    said = filled("A complaint of {Kind} was made.", {"Kind": cell})

    assert said.startswith("A complaint of ")
    assert said.endswith(" was made.")
    assert said.isprintable() or not any(unicodedata.category(sign)[0] == "C" for sign in said)
    assert plain(cell)[:1] not in ("=", "+", "@")
