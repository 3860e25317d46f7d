"""People as one source describes them: another spelling, a slip of the hand, a date that is not known."""

from __future__ import annotations

from random import Random

from engine.domain.dates import PartialDate
from engine.domain.invented import InventedPerson
from engine.domain.people.persons import Identifier, IdentifierScheme, PersonDescribed, Thing, ThingKind
from engine.synthetic.figures import figures
from engine.synthetic.streams import happens


def described(chance: Random, person: InventedPerson, *, with_identifiers: bool) -> PersonDescribed:
    """Return one source's description. Never an NHS number, and no identifier at all of a victim."""
    rate = figures().rate
    forename, surname = person.forename, person.surname
    if happens(chance, rate("name_variant")) and person.also_written:
        forename, surname = chance.choice(person.also_written).split(" ", 1)
    if happens(chance, rate("misspelt_name")):
        surname = _misspelt(chance, surname)
    date_of_birth = _date_of_birth(chance, person)
    sex = None if happens(chance, rate("sex_not_recorded")) else person.sex
    return PersonDescribed(
        forename=forename,
        surname=surname,
        date_of_birth=date_of_birth,
        sex=sex,
        identifiers=_identifiers(chance, person) if with_identifiers else (),
    )


def things_of(chance: Random, person: InventedPerson) -> tuple[Thing, ...]:
    """Return the source's knowledge of the alleged perpetrator's own things."""
    rate = figures().rate
    offered = (
        (ThingKind.PHONE, person.phone, rate("phone_given")),
        (ThingKind.EMAIL, person.email, rate("email_given")),
        (ThingKind.ACCOUNT, person.account, rate("account_given")),
        (ThingKind.VEHICLE, person.vehicle, rate("vehicle_given")),
    )
    return tuple(
        Thing(kind=kind, value=value)
        for kind, value, given in offered
        if happens(chance, given) and value is not None
    )


def _date_of_birth(chance: Random, person: InventedPerson) -> PartialDate | None:
    missing = happens(chance, figures().rate("missing_date_of_birth"))
    partial = happens(chance, figures().rate("partial_date_of_birth"))
    letters = chance.choice((len("1994"), len("1994-08")))
    if missing:
        return None
    whole = person.date_of_birth.isoformat()
    return PartialDate(whole[:letters] if partial else whole)


def _identifiers(chance: Random, person: InventedPerson) -> tuple[Identifier, ...]:
    """Return those by which justice knows a person; some are left out, a few are mistyped."""
    rate = figures().rate
    given = []
    for identifier in person.identifiers:
        known = happens(chance, rate("police_number_given"))
        mistyped = happens(chance, rate("police_number_mistyped"))
        if identifier.scheme is IdentifierScheme.NHS or not known:
            continue
        if mistyped and identifier.scheme is IdentifierScheme.PNC:
            identifier = identifier.model_copy(update={"value": _one_digit_wrong(identifier.value)})
        given.append(identifier)
    return tuple(given)


def _one_digit_wrong(value: str) -> str:
    """Return the same number with its last digit one higher: the check letter no longer fits."""
    return f"{value[:-2]}{(int(value[-2]) + 1) % 10}{value[-1]}"


def _misspelt(chance: Random, term: str) -> str:
    place = chance.randrange(1, len(term) - 1) if len(term) > 2 else 0
    slip = chance.randrange(3)
    if place == 0 or not term[place : place + 2].isalpha():
        return term + term[-1]
    if slip == 0:
        return term[:place] + term[place + 1] + term[place] + term[place + 2 :]
    if slip == 1:
        return term[:place] + term[place + 1 :]
    return term[:place] + term[place] + term[place:]
