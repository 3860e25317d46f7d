"""Rows of what waits: derived for the cases that a transaction touched, and read by page."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, Subquery, delete, func, or_, select, text, update
from sqlmodel import Session, col

from engine.domain.cases.due import Waits
from engine.domain.cases.lifecycle import State
from engine.store.among import among
from engine.store.cases_written import CasesAdded, RowsWritten, cases_written, of_their_episodes
from engine.store.repositories.access.visibility import VisibilityFilter
from engine.store.repositories.bulk import insert_all
from engine.store.tables.cases.involvements import InvolvementRow
from engine.store.tables.due import DueKindRow, DueRow

AT_MOST = 1_000
"""A count of what waits stops here, at "1,000 or more": it costs as much whatever the record's size."""
_AT_ONCE = 500


class Due:
    """Reads and derives what waits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def touched(self, written: RowsWritten, tables: Collection[str]) -> Touched:
        """Return the cases that what was written of these tables is about, with what waits on them."""
        added = CasesAdded(written)
        by_table = {
            table: cases_written(self._session, written, [table], added)
            for table in written.keys() & set(tables)
        }
        return Touched(self, by_table, added)

    def some_cases(self, *, after: int) -> dict[int, str]:
        """Return the next of all cases after this number, in order of number."""
        number = col(InvolvementRow.id)
        query = select(number, col(InvolvementRow.ref)).where(number > after).order_by(number).limit(_AT_ONCE)
        return {int(each or 0): reference for each, reference in self._session.execute(query)}

    def replace(
        self,
        kind: str,
        cases: Mapping[int, str],
        waits: Iterable[Waits],
        *,
        there: Mapping[_Key, _Stored] | None = None,
    ) -> None:
        """Let these be the rows of a kind on these cases; one that is there already stays as it is.

        ``there`` are those that are, where they were read before.
        """
        wanted = self._wanted(cases, waits)
        there = self._there(kind, cases) if there is None else there
        ended = [row.id for key, row in there.items() if key not in wanted]
        for start in range(0, len(ended), _AT_ONCE):
            self._session.execute(
                delete(DueRow).where(among(col(DueRow.id), ended[start : start + _AT_ONCE]))
            )
        new = []
        for key, values in sorted(wanted.items(), key=lambda each: each[0].number):  # the older case first
            row = there.get(key)
            if row is None:
                new.append(_row(kind, key, values))
            elif row.values != values:
                changed = {"since": values.since, **_columns(values)}
                self._session.execute(update(DueRow).where(col(DueRow.id) == row.id).values(**changed))
        insert_all(self._session, DueRow, new)

    def differences(self, kind: str, cases: Mapping[int, str], waits: Iterable[Waits]) -> int:
        """Return how many rows of a kind on these cases are missing, too many, or not as derived now."""
        there, wanted = self._there(kind, cases), self._wanted(cases, waits)
        same = sum(key in there and there[key].values == values for key, values in wanted.items())
        return len(there.keys() | wanted.keys()) - same

    def first(self, chosen: Chosen, *, most: int) -> list[Waits]:
        """Return so many of the rows of a kind that are for a person, those due first before the others.

        Each code of the person is asked separately: the index then gives its rows in their order.
        """
        place, first = len(Waits._fields), (col(DueRow.sorts_at), col(DueRow.id))
        found = [
            row
            for whom in chosen.whom
            for row in self._session.connection().execute(
                _rows(chosen._replace(whom=[whom])).add_columns(*first).order_by(*first).limit(most)
            )
        ]
        found.sort(key=lambda row: tuple(row[place:]))
        return [Waits._make(row[:place]) for row in found[:most]]

    def every(self, chosen: Chosen) -> list[Waits]:
        """Return all of the rows of a kind that are for a person, in no order."""
        return [Waits._make(row) for row in self._session.connection().execute(_rows(chosen))]

    def about(self, chosen: Chosen) -> dict[str, list[str]]:
        """Return by case what every such row is about: for what is compared, and must leave none out."""
        rows = _rows(chosen).with_only_columns(col(InvolvementRow.ref), col(DueRow.about))
        found: dict[str, list[str]] = {}
        for case, about in self._session.connection().execute(rows):
            found.setdefault(case, []).append(about)
        return found

    def oldest(self, chosen: Chosen, *, until: datetime, most: int, skip: int) -> list[Waits]:
        """Return so many after the first of those without a due time that wait since then or longer.

        They are in the order of their index: no other row is read.
        """
        query = (
            _rows(chosen)
            .where(col(DueRow.due_at).is_(None), col(DueRow.since) <= until)
            .order_by(col(DueRow.sorts_at), col(DueRow.id))
            .limit(most)
            .offset(skip)
        )
        return [Waits._make(row) for row in self._session.connection().execute(query)]

    def count(self, chosen: Chosen, *, at: datetime) -> tuple[int, int]:
        """Return the number of the same, and of those that are past their time, each up to ``AT_MOST``."""
        some = self._some(chosen)
        counted = select(func.count(), func.count().filter(some.c.due_at < at)).select_from(some)
        number, late = self._session.execute(counted).one()
        return int(number), int(late)

    def count_by_about(self, chosen: Chosen) -> dict[str, int]:
        """Return how many of the same are about each, most first, of at most ``AT_MOST``."""
        some = self._some(chosen)
        counted = select(some.c.about, func.count()).group_by(some.c.about)
        numbers = {about: int(number) for about, number in self._session.execute(counted)}
        return dict(sorted(numbers.items(), key=lambda each: (-each[1], each[0])))

    def digests(self) -> dict[str, str]:
        """Return by kind what its rows were last derived with."""
        return dict(self._session.execute(select(col(DueKindRow.kind), col(DueKindRow.digest))).all())

    def note_digest(self, kind: str, digest: str) -> None:
        """Note what all rows of a kind are derived with now."""
        self._session.execute(delete(DueKindRow).where(col(DueKindRow.kind) == kind))
        insert_all(self._session, DueKindRow, [{"kind": kind, "digest": digest}])

    def remove_kinds(self, kinds: Collection[str]) -> None:
        """Remove the rows of kinds that this software no longer has."""
        self._session.execute(delete(DueRow).where(col(DueRow.kind).in_(list(kinds))))
        self._session.execute(delete(DueKindRow).where(col(DueKindRow.kind).in_(list(kinds))))

    def hold(self) -> None:
        """Wait for those who are writing, and let no other derive rows until this transaction ends.

        SQLite has one writer anyway. On PostgreSQL each derives while it holds the head of the audit log.
        """
        if self._session.connection().dialect.name == "postgresql":
            self._session.execute(text("SELECT sequence FROM audit_head FOR UPDATE"))

    @staticmethod
    def _some(chosen: Chosen) -> Subquery:
        """Return so many of the rows as are counted; their cases are read only where they are asked about."""
        some: Select[*tuple[object, ...]] = select(
            col(DueRow.due_at).label("due_at"), col(DueRow.about).label("about")
        ).where(*chosen.conditions())
        if chosen.asks_case:
            some = some.join(InvolvementRow, col(InvolvementRow.id) == col(DueRow.involvement_id))
        return some.limit(AT_MOST).subquery()

    def references(self, numbers: Collection[int]) -> dict[int, str]:
        """Return by number the references of these cases, in order of number."""
        number, found = col(InvolvementRow.id), dict[int, str]()
        ordered = sorted(numbers)
        for start in range(0, len(ordered), _AT_ONCE):
            these = among(number, ordered[start : start + _AT_ONCE])
            some = select(number, col(InvolvementRow.ref)).where(these)
            found |= {int(each or 0): reference for each, reference in self._session.execute(some)}
        return dict(sorted(found.items()))

    def of_episodes(self, numbers: Collection[int]) -> dict[int, set[int]]:
        """Return by each of these cases those of its episode, its own too."""
        return of_their_episodes(self._session, numbers) if numbers else {}

    def there(self, cases: Mapping[int, str]) -> dict[str, dict[_Key, _Stored]]:
        """Return by kind the rows on these cases."""
        found: dict[str, dict[_Key, _Stored]] = {}
        for row in self._of(cases):
            key = _Key(row.involvement_id, row.about, row.whom)
            stored = _Stored(int(row.id or 0), _waits(row, cases[row.involvement_id]))
            found.setdefault(row.kind, {})[key] = stored
        return found

    def _there(self, kind: str, cases: Mapping[int, str]) -> dict[_Key, _Stored]:
        return {
            _Key(row.involvement_id, row.about, row.whom): _Stored(
                int(row.id or 0), _waits(row, cases[row.involvement_id])
            )
            for row in self._of(cases, col(DueRow.kind) == kind)
        }

    def _of(self, cases: Mapping[int, str], *conditions: ColumnElement[bool]) -> Iterator[DueRow]:
        numbers = list(cases)
        for start in range(0, len(numbers), _AT_ONCE):
            some = among(col(DueRow.involvement_id), numbers[start : start + _AT_ONCE])
            yield from self._session.execute(select(DueRow).where(some, *conditions)).scalars()

    @staticmethod
    def _wanted(cases: Mapping[int, str], waits: Iterable[Waits]) -> dict[_Key, Waits]:
        numbers = {reference: number for number, reference in cases.items()}
        return {_Key(numbers[each.case], each.about, each.whom): each for each in waits}


class _Key(NamedTuple):
    """The key of a row within its kind."""

    number: int
    about: str
    whom: str


class _Stored(NamedTuple):
    """A row as it is stored."""

    id: int
    values: Waits


class Touched:
    """The cases that a transaction touched, by the tables that it wrote, and what waits on them."""

    def __init__(self, due: Due, by_table: Mapping[str, Collection[int]], added: CasesAdded) -> None:
        self._due, self._by_table, self.added = due, by_table, added
        self._found: dict[tuple[frozenset[str], bool], dict[int, str]] = {}
        numbers = {each for of in by_table.values() for each in of}
        older = due.references(numbers - added.references.keys())
        self._references = {**older, **{each: added.references[each] for each in numbers - older.keys()}}
        self._there = due.there(older) if older else {}  # nothing waits yet on a case that was just added

    def of(self, tables: frozenset[str], *, with_episodes: bool) -> dict[int, str]:
        """Return by number the cases that what was written of these tables is about, in order of number."""
        written = self._by_table.keys() & tables
        key = frozenset(written), with_episodes
        if key not in self._found:  # many kinds read the same of what was written
            numbers = {each for table in written for each in self._by_table[table]}
            there = self._references
            if with_episodes:
                numbers, there = self._with_their_episodes(numbers), self._of_episodes
            self._found[key] = {number: there[number] for number in sorted(numbers & there.keys())}
        return self._found[key]

    def _with_their_episodes(self, numbers: Collection[int]) -> set[int]:
        return {*numbers}.union(*(self._together.get(each, ()) for each in numbers))

    @cached_property
    def _together(self) -> dict[int, set[int]]:
        """By case those of its episode; in that of one just added there are no others."""
        return self._due.of_episodes(self._references.keys() - self.added.references.keys())

    @cached_property
    def _of_episodes(self) -> dict[int, str]:
        """By number the cases that were touched, and the others of their episodes."""
        others = {each for of in self._together.values() for each in of} - self._references.keys()
        return {**self._references, **(self._due.references(others) if others else {})}

    def there(self, kind: str, cases: Mapping[int, str]) -> dict[_Key, _Stored] | None:
        """Return the rows of a kind on these cases; None where others than those touched are among them."""
        if not cases.keys() <= self._references.keys():
            return None
        return {key: row for key, row in self._there.get(kind, {}).items() if key.number in cases}


class Chosen(NamedTuple):
    """The rows of one kind that are for one person: cut as the person's cases and facts are cut."""

    kind: str
    whom: Sequence[str]
    there: VisibilityFilter
    classes: Collection[int]
    at: datetime | None
    """They apply at this moment; None takes those that have not begun, or have ended, too."""
    screened_only: bool
    states: Collection[State] | None = None

    @property
    def asks_case(self) -> bool:
        """True if a condition is about the case of a row, which the query must join."""
        return self.screened_only or self.states is not None

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return the conditions of a query, which joins the case of each row if ``asks_case``."""
        number, starts, ends = col(DueRow.release_class_id), col(DueRow.starts), col(DueRow.ends)
        found: list[ColumnElement[bool]] = [
            col(DueRow.kind) == self.kind,
            col(DueRow.whom).in_(list(self.whom)),
            or_(number.is_(None), number.in_(sorted(self.classes))),
            *self.there.of_each(col(DueRow.involvement_id)),
        ]
        if self.at is not None:
            found += [
                or_(starts.is_(None), starts <= self.at),
                or_(ends.is_(None), ends >= self.at),
            ]
        if self.states is not None:
            found.append(col(InvolvementRow.state).concat("").in_(sorted(each.value for each in self.states)))
        if self.screened_only:
            found.append(col(InvolvementRow.state) != State.NOT_SCREENED.value)
        return found


def _rows(chosen: Chosen) -> Select[*tuple[object, ...]]:
    """Return the rows in the order of the terms of ``Waits``, past the ORM: a page reads some of each."""
    row = DueRow
    return (
        select(
            col(InvolvementRow.ref),
            col(row.about),
            col(row.whom),
            col(row.since),
            col(row.due_at),
            col(row.starts),
            col(row.ends),
            col(row.release_class_id),
            col(row.version),
        )
        .join(InvolvementRow, col(InvolvementRow.id) == col(row.involvement_id))
        .where(*chosen.conditions())
    )


def _columns(values: Waits) -> dict[str, object]:
    return {
        "starts": values.starts,
        "ends": values.ends,
        "due_at": values.due,
        "sorts_at": values.due or values.since,
        "release_class_id": values.release_class,
        "version": values.version,
    }


def _row(kind: str, key: _Key, values: Waits) -> dict[str, object]:
    return {
        "kind": kind,
        "about": key.about,
        "involvement_id": key.number,
        "whom": key.whom,
        "since": values.since,
        **_columns(values),
    }


def _waits(row: DueRow, reference: str) -> Waits:
    return Waits(
        case=reference,
        about=row.about,
        whom=row.whom,
        since=row.since,
        due=row.due_at,
        starts=row.starts,
        ends=row.ends,
        release_class=row.release_class_id,
        version=row.version,
    )
