"""Person records that the weights hold to be likely of one person, and what forbids saying so."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import NamedTuple, TypeVar

from sqlalchemy import select
from sqlmodel import Session, col

from engine.links.record_kinds import node_of, row_of
from engine.store.repositories.people.same_person import Proposed
from engine.store.tables.links.graph import LinkObjectRow, LinkRow
from engine.store.tables.people.persons import PersonRecordRow, PersonThingRow, PlaceRow, ThingRow
from engine.store.tables.people.same_person import IdentityFormRow, IdentityProposalRow

_AT_ONCE = 500


class Party(NamedTuple):
    """The party of a record, and the involvement that it is of."""

    party: int
    case: int


class LikelySame:
    """Reader of proposals among records; judgements on them are for ``people.same_person``."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def records(self, references: Collection[str]) -> dict[str, int]:
        """Return the numbers of these person records."""
        found: dict[str, int] = {}
        for part in _parts(sorted(references)):
            rows = self._session.execute(
                select(col(PersonRecordRow.ref), col(PersonRecordRow.id)).where(
                    col(PersonRecordRow.ref).in_(part)
                )
            ).all()
            found.update({str(ref): int(number) for ref, number in rows})
        return found

    def parties(self, records: Collection[int]) -> dict[int, Party]:
        """Return the party of each record."""
        found: dict[int, Party] = {}
        for part in _parts(sorted(records)):
            rows = self._session.execute(
                select(
                    col(IdentityFormRow.person_record_id),
                    col(IdentityFormRow.party_id),
                    col(IdentityFormRow.involvement_id),
                ).where(col(IdentityFormRow.person_record_id).in_(part))
            ).all()
            found.update({int(record): Party(int(party), int(case)) for record, party, case in rows})
        return found

    def proposed(self, parties: Collection[int], *, version: str, least: float) -> list[Proposed]:
        """Return these weights' proposals of two of these parties, from this weight."""
        wanted, found = frozenset(parties), list[Proposed]()
        for part in _parts(sorted(wanted)):
            rows = self._session.execute(
                select(
                    col(IdentityProposalRow.low_id),
                    col(IdentityProposalRow.high_id),
                    col(IdentityProposalRow.weight),
                )
                .where(
                    col(IdentityProposalRow.low_id).in_(part),
                    col(IdentityProposalRow.version) == version,
                    col(IdentityProposalRow.weight) >= least,
                )
                .order_by(col(IdentityProposalRow.id))
            ).all()
            found += [Proposed(low, high, weight) for low, high, weight in rows if high in wanted]
        return found

    def with_something_left_out(
        self, parties: Collection[int], compared: Callable[[str, str], str]
    ) -> frozenset[int]:
        """Return those of these parties with a thing or a place, from a source,
        that the link graph does not hold.

        What equals or repeats something protected is left out of it; so is what a correction removed.
        """
        fields = self._values_by_party(parties, compared)
        linked = self._linked(parties)
        return frozenset(party for party, things in fields.items() if things - linked.get(party, set()))

    def _values_by_party(
        self, parties: Collection[int], compared: Callable[[str, str], str]
    ) -> dict[int, set[tuple[str, str]]]:
        found: dict[int, set[tuple[str, str]]] = {}
        for part in _parts(sorted(parties)):
            rows = self._session.execute(
                select(
                    col(IdentityFormRow.party_id), col(ThingRow.kind), col(ThingRow.value), col(PlaceRow.text)
                )
                .join(
                    PersonThingRow,
                    col(PersonThingRow.person_record_id) == col(IdentityFormRow.person_record_id),
                )
                .outerjoin(ThingRow, col(ThingRow.id) == col(PersonThingRow.thing_id))
                .outerjoin(PlaceRow, col(PlaceRow.id) == col(PersonThingRow.place_id))
                .where(col(IdentityFormRow.party_id).in_(part))
            ).all()
            for party, kind, value, place in rows:
                thing = (str(kind), str(value)) if kind else ("place", str(place))
                found.setdefault(int(party), set()).add((thing[0], compared(*thing)))
        return found

    def _linked(self, parties: Collection[int]) -> dict[int, set[tuple[str, str]]]:
        party_of: dict[int, int] = {}
        for part in _parts(sorted(parties)):
            rows = self._session.execute(
                select(col(IdentityFormRow.person_record_id), col(IdentityFormRow.party_id)).where(
                    col(IdentityFormRow.party_id).in_(part)
                )
            ).all()
            party_of.update({node_of("person", int(record)): int(party) for record, party in rows})
        ends: dict[int, set[int]] = {}
        for part in _parts(sorted(party_of)):
            links = self._session.execute(
                select(col(LinkRow.start_node), col(LinkRow.end_node)).where(
                    col(LinkRow.start_node).in_(part), col(LinkRow.given).is_not(None)
                )
            ).all()
            for start, end in links:
                ends.setdefault(row_of(int(end)), set()).add(party_of[int(start)])
        found: dict[int, set[tuple[str, str]]] = {}
        for part in _parts(sorted(ends)):
            objects = self._session.execute(
                select(col(LinkObjectRow.id), col(LinkObjectRow.kind), col(LinkObjectRow.compared)).where(
                    col(LinkObjectRow.id).in_(part)
                )
            ).all()
            for number, kind, form in objects:
                for party in ends[int(number or 0)]:
                    found.setdefault(party, set()).add((str(kind), str(form)))
        return found


_Each = TypeVar("_Each")


def _parts(ordered: Sequence[_Each]) -> Iterator[Sequence[_Each]]:
    for start in range(0, len(ordered), _AT_ONCE):
        yield ordered[start : start + _AT_ONCE]
