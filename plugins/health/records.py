"""Health's own extract as an answer needs it: its persons, and what is stored about each.

Forms no sentence.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import ValidationError

from engine.hooks.v1 import (
    AgencyRecords,
    Heading,
    Identifier,
    IdentifierScheme,
    PartialDate,
    PersonIndex,
    PersonOnRecord,
    RecordsFault,
    RecordsUnreadableError,
    once_per_extract,
)
from plugins.health.stored_records import KEPT, Kept, LostKept, PatientKept

EXTRACT = "records.jsonl"
LOOKED_IN = ("the health records exported for the centre",)
BY_NUMBER = "nhs:"
"""Prefix with which a resource names its patient by an NHS number instead of a reference."""


@dataclass(frozen=True, kw_only=True)
class HealthRecords:
    """The whole extract. A line is checked in full when its patient is asked about."""

    index: PersonIndex
    patients: dict[str, tuple[PatientKept, ...]]
    lines_by_patient: dict[str, tuple[tuple[int, str], ...]]
    unplaced: int = 0

    def about(self, patient: str) -> tuple[Kept, ...]:
        """Return everything stored about one patient. Raises RecordsUnreadableError."""
        return tuple(_checked(number, line) for number, line in self.lines_by_patient.get(patient, ()))


@once_per_extract
def health_records(records: AgencyRecords) -> HealthRecords:
    """Read the extract. Raises RecordsUnreadableError."""
    persons: list[PatientKept] = []
    others: list[tuple[int, str, str]] = []
    unplaced = 0
    for number, line in extract_lines(records):
        fields = told_by(number, line)
        if fields.get("kind") == "Patient":
            record = _checked(number, line)
            assert isinstance(record, PatientKept)
            persons.append(record)
        elif isinstance(fields.get("about"), str):
            others.append((number, str(fields["about"]), line))
        elif fields.get("kind") == "Lost":
            lost = _checked(number, line)
            unplaced += lost.count if isinstance(lost, LostKept) else 0
    main = _main_records(persons)
    together: dict[str, list[PatientKept]] = defaultdict(list)
    by_number: dict[str, set[str]] = defaultdict(set)
    for person in persons:
        if not person.void:
            together[main[person.id]].append(person)
            for number_held in person.nhs:
                by_number[BY_NUMBER + number_held].add(main[person.id])
    lines: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for place, about, line in others:
        for patient in by_number.get(about) or {main.get(about, about)}:
            lines[patient].append((place, line))
    return HealthRecords(
        index=PersonIndex(_as_person(key, each) for key, each in together.items()),
        patients={key: tuple(each) for key, each in together.items()},
        lines_by_patient={key: tuple(each) for key, each in lines.items()},
        unplaced=unplaced,
    )


def extract_lines(records: AgencyRecords) -> Iterator[tuple[int, str]]:
    """Yield each line after the heading, with its number. Raises RecordsUnreadableError, also for too few."""
    found, promised = 0, None
    try:
        with open(records.folder / EXTRACT, encoding="utf-8", newline="\n") as file:
            for number, line in enumerate(file, start=1):
                if promised is None:
                    promised = _promised(line)
                elif line.strip():
                    found += 1
                    yield number, line
    except FileNotFoundError:
        raise RecordsUnreadableError(EXTRACT, RecordsFault.MISSING) from None
    except OSError:
        raise RecordsUnreadableError(EXTRACT, RecordsFault.NOT_OPENED) from None
    except UnicodeDecodeError:
        raise RecordsUnreadableError(EXTRACT, RecordsFault.NOT_TEXT) from None
    if promised is None:
        raise RecordsUnreadableError(EXTRACT, RecordsFault.EMPTY)
    if found != promised:
        raise RecordsUnreadableError(EXTRACT, RecordsFault.INCOMPLETE)


def told_by(number: int, line: str) -> dict[str, object]:
    """Return a line as written. Raises RecordsUnreadableError."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        raise RecordsUnreadableError(EXTRACT, RecordsFault.BAD_LINE, line=number) from None
    if not isinstance(value, dict):
        raise RecordsUnreadableError(EXTRACT, RecordsFault.BAD_LINE, line=number)
    return value


def _promised(line: str) -> int:
    try:
        return Heading.model_validate_json(line).lines
    except ValidationError:
        raise RecordsUnreadableError(EXTRACT, RecordsFault.BAD_LINE, line=1) from None


def _checked(number: int, line: str) -> Kept:
    try:
        return KEPT.validate_json(line)
    except ValidationError:
        raise RecordsUnreadableError(EXTRACT, RecordsFault.BAD_LINE, line=number) from None


def _main_records(persons: list[PatientKept]) -> dict[str, str]:
    """Return, for each patient record, the one that replaced it in the end; a ring of them stays as it is."""
    replaced = {each.id: each.replaced_by for each in persons if each.replaced_by}
    there = {each.id for each in persons if not each.void}
    main = {}
    for each in persons:
        key, seen = each.id, {each.id}
        while (after := replaced.get(key)) in there and after not in seen:
            key = after
            seen.add(after)
        main[each.id] = key
    return main


def _as_person(key: str, persons: list[PatientKept]) -> PersonOnRecord:
    """Return one person by every name and number that their records hold; the main record's date of birth."""
    persons = sorted(persons, key=lambda each: each.id != key)
    born: PartialDate | None = next((each.born for each in persons if each.born is not None), None)
    numbers = dict.fromkeys(number for each in persons for number in each.nhs)
    return PersonOnRecord(
        key=key,
        names=tuple(dict.fromkeys(name for each in persons for name in each.names)),
        date_of_birth=born,
        identifiers=tuple(Identifier(scheme=IdentifierScheme.NHS, value=number) for number in numbers),
    )
