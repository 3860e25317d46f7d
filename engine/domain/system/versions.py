"""Versions of the software that one machine works with. References to no case."""

from __future__ import annotations

from engine.domain.base import Frozen


class SoftwareVersions(Frozen):
    """The version of the engine, and by agency that of its plugin."""

    engine: str
    agencies: dict[str, str]
