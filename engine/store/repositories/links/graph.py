"""The link graph, each statement cut for one viewer: what is hidden never leaves the database.

Statements are built of only small integers and run past the ORM: a neighbourhood is many small ones.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable
from functools import lru_cache, partial
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from sqlalchemy import select
from sqlmodel import Session, col

from engine.domain.access.permissions import Permitted
from engine.domain.cases.incidents import IncidentKind
from engine.domain.dates import PartialDate
from engine.domain.orders.orders import OrderAct
from engine.domain.people.persons import full_name
from engine.links.record_kinds import KINDS_OF_NODES, kind_of, node_number, node_of, row_of
from engine.store.lazy_repository import Late
from engine.store.repositories.links.node_tables import TABLE_OF
from engine.store.repositories.links.permissions import Cut, cut_for, parts
from engine.store.repositories.links.permissions import listed as ids_of
from engine.store.tables.links.graph import LinkWordRow

if TYPE_CHECKING:
    from engine.store.repositories.links.arrays import LinkArrays
    from engine.store.repositories.links.associates import AssociatesRequestsStored
    from engine.store.repositories.links.finding_marks import StoredMarks
    from engine.store.repositories.links.likely_same import LikelySame
    from engine.store.repositories.links.maps import LinkMaps
    from engine.store.repositories.links.projection import LinkProjection
    from engine.store.repositories.links.record_requests import RecordRequestsStored
    from engine.store.repositories.links.saved_searches import LinkQueries
    from engine.store.repositories.links.sharing import LinkShares

_NOBODY = "P-0000000"
_KIND_OF = {"P": "person", "I": "incident", "R": "referral", "PO": "order"}
# the one word that is put in is a constant of ours
_ORDER_WITH_DATE_MADE = (
    "id, ref, kind, (select s.happened_on from court_order_step s where s.order_id = court_order.id "
    f"and s.act = '{OrderAct.MADE.value}' order by s.number limit 1)"
)
_TOLD = {
    "person_record": "id, ref, involvement_id, described",
    "incident": "id, ref, involvement_id, kind, happened, channel",
    "involvement": "id, ref, received_at",
    "court_order": _ORDER_WITH_DATE_MADE,
}
_REFERENCE = re.compile(r"[A-Z]{1,2}-[0-9A-Z]{7}")
"""Nothing else ever comes into a statement as text."""


_Made = TypeVar("_Made")


class _Numbered(NamedTuple):
    """The number of a row, and one of its texts."""

    number: int
    text: str


class _Same(NamedTuple):
    """Two records that are one node."""

    one: int
    other: int


class StoredNode(NamedTuple):
    """The record's description of a node: one record of a person, an incident, a referral, an order, a
    thing, a place.
    """

    node: int
    ref: str
    case: int | None
    said: str | dict[str, str | None] | None
    """A person as they were described; for an incident what it was; for an order its type.

    A thing's value as the first case from which this viewer may read it gave it; None if there is none.
    """
    date: PartialDate | None
    channel: str | None = None

    @property
    def name(self) -> str:
        """A person's name or a thing's value; for an incident what it was."""
        if kind_of(self.node) != "person":
            return str(self.said)
        described = _described(self.said)
        return full_name(described.get("forename"), described.get("surname"))

    @property
    def born(self) -> PartialDate | None:
        """A person's date of birth."""
        born = _described(self.said).get("date_of_birth")
        return PartialDate(born) if born else None


