"""Inference of entities of an unknown type from the links between them. Guesses aloud, or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.links.kinds import Role, Shape

_SHOWN = 60
_CLAIMS = Role.PERPETRATOR | Role.VICTIM
_OTHERWISE = "[shapes] in a mapping file can change this"


@dataclass
class LinkedTypes:
    """The evidence of a file's links about the types of their ends, gathered link by link."""

    starts: set[str] = field(default_factory=set)
    ends: set[str] = field(default_factory=set)
    roles: Role = Role.NOT_RECORDED
    claimed: dict[str, set[str]] = field(default_factory=dict)
    """Each type with those that are its perpetrators or victims."""

    def add(self, start: str, end: str, types: Mapping[str, str], role: Role) -> None:
        """Add one more link."""
        self.starts.add(start)
        self.ends.add(end)
        self.roles |= role
        if role & _CLAIMS:
            self.claimed.setdefault(types[start], set()).add(types[end])
            self.claimed.setdefault(types[end], set()).add(types[start])


@dataclass(frozen=True)
class Guessed:
    """The shapes of types, or of single entities where a type is not enough, and a sentence for each."""

    by_type: Mapping[str, Shape] = field(default_factory=dict)
    by_entity: Mapping[str, Shape] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def guessed_shapes(types: Mapping[str, str], shapes: Mapping[str, Shape], linked: LinkedTypes) -> Guessed:
    """Return what the types of entities that are known by no word must be. ``types`` is of each entity."""
    if shapes_by_name := _by_claims(shapes, linked):
        return Guessed(
            shapes_by_name, notes=tuple(_note(kind, shape) for kind, shape in shapes_by_name.items())
        )
    kinds = set(types.values())
    if len(kinds) != 1 or shapes[(only := kinds.pop())] is not Shape.OTHER or not linked.starts:
        return Guessed()
    if linked.starts.isdisjoint(linked.ends) and _is_of_incidents(linked.roles):
        sides = dict.fromkeys(linked.starts, Shape.PERSON) | dict.fromkeys(linked.ends, Shape.INCIDENT)
        sentence = (
            "no type separates people from incidents: links lead from one set of entities to another and "
            f"have roles, so the first are read as people and the others as incidents; {_OTHERWISE}"
        )
        return Guessed(by_entity=sides, notes=(sentence,))
    return Guessed({only: Shape.PERSON}, notes=(_note(only, Shape.PERSON, "as no other type is given"),))


def _is_of_incidents(roles: Role) -> bool:
    """Return whether they are of incidents: in links between two people all starts have one role, in an
    incident people have several.
    """
    return bool(roles & Role.PERPETRATOR and roles & (Role.VICTIM | Role.WITNESS))


def _by_claims(shapes: Mapping[str, Shape], linked: LinkedTypes) -> dict[str, Shape]:
    unknown = sorted(kind for kind in linked.claimed if shapes[kind] is Shape.OTHER)
    shapes_by_name: dict[str, Shape] = {}
    for _ in range(2):  # what is known of one may show another
        for kind in unknown:
            others = {shapes_by_name.get(each, shapes[each]) for each in linked.claimed[kind]}
            if kind not in shapes_by_name and Shape.PERSON in others:
                shapes_by_name[kind] = Shape.INCIDENT
            elif kind not in shapes_by_name and Shape.INCIDENT in others:
                shapes_by_name[kind] = Shape.PERSON
    return shapes_by_name


def _note(kind: str, shape: Shape, why: str = "by the roles in their links") -> str:
    name = f"'{kind[:_SHOWN]}'" if kind else "not recorded"
    return f"entities whose type is {name} are read as {shape.value}s, {why}; {_OTHERWISE}"
