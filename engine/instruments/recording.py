"""Changes of the rules by which police record stalking, as dated data; series that cross one are marked."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from importlib.resources import files

from pydantic import Field

from engine.domain.base import Frozen
from engine.domain.links.trends import RecordingChange


class _Rules(Frozen):
    version: str
    change: tuple[RecordingChange, ...] = Field(min_length=1)


@cache
def recording_changes() -> tuple[RecordingChange, ...]:
    """Return every change, the oldest first."""
    text = files("engine.instruments").joinpath("data", "recording_rules.toml").read_text(encoding="utf-8")
    return tuple(
        sorted(_Rules.model_validate(tomllib.loads(text)).change, key=lambda each: each.when.earliest)
    )


def changes_crossed(first: date | None, last: date | None) -> tuple[RecordingChange, ...]:
    """Return the changes between the first and the last day of a series."""
    if first is None or last is None:
        return ()
    return tuple(each for each in recording_changes() if first < each.when.earliest <= last)


def crossing_in_words(changes: tuple[RecordingChange, ...]) -> str | None:
    """Return what a reader of a series that crosses these must know; None where it crosses none."""
    if not changes:
        return None
    return (
        f"recording rules changed: {'; '.join(each.says for each in changes)}; more may be recorded from "
        "then without more having happened"
    )
