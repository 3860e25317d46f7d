"""Days that a person types: what has come, what is to come, and what can only be a slip."""

from __future__ import annotations

from datetime import date

import pytest

from engine.domain.dates import PartialDate
from engine.domain.errors import InvalidInputError
from engine.domain.typed_days import Day, require_coming, require_near, require_past

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    "day", [None, TODAY, date(1900, 1, 1), PartialDate("2026"), PartialDate("2026-03"), PartialDate("1988")]
)
def test_a_day_that_has_come_or_may_have_come_is_taken(day: Day) -> None:
    require_past("happened", day, on=TODAY)


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        (date(2026, 3, 3), "in the future"),
        (PartialDate("2026-04"), "in the future"),
        (PartialDate("1899"), "the year 1899 is before 1900"),
        (date(1203, 3, 2), "the year 1203 is before 1900"),
    ],
)
def test_a_day_of_the_future_or_of_long_ago_did_not_happen(day: Day, sentence: str) -> None:
    with pytest.raises(InvalidInputError, match=f"happened: .*{sentence}"):
        require_past("happened", day, on=TODAY)


def test_a_day_to_come_is_today_or_within_ten_years() -> None:
    for day in (None, TODAY, date(2036, 12, 31), PartialDate("2026")):
        require_coming("due", day, on=TODAY)
    for wrong, sentence in (
        (date(2026, 3, 1), "before today"),
        (date(1203, 1, 1), "before today"),
        (date(2037, 1, 1), "more than 10 years ahead"),
    ):
        with pytest.raises(InvalidInputError, match=f"due: .*{sentence}"):
            require_coming("due", wrong, on=TODAY)


def test_a_day_that_may_be_past_or_to_come_is_near() -> None:
    for day in (None, date(2025, 1, 1), date(2027, 1, 1)):
        require_near("happened on", day, on=TODAY)
    for wrong in (date(1203, 1, 1), date(2037, 1, 1)):
        with pytest.raises(InvalidInputError, match=f"the year {wrong.year}"):
            require_near("happened on", wrong, on=TODAY)
