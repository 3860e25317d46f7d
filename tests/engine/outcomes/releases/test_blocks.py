"""What goes out of one group in one table: steps of a curve end where other figures do."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from engine.domain.outcomes.releases import EVERYONE
from engine.outcomes.releases.blocks import Block, block_of
from engine.outcomes.releases.micro_tables import (
    EVENT,
    REPORTED_CURVE,
    STILL,
    MicroTable,
    curve_parts,
)


def a_curve(events: Mapping[int, int], *, before: Block | None = None) -> Block | str:
    """The block of a curve with so many events in the step that ends at a month, and 50 still followed."""
    counts = dict.fromkeys(curve_parts(), 0)
    counts |= {f"{EVENT} until month {month}": number for month, number in events.items()}
    counts[STILL] = 50
    table = MicroTable(REPORTED_CURVE, curve_parts(), np.array([list(counts.values())]))
    return block_of(table, EVERYONE, counts, limit=10, before=before)


def steps(block: Block | str) -> dict[int, int]:
    """The month of the end of each step, and its events."""
    assert isinstance(block, Block)
    return {
        int(cell.label.rpartition(" ")[2]): cell.count for cell in block.cells if cell.label.startswith(EVENT)
    }


@pytest.mark.parametrize(
    ("events", "found"),
    [
        ({1: 12, 3: 15, 6: 10, 12: 11}, {1: 12, 3: 15, 6: 10, 12: 11}),
        ({1: 12, 2: 11, 3: 4, 6: 20, 12: 10}, {1: 12, 3: 15, 6: 20, 12: 10}),
        ({1: 12, 3: 15, 6: 10, 10: 11, 12: 3, 15: 9}, {1: 12, 3: 15, 6: 10, 12: 14}),
        ({1: 12, 3: 15, 6: 10, 10: 11, 12: 3, 15: 12}, {1: 12, 3: 15, 6: 10, 12: 14, 15: 12}),
        ({2: 4, 3: 3, 4: 6, 12: 10}, {4: 13, 12: 10}),
        ({1: 10, 5: 20}, {3: 10, 12: 20}),
    ],
    ids=[
        "each is large enough",
        "the step before month 3 is longer",
        "the step before month 12 is longer, and what is small after it is not shown",
        "a step after month 12",
        "too few until month 3: one step over it",
        "no event before either",
    ],
)
def test_steps_end_at_months_3_and_12_where_they_can(events: dict[int, int], found: dict[int, int]) -> None:
    assert steps(a_curve(events)) == found


def test_steps_of_an_earlier_release_are_not_split() -> None:
    earlier = a_curve({1: 12, 2: 11, 6: 30})
    assert isinstance(earlier, Block)
    assert steps(earlier) == {1: 12, 3: 11, 12: 30}
    later = a_curve({1: 22, 2: 21, 3: 15, 6: 40, 8: 30}, before=earlier)
    assert steps(later) == {1: 22, 3: 36, 12: 70}
