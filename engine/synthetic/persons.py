"""Invented people as they truly are. Whatever could find a person leads nowhere."""

from __future__ import annotations

import unicodedata
from datetime import date, timedelta
from functools import cache
from random import Random

from engine.domain.invented import InventedPerson
from engine.domain.people.persons import Identifier, Sex
from engine.synthetic.figures import figures
from engine.synthetic.numbers import (
    court_number,
    health_number,
    perpetrators_phone,
    plate,
    police_number,
    prison_number,
    probation_number,
    victims_phone,
)
from engine.synthetic.streams import chosen, happens, stream
from engine.synthetic.wording import Origin, names, places

_ADDRESS_STEP = (
    700_001  # shares no factor with the number of addresses, so that each person has one of their own
)
_UNFOLDED = str.maketrans({"ł": "l", "Ł": "L", "ı": "i", "đ": "d", "Đ": "D"})


def perpetrator(
    seed: int, *, person: int, strand: int, sex: Sex, age: int, convicted_before: bool, on: date
) -> InventedPerson:
    """Return the perpetrator of one strand of episodes, of that age on that day.

    ``person`` and ``strand`` are the city's running numbers.
    """
    chance = stream(seed, "person", person)
    forename, surname, also_written = invented_name(chance, sex)
    born = _born(chance, age, on)
    lodging = chance.randrange(places().streets.shared_house_rooms * len(places().streets.shared_houses))
    in_lodging = happens(chance, figures().rate("lives_in_shared_house"))
    address, postcode = _lodging(lodging) if in_lodging else _address(seed, person)
    return InventedPerson(
        key=f"P{person:07}",
        forename=forename,
        surname=surname,
        date_of_birth=born,
        sex=sex,
        also_written=also_written,
        identifiers=_identifiers(chance, person, strand, born, convicted_before, on),
        phone=perpetrators_phone(strand),
        email=_mail(chance, forename, surname, person),
        address=address,
        postcode=postcode,
        vehicle=plate(person) if happens(chance, figures().rate("has_vehicle")) else None,
        account=_account(chance, person) if happens(chance, figures().rate("has_account")) else None,
        workplace=_works(chance),
    )


def victim(seed: int, *, person: int, sex: Sex, age: int, on: date) -> InventedPerson:
    """Return one victim, of that age on that day; ``person`` is the city's running number."""
    chance = stream(seed, "person", person)
    forename, surname, also_written = invented_name(chance, sex)
    born = _born(chance, age, on)
    address, postcode = _address(seed, person)
    identifiers: list[Identifier] = []
    if happens(chance, figures().rate("victim_has_police_number")):
        identifiers.append(police_number(max(born.year + 18, on.year - 8), 500_000 + person % 500_000))
    identifiers += _health(chance, person)
    return InventedPerson(
        key=f"P{person:07}",
        forename=forename,
        surname=surname,
        date_of_birth=born,
        sex=sex,
        also_written=also_written,
        identifiers=tuple(identifiers),
        phone=victims_phone(person),
        email=_mail(chance, forename, surname, person),
        address=address,
        postcode=postcode,
        vehicle=plate(person) if happens(chance, figures().rate("has_vehicle")) else None,
        account=_account(chance, person) if happens(chance, figures().rate("has_account")) else None,
        workplace=_works(chance),
    )


def folded(text: str) -> str:
    """Return the text without accents, as a system of the eighties would store it."""
    apart = unicodedata.normalize("NFKD", text.translate(_UNFOLDED))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def invented_name(chance: Random, sex: Sex) -> tuple[str, str, tuple[str, ...]]:
    """Return a forename, a surname, and other spellings of the whole name."""
    origins, shares = _origins()
    own = origins[chosen(chance, shares)]
    other = origins[chosen(chance, shares)]
    mixed = happens(chance, figures().rate("mixed_name"))
    forename = chance.choice(own.female if sex is Sex.FEMALE else own.male)
    surname = chance.choice((other if mixed else own).surnames)
    also_written: tuple[str, ...] = ()
    if happens(chance, figures().rate("also_written")):
        offered = _other_spellings(chance, forename, surname, sex)
        also_written = (chance.choice(offered),) if offered else ()
    return forename, surname, also_written


