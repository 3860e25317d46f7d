"""Places for the nodes of a drawn graph. Knows numbers and links between them, not what they mean.

What was placed before stays exactly where it was: people remember a map by its places. Places of a map of
another size do not: 16 items and 1,700 cannot be read at one scale.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.links.packing import packed

Places = NDArray[np.float64]
Ends = NDArray[np.int64]
LENGTH = 130.0
"""Length of a drawn link, in the pixels of a drawing that is not zoomed."""
ROOM = (118.0, 58.0)
"""Least distance between two nodes, sideways and up, so that their names can be read."""
_ASPECT = 1.7
_EXACT = 240
"""Up to so many nodes every distance is weighed; beyond, those to a few pivots and the forces nearby."""
_PIVOTS = 24
_STRESS_ROUNDS, _FORCE_ROUNDS, _APART_ROUNDS = 50, 45, 90
_REACH = 2.6
_MOST_SPREADS = 2.5
"""In a star nearly all distances are alike: those that differ would be drawn far away from the others."""
_SCATTER = 0.06
_STEP = 0.6
"""Most that a node is pushed at once: a hundred in one place would push each other off the map."""
_FAR_BEYOND, _WIDER, _TIMES_WIDER = 1.5, 1.2, 8
_SCREEN = 600.0
_WIDEST = 2.0
_TOO_NEAR, _MOST_TOO_NEAR = 0.6, 0.05
_OTHER = 4


class Point(NamedTuple):
    """A place on the map."""

    x: float
    y: float


def layout(
    nodes: Sequence[str],
    links: Sequence[tuple[str, str]],
    *,
    placed: Mapping[str, Point] | None = None,
) -> dict[str, Point]:
    """Return a place for every node, the same for the same graph.

    Parameters
    ----------
    nodes : sequence of str
        The ids, in the order in which they are drawn.
    links : sequence of pairs of str
        Which are linked; direction and number of links do not matter.
    placed : mapping of str to Point, optional
        Places from before, of other nodes too. They stay, and new nodes are placed near what they are linked
        to, unless that could not be read: then all are placed again.

    Returns
    -------
    dict of str to Point
        In the order of the nodes.

    Examples
    --------
    >>> there = layout(["A", "B", "C"], [("A", "B"), ("B", "C")])
    >>> there == layout(["A", "B", "C"], [("A", "B"), ("B", "C")])
    True
    >>> layout(["A", "B"], [("A", "B")], placed={"A": Point(10, 20)})["A"]
    Point(x=10, y=20)

    Notes
    -----
    Up to 240 nodes by stress majorisation over every distance; beyond, by distances to 24 pivots and then
    by forces between near nodes, which grows little faster than the drawing does.
    """
    number = {node: n for n, node in enumerate(nodes)}
    ends = _ends(number, links)
    before = placed or {}
    stored = {number[node]: place for node, place in before.items() if node in number}
    is_other = not stored or len(nodes) > max(_EXACT, _OTHER * len(stored))
    places = None if is_other else _around_kept(len(nodes), ends, stored)
    if places is None or not _can_be_read(places, stored, known=len(before)):
        places, stored = _from_nothing(len(nodes), ends), {}
    found = [Point(round(x, 1), round(y, 1)) for x, y in places.tolist()]
    return {node: stored.get(n, found[n]) for n, node in enumerate(nodes)}


def _can_be_read(places: Places, stored: Mapping[int, Point], *, known: int) -> bool:
    """Return whether places round earlier ones are near enough to each other, and far enough apart.

    How wide they are is asked only of a map that is not most of the earlier one: a person may draw one wide.
    """
    crowded = _too_near(places, but=list(stored)) > _MOST_TOO_NEAR * len(places)
    if crowded or 2 * len(stored) >= max(len(places), known):
        return not crowded
    most = _SCREEN + _WIDEST * float(np.sqrt(len(places) * np.prod(ROOM)))
    return bool((np.ptp(places, axis=0) <= most).all())


def _too_near(places: Places, *, but: Sequence[int] = ()) -> int:
    """Return how many two are so near that their names cover each other, but two of these."""
    from scipy.spatial import cKDTree

    near = cKDTree(places / ROOM).query_pairs(_TOO_NEAR, output_type="ndarray")
    return int((~np.isin(near, but).all(axis=1)).sum())


def _ends(number: Mapping[str, int], links: Sequence[tuple[str, str]]) -> Ends:
    pairs = {(min(a, b), max(a, b)) for a, b in ((number[a], number[b]) for a, b in links) if a != b}
    return np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)


def _from_nothing(size: int, ends: Ends) -> Places:
    """Place each connected part separately, then close together, the largest first."""
    parts = _parts(size, ends)
    places = _side_by_side(size, parts, [_laid_part(part, ends) for part in parts])
    return places - places.mean(axis=0) if size else places


def _side_by_side(size: int, parts: Sequence[Ends], laid: Sequence[Places]) -> Places:
    """Return the places of these parts of a graph; what is linked to nothing is in rows of its own."""
    places = np.zeros((size, 2))
    alone = [int(part[0]) for part in parts if len(part) == 1]
    blocks = [(part, each) for part, each in zip(parts, laid, strict=True) if len(part) > 1]
    if alone:
        blocks.append((np.array(alone, dtype=np.int64), _in_rows(len(alone))))
        blocks.sort(key=lambda block: -float(np.prod(_extent(block[1]))))
    sizes = [(float(wide), float(high)) for wide, high in (_extent(each) for _, each in blocks)]
    for (part, each), corner in zip(blocks, packed(sizes, aspect=_ASPECT), strict=True):
        places[part] = each - each.min(axis=0) + corner
    return places


def _in_rows(size: int) -> Places:
    across = max(1, round(float(np.sqrt(size * _ASPECT * ROOM[1] / ROOM[0]))))
    at = np.arange(size)
    rows: Places = np.column_stack([at % across, at // across]) * np.array(ROOM)
    return rows


def _extent(places: Places) -> NDArray[np.float64]:
    extent: NDArray[np.float64] = np.ptp(places, axis=0) + ROOM
    return extent


def _laid_part(part: Ends, ends: Ends) -> Places:
    size = len(part)
    if size == 1:
        return np.zeros((1, 2))
    inside = _within(ends, part)
    if size <= _EXACT:
        places = _by_stress(size, inside)
    else:
        places = _by_forces(_by_pivots(size, inside), inside)
    return _with_room(_drawn_in(_lying(places)) * LENGTH)


def _within(ends: Ends, part: Ends) -> Ends:
    """Return the links between the nodes of a part, by the nodes' places in it; the part is in order."""
    if not len(ends):
        return ends
    at = np.minimum(np.searchsorted(part, ends), len(part) - 1)
    inside: Ends = at[(part[at] == ends).all(axis=1)]
    return inside


