"""Pairs of records that are worth comparing: those that share a key which few others share.

Chosen from the columns that there are, by how common their values are; no true answer is ever read.
One key where it is rare; where it is too common two together, and where those are, three.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from engine.identity.fields import Kind
from engine.identity.keys import forename_sound, keys_of, sound
from engine.identity.persons import NOT_RECORDED, Ints, Persons

MOST_PER_PERSON = 300
_MOST_BEFORE_MERGING = 12_000_000
_PER_RECORD_BEFORE_MERGING = 220
_LEAST_BEFORE_MERGING = 400_000
_LARGEST_BLOCKS = (150, 80, 40, 20, 10)
"""Tried in turn until the pairs of all blocks together are not too many for time and memory."""
_AT_THE_UTMOST = 3
_LEAST_GAIN = 0.0005
"""A combination of keys that fewer than this share of the records need is not tried."""

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, kw_only=True, eq=False)
class Candidates:
    """The pairs to compare, left record before right, and how they were come by."""

    left: Ints
    right: Ints
    keys: tuple[tuple[str, int], ...]
    """Each key or combination that brought pairs, with how many; the most first."""
    largest_block: int
    most_per_person: int
    left_out: int
    """Pairs of persons who had more than MOST_PER_PERSON others; those sharing least were left out."""


@dataclass(frozen=True, eq=False)
class _Key:
    name: str
    field: str
    codes: Ints
    is_coarsest: bool


def candidates(persons: Persons) -> Candidates:
    """Return the pairs worth comparing, at most MOST_PER_PERSON for each person."""
    if _is_small(persons):
        return _everything(persons)
    keys = list(_keys(persons))
    most = min(_MOST_BEFORE_MERGING, max(_LEAST_BEFORE_MERGING, _PER_RECORD_BEFORE_MERGING * persons.size))
    blocks: list[tuple[str, Ints, Ints]] = []
    for largest in _LARGEST_BLOCKS:
        blocks, pairs = [], 0
        for name, records, codes in _blocks(keys, persons.size, largest):
            blocks.append((name, records, codes))
            pairs += _pairs_in(codes)
            if pairs > (most if largest != _LARGEST_BLOCKS[-1] else _AT_THE_UTMOST * most):
                break
        else:
            return _merged(persons, blocks, largest)
    # Even the smallest blocks are too many: the first ones stay, single keys before combinations.
    return _merged(persons, blocks, _LARGEST_BLOCKS[-1])


def _is_small(persons: Persons) -> bool:
    if persons.second is None:
        return persons.size <= MOST_PER_PERSON + 1
    return max(persons.second, persons.size - persons.second) <= MOST_PER_PERSON


def _everything(persons: Persons) -> Candidates:
    if persons.second is None:
        left, right = np.triu_indices(persons.size, 1)
        most = persons.size - 1
    else:
        others = persons.size - persons.second
        left = np.repeat(np.arange(persons.second), others)
        right = np.tile(np.arange(persons.second, persons.size), persons.second)
        most = max(persons.second, others)
    return Candidates(
        left=left.astype(np.int64),
        right=right.astype(np.int64),
        keys=(("every pair", len(left)),),
        largest_block=persons.size,
        most_per_person=most,
        left_out=0,
    )


def _keys(persons: Persons) -> Iterator[_Key]:
    for column in persons.columns:
        for place, (name, key) in enumerate(keys_of(column.kind)):
            codes = _coded([key(value) for value in column.values])[column.codes]
            codes[column.codes < 0] = NOT_RECORDED
            yield _Key(f"{column.name} ({name})", column.name, codes, is_coarsest=place == 0)
    forename, surname = persons.column(Kind.FORENAME), persons.column(Kind.SURNAME)
    if forename is not None and surname is not None:
        sounds = [*map(forename_sound, forename.values), *map(sound, surname.values)]
        coded = _coded(sounds)
        ours, theirs = coded[forename.codes], coded[len(forename.values) + surname.codes]
        both = (forename.codes >= 0) & (surname.codes >= 0) & (ours >= 0) & (theirs >= 0)
        codes = np.minimum(ours, theirs) * (len(sounds) + 1) + np.maximum(ours, theirs)
        yield _Key(
            "names in either order (sound)", "names", np.where(both, codes, NOT_RECORDED), is_coarsest=False
        )


def _coded(texts: list[str]) -> Ints:
    places: dict[str, int] = {}
    return np.array(
        [places.setdefault(text, len(places)) if text else NOT_RECORDED for text in texts], dtype=np.int64
    )


def _blocks(keys: list[_Key], size: int, largest: int) -> Iterator[tuple[str, Ints, Ints]]:
    """Yield each key or combination with its records in a block of 2 to ``largest``."""
    everybody = np.arange(size)
    common: dict[tuple[int, ...], npt.NDArray[np.bool_]] = {}
    for place, key in enumerate(keys):
        yield from _rare(key.name, everybody, key.codes, largest, common, (place,), size)
    for pair in combinations(range(len(keys)), 2):
        first, second = (keys[place] for place in pair)
        if first.field == second.field or "names" in (first.field, second.field):
            continue
        records = np.flatnonzero(common[pair[:1]] & common[pair[1:]])
        yield from _combined([first, second], records, largest, common, pair, size)
    coarsest = [place for place, key in enumerate(keys) if key.is_coarsest]
    nobody = np.zeros(size, dtype=np.bool_)
    for three in combinations(coarsest, 3):
        too_common = [common.get(two, nobody) for two in combinations(three, 2)]
        records = np.flatnonzero(too_common[0] & too_common[1] & too_common[2])
        yield from _combined([keys[place] for place in three], records, largest, common, three, size)


def _combined(
    keys: list[_Key],
    records: Ints,
    largest: int,
    common: dict[tuple[int, ...], npt.NDArray[np.bool_]],
    place: tuple[int, ...],
    size: int,
) -> Iterator[tuple[str, Ints, Ints]]:
    if len(records) < max(2, _LEAST_GAIN * size):
        return
    codes = keys[0].codes[records]
    for key in keys[1:]:
        codes = codes * (int(key.codes.max()) + 1) + key.codes[records]
        codes = np.unique(codes, return_inverse=True)[1].astype(np.int64)
    name = " with ".join(key.name for key in keys)
    yield from _rare(name, records, codes, largest, common, place, size)


def _rare(
    name: str,
    records: Ints,
    codes: Ints,
    largest: int,
    common: dict[tuple[int, ...], npt.NDArray[np.bool_]],
    place: tuple[int, ...],
    size: int,
) -> Iterator[tuple[str, Ints, Ints]]:
    """Yield the records in blocks that are small enough.

    Which ones are in larger blocks is noted in ``common``.
    """
    has = codes >= 0
    records, dense = records[has], np.unique(codes[has], return_inverse=True)[1].astype(np.int64)
    in_block = np.bincount(dense)[dense] if len(dense) else dense
    too_common = np.zeros(size, dtype=np.bool_)
    too_common[records[in_block > largest]] = True
    common[place] = too_common
    usable = (in_block > 1) & (in_block <= largest)
    if usable.any():
        yield name, records[usable], dense[usable]


def _pairs_in(codes: Ints) -> int:
    sizes = np.bincount(codes)
    return int((sizes * (sizes - 1) // 2).sum())


def _merged(persons: Persons, blocks: list[tuple[str, Ints, Ints]], largest: int) -> Candidates:
    pairs: list[Ints] = []
    rarity: list[Floats] = []
    brought: list[tuple[str, int]] = []
    for name, records, codes in blocks:
        found, rare = _pairs_of(persons, records, codes)
        if len(found):
            pairs.append(found)
            rarity.append(rare)
            brought.append((name, len(found)))
    if not pairs:
        empty = np.zeros(0, dtype=np.int64)
        return Candidates(
            left=empty, right=empty, keys=(), largest_block=largest, most_per_person=0, left_out=0
        )
    distinct, inverse = np.unique(np.concatenate(pairs), return_inverse=True)
    shared = np.bincount(inverse, weights=np.concatenate(rarity)).astype(np.float32)
    left, right = np.divmod(distinct, persons.size)
    mask, most = _within_the_cap(left, right, shared, persons.size)
    return Candidates(
        left=left[mask],
        right=right[mask],
        keys=tuple(sorted(brought, key=lambda each: (-each[1], each[0]))),
        largest_block=largest,
        most_per_person=most,
        left_out=int(len(left) - np.count_nonzero(mask)),
    )


def _pairs_of(persons: Persons, records: Ints, codes: Ints) -> tuple[Ints, Floats]:
    """Return every pair within a block, as one number each, with the evidence of sharing that block."""
    order = np.lexsort((records, codes))
    records, codes = records[order], codes[order]
    starts = np.flatnonzero(np.r_[True, codes[1:] != codes[:-1]])
    sizes = np.diff(np.r_[starts, len(codes)])
    found: list[Ints] = []
    rare: list[Floats] = []
    for size in np.unique(sizes):
        members = records[starts[sizes == size][:, None] + np.arange(size)]
        one, other = np.triu_indices(int(size), 1)
        left, right = members[:, one].ravel(), members[:, other].ravel()
        if persons.second is not None:
            across = (left < persons.second) & (right >= persons.second)
            left, right = left[across], right[across]
        found.append(left * persons.size + right)
        rare.append(np.full(len(left), np.log(persons.size / size), dtype=np.float32))
    return np.concatenate(found), np.concatenate(rare)


def _within_the_cap(left: Ints, right: Ints, shared: Floats, size: int) -> tuple[npt.NDArray[np.bool_], int]:
    """Return which pairs stay so that none has more than MOST_PER_PERSON, and the most that any then has."""
    mask = np.ones(len(left), dtype=np.bool_)
    degrees = np.bincount(left, minlength=size) + np.bincount(right, minlength=size)
    if int(degrees.max()) > MOST_PER_PERSON:
        persons, scores = np.concatenate([left, right]), np.concatenate([shared, shared])
        order = np.lexsort((-scores, persons))
        starts = np.cumsum(degrees) - degrees
        rank = np.empty(len(order), dtype=np.int64)
        rank[order] = np.arange(len(order)) - starts[persons[order]]
        mask = (rank[: len(left)] < MOST_PER_PERSON) & (rank[len(left) :] < MOST_PER_PERSON)
        degrees = np.bincount(left[mask], minlength=size) + np.bincount(right[mask], minlength=size)
    return mask, int(degrees.max())
