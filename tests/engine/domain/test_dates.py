"""Dates keep the precision that their source gave."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.dates import PartialDate, read_date


@pytest.mark.parametrize(
    ("text", "stored_text"),
    [
        ("9/3/2024", "2024-03-09"),
        ("09.03.2024", "2024-03-09"),
        ("2024-03-09", "2024-03-09"),
        ("2024-03-09T10:15:00", "2024-03-09"),
        ("March 2024", "2024-03"),
        ("9th March 2024", "2024-03-09"),
        ("03/2024", "2024-03"),
        ("2024", "2024"),
        ("29/02/2024", "2024-02-29"),
    ],
)
def test_a_date_is_read_as_a_british_spreadsheet_writes_it(text: str, stored_text: str) -> None:
    assert read_date(text) == stored_text


@pytest.mark.parametrize(
    "text", ["31/02/2024", "29/02/2023", "13/13/2024", "1/1/24", "soon", "", "2024-00", "9999"]
)
def test_what_is_no_date_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"^[^\n]{10,}$"):
        read_date(text)


def test_a_month_is_never_filled_in_to_its_first_day() -> None:
    month = PartialDate("2024-02")
    assert (month.earliest, month.latest, str(month)) == (date(2024, 2, 1), date(2024, 2, 29), "2024-02")
    assert month.in_words() == "February 2024"
    assert not month.is_whole_day


@given(st.dates(min_value=date(1850, 1, 1), max_value=date(2200, 12, 31)))
def test_every_day_survives_being_written_and_read(day: date) -> None:
    partial = PartialDate.of(day)
    assert read_date(str(partial)) == partial
    assert partial.earliest == partial.latest == day


@given(st.text(max_size=30))
def test_any_text_is_a_date_or_one_sentence(text: str) -> None:
    try:
        read = read_date(text)
    except ValueError as error:
        sentence = str(error)
    else:
        sentence = read.in_words()
        assert read.earliest <= read.latest
    assert sentence
    assert "\n" not in sentence