def _drawn_in(places: Places) -> Places:
    """Return the places, none far beyond nearly all others; a long chain is a band, not a line."""
    far = np.hypot(*places.T)
    most = _FAR_BEYOND * max(float(np.quantile(far, 0.9)), 1.0)
    beyond = np.maximum(far / most, 1.0)
    places = places * ((1.0 + np.log(beyond)) / beyond)[:, None]
    longest = _WIDEST * float(np.sqrt(len(places) * np.prod(ROOM))) / LENGTH
    drawn_in: Places = places * np.minimum(1.0, longest / np.maximum(np.ptp(places, axis=0), 1e-9))
    return drawn_in


def _with_room(places: Places) -> Places:
    """Push nodes apart; what is too dense for that is first drawn wider."""
    for _ in range(_TIMES_WIDER):
        if _too_near(places) <= len(places) // 4:
            break
        places = places * _WIDER
    return _apart(places)


def _around_kept(size: int, ends: Ends, stored: Mapping[int, Point]) -> Places:
    """Place new nodes beside a neighbour that is placed; they find room without moving it."""
    places = np.zeros((size, 2))
    fixed = np.zeros(size, dtype=bool)
    for node, place in stored.items():
        places[node], fixed[node] = place, True
    done = fixed.copy()
    chance = np.random.default_rng(size)
    while True:
        reach = [(a, b) for a, b in (*ends.tolist(), *ends[:, ::-1].tolist()) if done[a] and not done[b]]
        if not reach:
            break
        anchors: dict[int, list[int]] = {}
        for a, b in reach:
            anchors.setdefault(b, []).append(a)
        for node, others in anchors.items():
            turn = chance.random() * 2 * np.pi
            beside = np.array([np.cos(turn), np.sin(turn)]) * LENGTH
            places[node] = places[others].mean(axis=0) + beside
        done[list(anchors)] = True
    if not done.all() or not fixed.all():
        hang = np.flatnonzero(done)
        inside = _within(ends, hang)
        spread = _by_forces(places[hang] / LENGTH, inside, fixed=fixed[hang], rounds=30) * LENGTH
        places[hang] = _apart(spread, fixed=fixed[hang])
        _place_below(places, ends, done)
    return places


