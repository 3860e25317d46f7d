"""The combinations that published figures leave open, in the parts that do not depend on one another. Pure.

Most of a table is fixed by what is published. What is left is small, and so is the search for its extremes.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from engine.outcomes.suppression.linked_tables import Bools, Floats, Ints, LinkedFigures


class StillOpen:
    """The open part of one choice of hidden figures; made once for all figures that are attacked."""

    def __init__(self, figures: LinkedFigures, hidden: Bools) -> None:
        self._figures = figures
        published = np.flatnonzero(~hidden)
        sums = figures.sums[published]
        counts = figures.counts[published].astype(float)
        self.fixed = np.zeros(figures.sums.shape[1])
        """The number of each combination that is known; 0 for those that are open."""
        self.is_open = np.ones(figures.sums.shape[1], dtype=np.bool_)
        while True:
            left = counts - sums @ self.fixed
            open_in = sums @ self.is_open.astype(float)
            nought, single = (left < 0.5) & (open_in > 0), open_in == 1
            none = (sums[nought].T @ np.ones(nought.sum()) > 0) & self.is_open
            known = np.flatnonzero(single & ~nought)
            self.is_open &= ~none
            for row in known:
                column = sums.indices[sums.indptr[row] : sums.indptr[row + 1]]
                column = column[self.is_open[column]]
                self.fixed[column], self.is_open[column] = left[row], False
            if not none.any() and not len(known):
                break
        self.is_contradicted = bool((self.fixed < -0.5).any() or (np.abs(left[open_in == 0]) > 0.5).any())
        """True if what is published cannot be of people."""
        rows = np.flatnonzero(open_in > 0)
        self._rows: csr_matrix = sums[rows]
        self._left = left[rows]
        self._part = self._parts()

    def _parts(self) -> Ints:
        """Return the number of the part that each combination is in."""
        rows, columns = self._rows.shape
        linked = self._rows.tocoo()
        inside = self.is_open[linked.col]
        graph = csr_matrix(
            (np.ones(inside.sum()), (linked.row[inside], linked.col[inside] + rows)),
            shape=(rows + columns, rows + columns),
        )
        return np.asarray(connected_components(graph, directed=False)[1])

    def of_figure(self, figure: int) -> tuple[Ints, csr_matrix, Floats]:
        """Return the open combinations that bear on a figure, and the sums of them that are known."""
        rows = self._rows.shape[0]
        members = self._figures.sums[figure].indices
        parts = self._part[members[self.is_open[members]] + rows]
        columns = np.flatnonzero(self.is_open & np.isin(self._part[rows:], parts))
        chosen = np.flatnonzero(np.isin(self._part[:rows], parts))
        return columns, self._rows[chosen][:, columns], self._left[chosen]

    def everything(self) -> tuple[Ints, csr_matrix, Floats]:
        """Return all open combinations, and the sums of them that are known."""
        columns = np.flatnonzero(self.is_open)
        return columns, self._rows[:, columns], self._left
