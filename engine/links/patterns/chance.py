"""A pattern by chance: its findings when links are exchanged at random. Judges no finding."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from engine.links.patterns.commonness import ByChance
from engine.links.patterns.finding import PatternKey
from engine.links.patterns.scan import scan
from engine.links.patterns.thresholds import Thresholds
from engine.links.register import Ints, Register

RESHUFFLES = 100
_FEWEST = 20
_LINKS_READ = 1_000_000
"""Over all reshuffles: about 20 seconds. A larger register gets fewer of them."""
_TRIES = 50
_SEED = 20_261_125

Progress = Callable[[int, int], object]
"""Given the number of reshuffles done, and of all."""


def reshuffled(register: Register, seed: int) -> Register:
    """Return the register with the ends of links exchanged at random among links of one kind.

    Each entity stays in as many links of each kind and role, with ends of the same shapes: so an incident
    still has as many perpetrators and victims, and a phone as many users. Who they are is chance. Dates stay
    with the first end.
    """
    links, shapes = register.links, register.entities.shapes
    alike = np.stack([links.kinds.codes, links.roles, shapes[links.start], shapes[links.end]]).astype(
        np.int64
    )
    _, groups = np.unique(alike, axis=1, return_inverse=True)
    chance = np.random.default_rng(seed)
    by_group = np.argsort(groups, kind="stable")
    at_random = np.lexsort((chance.random(len(groups)), groups))
    end = links.end.copy()
    end[by_group] = links.end[at_random]
    _without_loops(links.start, end, groups, chance)
    return Register(register.entities, replace(links, end=end), register.about)


def _without_loops(start: Ints, end: Ints, groups: NDArray[np.intp], chance: np.random.Generator) -> None:
    """Exchange the ends of links from an entity to itself with others of their kind: a register has none."""
    for _ in range(_TRIES):
        loops = np.flatnonzero(start == end)
        for row in loops.tolist():
            alike = np.flatnonzero(groups == groups[row])
            other = int(chance.choice(alike))
            end[row], end[other] = end[other], end[row]
        if not len(loops):
            return


def by_chance(
    register: Register,
    limits: Thresholds,
    key: PatternKey,
    *,
    found: int,
    most: int | None = None,
    links_read: int = _LINKS_READ,
    progress: Progress | None = None,
) -> ByChance | None:
    """Return how often a pattern is found in reshuffles of a register; None without links or findings.

    Parameters
    ----------
    register : Register
        The compact form.
    limits : Thresholds
        Those that the findings were made with.
    key : PatternKey
        The pattern.
    found : int
        The number of findings in the register itself.
    most : int, optional
        How many candidates are judged, as for the findings.
    links_read : int
        Over all reshuffles: a register with more links gets fewer.
    progress : callable, optional
        Given the number of reshuffles done, and of all.

    Notes
    -----
    100 reshuffles to 10,000 links; beyond that fewer, 20 at least. The same register gives the same answer.
    """
    if not register.link_count or not found:
        return None
    runs = max(_FEWEST, min(RESHUFFLES, links_read // register.link_count))
    counts = []
    for run in range(runs):
        again = scan(reshuffled(register, _SEED + run), limits, [key], most=most)
        counts.append(len(again.findings[key]))
        if progress is not None:
            progress(run + 1, runs)
    return ByChance(
        reshuffles=runs,
        as_many=sum(count >= found for count in counts),
        fewest=min(counts),
        most=max(counts),
        found=found,
    )
