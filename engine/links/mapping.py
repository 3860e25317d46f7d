"""One source's names for columns and values. Knows the mapping file; reads no row."""

from __future__ import annotations

import codecs
import tomllib
from collections.abc import Mapping
from functools import reduce
from operator import or_
from typing import Literal

from pydantic import Field, ValidationError, ValidationInfo, field_validator, model_validator

from engine.domain.base import Frozen
from engine.domain.errors import InvalidInputError
from engine.links.kinds import Role, Shape, folded, role_of, shape_of, words

_SINGULAR = {"type": "types", "role": "roles", "kind": "kinds", "entity": "entities", "link": "links"}


class LinkMapping(Frozen):
    """The columns and words of a pair of files; what is left out is read by its usual names."""

    entities: dict[str, str] = Field(default_factory=dict, description="our column = theirs")
    links: dict[str, str] = Field(default_factory=dict, description="our column = theirs")
    types: dict[str, str] = Field(default_factory=dict, description="their type = ours, or any other name")
    kinds: dict[str, str] = Field(default_factory=dict, description="their kind of link = another name")
    roles: dict[str, Role] = Field(default_factory=dict, description="their role = one of ours, or a list")
    shapes: dict[str, Shape] = Field(default_factory=dict, description="a type = what it is to the patterns")
    entity_type: str | None = Field(default=None, description="the type of all, where no column names it")
    from_type: str | None = Field(default=None, description="the type of all starts, without an entity file")
    to_type: str | None = Field(default=None, description="the type of all ends, without an entity file")
    encoding: str | None = Field(default=None, description="of both files, where it is not UTF-8 or -16")
    link_kind: str | None = Field(default=None, description="the kind of all, where no column names it")

    @model_validator(mode="before")
    @classmethod
    def _by_either_name(cls, given: object) -> object:
        if not isinstance(given, dict):
            return given
        columns = given.get("columns")
        flat = {_SINGULAR.get(name, name): part for name, part in given.items() if name != "columns"}
        if isinstance(columns, dict):
            flat |= {_SINGULAR.get(name, name): part for name, part in columns.items()}
        defaults = flat.pop("defaults", None)
        return flat | defaults if isinstance(defaults, dict) else flat

    @field_validator("types", "kinds", "roles", "shapes", mode="before")
    @classmethod
    def _by_folded_words(cls, given: object) -> object:
        return (
            {folded(str(term)): value for term, value in given.items()} if isinstance(given, dict) else given
        )

    @field_validator("roles", mode="before")
    @classmethod
    def _as_roles(cls, given: object) -> object:
        return {term: _role(value) for term, value in given.items()} if isinstance(given, dict) else given

    @field_validator("encoding")
    @classmethod
    def _a_known_encoding(cls, given: str | None) -> str | None:
        try:
            return given and codecs.lookup(given).name
        except LookupError:
            sentence = (
                f"'{given[:40] if given else ''}' is not an encoding; use one such as utf-8, cp1252, "
                "cp1251 or iso-8859-2"
            )
            raise ValueError(sentence) from None

    @field_validator("entities", "links")
    @classmethod
    def _our_columns(cls, given: dict[str, str], info: ValidationInfo) -> dict[str, str]:
        ours = words().columns[str(info.field_name)]
        for name in given:
            if name not in ours:
                raise ValueError(f"'{name[:40]}' is not a column; use one of: {', '.join(ours)}")
        return given

    def type_of(self, given: str) -> str:
        """Return the type of an entity, as this source's mapping calls it."""
        return self.types.get(folded(given), given) or self.entity_type or ""

    def shape_of(self, kind: str) -> Shape:
        """Return the shape of an entity of a type to the detectors."""
        return self.shapes.get(folded(kind)) or shape_of(kind)

    def kind_of(self, given: str) -> str:
        """Return the kind of a link, as this source's mapping calls it."""
        return self.kinds.get(folded(given), given) or self.link_kind or ""

    def role_of(self, given: str) -> Role | None:
        """Return the role that a term means; None if the mapping does not say."""
        mapped = self.roles.get(folded(given))
        return role_of(given) if mapped is None else mapped


