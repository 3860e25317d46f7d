"""The fifty questions that every plugin is asked: ordinary ones, and those that go wrong in practice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from itertools import count
from random import Random

from engine.domain.base import Frozen
from engine.domain.dates import PartialDate
from engine.domain.invented import InventedEpisode, InventedPerson
from engine.domain.people.persons import Identifier, IdentifierScheme, Sex
from engine.domain.responses.requests import CaseAsked, IncidentAsked, PersonAsked
from engine.hooks.conformance.people import SEED, Invented
from engine.synthetic.described import described


class Kind(StrEnum):
    """Purpose of a case in the check."""

    AS_REFERRED = "as a referral describes them"
    EXACT = "every detail given and right"
    NO_MATCH = "no match: not in any agency's records"
    TWO_MATCHES = "two matches: a namesake born on the same day"
    YEAR_ONLY = "only the year of birth"
    NO_INCIDENT_DATES = "no date of any incident"
    NAME_ALONE = "a name and nothing else"
    NUMBER_ALONE = "numbers and nothing else"
    ANOTHERS_NUMBER = "one person's name with another's numbers"
    COUNTER_ALLEGATION = "two people who accuse one another"
    CHILD = "a child"
    NOBODY = "no person described"
    LONG_COURSE = "eighty incidents"
    ODD_NAME = "a name with accents, quotes and a formula"


NEVER_CONFIRMED = frozenset(
    {Kind.NAME_ALONE, Kind.TWO_MATCHES, Kind.NO_MATCH, Kind.NOBODY, Kind.ANOTHERS_NUMBER}
)
"""Kinds of case that can confirm no person: a plugin that is certain here has guessed."""


class SyntheticCase(Frozen):
    """One question with its name, so that a report can say which it was."""

    key: str
    kind: Kind
    case: CaseAsked


def synthetic_cases(invented: Invented) -> tuple[SyntheticCase, ...]:
    """Return the same fifty cases for the same invented people."""
    running, on = count(1), invented.task.on
    return tuple(
        SyntheticCase(
            key=f"case-{number:02}",
            kind=kind,
            case=case.model_copy(update={"reference": f"CASE-{number:02}"}),
        )
        for (kind, case), number in zip(_kinds(invented, on), running, strict=False)
    )


def _kinds(invented: Invented, on: date) -> Iterator[tuple[Kind, CaseAsked]]:
    people = invented.ordinary
    for episode in people[:10]:
        yield Kind.AS_REFERRED, _case(episode, on, noisy=True)
    for episode in _with_numbers_first(people[10:])[:10]:
        yield Kind.EXACT, _case(episode, on)
    for episode in people[:4]:
        yield Kind.NO_MATCH, _nobodys(_case(episode, on))
    for episode in invented.twins:
        yield Kind.TWO_MATCHES, _without_numbers(_case(episode, on))
    for episode in people[:2]:
        yield Kind.YEAR_ONLY, _without_numbers(_born_in_year(_case(episode, on)))
    for episode in people[2:4]:
        yield Kind.NO_INCIDENT_DATES, _without_incident_dates(_case(episode, on))
    for episode in people[4:7]:
        yield Kind.NAME_ALONE, _name_alone(_case(episode, on))
    numbered = _with_numbers_first(people)
    for episode in numbered[:3]:
        yield Kind.NUMBER_ALONE, _number_alone(_case(episode, on))
    for mine, other in zip(numbered[:2], numbered[2:4], strict=True):
        yield Kind.ANOTHERS_NUMBER, _with_numbers_of(_case(mine, on), other.perpetrator)
    for episode in invented.counter:
        yield Kind.COUNTER_ALLEGATION, _case(episode, on)
    for episode in invented.children:
        yield Kind.CHILD, _case(episode, on)
    yield Kind.NOBODY, CaseAsked(reference="-", on=on)
    yield Kind.NOBODY, CaseAsked(reference="-", on=on, perpetrator=PersonAsked(), victim=PersonAsked())
    yield Kind.LONG_COURSE, _long(_case(people[7], on))
    yield Kind.ODD_NAME, _odd(_case(people[8], on))


def _case(episode: InventedEpisode, on: date, *, noisy: bool = False) -> CaseAsked:
    if noisy:
        chance = Random(f"{SEED} {episode.key}")  # noqa: S311  the same for the same seed
        person_described = described(chance, episode.perpetrator, with_identifiers=True)
        perpetrator = PersonAsked(**person_described.model_dump())
    else:
        perpetrator = _asked(episode.perpetrator, with_numbers=True)
    return CaseAsked(
        reference="-",
        on=on,
        perpetrator=perpetrator,
        victim=_asked(episode.victim, with_numbers=False),
        relationship=episode.relationship,
        incidents=tuple(
            IncidentAsked(happened=each.happened, kind=each.kind.value, crime_reference=each.crime_reference)
            for each in episode.incidents
            if each.happened.latest <= on
        ),
    )


def _asked(person: InventedPerson, *, with_numbers: bool) -> PersonAsked:
    return PersonAsked(
        forename=person.forename,
        surname=person.surname,
        date_of_birth=PartialDate.of(person.date_of_birth),
        sex=person.sex,
        identifiers=person.identifiers if with_numbers else (),
    )


def _with_numbers_first(episodes: tuple[InventedEpisode, ...]) -> tuple[InventedEpisode, ...]:
    return tuple(sorted(episodes, key=lambda each: -len(each.perpetrator.identifiers)))


def _changed(case: CaseAsked, **changed: object) -> CaseAsked:
    """Return the case with both people changed in the same way; a number is never a victim's."""
    for_victim = {name: value for name, value in changed.items() if name != "identifiers"}
    return case.model_copy(
        update={
            "perpetrator": case.perpetrator and case.perpetrator.model_copy(update=changed),
            "victim": case.victim and case.victim.model_copy(update=for_victim),
        }
    )


