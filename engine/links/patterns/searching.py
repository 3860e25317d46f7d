"""A search for patterns: with thresholds of one's own, and beside what chance gives."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import NamedTuple

from engine.links.patterns.chance import Progress, by_chance
from engine.links.patterns.finding import PatternKey
from engine.links.patterns.scan import PatternsFound, scan
from engine.links.patterns.subjects import change_of
from engine.links.patterns.thresholds import Thresholds, thresholds_on
from engine.links.register import Register


class PatternsAsked(NamedTuple):
    """A search for patterns."""

    keys: Collection[PatternKey] | None = None
    """None: every pattern."""
    thresholds: Mapping[str, int] | None = None
    """Instead of today's, by name."""
    most: int | None = None
    """Number of candidates of each pattern that are judged; None: all."""
    beside_chance: bool = False

    def limits(self, on: date) -> Thresholds:
        """Return the thresholds of this search. Raises InvalidInputError."""
        return thresholds_on(on, self.thresholds)


EVERY_PATTERN = PatternsAsked()


def searched(
    register: Register, asked: PatternsAsked, *, on: date, progress: Progress | None = None
) -> PatternsFound:
    """Return what was searched for, with the difference that other thresholds make and what chance gives.

    Raises InvalidInputError for an unknown threshold or one out of bounds.
    """
    limits = asked.limits(on)
    found = scan(register, limits, asked.keys, most=asked.most)
    if asked.thresholds:
        before = scan(register, thresholds_on(on), asked.keys, most=asked.most).findings
        changed = {
            key: change_of(key, before[key], findings, register.shape_of_id)
            for key, findings in found.findings.items()
        }
        found = found.model_copy(update={"changed": changed})
    if asked.beside_chance:
        compared = {
            key: by_chance(register, limits, key, found=len(findings), most=asked.most, progress=progress)
            for key, findings in found.findings.items()
        }
        found = found.model_copy(
            update={"by_chance": {key: each for key, each in compared.items() if each is not None}}
        )
    return found
