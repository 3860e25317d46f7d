"""Covariates as numbers: a column of text becomes one 0/1 column for each level. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from engine.outcomes.statistics.risk_table import Floats
from engine.tools.statistics.proportional_hazards import Term

MOST_LEVELS = 30
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)


@dataclass(frozen=True)
class Coded:
    """The columns of one covariate, and for a text the level that the others are compared with."""

    term: Term
    values: Floats
    reference: str | None = None


def number_of(cell: str) -> float | None:
    """Return a cell as a finite number, or None; a comma or a grouped thousand is not read as one."""
    if not _NUMBER.fullmatch(cell):
        return None
    value = float(cell)
    return value if np.isfinite(value) else None


def levels(cells: Iterable[str]) -> list[str]:
    """Return the different cells: by size where all are numbers, else in the order of a dictionary."""
    different = set(cells)
    numbers = {cell: number_of(cell) for cell in different}
    if all(number is not None for number in numbers.values()):
        return sorted(different, key=lambda cell: (numbers[cell] or 0.0, cell))
    return sorted(different, key=lambda cell: (cell.casefold(), cell))


def coded(name: str, cells: Sequence[str]) -> Coded | str:
    """Return a covariate as columns, or a sentence that says why it has none."""
    numbers = [number_of(cell) for cell in cells]
    known = [number for number in numbers if number is not None]
    if len(known) == len(cells):
        return Coded(Term(name, (name,)), np.array(known).reshape(-1, 1))
    if len(known) >= len(cells) / 2:
        return (
            f"Covariate '{name}' is a number in {len(known):,} rows and a text in "
            f"{len(cells) - len(known):,}: correct the texts, or leave them blank."
        )
    reference, *others = levels(cells)
    if len(others) >= MOST_LEVELS:
        return (
            f"Covariate '{name}' has {len(others) + 1:,} different texts; at most {MOST_LEVELS} "
            "can be compared."
        )
    if not others:
        return f"'{name}' has the same value in every row, so its effect cannot be estimated."
    place = {level: column for column, level in enumerate(others)}
    values = np.zeros((len(cells), len(others)))
    for row, cell in enumerate(cells):
        if cell != reference:
            values[row, place[cell]] = 1.0
    return Coded(Term(name, tuple(f"{name}={level}" for level in others)), values, reference)
