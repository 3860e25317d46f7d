"""A choice of blocks of all tables, so that no small count follows from all releases. Pure.

Blocks are added by how far their group is narrowed: everyone, then one filter, then two. What would give a
small count or a small change away is withheld, the narrowest first, with the published counts that would
have given it away. When the time is over, everything that is not yet attacked is withheld. Curves are
attacked beside results.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from engine.domain.outcomes.follow_up import Measure
from engine.domain.outcomes.observed import Standing
from engine.domain.outcomes.releases import NOT_TESTED, Group, Refusal, SmallCount
from engine.outcomes.releases import facts
from engine.outcomes.releases.attacking import Attack, Bools, Fact, Known, Target
from engine.outcomes.releases.blocks import Block, block_of, is_near
from engine.outcomes.releases.micro_tables import AGAINST, CASES, CURVES, STANDING, Frame, MicroTable
from engine.outcomes.suppression.attacking import OutOfTimeError

DEEPEST, DEEPEST_CURVE = 2, 1
"""By how many filters at once a figure is published."""
LEAKS = "with other published figures it would show a count under the limit, or narrow it too far"
NEAR = "the other cases of the wider group are too few"
WIDER_HIDDEN = "the figure that it is a part of is hidden"


@dataclass(frozen=True)
class History:
    """Earlier releases, the oldest first: the blocks that were new in each."""

    releases: tuple[tuple[Block, ...], ...] = ()
    small: tuple[tuple[SmallCount, ...], ...] = ()
    """Of each release, the counts under the limit."""
    days: tuple[date, ...] = ()
    """The date of each release."""
    recounted: tuple[Mapping[str, MicroTable], ...] = ()
    """Of each release, its tables counted again from today's cases, as they were known then."""
    all_blocks: tuple[Block, ...] = ()
    """The new blocks of every release, also of those that are not read any more, the oldest first."""

    def older(self, group: Group, table: str) -> list[Block]:
        """Return every block of a group in a table that was ever published."""
        return [each for each in self.all_blocks if each.group == group and each.table == table]

    def last(self, group: Group, table: str) -> Block | None:
        """Return the newest block of a group in a table."""
        for blocks in reversed(self.releases):
            for block in blocks:
                if block.group == group and block.table == table:
                    return block
        return None

    def of(self, table: str) -> list[list[Block]]:
        """Return the blocks of a table, release by release."""
        return [[block for block in blocks if block.table == table] for blocks in self.releases]


@dataclass
class Protected:
    """The blocks that go out, and why others do not."""

    blocks: dict[tuple[str, Group], Block] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)

    def refuse(self, group: Group, table: str, reason: str, chain: Sequence[str] = ()) -> None:
        """Withhold a block."""
        self.blocks.pop((table, group), None)
        self.refusals.append(Refusal(group=group, table=table, reason=reason, chain=tuple(chain)))

    def of(self, table: str) -> list[Block]:
        """Return the blocks of a table that go out."""
        return [block for (name, _), block in self.blocks.items() if name == table]


def protect(
    tables: Mapping[str, MicroTable],
    frame: Frame,
    *,
    as_of: date,
    limit: int,
    width: int,
    history: History,
    seconds_left: Callable[[], float],
) -> Protected:
    """Return what goes out of all tables together.

    No count from 1 to ``limit`` - 1 of any group, no such change since an earlier release, and no count that
    one hid has a range narrower than ``width`` for a reader of everything.
    """
    protected = Protected()
    members = {group: frame.members(group) for group in frame.groups()}
    for table in tables.values():
        known = facts.facts_of((*history.days, as_of), frame, *_known_of(table))
        _Protecting(table, members, known, protected, limit, width, history, seconds_left).run()
    return protected


