"""An invented advocacy extract from invented people, noisy as a real one. The same seed writes the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

from engine.domain.absence import ItemState
from engine.domain.answers import RefusalGround
from engine.domain.dates import PartialDate
from engine.domain.incidents import IncidentKind
from engine.domain.invented import InventedEpisode, InventedExtractTask, InventedPerson
from engine.domain.referral import ProtectedKind, ProtectedValue
from engine.domain.risk import Domain, HowSoon, Level
from engine.hooks.carried_views import RecordedView
from engine.hooks.extract_files import write_json_lines
from plugins.advocacy.records import CLIENTS, About, ClientLine, Entry, Topic, Voice

# Who records a view for the service is not the victim's own advocate, whose name is protected.
_SUPERVISORS = (
    ("Marguerite Exampleton", "Advocacy Service Manager"),
    ("Juno Inventa", "Clinical Supervisor"),
)
_ADVOCATES = ("Wren Pseudonym-Dale", "Hester Nonesuch", "Ottoline Placebo")
_SAID: dict[tuple[Voice, About], tuple[str, ...]] = {
    (Voice.HER_WORDS, About.FEAR): (
        "I check every lock three times and I still do not sleep.",
        "I am frightened of what he will do when the case is over.",
        "It is not the messages, it is never knowing.",
    ),
    (Voice.HER_WORDS, About.WISHES): (
        "I want it to stop. I do not need him punished.",
        "I want to be told before anything is done, not after.",
        "I want the court to tell him in words he understands.",
    ),
    (Voice.HER_WORDS, About.CHANGES): (
        "I go a different way each day and have stopped seeing friends.",
        "I have changed my number twice and closed my accounts.",
        "I no longer go out alone after dark.",
    ),
    (Voice.HER_WORDS, About.NEEDS): (
        "I need somebody who answers when I call.",
        "I need help with the letters from the court.",
        "I need cameras and a better door.",
    ),
    (Voice.HER_VIEW, About.RISK): (
        "He will get worse when he is told to stop.",
        "He will not hurt me, but he will not leave me alone either.",
        "I think that he will find me again.",
    ),
    (Voice.ADVOCATE, About.RISK): (
        "the fear is well founded and has grown since the last contact.",
        "she plays down what happened when family are near.",
        "the safety plan holds for now and needs another look after the hearing.",
    ),
}
_REASONS = {
    Level.HIGH: "The conduct went on after two orders and her life has narrowed to her home.",
    Level.MODERATE: "Contact had slowed, and each pause so far had ended.",
    Level.LOW: "No contact for four months and she was sleeping again.",
    Level.UNABLE_TO_SAY: "She was not ready to talk of it when this was recorded.",
}
_REFUSED, _NOT_KNOWN, _AGREED = 0.05, 0.25, 0.85
_SHOWN_BY = {
    Topic.PROPERTY_DAMAGE: IncidentKind.INTERFERING,
    Topic.LOITERING: IncidentKind.LOITERING,
    Topic.THREATS: IncidentKind.THREAT,
    Topic.VIOLENCE_NOW: IncidentKind.ASSAULT,
}


def write_extract(task: InventedExtractTask, folder: Path) -> None:
    """Write what the service would know of these people by that day: the clients with an advocate."""
    clients: list[ClientLine] = []
    for episode in task.episodes:
        if episode.has_advocate:
            chance = Random(f"{task.seed} advocacy {episode.key}")
            clients.append(
                _client(chance, episode, min(episode.referred_on, task.on), f"A{len(clients) + 1:06}")
            )
    write_json_lines(folder, CLIENTS, clients)


def _client(chance: Random, episode: InventedEpisode, asked_about: date, file_id: str) -> ClientLine:
    she = episode.victim
    opened = max(episode.began, asked_about - timedelta(days=chance.randint(10, 240)))
    opened = min(opened, asked_about)
    return ClientLine(
        file_id=file_id,
        names=_names(chance, she),
        date_of_birth=None if chance.random() < 0.08 else PartialDate.of(she.date_of_birth),
        about_names=() if chance.random() < 0.1 else _names(chance, episode.perpetrator),
        opened=opened,
        last_spoken=None if chance.random() < 0.15 else _between(chance, opened, asked_about),
        refuse_on=RefusalGround.CONFIDENTIAL if chance.random() < _REFUSED else None,
        entries=tuple(_entries(chance, opened, asked_about, file_id)),
        topics=_topics(chance, episode),
        topics_on=None if chance.random() < 0.15 else _between(chance, opened, asked_about),
        views=tuple(_views(chance, opened, asked_about, file_id)),
        protected=tuple(_protected(chance, she)),
    )


def _names(chance: Random, true: InventedPerson) -> tuple[str, ...]:
    whole = f"{true.forename} {true.surname}"
    if true.also_written and chance.random() < 0.15:
        return (whole, chance.choice(true.also_written))
    return (whole,)


def _entries(chance: Random, opened: date, asked_about: date, file_id: str) -> Iterator[Entry]:
    number = 0
    for (voice, about), sayings in _SAID.items():
        if chance.random() < _NOT_KNOWN:
            continue
        number += 1
        yield Entry(
            entry_id=f"{file_id}-{number}",
            voice=voice,
            about=about,
            says=chance.choice(sayings),
            said_on=PartialDate.of(_between(chance, opened, asked_about)),
            agreed_to_share=chance.random() < _AGREED,
        )


def _topics(chance: Random, episode: InventedEpisode) -> dict[Topic, ItemState]:
    kinds = {incident.kind for incident in episode.incidents}
    states = {}
    for topic in Topic:
        drawn = chance.random()
        if drawn < 0.05:
            continue  # not asked: the file does not name it
        if drawn < _NOT_KNOWN:
            states[topic] = ItemState.UNKNOWN
        elif _SHOWN_BY.get(topic) in kinds or (topic is Topic.SUBSTANCE_USE and episode.drinks):
            states[topic] = ItemState.PRESENT
        else:
            states[topic] = chance.choice(
                (ItemState.PRESENT, ItemState.POSSIBLE, ItemState.ABSENT, ItemState.ABSENT)
            )
    return states


def _views(chance: Random, opened: date, asked_about: date, file_id: str) -> Iterator[RecordedView]:
    """The service's views, recorded before the referral; psychosocial harm is the one most often there."""
    if chance.random() > 0.5:
        return
    supervisor, post = chance.choice(_SUPERVISORS)
    recorded_on = _between(chance, opened, asked_about)
    for domain in Domain:
        if chance.random() < (0.1 if domain is Domain.PSYCHOSOCIAL_HARM else 0.4):
            continue
        (level,) = chance.choices((Level.LOW, Level.MODERATE, Level.HIGH, Level.UNABLE_TO_SAY), (1, 3, 4, 1))
        yield RecordedView(
            view_id=f"{file_id}-{domain.value.replace(' ', '-')}",
            person_id=file_id,
            domain=domain,
            level=level,
            reasons=_REASONS[level],
            horizon_weeks=chance.choice((4, 8, 12)),
            how_soon=chance.choice(tuple(HowSoon)) if domain is Domain.VIOLENCE else None,
            recorded_by=supervisor,
            post=post,
            recorded_on=recorded_on,
        )


def _protected(chance: Random, she: InventedPerson) -> Iterator[ProtectedValue]:
    yield ProtectedValue(kind=ProtectedKind.PHONE, value=she.phone)
    yield ProtectedValue(kind=ProtectedKind.CONTACT_HOW, value="by message first, never by calling")
    if chance.random() > _NOT_KNOWN:
        yield ProtectedValue(
            kind=ProtectedKind.CONTACT_WHEN, value=chance.choice(("weekday mornings", "after 18:00"))
        )
    if chance.random() > _NOT_KNOWN:
        yield ProtectedValue(kind=ProtectedKind.ADDRESS, value=f"{she.address}, {she.postcode}")
    if chance.random() > 0.5:
        yield ProtectedValue(kind=ProtectedKind.WORKPLACE, value=she.workplace)
    yield ProtectedValue(kind=ProtectedKind.ADVOCATE, value=chance.choice(_ADVOCATES))


def _between(chance: Random, first: date, last: date) -> date:
    return first + timedelta(days=chance.randint(0, max((last - first).days, 0)))
