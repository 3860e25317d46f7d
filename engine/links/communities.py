"""Communities of an imported network by the Leiden method. Says how stable they are; judges no person.

Traag, Waltman, van Eck 2019, "From Louvain to Leiden", as graspologic-native has it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.links.network import Network, Numbers
from engine.links.register import Register

_TRIALS_TO = 5_000
_TRIALS = 10
_OTHER_SEEDS = 5
_RANDOMNESS = 0.001


class CommunitiesFound(NamedTuple):
    """Groups with more links inside than chance would give, the largest first, each in the order of ids."""

    modularity: float | None
    """None in a network without links: it has no groups to compare."""
    communities: tuple[tuple[str, ...], ...]


class Stability(NamedTuple):
    """Agreement of runs with other seeds with a result."""

    runs: int
    links: int
    agreeing: int
    """Links that are inside a community, or between 2, alike in every run."""
    fewest: int
    most: int
    """The fewest and the most communities of a run."""


def communities(register: Register, network: Network, *, seed: int) -> CommunitiesFound:
    """Return the communities of a network; the same for the same seed. An unlinked entity is one of its own.

    Parameters
    ----------
    register : Register
        Where the ids are.
    network : Network
        Its simple network, of all links or of some kinds.
    seed : int
        Where the method begins; other seeds may give other groups.

    Returns
    -------
    CommunitiesFound
        ``modularity`` is the sum over communities of the share of links inside, less the square of their
        share of all ends of links (Newman and Girvan 2004).
    """
    labels = labels_of(network, seed)
    ids = register.entities.ids.all()
    by_label: dict[int, list[str]] = {}
    for number, label in enumerate(labels.tolist()):
        by_label.setdefault(label, []).append(ids[number])
    groups = sorted((tuple(sorted(group)) for group in by_label.values()), key=lambda g: (-len(g), g))
    return CommunitiesFound(modularity(network, labels), tuple(groups))


def modularity(network: Network, labels: Numbers) -> float | None:
    """Return the modularity of a grouping; None without links."""
    links = len(network.low)
    if not links:
        return None
    _, places = np.unique(labels, return_inverse=True)
    inside = np.count_nonzero(places[network.low] == places[network.high])
    ends = np.bincount(places, weights=network.degrees)
    return float(inside / links - ((ends / (2 * links)) ** 2).sum())


def stability(network: Network, *, seed: int, runs: int = _OTHER_SEEDS) -> Stability:
    """Return how far runs with the next seeds agree with the run of this seed."""
    by_run = [labels_of(network, seed + turn) for turn in range(runs + 1)]
    inside = np.array([labels[network.low] == labels[network.high] for labels in by_run])
    numbers = [len(np.unique(labels)) for labels in by_run]
    agreeing = np.count_nonzero((inside == inside[0]).all(axis=0))
    return Stability(runs, len(network.low), int(agreeing), min(numbers), max(numbers))


def labels_of(network: Network, seed: int) -> Numbers:
    """Return the community of each entity, by its first member's number."""
    import graspologic_native  # only this needs it

    labels = np.arange(network.size)
    if not len(network.low):
        return labels
    edges = [(str(a), str(b), 1.0) for a, b in zip(network.low.tolist(), network.high.tolist(), strict=True)]
    _, found = graspologic_native.leiden(
        edges,
        None,
        randomness=_RANDOMNESS,
        seed=seed,
        trials=_TRIALS if network.size <= _TRIALS_TO else 1,
    )
    first: dict[int, int] = {}
    for number in range(network.size):
        if (community := found.get(str(number))) is not None:
            labels[number] = first.setdefault(community, number)
    return labels
