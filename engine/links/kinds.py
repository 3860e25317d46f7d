"""The terms for entities, roles and grades, read from data. Knows no file and no graph."""

from __future__ import annotations

import re
import tomllib
from enum import IntFlag, StrEnum
from functools import cache
from importlib.resources import files

from engine.domain.base import Frozen
from engine.domain.links.grades import GRADE

SUSPECTED_FALSE = "E"
_JOINED = re.compile(r"(?<=[a-z])(?=[A-Z])")
_OF = re.compile(r" (of|in|to|for)$")


class Shape(StrEnum):
    """An entity's shape to the detectors; its own type stays as named."""

    PERSON = "person"
    INCIDENT = "incident"
    CONTACT = "contact"
    OBJECT = "object"
    PLACE = "place"
    ORDER = "order"
    REFERRAL = "referral"
    OTHER = "other"


SHAPES = tuple(Shape)
"""In the order of their codes in a register."""


class Role(IntFlag):
    """A person's part in an incident, as the source claims; one link may claim two."""

    NOT_RECORDED = 0
    PERPETRATOR = 1
    VICTIM = 2
    WITNESS = 4
    OTHER = 8

    @property
    def in_words(self) -> str:
        """As it is read aloud."""
        return _in_words(int(self))


@cache
def _in_words(code: int) -> str:
    if not code:
        return "role not recorded"
    return " and ".join(str(role.name).lower() for role in Role if role and role & code)


ROLES = tuple(Role(code) for code in range(16))
"""Every combination, by its code in a register."""


Terms = dict[str, tuple[str, ...]]
"""The terms that files use, by what each means to us."""


class KindWords(Frozen):
    """The data file of words, a table each."""

    version: str
    types: Terms
    roles: Terms
    columns: dict[str, Terms]
    yes: Terms
    professional: Terms
    orders: Terms
    incidents: Terms


@cache
def words() -> KindWords:
    """Return the data file of words."""
    text = files("engine.links").joinpath("data", "kinds.toml").read_text(encoding="utf-8")
    return KindWords.model_validate(tomllib.loads(text))


def folded(text: str) -> str:
    """Return a term without case, underscores and doubled spaces."""
    return " ".join(re.sub(r"[_\s]+", " ", text).split()).casefold()


@cache
def _shapes() -> dict[str, Shape]:
    return {term: Shape(name) for name, listed in words().types.items() for term in listed}


@cache
def _roles() -> dict[str, Role]:
    both = Role.PERPETRATOR | Role.VICTIM
    named = {name: Role[name.upper()] for name in words().roles if name != "both"} | {"both": both}
    return {term: named[name] for name, listed in words().roles.items() for term in listed}


def shape_of(kind: str) -> Shape:
    """Return the shape of an entity of this type to the detectors."""
    text = folded(_apart(kind))
    last = text.rpartition(" ")[2]  # a "mobile phone" is a phone
    for term in (text, text.removesuffix("s"), last, last.removesuffix("s")):
        if term in _shapes():
            return _shapes()[term]
    return Shape.OTHER


def role_of(term: str) -> Role | None:
    """Return the role that a file's term means, both roles for "Suspect Victim".

    Return None if it means none of ours.
    """
    text = folded(_apart(term))
    if not text:
        return Role.NOT_RECORDED
    text = _OF.sub("", text)
    if text in _roles():
        return _roles()[text]
    parts = [part for part in re.split(r"[\s/+,;&|]+|\band\b", text) if part]
    known = [_roles()[part] for part in parts if part in _roles()]
    if len(parts) < 2 or len(known) < len(parts):
        return None
    together = Role.NOT_RECORDED
    for role in known:
        together |= role
    return together


def _apart(term: str) -> str:
    """Return ``PhoneNumber`` in two words."""
    return _JOINED.sub(" ", term)


@cache
def is_professional_type(kind: str) -> bool:
    """Return whether a type of person is a profession that works with the matter."""
    return folded(_apart(kind)).removesuffix("s") in words().professional["types"]


def is_yes(text: str) -> bool:
    """Return whether a cell says yes."""
    return folded(text) in words().yes["words"]


def is_suspected_false(grade: str) -> bool:
    """Return whether the information is graded E: suspected to be false."""
    match = GRADE.match(grade)
    return match is not None and match[2].upper() == SUSPECTED_FALSE
