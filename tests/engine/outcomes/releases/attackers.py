"""A reader who has every release as it went out, and reckons with all of its tables at once.

Written apart from the product's own attack: it reads published figures only, and its unknowns are single
combinations of codes, for every table, linked where one table splits another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix, lil_matrix

from engine.domain.outcomes.follow_up import AgainstWhom, Measure
from engine.domain.outcomes.observed import Standing
from engine.domain.outcomes.releases import Group, Release

Codes = tuple[str, str, str]
Figure = tuple[Group, str, tuple[str, ...], int]
"""A group, a table, the parts that are counted together, and the count."""
SEVERITIES = ("no score", "under 10", "10 to 99", "100 to 364", "365 or more")
PARTS: dict[str, tuple[str, ...]] = {"cases": ("cases",)}
for measure in Measure:
    PARTS[f"standing {measure.value}"] = tuple(Standing)
    PARTS[f"against {measure.value}"] = tuple(AgainstWhom)
    PARTS[f"severity {measure.value}"] = SEVERITIES


def published_in(release: Release) -> Iterator[Figure]:
    """Every count of a release that is not a curve."""
    for figures in release.groups:
        if figures.as_of == release.as_of:
            yield figures.group, "cases", ("cases",), figures.cases
        for measure in figures.measures:
            if measure.as_of != release.as_of:
                continue
            name = measure.measure.value
            for table, parts in (
                (f"standing {name}", measure.parts),
                (f"against {name}", measure.against or ()),
                (f"severity {name}", measure.severity or ()),
            ):
                for part in parts:
                    yield figures.group, table, part.joins, part.count


class Reader:
    """Everything that follows from what went out."""

    def __init__(self, releases: Sequence[Sequence[Figure]], codes: Sequence[Sequence[str]]) -> None:
        self._codes: list[Codes] = [(p, b, t) for p, b, t in product(*codes)]
        self._places: dict[tuple[int, str, str, Codes], int] = {}
        for release in range(len(releases)):
            for table, parts in PARTS.items():
                for part, code in product(parts, self._codes):
                    self._places[release, table, str(part), code] = len(self._places)
        rows: list[tuple[dict[int, float], float]] = []
        for release, figures in enumerate(releases):
            for group, table, parts, count in figures:
                rows.append(
                    ({place: 1.0 for part in parts for place in self._at(release, table, part, group)}, count)
                )
            rows += self._links(release)
        self._sums = self._matrix([row for row, _ in rows])
        self._counts = np.array([count for _, count in rows], dtype=float)
        falls = [
            {
                self._places[release, "cases", "cases", code]: 1.0,
                self._places[release + 1, "cases", "cases", code]: -1.0,
            }
            for release in range(len(releases) - 1)
            for code in self._codes
        ]
        self._falls = self._matrix(falls) if falls else None

    def range_of(self, release: int, group: Group, table: str, part: str) -> tuple[float, float]:
        """The smallest and largest that a count can be."""
        aim = np.zeros(len(self._places))
        aim[self._at(release, table, part, group)] = 1
        return self._solve(aim), -self._solve(-aim)

    def _solve(self, aim: np.ndarray) -> float:
        solved = linprog(
            aim,
            A_ub=self._falls,
            b_ub=None if self._falls is None else np.zeros(self._falls.shape[0]),
            A_eq=self._sums,
            b_eq=self._counts,
            bounds=(0, 10_000),
            method="highs",
        )
        assert solved.status == 0, solved.message
        return float(solved.fun)

    def _at(self, release: int, table: str, part: str, group: Group) -> list[int]:
        wanted = (group.period, group.borough, group.typology)
        return [
            self._places[release, table, str(part), code]
            for code in self._codes
            if all(w in (None, c) for w, c in zip(wanted, code, strict=True))
        ]

    def _links(self, release: int) -> Iterator[tuple[dict[int, float], float]]:
        for measure in Measure:
            standing = f"standing {measure.value}"
            splits = [(standing, "cases", "cases")]
            splits += [
                (f"{kind} {measure.value}", standing, Standing.FURTHER.value)
                for kind in ("against", "severity")
            ]
            for (table, whole, part), code in product(splits, self._codes):
                row = {self._places[release, table, str(each), code]: 1.0 for each in PARTS[table]}
                row[self._places[release, whole, part, code]] = -1.0
                yield row, 0.0

    def _matrix(self, rows: Sequence[Mapping[int, float]]) -> csr_matrix:
        matrix = lil_matrix((len(rows), len(self._places)))
        for number, row in enumerate(rows):
            for place, value in row.items():
                matrix[number, place] = value
        return matrix.tocsr()