def _place_below(places: Places, ends: Ends, done: NDArray[np.bool_]) -> None:
    """Place what is not linked to anything that is placed below all of it, close together."""
    parts = [part for part in _parts(len(places), ends) if not done[part].any()]
    if not parts:
        return
    block = _side_by_side(len(places), parts, [_laid_part(part, ends) for part in parts])
    low = places[done]
    rest = ~done
    places[rest] = block[rest] + (low[:, 0].min(), low[:, 1].max() + 2 * ROOM[1])


def _parts(size: int, ends: Ends) -> list[Ends]:
    """Return the connected parts, the largest first."""
    from scipy.sparse.csgraph import connected_components  # a third of a second that only a drawing waits for

    if not size:
        return []
    count, label = connected_components(_matrix(size, ends), directed=False)
    parts = [np.flatnonzero(label == part) for part in range(count)]
    return sorted(parts, key=lambda part: (-len(part), int(part[0])))


def _matrix(size: int, ends: Ends):  # type: ignore[no-untyped-def]  # scipy.sparse has no types
    from scipy.sparse import coo_matrix

    ones = np.ones(len(ends))
    return coo_matrix((ones, (ends[:, 0], ends[:, 1])), shape=(size, size)).tocsr()


def _steps_from(size: int, ends: Ends, sources: Ends | None = None) -> Places:
    """Return how many links away each node is from these, or from every one."""
    from scipy.sparse.csgraph import dijkstra

    steps: Places = dijkstra(_matrix(size, ends), directed=False, unweighted=True, indices=sources)
    return steps


def _by_pivots(size: int, ends: Ends) -> Places:
    """Return the two directions in which distances to a few far-apart nodes differ most (pivot MDS)."""
    matrix = np.zeros((size, 0))
    pivot = int(np.bincount(ends.ravel(), minlength=size).argmax())
    for _ in range(min(_PIVOTS, size)):
        matrix = np.column_stack([matrix, _steps_from(size, ends, np.array([pivot]))[0]])
        pivot = int(matrix.min(axis=1).argmax())
    squares = matrix**2
    centred = squares - squares.mean(axis=0) - squares.mean(axis=1, keepdims=True) + squares.mean()
    _, vectors = np.linalg.eigh(centred.T @ centred)
    places: Places = centred @ vectors[:, [-1, -2]]
    spread = places.std(axis=0)
    places = places / np.where(spread > 0, spread, 1.0)
    places = np.clip(places, -_MOST_SPREADS, _MOST_SPREADS) * np.sqrt(size) * (0.5, 0.4)
    return places + _scattered(size) * max(0.3, _SCATTER * float(np.sqrt(size)))


def _scattered(size: int) -> Places:
    """Return the same for the same size: no two nodes begin in one place."""
    return np.random.default_rng(size).normal(size=(size, 2))


