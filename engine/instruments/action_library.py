"""The library of actions that comes with the engine, read from its file. Chooses nothing for a case."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from engine.domain.plans.library import ActionLibrary

_FILE = "action_library.toml"


@cache
def action_library() -> ActionLibrary:
    """Return the library in its newest version."""
    text = files("engine.instruments").joinpath("data", _FILE).read_text(encoding="utf-8")
    return ActionLibrary.model_validate(tomllib.loads(text))
