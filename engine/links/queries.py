"""Questions to a register: which entities meet conditions, by how many linked ones. Opens no record.

A closed form of 2 parts. ``find`` says which entities are listed, by their type, attributes and what they are
linked to; ``count`` says what the value of each counts. Texts are compared without case and doubled spaces.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import BeforeValidator, Field, model_validator

from engine.domain.base import Frozen
from engine.domain.errors import InvalidInputError
from engine.links.columns import CodedColumn, TextColumn
from engine.links.kinds import SHAPES, Role, Shape, folded, role_of
from engine.links.network import Numbers
from engine.links.record_kinds import first_days
from engine.links.register import Register

_SHOWN = 60
_DEEPEST = 8
_Chosen = NDArray[np.bool_]


def _as_list(given: object) -> object:
    return [given] if isinstance(given, str) else given


def _as_role(given: object) -> object:
    role = role_of(given) if isinstance(given, str) else given
    if not isinstance(role, Role) or role not in (Role.PERPETRATOR, Role.VICTIM, Role.WITNESS, Role.OTHER):
        raise ValueError("a role is one of perpetrator, victim, witness, other")
    return role


Terms = Annotated[
    tuple[Annotated[str, Field(min_length=1)], ...], BeforeValidator(_as_list), Field(min_length=1)
]
"""One text or several: any of them will do."""
Roles = Annotated[
    tuple[Annotated[Role, BeforeValidator(_as_role)], ...], BeforeValidator(_as_list), Field(min_length=1)
]


class Entities(Frozen):
    """Conditions on an entity. All that are given must be met; none is every entity."""

    type: Terms | None = Field(
        default=None, description="a type of the files, or person, incident, place, ..."
    )
    id: Terms | None = Field(default=None, description="exactly as in the files")
    label: Terms | None = None
    attributes: dict[str, Terms] = Field(
        default_factory=dict, description="a column of the entity file = text"
    )
    linked: tuple[Linked, ...] = ()

    @property
    def depth(self) -> int:
        """Number of conditions within conditions."""
        return 1 + max((each.to.depth for each in self.linked), default=0)


class Linked(Frozen):
    """A condition on the other entities that one is directly linked to, each counted once."""

    to: Entities = Field(default_factory=Entities)
    kind: Terms | None = Field(default=None, description="a kind of link")
    role: Roles | None = Field(default=None, description="a role on the link")
    since: date | None = Field(default=None, description="no link that is certainly earlier")
    until: date | None = Field(default=None, description="no link that is certainly later")
    grade: Terms | None = Field(default=None, description="a grade on the link")
    at_least: int | None = Field(default=None, ge=0)
    at_most: int | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _some_number_will_do(self) -> Linked:
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise ValueError("at_least is more than at_most")
        if self.since is not None and self.until is not None and self.since > self.until:
            raise ValueError("since is after until")
        return self


class Query(Frozen):
    """A whole question."""

    find: Entities
    count: Linked | None = None

    @model_validator(mode="after")
    def _not_too_deep(self) -> Query:
        if max(self.find.depth, self.count.to.depth if self.count else 0) > _DEEPEST:
            raise ValueError(f"linked conditions may be nested {_DEEPEST} deep at most")
        return self


class Row(NamedTuple):
    """An entity that was found, and how many others are counted for it; None if nothing was to be counted."""

    id: str
    value: int | None


def query(register: Register, asked: Query) -> tuple[Row, ...]:
    """Return the entities that meet every condition, the largest value first, equal ones in the order of ids.

    One without any to count is listed with the value 0, unless ``count.at_least`` leaves it out. Raises
    InvalidInputError, with the place in the question, for a type, id, attribute or kind that the register
    does not have.

    Examples
    --------
    >>> from engine.links.building import RegisterBuilder
    >>> building = RegisterBuilder()
    >>> for entity_id, kind in (("P1", "person"), ("P2", "person"), ("C1", "crime")):
    ...     building.add_entity(entity_id, kind)
    >>> _ = building.add_link("P1", "P2", "knows"), building.add_link("P2", "C1", "involved")
    >>> in_one = Linked(to=Entities(type="incident"))
    >>> in_none = Linked(to=Entities(type="incident"), at_most=0)
    >>> people = Entities(type="person", linked=[in_none])
    >>> query(building.register(), Query(find=people, count=Linked(to=Entities(linked=[in_one]))))
    (Row(id='P1', value=1),)
    """
    ids = register.entities.ids
    rows = [Row(ids[number], value) for number, value in answered(register, asked).items()]
    return tuple(sorted(rows, key=lambda row: (-(row.value or 0), row.id)))


def answered(register: Register, asked: Query) -> dict[int, int | None]:
    """Return the numbers of the entities that meet every condition, with their values, in their own order.

    It asks for no id: of the record, each would be a read. Raises as ``query`` does.
    """
    chosen = _chosen(register, asked.find, "find")
    if asked.count is None:
        return dict.fromkeys(np.flatnonzero(chosen).tolist())
    counts = _counts(register, asked.count, "count")
    chosen &= _within(counts, asked.count, at_least=0)
    return {number: int(counts[number]) for number in np.flatnonzero(chosen).tolist()}


def _chosen(register: Register, wanted: Entities, place: str) -> _Chosen:
    """Return which entities meet every condition."""
    table = register.entities
    chosen = np.ones(len(register), dtype=bool)
    if wanted.type is not None:
        chosen &= _of_types(register, wanted.type, f"{place}.type")
    if wanted.id is not None:
        numbers = [_number_of(register, each, f"{place}.id") for each in wanted.id]
        chosen &= np.isin(np.arange(len(register)), numbers)
    if wanted.label is not None:
        chosen &= _equal(table.labels, wanted.label)
    for name, terms in wanted.attributes.items():
        if name not in table.attributes:
            raise _unknown(f"{place}.attributes", "entity has the attribute", name, _COLUMNS)
        chosen &= _equal(table.attributes[name], terms)
    for number, linked in enumerate(wanted.linked, start=1):
        counts = _counts(register, linked, f"{place}.linked.{number}")
        any_number = linked.at_least is None and linked.at_most is None
        chosen &= _within(counts, linked, at_least=1 if any_number else 0)
    return chosen


def _counts(register: Register, linked: Linked, place: str) -> Numbers:
    """Return for each entity the number of others that a condition is about."""
    targets = _chosen(register, linked.to, f"{place}.to")
    links = register.links
    followed = np.ones(register.link_count, dtype=bool)
    if linked.kind is not None:
        followed &= _of_kinds(links.kinds, linked.kind, f"{place}.kind")
    if linked.role is not None:
        followed &= (links.roles & sum(int(role) for role in set(linked.role))) != 0
    if linked.grade is not None:
        followed &= _coded_as(links.grades, linked.grade)
    if linked.until is not None:
        followed &= links.days <= linked.until.toordinal()
    if linked.since is not None:
        followed &= links.days >= np.array(first_days(linked.since))[links.precisions]
    start, end = links.start[followed].astype(np.int64), links.end[followed].astype(np.int64)
    one, other = np.concatenate([start, end]), np.concatenate([end, start])
    counted = targets[other]
    size = max(1, len(register))
    pairs = np.unique(one[counted] * size + other[counted])
    return np.bincount(pairs // size, minlength=len(register))


def _within(counts: Numbers, linked: Linked, *, at_least: int) -> _Chosen:
    within = counts >= (at_least if linked.at_least is None else linked.at_least)
    return within if linked.at_most is None else within & (counts <= linked.at_most)


def _of_types(register: Register, terms: Terms, place: str) -> _Chosen:
    """Return which entities are of a type, by the term of their file or by what it is to the patterns."""
    table, chosen = register.entities, np.zeros(len(register), dtype=bool)
    for term in terms:
        codes = [code for code, name in enumerate(table.types.words, start=1) if folded(name) == folded(term)]
        shape = next((number for number, each in enumerate(SHAPES) if each.value == folded(term)), None)
        if not codes and shape is None:
            shapes = ", ".join(Shape)
            raise _unknown(
                place, "entity is of the type", term, f"use one of the register's types, or {shapes}"
            )
        chosen |= np.isin(table.types.codes, codes)
        if shape is not None:
            chosen |= table.shapes == shape
    return chosen


def _of_kinds(kinds: CodedColumn, terms: Terms, place: str) -> _Chosen:
    known = {folded(name): code for code, name in enumerate(kinds.words, start=1)}
    for term in terms:
        if folded(term) not in known:
            raise _unknown(place, "link is of the kind", term, "'stac links summary' lists the kinds")
    return _coded_as(kinds, terms)


def _coded_as(column: CodedColumn, terms: Terms) -> _Chosen:
    """Return the rows with one of these terms."""
    wanted = {folded(term) for term in terms}
    codes = [code for code, name in enumerate(column.words, start=1) if folded(name) in wanted]
    return np.isin(column.codes, codes)


def _number_of(register: Register, entity_id: str, place: str) -> int:
    number = register.find(entity_id)
    if number is None:
        raise _unknown(place, "entity has the id", entity_id, "write it as in the files")
    return number


def _equal(column: TextColumn, terms: Terms) -> _Chosen:
    """Return the rows whose text is one of these."""
    wanted: Callable[[str], bool] = {folded(term) for term in terms}.__contains__
    return np.fromiter((wanted(folded(text)) for text in column.all()), dtype=bool, count=len(column))


_COLUMNS = "use the name of a column of the entity file"


def _unknown(place: str, what: str, term: str, instead: str) -> InvalidInputError:
    return InvalidInputError(place, f"no {what} '{term[:_SHOWN]}'; {instead}")


Entities.model_rebuild()
