"""Sources of a case's links. Only reads; decides nothing about who sees them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache

from sqlalchemy import Row, Select, bindparam, func, or_, select
from sqlmodel import Session, col

from engine.domain.orders.orders import OrderAct
from engine.domain.people.persons import ClaimedRole
from engine.domain.rights.retention import DESK_OWNER
from engine.domain.sharing import AudienceKind
from engine.store.tables.cases.incidents import IncidentReportRow, IncidentRow, ReleaseClassRow
from engine.store.tables.cases.involvements import InvolvementRow, ReferralVersionRow
from engine.store.tables.orders import CourtOrderCaseRow, CourtOrderStepRow
from engine.store.tables.people.persons import (
    PersonRecordRow,
    PersonThingRow,
    PlaceRow,
    RoleClaimRow,
    ThingRow,
)
from engine.store.tables.rights.retention import ErasureRow

_AT_ONCE = 400

_IncidentRead = Row[int, int | None, str | None, str, str | None, int | None, str | None]


@dataclass(frozen=True)
class ThingSource:
    """Something that a source ties to a person of the case; it is linked where it has a ``compared`` form.

    ``at`` is when a referral gave it. Of link evidence that is None, and ``day`` is the agency's own date,
    which may not be recorded.
    """

    person: int
    kind: str
    given: str = field(repr=False)
    told_by: str
    at: datetime | None
    compared: str = field(default="", repr=False)
    day: str | None = None
    grade: str | None = None


@dataclass(frozen=True)
class PersonSource:
    """A person record with the newest claim about it."""

    number: int
    role: str
    told_by: str


@dataclass(frozen=True)
class IncidentSource:
    """An incident that the newest version of the referral reports, or a person entered.

    One that some report shares with everyone on the case bears class 0; else there is one of these for each
    class. Reports with different grades are one of these each: no grade is chosen among them. By its crime
    reference only what goes to all without end is one with another: a likeness bears no class.
    """

    number: int
    happened: str | None
    told_by: str
    crime_reference: str | None
    release_class: int = 0
    grade: str | None = None


@dataclass(frozen=True)
class OrderSource:
    """An order that was made and serves the case; ``protects_victim`` is about the victim of this case."""

    number: int
    made: date
    protects_victim: bool


@dataclass(frozen=True)
class CaseSource:
    """All of one case that becomes links."""

    number: int
    reference: str
    received_at: datetime
    people: tuple[PersonSource, ...]
    incidents: tuple[IncidentSource, ...]
    things: tuple[ThingSource, ...]
    orders: tuple[OrderSource, ...] = ()
    is_erased: bool = False
    """The coordinators' part was erased: no order and no evidence becomes a link."""


