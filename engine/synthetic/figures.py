"""The rates by which the city is drawn, each with its source. Reads its own data file and nothing else."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Annotated

from pydantic import Field, model_validator

from engine.domain.base import Frozen

DESIGN = "(design)"
"""The mark of a figure for which no published source was found."""
Share = Annotated[float, Field(ge=0, le=1)]
Shares = dict[str, Share]


class Rate(Frozen):
    """A probability and where it comes from."""

    value: Share
    source: str


class Number(Frozen):
    """A positive quantity and where it comes from."""

    value: Annotated[float, Field(gt=0)]
    source: str


class Mix(Frozen):
    """Shares that make a whole."""

    source: str
    shares: Shares

    @model_validator(mode="after")
    def _makes_a_whole(self) -> Mix:
        _check_whole("shares", self.shares)
        return self


class TypologyByRelationship(Frozen):
    """For each relationship the mix of motivational types."""

    source: str
    shares: dict[str, Shares]

    @model_validator(mode="after")
    def _each_makes_a_whole(self) -> TypologyByRelationship:
        for relationship, shares in self.shares.items():
            _check_whole(relationship, shares)
        return self


class TriageByAlarms(Frozen):
    """For none, one, two and three or more raised alarms the mix of triage outcomes."""

    source: str
    shares: tuple[Shares, Shares, Shares, Shares]

    @model_validator(mode="after")
    def _each_makes_a_whole(self) -> TriageByAlarms:
        for alarms, shares in enumerate(self.shares):
            _check_whole(f"{alarms} alarms", shares)
        return self


class Behaviour(Frozen):
    """Frequency of one kind of conduct: that it occurs at all, is repeated, and is reported to police."""

    share: Share
    source: str
    weight: Annotated[float, Field(gt=0)]
    told: Share
    ex_partner: Annotated[float, Field(ge=0, le=2)] = 1.0

    def share_for(self, relationship: str) -> float:
        """Return the share for one relationship.

        Former partners are half of all, so that the whole share holds.
        """
        return self.share * (self.ex_partner if relationship == "ex-partner" else 2.0 - self.ex_partner)


class AlarmFigures(Frozen):
    """Frequency of a true alarm topic, given what happened."""

    source: str
    threat_to_kill_given_threat: Share
    weapon_given_threat_or_assault: Share
    strangulation_given_assault: Share
    frightened_given_violence_or_threat: Share
    frightened_otherwise: Share
    contact_today_within_days: Annotated[int, Field(ge=0)]


class Figures(Frozen):
    """Every figure of the city."""

    sources: dict[str, str]
    rates: dict[str, Rate]
    numbers: dict[str, Number]
    mixes: dict[str, Mix]
    typology_by_relationship: TypologyByRelationship
    triage_by_alarms: TriageByAlarms
    behaviours: dict[str, Behaviour]
    alarms: AlarmFigures

    def rate(self, name: str) -> float:
        """Return one probability by its name."""
        return self.rates[name].value

    def number(self, name: str) -> float:
        """Return one quantity by its name."""
        return self.numbers[name].value

    def mix(self, name: str) -> Shares:
        """Return one mix by its name."""
        return self.mixes[name].shares


@cache
def figures() -> Figures:
    """Return the figures of the data file, read once."""
    return Figures.model_validate(tomllib.loads(own_text("figures.toml")))


def own_text(name: str) -> str:
    """Return the text of one of this package's own data files."""
    return files("engine.synthetic").joinpath("data", name).read_text(encoding="utf-8")


def _check_whole(name: str, shares: Shares) -> None:
    if abs(sum(shares.values()) - 1.0) > 1e-6:
        raise ValueError(f"{name}: the shares must add up to 1")
