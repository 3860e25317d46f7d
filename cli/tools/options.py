"""The option of the tools for the register file that they read."""

from __future__ import annotations

from pathlib import Path

import typer


def required_register(register: Path | None) -> Path:
    """Return the register asked about; without one it would be the record, whose people are not ranked."""
    if register is None:
        raise typer.BadParameter(
            "people in the record are not ranked or grouped: a high value would be read as danger; give an "
            "imported network",
            param_hint="--register",
        )
    return register