class CaseSources:
    """Reader of cases as they are now."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of(self, references: Sequence[str]) -> list[CaseSource]:
        """Return what the record holds of these cases."""
        found: list[CaseSource] = []
        for start in range(0, len(references), _AT_ONCE):
            found += self._cases(references[start : start + _AT_ONCE])
        return found

    def _cases(self, references: Sequence[str]) -> list[CaseSource]:
        rows = self._session.connection().execute(_those_cases(), {"references": references}).all()
        cases = [(int(number or 0), ref, received_at) for number, ref, received_at in rows]
        numbers = [number for number, _, _ in cases]
        people = self.people(numbers)
        incidents = self._incidents(numbers)
        owner = {person.number: case for case, those in people.items() for person in those}
        erased = set(self._session.connection().execute(_erased_of(), {"cases": numbers}).scalars())
        orders = self._orders([case for case in cases if case[0] not in erased])
        things: dict[int, list[ThingSource]] = {}
        for thing in self._things(list(owner)):
            things.setdefault(owner[thing.person], []).append(thing)
        return [
            CaseSource(
                number=number,
                reference=ref,
                received_at=received_at,
                people=tuple(people.get(number, ())),
                incidents=tuple(incidents.get(number, ())),
                things=tuple(things.get(number, ())),
                orders=tuple(orders.get(number, ())),
                is_erased=number in erased,
            )
            for number, ref, received_at in cases
        ]

    def people(self, numbers: Sequence[int]) -> dict[int, list[PersonSource]]:
        """Return people; of perpetrator and victim only the newest record:
        a correction replaces the earlier.
        """
        rows = self._session.connection().execute(_people_of(), {"cases": numbers}).all()
        newest_claim: dict[int, tuple[int, PersonSource]] = {}
        for case, person, role, told_by in rows:
            number = int(person or 0)
            newest_claim[number] = (int(case), PersonSource(number, str(role), str(told_by)))
        found: dict[int, dict[str, PersonSource]] = {}
        for case, person_source in newest_claim.values():
            many = person_source.role == ClaimedRole.OTHER_AT_RISK.value
            found.setdefault(case, {})[
                f"{person_source.role} {person_source.number}" if many else person_source.role
            ] = person_source
        return {case: list(those.values()) for case, those in found.items()}

    def _incidents(self, numbers: Sequence[int]) -> dict[int, list[IncidentSource]]:
        rows = self._session.connection().execute(_incidents_of(), {"cases": numbers}).all()
        return _incidents_told(rows, everybodys(self._session))

    def _orders(self, cases: Sequence[tuple[int, str, datetime]]) -> dict[int, list[OrderSource]]:
        """Return the orders that were made. Another protected person's name is sealed, and no node."""
        references = {number: ref for number, ref, _ in cases}
        rows = self._session.connection().execute(_orders_of(), {"cases": list(references)}).all()
        found: dict[int, dict[int, OrderSource]] = {}
        for case, order, made, content in rows:
            terms = content.get("terms")
            if not isinstance(terms, dict):  # its content was erased
                continue
            persons = terms.get("protected", ())
            protects = any(
                each.get("is_victim") and each.get("case") == references[int(case)] for each in persons
            )
            found.setdefault(int(case), {})[int(order)] = OrderSource(int(order), made, protects)
        return {case: list(orders.values()) for case, orders in found.items()}

    def _things(self, people: Sequence[int]) -> list[ThingSource]:
        found: list[ThingSource] = []
        for start in range(0, len(people), _AT_ONCE):
            some = {"people": people[start : start + _AT_ONCE]}
            rows = self._session.connection().execute(_things_of(), some).all()
            found += [
                ThingSource(int(person), str(kind or "place"), str(value or text), told_by, at)
                for person, told_by, at, kind, value, text in rows
            ]
        return found


def everybodys(session: Session) -> frozenset[int]:
    """Return the release classes of what goes to all on a case, without end."""
    rows = session.connection().execute(_open_to_all()).scalars()
    return frozenset(int(number or 0) for number in rows)


@cache
def _open_to_all() -> Select[int | None]:
    """Build the statement once, as those below: building one takes several times as long as running it."""
    return select(col(ReleaseClassRow.id)).where(
        col(ReleaseClassRow.audience) == AudienceKind.PANEL.value, col(ReleaseClassRow.until).is_(None)
    )


@cache
def _those_cases() -> Select[int | None, str, datetime]:
    return (
        select(col(InvolvementRow.id), col(InvolvementRow.ref), col(InvolvementRow.received_at))
        .where(col(InvolvementRow.ref).in_(bindparam("references", expanding=True)))
        .order_by(col(InvolvementRow.id))
    )


@cache
def _people_of() -> Select[int, int | None, str, str]:
    return (
        select(
            col(PersonRecordRow.involvement_id),
            col(PersonRecordRow.id),
            col(RoleClaimRow.role),
            col(RoleClaimRow.asserted_by),
        )
        .join(RoleClaimRow, col(RoleClaimRow.person_record_id) == col(PersonRecordRow.id))
        .where(col(PersonRecordRow.involvement_id).in_(bindparam("cases", expanding=True)))
        .order_by(col(PersonRecordRow.id), col(RoleClaimRow.id))
    )


