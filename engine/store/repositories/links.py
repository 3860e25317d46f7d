"""Reads the link graph, each statement cut for one viewer: what is hidden never leaves the database.

Statements are built of small integers alone and run past the ORM: a neighbourhood is many small ones.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlmodel import Session, col

from engine.domain.dates import PartialDate
from engine.domain.people import PersonDescribed
from engine.domain.permitted import Permitted
from engine.links.record_kinds import kind_of, node_of, row_of
from engine.store.repositories.link_cut import Cut, cut_for, parts
from engine.store.repositories.link_maps import LinkMaps
from engine.store.tables.cases import InvolvementRow
from engine.store.tables.incidents import IncidentRow
from engine.store.tables.links import LinkObjectRow, LinkWordRow
from engine.store.tables.people import PersonRecordRow

_AT_ONCE = 800
_LIMITED_AT_ONCE = 60


class HalfLink(NamedTuple):
    """A link as seen from one of its ends."""

    at: int
    to: int
    link: int


class LinkTold(NamedTuple):
    """A link whole."""

    number: int
    start: int
    end: int
    kind: int
    role: int
    day: int
    precision: int
    grade: int
    source: int
    case: int


class NodeTold(NamedTuple):
    """What the record says of a node: one record of a person, an incident, a referral, a thing, a place."""

    node: int
    ref: str
    case: int | None
    name: str
    """A person's name or a thing's value; for an incident what it was."""
    date: PartialDate | None
    channel: str | None = None


class LinksKept:
    """Reads links for one viewer."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._words: dict[int, str] = {}
        self.maps = LinkMaps(session)
        """Where nodes lie on people's maps, and the maps that they saved."""

    def cut(self, permitted: Permitted, *, on: date) -> Cut:
        """The permission in numbers."""
        return cut_for(self._session, permitted, on=on)

    def find(self, reference: str, cut: Cut) -> int | None:
        """The node of a public reference, if it exists for this viewer."""
        typed = reference.strip().upper()
        for kind, column, number in (
            ("person", col(PersonRecordRow.ref), col(PersonRecordRow.id)),
            ("incident", col(IncidentRow.ref), col(IncidentRow.id)),
            ("referral", col(InvolvementRow.ref), col(InvolvementRow.id)),
        ):
            row = self._session.execute(select(number).where(column == typed)).scalar_one_or_none()
            if row is not None:
                node = node_of(kind, int(row))
                return node if self._is_there(node, cut) else None
        found = self._session.execute(
            select(col(LinkObjectRow.id), col(LinkObjectRow.kind)).where(col(LinkObjectRow.ref) == typed)
        ).one_or_none()
        if found is None:
            return None
        node = node_of(str(found[1]), int(found[0]))
        return node if self._is_there(node, cut) else None

    def same(self, nodes: Iterable[int], cut: Cut) -> list[tuple[int, int]]:
        """Every two records that are one node, of which one is among these."""
        cases = f"{cut.of_case('case_id')} and {cut.of_case('other_case_id')}"
        found: list[tuple[int, int]] = []
        for listed in parts(nodes):
            rows = self._run(
                f"select one_node, other_node from link_same where one_node in ({listed}) and {cases} "  # nosec B608
                f"union all select other_node, one_node from link_same where other_node in ({listed}) "
                f"and {cases}"
            )
            found += [(row[0], row[1]) for row in rows]
        return found

    def onward(self, nodes: Iterable[int], cut: Cut, more: str = "") -> list[HalfLink]:
        """The links of persons: they are where a link starts."""
        found: list[HalfLink] = []
        for listed in parts(nodes):
            rows = self._run(
                f"select start_node, end_node, id from link where start_node in ({listed}) "  # nosec B608
                f"and {cut.of_link}{more}"
            )
            found += [HalfLink(*row) for row in rows]
        return found

    def back(self, nodes: Iterable[int], cut: Cut, more: str = "", *, most: int) -> list[HalfLink]:
        """The links of incidents, referrals, things and places, of each at most so many."""
        found: list[HalfLink] = []
        listed = list(nodes)
        for start in range(0, len(listed), _LIMITED_AT_ONCE):
            part = listed[start : start + _LIMITED_AT_ONCE]
            asked = " union all ".join(
                f"select * from (select end_node, start_node, id from link where end_node = {node} "  # nosec B608
                f"and {cut.of_link}{more} limit {most}) as l{place}"
                for place, node in enumerate(part)
            )
            found += [HalfLink(*row) for row in self._run(asked)]
        return found

    def whole(self, links: Collection[int]) -> list[LinkTold]:
        """These links whole; a viewer's cut has let them through before."""
        found: list[LinkTold] = []
        for listed in parts(links):
            rows = self._run(
                "select id, start_node, end_node, kind, role, day, precision, grade, source, case_id "  # nosec B608
                f"from link where id in ({listed})"
            )
            found += [LinkTold(*row) for row in rows]
        return found

    def word(self, number: int) -> str | None:
        """A source or a grade."""
        if number and number not in self._words:
            rows = self._session.execute(select(col(LinkWordRow.id), col(LinkWordRow.word))).all()
            self._words = {int(key): str(word) for key, word in rows}
        return self._words.get(number)

    def described(self, nodes: Iterable[int]) -> list[NodeTold]:
        """What the record says of these nodes."""
        by_kind: dict[str, list[int]] = {}
        for node in nodes:
            by_kind.setdefault(kind_of(node), []).append(row_of(node))
        found: list[NodeTold] = []
        for kind, rows in by_kind.items():
            for start in range(0, len(rows), _AT_ONCE):
                part = rows[start : start + _AT_ONCE]
                if kind == "person":
                    found += self._persons(part)
                elif kind == "incident":
                    found += self._incidents(part)
                elif kind == "referral":
                    found += self._referrals(part)
                else:
                    found += self._objects(kind, part)
        return found

    def references(self, cases: Collection[int]) -> dict[int, str]:
        """The references of these cases."""
        found: dict[int, str] = {}
        for listed in parts(cases):
            rows = self._run(f"select id, ref from involvement where id in ({listed})")  # nosec B608
            found.update({row[0]: str(row[1]) for row in rows})
        return found

    def _persons(self, rows: Sequence[int]) -> list[NodeTold]:
        found = self._session.execute(
            select(
                col(PersonRecordRow.id),
                col(PersonRecordRow.ref),
                col(PersonRecordRow.involvement_id),
                col(PersonRecordRow.described),
            ).where(col(PersonRecordRow.id).in_(rows))
        ).all()
        return [
            NodeTold(node_of("person", int(number)), ref, int(case), _full_name(told), None)
            for number, ref, case, told in found
        ]

    def _incidents(self, rows: Sequence[int]) -> list[NodeTold]:
        found = self._session.execute(
            select(
                col(IncidentRow.id),
                col(IncidentRow.ref),
                col(IncidentRow.involvement_id),
                col(IncidentRow.kind),
                col(IncidentRow.happened),
                col(IncidentRow.channel),
            ).where(col(IncidentRow.id).in_(rows))
        ).all()
        return [
            NodeTold(
                node_of("incident", int(number)),
                ref,
                int(case),
                kind,
                PartialDate(happened) if happened else None,
                channel,
            )
            for number, ref, case, kind, happened, channel in found
        ]

    def _referrals(self, rows: Sequence[int]) -> list[NodeTold]:
        found = self._session.execute(
            select(col(InvolvementRow.id), col(InvolvementRow.ref), col(InvolvementRow.received_at)).where(
                col(InvolvementRow.id).in_(rows)
            )
        ).all()
        return [
            NodeTold(
                node_of("referral", int(number)), ref, int(number), "referral", PartialDate.of(at.date())
            )
            for number, ref, at in found
        ]

    def _objects(self, kind: str, rows: Sequence[int]) -> list[NodeTold]:
        found = self._session.execute(
            select(col(LinkObjectRow.id), col(LinkObjectRow.ref), col(LinkObjectRow.compared)).where(
                col(LinkObjectRow.id).in_(rows)
            )
        ).all()
        return [
            NodeTold(node_of(kind, int(number)), ref, None, compared, None) for number, ref, compared in found
        ]

    def _is_there(self, node: int, cut: Cut) -> bool:
        end = "start_node" if kind_of(node) == "person" else "end_node"
        return bool(self._run(f"select 1 from link where {end} = {node} and {cut.of_link} limit 1"))  # nosec B608

    def _run(self, statement: str) -> list[tuple[int, ...]]:
        """Run a statement that is made of our own words and of numbers, never of anybody's text."""
        rows = self._session.connection().exec_driver_sql(statement).fetchall()
        return [tuple(row) for row in rows]


def _full_name(described: dict[str, object]) -> str:
    return PersonDescribed.model_construct(
        forename=described.get("forename"), surname=described.get("surname")
    ).full_name
