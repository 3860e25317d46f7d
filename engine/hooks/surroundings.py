"""Common surroundings of all agencies of one installation. Knows no agency."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from engine.hooks.launching import Launcher
from engine.hooks.verdicts import Errors
from engine.settings import ExtractSettings


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """Common surroundings of all agencies of one installation."""

    python: str
    environment: Mapping[str, str]
    start_seconds: float
    launcher: Launcher
    extracts: ExtractSettings
    today: Callable[[], date]
    errors: Errors = None
    """Takes the text of each error of a plugin: only where all whom it is asked about are invented."""
