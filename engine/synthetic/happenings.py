"""Events of one invented episode: which conduct, how often, in bursts and with quiet gaps."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from random import Random

from engine.domain.cases.incidents import IncidentKind
from engine.domain.dates import PartialDate
from engine.domain.invented import InventedEpisode, InventedIncident
from engine.domain.referrals.intake import AlarmTopic
from engine.synthetic.figures import figures
from engine.synthetic.numbers import crime_reference
from engine.synthetic.streams import chosen, exponential_within, happens, negative_binomial, stream
from engine.synthetic.wording import ActTexts, conduct

_GRAVE = frozenset(
    {IncidentKind.THREAT, IncidentKind.ASSAULT, IncidentKind.SEXUAL_ASSAULT, IncidentKind.ENTRY}
)
_GRAVE_BEHAVIOURS = frozenset(
    {"threats", "assault", "sexual_assault", "entry", "suicidal_statements", "breach"}
)
_ALARM_BY_KIND = {
    IncidentKind.ENTRY: AlarmTopic.ENTRY,
    IncidentKind.BREACH: AlarmTopic.BREACH,
    IncidentKind.SUICIDAL_STATEMENT: AlarmTopic.SUICIDAL_TALK,
}


def incidents_of(
    chance: Random, *, key: str, running: int, relationship: str, began: date, referred_on: date
) -> tuple[InventedIncident, ...]:
    """Return the incidents of a course of conduct from its first day to its referral, by day."""
    behaviours = [
        name
        for name, behaviour in figures().behaviours.items()
        if happens(chance, behaviour.share_for(relationship))
    ] or ["messages"]
    number = figures().number
    contacts = negative_binomial(chance, mean=number("contacts_mean"), size=number("contacts_size"))
    contacts = max(2, len(behaviours), min(contacts, int(number("contacts_most"))))
    return _written_down(chance, behaviours, contacts, key, running, began, referred_on)


def counter_incidents_of(
    chance: Random, *, key: str, running: int, began: date, referred_on: date
) -> tuple[InventedIncident, ...]:
    """Return the other party's account in a counter-allegation: little, and nothing grave."""
    made_of = conduct().counter_allegation
    behaviours = [name for name in made_of.behaviours if happens(chance, 0.5)] or list(made_of.behaviours[:1])
    contacts = max(len(behaviours), chance.randint(made_of.fewest, made_of.most))
    return _written_down(chance, behaviours, contacts, key, running, began, referred_on)


def further_incident(seed: int, episode: InventedEpisode, on: date) -> InventedIncident:
    """Return the first incident after a referral, in the ways that this perpetrator already used."""
    chance = stream(seed, "again", episode.key)
    before = chance.choice(episode.incidents)
    return before.model_copy(
        update={"key": f"{episode.key}-F", "happened": PartialDate.of(on), "crime_reference": None}
    )


def true_alarms(seed: int, episode: InventedEpisode) -> frozenset[AlarmTopic]:
    """Return the alarm topics that are true of the episode at its referral, known or not."""
    chance = stream(seed, "true alarms", episode.key)
    rates = figures().alarms
    true = {topic for incident in episode.incidents if (topic := _alarm_of(incident)) is not None}
    grave = any(incident.kind in _GRAVE for incident in episode.incidents)
    frightened = rates.frightened_given_violence_or_threat if grave else rates.frightened_otherwise
    if happens(chance, frightened):
        true.add(AlarmTopic.VICTIM_EXTREMELY_FRIGHTENED)
    recent = episode.referred_on - timedelta(days=rates.contact_today_within_days)
    if any(incident.happened.earliest > recent for incident in episode.incidents):
        true.add(AlarmTopic.CONTACT_TODAY)
    return frozenset(true)


def _alarm_of(incident: InventedIncident) -> AlarmTopic | None:
    return _ALARM_BY_KIND.get(incident.kind) or _alarm_by_text().get(incident.what)


