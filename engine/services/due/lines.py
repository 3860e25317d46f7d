"""Lines of a worklist from rows of what waits: counted, and only those of the page are read and written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial

from engine.access.policy import sees_every_open_case
from engine.clock import Clock
from engine.domain.accounts.acting import Acting
from engine.domain.cases.due import Waits, addressed
from engine.domain.cases.worklists import (
    LongLines,
    WorkItem,
    WorkLine,
    WriteLines,
    line_of,
    line_to_write,
    section_of_kind,
)
from engine.services.access.checks import classes_shown, known_part
from engine.services.due.kinds import DueKind
from engine.store.repositories.due import AT_MOST, Chosen
from engine.store.unit_of_work import Work

WriteWaiting = Callable[[Sequence[Waits]], Iterable[WorkItem]]
"""A kind's writer of its lines about these rows, each once, in their order."""


def chosen_rows(kind: DueKind, work: Work, acting: Acting, clock: Clock) -> Chosen:
    """Return which rows of a kind are for this person: of cases open to them, by facts that they may see."""
    return Chosen(
        kind=kind.name,
        whom=addressed(acting),
        there=known_part(work, acting),
        classes=classes_shown(work, acting, on=clock.today()),
        at=clock.now(),
        screened_only=not sees_every_open_case(acting),
    )


def about_each(kind: DueKind, work: Work, acting: Acting, clock: Clock) -> dict[str, list[str]]:
    """Return by case what every row of a kind for this person is about, however many they are."""
    return work.due.about(chosen_rows(kind, work, acting, clock))


def due_lines(
    kind: DueKind,
    work: Work,
    acting: Acting,
    clock: Clock,
    *,
    write: WriteWaiting,
    by_about: bool = False,
    undated: datetime | None = None,
) -> LongLines:
    """Return the lines of a kind for this person, and with ``by_about`` how many are about each.

    ``undated`` is when those are due that have no time of their own.
    """
    chosen, now = chosen_rows(kind, work, acting, clock), clock.now()

    def first(most: int) -> list[WorkLine]:
        rows = {f"{each.case} {each.about}": each for each in work.due.first(chosen, most=most)}

        def words(keys: Sequence[str]) -> Iterable[WorkItem]:
            return write([rows[key] for key in keys])

        return [_line(kind, each, words, now, key=key, undated=undated) for key, each in rows.items()]

    total, overdue = work.due.count(chosen, at=now)
    counts = partial(work.due.count_by_about, chosen) if by_about and total else dict[str, int]
    or_more = total >= AT_MOST
    return LongLines(section_of_kind(kind.name), kind.name, total, overdue, first, counts, or_more)


def lines_with_those_of_viewer(
    kinds: Sequence[DueKind],
    of_viewer: DueKind,
    work: Work,
    acting: Acting,
    clock: Clock,
    *,
    write: WriteWaiting,
    items: WriteWaiting,
    named: str,
    undated: datetime | None = None,
) -> LongLines:
    """Return the lines of these kinds, and those about rows that wait or not by their reader's own facts.

    Whether a row is of one of ``kinds`` or ``of_viewer`` may depend on what its reader may not know of, and
    so may whether there is any: ``items`` makes the lines of the latter, ``write`` those of the former, both
    ask the database the same for no row at all, and both are always asked. ``named`` is the kind of the
    lines.
    """
    rows = work.due.first(chosen_rows(of_viewer, work, acting, clock), most=AT_MOST)
    own = {f"own {number}": item for number, item in enumerate(items(rows))}
    certain = [due_lines(kind, work, acting, clock, write=write, undated=undated) for kind in kinds]
    waiting: dict[str, Waits] = {}

    def words(keys: Sequence[str]) -> Iterable[WorkItem]:
        there = iter(tuple(write([waiting[key] for key in keys if key in waiting])))
        return [own[key] if key in own else next(there) for key in keys]

    def first(most: int) -> list[WorkLine]:
        lines = [line_of(item)._replace(words=words, key=key) for key, item in own.items()]
        for kind in kinds:
            for each in work.due.first(chosen_rows(kind, work, acting, clock), most=most):
                key = f"{kind.name} {each.case} {each.about}"
                waiting[key] = each
                lines.append(_line(kind, each, words, clock.now(), key=key, undated=undated))
        return lines

    return LongLines(
        section_of_kind(named),
        named,
        len(own) + sum(each.total for each in certain),
        sum(item.is_overdue for item in own.values()) + sum(each.overdue for each in certain),
        first,
        or_more=len(rows) >= AT_MOST or any(each.or_more for each in certain),
    )


def _line(
    kind: DueKind, each: Waits, words: WriteLines, now: datetime, *, key: str, undated: datetime | None
) -> WorkLine:
    return line_to_write(
        each.case,
        kind.name,
        words=words,
        due_at=each.due or undated,
        since=each.since,
        is_overdue=each.due is not None and each.due < now,
        key=key,
    )
