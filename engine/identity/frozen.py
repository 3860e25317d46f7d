"""The register's own weights: trained offline, shipped as data, frozen and versioned. Scores one pair.

Fellegi-Sunter: each field's level is worth log2(m / u) bits, and the bits add up. Nothing here learns.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cache, cached_property
from importlib.resources import files
from math import log2
from typing import NamedTuple

from pydantic import Field, model_validator

from engine.domain.base import Frozen
from engine.identity.agreement import COMPARED_FIELDS, LEVEL_BY_FIELD, agreements
from engine.identity.forms import PersonForm

WEIGHTS_FILE = "data/register_weights.toml"


class LevelWeight(Frozen):
    """Frequency of a level in two records of one person (m) and of two people (u)."""

    says: str
    m: float = Field(gt=0, lt=1)
    u: float = Field(gt=0, lt=1)

    @property
    def bits(self) -> float:
        """The evidence."""
        return log2(self.m / self.u)


class FieldLevels(Frozen):
    """One field's levels, the nearest first, and on what they were trained."""

    name: str
    trained_on: str
    levels: tuple[LevelWeight, ...]


class RegisterWeights(Frozen):
    """Everything that the weight of a pair of the register is made of."""

    version: str
    start_bits: float
    """Before anything was compared: how seldom two records of a large register are of one person."""
    exchanged_bits: float
    """Cost in bits when forename and surname must be read in each other's place."""
    propose: float
    """From this weight a pair is shown where people work: on a case and at its screening."""
    review: float
    """From this weight, and below the other, a pair waits only in the review queue."""
    seen_before: float
    """From this weight "seen before?" lists a person: a search holds far less than a record."""
    fields: tuple[FieldLevels, ...]

    @model_validator(mode="after")
    def _every_field_and_threshold_fits(self) -> RegisterWeights:
        if tuple(field.name for field in self.fields) != COMPARED_FIELDS:
            raise ValueError("the weights are not of the fields that the register compares")
        if not self.seen_before < self.review < self.propose:
            raise ValueError("the thresholds must rise from search to review to propose")
        return self

    @cached_property
    def bits(self) -> tuple[tuple[float, ...], ...]:
        """The evidence of each level by field; level 0 is worth nothing."""
        return tuple((0.0, *(level.bits for level in field.levels)) for field in self.fields)


class Scored(NamedTuple):
    """A pair's weight, and of what it is made."""

    weight: float
    levels: tuple[int, ...]
    exchanged: bool


@cache
def register_weights() -> RegisterWeights:
    """Return the weights that are shipped."""
    text = files("engine.identity").joinpath(WEIGHTS_FILE).read_text(encoding="utf-8")
    return RegisterWeights.model_validate(tomllib.loads(text))


def scored(one: PersonForm, others: Sequence[PersonForm]) -> list[Scored]:
    """Return the match weight of a record with each of the others: the same whichever of two is first."""
    return scored_pairs([(one, other) for other in others])


def scored_pairs(pairs: Sequence[tuple[PersonForm, PersonForm]]) -> list[Scored]:
    """Return the match weight of each pair; many at once cost little more than one."""
    weights = register_weights()
    found = []
    for levels, exchanged in agreements(pairs):
        weight = weights.start_bits + (weights.exchanged_bits if exchanged else 0.0)
        for table, level in zip(weights.bits, levels, strict=True):
            weight += table[level]
        found.append(Scored(weight, levels, exchanged))
    return found


NUMBERED_FIELDS = frozenset({"PNC ID", "CRO number", "CRN", "prison number"})
POLICE_AND_PRISON = frozenset({"PNC ID", "CRO number", "prison number"})
SAME_NUMBER, ANOTHER_NUMBER = 1, 5
"""Levels of a number: the same and valid; another one, and both valid."""


def numbers_conflict(one: PersonForm, other: PersonForm) -> bool:
    """Return whether the two have different numbers in one register, and both are valid."""
    return any(LEVEL_BY_FIELD[field](one, other) == ANOTHER_NUMBER for field in NUMBERED_FIELDS)


def shares_number(one: PersonForm, other: PersonForm) -> bool:
    """Return whether a police or prison number of the two is the same and passes its check."""
    return any(LEVEL_BY_FIELD[field](one, other) == SAME_NUMBER for field in POLICE_AND_PRISON)
