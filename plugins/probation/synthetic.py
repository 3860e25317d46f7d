"""An invented probation extract from invented people, noisy as a real one. The same seed writes the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

from engine.hooks.v1 import (
    Domain,
    EvidenceThing,
    IdentifierScheme,
    InventedEpisode,
    InventedExtractTask,
    InventedPerson,
    Level,
    PartialDate,
    RecordedLink,
    RecordedView,
    Sex,
    write_json_lines,
    write_table,
)
from plugins.probation.predictors.inputs import whole_years
from plugins.probation.records import (
    ASKED_FOR,
    BREACHES,
    LINKS,
    SUPERVISION,
    VIEWS,
    BreachOutcome,
    BreachRow,
    PredictorAskedFor,
    SupervisedOn,
    SupervisionRow,
)

_PRACTITIONERS = (
    ("Delphine Fauxley", "Probation Practitioner"),
    ("Corin Placeholder-Webb", "Senior Probation Officer"),
    ("Tamsin Mocklington", "Probation Practitioner"),
)
_CONDITIONS = (
    "no contact with a named person",
    "an exclusion zone",
    "residence as directed",
    "an alcohol abstinence requirement",
    "a programme requirement",
    "rehabilitation activity days",
    "electronic monitoring",
)
_REASONS = {
    Level.HIGH: "Missed appointments and a breach of no contact within weeks of release.",
    Level.MODERATE: "Attends appointments but speaks of the victim in each one.",
    Level.LOW: "Complied with every condition for six months and has moved away.",
    Level.UNABLE_TO_SAY: "Supervision had only just begun when this was written.",
}
_SUPERVISED_IF_CONVICTED, _SUPERVISED_OTHERWISE = 0.85, 0.06
_NOT_RECORDED = 0.2
_ASKED_FOR = 0.15


def write_extract(task: InventedExtractTask, folder: Path) -> None:
    """Write what probation would know of these people by that day."""
    episodes_by_person: dict[str, list[InventedEpisode]] = defaultdict(list)
    for episode in task.episodes:
        episodes_by_person[episode.perpetrator.key].append(episode)
    supervision: list[SupervisionRow] = []
    breaches: list[BreachRow] = []
    views: list[RecordedView] = []
    asked: list[PredictorAskedFor] = []
    links: list[RecordedLink] = []
    for key, episodes in episodes_by_person.items():
        chance = Random(f"{task.seed} probation {key}")
        convicted = any(episode.convicted_before for episode in episodes)
        if chance.random() > (_SUPERVISED_IF_CONVICTED if convicted else _SUPERVISED_OTHERWISE):
            continue
        asked_about = min(*(episode.referred_on for episode in episodes), task.on)
        periods = list(_periods(chance, episodes[0].perpetrator, asked_about, len(supervision)))
        breaches += _breaches(chance, periods, asked_about, len(breaches))
        of_reports = Random(f"{task.seed} probation reported {key}")
        periods_checked = [_with_a_check(of_reports, row, asked_about) for row in periods]
        supervision += periods_checked
        links += _links(of_reports, periods[-1], episodes[0].perpetrator, asked_about)
        views += _views(chance, periods[-1].person_id, asked_about, len(views))
        asked += _asked_for(task.seed, episodes[0].perpetrator, periods, asked_about)
    write_table(folder, SUPERVISION, SupervisionRow, supervision)
    write_table(folder, BREACHES, BreachRow, breaches)
    write_table(folder, VIEWS, RecordedView, views)
    write_table(folder, LINKS, RecordedLink, links)
    write_json_lines(folder, ASKED_FOR, asked)


def _periods(
    chance: Random, true: InventedPerson, asked_about: date, number: int
) -> Iterator[SupervisionRow]:
    written = f"{true.forename} {true.surname}"
    others: tuple[str, ...] = ()
    if true.also_written and chance.random() < 0.2:
        others = (chance.choice(true.also_written),)
    if others and chance.random() < 0.3:
        (written,), others = others, (written,)
    forename, _, surname = written.partition(" ")
    held = {each.scheme: each.value for each in true.identifiers}
    born = None if chance.random() < 0.08 else PartialDate.of(true.date_of_birth)
    crn = held.get(IdentifierScheme.CRN)
    pnc = held.get(IdentifierScheme.PNC) if chance.random() < 0.8 else None
    started = asked_about - timedelta(days=chance.randint(1300, 2400))
    for period in range(chance.choice((1, 1, 2))):
        number += 1
        started += timedelta(days=period * chance.randint(400, 700) + chance.randint(0, 300))
        rosh = (
            None
            if chance.random() < _NOT_RECORDED
            else chance.choice(("low", "medium", "medium", "high", "very high"))
        )
        managed = rosh in ("high", "very high") and chance.random() < 0.4
        yield SupervisionRow(
            supervision_id=f"SUP-{number:06}",
            person_id=f"PR-{true.key}",
            forename=forename if surname else None,
            surname=surname or forename,
            also_known_as=others,
            date_of_birth=born,
            crn=crn,
            pnc=pnc,
            kind=chance.choice(tuple(SupervisedOn)),
            started=started,
            ends=None
            if chance.random() < 0.05
            else started + timedelta(days=chance.choice((365, 540, 730, 1095))),
            conditions=()
            if chance.random() < _NOT_RECORDED
            else tuple(chance.sample(_CONDITIONS, chance.randint(1, 4))),
            rosh=rosh,
            rosh_to=()
            if rosh is None
            else tuple(chance.sample(("known adult", "public", "children", "staff"), 1)),
            rosh_recorded_on=None
            if rosh is None
            else min(started + timedelta(days=chance.randint(10, 60)), asked_about),
            mappa_category=chance.choice((2, 3)) if managed else None,
            mappa_level=chance.choice((1, 1, 2, 3)) if managed else None,
        )


def _with_a_check(chance: Random, row: SupervisionRow, asked_about: date) -> SupervisionRow:
    day = None if chance.random() < _NOT_RECORDED else asked_about - timedelta(days=chance.randint(1, 40))
    return row.model_copy(update={"last_checked": None if day is None else max(day, row.started)})


def _links(
    chance: Random, row: SupervisionRow, true: InventedPerson, asked_about: date
) -> Iterator[RecordedLink]:
    """Yield where the person lives and the phone that supervision uses, as they gave them."""
    given = ((EvidenceThing.ADDRESS, f"{true.address}, {true.postcode}"), (EvidenceThing.PHONE, true.phone))
    for number, (thing, value) in enumerate(given, start=1):
        if chance.random() < 0.5:
            continue
        first = row.started + timedelta(days=chance.randint(0, 30))
        yield RecordedLink(
            link_id=f"{row.supervision_id}-L{number}",
            person_id=row.person_id,
            thing=thing,
            value=value,
            first_recorded=PartialDate.of(first),
            last_recorded=PartialDate.of(max(first, asked_about - timedelta(days=chance.randint(5, 90)))),
            source=None,
            grade=None,
        )


def _breaches(
    chance: Random, periods: list[SupervisionRow], asked_about: date, number: int
) -> Iterator[BreachRow]:
    for period in periods:
        for _ in range(chance.choice((0, 0, 0, 1, 1, 2, 4))):
            number += 1
            happened = period.started + timedelta(days=chance.randint(5, 360))
            if happened < asked_about:
                yield BreachRow(
                    breach_id=f"BR-{number:06}",
                    person_id=period.person_id,
                    happened=None if chance.random() < 0.04 else PartialDate.of(happened),
                    of_condition=chance.choice(period.conditions) if period.conditions else None,
                    outcome=None if chance.random() < _NOT_RECORDED else chance.choice(tuple(BreachOutcome)),
                )


def _views(chance: Random, person_id: str, asked_about: date, number: int) -> Iterator[RecordedView]:
    """Yield a practitioner's views, recorded before the referral."""
    if chance.random() > 0.5:
        return
    practitioner, post = chance.choice(_PRACTITIONERS)
    recorded_on = asked_about - timedelta(days=chance.randint(3, 120))
    for domain in (Domain.VIOLENCE, Domain.PERSISTENCE, Domain.RECURRENCE):
        if chance.random() < 0.35:
            continue
        (level,) = chance.choices((Level.LOW, Level.MODERATE, Level.HIGH, Level.UNABLE_TO_SAY), (3, 4, 2, 1))
        number += 1
        yield RecordedView(
            view_id=f"PV-{number:05}",
            person_id=person_id,
            domain=domain,
            level=level,
            reasons=_REASONS[level],
            horizon_weeks=chance.choice((8, 12, 26, 52)),
            recorded_by=practitioner,
            post=post,
            recorded_on=recorded_on,
        )


def _asked_for(
    seed: int, true: InventedPerson, periods: list[SupervisionRow], asked_about: date
) -> Iterator[PredictorAskedFor]:
    """Yield probation's occasional requests for a predictor; by draws of its own,
    so that the rest stays the same.
    """
    chance = Random(f"{seed} probation predictor {true.key}")
    current = periods[-1]
    age = whole_years(true.date_of_birth, current.started)
    if chance.random() > _ASKED_FOR or current.started > asked_about or age < 18:
        return
    practitioner, post = chance.choice(_PRACTITIONERS)
    first = chance.randint(14, min(age, 40)) if chance.random() < 0.7 else age
    yield PredictorAskedFor(
        asked_id=f"ASK-{true.key}",
        person_id=current.person_id,
        predictor="ogrs3",
        inputs={
            "sex": "F" if true.sex is Sex.FEMALE else "M",
            "age_at_conviction": age,
            "age_at_first_sanction": min(first, age),
            "age_at_followup": age,
            "previous_sanctions": 0 if first == age else chance.randint(1, 15),
            "offence_code": chance.choice(("19512", "00866", "00831", "10501")),
        },
        asked_by=practitioner,
        post=post,
        asked_on=min(current.started + timedelta(days=20), asked_about),
    )
