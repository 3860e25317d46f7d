"""The attack on small counts of the work: what every table of every release shows, as one program. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix, vstack

from engine.outcomes.releases.linear_attack import LinearAttack, Sums, rows_of
from engine.outcomes.releases.work_counts import Atom, Counts, Sum, family


@dataclass(frozen=True)
class KnownSum:
    """A count that a release shows. ``block`` is the table, and its group, that can be hidden for it."""

    release: int
    atoms: Sum
    count: int
    block: tuple[str, str | None] | None
    label: str


@dataclass(frozen=True)
class TargetSum:
    """A count that no one may work out; without ``count`` it is one of an earlier release."""

    release: int
    atoms: Sum
    count: int | None


def attack_on(
    known: Sequence[KnownSum],
    targets: Sequence[TargetSum],
    counts: Counts,
    releases: int,
    seconds_left: Callable[[], float],
) -> tuple[LinearAttack, list[TargetSum]]:
    """Return the attack, whose first rows are what is known, in this order, and the targets that it has.

    Numbers behind tables that a release hides are left out of it: nothing narrows them.
    """
    columns: dict[tuple[int, Atom], int] = {}

    def at(release: int, atoms: Iterable[Atom]) -> list[int]:
        return [columns.setdefault((release, atom), len(columns)) for atom in atoms]

    open_: list[set[str]] = [{""} for _ in range(releases)]
    for each in known:
        open_[each.release] |= {family(atom) for atom in each.atoms}
    sums = [at(each.release, each.atoms) for each in known]
    equal = []
    for release in range(releases):
        now = counts.equal_now if release == releases - 1 else []
        for one, other in (*counts.equal, *now):
            if {family(atom) for atom in (*one, *other)} <= open_[release]:
                equal.append((at(release, one), at(release, other)))
    grow = [
        (at(release, each), at(release + 1, each)) for release in range(releases - 1) for each in counts.grow
    ]
    attacked = [each for each in targets if {family(atom) for atom in each.atoms} <= open_[each.release]]
    wanted = [at(each.release, each.atoms) for each in attacked]
    width = len(columns)

    def differences(pairs: Sequence[tuple[list[int], list[int]]]) -> csr_matrix:
        return (
            rows_of([one for one, _ in pairs], width) - rows_of([other for _, other in pairs], width)
        ).tocsr()

    rows = rows_of(wanted, width)
    attack = LinearAttack(
        Sums(
            vstack([rows_of(sums, width), differences(equal)]).tocsr(),
            np.array([*(each.count for each in known), *([0] * len(equal))], dtype=float),
            differences(grow) if grow else None,
        ),
        least=rows,
        most=rows,
        true=[each.count for each in attacked],
        seconds_left=seconds_left,
    )
    return attack, attacked
