"""Writes the link graph: what the record holds of a case, in small numbers. Does not ask who sees it.

A case is written whole each time, so that doing it twice leaves what doing it once leaves.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import cast

from sqlalchemy import Select, bindparam, delete, or_, select
from sqlmodel import Session, col

from engine.domain.dates import PartialDate
from engine.domain.people.persons import ClaimedRole
from engine.links.kinds import Role
from engine.links.record_kinds import kind_of, link_number, node_of, row_of
from engine.store.repositories.bulk import insert_all, insert_and_number
from engine.store.repositories.links.entity_merges import EntityMerges
from engine.store.repositories.links.sources import CaseSource, CaseSources, ThingSource
from engine.store.repositories.links.turns import LinkTurns
from engine.store.repositories.references import unused_references
from engine.store.tables.cases.involvements import InvolvementRow
from engine.store.tables.links.graph import LinkCaseRow, LinkObjectRow, LinkRow, LinkWordRow

_AT_ONCE = 400
_PRECISIONS = {len("2024"): 1, len("2024-03"): 2, len("2024-03-09"): 3}
"""As a register stores them: how much of a day its source gave."""
_NO_DAY = (0, 0)
_TOLD = (
    "start_node",
    "end_node",
    "kind",
    "role",
    "day",
    "precision",
    "grade",
    "source",
    "case_id",
    "release_class",
    "given",
)
_CASE = _TOLD.index("case_id")
_ROLES = {
    ClaimedRole.PERPETRATOR.value: Role.PERPETRATOR,
    ClaimedRole.VICTIM.value: Role.VICTIM,
    ClaimedRole.OTHER_AT_RISK.value: Role.OTHER,
}


_OF_THINGS = ("uses", "at")
_BY_ORDER = {ClaimedRole.PERPETRATOR.value: "bound by", ClaimedRole.VICTIM.value: "protected by"}
_ORDER_RECORD = "order record"
"""The source of the links of an order: a person recorded it here."""
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
"""The time of links that the next refresh writes again."""


class LinkProjection:
    """Reader of cases as they are now, and writer of their links."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._cases = CaseSources(session)
        self._sameness = EntityMerges(session, self._cases)
        self._turns = LinkTurns(session)
        self._words: dict[str, int] = {}

    def sources(self, references: Sequence[str]) -> list[CaseSource]:
        """Return what the record holds of these cases."""
        return self._cases.of(references)

    def never_written(self, *, most: int) -> tuple[str, ...]:
        """Return the references of so many cases that are to be linked, oldest first.

        They came before there were links, or a migration set the time of their links to ``LONG_AGO``.
        """
        refs = self._session.execute(
            select(col(InvolvementRow.ref))
            .outerjoin(LinkCaseRow, col(LinkCaseRow.case_id) == col(InvolvementRow.id))
            .where(or_(col(LinkCaseRow.case_id).is_(None), col(LinkCaseRow.at) <= LONG_AGO))
            .order_by(col(InvolvementRow.id))
            .limit(most)
        ).scalars()
        return tuple(refs)

    def after(self, reference: str | None, *, most: int) -> tuple[str, ...]:
        """Return so many references in order of arrival, after this one."""
        query = select(col(InvolvementRow.ref)).order_by(col(InvolvementRow.id)).limit(most)
        if reference is not None:
            number = select(col(InvolvementRow.id)).where(col(InvolvementRow.ref) == reference)
            query = query.where(col(InvolvementRow.id) > number.scalar_subquery())
        return tuple(self._session.execute(query).scalars())

    def write(self, cases: Sequence[CaseSource], *, at: datetime, leaves_things: bool = False) -> int:
        """Write the links of these cases in place of those that they had; returns how many were written.

        ``leaves_things`` leaves the links to things and places as they are.
        """
        written = 0
        self._turns.hold()
        for start in range(0, len(cases), _AT_ONCE):
            written += self._write(cases[start : start + _AT_ONCE], at=at, leaves_things=leaves_things)
        return written

    def erase(self, reference: str, *, at: datetime) -> None:
        """Write an erased case as it is now, and remove things that no other case has."""
        number = select(col(InvolvementRow.id)).where(col(InvolvementRow.ref) == reference).scalar_subquery()
        used = select(col(LinkRow.end_node)).where(col(LinkRow.case_id) == number)
        before = set(self._session.execute(used).scalars())
        self.write(self.sources([reference]), at=at)
        self._remove_unused(before)

    def write_sameness(self, cases: Sequence[CaseSource], *, at: datetime) -> None:
        """Write who is the same in these cases, and leave every link as it is."""
        self._turns.give_changed([case.number for case in cases], self._sameness.write(cases), at=at)

    def forget(self, forms: Iterable[tuple[str, str]]) -> int:
        """Take every thing of these (kind, compared) forms out of the graph, with its links."""
        wanted = set(forms)
        if wanted:
            self._turns.hold()
        compared = sorted({each for _, each in wanted})
        gone: list[int] = []
        for start in range(0, len(compared), _AT_ONCE):
            some = {"compared": compared[start : start + _AT_ONCE]}
            rows = self._session.connection().execute(_objects_there(), some).all()
            for kind, form, number in rows:
                if (str(kind), str(form)) in wanted:
                    gone.append(int(number or 0))
                    self._take_out(node_of(str(kind), int(number or 0)))
        if gone:
            self._session.execute(delete(LinkObjectRow).where(col(LinkObjectRow.id).in_(gone)))
        return len(gone)

    def _remove_unused(self, nodes: set[int]) -> None:
        """Remove the things among these nodes that no link leads to: each holds a value."""
        ordered, kinds = sorted(nodes), set(self._session.execute(_kinds_of_objects()).scalars())
        for start in range(0, len(ordered), _AT_ONCE):
            part = set(ordered[start : start + _AT_ONCE])
            still = select(col(LinkRow.end_node)).where(col(LinkRow.end_node).in_(sorted(part)))
            gone = part - set(self._session.execute(still).scalars())
            rows = [row_of(node) for node in gone if kind_of(node) in kinds]
            if rows:
                self._session.execute(delete(LinkObjectRow).where(col(LinkObjectRow.id).in_(rows)))

    def _take_out(self, node: int) -> None:
        cases = self._session.execute(
            select(col(LinkRow.case_id)).where(col(LinkRow.end_node) == node)
        ).scalars()
        self._turns.give(set(cases), at=None)
        self._session.execute(delete(LinkRow).where(col(LinkRow.end_node) == node))

    def _write(self, cases: Sequence[CaseSource], *, at: datetime, leaves_things: bool) -> int:
        numbers = [case.number for case in cases]
        objects = self._objects({(t.kind, t.compared) for case in cases for t in case.things if t.compared})
        self._know_words(cases)
        rows = [row for case in cases for row in self._rows(case, objects)]
        changed = self._put(numbers, rows, leaves_things=leaves_things) | self._sameness.write(cases)
        self._turns.give_changed(numbers, changed, at=at)
        return len(rows)

    def _put(self, numbers: Sequence[int], rows: list[dict[str, object]], *, leaves_things: bool) -> set[int]:
        """Remove what is no longer reported, add what is new, and leave the rest unchanged.

        Return the cases of what was removed or added.

        A link that is reported as before has the same number, and so its place among the others: what became
        hidden or came in hidden changes the order of nothing that is seen.
        """
        there = self._session.connection().execute(_links_of(leaves_things), {"cases": numbers})
        old: dict[tuple[object, ...], list[int]] = {}
        for number, *values in there:
            old.setdefault(tuple(values), []).append(cast("int", number))
        new = [] if old else rows
        for row in rows if old else ():
            counts = old.get(tuple(row[name] for name in _TOLD))
            if counts:
                counts.pop(0)
            else:
                new.append(row)
        gone = sorted(number for counts in old.values() for number in counts)
        changed = {cast("int", row["case_id"]) for row in new}
        changed |= {cast("int", values[_CASE]) for values, counts in old.items() if counts}
        left_behind: set[int] = set()
        for start in range(0, len(gone), _AT_ONCE):
            part = gone[start : start + _AT_ONCE]
            ends = select(col(LinkRow.end_node)).where(col(LinkRow.id).in_(part))
            left_behind |= set(self._session.execute(ends).scalars())
            self._session.execute(delete(LinkRow).where(col(LinkRow.id).in_(part)))
        insert_all(self._session, LinkRow, new)
        if left_behind:
            self._remove_unused(left_behind)
        return changed

    def _rows(self, case: CaseSource, objects: dict[tuple[str, str], int]) -> list[dict[str, object]]:
        rows = [
            self._row(
                case,
                node_of("person", person.number),
                node_of("referral", case.number),
                "referred in",
                person.told_by,
                role=_ROLES[person.role],
                day=_whole_day(case.received_at),
            )
            for person in case.people
        ]
        for incident in case.incidents:
            happened = _day_of(incident.happened) if incident.happened else _NO_DAY
            rows += [
                self._row(
                    case,
                    node_of("person", person.number),
                    node_of("incident", incident.number),
                    "involved in",
                    incident.told_by,
                    role=_ROLES[person.role],
                    day=happened,
                    grade=self._words[incident.grade] if incident.grade else 0,
                    release_class=incident.release_class,
                )
                for person in case.people
                if person.role != ClaimedRole.OTHER_AT_RISK.value
            ]
        rows += [
            self._row(
                case,
                node_of("person", person.number),
                node_of("order", order.number),
                _BY_ORDER[person.role],
                _ORDER_RECORD,
                day=(order.made.toordinal(), _PRECISIONS[len("2024-03-09")]),
            )
            for order in case.orders
            for person in case.people
            if person.role == ClaimedRole.PERPETRATOR.value
            or (person.role == ClaimedRole.VICTIM.value and order.protects_victim)
        ]
        first_given: dict[tuple[object, ...], ThingSource] = {}
        for t in case.things:
            first_given.setdefault((t.person, t.kind, t.compared, t.told_by, t.at, t.day, t.grade), t)
        rows += [
            self._row(
                case,
                node_of("person", t.person),
                node_of(t.kind, objects[t.kind, t.compared]),
                "at" if t.kind == "place" else "uses",
                t.told_by,
                day=_day_of_thing(t),
                grade=self._words[t.grade] if t.grade else 0,
                given=t.given,
            )
            for t in first_given.values()
            if t.compared
        ]
        return rows

    def _row(
        self,
        case: CaseSource,
        start: int,
        end: int,
        kind: str,
        source: str,
        *,
        role: Role = Role.NOT_RECORDED,
        day: tuple[int, int] = _NO_DAY,
        release_class: int = 0,
        grade: int = 0,
        given: str | None = None,
    ) -> dict[str, object]:
        return {
            "start_node": start,
            "end_node": end,
            "kind": link_number(kind),
            "role": int(role),
            "day": day[0],
            "precision": day[1],
            "grade": grade,
            "source": self._words[source],
            "case_id": case.number,
            "release_class": release_class,
            "given": given,
        }

    def _objects(self, wanted: set[tuple[str, str]]) -> dict[tuple[str, str], int]:
        found: dict[tuple[str, str], int] = {}
        forms = sorted(wanted)
        for start in range(0, len(forms), _AT_ONCE):
            part = forms[start : start + _AT_ONCE]
            some = {"compared": [compared for _, compared in part]}
            rows = self._session.connection().execute(_objects_there(), some).all()
            found.update({(str(kind), str(compared)): int(number or 0) for kind, compared, number in rows})
        missing = [form for form in forms if form not in found]
        if missing:
            refs = unused_references(self._session, "object", col(LinkObjectRow.ref), len(missing))
            numbers = insert_and_number(
                self._session,
                LinkObjectRow,
                [
                    {"ref": ref, "kind": kind, "compared": compared}
                    for ref, (kind, compared) in zip(refs, missing, strict=True)
                ],
            )
            found.update(zip(missing, numbers, strict=True))
        return found

    def _know_words(self, cases: Sequence[CaseSource]) -> None:
        wanted = {
            term
            for case in cases
            for answer in (case.people, case.incidents, case.things)
            for term in (each.told_by for each in answer)
        }
        wanted |= {thing.grade for case in cases for thing in case.things if thing.grade}
        wanted |= {incident.grade for case in cases for incident in case.incidents if incident.grade}
        if any(case.orders for case in cases):
            wanted.add(_ORDER_RECORD)
        wanted -= set(self._words)
        if not wanted:
            return
        rows = self._session.connection().execute(_terms_there(), {"terms": sorted(wanted)}).all()
        self._words.update({str(term): int(number or 0) for term, number in rows})
        missing = sorted(wanted - set(self._words))
        numbers = insert_and_number(self._session, LinkWordRow, [{"word": term} for term in missing])
        self._words.update(zip(missing, numbers, strict=True))


