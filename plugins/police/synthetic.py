"""An invented police extract from invented people, noisy as a real one. The same seed writes the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

from engine.hooks.v1 import (
    Domain,
    EvidenceThing,
    HowSoon,
    IdentifierScheme,
    IncidentKind,
    InventedEpisode,
    InventedExtractTask,
    InventedPerson,
    Level,
    PartialDate,
    RecordedLink,
    RecordedView,
    write_table,
)
from engine.identity.identifiers import check_letter
from plugins.police.records import (
    INCIDENTS,
    LINKS,
    OFFENCES,
    ORDERS,
    OUTCOMES,
    PERSONS,
    VIEWS,
    IncidentRow,
    OffenceRow,
    OrderKind,
    OrderRow,
    OutcomeRow,
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
    Level.LOW: "Contact only by message, which had stopped when the officer last spoke to those involved.",
    Level.UNABLE_TO_SAY: "Too little was known of the last three months to say.",
}
_HORIZONS = (4, 8, 12, 26)
_STALKING, _HARASSMENT, _MESSAGES = "195/12", "195/94", "008/72"
# What a report of each kind is recorded as: the principal offence, the harm index's row where its code has
# several, and what may be recorded beside it. A kind that is not here is not a crime of its own.
_OFFENCES_BY_KIND: dict[IncidentKind, tuple[tuple[str, str | None, tuple[str, ...]], ...]] = {
    IncidentKind.FOLLOWING: ((_STALKING, None, ()), (_HARASSMENT, None, ())),
    IncidentKind.CONTACTING: ((_STALKING, None, (_MESSAGES,)), (_MESSAGES, None, (_HARASSMENT,))),
    IncidentKind.PUBLISHING: (("196/07", None, (_STALKING,)), ("088/15", None, (_STALKING,))),
    IncidentKind.MONITORING: ((_STALKING, None, ()), ("195/59", None, (_STALKING,))),
    IncidentKind.LOITERING: ((_STALKING, None, ()), (_HARASSMENT, None, ())),
    IncidentKind.INTERFERING: (("149/00", None, (_STALKING,)), ("059/11", None, ())),
    IncidentKind.WATCHING: ((_STALKING, None, ()), ("088/10", None, (_STALKING,))),
    IncidentKind.THREAT: (("003/01", None, (_STALKING,)), ("008/65", None, ("008/11",))),
    IncidentKind.ASSAULT: (
        ("105/01", None, (_STALKING,)),
        ("008/06", "8N.8.6.0", (_STALKING,)),
        ("008/77", None, ("008/66",)),
        ("008/01", "8N.8.1.2", ("008/65",)),
    ),
    IncidentKind.SEXUAL_ASSAULT: (("020/05", None, (_STALKING,)),),
    IncidentKind.ENTRY: (("028/03", "28E.28.3.1", (_STALKING,)),),
    IncidentKind.BREACH: (("008/31", None, ()), ("008/74", None, (_STALKING,)), ("066/39", None, ())),
    IncidentKind.GIFT: ((_HARASSMENT, None, ()),),
    IncidentKind.VEXATIOUS: (("195/53", None, (_HARASSMENT,)),),
}


def write_extract(task: InventedExtractTask, folder: Path) -> None:
    """Write what the police would know of these people by that day."""
    episodes_by_person: dict[str, list[InventedEpisode]] = defaultdict(list)
    for episode in task.episodes:
        episodes_by_person[episode.perpetrator.key].append(episode)
    persons: list[PersonRow] = []
    incidents: list[IncidentRow] = []
    offences: list[OffenceRow] = []
    orders: list[OrderRow] = []
    views: list[RecordedView] = []
    links: list[RecordedLink] = []
    outcomes: list[OutcomeRow] = []
    for key, episodes in episodes_by_person.items():
        chance = Random(f"{task.seed} police {key}")
        theirs = list(_incidents(chance, episodes, task.on, len(persons)))
        if not theirs and not any(episode.convicted_before for episode in episodes):
            continue
        person = _person(chance, episodes[0].perpetrator, task.on, len(persons))
        # A stream of its own: what is recorded of offences moves nothing else of the extract.
        of_offences = Random(f"{task.seed} police offences {key}")
        persons.append(_with_a_check(task, episodes, _with_a_slip(of_offences, person)))
        of_outcomes = Random(f"{task.seed} police outcomes {key}")
        incidents += [
            _as_reported(of_outcomes, row.model_copy(update={"person_id": person.person_id}), task.on)
            for row in theirs
        ]
        outcomes += [each for row in theirs for each in _outcomes(of_outcomes, row, task.on)]
        offences += _offences(of_offences, theirs)
        of_reports = Random(f"{task.seed} police reported {key}")
        theirs_ordered = _orders(chance, person, episodes, task.on, len(orders))
        orders += [_with_service(of_reports, order, task.on) for order in theirs_ordered]
        links += _links(of_reports, person, episodes[0].perpetrator, task.on)
        views += _views(chance, person, episodes, theirs, len(views))
    write_table(folder, PERSONS, PersonRow, persons)
    write_table(folder, INCIDENTS, IncidentRow, incidents)
    write_table(folder, OFFENCES, OffenceRow, offences)
    write_table(folder, ORDERS, OrderRow, orders)
    write_table(folder, VIEWS, RecordedView, views)
    write_table(folder, LINKS, RecordedLink, links)
    write_table(folder, OUTCOMES, OutcomeRow, outcomes)


def _person(chance: Random, true: InventedPerson, on: date, number: int) -> PersonRow:
    """Return the person as the police wrote them down: other spellings, dates and numbers missing."""
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
    result = 0
    for which, episode in enumerate(episodes):
        for incident in episode.incidents:
            if incident.told_to_police and incident.happened.earliest <= on:
                result += 1
                yield IncidentRow(
                    incident_id=f"RPT-{number + 1:06}-{result}",
                    person_id="?",
                    victim_id=f"V{number + 1:06}-{which + 1}",
                    happened=None if chance.random() < 0.02 else incident.happened,
                    kind=incident.kind,
                    crime_reference=incident.crime_reference,
                )


def _as_reported(chance: Random, row: IncidentRow, on: date) -> IncidentRow:
    """Return the report with when and by what kind of person it was made; of some the force of elsewhere."""
    reported_on = None
    if row.happened is not None and row.happened.is_whole_day:
        day = row.happened.earliest + timedelta(days=chance.choice((0, 0, 0, 1, 2, 9)))
        reported_on = PartialDate.of(day) if day <= on else None
    return row.model_copy(
        update={
            "reported_on": reported_on,
            "reporter": chance.choice(("victim", "victim", "victim", "witness", "friend or relative", None)),
            "force": "Invented Constabulary" if chance.random() < 0.06 else None,
        }
    )


def _outcomes(chance: Random, row: IncidentRow, on: date) -> Iterator[OutcomeRow]:
    """Yield what was decided about a report: most reports are closed, and of some nothing is recorded."""
    if row.happened is None or chance.random() < 0.2:
        return
    decided = row.happened.latest + timedelta(days=chance.randint(1, 40))
    what = chance.choice(("15", "15", "16", "16", "18", "21", "warning", "arrest", "8", "1", "open", "Z9"))
    if decided <= on:
        yield OutcomeRow(
            outcome_id=f"{row.incident_id}-D1",
            incident_id=row.incident_id,
            outcome=what,
            decided_on=PartialDate.of(decided),
        )


def _with_a_slip(chance: Random, person: PersonRow) -> PersonRow:
    """Return the person, for one in a hundred with a wrong letter in the CRO number,
    which so fails its check.
    """
    if person.cro is None or chance.random() > 0.01:
        return person
    other = "B" if person.cro.endswith("A") else "A"
    return person.model_copy(update={"cro": person.cro[:-1] + other})


def _offences(chance: Random, incidents: list[IncidentRow]) -> Iterator[OffenceRow]:
    """Yield what was recorded on the reports that became a crime: a principal offence,
    and what it includes.
    """
    charged = 0
    for row in incidents:
        if row.crime_reference is None or row.kind not in _OFFENCES_BY_KIND:
            continue
        principal, urn, included = chance.choice(_OFFENCES_BY_KIND[row.kind])
        codes = [(principal, urn), *((code, None) for code in included if chance.random() < 0.7)]
        asn = None
        if chance.random() < 0.08:
            charged += 1
            asn = _invented_asn(int(row.incident_id.split("-")[1]), charged)
        for place, (code, its_urn) in enumerate(codes, start=1):
            yield OffenceRow(
                offence_id=f"{row.incident_id}-O{place}",
                incident_id=row.incident_id,
                principal=place == 1,
                code=None if chance.random() < 0.01 else code,
                cchi_urn=its_urn if chance.random() < 0.8 else None,
                asn=asn,
            )


def _invented_asn(person: int, charge: int) -> str:
    """Return an arrest/summons number of force 00, which there is not, with its check letter."""
    serial = person * 100 + charge % 100
    return f"26/00ZZ/00/{serial}{check_letter(int(f'000026{serial:011}'))}"


def _orders(
    chance: Random, person: PersonRow, episodes: list[InventedEpisode], on: date, number: int
) -> Iterator[OrderRow]:
    for episode in episodes:
        if chance.random() > (0.35 if episode.convicted_before else 0.12):
            continue
        number += 1
        kind = chance.choice(
            (
                OrderKind.BAIL,
                OrderKind.BAIL,
                OrderKind.RESTRAINING_ON_CONVICTION,
                OrderKind.SPO,
                OrderKind.INTERIM_SPO,
            )
        )
        made = _before(chance, min(episode.referred_on, on), 3, 500)
        lasts = {OrderKind.BAIL: 90, OrderKind.INTERIM_SPO: 60}.get(kind, 730)
        runs_on = kind is OrderKind.RESTRAINING_ON_CONVICTION and chance.random() < 0.4
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


def _with_a_check(task: InventedExtractTask, episodes: list[InventedEpisode], person: PersonRow) -> PersonRow:
    """Return the person, mostly with the date of the last check of the police national computer."""
    chance = Random(f"{task.seed} police checked {episodes[0].perpetrator.key}")
    asked_about = min(*(episode.referred_on for episode in episodes), task.on)
    day = None if chance.random() < 0.2 else _before(chance, asked_about, 1, 60)
    asked = day is not None and chance.random() < 0.5
    return person.model_copy(update={"pnc_checked": day, "other_forces_checked": day if asked else None})


def _with_service(chance: Random, order: OrderRow, on: date) -> OrderRow:
    """Return the order with the date of its service, court and grade, where these are recorded."""
    served = order.made + timedelta(days=chance.randint(0, 6))
    return order.model_copy(
        update={
            "served": served if chance.random() < 0.7 and served <= on else None,
            "court": chance.choice((None, "Invented Magistrates' Court")),
            "source": chance.choice((None, "police national computer")),
            "grade": chance.choice((None, "1A P")),
        }
    )


def _links(chance: Random, person: PersonRow, true: InventedPerson, on: date) -> Iterator[RecordedLink]:
    """Yield the perpetrator's own phone, address, account and vehicle, as several records have them."""
    things = (
        (EvidenceThing.PHONE, true.phone, "custody record"),
        (EvidenceThing.ADDRESS, f"{true.address}, {true.postcode}", "voters' register"),
        (EvidenceThing.ACCOUNT, true.account, "report of an incident"),
        (EvidenceThing.VEHICLE, true.vehicle, "stop record"),
    )
    for number, (thing, value, source) in enumerate(things, start=1):
        if value is None or chance.random() > 0.4:
            continue
        first = _before(chance, on, 90, 900)
        yield RecordedLink(
            link_id=f"{person.person_id}-L{number}",
            person_id=person.person_id,
            thing=thing,
            value=value,
            first_recorded=PartialDate.of(first),
            last_recorded=PartialDate.of(first + timedelta(days=chance.randint(1, 80))),
            source=source,
            grade=chance.choice((None, "1A P", "2B P", "2C")),
        )


def _views(
    chance: Random,
    person: PersonRow,
    episodes: list[InventedEpisode],
    incidents: list[IncidentRow],
    number: int,
) -> Iterator[RecordedView]:
    """Yield an officer's views, recorded before the referral; on some domains the officer could not say."""
    grave = any(
        row.kind in (IncidentKind.THREAT, IncidentKind.ASSAULT, IncidentKind.ENTRY) for row in incidents
    )
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
