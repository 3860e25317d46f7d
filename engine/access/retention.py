"""Retention schedules: read from the home folder's own file, or the shipped one. Knows no storage."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from pathlib import Path

from pydantic import ValidationError

from engine.domain.errors import SetupError
from engine.domain.rights.retention import Schedules

FILE = "retention.toml"


def read_schedules(home: Path) -> Schedules:
    """Return the current schedules. Raises SetupError, which says what is wrong with the home's own file."""
    own = home / FILE
    try:
        text = own.read_bytes().decode()
    except (FileNotFoundError, NotADirectoryError):
        text = files("engine.access").joinpath("data", FILE).read_bytes().decode()
    except (OSError, UnicodeDecodeError):
        raise SetupError(f"{FILE} in the home folder cannot be read; correct or remove it") from None
    try:
        return Schedules.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError:
        raise SetupError(f"{FILE} in the home folder is not TOML; correct or remove it") from None
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        part = ".".join(str(step) for step in first["loc"])
        where = f"{FILE}: {part}" if part else FILE
        raise SetupError(f"{where}: {first['msg'].removeprefix('Value error, ')}") from None
