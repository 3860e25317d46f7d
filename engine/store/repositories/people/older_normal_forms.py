"""Forms and keys of person records that were imported before there were any, or whose own are out of date."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, func, or_, select
from sqlmodel import Session, col

from engine.domain.people.persons import ERASED_NAME, ClaimedRole, PersonDescribed, Thing, ThingKind
from engine.store.repositories.people.normal_forms import Identity, RecordToKey
from engine.store.tables.people.persons import (
    PersonRecordRow,
    PersonThingRow,
    PlaceRow,
    RoleClaimRow,
    ThingRow,
)
from engine.store.tables.people.same_person import IdentityFormRow, IdentityKeyRow


class OlderForms:
    """Finds what lacks its form, and makes it."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def is_any_lacking(self, version: int) -> bool:
        """Return whether a record has no form, or one of an older version."""
        return bool(self._lacking(version, 1))

    def fill(self, version: int, *, count: int, after: int = 0) -> tuple[int, int]:
        """Make the forms and keys of the next records ``after`` this one whose own are missing or old.

        Return the number of them, and the last: without it each part would begin at the first record.
        """
        wanted = self._lacking(version, count, after=after)
        if not wanted:
            return 0, after
        numbers = [record.person_record_id for record in wanted]
        for table in (IdentityKeyRow, IdentityFormRow):
            self._session.execute(delete(table).where(col(table.person_record_id).in_(numbers)))
        Identity(self._session).keep(wanted)
        return len(wanted), numbers[-1]

    def _lacking(self, version: int, count: int, *, after: int = 0) -> list[RecordToKey]:
        rows = self._session.execute(
            select(PersonRecordRow, func.max(col(RoleClaimRow.role)))
            .join(RoleClaimRow, col(RoleClaimRow.person_record_id) == col(PersonRecordRow.id))
            .outerjoin(IdentityFormRow, col(IdentityFormRow.person_record_id) == col(PersonRecordRow.id))
            .where(
                col(PersonRecordRow.id) > after,
                or_(col(IdentityFormRow.version).is_(None), col(IdentityFormRow.version) < version),
            )
            .group_by(col(PersonRecordRow.id))
            .order_by(col(PersonRecordRow.id))
            .limit(count)
        ).all()
        numbers = [int(record.id or 0) for record, _ in rows]
        things, places = self._tied(numbers)
        return [
            RecordToKey(
                person_record_id=number,
                involvement_id=record.involvement_id,
                role=ClaimedRole(role),
                described=_comparable(PersonDescribed.model_validate(record.described)),
                things=tuple(things.get(number, ())),
                place=places.get(number),
            )
            for number, (record, role) in zip(numbers, rows, strict=True)
        ]

    def _tied(self, numbers: Sequence[int]) -> tuple[dict[int, list[Thing]], dict[int, str]]:
        rows = self._session.execute(
            select(
                col(PersonThingRow.person_record_id),
                col(ThingRow.kind),
                col(ThingRow.value),
                col(PlaceRow.text),
            )
            .outerjoin(ThingRow, col(ThingRow.id) == col(PersonThingRow.thing_id))
            .outerjoin(PlaceRow, col(PlaceRow.id) == col(PersonThingRow.place_id))
            .where(col(PersonThingRow.person_record_id).in_(numbers))
        ).all()
        things: dict[int, list[Thing]] = {}
        places: dict[int, str] = {}
        for number, kind, value, place in rows:
            if kind is not None:
                things.setdefault(number, []).append(Thing(kind=ThingKind(kind), value=value))
            if place is not None:
                places[number] = place
        return things, places


def _comparable(described: PersonDescribed) -> PersonDescribed:
    """Return what can be compared: of an erased person nothing, else all of them would be alike."""
    return PersonDescribed() if described.surname == ERASED_NAME else described
