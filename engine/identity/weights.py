"""Value of a step of agreement as evidence, and the weight of a pair. Knows no file and no true answer.

A match weight is in bits: one more doubles the odds that two records are of one person. It is evidence as
this file's own figures see it, and no more than that.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log2

import numpy as np
import numpy.typing as npt

from engine.domain.base import Frozen
from engine.identity.comparing import Compared
from engine.identity.fields import MOST_OF_ONE, UNLIKE_TO_REPEAT, Kind
from engine.identity.persons import Column, Ints, Persons

Reals = npt.NDArray[np.float64]
VERSION = "1"
_SUPPOSED_RECORDS = 30
_FEWEST = 500
"""In a file of fewer records a value that is there once is not therefore common."""


class StepWeight(Frozen):
    """Frequency of a step in two records of one person (m) and of two people (u)."""

    says: str
    m: float
    u: float

    @property
    def weight(self) -> float:
        """The evidence in bits."""
        return log2(self.m / self.u)


class FieldWeights(Frozen):
    """The steps of one field, the nearest first."""

    field: str
    kind: Kind
    in_household: float
    """Frequency with which two people of one household agree in it as one person would."""
    steps: tuple[StepWeight, ...]


class MatchWeights(Frozen):
    """Everything that the weight of a pair is made of, but for how common single values are."""

    version: str = VERSION
    prior: float
    """The share of all possible pairs that are of one person."""
    household: float
    """The share that are of two people of one household or family."""
    exchanged: float
    """The share of one person's pairs whose forename and surname are in each other's place."""
    once: float = 0.0
    """Bits that each pair gains where a record can have but one double in the other file."""
    fields: tuple[FieldWeights, ...]

    @property
    def start(self) -> float:
        """The weight of a pair before anything was compared."""
        return log2(self.prior / max(1.0 - self.prior - self.household, 1e-9)) + self.once


@dataclass(frozen=True, kw_only=True, eq=False)
class Evidence:
    """For each pair (rows) and field (columns), in bits: how much it speaks for one person."""

    fields: Reals
    exchanged: Reals
    household: Reals
    """Zero or less: what is taken away because a shared household would explain the agreement too."""
    total: Reals
    """The match weight: prior, fields, exchange and household together."""


def evidence(
    weights: MatchWeights, persons: Persons, compared: Compared, left: Ints, right: Ints
) -> Evidence:
    """Return the evidence for and against each pair."""
    fields = np.zeros((len(left), len(persons.columns)))
    for place, (column, field) in enumerate(zip(persons.columns, weights.fields, strict=True)):
        table = np.array([0.0, *(step.weight for step in field.steps)])
        steps = compared.steps[:, place]
        fields[:, place] = table[steps]
        same = (steps == 1) & ~compared.exchanged
        fields[same, place] = (
            np.log2(field.steps[0].m) - rarity(column, field.steps[0].u)[column.codes[left[same]]]
        )
    exchanged = np.where(compared.exchanged, log2(weights.exchanged), 0.0)
    return _with_household(weights, fields, exchanged)


def _with_household(weights: MatchWeights, fields: Reals, exchanged: Reals) -> Evidence:
    others = max(1.0 - weights.prior - weights.household, 1e-9)
    if weights.household:
        # Two people of one household agree in what it shares as one person would: that is theirs too.
        shared = sum(
            (
                in_household(field.in_household, fields[:, place])
                for place, field in enumerate(weights.fields)
            ),
            start=np.zeros(len(fields)),
        )
        household = -np.logaddexp2(0.0, log2(weights.household / others) + shared)
    else:
        household = np.zeros(len(fields))
    total = weights.start + fields.sum(axis=1) + exchanged + household
    return Evidence(fields=fields, exchanged=exchanged, household=household, total=total)


def in_household(share: float, bits: Reals) -> Reals:
    """Return the evidence in bits of one field for two people of one household, against two of anywhere."""
    if share in (0.0, 1.0):
        return bits * share
    return np.log2((1.0 - share) + share * np.exp2(np.clip(bits, -60, 60)))


def rarity(column: Column, u: float) -> Reals:
    """Return, for each value, log2 of how often another person would have it by chance.

    A value's own frequency counts without the two records that a pair needs for it: a surname that only these
    two have is rare, and a number that eight records share may still be one person's.
    """
    spare = MOST_OF_ONE if column.kind in UNLIKE_TO_REPEAT else 2
    often = (column.counts() - spare + _SUPPOSED_RECORDS * u) / (column.recorded + _SUPPOSED_RECORDS)
    return np.log2(np.clip(often, min(0.5 / max(column.recorded, _FEWEST), u), 1.0))
