"""The column of a grade: how it may be written, and what is refused."""

from __future__ import annotations

from datetime import date

import pytest

from engine.exchange.cells import BadCellError, Reading, read_cell
from engine.exchange.columns import INCIDENT_BY_NAME
from engine.exchange.mapping import ColumnMapping

READING = Reading(date(2026, 3, 1), ColumnMapping(), 5_000, {})


@pytest.mark.parametrize(("cell", "grade"), [("2B P", "2B P"), ("3e", "3E"), (" 1ac ", "1AC")])
def test_a_grade_is_read_however_it_is_written(cell: str, grade: str) -> None:
    assert read_cell(INCIDENT_BY_NAME["grade"], cell, READING) == grade


@pytest.mark.parametrize("cell", ["4B P", "2F", "B2", "2B X", "1A P 2", "good", "=1A"])
def test_what_is_no_grade_is_refused_with_how_to_write_one(cell: str) -> None:
    with pytest.raises(BadCellError):
        read_cell(INCIDENT_BY_NAME["grade"], cell, READING)
