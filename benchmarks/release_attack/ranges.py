"""The smallest and largest that a sum of unknown numbers can be, by linear programming (HiGHS)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from benchmarks.release_attack.unknowns import Sum

Floats = npt.NDArray[np.float64]
NEAR = 1e-5
_ROUNDS, _IDLE = 60, 4


@dataclass(frozen=True)
class Range:
    """The range of a target, and the sums, each times a number, that give its ends."""

    low: float
    high: float
    gives_low: tuple[tuple[float, int], ...]
    gives_high: tuple[tuple[float, int], ...]

    @property
    def is_exact(self) -> bool:
        """True if only one whole number is in it."""
        return bool(np.ceil(self.low - NEAR) == np.floor(self.high + NEAR))


class Ranges:
    """The unknown numbers, with all sums that hold for them."""

    def __init__(self, sums: Sequence[Sum], unknown: int, nothing: Sequence[int]) -> None:
        """Set the program up."""
        matrix = matrix_of([each.numbers for each in sums], unknown)
        program = highspy.HighsLp()
        program.num_row_, program.num_col_ = matrix.shape
        program.col_cost_ = np.zeros(unknown)
        program.col_lower_ = np.zeros(unknown)
        upper = np.full(unknown, 100_000.0)
        upper[list(nothing)] = 0.0
        program.col_upper_ = upper
        counts = np.array([float(each.count) for each in sums])
        program.row_lower_ = counts
        program.row_upper_ = np.where([each.or_more for each in sums], highspy.kHighsInf, counts)
        program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        program.a_matrix_.start_ = matrix.indptr
        program.a_matrix_.index_ = matrix.indices
        program.a_matrix_.value_ = matrix.data
        self._solver = highspy.Highs()
        self._unknown = unknown
        for option, value in (("output_flag", False), ("threads", 1), ("simplex_strategy", 4)):
            self._solver.setOptionValue(option, value)
        assert self._solver.passModel(program) == highspy.HighsStatus.kOk

    def narrow(self, targets: csr_matrix, width: float) -> list[int]:
        """Return the targets that are not seen to reach over the width in any possible numbers tried."""
        lows, highs = np.full(targets.shape[0], np.inf), np.full(targets.shape[0], -np.inf)
        chance = np.random.default_rng(1)
        left, idle = np.arange(targets.shape[0]), 0
        for _ in range(_ROUNDS):
            signs = np.where(chance.random(len(left)) < 0.5, 1.0, -1.0)
            numbers, _ = self._least(np.asarray(signs @ targets[left]).ravel())
            values = targets @ numbers
            lows, highs = np.minimum(lows, values), np.maximum(highs, values)
            now = np.flatnonzero(highs - lows < width - NEAR)
            idle = idle + 1 if len(now) > 0.98 * len(left) else 0
            left = now
            if len(left) < 4 or idle == _IDLE:
                break
        return left.tolist()

    def range_of(self, target: csr_matrix) -> Range:
        """Return the range of one target."""
        aim = target.toarray().ravel()
        numbers, gives_low = self._least(aim)
        low = float(aim @ numbers)
        numbers, gives_high = self._least(-aim)
        return Range(low, float(aim @ numbers), gives_low, gives_high)

    def _least(self, aim: Floats) -> tuple[Floats, tuple[tuple[float, int], ...]]:
        self._solver.changeColsCost(self._unknown, np.arange(self._unknown, dtype=np.int32), aim)
        self._solver.run()
        status = self._solver.getModelStatus()
        assert status == highspy.HighsModelStatus.kOptimal, status
        solution = self._solver.getSolution()
        duals = np.asarray(solution.row_dual)
        used = np.flatnonzero(np.abs(duals) > NEAR)
        return np.asarray(solution.col_value), tuple((float(duals[row]), int(row)) for row in used)


def matrix_of(rows: Sequence[dict[int, int]], unknown: int) -> csr_matrix:
    """Return a matrix with these numbers in its rows."""
    ends = np.cumsum([0, *(len(row) for row in rows)])
    columns = np.array([place for row in rows for place in row], dtype=np.int32)
    values = np.array([sign for row in rows for sign in row.values()], dtype=float)
    return csr_matrix((values, columns, ends), shape=(len(rows), unknown))
