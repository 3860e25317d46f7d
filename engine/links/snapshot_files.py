"""Storage of a snapshot in a folder of plain arrays that are mapped into memory, shared by all who read them.

A new one is written beside the old one and then named the current one, whole or not at all.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import numpy as np

from engine.links.snapshot import LINK_COLUMNS, SAME_COLUMNS, Laid, Layer, Rows, Snapshot

LAYOUT = 3
_CURRENT = "current"
_ENDS = ("start", "end")
_ROWS = ("first", "to", "by")
"""Every node has its place in what is stored; only what changed since is for few."""


def save_snapshot(snapshot: Snapshot, folder: Path) -> None:
    """Write the first layer and name it the current one."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (laid,) = snapshot.laid
    name = f"turn-{snapshot.turn}-{os.getpid()}"
    place = folder / name
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(mode=0o700)
    arrays: dict[str, Any] = {
        "nodes": snapshot.nodes,
        **{f"link.{column}": array for column, array in laid.layer.links.items()},
        **{f"same.{column}": array for column, array in laid.layer.same.items()},
        **{f"links.{part}": array for part, array in zip(_ROWS, laid.links, strict=False)},
        **{f"sames.{part}": array for part, array in zip(_ROWS, laid.same, strict=False)},
        **{f"ends.{part}": array for part, array in zip(_ENDS, laid.ends, strict=True)},
    }
    for array_name, array in arrays.items():
        np.save(place / f"{array_name}.npy", array)
    about = {"layout": LAYOUT, "turn": snapshot.turn, "made_at": snapshot.made_at}
    (place / "about.json").write_text(json.dumps(about), encoding="utf-8")
    part = folder / f".{_CURRENT}.{os.getpid()}"
    part.write_text(name, encoding="utf-8")
    part.replace(folder / _CURRENT)
    for older in folder.glob("turn-*"):
        if older.name != name:
            shutil.rmtree(older, ignore_errors=True)  # a reader that has it mapped loses nothing


def current_name(folder: Path) -> str | None:
    """Return the name of the current snapshot, None if there is none."""
    try:
        return (folder / _CURRENT).read_text(encoding="utf-8").strip()
    except OSError:
        return None


def open_snapshot(folder: Path, name: str) -> Snapshot | None:
    """Return the snapshot of that name.

    Return None if it is gone, damaged or of another layout: then it is made again.
    """
    place = folder / name
    try:
        about = json.loads((place / "about.json").read_text(encoding="utf-8"))
        if about["layout"] != LAYOUT:
            return None

        def array(of: str) -> Any:
            mapped = np.load(place / f"{of}.npy", mmap_mode="r", allow_pickle=False)
            return np.asarray(mapped)  # a plain view of it: the mapped kind is slow at each read

        layer = Layer(
            {column: array(f"link.{column}") for column in LINK_COLUMNS},
            {column: array(f"same.{column}") for column in SAME_COLUMNS},
        )
        links, same = (Rows(*(array(f"{which}.{part}") for part in _ROWS)) for which in ("links", "sames"))
        laid = Laid(layer, links, same, (array("ends.start"), array("ends.end")))
        return Snapshot(array("nodes"), (laid,), turn=int(about["turn"]), made_at=str(about["made_at"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
