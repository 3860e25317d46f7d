"""The whole link graph in arrays, and what changed of it since. Only numbers; cuts nothing."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

import numpy as np
from sqlalchemy import select
from sqlmodel import Session, col

from engine.domain.cases.lifecycle import State
from engine.links.arrays import LINK_COLUMNS, SAME_COLUMNS, Column, Layer, Numbers, narrowed
from engine.links.record_kinds import kind_of, node_of, row_of
from engine.store.repositories.access.restrictions import restricted_involvements
from engine.store.repositories.links.node_tables import TABLE_OF
from engine.store.repositories.links.permissions import parts
from engine.store.tables.cases.involvements import InvolvementRow
from engine.store.tables.links.graph import LinkWordRow

_FETCHED = 100_000
_LINKS = "id, start_node, end_node, kind, role, day, precision, grade, source, case_id, release_class"
_SAME = "one_node, other_node, case_id, other_case_id"


class Standing(NamedTuple):
    """The newest of each kind of word by which a case may become another to a viewer."""

    turn: int
    move: int
    restriction: int


class LinkArrays:
    """Reads the graph out whole; what comes of it is asked with a viewer's permission."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def turn(self) -> int:
        """Return the turn of the newest change."""
        row = self._session.connection().exec_driver_sql("select turn from link_head").one()
        return int(row[0])

    def whole(self) -> Layer:
        """Return every link, oldest first."""
        return Layer(
            self._columns(f"select {_LINKS} from link order by id", LINK_COLUMNS),
            self._columns(f"select {_SAME} from link_same order by id", SAME_COLUMNS),
        )

    def changed_since(self, turn: int) -> frozenset[int]:
        """Return the cases whose links were written after this turn."""
        rows = self._session.connection().exec_driver_sql(
            f"select case_id from link_case where turn > {int(turn)}"
        )
        return frozenset(int(row[0]) for row in rows)

    def of_cases(self, cases: Collection[int]) -> Layer:
        """Return the links of these cases as they are now."""
        links = [
            self._columns(f"select {_LINKS} from link where case_id in ({listed}) order by id", LINK_COLUMNS)
            for listed in parts(cases)
        ]
        same = [
            self._columns(
                f"select {_SAME} from link_same where case_id in ({listed}) or other_case_id in ({listed})",
                SAME_COLUMNS,
            )
            for listed in parts(cases)
        ]
        return Layer(_together(links, LINK_COLUMNS), _together(same, SAME_COLUMNS))

    def standing(self) -> Standing:
        """Return the facts that show whether a case became screened, restricted or another since."""
        row = self._session.connection().exec_driver_sql(
            "select (select turn from link_head), (select max(id) from move), "
            "(select max(id) from restriction)"
        )
        turn, move, restriction = row.one()
        return Standing(int(turn), int(move or 0), int(restriction or 0))

    def received_since(self, at: datetime) -> frozenset[int]:
        """Return the cases that were received since this moment."""
        received = select(col(InvolvementRow.id)).where(col(InvolvementRow.received_at) >= at)
        return frozenset(int(number or 0) for number in self._session.execute(received).scalars())

    def unscreened(self) -> Numbers:
        """Return the cases that are not screened."""
        rows = self._session.connection().exec_driver_sql(
            f"select id from involvement where state = '{State.NOT_SCREENED.value}'"
        )
        return np.array([row[0] for row in rows], dtype=np.int64)

    def restricted(self) -> Numbers:
        """Return the cases that are restricted."""
        found = self._session.execute(restricted_involvements()).scalars()
        return np.array([int(number or 0) for number in found], dtype=np.int64)

    def words(self) -> dict[int, str]:
        """Return sources and grades."""
        rows = self._session.execute(select(col(LinkWordRow.id), col(LinkWordRow.word))).all()
        return {int(number): str(term) for number, term in rows}

    def references(self, nodes: Collection[int]) -> dict[int, str]:
        """Return the public references of these nodes."""
        by_kind: dict[str, list[int]] = {}
        for node in nodes:
            by_kind.setdefault(kind_of(node), []).append(row_of(node))
        found: dict[int, str] = {}
        for kind, rows in by_kind.items():
            table = TABLE_OF.get(kind, "link_object")
            for listed in parts(rows):
                cursor_result = self._session.connection().exec_driver_sql(
                    f"select id, ref from {table} where id in ({listed})"
                )
                found.update({node_of(kind, int(number)): str(ref) for number, ref in cursor_result})
        return found

    def _columns(self, statement: str, names: tuple[str, ...]) -> dict[str, Column]:
        found: list[Column] = [np.zeros((0, len(names)), dtype=np.int32)]
        with self._session.connection().exec_driver_sql(statement) as result:
            while rows := result.cursor.fetchmany(_FETCHED):
                found.append(np.array(rows, dtype=np.int32))
        return {
            name: narrowed(np.concatenate([part[:, place] for part in found]))
            for place, name in enumerate(names)
        }


def _together(layers: list[dict[str, Column]], names: tuple[str, ...]) -> dict[str, Column]:
    if not layers:
        return {name: np.zeros(0, dtype=np.int32) for name in names}
    return {name: np.concatenate([layer[name] for layer in layers]) for name in names}
