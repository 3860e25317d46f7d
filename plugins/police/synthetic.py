"""An invented police extract from invented people, noisy as a real one. The same seed writes the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

from engine.domain.dates import PartialDate
from engine.domain.incidents import IncidentKind
from engine.domain.invented import InventedEpisode, InventedExtractTask, InventedPerson
from engine.domain.people import IdentifierScheme
from engine.domain.risk import Domain, HowSoon, Level
from engine.hooks.carried_views import RecordedView
from engine.hooks.extract_files import write_table
from plugins.police.records import (
    INCIDENTS,
    ORDERS,
    PERSONS,
    VIEWS,
    IncidentRow,
    OrderKind,
    OrderRow,
    PersonRow,
)

_OFFICERS = (
    ("Imogen Testerton", "Detective Sergeant"),
    ("Rafe Mockford", "Detective Constable"),
    ("Odile Samplewick", "SPO co-ordinator"),
    ("Bram Specimen-Hale", "Detective Inspector"),
)
_MARKERS = ("weapons", "violent", "self-harm", "escaper", "drugs")
_CONDITIONS = (
    "no contact by any means",
    "not to enter a named area",
    "no publishing about the protected person",
    "surrender of devices on request",
    "attend an assessment",
)
_REASONS = {
    Level.HIGH: "Recent threats and attendance in person, continuing after a warning from the court.",
    Level.MODERATE: "Repeated contact over several months, with pauses after each police visit.",
    Level.LOW: "Contact by message alone, which had stopped when the officer last spoke to those involved.",
    Level.UNABLE_TO_SAY: "Too little was known of the last three months to say.",
}
_HORIZONS = (4, 8, 12, 26)


def write_extract(task: InventedExtractTask, folder: Path) -> None:
    """Write what the police would know of these people by that day."""
    episodes_by_person: dict[str, list[InventedEpisode]] = defaultdict(list)
    for episode in task.episodes:
        episodes_by_person[episode.perpetrator.key].append(episode)
    persons: list[PersonRow] = []
    incidents: list[IncidentRow] = []
    orders: list[OrderRow] = []
    views: list[RecordedView] = []
    for key, episodes in episodes_by_person.items():
        chance = Random(f"{task.seed} police {key}")
        theirs = list(_incidents(chance, episodes, task.on, len(persons)))
        if not theirs and not any(episode.convicted_before for episode in episodes):
            continue
        person = _person(chance, episodes[0].perpetrator, task.on, len(persons))
        persons.append(person)
        incidents += [row.model_copy(update={"person_id": person.person_id}) for row in theirs]
        orders += _orders(chance, person, episodes, task.on, len(orders))
        views += _views(chance, person, episodes, theirs, len(views))
    write_table(folder, PERSONS, PersonRow, persons)
    write_table(folder, INCIDENTS, IncidentRow, incidents)
    write_table(folder, ORDERS, OrderRow, orders)
    write_table(folder, VIEWS, RecordedView, views)


def _person(chance: Random, true: InventedPerson, on: date, number: int) -> PersonRow:
    """The person as the police wrote them down: other spellings, dates and numbers missing."""
    written = f"{true.forename} {true.surname}"
    others: tuple[str, ...] = ()
    if true.also_written and chance.random() < 0.25:
        others = (chance.choice(true.also_written),)
    if others and chance.random() < 0.4:
        (written,), others = others, ((written,) if chance.random() < 0.5 else ())
    forename, _, surname = written.partition(" ")
    held = {each.scheme: each.value for each in true.identifiers}
    marked = chance.random() < 0.3
    return PersonRow(
        person_id=f"N{number + 1:06}",
        forename=forename if surname else None,
        surname=surname or forename,
        also_known_as=others,
        date_of_birth=None if chance.random() < 0.08 else PartialDate.of(true.date_of_birth),
        pnc=held.get(IdentifierScheme.PNC) if chance.random() < 0.95 else None,
        cro=held.get(IdentifierScheme.CRO),
        markers=tuple(chance.sample(_MARKERS, chance.choice((1, 1, 2)))) if marked else (),
        markers_reviewed=PartialDate.of(_before(chance, on, 20, 900))
        if marked and chance.random() < 0.7
        else None,
    )


def _incidents(
    chance: Random, episodes: list[InventedEpisode], on: date, number: int
) -> Iterator[IncidentRow]:
    told = 0
    for which, episode in enumerate(episodes):
        for incident in episode.incidents:
            if incident.told_to_police and incident.happened.earliest <= on:
                told += 1
                yield IncidentRow(
                    incident_id=f"RPT-{number + 1:06}-{told}",
                    person_id="?",
                    victim_id=f"V{number + 1:06}-{which + 1}",
                    happened=None if chance.random() < 0.02 else incident.happened,
                    kind=incident.kind,
                    crime_reference=incident.crime_reference,
                )


def _orders(
    chance: Random, person: PersonRow, episodes: list[InventedEpisode], on: date, number: int
) -> Iterator[OrderRow]:
    for episode in episodes:
        if chance.random() > (0.35 if episode.convicted_before else 0.12):
            continue
        number += 1
        kind = chance.choice(
            (OrderKind.BAIL, OrderKind.BAIL, OrderKind.RESTRAINING, OrderKind.SPO, OrderKind.INTERIM_SPO)
        )
        made = _before(chance, min(episode.referred_on, on), 3, 500)
        lasts = {OrderKind.BAIL: 90, OrderKind.INTERIM_SPO: 60}.get(kind, 730)
        runs_on = kind is OrderKind.RESTRAINING and chance.random() < 0.4
        not_recorded = chance.random() < 0.1
        yield OrderRow(
            order_id=f"ORD-{number:05}",
            person_id=person.person_id,
            kind=kind,
            made=made,
            ends=None if runs_on or not_recorded else made + timedelta(days=lasts),
            until_further_order=runs_on,
            conditions=tuple(chance.sample(_CONDITIONS, chance.randint(1, 3))),
        )


def _views(
    chance: Random, person: PersonRow, episodes: list[InventedEpisode], told: list[IncidentRow], number: int
) -> Iterator[RecordedView]:
    """An officer's views, recorded before the referral; on some domains the officer could not say."""
    grave = any(row.kind in (IncidentKind.THREAT, IncidentKind.ASSAULT, IncidentKind.ENTRY) for row in told)
    first_referral = min(episode.referred_on for episode in episodes)
    if chance.random() > 0.4:
        return
    officer, post = chance.choice(_OFFICERS)
    recorded_on = _before(chance, first_referral, 1, 60)
    for domain in (Domain.VIOLENCE, Domain.PERSISTENCE, Domain.RECURRENCE):
        if chance.random() < 0.25:
            continue
        weights = (1, 3, 5, 1) if grave else (4, 4, 1, 1)
        (level,) = chance.choices((Level.LOW, Level.MODERATE, Level.HIGH, Level.UNABLE_TO_SAY), weights)
        number += 1
        yield RecordedView(
            view_id=f"VW-{number:05}",
            person_id=person.person_id,
            domain=domain,
            level=level,
            reasons=_REASONS[level],
            horizon_weeks=chance.choice(_HORIZONS),
            how_soon=chance.choice(tuple(HowSoon)) if domain is Domain.VIOLENCE else None,
            recorded_by=officer,
            post=post,
            recorded_on=recorded_on,
        )


def _before(chance: Random, day: date, least: int, most: int) -> date:
    return day - timedelta(days=chance.randint(least, most))