def _nobodys(case: CaseAsked) -> CaseAsked:
    return _changed(
        case, forename="Nemo", surname="Neverwas", date_of_birth=PartialDate("1971-02-28"), identifiers=()
    )


def _without_numbers(case: CaseAsked) -> CaseAsked:
    return _changed(case, identifiers=())


def _born_in_year(case: CaseAsked) -> CaseAsked:
    return case.model_copy(
        update={
            name: each.model_copy(update={"date_of_birth": PartialDate(each.date_of_birth[:4])})
            for name in ("perpetrator", "victim")
            if (each := getattr(case, name)) is not None and each.date_of_birth is not None
        }
    )


def _without_incident_dates(case: CaseAsked) -> CaseAsked:
    undated = tuple(each.model_copy(update={"happened": None}) for each in case.incidents)
    return case.model_copy(update={"incidents": undated})


def _name_alone(case: CaseAsked) -> CaseAsked:
    return _changed(case, date_of_birth=None, sex=None, identifiers=()).model_copy(
        update={"relationship": None, "incidents": ()}
    )


def _number_alone(case: CaseAsked) -> CaseAsked:
    return case.model_copy(
        update={
            "perpetrator": PersonAsked(identifiers=case.perpetrator.identifiers if case.perpetrator else ()),
            "victim": None,
            "incidents": (),
        }
    )


def _with_numbers_of(case: CaseAsked, other: InventedPerson) -> CaseAsked:
    return case.model_copy(
        update={
            "perpetrator": case.perpetrator
            and case.perpetrator.model_copy(update={"identifiers": other.identifiers})
        }
    )


def _long(case: CaseAsked) -> CaseAsked:
    one = case.incidents[0] if case.incidents else IncidentAsked(kind="contacting")
    return case.model_copy(update={"incidents": (one,) * 80})


def _odd(case: CaseAsked) -> CaseAsked:
    return _changed(
        case, forename="=Zo\u00eb-\u00c9lodie \u2018Zizi\u2019", surname='O\'D\u00f3chartaigh "x", {surname}'
    )


def altered(case: CaseAsked) -> CaseAsked:
    """Return another case with the same reference and day:
    all that an agency was not sent may as well be this.
    """
    other = PersonAsked(
        forename="Altera",
        surname="Otherwise",
        date_of_birth=PartialDate("1960-01-02"),
        sex=Sex.OTHER,
        identifiers=tuple(Identifier(scheme=scheme, value="ZZ99999999") for scheme in IdentifierScheme),
    )
    incident = IncidentAsked(happened=PartialDate("2001-01"), kind="altered", crime_reference="ZZ/0/00")
    return CaseAsked(
        reference=case.reference,
        on=case.on,
        perpetrator=other,
        victim=other.model_copy(update={"identifiers": ()}),
        relationship="altered",
        incidents=(incident,),
    )