class LinkGraph:
    """Reads links for one viewer."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._words: dict[int, str] = {}

    arrays: Late[LinkArrays] = Late("engine.store.repositories.links.arrays")
    """The whole graph in arrays; its module loads numpy."""
    likely: Late[LikelySame] = Late("engine.store.repositories.links.likely_same")
    """Records that are likely of one person."""
    marks: Late[StoredMarks] = Late("engine.store.repositories.links.finding_marks")
    """Marks on findings of patterns."""
    maps: Late[LinkMaps] = Late("engine.store.repositories.links.maps")
    """Places of nodes on people's maps, and the maps that they saved."""
    projection: Late[LinkProjection] = Late("engine.store.repositories.links.projection")
    """Writes the graph out of the record."""
    queries: Late[LinkQueries] = Late("engine.store.repositories.links.saved_searches")
    """Questions that are asked again and again, their alerts, and what was written out."""

    shares: Late[LinkShares] = Late("engine.store.repositories.links.sharing")
    """Saved searches and maps that their owners share."""
    associates: Late[AssociatesRequestsStored] = Late("engine.store.repositories.links.associates")
    """Questions by people's associates, and the answers of second persons."""
    record_requests: Late[RecordRequestsStored] = Late("engine.store.repositories.links.record_requests")
    """Requests to agencies about records that exist, and their replies."""

    def cut(self, permitted: Permitted) -> Cut:
        """Return the permission in numbers."""
        return cut_for(self._session, permitted)

    def find(self, reference: str, cut: Cut) -> int | None:
        """Return the node of a public reference, if it exists for this viewer.

        Finding none takes the same work.
        """
        typed = reference.strip().upper()
        if not _REFERENCE.fullmatch(typed):
            return None
        kind = _KIND_OF.get(typed.partition("-")[0], "object")
        table = TABLE_OF.get(kind, "link_object")
        column = "kind" if table == "link_object" else f"'{kind}'"
        rows = self._run(f"select id, {column} from {table} where ref = '{typed}'", _Numbered)
        nowhere = _Numbered(0, kind if kind in TABLE_OF else "incident")  # row 0 of a kind that links end at
        number, kind = rows[0] if rows else nowhere
        node = node_of(kind, number)
        return node if self._is_there(node, cut) and rows else None

    def people(self, references: Iterable[str]) -> dict[int, str]:
        """Return by node those of these people's references that exist, for whomever."""
        typed = {each for each in references if _REFERENCE.fullmatch(each)} or {_NOBODY}
        named = ", ".join(f"'{each}'" for each in sorted(typed))
        rows = self._run(f"select id, ref from person_record where ref in ({named})", _Numbered)
        return {node_of("person", number): reference for number, reference in rows}

    def cases_of_people(self, nodes: Iterable[int]) -> list[str]:
        """Return the cases with a link of these people, for whomever."""
        there = f"id in (select case_id from link where start_node in ({ids_of(list(nodes) or [0])}))"
        return self._run(f"select ref from involvement where {there}", str)

    def people_there(self, nodes: Iterable[int], cut: Cut) -> frozenset[int]:
        """Return those of these people that exist for this viewer, in one statement."""
        there = f"start_node in ({ids_of(list(nodes) or [0])}) and {cut.of_link}"
        return frozenset(self._run(f"select distinct start_node from link where {there}", int))

    def same(self, nodes: Iterable[int], cut: Cut) -> list[tuple[int, int]]:
        """Return every two records that are one node, of which one is among these."""
        cases = f"{cut.of_case('case_id')} and {cut.of_case('other_case_id')}"
        found: list[tuple[int, int]] = []
        for listed in parts(nodes):
            found += self._run(
                f"select one_node, other_node from link_same where one_node in ({listed}) and {cases} "
                f"union all select other_node, one_node from link_same where other_node in ({listed}) "
                f"and {cases}",
                _Same,
            )
        return found

    def source_or_grade(self, number: int) -> str | None:
        """Return a source or a grade."""
        if number and number not in self._words:
            rows = self._session.execute(select(col(LinkWordRow.id), col(LinkWordRow.word))).all()
            self._words = {int(key): str(term) for key, term in rows}
        return self._words.get(number)

    def described(self, nodes: Iterable[int], cut: Cut) -> list[StoredNode]:
        """Return the record's description of these nodes; a viewer's cut has let them through before."""
        by_kind: dict[str, list[int]] = {}
        for node in nodes:
            by_kind.setdefault(kind_of(node), []).append(row_of(node))
        found: list[StoredNode] = []
        for kind, rows in by_kind.items():
            table = TABLE_OF.get(kind, "link_object")
            columns = _TOLD.get(table) or f"id, ref, {_given(kind, cut)}"
            for listed in parts(rows):
                found += self._run(
                    f"select {columns} from {table} where id in ({listed})",
                    partial(_NODES.get(kind, _object), kind),
                )
        return found

    def references(self, cases: Collection[int]) -> dict[int, str]:
        """Return the references of these cases."""
        found: dict[int, str] = {}
        for listed in parts(cases):
            found.update(self._run(f"select id, ref from involvement where id in ({listed})", _Numbered))
        return found

    def _is_there(self, node: int, cut: Cut) -> bool:
        end = "start_node" if kind_of(node) == "person" else "end_node"
        return bool(self._run(f"select 1 from link where {end} = {node} and {cut.of_link} limit 1", int))

    def _run(self, statement: str, made: Callable[..., _Made]) -> list[_Made]:
        """Run a statement that is made of our own words and of numbers, and holds no other person's text.

        Each row's columns are the arguments of what is made of it.
        """
        with self._session.connection().exec_driver_sql(statement) as result:
            # the driver's own rows: there are many, and short-lived
            return [made(*row) for row in result.cursor.fetchall()]


def _person(
    kind: str, number: int, ref: str, case: int, described: str | dict[str, str | None]
) -> StoredNode:
    return StoredNode(node_of(kind, number), ref, case, described, None)


def _incident(
    kind: str, number: int, ref: str, case: int, what: str, happened: str | None, channel: str | None
) -> StoredNode:
    day = _date(happened) if happened else None
    return StoredNode(node_of(kind, number), ref, case, IncidentKind(what).in_words, day, channel)


def _referral(kind: str, number: int, ref: str, received_at: object) -> StoredNode:
    return StoredNode(node_of(kind, number), ref, number, kind, _date(str(received_at)[:10]))


def _order(kind: str, number: int, ref: str, type_: str, made: object) -> StoredNode:
    return StoredNode(node_of(kind, number), ref, None, type_, _date(str(made)[:10]) if made else None)


def _object(kind: str, number: int, ref: str, given: str | None) -> StoredNode:
    return StoredNode(node_of(kind, number), ref, None, given, None)


_NODES: dict[str, Callable[..., StoredNode]] = {
    "person": _person,
    "incident": _incident,
    "referral": _referral,
    "order": _order,
}
"""A node out of its row, by kind; the columns are those of ``_TOLD``."""


@lru_cache(maxsize=20_000)
def _date(text: str) -> PartialDate:
    return PartialDate(text)


def _given(kind: str, cut: Cut) -> str:
    """Return a thing as the first case from which this viewer may read it gave it:
    what another wrote stays there.

    The order is that of the index, so that of a thing with thousands of users one link is read.
    """
    read = "" if cut.named_on is None else f" and case_id in ({ids_of(cut.named_on)})"
    return (
        f"(select given from link where end_node = {KINDS_OF_NODES} * link_object.id + {node_number(kind)} "
        f"and {cut.of_link}{read} order by case_id, release_class, kind, day, start_node limit 1)"
    )


def _described(said: str | dict[str, str | None] | None) -> dict[str, str | None]:
    """Return a person as described: SQLite gives the document as text, PostgreSQL as parsed JSON."""
    answer: dict[str, str | None] = json.loads(said) if isinstance(said, str) else said or {}
    return answer
