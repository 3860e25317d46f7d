"""A detector's answers: a finding in a sentence with its path, or what could not be judged. Finds nothing."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from itertools import islice

from pydantic import Field

from engine.domain.base import Frozen
from engine.domain.dates import PartialDate
from engine.domain.errors import InvalidInputError
from engine.links.incident_roles import Happenings, Incident
from engine.links.kinds import Role

_NAMED = 6
_ON_PATH = 8


class PatternKey(StrEnum):
    """The patterns that detectors search for."""

    SERIAL_PERPETRATOR = "serial-perpetrator"
    REPEAT_VICTIM = "repeat-victim"
    REPEAT_CASE = "repeat-case"
    COUNTER_ALLEGATION = "counter-allegation"
    PROXY = "proxy"
    ROLE_OVERLAP = "role-overlap"
    MANY_HANDLES = "many-handles"
    SHARED_OBJECT = "shared-object"
    ORDER_THEN_SWITCH = "order-then-switch"
    QUIET_THEN_RETURN = "quiet-then-return"
    REPEAT_LOCATION = "repeat-location"
    SEVERAL_PERPETRATORS = "several-perpetrators"
    PROFESSIONAL_TARGETED = "professional-targeted"
    THREE_IN_TWELVE_MONTHS = "three-in-twelve-months"


def pattern_named(text: str) -> PatternKey:
    """Return the pattern of this key. Raises InvalidInputError."""
    try:
        return PatternKey(text.strip().casefold())
    except ValueError:
        offered = ", ".join(key.value for key in PatternKey)
        raise InvalidInputError("pattern", f"choose one of: {offered}") from None


class Compared(Frozen):
    """People whom a finding takes for different ones; it changes where one of each side is one person."""

    one_side: tuple[str, ...]
    other_side: tuple[str, ...]
    if_one: str = Field(description="what follows where two of them are one person")


class Finding(Frozen):
    """A pattern that was found. It is about its first person, or about the first two."""

    says: str
    path: tuple[str, ...] = Field(description="entities one after the other, each linked to the next")
    persons: tuple[str, ...]
    incidents: tuple[str, ...]
    counter_evidence: tuple[str, ...]
    compared: Compared | None = Field(default=None, exclude=True)
    """None: it rests on its own people only. It is for readings within access, and in no file."""


class ThresholdChange(Frozen):
    """The difference that other thresholds make to a pattern, by the ids of the subjects."""

    by_default: int
    """Findings with today's thresholds."""
    new: tuple[tuple[str, ...], ...]
    gone: tuple[tuple[str, ...], ...]


class NotJudged(Frozen):
    """Reason why a pattern could not be searched for about these people. Silence would read as safety."""

    says: str
    persons: tuple[str, ...] = ()
    incidents: tuple[str, ...] = ()


def a_finding(
    acts: Happenings,
    sentence: str,
    *,
    path: Sequence[int],
    persons: Iterable[int],
    incidents: Iterable[Incident],
    counter: Iterable[str],
    compared: tuple[Iterable[int], Iterable[int], str] | None = None,
) -> Finding:
    """Return a finding by ids."""
    return Finding(
        says=sentence,
        path=tuple(acts.id_of(number) for number in path),
        persons=tuple(acts.id_of(number) for number in dict.fromkeys(persons)),
        incidents=tuple(incident.id for incident in incidents),
        counter_evidence=tuple(counter),
        compared=None
        if compared is None
        else Compared(
            one_side=tuple(acts.id_of(person) for person in sorted(compared[0])),
            other_side=tuple(acts.id_of(person) for person in sorted(compared[1])),
            if_one=compared[2],
        ),
    )


def unjudged(
    acts: Happenings, sentence: str, persons: Iterable[int], incidents: Iterable[Incident]
) -> NotJudged:
    """Return what could not be judged, by ids."""
    return NotJudged(
        says=sentence,
        persons=tuple(acts.id_of(person) for person in persons),
        incidents=tuple(incident.id for incident in incidents),
    )


