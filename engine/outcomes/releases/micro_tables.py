"""Cases counted in the finest cross of all published dimensions, table by table. Pure.

A table splits cases into parts that do not overlap. Every figure of a release is a sum of its cells.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product

import numpy as np
import numpy.typing as npt

from engine.domain.outcomes.follow_up import AgainstWhom, Measure
from engine.domain.outcomes.observed import ObservedCase, Standing
from engine.domain.outcomes.releases import Dimension, Group
from engine.outcomes.observed.answering import first_ending
from engine.outcomes.observed.windows import WINDOW_DAYS, acts_within, standing
from engine.outcomes.statistics import risk_table

UNKNOWN = "not recorded"
CASES, STANDING, AGAINST, SEVERITY = "cases", "standing", "against", "severity"
REPORTED_CURVE, RECORDED_CURVE = "curve of reports", "curve of recorded crime"
GRID_MONTHS = (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 18, 21, 24)
"""The ends of the finest steps of a curve."""
SHARED_MONTHS = (3, 12)
"""Comparisons begin at the first. They and results end at the second."""
DAYS_IN_MONTH = 30.4375
NO_SCORE = "no score"
SEVERITY_BANDS = ((10.0, "under 10"), (100.0, "10 to 99"), (365.0, "100 to 364"))
MOST_SEVERE = "365 or more"
SEVERITIES = (NO_SCORE, *(label for _, label in SEVERITY_BANDS), MOST_SEVERE)
EVENT, COMPETING, LEFT, STILL = "event", "competing", "left", "still followed"
CURVES = (REPORTED_CURVE, RECORDED_CURVE)
_ENDS = {risk_table.EVENT: EVENT, risk_table.COMPETING: COMPETING, risk_table.LEFT: LEFT}
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Frame:
    """The dimensions of a release, and all combinations of their codes, in a fixed order."""

    dimensions: tuple[Dimension, ...]

    @property
    def combinations(self) -> list[tuple[str, ...]]:
        """Every combination of one code of each dimension."""
        return list(product(*(each.codes for each in self.dimensions)))

    def groups(self) -> list[Group]:
        """Return every group that a reader can choose, those narrowed least first.

        A dimension that is recorded of no case narrows nothing.
        """
        options = [(None, *(each.codes if each.codes != (UNKNOWN,) else ())) for each in self.dimensions]
        found = [Group(period=p, borough=b, typology=t) for p, b, t in product(*options)]
        return sorted(found, key=lambda group: group.depth)

    def members(self, group: Group) -> Bools:
        """Return which combinations are in a group."""
        wanted = (group.period, group.borough, group.typology)
        return np.array(
            [
                all(code in (None, here) for code, here in zip(wanted, one, strict=True))
                for one in self.combinations
            ],
            dtype=np.bool_,
        )


@dataclass(frozen=True)
class MicroTable:
    """One table: its parts, and ``counts`` by combination (rows) and part (columns).

    ``within`` is the table and part that its parts add up to, where they do.
    """

    name: str
    parts: tuple[str, ...]
    counts: Ints
    within: tuple[str, str] | None = None

    def of(self, members: Bools) -> dict[str, int]:
        """Return the counts of a group by part."""
        return dict(zip(self.parts, self.counts[members].sum(axis=0).tolist(), strict=True))


def standing_table(measure: Measure) -> str:
    """Return the name of a measure's table of results."""
    return f"{STANDING}, {measure.value}"


def against_table(measure: Measure) -> str:
    """Return the name of a measure's table of targets."""
    return f"{AGAINST}, {measure.value}"


def severity_table(measure: Measure) -> str:
    """Return the name of a measure's table of harm."""
    return f"{SEVERITY}, {measure.value}"


def group_of(case: ObservedCase) -> tuple[str, str, str]:
    """Return the codes of a case; what is not recorded has a code of its own."""
    return str(case.anchor.year), case.borough or UNKNOWN, case.typology or UNKNOWN


