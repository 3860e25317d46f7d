"""How many texts of a writer came before each: the same as by comparing all, with few comparisons."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from engine.domain.vault.typed_texts import numbers_earlier
from tests.builders import MONDAY

WITHIN = timedelta(days=28)


@given(st.lists(st.integers(0, 60), max_size=30))
def test_it_is_the_number_of_those_stored_before_that_are_no_older(days: list[int]) -> None:
    moments = [MONDAY + timedelta(days=day) for day in days]
    compared = [sum(before >= at - WITHIN for before in moments[:place]) for place, at in enumerate(moments)]
    assert numbers_earlier(moments, within=WITHIN) == compared


class CountedMoment(datetime):
    """A moment that counts how often it is compared."""

    compared = 0

    def __lt__(self, other: Any) -> bool:
        CountedMoment.compared += 1
        return super().__lt__(other)


def test_each_of_a_thousand_is_compared_with_few_others() -> None:
    moments = [
        CountedMoment.fromtimestamp(MONDAY.timestamp() + 60 * minute, MONDAY.tzinfo)
        for minute in range(1_000)
    ]
    assert numbers_earlier(moments, within=timedelta(minutes=3))[-1] == 3
    assert 0 < CountedMoment.compared < 30_000