@cache
def _links_of(leaves_things: bool) -> Select[*tuple[object, ...]]:
    """Build the statement once, as those below: building one takes several times as long as running it."""
    links = select(col(LinkRow.id), *(col(getattr(LinkRow, name)) for name in _TOLD)).where(
        col(LinkRow.case_id).in_(bindparam("cases", expanding=True))
    )
    if leaves_things:
        links = links.where(col(LinkRow.kind).not_in([link_number(kind) for kind in _OF_THINGS]))
    return links.order_by(col(LinkRow.id))


@cache
def _objects_there() -> Select[str, str, int | None]:
    return select(col(LinkObjectRow.kind), col(LinkObjectRow.compared), col(LinkObjectRow.id)).where(
        col(LinkObjectRow.compared).in_(bindparam("compared", expanding=True))
    )


@cache
def _kinds_of_objects() -> Select[str]:
    return select(col(LinkObjectRow.kind)).distinct()


@cache
def _terms_there() -> Select[str, int | None]:
    return select(col(LinkWordRow.word), col(LinkWordRow.id)).where(
        col(LinkWordRow.word).in_(bindparam("terms", expanding=True))
    )


@lru_cache(maxsize=10_000)
def _day_of(happened: str) -> tuple[int, int]:
    """Return the first day that a partial date may mean, as a number, and how much of a day was given."""
    day = PartialDate(happened)
    return day.earliest.toordinal(), _PRECISIONS[len(day)]


def _day_of_thing(thing: ThingSource) -> tuple[int, int]:
    if thing.at is not None:
        return _whole_day(thing.at)
    return _day_of(thing.day) if thing.day else _NO_DAY


def _whole_day(at: datetime) -> tuple[int, int]:
    return at.toordinal(), _PRECISIONS[len("2024-03-09")]