def _by_stress(size: int, ends: Ends) -> Places:
    """Place nodes as far apart on the map as they are in links (stress majorisation),
    near ones weighing most.
    """
    far = _steps_from(size, ends)
    places = _by_pivots(size, ends) if size > 2 else _scattered(size)
    with np.errstate(divide="ignore"):
        weights = 1.0 / far**2
    np.fill_diagonal(weights, 0.0)
    laplacian = -weights
    np.fill_diagonal(laplacian, weights.sum(axis=1))
    inverse = np.linalg.pinv(laplacian)
    for _ in range(_STRESS_ROUNDS):
        apart = np.hypot(*(places[:, None, :] - places[None, :, :]).transpose(2, 0, 1))
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = np.where(apart > 1e-9, weights * far / apart, 0.0)
        pull = -ratio
        np.fill_diagonal(pull, ratio.sum(axis=1))
        places = inverse @ (pull @ places)
    return places


def _by_forces(
    places: Places, ends: Ends, *, fixed: NDArray[np.bool_] | None = None, rounds: int = _FORCE_ROUNDS
) -> Places:
    """Draw linked nodes together, and push near ones apart, in steps that grow smaller."""
    from scipy.spatial import cKDTree

    free = np.ones(len(places), dtype=bool) if fixed is None else ~fixed
    a, b = ends[:, 0], ends[:, 1]
    for turn in range(rounds):
        move = np.zeros_like(places)
        near = cKDTree(places).query_pairs(_REACH, output_type="ndarray")
        away = places[near[:, 0]] - places[near[:, 1]]
        apart = np.maximum(np.einsum("ij,ij->i", away, away), 0.01)[:, None]
        _push(move, near[:, 0], near[:, 1], away / apart)
        along = places[b] - places[a]
        _push(move, a, b, along * np.hypot(along[:, 0], along[:, 1])[:, None] * 0.6)
        step = np.hypot(move[:, 0], move[:, 1])[:, None]
        most = 1.2 * (1 - turn / rounds) + 0.02
        places = places + np.where(free[:, None], move * np.minimum(1.0, most / np.maximum(step, 1e-9)), 0.0)
    return places


def _push(move: Places, one: Ends, other: Ends, by: Places) -> None:
    """Move the first of each two by so much, and the second the other way."""
    for axis in (0, 1):
        move[:, axis] += np.bincount(one, by[:, axis], len(move)) - np.bincount(other, by[:, axis], len(move))


def _lying(places: Places) -> Places:
    """Turn the map so that it is wider than high, as screens are."""
    centred = places - places.mean(axis=0)
    _, turned = np.linalg.eigh(centred.T @ centred)
    flat: Places = centred @ turned[:, ::-1]
    return flat


def _apart(places: Places, *, fixed: NDArray[np.bool_] | None = None) -> Places:
    """Push nodes apart until names can be read."""
    from scipy.spatial import cKDTree

    free = np.ones(len(places), dtype=bool) if fixed is None else ~fixed
    room = np.array(ROOM)
    places = places / room
    for _ in range(_APART_ROUNDS):
        near = cKDTree(places).query_pairs(1.0, output_type="ndarray")
        near = near[free[near].any(axis=1)]
        if not len(near):
            break
        away = places[near[:, 0]] - places[near[:, 1]]
        apart = np.hypot(away[:, 0], away[:, 1])[:, None]
        away = np.where(apart > 1e-6, away / np.maximum(apart, 1e-6), (0.0, 1.0))
        move = np.zeros_like(places)
        _push(move, near[:, 0], near[:, 1], away * (1.02 - apart) * 0.5)
        step = np.hypot(move[:, 0], move[:, 1])[:, None]
        move *= np.minimum(1.0, _STEP / np.maximum(step, 1e-9))
        places = places + np.where(free[:, None], move, 0.0)
    spread: Places = places * room
    return spread
