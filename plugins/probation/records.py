"""The probation extract: three tables, read strictly, once for each extract. Forms no sentence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Annotated, TypeVar

from pydantic import Field

from engine.domain.dates import PartialDate
from engine.domain.people import Identifier, IdentifierScheme
from engine.hooks import AgencyRecords, once_per_extract
from engine.hooks.carried_views import RecordedView
from engine.hooks.extract_files import Recorded, Several, Short, read_table
from engine.hooks.people import PersonIndex, PersonOnRecord

SUPERVISION, BREACHES, VIEWS = "supervision.csv", "breaches.csv", "views.csv"
LOOKED_IN = ("supervision records", "breach records")


class SupervisedOn(str, Enum):
    """What a period of supervision rests on."""

    COMMUNITY_ORDER = "community order"
    SUSPENDED_SENTENCE = "suspended sentence order"
    LICENCE = "licence"
    POST_SENTENCE = "post-sentence supervision"


class SupervisionRow(Recorded):
    """One period of supervision. RoSH is kept in probation's own words and mapped to nothing."""

    supervision_id: Short
    person_id: Short
    forename: Short | None
    surname: Short
    also_known_as: Several
    date_of_birth: PartialDate | None
    crn: Short | None
    pnc: Short | None
    kind: SupervisedOn
    started: date
    ends: date | None
    conditions: Several
    rosh: Short | None
    rosh_to: Several
    rosh_recorded_on: date | None
    mappa_category: Annotated[int, Field(ge=1, le=4)] | None
    mappa_level: Annotated[int, Field(ge=1, le=3)] | None


def person_of(periods: Iterable[SupervisionRow]) -> PersonOnRecord:
    """One person by every name and number of their periods; of two dates of birth the newest counts."""
    rows = sorted(periods, key=lambda row: (row.started, row.supervision_id))
    names = [name for row in rows for name in (f"{row.forename or ''} {row.surname}", *row.also_known_as)]
    numbers = [(IdentifierScheme.CRN, row.crn) for row in rows] + [
        (IdentifierScheme.PNC, row.pnc) for row in rows
    ]
    born = [row.date_of_birth for row in rows if row.date_of_birth is not None]
    return PersonOnRecord(
        key=rows[-1].person_id,
        names=tuple(dict.fromkeys(names)),
        date_of_birth=born[-1] if born else None,
        identifiers=tuple(Identifier(scheme=s, value=v) for s, v in dict.fromkeys(numbers) if v),
    )


class BreachOutcome(str, Enum):
    """What followed a breach."""

    WARNING = "a warning"
    RETURNED_TO_COURT = "return to court"
    RECALLED = "recall to prison"
    ACCEPTED_REASON = "an accepted reason"


class BreachRow(Recorded):
    """One failure to keep to a condition."""

    breach_id: Short
    person_id: Short
    happened: PartialDate | None
    of_condition: Short | None
    outcome: BreachOutcome | None


@dataclass(frozen=True, kw_only=True)
class ProbationRecords:
    """The whole extract, by person."""

    index: PersonIndex
    supervision: dict[str, list[SupervisionRow]]
    breaches: dict[str, list[BreachRow]]
    views: dict[str, list[RecordedView]]


_T = TypeVar("_T", SupervisionRow, BreachRow, RecordedView)


@once_per_extract
def probation_records(records: AgencyRecords) -> ProbationRecords:
    """Read the three tables. Raises RecordsUnreadableError."""
    supervision = _by_person(read_table(records, SUPERVISION, SupervisionRow))
    return ProbationRecords(
        index=PersonIndex(person_of(rows) for rows in supervision.values()),
        supervision=supervision,
        breaches=_by_person(read_table(records, BREACHES, BreachRow)),
        views=_by_person(read_table(records, VIEWS, RecordedView)),
    )


def _by_person(rows: Iterable[_T]) -> dict[str, list[_T]]:
    found: dict[str, list[_T]] = defaultdict(list)
    for row in rows:
        found[row.person_id].append(row)
    return dict(found)
