"""The police extract: four tables, read strictly, once for each extract. Forms no sentence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import TypeVar

from engine.domain.dates import PartialDate
from engine.domain.incidents import IncidentKind
from engine.domain.people import Identifier, IdentifierScheme
from engine.hooks import AgencyRecords, once_per_extract
from engine.hooks.carried_views import RecordedView
from engine.hooks.extract_files import Recorded, Several, Short, read_table
from engine.hooks.people import PersonIndex, PersonOnRecord

PERSONS, INCIDENTS, ORDERS, VIEWS = "persons.csv", "incidents.csv", "orders.csv", "views.csv"
LOOKED_IN = ("incident reports", "orders", "warning markers")


class PersonRow(Recorded):
    """A nominal record. ``markers`` are warning markers; None for what is not recorded."""

    person_id: Short
    forename: Short | None
    surname: Short
    also_known_as: Several
    date_of_birth: PartialDate | None
    pnc: Short | None
    cro: Short | None
    markers: Several
    markers_reviewed: PartialDate | None

    def as_person(self) -> PersonOnRecord:
        """The person by every name and number held."""
        numbers = {IdentifierScheme.PNC: self.pnc, IdentifierScheme.CRO: self.cro}
        return PersonOnRecord(
            key=self.person_id,
            names=(f"{self.forename or ''} {self.surname}", *self.also_known_as),
            date_of_birth=self.date_of_birth,
            identifiers=tuple(Identifier(scheme=s, value=v) for s, v in numbers.items() if v),
        )


class IncidentRow(Recorded):
    """A report to the police. ``victim_id`` tells victims apart and names nobody."""

    incident_id: Short
    person_id: Short
    victim_id: Short | None
    happened: PartialDate | None
    kind: IncidentKind
    crime_reference: Short | None


class OrderKind(str, Enum):
    """What restrains a person, as these records know it."""

    SPO = "Stalking Protection Order"
    INTERIM_SPO = "interim Stalking Protection Order"
    RESTRAINING = "restraining order"
    BAIL = "bail with conditions"


class OrderRow(Recorded):
    """An order or bail. ``ends`` is None when it runs until further order or its end is not recorded."""

    order_id: Short
    person_id: Short
    kind: OrderKind
    made: date
    ends: date | None
    until_further_order: bool
    conditions: Several


@dataclass(frozen=True, kw_only=True)
class PoliceRecords:
    """The whole extract, by person."""

    index: PersonIndex
    persons: dict[str, PersonRow]
    incidents: dict[str, list[IncidentRow]]
    orders: dict[str, list[OrderRow]]
    views: dict[str, list[RecordedView]]


_T = TypeVar("_T", IncidentRow, OrderRow, RecordedView)


@once_per_extract
def police_records(records: AgencyRecords) -> PoliceRecords:
    """Read the four tables. Raises RecordsUnreadableError."""
    persons = read_table(records, PERSONS, PersonRow)
    return PoliceRecords(
        index=PersonIndex(person.as_person() for person in persons),
        persons={person.person_id: person for person in persons},
        incidents=_by_person(read_table(records, INCIDENTS, IncidentRow)),
        orders=_by_person(read_table(records, ORDERS, OrderRow)),
        views=_by_person(read_table(records, VIEWS, RecordedView)),
    )


def _by_person(rows: Iterable[_T]) -> dict[str, list[_T]]:
    found: dict[str, list[_T]] = defaultdict(list)
    for row in rows:
        found[row.person_id].append(row)
    return dict(found)
