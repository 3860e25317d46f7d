"""Orders of what alleged perpetrators do: how grave, how near, and the name of a first, as versioned data."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable
from functools import cache
from importlib.resources import files

from engine.domain.base import Frozen


class Step(Frozen):
    """One step of an order of kinds and channels."""

    step: int
    says: str
    kinds: tuple[str, ...]
    channels: tuple[str, ...] = ()


class First(Frozen):
    """Kinds and alarm topics, or channels, and what the first of them is called."""

    says: str
    kinds: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()

    def is_of(self, kinds: Iterable[str], channel: str | None) -> bool:
        """Return whether something of these kinds and this channel is one of them."""
        return channel in self.channels or not set(self.kinds).isdisjoint(kinds)


class Conduct(Frozen):
    """All that the data file says."""

    version: str
    severity: tuple[Step, ...]
    nearness: tuple[Step, ...]
    first: tuple[First, ...]


@cache
def conduct() -> Conduct:
    """Return the data file."""
    text = files("engine.instruments").joinpath("data", "conduct.toml").read_text(encoding="utf-8")
    return Conduct.model_validate(tomllib.loads(text))


def highest_step(kinds: Collection[str], channel: str | None, steps: Iterable[Step]) -> Step | None:
    """Return the highest step that a kind or the channel shows; None where none shows any."""
    there = [
        each
        for each in steps
        if any(kind in each.kinds for kind in kinds) or (channel and channel in each.channels)
    ]
    return max(there, key=lambda each: each.step, default=None)
