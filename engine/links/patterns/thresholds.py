"""The thresholds of the patterns, as data with the days on which they hold. Judges nothing."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from importlib.resources import files

from pydantic import Field

from engine.domain.base import Frozen


class Thresholds(Frozen):
    """One set of thresholds, current from a day on."""

    from_day: date = Field(alias="from")
    serial_victims: int = Field(ge=2)
    repeat_victim_incidents: int = Field(ge=2)
    several_perpetrators: int = Field(ge=2)
    many_handles: int = Field(ge=2)
    shared_users: int = Field(ge=2)
    location_incidents: int = Field(ge=2)
    three_incidents: int = Field(ge=2)
    three_months: int = Field(ge=1)
    quiet_days: int = Field(ge=1)
    quiet_before: int = Field(ge=1)
    switch_days: int = Field(ge=1)
    object_users: int = Field(ge=2)


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


def thresholds_on(on: date, *, serial_victims: int | None = None) -> Thresholds:
    """Return those of a day; the number of victims of a serial perpetrator may be asked for."""
    found = pattern_data().thresholds_on(on)
    return found if serial_victims is None else found.model_copy(update={"serial_victims": serial_victims})


def repeat_definition_on(on: date) -> RepeatDefinition:
    """Return the published definition of a repeat on a day."""
    return next(each for each in pattern_data().repeat_definitions if each.is_in_force(on))
