"""The thresholds of the patterns, as data with the days on which they hold. Judges nothing."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from pydantic import Field

from engine.domain.base import Frozen
from engine.domain.errors import InvalidInputError
from engine.links.patterns.finding import PatternKey


class Thresholds(Frozen):
    """One set of thresholds, current from a day on."""

    from_day: date = Field(alias="from")
    serial_victims: int = Field(ge=2, description="different victims of one perpetrator")
    repeat_victim_incidents: int = Field(ge=2, description="incidents of one victim")
    several_perpetrators: int = Field(ge=2, description="perpetrators of one victim")
    many_handles: int = Field(ge=2, description="phones and accounts of one person")
    shared_users: int = Field(ge=2, description="users of one item")
    location_incidents: int = Field(ge=2, description="incidents of one person at one place")
    three_incidents: int = Field(ge=2, description="incidents between two people")
    three_months: int = Field(ge=1, description="within so many months")
    quiet_days: int = Field(ge=1, description="days without a report")
    quiet_before: int = Field(ge=1, description="reports before the quiet time")
    switch_days: int = Field(ge=1, description="days after the order")
    object_users: int = Field(ge=2, description="users above which an item joins strangers")


class RepeatDefinition(Frozen):
    """Definition of a repeat, as published for a time."""

    name: str
    from_day: date | None = Field(default=None, alias="from")
    until: date | None = None
    months: int = Field(ge=1)
    criminal_only: bool
    says: str
    source: str

    def is_in_force(self, on: date) -> bool:
        """Return whether it is the one of that day."""
        return (self.from_day is None or self.from_day <= on) and (self.until is None or on < self.until)


class PatternData(Frozen):
    """All that the data file says."""

    thresholds: tuple[Thresholds, ...] = Field(min_length=1)
    repeat_definitions: tuple[RepeatDefinition, ...] = Field(min_length=1)

    def thresholds_on(self, on: date) -> Thresholds:
        """Return the newest set that applies on that day; before the first set, the first."""
        begun = [each for each in self.thresholds if each.from_day <= on]
        return max(begun or self.thresholds[:1], key=lambda each: each.from_day)


@cache
def pattern_data() -> PatternData:
    """Return the data file."""
    text = files("engine.links").joinpath("data", "patterns.toml").read_text(encoding="utf-8")
    return PatternData.model_validate(tomllib.loads(text))


THRESHOLDS_OF: dict[PatternKey, tuple[str, ...]] = {
    PatternKey.SERIAL_PERPETRATOR: ("serial_victims",),
    PatternKey.REPEAT_VICTIM: ("repeat_victim_incidents",),
    PatternKey.PROXY: ("object_users",),
    PatternKey.MANY_HANDLES: ("many_handles",),
    PatternKey.SHARED_OBJECT: ("shared_users", "object_users"),
    PatternKey.ORDER_THEN_SWITCH: ("switch_days",),
    PatternKey.QUIET_THEN_RETURN: ("quiet_days", "quiet_before"),
    PatternKey.REPEAT_LOCATION: ("location_incidents",),
    PatternKey.SEVERAL_PERPETRATORS: ("several_perpetrators",),
    PatternKey.THREE_IN_TWELVE_MONTHS: ("three_incidents", "three_months"),
}
"""The thresholds of each pattern that has any."""
_MOST = 10_000


class ThresholdOffered(NamedTuple):
    """A threshold that can be tried: its name, its meaning, today's value and the least."""

    name: str
    says: str
    value: int
    least: int


def thresholds_of(key: PatternKey, on: date) -> tuple[ThresholdOffered, ...]:
    """Return the thresholds of a pattern on a date."""
    current = thresholds_on(on)
    return tuple(
        ThresholdOffered(name, str(field.description), getattr(current, name), field.metadata[0].ge)
        for name in THRESHOLDS_OF.get(key, ())
        for field in [Thresholds.model_fields[name]]
    )


def thresholds_on(on: date, changed: Mapping[str, int] | None = None) -> Thresholds:
    """Return those of a date, some of them as asked for instead.

    Raises InvalidInputError for an unknown name or a value out of bounds.
    """
    found = pattern_data().thresholds_on(on)
    names = tuple(name for name in Thresholds.model_fields if name != "from_day")
    for name, value in (changed or {}).items():
        if name not in names:
            raise InvalidInputError("threshold", f"'{name[:40]}' is not known; use {', '.join(names)}")
        least = Thresholds.model_fields[name].metadata[0].ge
        if not least <= value <= _MOST:
            raise InvalidInputError("threshold", f"{name}: give {least} to {_MOST:,}")
    return found.model_copy(update=dict(changed or {}))


def repeat_definition_on(on: date) -> RepeatDefinition:
    """Return the published definition of a repeat on a day."""
    return next(each for each in pattern_data().repeat_definitions if each.is_in_force(on))
