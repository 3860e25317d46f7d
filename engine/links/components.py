"""Connected components, and a register in figures. Knows the compact form; judges no person."""

from __future__ import annotations

from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from engine.links.kinds import Role
from engine.links.register import Register, date_of

_MOST_IDS = 10


class LargeComponent(TypedDict):
    """One of the largest connected components: its size, types of entity, and the first few ids."""

    size: int
    types: dict[str, int]
    first_ids: list[str]


class ComponentFigures(TypedDict):
    """The connected components of a register in figures."""

    components: int
    largest: int
    sizes: dict[str, int]
    largest_ones: list[LargeComponent]


class MostLinked(TypedDict):
    """The entities of one type that are linked to the most others."""

    degree: int
    links: int
    ids: list[str]
    as_many: int


Dates = TypedDict("Dates", {"from": str | None, "to": str | None, "not_recorded": int})
"""The first and the last date of the links, and how many have none."""


class RegisterFigures(TypedDict):
    """A register in figures."""

    entities: dict[str, int]
    links: dict[str, int]
    components: int
    largest_component: int
    max_degree: dict[str, MostLinked]
    entity_count: int
    link_count: int
    repeated_rows: int
    roles: dict[str, int]
    dates: Dates


def component_labels(register: Register) -> NDArray[np.int32]:
    """Return, for each entity, the least number in its connected component.

    Labels are handed on along links and shortened along themselves until nothing changes: linear work for
    each round, and few rounds.
    """
    labels = np.arange(len(register), dtype=np.int32)
    start, end = register.links.start, register.links.end
    while True:
        before = labels.copy()
        least = np.minimum(labels[start], labels[end])
        np.minimum.at(labels, labels[start], least)
        np.minimum.at(labels, labels[end], least)
        while not np.array_equal(labels, labels[labels]):
            labels = labels[labels]
        if np.array_equal(before, labels):
            return labels


def components(register: Register, *, most: int = _MOST_IDS) -> ComponentFigures:
    """Return the number of components, their sizes, and who is in the largest ones."""
    labels = component_labels(register)
    names, sizes = np.unique(labels, return_counts=True)
    order = np.lexsort((names, -sizes))
    by_size, how_many = np.unique(sizes, return_counts=True)
    return {
        "components": len(names),
        "largest": int(sizes.max()) if len(sizes) else 0,
        "sizes": {
            str(size): int(number)
            for size, number in sorted(zip(by_size.tolist(), how_many.tolist(), strict=True), reverse=True)
        },
        "largest_ones": [
            {
                "size": int(sizes[place]),
                "types": _by_word(
                    register.entities.types.words,
                    register.entities.types.codes[labels == names[place]],
                    "type not recorded",
                ),
                "first_ids": [
                    register.id_of(n) for n in np.flatnonzero(labels == names[place])[:most].tolist()
                ],
            }
            for place in order[:most].tolist()
        ],
    }


def summary(register: Register) -> RegisterFigures:
    """Return a register in figures: entities by type, links by kind, components, who has the most links."""
    entities, links = register.entities, register.links
    sizes = np.bincount(component_labels(register)) if len(register) else np.zeros(0, dtype=np.int64)
    dated = links.days[links.days > 0]
    return {
        "entities": _by_word(entities.types.words, entities.types.codes, "type not recorded"),
        "links": _by_word(links.kinds.words, links.kinds.codes, "kind not recorded"),
        "components": int((sizes > 0).sum()),
        "largest_component": int(sizes.max()) if len(sizes) else 0,
        "max_degree": _most_linked(register),
        "entity_count": len(register),
        "link_count": register.link_count,
        "repeated_rows": int((links.times - 1).sum()),
        "roles": {
            Role(code).in_words: int(number)
            for code, number in zip(*(each.tolist() for each in _counted(links.roles)), strict=True)
        },
        "dates": {
            "from": _date(register, int(np.argmin(np.where(links.days > 0, links.days, 10**7)))),
            "to": _date(register, int(np.argmax(links.days))),
            "not_recorded": register.link_count - len(dated),
        }
        if register.link_count
        else {"from": None, "to": None, "not_recorded": 0},
    }


def _counted(codes: NDArray[np.int8]) -> tuple[NDArray[np.int8], NDArray[np.intp]]:
    return np.unique(codes, return_counts=True)


def _date(register: Register, number: int) -> str | None:
    partial_date = date_of(int(register.links.days[number]), int(register.links.precisions[number]))
    return None if partial_date is None else str(partial_date)


def _by_word(words: tuple[str, ...], codes: NDArray[np.signedinteger], blank: str) -> dict[str, int]:
    numbers = np.bincount(codes, minlength=len(words) + 1).tolist()
    fields = dict(zip((blank, *words), numbers, strict=True))
    return {term: fields[term] for term in sorted(fields, key=lambda w: (-fields[w], w)) if fields[term]}


def _most_linked(register: Register) -> dict[str, MostLinked]:
    """Return, for each type, the most others that one of it is linked to, and who they are."""
    fields: dict[str, MostLinked] = {}
    types, degrees = register.entities.types, register.neighbours
    links = register.degrees
    for code, term in enumerate(("type not recorded", *types.words)):
        rows = np.flatnonzero(types.codes == code)
        if not len(rows):
            continue
        most = int(degrees[rows].max())
        of_most = rows[degrees[rows] == most]
        fields[term] = {
            "degree": most,
            "links": int(links[of_most].max()),
            "ids": [register.id_of(n) for n in of_most.tolist()],
            "as_many": len(of_most),
        }
    return fields
