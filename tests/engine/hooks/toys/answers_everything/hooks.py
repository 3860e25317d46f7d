"""A toy agency that answers every question, and does on one case or input what its reference tells it to."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

from pydantic import JsonValue

from engine.hooks.v1 import (
    AgencyFilesRead,
    AgencyRecords,
    CaseAsked,
    FileRead,
    KindRead,
    MatchBasis,
    NilReturn,
    PeopleFound,
    PersonAsked,
    PersonHeld,
    ScoreResult,
    SubjectAccessItem,
    SubjectAccessResult,
    hookimpl,
)


def _as_told(text: str) -> None:
    if "HANG" in text:
        time.sleep(60)
    if "LOST" in text:
        hashlib.pbkdf2_hmac("sha256", b"toy", b"salt", 2_000_000_000)
    if "STOP" in text:
        os._exit(7)
    if "RAISE" in text:
        raise ValueError("Petronella Mustnotshow")


@hookimpl
def stac_assess(case: CaseAsked, records: AgencyRecords) -> NilReturn:
    """It says which case it was asked about."""
    _as_told(case.reference)
    return NilReturn(looked_in=(case.reference,), says="Nothing was found.")


@hookimpl
def stac_find_people(query: PersonAsked, records: AgencyRecords) -> PeopleFound:
    """It holds everybody under their surname, by the first number that it was shown."""
    _as_told(query.surname or "")
    schemes = ", ".join(number.scheme.value for number in query.identifiers)
    basis = MatchBasis(says=f"by {schemes or 'name alone, unconfirmed'}", confirmed=bool(schemes))
    return PeopleFound(found=(PersonHeld(record=query.surname or "none", matched_on=basis),))


@hookimpl
def stac_subject_access(person: PersonAsked, records: AgencyRecords) -> SubjectAccessResult:
    """It holds one line about everybody."""
    _as_told(person.surname or "")
    item = SubjectAccessItem(kind="toy", says="A toy was lent.", record="T-1")
    return SubjectAccessResult(items=(item,), looked_in=("toys",))


@hookimpl
def stac_import(files: tuple[Path, ...], records: AgencyRecords) -> AgencyFilesRead:
    """It keeps each file beside its records."""
    read = []
    for file in files:
        lines = file.read_text(encoding="utf-8").splitlines()
        (records.folder / file.name).write_text("\n".join(lines), encoding="utf-8")
        read.append(
            FileRead(file=file.name, kinds=(KindRead(kind="line", read=len(lines), kept=len(lines)),))
        )
    return AgencyFilesRead(files=tuple(read))


def score(inputs: dict[str, JsonValue]) -> ScoreResult:
    """It doubles a number."""
    _as_told(str(inputs.get("do", "")))
    number = inputs["number"]
    assert isinstance(number, int)
    return ScoreResult(result={"twice": 2 * number}, reasons=("The number was doubled.",))


def gives_a_dict(inputs: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """It forgets what it is to return."""
    return inputs
