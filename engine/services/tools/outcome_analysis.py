"""Analysis of times to an event in a file of the analyst's own. Opens no record and writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

import numpy as np

from engine.domain.errors import InvalidInputError
from engine.outcomes.statistics.risk_table import COMPETING, EVENT, LEFT
from engine.services.tools.delimited_tables import (
    DelimitedTable,
    is_recorded,
    read_delimited,
    refuse_rows,
    repeated,
    rows_in_words,
)
from engine.tools.statistics.analysing import TimedRows, analyse
from engine.tools.statistics.coding import number_of
from engine.tools.statistics.results import Analysis, CoxModel, Ties

AnalysisOfFile: TypeAlias = Analysis
ModelOfFile: TypeAlias = CoxModel
TiesOfEvents: TypeAlias = Ties
"""The names for the command, which does not import ``engine.tools``."""

PART = "the file"
MOST_ROWS = 1_000_000
MOST_GROUPS = 50
_FLAGS = {"0": False, "1": True, "0.0": False, "1.0": True, "false": False, "true": True}


def analyse_file(
    file: Path,
    *,
    duration: str,
    event: str,
    competing: str | None = None,
    group: str | None = None,
    covariates: Sequence[str] = (),
    at: Sequence[float] | None = None,
    ties: Ties = Ties.EFRON,
) -> Analysis:
    """Return survival, cumulative incidence, comparisons and a Cox model of a delimited file.

    Rows with a blank duration, event or competing event are left out of everything, rows with a blank group
    out of every comparison, and rows with a blank covariate out of the model. A warning says how many.

    Raises
    ------
    InvalidInputError
        The file cannot be read, a column is not in it, or a cell cannot be what its column says. Rows are
        named by their number, and nothing of their content is repeated.
    """
    _check_options(duration, event, competing, group, covariates, at)
    table = read_delimited(file, part=PART, rows=MOST_ROWS)
    columns = {"--duration": table.column(duration, "--duration"), "--event": table.column(event, "--event")}
    if competing is not None:
        columns["--competing"] = table.column(competing, "--competing")
    groups = table.column(group, "--group") if group is not None else None
    of_covariates = {name: table.column(name, "--covariates") for name in covariates}
    used, warnings = _complete(table, columns)
    numbers = [table.numbers[place] for place in used]
    durations = _durations([columns["--duration"][place] for place in used], numbers)
    endings = _endings({name: [cells[place] for place in used] for name, cells in columns.items()}, numbers)
    labels = [_or_none(groups[place]) for place in used] if groups is not None else None
    rows = TimedRows(
        durations=durations,
        endings=endings,
        has_competing=competing is not None,
        groups=labels,
        covariates={
            name: [cells[place] if is_recorded(cells[place]) else "" for place in used]
            for name, cells in of_covariates.items()
        },
    )
    warnings += _blank_groups(labels, numbers) + _blank_covariates(rows, numbers)
    found = analyse(rows, at=at, ties=ties)
    return Analysis(**{**vars(found), "warnings": (*warnings, *found.warnings)})


def _check_options(
    duration: str,
    event: str,
    competing: str | None,
    group: str | None,
    covariates: Sequence[str],
    at: Sequence[float] | None,
) -> None:
    named = [name.strip() for name in (duration, event, competing, group) if name is not None]
    if twice := repeated(named):
        raise InvalidInputError(
            "columns", f"'{twice[0][:60]}' is named for 2 things; give each its own column"
        )
    names = [name.strip() for name in covariates]
    if not all(names):
        raise InvalidInputError("--covariates", "a name is blank; separate names with 1 comma")
    if twice := repeated(names):
        raise InvalidInputError("--covariates", f"'{twice[0][:60]}' is listed more than once")
    ends = {name.strip() for name in (duration, event, competing) if name is not None}
    if both := [name for name in names if name in ends]:
        raise InvalidInputError(
            "--covariates", f"'{both[0][:60]}' is the duration or an ending, and cannot explain itself"
        )
    if any(not np.isfinite(time) or time < 0 for time in at or ()):
        raise InvalidInputError("--at", "a time must be 0 or more")


def _complete(table: DelimitedTable, columns: dict[str, list[str]]) -> tuple[list[int], list[str]]:
    """Return the rows that have a duration and their endings, and warnings about the others."""
    blank: dict[str, list[int]] = {name: [] for name in columns}
    used = []
    for place, number in enumerate(table.numbers):
        missing = [name for name, cells in columns.items() if not is_recorded(cells[place])]
        for name in missing:
            blank[name].append(number)
        if not missing:
            used.append(place)
    if not used:
        raise InvalidInputError(PART, "no row has both a duration and its endings")
    return used, [
        f"{name} is blank in {rows_in_words(numbers)}: left out of everything."
        for name, numbers in blank.items()
        if numbers
    ]


def _durations(cells: Sequence[str], numbers: Sequence[int]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    refuse_rows(
        "--duration",
        cells,
        numbers,
        lambda cell: number_of(cell) is None,
        "not a number such as 12 or 12.5; correct it or leave it blank",
    )
    refuse_rows(
        "--duration",
        cells,
        numbers,
        lambda cell: (number_of(cell) or 0.0) < 0,
        "negative: the ending is before the beginning; correct the dates",
    )
    # 0.1 + 0.2 and 0.3 are one time, whatever program wrote them
    return np.array([float(f"{number_of(cell) or 0.0:.12g}") for cell in cells])


def _endings(
    columns: dict[str, list[str]], numbers: Sequence[int]
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    flags = {}
    for option, cells in columns.items():
        if option == "--duration":
            continue
        refuse_rows(
            option,
            cells,
            numbers,
            lambda cell: cell.casefold() not in _FLAGS,
            "not 0 or 1; 1 is the event and 0 is none",
        )
        flags[option] = [_FLAGS[cell.casefold()] for cell in cells]
    had = flags["--event"]
    other = flags.get("--competing", [False] * len(had))
    both = [number for number, first, second in zip(numbers, had, other, strict=True) if first and second]
    if both:
        raise InvalidInputError(
            "--competing",
            f"{rows_in_words(both)}: both the event and the competing event; only the first of them counts",
        )
    return np.array(
        [EVENT if first else COMPETING if second else LEFT for first, second in zip(had, other, strict=True)],
        dtype=np.int64,
    )


def _or_none(cell: str) -> str | None:
    return cell if is_recorded(cell) else None


def _blank_groups(labels: Sequence[str | None] | None, numbers: Sequence[int]) -> list[str]:
    if labels is None:
        return []
    different = {label for label in labels if label is not None}
    if not different:
        raise InvalidInputError("--group", "no row has a group")
    if len(different) > MOST_GROUPS:
        raise InvalidInputError(
            "--group", f"it has {len(different):,} different groups; at most {MOST_GROUPS} can be compared"
        )
    warnings = []
    if blank := [number for label, number in zip(labels, numbers, strict=True) if label is None]:
        warnings.append(
            f"--group is blank in {rows_in_words(blank)}: left out of every comparison and curve."
        )
    if len({label.casefold() for label in different}) < len(different):
        warnings.append("Some groups differ only in capital letters. They are compared as different groups.")
    return warnings


def _blank_covariates(rows: TimedRows, numbers: Sequence[int]) -> list[str]:
    blank = [
        number for number, *cells in zip(numbers, *rows.covariates.values(), strict=True) if not all(cells)
    ]
    if not rows.covariates or not blank:
        return []
    return [f"A covariate is blank in {rows_in_words(blank)}: left out of the model."]
