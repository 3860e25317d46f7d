"""An invented advocacy extract from invented people, noisy as a real one. The same seed writes the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

from engine.hooks.v1 import (
    EVERYONE,
    AgainstWhom,
    Agreement,
    Domain,
    HowSoon,
    IncidentKind,
    InventedEpisode,
    InventedExtractTask,
    InventedPerson,
    ItemState,
    Level,
    OfferOutcome,
    PartialDate,
    ProtectedKind,
    ProtectedValue,
    RefusalGround,
    VoiceTopic,
    Whose,
    WithWhom,
    write_json_lines,
)
from plugins.advocacy.records import (
    CLIENTS,
    OFFERS,
    Agreed,
    AgreedView,
    ClientLine,
    Entry,
    FurtherAct,
    OfferLine,
    Topic,
)

# Who records a view for the service is not the victim's own advocate, whose name is protected.
_SUPERVISORS = (
    ("Marguerite Exampleton", "Advocacy Service Manager"),
    ("Juno Inventa", "Clinical Supervisor"),
)
_ADVOCATES = ("Wren Pseudonym-Dale", "Hester Nonesuch", "Ottoline Placebo")
_SAID: dict[tuple[Whose, VoiceTopic], tuple[str, ...]] = {
    (Whose.HER_WORDS, VoiceTopic.FEAR): (
        "I check every lock three times and I still do not sleep.",
        "I am frightened of what will happen when the case is over.",
        "It is not the messages, it is never knowing.",
    ),
    (Whose.HER_WORDS, VoiceTopic.WISHES): (
        "I want it to stop. I do not need a punishment.",
        "I want to be informed before anything is done, not after.",
        "I want the court to explain it in clear words.",
    ),
    (Whose.HER_WORDS, VoiceTopic.CHANGES): (
        "I go a different way each day and have stopped seeing friends.",
        "I have changed my number twice and closed my accounts.",
        "I no longer go out alone after dark.",
    ),
    (Whose.HER_WORDS, VoiceTopic.NEEDS): (
        "I need a person who answers when I call.",
        "I need help with the letters from the court.",
        "I need cameras and a better door.",
    ),
    (Whose.HER_WORDS, VoiceTopic.NOT_TO_BE_TOLD): (
        "My family must not know that I went to the police.",
        "My employer must not know why I was away.",
    ),
    (Whose.HER_VIEW, VoiceTopic.RISK): (
        "It will get worse after an order to stop.",
        "I will not be hurt, but I will not be left in peace either.",
        "I think that I will be found again.",
    ),
    (Whose.ADVOCATE, VoiceTopic.RISK): (
        "the fear is well founded and has grown since the last contact.",
        "the victim plays down what happened when family are near.",
        "the safety plan is enough for now and needs a review after the hearing.",
    ),
}
_REASONS = {
    Level.HIGH: "The conduct went on after two orders and the victim's life has narrowed to the home.",
    Level.MODERATE: "Contact had slowed, and each pause so far had ended.",
    Level.LOW: "No contact for four months and the victim was sleeping again.",
    Level.UNABLE_TO_SAY: "The victim was not ready to talk about it when this was recorded.",
}
_REFUSED, _NOT_KNOWN, _EARLIER = 0.05, 0.25, 0.25
# What the victim agreed to, with whom, and how often: most things with everyone, some with named agencies.
_AGREEMENTS: tuple[tuple[Agreement, WithWhom, int], ...] = (
    (Agreement.YES, (EVERYONE,), 78),
    (Agreement.YES, ("police", "probation"), 7),
    (Agreement.NO, (), 6),
    (Agreement.NOT_ASKED, (), 6),
    (Agreement.WITHDRAWN, (), 3),
)
_OFFERED_BY = ("the officer in the case", "the referring helpline", "victim advocacy's duty line")
_SHOWN_BY = {
    Topic.PROPERTY_DAMAGE: IncidentKind.INTERFERING,
    Topic.LOITERING: IncidentKind.LOITERING,
    Topic.THREATS: IncidentKind.THREAT,
    Topic.VIOLENCE_NOW: IncidentKind.ASSAULT,
}


def write_extract(task: InventedExtractTask, folder: Path) -> None:
    """Write what the service would know of these people by that day: the clients with an advocate."""
    clients: list[ClientLine] = []
    offers: list[OfferLine] = []
    for episode in task.episodes:
        asked_about = min(episode.referred_on, task.on)
        if episode.has_advocate:
            chance = Random(f"{task.seed} advocacy {episode.key}")
            client = _client(chance, episode, asked_about, f"A{len(clients) + 1:06}")
            clients.append(_with_further(client, episode, task.on))
            if chance.random() < _EARLIER:
                clients.append(_earlier(clients[-1], f"A{len(clients) + 1:06}"))
        chance = Random(f"{task.seed} advocacy offer {episode.key}")
        if chance.random() > _NOT_KNOWN:
            offers.append(_offer(chance, episode, asked_about, f"O{len(offers) + 1:06}"))
    write_json_lines(folder, CLIENTS, clients)
    write_json_lines(folder, OFFERS, offers)


def _client(chance: Random, episode: InventedEpisode, asked_about: date, file_id: str) -> ClientLine:
    victim = episode.victim
    opened = max(episode.began, asked_about - timedelta(days=chance.randint(10, 240)))
    opened = min(opened, asked_about)
    return ClientLine(
        file_id=file_id,
        names=_names(chance, victim),
        date_of_birth=None if chance.random() < 0.08 else PartialDate.of(victim.date_of_birth),
        about_names=() if chance.random() < 0.1 else _names(chance, episode.perpetrator),
        opened=opened,
        last_spoken=None if chance.random() < 0.15 else _between(chance, opened, asked_about),
        refuse_on=RefusalGround.CONFIDENTIAL if chance.random() < _REFUSED else None,
        entries=tuple(_entries(chance, opened, asked_about, file_id)),
        topics=_topics(chance, episode),
        topics_on=None if chance.random() < 0.15 else _between(chance, opened, asked_about),
        topics_agreed=_for_everyone() if chance.random() > 0.1 else Agreed(agreed_to_sharing=Agreement.NO),
        views=tuple(_views(chance, opened, asked_about, file_id)),
        protected=tuple(_protected(chance, victim)),
    )


def _with_further(file: ClientLine, episode: InventedEpisode, on: date) -> ClientLine:
    """Return the file with the further act that the victim reported, shared as the topics are."""
    again = episode.further_stalking_on
    if again is None or again > on or episode.further_against not in {each.value for each in AgainstWhom}:
        return file
    act = FurtherAct(
        act_id=f"{file.file_id}-F1",
        happened=PartialDate.of(again),
        against=AgainstWhom(episode.further_against),
        agreed_to_sharing=file.topics_agreed.agreed_to_sharing,
        with_whom=file.topics_agreed.with_whom,
    )
    return file.model_copy(update={"further": (act,)})


def _earlier(file: ClientLine, file_id: str) -> ClientLine:
    """Return an earlier file of the same client about another person: it must never be taken for this one."""
    return ClientLine(
        file_id=file_id,
        names=file.names,
        date_of_birth=file.date_of_birth,
        about_names=("Earlier Placeholder",),
        opened=file.opened - timedelta(days=900),
        last_spoken=file.opened - timedelta(days=600),
        entries=(
            Entry(
                entry_id=f"{file_id}-1",
                voice=Whose.HER_WORDS,
                about=VoiceTopic.WISHES,
                says="That was another man, and it is over.",
                said_on=PartialDate.of(file.opened - timedelta(days=600)),
                agreed_to_sharing=Agreement.YES,
                with_whom=(EVERYONE,),
            ),
        ),
    )


def _offer(chance: Random, episode: InventedEpisode, asked_about: date, offer_id: str) -> OfferLine:
    """Return the offer: accepted by a client with an advocate; else declined, without reply,
    or not recorded.
    """
    without = (OfferOutcome.DECLINED, OfferOutcome.NO_REPLY, None)
    return OfferLine(
        offer_id=offer_id,
        names=(f"{episode.victim.forename} {episode.victim.surname}",),
        date_of_birth=PartialDate.of(episode.victim.date_of_birth),
        offered_on=PartialDate.of(_between(chance, min(episode.began, asked_about), asked_about)),
        by=chance.choice(_OFFERED_BY),
        came_to=OfferOutcome.ACCEPTED if episode.has_advocate else chance.choice(without),
    )


def _for_everyone() -> Agreed:
    return Agreed(agreed_to_sharing=Agreement.YES, with_whom=(EVERYONE,))


def _agreed(chance: Random) -> tuple[Agreement, WithWhom]:
    agreed, with_whom, _ = chance.choices(_AGREEMENTS, [weight for _, _, weight in _AGREEMENTS])[0]
    return agreed, with_whom


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
        agreed, with_whom = _agreed(chance)
        yield Entry(
            entry_id=f"{file_id}-{number}",
            voice=voice,
            about=about,
            says=chance.choice(sayings),
            said_on=PartialDate.of(_between(chance, opened, asked_about)),
            agreed_to_sharing=agreed,
            with_whom=with_whom,
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


def _views(chance: Random, opened: date, asked_about: date, file_id: str) -> Iterator[AgreedView]:
    """Yield the service's views, recorded before the referral.

    Psychosocial harm is the one most often there.
    """
    if chance.random() > 0.5:
        return
    supervisor, post = chance.choice(_SUPERVISORS)
    recorded_on = _between(chance, opened, asked_about)
    for domain in Domain:
        if chance.random() < (0.1 if domain is Domain.PSYCHOSOCIAL_HARM else 0.4):
            continue
        (level,) = chance.choices((Level.LOW, Level.MODERATE, Level.HIGH, Level.UNABLE_TO_SAY), (1, 3, 4, 1))
        yield AgreedView(
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
            agreed_to_sharing=Agreement.YES,
            with_whom=(EVERYONE,),
        )


def _protected(chance: Random, victim: InventedPerson) -> Iterator[ProtectedValue]:
    yield ProtectedValue(kind=ProtectedKind.PHONE, value=victim.phone)
    yield ProtectedValue(kind=ProtectedKind.CONTACT_HOW, value="by message first, never by calling")
    if chance.random() > _NOT_KNOWN:
        yield ProtectedValue(
            kind=ProtectedKind.CONTACT_WHEN, value=chance.choice(("weekday mornings", "after 18:00"))
        )
    if chance.random() > _NOT_KNOWN:
        yield ProtectedValue(kind=ProtectedKind.ADDRESS, value=f"{victim.address}, {victim.postcode}")
    if chance.random() > 0.5:
        yield ProtectedValue(kind=ProtectedKind.WORKPLACE, value=victim.workplace)
    yield ProtectedValue(kind=ProtectedKind.ADVOCATE, value=chance.choice(_ADVOCATES))


def _between(chance: Random, first: date, last: date) -> date:
    return first + timedelta(days=chance.randint(0, max((last - first).days, 0)))
