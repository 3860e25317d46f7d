"""The snapshot of the link graph that a process holds: opened from files, later changes added.

A caller gets it as the record is at that moment; the age that is shown is that of the files.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import numpy as np

from engine.links.arrays import EVERYTHING, Numbers, Only, Seen, View
from engine.links.record_kinds import first_days, link_numbers
from engine.links.snapshot import Snapshot
from engine.links.snapshot_files import current_name, open_snapshot, save_snapshot
from engine.store.repositories.links.arrays import Standing
from engine.store.repositories.links.permissions import Cut
from engine.store.unit_of_work import Work

FOLDER = "links"


@dataclass(frozen=True)
class SnapshotSeen:
    """A snapshot as one viewer may see it."""

    view: View
    made_at: datetime
    changed: int
    """The cases changed since, of those that exist for this viewer; they were read from the record."""


class LinkSnapshots:
    """The newest snapshot of a process, in memory."""

    def __init__(self, home: Path) -> None:
        self._folder = home / FOLDER
        self._first: tuple[str, Snapshot] | None = None
        self._now: tuple[int, Snapshot, frozenset[int]] | None = None
        self._stands: tuple[Standing, Numbers, Numbers] | None = None

    def for_viewer(self, work: Work, cut: Cut, *, at: datetime, only: Only = EVERYTHING) -> SnapshotSeen:
        """Return the graph at this moment, with a viewer's permission for each of its layers."""
        snapshot, changed = self._snapshot_at(work, work.links.arrays.turn(), at)
        seen = self._seen(work, cut, snapshot, changed)
        now = seen[-1].cases
        return SnapshotSeen(
            view=View(snapshot, seen, only),
            made_at=datetime.fromisoformat(snapshot.made_at),
            changed=int(now[_within(changed, len(now) - 1)].sum()),
        )

    def _seen(self, work: Work, cut: Cut, snapshot: Snapshot, changed: frozenset[int]) -> tuple[Seen, ...]:
        """Return the permission for each layer; what changed is closed in the first and open in the next."""
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
        """Return the unscreened cases and the restricted ones, read again after every change of either."""
        now = work.links.arrays.standing()
        if self._stands is None or self._stands[0] != now:
            self._stands = (now, work.links.arrays.unscreened(), work.links.arrays.restricted())
        return self._stands[1], self._stands[2]

    def links_in_files(self) -> int:
        """Return how many links the newest files have; 0 where there are none yet."""
        name = current_name(self._folder)
        opened = None if name is None else open_snapshot(self._folder, name)
        return 0 if opened is None else opened.laid[0].layer.size

    def write(self, work: Work, *, at: datetime, everything: bool = False) -> int:
        """Bring the files up to date; return how many links they have.

        What changed since they were made replaces what it was; ``everything``, or files that are missing or
        damaged, has the whole graph read again.
        """
        turn, name = work.links.arrays.turn(), current_name(self._folder)
        before = None if everything or name is None else open_snapshot(self._folder, name)
        if before is None or before.turn > turn:
            snapshot = _made(work, at)
        else:
            if before.turn == turn:
                return before.laid[0].layer.size
            changed = work.links.arrays.changed_since(before.turn)
            layer = before.laid[0].layer.replaced(changed, work.links.arrays.of_cases(changed))
            snapshot = Snapshot.of([layer], turn=turn, made_at=at.isoformat())
        save_snapshot(snapshot, self._folder)
        return snapshot.laid[0].layer.size

    def _snapshot_at(self, work: Work, turn: int, at: datetime) -> tuple[Snapshot, frozenset[int]]:
        first = self._opened(turn)
        if first is None:
            first = _made(work, at)
            self._first, self._now = (current_name(self._folder) or "", first), None
        if self._now is not None and self._now[0] == turn:
            return self._now[1], self._now[2]
        changed = work.links.arrays.changed_since(first.turn) if first.turn < turn else frozenset[int]()
        snapshot = first
        if changed:
            snapshot = first.with_changes(work.links.arrays.of_cases(changed), turn=turn)
        self._now = (turn, snapshot, changed)
        return snapshot, changed

    def _opened(self, turn: int) -> Snapshot | None:
        """Return the newest arrays; None if missing, damaged or another record's."""
        name = current_name(self._folder) or ""
        if self._first is None or self._first[0] != name:
            opened = open_snapshot(self._folder, name) if name else None
            self._first = None if opened is None else (name, opened)
            self._now = None
        if self._first is None or self._first[1].turn > turn:
            return None
        return self._first[1]


def _within(numbers: Iterable[int], most: int) -> Numbers:
    found = np.fromiter(numbers, dtype=np.int64)
    return found[found <= most]


def _made(work: Work, at: datetime) -> Snapshot:
    return Snapshot.of([work.links.arrays.whole()], turn=work.links.arrays.turn(), made_at=at.isoformat())


def only_links(kinds: Collection[str], *, since: date | None, until: date | None) -> Only:
    """Return the selection of links of these kinds and dates, without any of them all.

    Links that are certainly earlier or later are left out; those without a date stay.

    Raises InvalidInputError if a kind is unknown.
    """
    if not kinds and since is None and until is None:
        return EVERYTHING
    return Only(
        link_numbers(tuple(kinds)),
        None if until is None else until.toordinal(),
        None if since is None else first_days(since),
    )
