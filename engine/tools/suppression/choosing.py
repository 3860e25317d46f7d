"""Choosing what else to hide: the fewest cells where that can be found, else enough of them. Pure.

Hiding more does not narrow a range. So a published set that gives a figure away is a rule for every choice:
one of it must be hidden. The fewest cells that follow all such rules are tried and attacked, and the attack's
new rules are added, until nothing is given away (an implicit hitting set).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix

from engine.outcomes.suppression.attacking import Attack, Exposed, OutOfTimeError, is_whole
from engine.outcomes.suppression.linked_tables import Bools, Floats

_MOST_TRIED = 2_000


def fewest(attack: Attack, primary: Bools, *, seconds: float) -> Bools:
    """Return the smallest safe choice: fewest cells, and of those the fewest people hidden.

    Raises OutOfTimeError when the time is over before it is known to be the smallest.
    """
    figures = attack.figures
    rules = _Rules(len(figures.counts))
    hidden = _safe_choice(attack, primary, rules, figures.cells.astype(float), None, seconds)
    most = int(figures.cells[hidden].sum())
    people = (figures.cells * figures.counts).astype(float)
    return _safe_choice(attack, primary, rules, people / max(people.max(), 1.0), most, seconds)


class _Rules:
    """Rules of the kind: where this figure is hidden, one of those must be too."""

    def __init__(self, figures: int) -> None:
        self._figures = figures
        self.rules: list[Exposed] = []

    def matrix(self) -> csr_matrix:
        rows, columns, values = [], [], []
        for place, rule in enumerate(self.rules):
            for figure in sorted(rule.because):
                rows.append(place)
                columns.append(figure)
                values.append(1.0)
            rows.append(place)
            columns.append(rule.figure)
            values.append(-1.0)
        return csr_matrix((values, (rows, columns)), shape=(len(self.rules), self._figures))


def _safe_choice(
    attack: Attack, primary: Bools, rules: _Rules, costs: Floats, most_cells: int | None, seconds: float
) -> Bools:
    while True:
        hidden = _cheapest(attack, primary, rules, costs, most_cells, seconds)
        exposed = attack.exposed(hidden)
        if not exposed:
            return hidden
        rules.rules += exposed


def _cheapest(
    attack: Attack, primary: Bools, rules: _Rules, costs: Floats, most_cells: int | None, seconds: float
) -> Bools:
    constraints = []
    if rules.rules:
        constraints.append(LinearConstraint(rules.matrix(), 0, np.inf))
    if most_cells is not None:
        constraints.append(LinearConstraint(csr_matrix(attack.figures.cells.astype(float)), 0, most_cells))
    solved = milp(
        costs,
        constraints=constraints,
        bounds=Bounds(primary.astype(float), 1),
        integrality=np.ones(len(costs)),
        options={"time_limit": seconds, "mip_rel_gap": 0.0},
    )
    if solved.status != 0:
        raise OutOfTimeError
    return np.asarray(solved.x > 0.5)


def enough(attack: Attack, primary: Bools) -> Bools:
    """Return a safe choice, found figure by figure, attacked again until nothing is given away, and thinned.

    Raises OutOfTimeError when the time is over before it is safe.
    """
    hidden = primary.copy()
    costs = 1 + attack.figures.counts / max(int(attack.figures.counts.max(initial=1)), 1)
    costs = costs * attack.figures.cells
    while (figure := attack.first_exposed(hidden)) is not None:
        hidden = _opened(attack, figure, hidden, costs)
    return _thinned(attack, hidden, primary, costs)


def _opened(attack: Attack, figure: int, hidden: Bools, costs: Floats) -> Bools:
    """Hide what a second possible table changes, so that this figure has a range that is wide enough."""
    best: tuple[float, Bools] | None = None
    for aim in (attack.width, -attack.width):
        table = attack.nearest(figure, hidden, costs, aim=aim, whole=False)
        if table is not None and not is_whole(table):
            table = attack.nearest(figure, hidden, costs, aim=aim, whole=True)
        if table is None:
            continue
        attack.remember(table)
        changed = np.rint(attack.figures.sums @ np.rint(table)) != attack.figures.counts
        more = hidden | changed
        price = float(costs[more & ~hidden].sum())
        if best is None or price < best[0]:
            best = (price, more)
    if best is None or (best[1] == hidden).all():
        raise OutOfTimeError
    return best[1]


def _thinned(attack: Attack, hidden: Bools, primary: Bools, costs: Floats) -> Bools:
    """Publish again, dearest first, what no hidden figure needs."""
    try:
        for figure in _dearest_first(hidden & ~primary, costs)[:_MOST_TRIED]:
            fewer = hidden.copy()
            fewer[figure] = False
            if attack.first_exposed(fewer) is None:
                hidden = fewer
    except OutOfTimeError:
        pass  # it is safe as it is, only not as thin as it could be
    return hidden


def _dearest_first(chosen: Bools, costs: Floats) -> Sequence[int]:
    return sorted(np.flatnonzero(chosen).tolist(), key=lambda figure: (-costs[figure], figure))