def _written_down(
    chance: Random,
    behaviours: list[str],
    contacts: int,
    key: str,
    running: int,
    began: date,
    referred_on: date,
) -> tuple[InventedIncident, ...]:
    weights = {name: figures().behaviours[name].weight for name in behaviours}
    happened = behaviours + [chosen(chance, weights) for _ in range(contacts - len(behaviours))]
    happened.sort(key=lambda name: chance.random() ** (0.4 if name in _GRAVE_BEHAVIOURS else 1.0))  # later
    days = _days(chance, contacts, (referred_on - began).days)
    alarms = _alarms_to_write(chance, behaviours)
    flags = _draw_reported(chance, happened)
    written = []
    for place, (behaviour, day) in enumerate(zip(happened, days, strict=True)):
        act = _act(chance, behaviour, alarms)
        on = began + timedelta(days=day)
        has_reference = happens(chance, figures().rate("crime_reference_when_told"))
        written.append(
            InventedIncident(
                key=f"{key}-I{place + 1:03}",
                happened=PartialDate.of(on),
                kind=act.kind,
                channel=chance.choice(act.channels),
                what=chance.choice(act.texts).format(n=chance.randint(3, 9)),
                told_to_police=flags[place],
                crime_reference=(
                    crime_reference(running, place + 1, on.year) if flags[place] and has_reference else None
                ),
            )
        )
    return tuple(written)


def _days(chance: Random, contacts: int, span: int) -> list[int]:
    """Return sorted days: the first at 0, the last within three weeks of the end, most in bursts."""
    triggers = [0, *(chance.randint(0, span) for _ in range(chance.randint(1, 3)))]
    mean = figures().number("burst_mean_days")
    days = [0, span - chance.randint(0, min(21, span))]
    for _ in range(contacts - 2):
        in_a_burst = happens(chance, figures().rate("in_a_burst"))
        trigger = chance.choice(triggers)
        after = exponential_within(chance, mean=mean, most=max(span - trigger, 1))
        anywhere = chance.randint(0, span)
        days.append(min(trigger + int(after), span) if in_a_burst else anywhere)
    start, length = chance.randint(span // 5, span * 2 // 3), chance.randint(30, 120)
    quiet = happens(chance, figures().rate("quiet_gap"))
    if span >= 120 and quiet:
        days = [start + length if start < day < start + length <= span else day for day in days]
    return sorted(days)


def _draw_reported(chance: Random, happened: list[str]) -> list[bool]:
    flags = [happens(chance, figures().behaviours[name].told) for name in happened]
    if not happens(chance, figures().rate("anything_told_to_police")):
        return [False] * len(flags)
    if not any(flags):
        flags[-1] = True
    return flags


def _alarms_to_write(chance: Random, behaviours: list[str]) -> dict[str, list[AlarmTopic]]:
    rates = figures().alarms
    threats, assault = "threats" in behaviours, "assault" in behaviours
    kill = happens(chance, rates.threat_to_kill_given_threat)
    weapon = happens(chance, rates.weapon_given_threat_or_assault)
    throat = happens(chance, rates.strangulation_given_assault)
    waiting: dict[str, list[AlarmTopic]] = {"threats": [], "assault": []}
    if threats and kill:
        waiting["threats"].append(AlarmTopic.THREAT_TO_KILL)
    if assault and throat:
        waiting["assault"].append(AlarmTopic.STRANGULATION)
    if weapon and (threats or assault):
        waiting["assault" if assault else "threats"].append(AlarmTopic.WEAPON)
    return waiting


def _act(chance: Random, behaviour: str, waiting: dict[str, list[AlarmTopic]]) -> ActTexts:
    alarms = waiting.get(behaviour)
    alarm = alarms.pop() if alarms else None
    return chance.choice(_acts()[behaviour, alarm])


@cache
def _acts() -> dict[tuple[str, AlarmTopic | None], tuple[ActTexts, ...]]:
    grouped: dict[tuple[str, AlarmTopic | None], tuple[ActTexts, ...]] = {}
    for act in conduct().acts:
        key = (act.behaviour, act.alarm)
        grouped[key] = (*grouped.get(key, ()), act)
    return grouped


@cache
def _alarm_by_text() -> dict[str, AlarmTopic]:
    return {text: act.alarm for act in conduct().acts if act.alarm is not None for text in act.texts}
