"""Trying an agency's extract without a case: how it is read, and what is answered about known people.

Stores only an entry of the audit log. Gives no content of an answer: how a person was found, or why not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import assert_never

from engine.access.policy import require_hand_over
from engine.domain.accounts.acting import Acting, Role
from engine.domain.agencies.rehearsal import MOST_KNOWN, KnownAsked, Rehearsal
from engine.domain.dates import PartialDate, read_date
from engine.domain.errors import InvalidInputError, NotFoundError, NotPermittedError
from engine.domain.people.persons import Identifier, IdentifierScheme
from engine.domain.responses.answers import Contribution, Failed, NilReturn, Refused
from engine.domain.responses.requests import CaseAsked, PersonAsked
from engine.hooks.conformance.blending import says_anything
from engine.hooks.records import RecordsUnreadableError
from engine.services.context import AgencyContext
from engine.services.people.files import read_named_columns

_FORENAME, _SURNAME, _BORN = "forename", "surname", "date_of_birth"
_COLUMNS = (_FORENAME, _SURNAME, _BORN, *(scheme.value for scheme in IdentifierScheme))
_PART = "the file of known people"


def rehearse_extract(
    context: AgencyContext, *, agency: str, known: Path | None = None, note: Callable[[str], None]
) -> Rehearsal:
    """Read an agency's real extract, sealed or not, and ask about the people in the file ``known``.

    Raises
    ------
    InvalidInputError
        The agency has no extract, or the file of known people cannot be read.
    NotFoundError
        No such agency is installed.
    NotPermittedError
        The person who acts may not import this agency's files, or names people of another agency's records.
    """
    agencies = context.agencies
    if agency not in agencies.codes:
        raise NotFoundError("agency", agency, instead=f"installed are {', '.join(agencies.codes) or 'none'}")
    require_hand_over(context.acting, agency)
    if known is not None:
        _require_own_records(context.acting, agency)
    if not agencies.manifest(agency).extract:
        raise InvalidInputError("agency", f"{agency} has no extract: its manifest says 'extract = false'")
    people = _people(known, note) if known is not None else ()
    rehearsal = _rehearsed(context, agency, people)
    with context.writing("rehearse extract") as work:
        work.notes(
            agency=agency,
            known=len(people),
            lost=sum(each.is_lost for each in rehearsal.known),
            passes=rehearsal.passes,
        )
    return rehearsal


def _require_own_records(acting: Acting, agency: str) -> None:
    """Refuse others than the agency's own people and the operator: who is known to an agency is theirs."""
    if acting.role is not Role.ADMINISTRATOR and not acting.speaks_for(agency):
        who_may = f"a practitioner of {agency} or an administrator"
        raise NotPermittedError(f"name people as known to {agency}", who_may=who_may)


def _rehearsed(context: AgencyContext, agency: str, people: Sequence[tuple[int, PersonAsked]]) -> Rehearsal:
    agencies = context.agencies
    extract = agencies.extract(agency)
    because = extract.not_whole_because()
    rehearsal = Rehearsal(agency=agency, sealed=because is None, not_sealed_because=because)
    try:
        rehearsal = rehearsal.model_copy(update={"files": extract.files()})
        read = agencies.read_extract(agency)
    except RecordsUnreadableError as error:
        return rehearsal.model_copy(update={"unreadable": error.sentence})
    if isinstance(read, Failed):
        return rehearsal.model_copy(update={"unreadable": read.says})
    today, about = context.clock.today(), agencies.manifest(agency).about
    cases = [_case(person, today, about=about) for _, person in people]
    answers = agencies.assess_unsealed(agency, cases) if cases else ()
    asked = tuple(_as_asked(line, answer) for (line, _), answer in zip(people, answers, strict=True))
    return rehearsal.model_copy(update={"read": read, "known": asked})


def _case(person: PersonAsked, on: date, *, about: str) -> CaseAsked:
    of_victim = about == "victim"
    return CaseAsked(
        reference="-",
        on=on,
        perpetrator=None if of_victim else person,
        victim=person if of_victim else None,
    )


def _as_asked(line: int, answer: Contribution | NilReturn | Refused | Failed) -> KnownAsked:
    match answer:
        case Contribution():
            return KnownAsked(
                line=line,
                answer=answer.kind,
                confirmed=answer.matched_on.confirmed,
                says=answer.matched_on.says,
                gaps=() if says_anything(answer) else answer.gaps,
            )
        case NilReturn():
            return KnownAsked(line=line, answer=answer.kind, says=answer.says, gaps=answer.gaps)
        case Refused():
            return KnownAsked(line=line, answer=answer.kind, says=answer.ground.value)
        case Failed():
            return KnownAsked(line=line, answer=answer.kind, says=answer.says)
        case _:
            assert_never(answer)


def _people(file: Path, note: Callable[[str], None]) -> tuple[tuple[int, PersonAsked], ...]:
    rows = read_named_columns(file, _COLUMNS, part=_PART, note=note)
    if len(rows) > MOST_KNOWN:
        raise InvalidInputError("known", f"{len(rows):,} people are named; name at most {MOST_KNOWN}")
    return tuple((line, _person(line, cells)) for line, cells in rows)


def _person(line: int, cells: dict[str, str]) -> PersonAsked:
    numbers = [(scheme, cell) for scheme in IdentifierScheme if (cell := cells.get(scheme.value, ""))]
    if not numbers and not (cells.get(_FORENAME) and cells.get(_SURNAME)):
        columns = ", ".join(_COLUMNS)
        raise InvalidInputError(
            "known", f"row {line} needs {_FORENAME} and {_SURNAME}, or a number; the columns are {columns}"
        )
    try:
        return PersonAsked(
            forename=cells.get(_FORENAME) or None,
            surname=cells.get(_SURNAME) or None,
            date_of_birth=_birth(cells.get(_BORN, "")),
            identifiers=tuple(Identifier(scheme=scheme, value=cell) for scheme, cell in numbers),
        )
    except ValueError:  # its text would repeat the cell
        raise InvalidInputError(
            "known",
            f"row {line} has a cell that is not a name, a date such as 09/03/2024, or a number; correct it",
        ) from None


def _birth(cell: str) -> PartialDate | None:
    return read_date(cell) if cell else None
