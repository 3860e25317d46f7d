"""Toy agencies that are found as installed ones are, also by the processes that a test starts."""

from __future__ import annotations

import json
from pathlib import Path

from tests.builders import TOYS

INSTALLED = ("advocacy", "health", "police", "probation")


def announce(folder: Path, *codes: str) -> tuple[str, ...]:
    """Announce these toys in a folder; return the places to put before the others on Python's path."""
    metadata = folder / "toys-1.0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: toys\nVersion: 1.0\n")
    announced = "".join(f"{code} = {code}\n" for code in codes)
    (metadata / "entry_points.txt").write_text(f"[stac.agencies]\n{announced}")
    return str(folder), str(TOYS)


def settle(home: Path, **settings: object) -> None:
    """Write a home's settings: the agencies that come with the engine are suspended."""
    lines = {"suspended_agencies": list(INSTALLED), **settings}
    written = "".join(f"{name} = {json.dumps(value)}\n" for name, value in lines.items())
    (home / "settings.toml").write_text(written)