class Columns(Frozen):
    """Places of our columns in a file, and the file's other columns."""

    places: dict[str, int]
    others: dict[str, int]
    shown: dict[str, str]
    """The file's own name of each of our columns."""
    width: int

    def cell(self, name: str, cells: list[str]) -> str:
        """Return the cell under one of our columns; empty where the column is absent or the row is short."""
        place = self.places.get(name)
        return cells[place].strip() if place is not None and place < len(cells) else ""

    def more(self, cells: list[str]) -> dict[str, str]:
        """Return all else that the row has."""
        return {
            name: cells[place].strip()
            for name, place in self.others.items()
            if place < len(cells) and cells[place].strip()
        }


def read_mapping(text: str) -> LinkMapping:
    """Return a mapping file in TOML; InvalidInputError says which part is wrong."""
    try:
        return LinkMapping.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise InvalidInputError("mapping file", f"not TOML: {error}") from None
    except RecursionError:
        raise InvalidInputError("mapping file", "nested too deeply") from None
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        place = ".".join(str(step)[:40] for step in fault["loc"])
        sentence = fault["msg"].removeprefix("Value error, ")
        if fault["type"] == "extra_forbidden":
            sentence = "is not a part of a mapping; its parts are " + ", ".join(LinkMapping.model_fields)
        raise InvalidInputError("mapping file", f"{place}: {sentence}" if place else sentence) from None


def columns_of(
    which: str, part: str, header: list[str], mapping: LinkMapping, needed: tuple[str, ...]
) -> Columns:
    """Return the places of our columns in a header of an entity or a link file; ``part`` names it in errors.

    Raises InvalidInputError if one that is needed is not there, or two have the same name.
    """
    names = [name.strip() for name in header]
    fields: Mapping[str, str] = getattr(mapping, which)
    by_name: dict[str, int] = {}
    for place, name in enumerate(names):
        if name and by_name.setdefault(folded(name), place) != place:
            raise InvalidInputError(part, f"row 1: two columns are called '{name[:60]}'; rename one of them")
    places: dict[str, int] = {}
    for ours, usual in words().columns[which].items():
        looked_for = [folded(name) for name in ((fields[ours],) if ours in fields else usual)]
        free = [
            by_name[name] for name in looked_for if name in by_name and by_name[name] not in places.values()
        ]
        if free:
            places[ours] = free[0]
        elif ours in fields or ours in needed:
            wanted = fields.get(ours, ours)
            raise InvalidInputError(part, f"row 1: the column '{wanted}' is missing; a mapping may name it")
    others = {
        name or f"column {place + 1}": place
        for place, name in enumerate(names)
        if place not in places.values()
    }
    return Columns(
        places=places,
        others=others,
        shown={ours: names[place] for ours, place in places.items()},
        width=len(names),
    )


def which_table(header: list[str], mapping: LinkMapping) -> Literal["entities", "links"] | None:
    """Return whether a header is of ``links`` or of ``entities``; None if it has neither's needed columns."""
    names = {folded(name) for name in header}
    if _has(names, "links", ("from", "to"), mapping):
        return "links"
    return "entities" if _has(names, "entities", ("id",), mapping) else None


def _has(names: set[str], which: str, needed: tuple[str, ...], mapping: LinkMapping) -> bool:
    theirs: Mapping[str, str] = getattr(mapping, which)
    usual = words().columns[which]
    return all(
        names & {folded(name) for name in ((theirs[ours],) if ours in theirs else usual[ours])}
        for ours in needed
    )


def _role(value: object) -> Role:
    listed = value if isinstance(value, list) else [value]
    found = [role_of(str(each)) for each in listed]
    if any(role is None for role in found) or not found:
        raise ValueError("a role is one of perpetrator, victim, witness, other, or a list of them")
    return reduce(or_, [role for role in found if role is not None])
