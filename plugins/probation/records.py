"""The probation extract, read strictly, once for each extract. Forms no sentence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Annotated, TypeVar

from pydantic import Field, JsonValue, StringConstraints

from engine.hooks.v1 import (
    AgencyRecords,
    Identifier,
    IdentifierScheme,
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
    once_per_extract,
    read_json_lines,
    read_table,
)
from engine.identity.identifiers import compared_forms

SUPERVISION, BREACHES, VIEWS = "supervision.csv", "breaches.csv", "views.csv"
LINKS = "links.csv"
ASKED_FOR = "predictors.jsonl"
LOOKED_IN = ("supervision records", "breach records")


class SupervisedOn(str, Enum):
    """Basis of a period of supervision."""

    COMMUNITY_ORDER = "community order"
    SUSPENDED_SENTENCE = "suspended sentence order"
    LICENCE = "licence"
    POST_SENTENCE = "post-sentence supervision"


class SupervisionRow(Recorded):
    """One period of supervision. RoSH is stored in probation's own words and mapped to nothing."""

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
    last_checked: date | None = None
    index_offence: Short | None = None


def person_of(periods: Iterable[SupervisionRow]) -> PersonOnRecord:
    """Return one person by every name and number of their periods;
    of two dates of birth the newest counts.
    """
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
    """Result of a breach."""

    WARNING = "a warning"
    RETURNED_TO_COURT = "return to court"
    RECALLED = "recall to prison"
    ACCEPTED_REASON = "an accepted reason"


class BreachRow(Recorded):
    """One failure to comply with a condition."""

    breach_id: Short
    person_id: Short
    happened: PartialDate | None
    of_condition: Short | None
    outcome: BreachOutcome | None


class PredictorAskedFor(Recorded):
    """Probation's own asking for a published predictor about one person, with its inputs."""

    asked_id: Short
    person_id: Short
    predictor: Short
    inputs: dict[str, JsonValue]
    asked_by: Annotated[str, StringConstraints(min_length=2, max_length=110)]
    post: Annotated[str, StringConstraints(min_length=2, max_length=110)]
    asked_on: date


TABLES: dict[str, type[Recorded]] = {
    SUPERVISION: SupervisionRow,
    BREACHES: BreachRow,
    VIEWS: RecordedView,
    LINKS: RecordedLink,
}
"""The tables and the shape of a row of each; a row's first field is its key."""


@dataclass(frozen=True, kw_only=True)
class ProbationRecords:
    """The whole extract, by person; ``shared`` says whose numbers of which registers another holds too."""

    index: PersonIndex
    persons: dict[str, PersonOnRecord]
    supervision: dict[str, list[SupervisionRow]]
    breaches: dict[str, list[BreachRow]]
    views: dict[str, list[RecordedView]]
    asked_for: dict[str, list[PredictorAskedFor]]
    shared: dict[str, tuple[IdentifierScheme, ...]]
    links: dict[str, list[RecordedLink]] | None
    """None without a table of links: they are not reported then."""


_T = TypeVar("_T", SupervisionRow, BreachRow, RecordedView, PredictorAskedFor, RecordedLink)


@once_per_extract
def probation_records(records: AgencyRecords) -> ProbationRecords:
    """Read the three tables, and links and what was asked for, if any. Raises RecordsUnreadableError.

    A key that is there twice, and a row whose person is not in the extract, make it unreadable too: each
    would lose something that is recorded of a person, without showing of whom.
    """
    periods = _table(records, SUPERVISION, SupervisionRow, "supervision_id")
    supervision = _by_person(periods)
    breaches = _table(records, BREACHES, BreachRow, "breach_id")
    views = _table(records, VIEWS, RecordedView, "view_id")
    asked: tuple[PredictorAskedFor, ...] = ()
    if (records.folder / ASKED_FOR).exists():
        asked = read_json_lines(records, ASKED_FOR, PredictorAskedFor)
        _once(ASKED_FOR, asked, "asked_id")
    links = _table(records, LINKS, RecordedLink, "link_id") if (records.folder / LINKS).exists() else None
    for file, people in (
        (BREACHES, {row.person_id for row in breaches}),
        (VIEWS, {row.person_id for row in views}),
        (ASKED_FOR, {row.person_id for row in asked}),
        (LINKS, {row.person_id for row in links or ()}),
    ):
        if not people <= supervision.keys():
            raise RecordsUnreadableError(file, RecordsFault.NO_SUCH_KEY, column="person_id")
    persons = tuple(person_of(rows) for rows in supervision.values())
    return ProbationRecords(
        index=PersonIndex(persons),
        persons={person.key: person for person in persons},
        supervision=supervision,
        breaches=_by_person(breaches),
        views=_by_person(views),
        asked_for=_by_person(asked),
        shared=_shared(persons),
        links=None if links is None else _by_person(links),
    )


def _table(records: AgencyRecords, file: str, shape: type[_T], key: str) -> tuple[_T, ...]:
    rows = read_table(records, file, shape)
    if not (records.folder / file).read_bytes().endswith(b"\n"):
        raise RecordsUnreadableError(file, RecordsFault.HALF_LINE)
    _once(file, rows, key)
    return rows


def _once(file: str, rows: Sequence[Recorded], key: str) -> None:
    """Refuse two rows with one key: which of them is right is not ours to guess."""
    if len({getattr(row, key) for row in rows}) != len(rows):
        raise RecordsUnreadableError(file, RecordsFault.TWICE, column=key)


def _shared(persons: Iterable[PersonOnRecord]) -> dict[str, tuple[IdentifierScheme, ...]]:
    """Return whose numbers of which registers are another person's too:
    a register gives one to one person.
    """
    holders: dict[tuple[IdentifierScheme, str], set[str]] = defaultdict(set)
    for person in persons:
        for number in person.identifiers:
            for form in compared_forms(number.scheme, number.value):
                holders[number.scheme, form].add(person.key)
    found: dict[str, set[IdentifierScheme]] = defaultdict(set)
    for (scheme, _), keys in holders.items():
        if len(keys) > 1:
            for key in keys:
                found[key].add(scheme)
    return {key: tuple(sorted(schemes)) for key, schemes in found.items()}


def _by_person(rows: Iterable[_T]) -> dict[str, list[_T]]:
    found: dict[str, list[_T]] = defaultdict(list)
    for row in rows:
        found[row.person_id].append(row)
    return dict(found)
