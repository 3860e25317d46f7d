"""The words of a page for the acts that the audit log stores. Stored names stay."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path


@cache
def labels() -> Mapping[str, str]:
    """Return the acts that a page words differently, by their stored name."""
    file = Path(__file__).with_suffix(".toml")
    return {name: str(label) for name, label in tomllib.loads(file.read_text(encoding="utf-8")).items()}


def act(stored: str) -> str:
    """Return the words of a stored act. Any that has no label is shown as it is stored, with view for see."""
    if stored in labels():
        return labels()[stored]
    return f"view {stored.removeprefix('see ')}" if stored.startswith("see ") else stored