def doubts_about_roles(acts: Happenings, people: Iterable[int], incidents: Sequence[Incident]) -> list[str]:
    """Return the doubts against any finding that rests on roles."""
    doubts = ["Roles are what the sources claimed; no panel has assessed them here."]
    shared = sum(len(incident.perpetrators) > 1 for incident in incidents)
    if shared:
        doubts.append(f"In {shared} of the incidents more than one person was named as perpetrator.")
    for person in dict.fromkeys(people):
        doubts += doubts_about_grade(acts, person)
    return doubts


def doubts_about_grade(acts: Happenings, entity: int) -> list[str]:
    """Return the links that were left out, and weak ones that were not."""
    doubts = []
    if number := acts.suspected_false(entity):
        doubts.append(
            f"{times(number, 'link')} of {acts.called(entity)} graded E, suspected to be false, left out."
        )
    weak = sum((link.grade or "").startswith("3") for link, _, _ in acts.counted(entity))
    if weak:
        doubts.append(
            f"{times(weak, 'link')} of {acts.called(entity)} came from a source graded not reliable."
        )
    return doubts


def also_a_victim(acts: Happenings, person: int) -> list[str]:
    """Return that a person was named as victim too."""
    number = len(acts.incidents_of(person, Role.VICTIM))
    return (
        [f"{acts.called(person)} was also named as a victim in {times(number, 'incident')}."]
        if number
        else []
    )


def undated(incidents: Sequence[Incident]) -> list[str]:
    """Return that some of the incidents have no date."""
    number = sum(incident.date is None for incident in incidents)
    if not number:
        return []
    return [f"{number} of {times(len(incidents), 'incident')} had no date, so their order is not known."]


def when(incidents: Sequence[Incident]) -> str:
    """Return between which dates, to the extent that they are known; begins with a space."""
    dates = [incident.date for incident in incidents if incident.date is not None]
    if not dates:
        return ""
    first, last = min(dates, key=lambda d: d.earliest), max(dates, key=lambda d: d.latest)
    if first == last:
        return f" {'on' if first.is_whole_day else 'in'} {first.in_words()}"
    return f" between {first.in_words()} and {last.in_words()}"


def times(number: int, noun: str) -> str:
    """Return ``1 incident``, ``3 incidents``, ``2 people``."""
    if number == 1:
        return f"1 {noun}"
    return f"{number:,} " + {"person": "people"}.get(noun, f"{noun}s")


def named(acts: Happenings, people: Sequence[int]) -> str:
    """Return the first few by id, and how many more."""
    ids = [acts.called(person) for person in people[:_NAMED]]
    more = len(people) - len(ids)
    return ", ".join(ids) + (f" and {more} more" if more > 0 else "")


def walk(*stops: int | Incident) -> list[int]:
    """Return a path over people and incidents; an incident between two people is a link, not a stop."""
    path: list[int] = []
    for stop in stops:
        number = stop.key if isinstance(stop, Incident) else stop
        if number >= 0 and (not path or path[-1] != number):
            path.append(number)
    return path


def star(middle: int, arms: Iterable[tuple[Incident, int]]) -> list[int]:
    """Return a path from the first person over the middle to each other,
    and back to the middle in between.
    """
    stops: list[int | Incident] = []
    for incident, person in islice(arms, _ON_PATH):
        stops += [incident, person, incident, middle] if stops else [person, incident, middle]
    return walk(*(stops[:-2] if len(stops) > 3 else stops))  # no way back from the last


def months_after(day: date, months: int) -> date:
    """Return the corresponding day so many months on, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def certainly_within(first: PartialDate, last: PartialDate, months: int) -> bool:
    """Return whether the second is within so many months of the first, whatever days the two may mean."""
    return last.latest <= months_after(first.earliest, months)


def certain_gap(first: PartialDate, second: PartialDate) -> int:
    """Return the days that are certainly between the two."""
    return (second.earliest - first.latest).days
