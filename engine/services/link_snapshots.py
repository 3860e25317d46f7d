"""The snapshot of the link graph that a process holds: opened from files, what changed since laid on.

Whoever asks gets it as the record is at that moment; the age that is shown is that of the files.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from engine.links.snapshot import Numbers, Seen, Snapshot
from engine.links.snapshot_files import current_name, open_snapshot, save_snapshot
from engine.store.repositories.link_arrays import Standing
from engine.store.repositories.link_cut import Cut
from engine.store.unit_of_work import Work

FOLDER = "links"


@dataclass(frozen=True)
class SnapshotSeen:
    """A snapshot as one viewer may see it."""

    snapshot: Snapshot
    seen: tuple[Seen, ...]
    made_at: datetime
    changed: int
    """How many cases changed since, and were read from the record."""


class LinkSnapshots:
    """Keeps the newest snapshot at hand; one for each process."""

    def __init__(self, home: Path) -> None:
        self._folder = home / FOLDER
        self._first: tuple[str, Snapshot] | None = None
        self._now: tuple[int, Snapshot, frozenset[int]] | None = None
        self._stands: tuple[Standing, Numbers, Numbers] | None = None

    def for_viewer(self, work: Work, cut: Cut, *, at: datetime) -> SnapshotSeen:
        """The graph at this moment, with a viewer's permission for each of its layers."""
        snapshot, changed = self._at_hand(work, at)
        return SnapshotSeen(
            snapshot=snapshot,
            seen=self._seen(work, cut, snapshot, changed),
            made_at=datetime.fromisoformat(snapshot.made_at),
            changed=len(changed),
        )

    def _seen(self, work: Work, cut: Cut, snapshot: Snapshot, changed: frozenset[int]) -> tuple[Seen, ...]:
        """The permission for each layer; what changed is closed in the first and open in the next."""
        most = max(laid.layer.most_case for laid in snapshot.laid)
        cases = np.full(most + 1, cut.opened is None)
        if cut.opened is not None:
            cases[_within(cut.opened, most)] = True
        else:
            unscreened, restricted = self._standing(work)
            if cut.unrestricted_only:
                cases[restricted[restricted <= most]] = False
                cases[_within(cut.named, most)] = True
            if cut.screened_only:
                cases[unscreened[unscreened <= most]] = False
        cases[_within(cut.closed, most)] = False
        classes = np.zeros(1 + max(laid.layer.most_class for laid in snapshot.laid), dtype=bool)
        classes[_within({0, *cut.classes}, len(classes) - 1)] = True
        if not changed:
            return (Seen(cases, classes),)
        first = cases.copy()
        first[_within(changed, most)] = False
        return (Seen(first, classes), Seen(cases, classes))

    def _standing(self, work: Work) -> tuple[Numbers, Numbers]:
        """Which cases nobody has screened, and which are restricted: read again whenever a word was said."""
        now = work.links.arrays.standing()
        if self._stands is None or self._stands[0] != now:
            self._stands = (now, work.links.arrays.unscreened(), work.links.arrays.restricted())
        return self._stands[1], self._stands[2]

    def write(self, work: Work, *, at: datetime) -> int:
        """Make the files anew; returns how many links they hold."""
        snapshot = _made(work, at)
        save_snapshot(snapshot, self._folder)
        return snapshot.laid[0].layer.size

    def _at_hand(self, work: Work, at: datetime) -> tuple[Snapshot, frozenset[int]]:
        turn = work.links.arrays.turn()
        name = current_name(self._folder)
        held = self._first[0] if self._first else None
        if self._now is not None and self._now[0] == turn and held == name:
            return self._now[1], self._now[2]
        first = self._first[1] if self._first and held == name and name else None
        if first is None:
            first = open_snapshot(self._folder, name) if name else None
            if first is None or first.turn > turn:  # none, damaged, or of another record
                first, name = _made(work, at), name or ""
        self._first = (name or "", first)
        changed = work.links.arrays.changed_since(first.turn) if first.turn < turn else frozenset[int]()
        snapshot = first
        if changed:
            snapshot = first.with_changes(work.links.arrays.of_cases(changed), turn=turn)
        self._now = (turn, snapshot, changed)
        return snapshot, changed


def _within(numbers: Iterable[int], most: int) -> Numbers:
    found = np.fromiter(numbers, dtype=np.int64)
    return found[found <= most]


def _made(work: Work, at: datetime) -> Snapshot:
    return Snapshot.of([work.links.arrays.whole()], turn=work.links.arrays.turn(), made_at=at.isoformat())
