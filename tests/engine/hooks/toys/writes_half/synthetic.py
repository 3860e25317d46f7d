"""Half an extract, and then an error unless the seed is even."""

from __future__ import annotations

from pathlib import Path

from engine.hooks.v1 import InventedExtractTask


def write_extract(task: InventedExtractTask, folder: Path) -> None:
    """Write a file, and fail for an odd seed."""
    (folder / "toys.csv").write_text(f"seed\n{task.seed}\n", encoding="utf-8")
    if task.seed % 2:
        raise ValueError("Petronella Mustnotshow")