def _other_spellings(chance: Random, forename: str, surname: str, sex: Sex) -> list[str]:
    forenames, surnames = _variants()
    offered = [f"{other} {surname}" for other in forenames.get(forename, ())]
    offered += [f"{forename} {other}" for other in surnames.get(surname, ())]
    plain = f"{folded(forename)} {folded(surname)}"
    if plain != f"{forename} {surname}":
        offered.append(plain)
    if not offered:
        second = chance.choice(_origins()[0]["English, Scottish and Welsh"].surnames)
        if second != surname and sex is Sex.FEMALE:
            offered.append(f"{forename} {surname}-{second}")
        if " " not in surname:
            offered.append(f"{surname} {forename}")
    return offered


@cache
def _origins() -> tuple[dict[str, Origin], dict[str, float]]:
    origins = {origin.name: origin for origin in names().origins}
    return origins, {name: origin.share for name, origin in origins.items()}


@cache
def _variants() -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    variants = names().variants
    return (
        {group[0]: group[1:] for group in variants.forenames},
        {group[0]: group[1:] for group in variants.surnames},
    )


def _born(chance: Random, age: int, on: date) -> date:
    return on - timedelta(days=int(age * 365.25) + chance.randrange(365))


def _identifiers(
    chance: Random, person: int, strand: int, born: date, convicted_before: bool, on: date
) -> tuple[Identifier, ...]:
    rate = figures().rate
    first_year = min(born.year + 16 + chance.randrange(12), on.year - 1)
    arrested = happens(chance, rate("arrested_without_conviction"))
    in_court = happens(chance, rate("has_court_number"))
    on_probation = happens(chance, rate("has_probation_number"))
    in_prison = happens(chance, rate("has_prison_number"))
    held: list[Identifier] = []
    if convicted_before or arrested:
        held.append(police_number(first_year, strand))
    if convicted_before and in_court and first_year + 9 <= on.year:
        held.append(court_number(first_year, strand))
    if convicted_before and on_probation:
        held.append(probation_number(strand))
    if convicted_before and in_prison:
        held.append(prison_number(strand))
    return tuple(held + _health(chance, person))


def _health(chance: Random, person: int) -> list[Identifier]:
    number = health_number(person)
    known = happens(chance, figures().rate("has_nhs_number"))
    return [number] if number is not None and known else []


def _address(seed: int, person: int) -> tuple[str, str]:
    streets = places().streets
    kinds, ends, stems = len(streets.kinds), len(streets.ends), len(streets.stems)
    whole = kinds * ends * stems * streets.highest_number
    street, house = divmod((person * _ADDRESS_STEP + seed) % whole, streets.highest_number)
    return f"{house + 1} {_street(street)}", _postcode(street, house)


def _lodging(number: int) -> tuple[str, str]:
    streets = places().streets
    house, room = divmod(number, streets.shared_house_rooms)
    return f"Room {room + 1}, {streets.shared_houses[house]}, {_street(house * 37)}", _postcode(house * 37, 0)


def _street(number: int) -> str:
    streets = places().streets
    rest, kind = divmod(number, len(streets.kinds))
    stem, end = divmod(rest, len(streets.ends))
    return f"{streets.stems[stem]}{streets.ends[end]} {streets.kinds[kind]}"


def _postcode(street: int, house: int) -> str:
    codes = places().postcodes
    rest, area = divmod(street, len(codes.areas))
    rest, district = divmod(rest, codes.districts)
    first, second = divmod(rest * 7 % len(codes.letters) ** 2, len(codes.letters))
    return f"{codes.areas[area]}{district + 1} {house // 27 + 1}{codes.letters[first]}{codes.letters[second]}"


def _mail(chance: Random, forename: str, surname: str, person: int) -> str:
    letters = "".join(
        c for c in folded(f"{forename}.{surname}").lower() if c.isascii() and (c.isalnum() or c == ".")
    )
    return f"{letters}.{person}@{chance.choice(places().mail.domains)}"


def _account(chance: Random, person: int) -> str:
    words = places().accounts
    return f"zz_{chance.choice(words.first)}{chance.choice(words.second)}_{person}"


def _works(chance: Random) -> str:
    streets = places().streets
    return (
        f"{chance.choice(streets.stems)}{chance.choice(streets.ends)} {chance.choice(places().works.kinds)}"
    )
