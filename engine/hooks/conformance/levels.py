"""Levels and checks as ``levels.toml`` defines them, and what a report comes to. Asks no plugin."""

from __future__ import annotations

import tomllib
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field

from engine.domain.base import Code, Frozen, Sentence

DEFINED_IN = Path(__file__).with_name("levels.toml")


class Level(StrEnum):
    """Level to which a plugin may be trusted, by the evidence of asking it."""

    BRONZE = "bronze"
    SILVER = "silver"
    GOLD = "gold"


class Standing(StrEnum):
    """Result of a check. That it could not be made here is not a pass and not a failure."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_CHECKED = "not checked on this machine"
    DOES_NOT_APPLY = "does not apply"
    NOT_REACHED = "not reached"


_HOLDS = frozenset({Standing.PASSED, Standing.DOES_NOT_APPLY, Standing.NOT_CHECKED})


class LevelDefined(Frozen):
    """A level and what it means."""

    code: Level
    means: Sentence


class CheckDefined(Frozen):
    """One check: which level needs it, and what an author does when it fails."""

    code: Code
    level: Level
    title: Sentence
    mend: Sentence


class Definitions(Frozen):
    """All that ``levels.toml`` says."""

    version: str
    cases: Annotated[int, Field(ge=1)]
    level: tuple[LevelDefined, ...]
    check: tuple[CheckDefined, ...]


@cache
def definitions() -> Definitions:
    """Return the levels and checks of this engine."""
    return Definitions.model_validate(tomllib.loads(DEFINED_IN.read_text(encoding="utf-8")))


class CheckResult(Frozen):
    """One check's result, in sentences that name places and cases and never a record's content."""

    check: Code
    standing: Standing
    says: tuple[str, ...] = ()


class Report(Frozen):
    """Result of checking one plugin."""

    agency: str
    name: str | None = None
    version: str | None = None
    contract: str | None = None
    digest: str = Field(description="of the plugin's own files, so that a changed plugin is noticed")
    checked_on: date
    definitions: str
    shown: tuple[str, ...] = Field(default=(), description="what of a case the agency is shown")
    results: tuple[CheckResult, ...]

    @property
    def level(self) -> Level | None:
        """The highest level whose checks, and those before it, hold; None when not even the first does."""
        reached = None
        for each in definitions().level:
            if self.missing_for(each.code):
                return reached
            reached = each.code
        return reached

    @property
    def next_level(self) -> Level | None:
        """The level to work for; None at the top."""
        reached = self.level
        codes = [each.code for each in definitions().level]
        place = codes.index(reached) + 1 if reached else 0
        return codes[place] if place < len(codes) else None

    @property
    def missing(self) -> tuple[CheckDefined, ...]:
        """Checks that it lacks for the next level; nothing at the top."""
        return self.missing_for(self.next_level) if self.next_level else ()

    def missing_for(self, level: Level) -> tuple[CheckDefined, ...]:
        """Return the checks that a plugin lacks for this level, once it has the one before."""
        standing = {result.check: result.standing for result in self.results}
        unmade = {code for code, each in standing.items() if each is Standing.NOT_CHECKED}
        return tuple(
            check
            for check in definitions().check
            if (check.level is level and standing.get(check.code, Standing.NOT_REACHED) not in _HOLDS)
            or (level is Level.GOLD and check.code in unmade)
        )
