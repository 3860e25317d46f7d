"""What goes out of one group in one table: steps of a curve end where other figures do."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from engine.domain.outcomes.follow_up import Measure
from engine.domain.outcomes.observed import Standing
from engine.domain.outcomes.releases import EVERYONE
from engine.outcomes.releases.blocks import NOT_COUNTED, Block, block_of
from engine.outcomes.releases.micro_tables import (
    EVENT,
    REPORTED_CURVE,
    STILL,
    MicroTable,
    curve_parts,
    standing_table,
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


def results(not_checked: int, not_known: int = 60, **others: Block) -> Block | str:
    """The block of results with so many not checked and not yet known, after ``before`` and ``older``."""
    measure = Measure.PROVEN
    counts = {
        **dict.fromkeys(Standing, 0),
        Standing.FURTHER: 100 + 2 * not_checked,
        Standing.NONE_FOUND: 200 + 2 * not_checked,
        Standing.NOT_LOOKED: not_checked,
        Standing.NOT_YET_KNOWN: not_known,
    }
    named = {each.value: number for each, number in counts.items()}
    table = MicroTable(standing_table(measure), tuple(named), np.array([list(named.values())]))
    older = [block for name, block in others.items() if name.startswith("older")]
    return block_of(table, EVERYONE, named, limit=10, before=others.get("before"), older=older)


def block(found: Block | str) -> Block:
    assert isinstance(found, Block)
    return found


def test_what_changed_little_since_a_release_before_the_last_is_not_shown() -> None:
    """More were not checked, then fewer again: 41, 60, 49. A reader of the first has the 8."""
    oldest, newest = block(results(41)), block(results(60))
    assert results(49, before=newest) == block(results(49)), "the last one shows a change of 11"
    joined = block(results(49, before=newest, older=oldest))
    assert joined.cell(NOT_COUNTED) is None, "not checked and not yet known are shown together"
    newest = block(results(70))
    assert results(51, before=newest, older=oldest) == block(results(51)), "10 more are not few"


def test_who_is_not_yet_known_comes_and_goes_from_an_older_release_to_this_one() -> None:
    oldest, newest = block(results(41, 60)), block(results(60, 80))
    assert results(75, 65, before=newest, older=oldest) == block(results(75, 65))
