"""A group of commands: a noun with its verbs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cli.session import Command


@dataclass(frozen=True)
class Group:
    """A noun, with its verbs and the groups within it."""

    help: str
    commands: Mapping[str, Command | Group]
    hidden: Mapping[str, Command] | None = None
    """Short forms: they run, and no page of help lists them."""
