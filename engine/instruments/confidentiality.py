"""The confidentiality statements that come with the engine, read from their file. Knows no conference."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from engine.domain.conference.meetings import ConfidentialityStatement
from engine.domain.errors import NotFoundError


@cache
def statements() -> tuple[ConfidentialityStatement, ...]:
    """Return every version, oldest first; the last applies to a conference that is planned now."""
    text = files("engine.instruments").joinpath("data", "confidentiality.toml").read_text(encoding="utf-8")
    read = tomllib.loads(text)["statements"]
    return tuple(ConfidentialityStatement.model_validate(each) for each in read)


def statement(version: int) -> ConfidentialityStatement:
    """Return one version. Raises NotFoundError for one that does not exist."""
    for each in statements():
        if each.version == version:
            return each
    raise NotFoundError("confidentiality statement", str(version))
