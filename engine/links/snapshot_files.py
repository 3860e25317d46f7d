"""Storage of a snapshot in a folder of plain arrays that are mapped into memory, shared by all who read them.

A new one is written beside the old one and then named the current one, whole or not at all.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.links.arrays import LINK_COLUMNS, SAME_COLUMNS, Column, Laid, Layer, Rows
from engine.links.snapshot import Snapshot

LAYOUT = 3
_Kind = TypeVar("_Kind", bound=np.signedinteger)
_CURRENT = "current"
_ENDS = ("start", "end")


def save_snapshot(snapshot: Snapshot, folder: Path) -> None:
    """Write the first layer and name it the current one."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (laid,) = snapshot.laid
    name = f"turn-{snapshot.turn}-{os.getpid()}"
    place = folder / name
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(mode=0o700)
    arrays: dict[str, NDArray[np.generic]] = {
        "nodes": snapshot.nodes,
        **{f"link.{column}": array for column, array in laid.layer.links.items()},
        **{f"same.{column}": array for column, array in laid.layer.same.items()},
        **{f"ends.{part}": array for part, array in zip(_ENDS, laid.ends, strict=True)},
    }
    for of, rows in (("links", laid.links), ("sames", laid.same)):
        arrays |= {f"{of}.first": rows.first, f"{of}.to": rows.to, f"{of}.by": rows.by}
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

        def column(of: str) -> Column:
            mapped = np.load(place / f"{of}.npy", mmap_mode="r", allow_pickle=False)
            return np.asarray(mapped)  # a plain view of it: the mapped kind is slow at each read

        def array(of: str, kind: type[_Kind]) -> NDArray[_Kind]:
            return column(of).astype(kind, copy=False)

        def rows(of: str) -> Rows:
            """Return the half-edges of every node: only what changed since is for few of them."""
            return Rows(
                array(f"{of}.first", np.int64), array(f"{of}.to", np.int32), array(f"{of}.by", np.int32)
            )

        layer = Layer(
            {name: column(f"link.{name}") for name in LINK_COLUMNS},
            {name: column(f"same.{name}") for name in SAME_COLUMNS},
        )
        start, end = (array(f"ends.{part}", np.int32) for part in _ENDS)
        laid = Laid(layer, rows("links"), rows("sames"), (start, end))
        nodes = array("nodes", np.int64)
        return Snapshot(nodes, (laid,), turn=int(about["turn"]), made_at=str(about["made_at"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