def _known_of(table: MicroTable) -> tuple[facts.Known, Measure | None]:
    """Return what a reader knows of the parts of a table, and its measure."""
    whole = tuple(range(len(table.parts)))
    measure = next((each for each in Measure if table.name.endswith(each.value)), None)
    if measure is None:
        return facts.Known(cases=whole if table.name == CASES else ()), None
    if not table.name.startswith(STANDING):
        each_part = tuple((part,) for part in whole) if table.name.startswith(AGAINST) else ()
        return facts.Known(over=whole, grow=(whole, *each_part)), measure
    open_ = (table.parts.index(Standing.NOT_YET_KNOWN.value),)
    known = facts.Known(
        cases=whole,
        open=open_,
        over=tuple(part for part in whole if part not in open_),
        grow=((table.parts.index(Standing.FURTHER.value),),),
    )
    return known, measure


@dataclass
class _Protecting:
    table: MicroTable
    members: Mapping[Group, Bools]
    facts: Sequence[Fact]
    protected: Protected
    limit: int
    width: int
    history: History
    seconds_left: Callable[[], float]

    def run(self) -> None:
        is_curve = self.table.name in CURVES
        for depth in range((DEEPEST_CURVE if is_curve else DEEPEST) + 1):
            added = self._add(depth)
            try:
                if not is_curve:
                    self._withhold_what_leaks()
            except OutOfTimeError:
                for group in added:
                    self.protected.refuse(group, self.table.name, NOT_TESTED)
                return

    def _add(self, depth: int) -> set[Group]:
        added = set()
        for group, members in self.members.items():
            if group.depth != depth:
                continue
            counts = self.table.of(members)
            if not any(counts.values()):
                continue
            if not self._is_wider_shown(group):
                self.protected.refuse(group, self.table.name, WIDER_HIDDEN)
                continue
            before = self.history.last(group, self.table.name)
            older = self.history.older(group, self.table.name)
            block = block_of(self.table, group, counts, limit=self.limit, before=before, older=older)
            if isinstance(block, str):
                self.protected.refuse(group, self.table.name, block)
            elif any(is_near(block, wider, self.limit) for wider in self._wider(group)):
                self.protected.refuse(group, self.table.name, NEAR)
            else:
                self.protected.blocks[self.table.name, group] = block
                added.add(group)
        return added

    def _is_wider_shown(self, group: Group) -> bool:
        """Return whether the whole goes out that this table splits: all cases, or those with an act."""
        name = self.table.within[0] if self.table.within else CASES
        return name == self.table.name or (name, group) in self.protected.blocks

    def _wider(self, group: Group) -> list[Block]:
        """Return the blocks of the groups that are narrowed by one dimension less."""
        narrowed = [name for name, code in group if code is not None]
        wider = [group.model_copy(update={name: None}) for name in narrowed]
        found = [self.protected.blocks.get((self.table.name, each)) for each in wider]
        return [block for block in found if block is not None]

    def _withhold_what_leaks(self) -> None:
        own = self.protected.of(self.table.name)
        shown = self._shown(own)
        targets = [*self._targets(shown), *self._changes(shown)]
        while targets:
            own = self.protected.of(self.table.name)
            known, labels = self._known(own)
            attack = Attack(
                known,
                targets,
                parts=len(self.table.parts),
                releases=len(self.history.releases) + 1,
                combinations=len(self.table.counts),
                facts=self.facts,
                seconds_left=self.seconds_left,
            )
            dropped: set[int] = set()
            still: list[Target] = []  # hiding more does not narrow a range, so the others are safe
            for exposed in attack.exposed(self.width, self.limit):
                chain = [place for place in exposed.because if known[place].block is not None]
                blocks = {block for place in chain if (block := known[place].block) is not None}
                if not blocks:
                    continue  # earlier releases give it away
                still.append(targets[exposed.target])
                if blocks & dropped:
                    continue
                last = max(blocks, key=lambda block: (own[block].group.depth, -own[block].cases))
                dropped.add(last)
                self.protected.refuse(
                    own[last].group,
                    self.table.name,
                    LEAKS,
                    [labels[place] for place in exposed.because],
                )
            targets = still

    def _known(self, own: Sequence[Block]) -> tuple[list[Known], list[str]]:
        columns = {part: place for place, part in enumerate(self.table.parts)}
        known: list[Known] = []
        labels: list[str] = []
        now = len(self.history.releases)
        by_release = [*self.history.of(self.table.name), list(own)]
        for release, blocks in enumerate(by_release):
            for place, block in enumerate(blocks):
                for cell in block.cells:
                    if block.group not in self.members:
                        continue  # of a code that is gone
                    known.append(
                        Known(
                            release,
                            self.members[block.group],
                            tuple(columns[part] for part in cell.parts),
                            cell.count,
                            place if release == now else None,
                        )
                    )
                    labels.append(label(block.group, cell.label, None if release == now else release))
        if self.table.within:
            name, part = self.table.within
            wholes = [*self.history.of(name), self.protected.of(name)]
            for release, blocks in enumerate(wholes):
                for block in blocks:
                    whole = next((each for each in block.cells if each.parts == (part,)), None)
                    if whole is None or block.group not in self.members:
                        continue
                    everything = tuple(range(len(self.table.parts)))
                    known.append(Known(release, self.members[block.group], everything, whole.count, None))
                    labels.append(label(block.group, whole.label, None if release == now else release))
        return known, labels

    def _shown(self, own: Sequence[Block]) -> set[tuple[int, Group, tuple[int, ...]]]:
        """Return each sum of parts that is shown: the release, its group, and the parts."""
        columns = {part: place for place, part in enumerate(self.table.parts)}
        return {
            (release, block.group, tuple(columns[part] for part in cell.parts))
            for release, blocks in enumerate([*self.history.of(self.table.name), own])
            for block in blocks
            for cell in block.cells
        }

    def _sums(self, shown: set[tuple[int, Group, tuple[int, ...]]]) -> list[tuple[int, ...]]:
        """Return each part, and each sum of parts that is shown of any group."""
        return sorted({parts for _, _, parts in shown} | {(part,) for part in range(len(self.table.parts))})

    def _targets(self, shown: set[tuple[int, Group, tuple[int, ...]]]) -> Iterator[Target]:
        """Yield the small counts of every group, and those that earlier releases hid."""
        sums = self._sums(shown)
        for members in self.members.values():
            counts = self.table.counts[members].sum(axis=0)
            for parts in sums:
                if 0 < (count := int(counts[list(parts)].sum())) < self.limit:
                    yield Target(len(self.history.releases), members, parts, count)
        columns = {part: place for place, part in enumerate(self.table.parts)}
        for release, small in enumerate(self.history.small):
            for each in small:
                if each.table == self.table.name and each.group in self.members:
                    yield Target(release, self.members[each.group], (columns[each.part],), None)

    def _changes(self, shown: set[tuple[int, Group, tuple[int, ...]]]) -> Iterator[Target]:
        """Yield how much each sum of any group changed since an earlier release, where it is not much.

        Who is not yet known comes and goes: the change of their number counts no one.
        """
        now, not_yet = len(self.history.releases), Standing.NOT_YET_KNOWN.value
        passing = {place for place, part in enumerate(self.table.parts) if part == not_yet}
        sums = [parts for parts in self._sums(shown) if not passing & set(parts)]
        for release, tables in enumerate(self.history.recounted):
            changed = self.table.counts - tables[self.table.name].counts
            for members in self.members.values():
                of = changed[members].sum(axis=0)
                for parts in sums:
                    change = int(of[list(parts)].sum())
                    if abs(change) < self.limit:
                        yield Target(now, members, parts, change, since=release)


def small_counts(tables: Mapping[str, MicroTable], frame: Frame, limit: int) -> tuple[SmallCount, ...]:
    """Return every count of a group that is under the limit."""
    return tuple(
        SmallCount(group=group, table=table.name, part=part)
        for group in frame.groups()
        for table in tables.values()
        for part, count in table.of(frame.members(group)).items()
        if 0 < count < limit
    )


def label(group: Group, cell: str, release: int | None) -> str:
    """Return a published count as a refusal names it: the cell, its group, and an earlier release."""
    codes = ", ".join(code for _, code in group if code is not None) or "all cases"
    return f"{cell}: {codes}" + ("" if release is None else f" (earlier release {release + 1})")
