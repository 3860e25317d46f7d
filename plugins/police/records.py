"""The police extract: its tables, read strictly, once for each extract. Forms no sentence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import TypeVar

from engine.hooks.v1 import (
    AgencyRecords,
    Grade,
    Identifier,
    IdentifierScheme,
    IncidentKind,
    PartialDate,
    PersonIndex,
    PersonOnRecord,
    Recorded,
    RecordedLink,
    RecordedView,
    RecordsFault,
    RecordsUnreadableError,
    Several,
    Short,
    Source,
    once_per_extract,
    read_table,
)

PERSONS, INCIDENTS, OFFENCES = "persons.csv", "incidents.csv", "offences.csv"
ORDERS, VIEWS, LINKS = "orders.csv", "views.csv", "links.csv"
OUTCOMES = "outcomes.csv"
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
    pnc_checked: date | None = None
    other_forces_checked: date | None = None

    def as_person(self) -> PersonOnRecord:
        """Return the person by every name and number held."""
        numbers = {IdentifierScheme.PNC: self.pnc, IdentifierScheme.CRO: self.cro}
        return PersonOnRecord(
            key=self.person_id,
            names=(f"{self.forename or ''} {self.surname}", *self.also_known_as),
            date_of_birth=self.date_of_birth,
            identifiers=tuple(Identifier(scheme=s, value=v) for s, v in numbers.items() if v),
        )


class IncidentRow(Recorded):
    """A report to the police. ``victim_id`` distinguishes victims and names none."""

    incident_id: Short
    person_id: Short
    victim_id: Short | None
    happened: PartialDate | None
    kind: IncidentKind
    crime_reference: Short | None
    reported_on: PartialDate | None = None
    reporter: Short | None = None
    force: Short | None = None


class OutcomeRow(Recorded):
    """An outcome of a report: a code or words of the police, and when it was decided."""

    outcome_id: Short
    incident_id: Short
    outcome: Short
    decided_on: PartialDate | None


class OffenceRow(Recorded):
    """An offence recorded on a report: the principal one, or one that is included in it.

    ``code`` is the Home Office's; ``cchi_urn`` is the harm index's row number, which a code with several
    scores needs. ``asn`` is the arrest/summons number under which it was charged, if it was.
    """

    offence_id: Short
    incident_id: Short
    principal: bool
    code: Short | None
    cchi_urn: Short | None
    asn: Short | None


class OrderKind(str, Enum):
    """Kind of restraint on a person, as these records know it."""

    SPO = "Stalking Protection Order"
    INTERIM_SPO = "interim Stalking Protection Order"
    RESTRAINING = "restraining order"
    RESTRAINING_ON_CONVICTION = "restraining order on conviction"
    RESTRAINING_ON_ACQUITTAL = "restraining order on acquittal"
    NON_MOLESTATION = "non-molestation order"
    DAPO = "domestic abuse protection order"
    PRE_CHARGE_BAIL = "pre-charge bail with conditions"
    BAIL = "bail with conditions"


class OrderRow(Recorded):
    """An order or bail. ``ends`` is None if it runs until further order or its end is not recorded."""

    order_id: Short
    person_id: Short
    kind: OrderKind
    made: date
    ends: date | None
    until_further_order: bool
    conditions: Several
    court: Short | None = None
    served: date | None = None
    source: Source | None = None
    grade: Grade | None = None


TABLES: dict[str, type[Recorded]] = {
    PERSONS: PersonRow,
    INCIDENTS: IncidentRow,
    OFFENCES: OffenceRow,
    ORDERS: OrderRow,
    VIEWS: RecordedView,
    LINKS: RecordedLink,
    OUTCOMES: OutcomeRow,
}
"""The tables and the shape of a row of each; a row's first field is its key."""


@dataclass(frozen=True, kw_only=True)
class PoliceRecords:
    """The whole extract, by person; offences by the report that they are on."""

    index: PersonIndex
    persons: dict[str, PersonRow]
    incidents: dict[str, list[IncidentRow]]
    offences: dict[str, list[OffenceRow]]
    orders: dict[str, list[OrderRow]]
    views: dict[str, list[RecordedView]]
    links: dict[str, list[RecordedLink]] | None
    """None without a table of links: they are not reported then."""
    outcomes: dict[str, list[OutcomeRow]] | None
    """By report; None without a table of outcomes: they are not recorded then."""


_T = TypeVar("_T", bound=Recorded)


@once_per_extract
def police_records(records: AgencyRecords) -> PoliceRecords:
    """Read the five tables, and those of links and outcomes if any. Raises RecordsUnreadableError.

    A key that is there twice, and a row that belongs to nothing in the extract, make it unreadable too: each
    would lose something that is recorded of a person, without showing of whom.
    """
    persons = _table(records, PERSONS, PersonRow, "person_id")
    incidents = _table(records, INCIDENTS, IncidentRow, "incident_id")
    offences = _table(records, OFFENCES, OffenceRow, "offence_id")
    orders = _table(records, ORDERS, OrderRow, "order_id")
    views = _table(records, VIEWS, RecordedView, "view_id")
    for file, rows in ((INCIDENTS, incidents), (ORDERS, orders), (VIEWS, views)):
        _all_belong(file, rows, "person_id", persons)
    links = _table(records, LINKS, RecordedLink, "link_id") if (records.folder / LINKS).exists() else None
    _all_belong(LINKS, links or {}, "person_id", persons)
    there = (records.folder / OUTCOMES).exists()
    outcomes = _table(records, OUTCOMES, OutcomeRow, "outcome_id") if there else None
    _all_belong(OUTCOMES, outcomes or {}, "incident_id", incidents)
    _all_belong(OFFENCES, offences, "incident_id", incidents)
    return PoliceRecords(
        index=PersonIndex(person.as_person() for person in persons.values()),
        persons=persons,
        incidents=_by(incidents.values(), "person_id"),
        offences=_by(offences.values(), "incident_id"),
        orders=_by(orders.values(), "person_id"),
        views=_by(views.values(), "person_id"),
        links=None if links is None else _by(links.values(), "person_id"),
        outcomes=None if outcomes is None else _by(outcomes.values(), "incident_id"),
    )


def _table(records: AgencyRecords, file: str, shape: type[_T], key: str) -> dict[str, _T]:
    """Return the rows by their key, in the file's order."""
    rows = read_table(records, file, shape)
    if not (records.folder / file).read_bytes().endswith(b"\n"):
        raise RecordsUnreadableError(file, RecordsFault.HALF_LINE)
    found = {str(getattr(row, key)): row for row in rows}
    if len(found) != len(rows):
        raise RecordsUnreadableError(file, RecordsFault.TWICE, column=key)
    return found


def _all_belong(file: str, rows: Mapping[str, Recorded], column: str, to: Mapping[str, object]) -> None:
    if any(getattr(row, column) not in to for row in rows.values()):
        raise RecordsUnreadableError(file, RecordsFault.NO_SUCH_KEY, column=column)


def _by(rows: Iterable[_T], column: str) -> dict[str, list[_T]]:
    found: dict[str, list[_T]] = defaultdict(list)
    for row in rows:
        found[str(getattr(row, column))].append(row)
    return dict(found)