@cache
def _incidents_of() -> Select[int, int | None, str | None, str, str | None, int | None, str | None]:
    newest = (
        select(func.max(ReferralVersionRow.version))
        .where(col(ReferralVersionRow.involvement_id) == col(IncidentReportRow.involvement_id))
        .correlate(IncidentReportRow)
        .scalar_subquery()
    )
    return (
        select(
            col(IncidentRow.involvement_id),
            col(IncidentRow.id),
            col(IncidentRow.happened),
            col(IncidentReportRow.owner),
            col(IncidentReportRow.crime_reference),
            col(IncidentReportRow.release_class_id),
            col(IncidentReportRow.grade),
        )
        .join(IncidentReportRow, col(IncidentReportRow.incident_id) == col(IncidentRow.id))
        .where(
            col(IncidentRow.involvement_id).in_(bindparam("cases", expanding=True)),
            or_(
                col(IncidentReportRow.referral_version).is_(None),
                col(IncidentReportRow.referral_version) == newest,
            ),
        )
        .order_by(col(IncidentRow.id), col(IncidentReportRow.id))
    )


@cache
def _erased_of() -> Select[int]:
    return select(col(ErasureRow.involvement_id)).where(
        col(ErasureRow.involvement_id).in_(bindparam("cases", expanding=True)),
        col(ErasureRow.owner) == DESK_OWNER,
    )


@cache
def _orders_of() -> Select[int, int, date, dict[str, object]]:
    return (
        select(
            col(CourtOrderCaseRow.involvement_id),
            col(CourtOrderCaseRow.order_id),
            col(CourtOrderStepRow.happened_on),
            col(CourtOrderStepRow.content),
        )
        .join(CourtOrderStepRow, col(CourtOrderStepRow.order_id) == col(CourtOrderCaseRow.order_id))
        .where(
            col(CourtOrderCaseRow.involvement_id).in_(bindparam("cases", expanding=True)),
            col(CourtOrderStepRow.act) == OrderAct.MADE.value,
        )
        .order_by(col(CourtOrderCaseRow.order_id), col(CourtOrderStepRow.number))
    )


@cache
def _things_of() -> Select[int, str, datetime, str | None, str | None, str | None]:
    return (
        select(
            col(PersonThingRow.person_record_id),
            col(PersonThingRow.told_by),
            col(PersonThingRow.at),
            col(ThingRow.kind),
            col(ThingRow.value),
            col(PlaceRow.text),
        )
        .outerjoin(ThingRow, col(ThingRow.id) == col(PersonThingRow.thing_id))
        .outerjoin(PlaceRow, col(PlaceRow.id) == col(PersonThingRow.place_id))
        .where(col(PersonThingRow.person_record_id).in_(bindparam("people", expanding=True)))
        .order_by(col(PersonThingRow.id))
    )


def _incidents_told(
    rows: Sequence[_IncidentRead], open_to_all: frozenset[int]
) -> dict[int, list[IncidentSource]]:
    found: dict[int, dict[int, dict[tuple[int, str | None], IncidentSource]]] = {}
    for case, incident, happened, owner, crime, kept_by, grade in rows:
        number = 0 if kept_by is None or kept_by in open_to_all else int(kept_by)
        incident_source = IncidentSource(
            int(incident or 0), happened, str(owner), None if number else crime, number, grade
        )
        reports = found.setdefault(int(case), {}).setdefault(int(incident or 0), {})
        there = reports.setdefault((number, grade), incident_source)
        if incident_source.crime_reference and not there.crime_reference:
            reports[number, grade] = replace(there, crime_reference=incident_source.crime_reference)
    return {
        case: [
            incident_source
            for reports in incidents.values()
            for incident_source in (
                [each for each in reports.values() if each.release_class == 0] or reports.values()
            )
        ]
        for case, incidents in found.items()
    }
