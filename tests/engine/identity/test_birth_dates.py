"""Dates of birth are read as people write them; what is impossible stays as written."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.identity.birth_dates import DateParts, date_parts, months_come_first


@pytest.mark.parametrize(
    "text",
    ["1985-03-09", "09/03/1985", "9.3.85", "19850309", "09031985", "9 March 1985", "March 9, 1985",
     "1985-03-09 00:00:00", "1985-03-09T12:30:00Z", "19850309.0", "9-Mar-1985"],
)  # fmt: skip
def test_many_ways_of_writing_are_one_date(text: str) -> None:
    assert date_parts(text) == DateParts(1985, 3, 9)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("1985", (1985, 0, 0)),
        ("abt 1650", (1650, 0, 0)),
        ("c.1066", (1066, 0, 0)),
        ("Mar 1985", (1985, 3, 0)),
        ("03/1985", (1985, 3, 0)),
        ("1985-03", (1985, 3, 0)),
        ("198503", (1985, 3, 0)),
    ],
)
def test_a_partial_date_stays_partial(text: str, parts: tuple[int, int, int]) -> None:
    assert date_parts(text) == DateParts(*parts)


def test_an_impossible_day_stays_as_written_and_an_impossible_month_was_the_day() -> None:
    assert date_parts("1985-02-31") == DateParts(1985, 2, 31)
    assert date_parts("1985-31-02") == DateParts(1985, 2, 31)
    assert date_parts("1985-45-45") == DateParts(1985, 45, 45)


@pytest.mark.parametrize("text", ["?", "born", "March", "0", "12345678901234"])
def test_what_has_no_year_is_no_date(text: str) -> None:
    assert date_parts(text) is None


def test_a_column_says_itself_that_its_months_come_first() -> None:
    assert months_come_first(["03/09/1985", "03/25/1985"])
    assert not months_come_first(["03/09/1985", "25/03/1985"])
    assert not months_come_first(["1985-03-25", "03/09/1985"])
    assert date_parts("03/25/1985", months_first=True) == DateParts(1985, 3, 25)


@given(st.text(max_size=40))
@example("32:100")
@example("0:3")
def test_whatever_stands_in_a_cell_comes_to_eight_digits_or_nothing(text: str) -> None:
    parts = date_parts(text)
    assert parts is None or len(parts.as_digits()) == 8
