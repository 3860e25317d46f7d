"""The invented people about whom a plugin is asked, the awkward ones among them. Knows no agency."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from engine.domain.invented import InventedEpisode, InventedExtractTask, InventedPerson
from engine.synthetic.city import invented_episodes

SEED = 4_021
ASKED_ON = date(2026, 1, 15)
"""The day of asking, always the same: a run of last year can be compared with one of today."""
_ORDINARY = 30


@dataclass(frozen=True, kw_only=True)
class Invented:
    """All episodes that an agency's writer is given, and which of them are awkward in which way."""

    task: InventedExtractTask
    ordinary: tuple[InventedEpisode, ...]
    twins: tuple[InventedEpisode, ...]
    counter: tuple[InventedEpisode, ...]
    children: tuple[InventedEpisode, ...]


@cache
def invented_people() -> Invented:
    """Return the same people, for every caller at any time."""
    on = ASKED_ON
    city = [
        episode
        for episode in invented_episodes(SEED, count=4 * _ORDINARY, until=on)
        if episode.counter_allegation_of is None
    ]
    ordinary = city[:_ORDINARY]
    models = city[_ORDINARY : _ORDINARY + 6]
    twins = [each for model in models[:2] for each in _twins(model)]
    counter = [each for model in models[2:4] for each in _both_ways(model)]
    children = [_child_accused(models[4], on), _child_harmed(models[5], on)]
    everyone = (*ordinary, *twins, *counter, *children)
    return Invented(
        task=InventedExtractTask(seed=SEED, on=on, episodes=everyone),
        ordinary=tuple(ordinary),
        twins=tuple(twins),
        counter=tuple(counter),
        children=tuple(children),
    )


def _much_known(episode: InventedEpisode, **changed: object) -> InventedEpisode:
    """Return the episode of a person whom many agencies would have met."""
    likely = {"drinks": True, "ill": True, "convicted_before": True, "has_advocate": True}
    return episode.model_copy(update={**likely, **changed})


def _twins(episode: InventedEpisode) -> tuple[InventedEpisode, InventedEpisode]:
    """Return two people of one name and one date of birth, on either side,
    with no number to distinguish them.
    """
    one = _much_known(
        episode,
        perpetrator=episode.perpetrator.model_copy(update={"identifiers": ()}),
        victim=episode.victim.model_copy(update={"identifiers": ()}),
    )
    other = one.model_copy(
        update={
            "key": f"{one.key}T",
            "perpetrator": _namesake(one.perpetrator),
            "victim": _namesake(one.victim),
            "incidents": tuple(
                each.model_copy(update={"key": f"{each.key}T", "crime_reference": None})
                for each in one.incidents
            ),
        }
    )
    return one, other


def _namesake(person: InventedPerson) -> InventedPerson:
    return person.model_copy(
        update={
            "key": f"{person.key}T",
            "phone": "07700 900999",
            "email": f"other.{person.email}",
            "address": "2 Otherwhere Row",
            "account": None,
            "vehicle": None,
        }
    )


def _both_ways(episode: InventedEpisode) -> tuple[InventedEpisode, InventedEpisode]:
    """Return an episode, and the other party's account of the same two people."""
    first = _much_known(episode)
    counter = first.model_copy(
        update={
            "key": f"{first.key}C",
            "perpetrator": first.victim,
            "victim": first.perpetrator,
            "counter_allegation_of": first.key,
            "incidents": tuple(
                each.model_copy(update={"key": f"{each.key}C", "crime_reference": None})
                for each in first.incidents[:2]
            ),
            "has_advocate": False,
        }
    )
    return first, counter


def _child_accused(episode: InventedEpisode, on: date) -> InventedEpisode:
    return _much_known(episode, perpetrator=_aged(episode.perpetrator, on, years=13))


def _child_harmed(episode: InventedEpisode, on: date) -> InventedEpisode:
    return _much_known(episode, victim=_aged(episode.victim, on, years=9))


def _aged(person: InventedPerson, on: date, *, years: int) -> InventedPerson:
    born = on - timedelta(days=int(years * 365.25) + 40)
    return person.model_copy(update={"date_of_birth": born, "identifiers": person.identifiers[:0]})
