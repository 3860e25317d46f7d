"""An invented health extract from invented people, noisy as a real one. The same seed writes the same.

Each line also holds a clinical note and a score, as a real extract would, so that a leak would be seen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

from engine.domain.answers import RefusalGround
from engine.domain.dates import PartialDate
from engine.domain.invented import InventedEpisode, InventedExtractTask, InventedPerson
from engine.domain.people import IdentifierScheme
from engine.domain.risk import Domain, Level
from engine.hooks.carried_views import RecordedView
from engine.hooks.extract_files import write_json_lines
from plugins.health.records import PATIENTS, Contact, PatientLine, RiskNote, RiskRelevant

_CLINICIANS = (
    ("Dr Linnea Fictiva", "Consultant Forensic Psychiatrist"),
    ("Dr Ansel Makebelief", "Forensic Psychologist"),
    ("Perpetua Nowhere", "Mental Health Nurse"),
)
_REASONS = {
    Level.HIGH: "Speaks of the matter as a last resort and has stopped attending.",
    Level.MODERATE: "Preoccupied and sleepless, and still comes to appointments.",
    Level.LOW: "Engaged with support and has not raised the matter for two months.",
    Level.UNABLE_TO_SAY: "Not seen for long enough to form a view.",
}
_KNOWN_IF_ILL, _KNOWN_OTHERWISE = 0.5, 0.15
_REFUSED = 0.1
_NOT_RECORDED = 0.25


def write_extract(task: InventedExtractTask, folder: Path) -> None:
    """Write what the service would know of these people by that day."""
    episodes_by_person: dict[str, list[InventedEpisode]] = defaultdict(list)
    for episode in task.episodes:
        episodes_by_person[episode.perpetrator.key].append(episode)
    patients: list[_PatientAsKept] = []
    for key, episodes in episodes_by_person.items():
        chance = Random(f"{task.seed} health {key}")
        ill = any(episode.ill for episode in episodes)
        if chance.random() > (_KNOWN_IF_ILL if ill else _KNOWN_OTHERWISE):
            continue
        asked_about = min(*(episode.referred_on for episode in episodes), task.on)
        patients.append(_patient(chance, episodes, asked_about, f"H{len(patients) + 1:06}"))
    write_json_lines(folder, PATIENTS, patients)


class _PatientAsKept(PatientLine):
    """A line as a service really keeps it."""

    clinical_note: str
    score: int


def _patient(
    chance: Random, episodes: list[InventedEpisode], asked_about: date, patient_id: str
) -> _PatientAsKept:
    true = episodes[0].perpetrator
    held = {each.scheme: each.value for each in true.identifiers}
    contact = Contact.NOT_RECORDED if chance.random() < _NOT_RECORDED else chance.choice(tuple(Contact)[:4])
    return _PatientAsKept(
        patient_id=patient_id,
        names=_names(chance, true),
        date_of_birth=None if chance.random() < 0.08 else PartialDate.of(true.date_of_birth),
        nhs=held.get(IdentifierScheme.NHS) if chance.random() < 0.95 else None,
        known_since=PartialDate(str(asked_about.year - chance.randint(0, 9))),
        contact=contact,
        last_contact=None
        if chance.random() < _NOT_RECORDED
        else asked_about - timedelta(days=chance.randint(2, 400)),
        refuse_on=RefusalGround.CONFIDENTIAL if chance.random() < _REFUSED else None,
        risk_notes=tuple(_notes(chance, episodes, asked_about, patient_id)),
        views=tuple(_views(chance, asked_about, patient_id)),
        clinical_note="CLINICAL-NOTE-MUST-NOT-LEAVE",
        score=chance.randint(0, 27),
    )


def _names(chance: Random, true: InventedPerson) -> tuple[str, ...]:
    whole = f"{true.forename} {true.surname}"
    if true.also_written and chance.random() < 0.2:
        other = chance.choice(true.also_written)
        return (other, whole) if chance.random() < 0.6 else (other,)
    return (whole,)


def _notes(
    chance: Random, episodes: list[InventedEpisode], asked_about: date, patient_id: str
) -> Iterator[RiskNote]:
    likely = {RiskRelevant.SUBSTANCE_USE: 0.6 if any(episode.drinks for episode in episodes) else 0.05}
    number = 0
    for what in RiskRelevant:
        if chance.random() < likely.get(what, 0.18):
            number += 1
            noted = PartialDate.of(asked_about - timedelta(days=chance.randint(3, 300)))
            yield RiskNote(
                note_id=f"{patient_id}-{number}",
                what=what,
                noted=None if chance.random() < 0.05 else noted,
                is_judgement=what in (RiskRelevant.TALK_OF_VICTIM, RiskRelevant.RECENT_LOSS),
                may_share=chance.random() < 0.75,
            )


def _views(chance: Random, asked_about: date, patient_id: str) -> Iterator[RecordedView]:
    """A clinician's views, recorded before the referral."""
    if chance.random() > 0.45:
        return
    clinician, post = chance.choice(_CLINICIANS)
    recorded_on = asked_about - timedelta(days=chance.randint(3, 150))
    for domain in Domain:
        if chance.random() < 0.4:
            continue
        (level,) = chance.choices((Level.LOW, Level.MODERATE, Level.HIGH, Level.UNABLE_TO_SAY), (2, 4, 2, 2))
        yield RecordedView(
            view_id=f"{patient_id}-{domain.value.replace(' ', '-')}",
            person_id=patient_id,
            domain=domain,
            level=level,
            reasons=_REASONS[level],
            horizon_weeks=chance.choice((4, 12, 26)),
            recorded_by=clinician,
            post=post,
            recorded_on=recorded_on,
        )
