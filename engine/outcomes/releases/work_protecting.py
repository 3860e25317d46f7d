"""A choice of tables of the work, so that no small count follows from all of them and earlier releases. Pure.

Each table first hides by its own rule. Then all are attacked as one system of unknown numbers, release by
release. What leaks is hidden, the table that is last in order first.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from engine.domain.outcomes.releases import EVERYONE, NOT_TESTED, Refusal, SmallCount
from engine.domain.outcomes.tables import FigureTable
from engine.domain.outcomes.work_figures import ReleasedTable
from engine.outcomes.figure_tables import shown
from engine.outcomes.releases.blocks import Block, Cell, changes_are_small
from engine.outcomes.releases.work_attack import KnownSum, TargetSum, attack_on
from engine.outcomes.releases.work_counts import Atom, Counts, Sum, counts_of, sums_of
from engine.outcomes.suppression.attacking import OutOfTimeError

LEAKS = "with other published tables it would show a count under the limit, or narrow it too far"
FEW_CHANGED = "fewer than the limit changed since an earlier release"


@dataclass(frozen=True)
class EarlierTables:
    """The tables of one earlier release, and the small counts that it hid."""

    as_of: date
    tables: tuple[ReleasedTable, ...]
    others: tuple[tuple[Sum, int], ...]
    """Other counts of it that are sums of the same numbers."""
    small: tuple[SmallCount, ...]


@dataclass
class ProtectedTables:
    """The tables as they go out, why others do not, and the counts under the limit."""

    tables: list[ReleasedTable]
    refusals: list[Refusal] = field(default_factory=list)
    small: tuple[SmallCount, ...] = ()


def protect_tables(
    exact: Sequence[FigureTable],
    *,
    as_of: date,
    earlier: Sequence[EarlierTables],
    others: Sequence[tuple[Sum, int]],
    decided: Collection[int],
    limit: int,
    width: int,
    seconds_left: Callable[[], float],
) -> ProtectedTables:
    """Return what goes out of all tables together.

    ``others`` are counts that go out beside them, and ``decided`` published numbers of decided cases.
    """
    others = [*others, *(((("decided cases", str(each)),), each) for each in decided)]
    work = _Protecting(exact, counts_of(exact, decided), as_of, earlier, others, limit)
    tables = [work.beside_earlier(table) for table in exact]
    try:
        tables = work.without_leaks(tables, width, seconds_left)
    except OutOfTimeError:
        tables = [work.hidden(each, NOT_TESTED) if each.as_of == as_of else each for each in tables]
    return ProtectedTables(tables, work.refusals, tuple(work.small_counts()))


@dataclass
class _Protecting:
    exact: Sequence[FigureTable]
    counts: Counts
    as_of: date
    earlier: Sequence[EarlierTables]
    others: Sequence[tuple[Sum, int]]
    limit: int
    refusals: list[Refusal] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Note every number that was published of each sum."""
        self._published: dict[frozenset[Atom], set[int]] = {}
        for release in self.earlier:
            sums = [
                (atoms, count)
                for each in release.tables
                for _, atoms, count in sums_of(each.table, self.counts)
            ]
            for atoms, count in (*sums, *release.others):
                self._published.setdefault(frozenset(atoms), set()).add(count)

    def small_counts(self) -> Iterator[SmallCount]:
        """Yield every count under the limit, without its value."""
        for table in self.exact:
            for row in table.rows:
                if 0 < (row.count or 0) < self.limit:
                    yield SmallCount(group=EVERYONE, table=table.name, part=_part(row.levels))

    def beside_earlier(self, table: FigureTable) -> ReleasedTable:
        """Return a table as it may be shown after earlier ones: a difference of both must not be of few."""
        candidate = ReleasedTable(as_of=self.as_of, table=shown(table, self.limit))
        last = self._last(table.name)
        if last is not None and not last.table.is_hidden:
            if candidate.table.is_hidden:
                return last
            if changes_are_small(_block(last.table), _block(candidate.table), self.limit):
                return last
        for _, atoms, count in sums_of(candidate.table, self.counts):
            before = self._published.get(frozenset(atoms), ())
            if any(0 < abs(count - each) < self.limit for each in before):
                return last or self.hidden(candidate, FEW_CHANGED)
        return candidate

    def _last(self, name: str) -> ReleasedTable | None:
        """Return the newest table of a name that shows a count, or only what its counts are of."""
        found = [
            each for release in reversed(self.earlier) for each in release.tables if each.table.name == name
        ]
        shown_before = (each for each in found if not each.table.is_hidden)
        return next(shown_before, next((each for each in found if each.table.whole is not None), None))

    def hidden(
        self, table: ReleasedTable, why: str, chain: Sequence[str] = (), *, group: str | None = None
    ) -> ReleasedTable:
        """Return a table without its counts, or without those of one group, and note why."""
        name = table.table.name if group is None else f"{table.table.name}, {group}"
        self.refusals.append(Refusal(group=EVERYONE, table=name, reason=why, chain=tuple(chain)))
        rows = tuple(
            row.model_copy(update={"count": None}) if group in (None, row.levels[0]) else row
            for row in table.table.rows
        )
        whole = None if group is None else table.table.whole
        return ReleasedTable(
            as_of=self.as_of, table=table.table.model_copy(update={"rows": rows, "whole": whole})
        )

    def without_leaks(
        self, tables: list[ReleasedTable], width: int, seconds_left: Callable[[], float]
    ) -> list[ReleasedTable]:
        """Return the tables without what gives a small count away. Raises OutOfTimeError."""
        before = [known for place in range(len(self.earlier)) for known in self._known_before(place)]
        order = {table.name: place for place, table in enumerate(self.exact)}
        targets = self._targets()
        while True:
            known = [*before, *self._known_now(tables)]
            attack, targets = attack_on(known, targets, self.counts, len(self.earlier) + 1, seconds_left)
            given_away = set()
            for exposed in attack.exposed(width):
                chain = [known[place] for place in exposed.because if place < len(known)]
                blocks = [each.block for each in chain if each.block is not None]
                if blocks:
                    break
                given_away.add(exposed.target)  # earlier releases show it
            else:
                return tables
            name, group = max(blocks, key=lambda block: (order[block[0]], block[1] or ""))
            tables = [
                self.hidden(each, LEAKS, [each.label for each in chain], group=group)
                if each.table.name == name and each.as_of == self.as_of
                else each
                for each in tables
            ]
            # hiding more does not narrow a range
            targets = [targets[each] for each in attack.not_yet_safe(width) if each not in given_away]

    def _known_before(self, place: int) -> Iterator[KnownSum]:
        release = self.earlier[place]
        for each in release.tables:
            if each.as_of == release.as_of:
                for levels, atoms, count in sums_of(each.table, self.counts):
                    yield KnownSum(
                        place, atoms, count, None, f"{_label(each.table, levels)} ({release.as_of})"
                    )
        for atoms, count in release.others:
            yield KnownSum(place, atoms, count, None, f"stage ({release.as_of})")

    def _known_now(self, tables: Sequence[ReleasedTable]) -> Iterator[KnownSum]:
        now = len(self.earlier)
        for each in tables:
            if each.as_of == self.as_of:
                for levels, atoms, count in sums_of(each.table, self.counts):
                    group = levels[0] if len(levels) > 1 and each.table.has_groups else None
                    yield KnownSum(now, atoms, count, (each.table.name, group), _label(each.table, levels))
        for atoms, count in self.others:
            yield KnownSum(now, atoms, count, None, "stage")

    def _targets(self) -> list[TargetSum]:
        """Return the small counts of this release, and those that earlier ones hid."""
        now = len(self.earlier)
        found = [
            TargetSum(now, self.counts.cells[table.name, row.levels], row.count)
            for table in self.exact
            for row in table.rows
            if 0 < (row.count or 0) < self.limit
        ]
        found += [
            TargetSum(now, ((name,),), number)
            for name, number in self.counts.between.items()
            if 0 < number < self.limit
        ]
        sums = {(table, _part(levels)): atoms for (table, levels), atoms in self.counts.cells.items()}
        for place, release in enumerate(self.earlier):
            found += [
                TargetSum(place, sums[each.table, each.part], None)
                for each in release.small
                if (each.table, each.part) in sums
            ]
        return found


def _part(levels: Sequence[str]) -> str:
    return " / ".join(levels)


def _label(table: FigureTable, levels: Sequence[str]) -> str:
    return f"{table.name}: {', '.join(levels) or 'all'}"


def _block(table: FigureTable) -> Block:
    """Return what a table shows as cells, to compare it with an earlier one."""
    cells = []
    for row in table.rows:
        if row.count is not None:
            joined = "; ".join(row.joins)
            each = [[part if level == joined else level for level in row.levels] for part in row.joins]
            cells.append(Cell(_part(row.levels), tuple(map(_part, each)) or (_part(row.levels),), row.count))
    return Block(EVERYONE, table.name, tuple(cells))
