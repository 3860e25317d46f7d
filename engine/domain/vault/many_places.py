"""Writers who named many places of one case, and what was found when a person asked about it. Pure.

Guesses are counted and not hits: nothing here depends on what is protected.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from pydantic import Field

from engine.domain.base import Frozen, Instant

MANY_PLACES = 6
"""From so many places of one writer on one case within the time, it is an alarm, protected or not."""
_WITHIN = timedelta(hours=24)


class AskedWhom(StrEnum):
    """The person who was asked why a writer named many places."""

    WRITER = "the writer"
    MANAGER = "the writer's manager"
    OTHER = "another person"


class FoundReason(StrEnum):
    """Why the writer named them, as the person who asked found it."""

    TASK = "needed for a task on this case"
    MISTAKE = "typed by mistake"
    SEARCH = "searching for a place of the victim's"
    NO_REASON = "no reason was given"
    NOT_KNOWN = "not known"


class PlacesTyped(Frozen):
    """The number of different places that the texts of one act name: right and wrong guesses alike."""

    number: int
    case: str
    by: str
    at: Instant
    places: int


class ManyPlaces(NamedTuple):
    """A writer who named many places of one case within the time, when the last of them was named, and the
    number of the newest act that was counted.
    """

    case: str
    by: str
    places: int
    at: Instant
    newest: int


class AskedGiven(Frozen):
    """The record of a person who asked. The text is sealed.

    ``counted`` is the number of places that the alarm had when they read it: for more they ask again.
    """

    writer: str = Field(min_length=1)
    counted: int
    asked: AskedWhom
    asked_on: date
    found: FoundReason
    text: str = Field(repr=False)


class AskedStored(NamedTuple):
    """A record of it without its text. It ends the alarm for what was typed up to the act ``newest``."""

    reference: str
    case: str
    writer: str
    asked: AskedWhom
    asked_on: date
    found: FoundReason
    newest: int
    by: str
    at: Instant


class AskedSeen(Frozen):
    """A record of it as those read it who have the alarm; ``text`` is blank after an erasure."""

    reference: str
    case: str
    writer: str
    asked: AskedWhom
    asked_on: date
    found: FoundReason
    by: str
    at: Instant
    text: str | None = Field(repr=False)


class AlarmOfPlaces(Frozen):
    """One alarm that waits: a writer, and how many places they named of a case."""

    case: str
    writer: str
    places: int
    at: Instant


class AlarmsOfPlaces(Frozen):
    """The alarms that wait for a person, and the records of those that were ended lately."""

    waiting: tuple[AlarmOfPlaces, ...]
    recorded: tuple[AskedSeen, ...]


def newest_asked_about(records: Iterable[AskedStored]) -> dict[tuple[str, str], int]:
    """Return by case and writer the newest act that was asked about."""
    newest: dict[tuple[str, str], int] = {}
    for each in records:
        of = each.case, each.writer
        newest[of] = max(newest.get(of, 0), each.newest)
    return newest


def writers_of_many_places(
    typed: Iterable[PlacesTyped], asked_about: Mapping[tuple[str, str], int]
) -> Iterator[ManyPlaces]:
    """Yield each writer who named many places of a case within the time, with the most that they named.

    Acts up to the one that was ``asked_about`` count no more.
    """
    of_writer: dict[tuple[str, str], list[PlacesTyped]] = {}
    for each in typed:
        if each.number > asked_about.get((each.case, each.by), 0):
            of_writer.setdefault((each.case, each.by), []).append(each)
    for (case, by), texts in of_writer.items():
        most, at = max(
            (sum(each.places for each in texts if last.at - _WITHIN <= each.at <= last.at), last.at)
            for last in texts
        )
        if most >= MANY_PLACES:
            yield ManyPlaces(case, by, most, at, max(each.number for each in texts))
