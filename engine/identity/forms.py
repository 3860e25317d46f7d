"""A person record in normal form, as the register compares it. Knows no storage, no weight and no role.

What would find a victim never comes here: only what a referral ties to an alleged perpetrator may be given as
things and place.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import assert_never

from engine.domain.people.persons import IdentifierScheme, PersonDescribed, Thing, ThingKind
from engine.identity import contacts, names
from engine.identity.identifiers import NEVER_SHARED, failed_checks, written_form

FORMS_VERSION = 1
"""Goes up when a normal form or a key changes: older rows are then made again."""
_POSTCODE = re.compile(r"\b([a-z]{1,2}[0-9][a-z0-9]?) ?([0-9][a-z]{2})\b")
_NOT_RECORDED = frozenset({"unknown", "notknown", "notrecorded", "na", "none"})


@dataclass(frozen=True, slots=True)
class Number:
    """A register's number in its one form, and whether it passes that register's check."""

    scheme: IdentifierScheme
    form: str
    holds: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonForm:
    """One person record in normal form; an empty text is "not recorded"."""

    forename: str = ""
    surname: str = ""
    born: str = ""
    sex: str = ""
    numbers: tuple[Number, ...] = ()
    things: frozenset[tuple[str, int]] = frozenset()
    """Kind and key of each object, never its own text."""
    address: int | None = None
    postcode: str = ""

    def of_scheme(self, scheme: IdentifierScheme) -> tuple[Number, ...]:
        """Return the numbers of one register."""
        return tuple(number for number in self.numbers if number.scheme is scheme)


def form_of(
    described: PersonDescribed, *, things: Iterable[Thing] = (), place: str | None = None
) -> PersonForm:
    """Return the normal form of a person as one source described them.

    Examples
    --------
    >>> form_of(PersonDescribed(forename="Dr. José", surname="O'Brien"))
    PersonForm(forename='jose', surname='obrien', born='', sex='', numbers=(), things=frozenset(), \
address=None, postcode='')
    """
    born = described.date_of_birth
    return PersonForm(
        forename=_recorded(names.forename(described.forename or "")),
        surname=_recorded(names.surname(described.surname or "")),
        born=born.replace("-", "").ljust(8, "0") if born else "",
        sex=described.sex.value if described.sex else "",
        numbers=_numbers(described),
        things=frozenset(
            (thing.kind.value, key) for thing in things if (key := thing_key(thing.kind, thing.value))
        ),
        address=address_key(place) if place else None,
        postcode=postcode_in(place) if place else "",
    )


def number_of(text: str) -> int:
    """Return a text as a whole number that every database can store: 63 bits of its digest."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big") >> 1


@lru_cache(maxsize=4_096)
def thing_key(kind: ThingKind, value: str) -> int | None:
    """Return the key of an object in its normal form; None if nothing is left of it."""
    match kind:
        case ThingKind.PHONE:
            normal = contacts.phone(value)
        case ThingKind.EMAIL:
            normal = contacts.email(value)
        case ThingKind.ACCOUNT:
            normal = handle(value)
        case ThingKind.VEHICLE | ThingKind.DEVICE:
            normal = contacts.number(value)
        case _:
            assert_never(kind)
    return number_of(f"{kind.value}\n{normal}") if normal else None


def handle(text: str) -> str:
    """Return an account's name as people type it: without the @ before it, in lower case."""
    return re.sub(r"\s+", "", text).casefold().lstrip("@")


def address_key(text: str) -> int | None:
    """Return the key of an address: its postcode and numbers where it has both, else all its words."""
    normal = contacts.address(text)
    if not normal:
        return None
    numbers, _, words = normal.partition(contacts.NUMBERS_END)
    code = postcode_in(text)
    house = " ".join(number for number in numbers.split() if number not in code)
    return number_of(f"address\n{code}\n{house}" if code and house else f"address\n{numbers}\n{words}")


def postcode_in(text: str) -> str:
    """Return the postcode in an address, without spaces; empty if there is none."""
    found = _POSTCODE.search(text.casefold())
    return found[1] + found[2] if found else ""


def _numbers(described: PersonDescribed) -> tuple[Number, ...]:
    failed = set(failed_checks(described.identifiers))
    found = {
        Number(each.scheme, written_form(each.scheme, each.value), each not in failed): None
        for each in described.identifiers
        if each.scheme not in NEVER_SHARED
    }
    return tuple(found)


def _recorded(name: str) -> str:
    return "" if name.replace(" ", "") in _NOT_RECORDED else name
