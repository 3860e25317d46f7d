"""The range of each hidden sum of unknown numbers, by linear programming over the sums that are known. Pure.

Unknown numbers are of people, so they are not negative. Knows no table: the caller decides on the unknowns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import highspy
import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, vstack

from engine.outcomes.suppression.attacking import OutOfTimeError

Floats = npt.NDArray[np.float64]
NEAR = 1e-6
_IDLE_ROUNDS, _FEW = 3, 4
_PRIMAL = 4
"""HiGHS's number of its method that continues from the last solution when only the aim changes."""


@dataclass(frozen=True)
class Exposed:
    """A target with too narrow a range, and the places of the known sums that narrow it."""

    target: int
    low: float
    high: float
    because: tuple[int, ...]


@dataclass(frozen=True)
class Sums:
    """Known sums of the unknowns, one in each row; and differences that are not above 0 (``falls``)."""

    sums: csr_matrix
    counts: Floats
    falls: csr_matrix | None = None


def shows_small_change(low: float, high: float, counted: int | None, limit: int) -> bool:
    """Return whether the narrow range of a change shows that it is of few, and not that it is none.

    ``counted`` is the change as today's cases show it; without it, a range with none in it shows nothing.
    """
    if low < NEAR and high > -NEAR:
        return bool(counted) and high - low > NEAR
    return min(abs(low), abs(high)) < limit - NEAR


class LinearAttack:
    """Ranges of targets: of each, what is surely in it (``least``) and what may be (``most``)."""

    def __init__(
        self,
        known: Sums,
        *,
        least: csr_matrix,
        most: csr_matrix,
        true: Sequence[int | None],
        seconds_left: Callable[[], float],
    ) -> None:
        """Set it up. ``true`` is the number of each target, None where it is no longer known."""
        self._known, self._falls = known, known.falls
        self._solver: highspy.Highs | None = None
        self._least, self._most = least, most
        self._true, self._seconds_left = true, seconds_left
        self.lows = np.array([np.inf if each is None else each for each in true], dtype=float)
        self.highs = np.array([-np.inf if each is None else each for each in true], dtype=float)

    def exposed(self, width: float) -> Iterator[Exposed]:
        """Yield the targets whose range is narrower than the width. Raises OutOfTimeError."""
        self._look_around(width)
        for place, true in enumerate(self._true):
            if self.highs[place] - self.lows[place] >= width:
                continue
            low, because_low = self._extreme(self._least, place, 1.0)
            if self.highs[place] - low >= width:
                continue
            high, because_high = self._extreme(self._most, place, -1.0)
            if high - low >= width - NEAR or (true is None and low > -NEAR and high < NEAR):
                continue
            yield Exposed(place, low, high, tuple(sorted(because_low | because_high)))

    def not_yet_safe(self, width: float) -> list[int]:
        """Return the targets that have no wide enough range so far."""
        return np.flatnonzero(self.highs - self.lows < width).tolist()

    def bounds(self, place: int) -> tuple[float, float]:
        """Return the range of one target."""
        return self._extreme(self._least, place, 1.0)[0], self._extreme(self._most, place, -1.0)[0]

    def _look_around(self, width: float) -> None:
        """Find possible numbers with many large and small targets: these show that most are safe."""
        chance = np.random.default_rng(20261127)
        idle = 0
        while idle < _IDLE_ROUNDS:
            unsafe = np.flatnonzero(self.highs - self.lows < width)
            if len(unsafe) < _FEW:
                return
            up = chance.random(len(unsafe)) < 0.5
            aim = self._least[unsafe[~up]].sum(axis=0) - self._most[unsafe[up]].sum(axis=0)
            self._solve(np.asarray(aim).ravel())
            left = int(np.sum(self.highs - self.lows < width))
            idle = 0 if left < 0.97 * len(unsafe) else idle + 1

    def _extreme(self, rows: csr_matrix, place: int, sign: float) -> tuple[float, set[int]]:
        value, because = self._solve(sign * rows[place].toarray().ravel())
        return sign * value, because

    def _solve(self, aim: Floats) -> tuple[float, set[int]]:
        """Return the least of an aim over all possible numbers, and the known sums that bound it."""
        left = self._seconds_left()
        if left < 0.05:
            raise OutOfTimeError
        solver = self._solver or _solver(self._known, self._falls)
        self._solver = solver
        solver.changeColsCost(len(aim), np.arange(len(aim), dtype=np.int32), aim)
        solver.setOptionValue("time_limit", solver.getRunTime() + left)
        solver.run()
        status = solver.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible and self._falls is not None:
            # Cases were erased or restricted: a reader who believes in growth is wrong.
            self._falls = self._solver = None
            return self._solve(aim)
        if status != highspy.HighsModelStatus.kOptimal:
            raise OutOfTimeError
        solution = solver.getSolution()
        numbers = np.asarray(solution.col_value)
        np.minimum(self.lows, self._least @ numbers, out=self.lows)
        np.maximum(self.highs, self._most @ numbers, out=self.highs)
        duals = np.abs(np.asarray(solution.row_dual[: len(self._known.counts)]))
        return float(aim @ numbers), set(np.flatnonzero(duals > NEAR).tolist())


def _solver(known: Sums, falls: csr_matrix | None) -> highspy.Highs:
    """Return the program without an aim. The next solution begins from the last one: only the aim changes."""
    matrix = known.sums.copy() if falls is None else vstack([known.sums, falls], format="csr")
    matrix.sum_duplicates()
    counts = known.counts.astype(float)
    program = highspy.HighsLp()
    program.num_row_, program.num_col_ = matrix.shape
    program.col_cost_ = np.zeros(matrix.shape[1])
    program.col_lower_ = np.zeros(matrix.shape[1])
    program.col_upper_ = np.full(matrix.shape[1], float(counts.max(initial=0.0)) * 4 + 1_000)
    below = np.full(matrix.shape[0] - len(counts), -highspy.kHighsInf)
    program.row_lower_ = np.concatenate([counts, below])
    program.row_upper_ = np.concatenate([counts, np.zeros(len(below))])
    program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    program.a_matrix_.start_ = matrix.indptr
    program.a_matrix_.index_ = matrix.indices
    program.a_matrix_.value_ = matrix.data.astype(float)
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in (("output_flag", False), ("threads", 1), ("simplex_strategy", _PRIMAL)):
        solver.setOptionValue(option, value)
    if solver.passModel(program) != highspy.HighsStatus.kOk:
        raise OutOfTimeError  # what cannot be attacked is hidden
    return solver


def rows_of(wanted: Sequence[Sequence[int]], width: int) -> csr_matrix:
    """Return a matrix with a row of ones at these columns for each sum."""
    ends = np.cumsum([0, *(len(each) for each in wanted)])
    columns = np.array([column for each in wanted for column in each], dtype=np.int64)
    return csr_matrix((np.ones(len(columns)), columns, ends), shape=(len(wanted), width))