def frame_of(cases: Sequence[ObservedCase]) -> Frame:
    """Return the dimensions that these cases have. A code stays as long as a case has it."""
    found = [sorted(set(column)) for column in zip(*map(group_of, cases), strict=True)] or [[], [], []]
    names = (("period", "Decided in"), ("borough", "Borough at referral"), ("typology", "Type of stalking"))
    return Frame(
        tuple(
            Dimension(name=name, label=label, codes=tuple(codes))
            for (name, label), codes in zip(names, found, strict=True)
        )
    )


def micro_tables(cases: Sequence[ObservedCase], frame: Frame, *, today: date) -> dict[str, MicroTable]:
    """Return every table, by name."""
    tables = [_table(CASES, (CASES,), cases, frame, lambda case: CASES)]
    for measure in Measure:
        results = {id(case): standing(case, measure, WINDOW_DAYS, today) for case in cases}
        name = standing_table(measure)
        tables.append(
            _table(
                name,
                tuple(Standing),
                cases,
                frame,
                lambda case, results=results: results[id(case)],  # type: ignore[misc]
                within=(CASES, CASES),
            )
        )
        further = [case for case in cases if results[id(case)] is Standing.FURTHER]
        tables.append(
            _table(
                against_table(measure),
                tuple(AgainstWhom),
                further,
                frame,
                lambda case, measure=measure: first_against(case, measure),  # type: ignore[misc]
                within=(name, Standing.FURTHER.value),
            )
        )
        tables.append(
            _table(
                severity_table(measure),
                SEVERITIES,
                further,
                frame,
                lambda case, measure=measure: most_serious(case, measure),  # type: ignore[misc]
                within=(name, Standing.FURTHER.value),
            )
        )
    for name, measure in ((REPORTED_CURVE, Measure.REPORTED), (RECORDED_CURVE, Measure.RECORDED)):
        followed = [case for case in cases if first_ending(case, measure) is not None]
        tables.append(
            _table(
                name,
                curve_parts(),
                followed,
                frame,
                lambda case, measure=measure: _ends_in(case, measure),  # type: ignore[misc]
            )
        )
    return {table.name: table for table in tables}


def curve_parts() -> tuple[str, ...]:
    """Return the parts of a curve: an ending and a step."""
    return (
        *(f"{end} until month {month}" for month in GRID_MONTHS for end in (EVENT, COMPETING, LEFT)),
        STILL,
    )


def first_against(case: ObservedCase, measure: Measure) -> AgainstWhom:
    """Return the target of the first act in the window."""
    return acts_within(case, measure, WINDOW_DAYS)[0].against


def most_serious(case: ObservedCase, measure: Measure) -> str:
    """Return the band of the most serious act in the window that has a score."""
    scored = [act.harm for act in acts_within(case, measure, WINDOW_DAYS) if act.harm is not None]
    if not scored:
        return NO_SCORE
    worst = max(scored)
    return next((label for under, label in SEVERITY_BANDS if worst < under), MOST_SEVERE)


def _ends_in(case: ObservedCase, measure: Measure) -> str:
    """Return the step of the first act, or of what ended the case before it."""
    ended = first_ending(case, measure)
    if ended is None:
        raise ValueError(case.reference)
    for month in GRID_MONTHS:
        if ended.days < month * DAYS_IN_MONTH:
            return f"{_ENDS[ended.ending]} until month {month}"
    return STILL


def _table(
    name: str,
    parts: Sequence[Hashable],
    cases: Sequence[ObservedCase],
    frame: Frame,
    part_of: Callable[[ObservedCase], Hashable],
    *,
    within: tuple[str, str] | None = None,
) -> MicroTable:
    rows: Mapping[tuple[str, ...], int] = {one: row for row, one in enumerate(frame.combinations)}
    columns = {part: column for column, part in enumerate(parts)}
    counts = np.zeros((len(rows), len(columns)), dtype=np.int64)
    for case in cases:
        counts[rows[group_of(case)], columns[part_of(case)]] += 1
    return MicroTable(name, tuple(str(part) for part in parts), counts, within)
