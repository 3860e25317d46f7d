"""Checking identifiers: lines of a file, and those of a referral file on import. Opens no record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date

from pydantic import BaseModel, ConfigDict, StrictInt, StrictStr, ValidationError

from engine.domain.base import Frozen
from engine.domain.people.persons import IdentifierScheme, PersonDescribed
from engine.exchange.rows import ReferralRow, RowFault
from engine.identity.identifiers import (
    IdentifierChecked,
    IdentifierType,
    check_identifier,
    compared_forms,
    failed_checks,
    identifier_type,
    written_form,
)

LINE_BYTES = 64 * 1024
"""A line longer than this is reported as a broken one; its file goes on."""
_NOTED_MOST = 20
_TYPES = ", ".join(kind.value for kind in IdentifierType)
_NAME_OF_SCHEME = {
    IdentifierScheme.PNC: "PNC ID",
    IdentifierScheme.CRO: "CRO number",
    IdentifierScheme.CRN: "CRN",
    IdentifierScheme.PRISON: "prison number",
    IdentifierScheme.NHS: "NHS number",
}


class LineChecked(Frozen):
    """The result of one line: its identifier checked, or in one sentence why the line could not be read."""

    line: int
    checked: IdentifierChecked | None
    error: str | None


class _LineGiven(BaseModel):
    """A line as it must be; its other content is ignored. A number is read as its digits."""

    model_config = ConfigDict(extra="ignore")

    type: StrictStr
    value: StrictStr | StrictInt | None


def checked_lines(lines: Iterable[bytes], *, today: date) -> Iterator[LineChecked]:
    """Yield one answer for each line that is not blank, in order; each line may be cut at LINE_BYTES."""
    for number, line in enumerate(lines, start=1):
        if line.strip() or len(line) > LINE_BYTES:
            yield _checked(number, line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line, today)


def _checked(number: int, line: bytes, today: date) -> LineChecked:
    if len(line) > LINE_BYTES:
        return _unread(number, f"The line is longer than {LINE_BYTES // 1024} KiB.")
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        return _unread(number, "The line is not UTF-8 text.")
    try:
        given = _LineGiven.model_validate_json(text)
    except ValidationError as error:
        return _unread(number, _why_unread(error))
    kind = identifier_type(given.type)
    if kind is None:
        return _unread(number, f"The type is not known; use one of {_TYPES}.")
    value = "" if given.value is None else str(given.value)
    return LineChecked(line=number, checked=check_identifier(kind, value, today=today), error=None)


def _why_unread(error: ValidationError) -> str:
    """Return why a line could not be read, only by the place: the line's own text is not repeated."""
    faults = error.errors(include_input=False, include_url=False, include_context=False)
    if faults[0]["type"] == "json_invalid":
        return "The line is not JSON."
    if not faults[0]["loc"]:
        return 'The line is not an object with "type" and "value".'
    name = str(faults[0]["loc"][0])
    if faults[0]["type"] == "missing":
        return f'The line has no "{name}".'
    return f'The "{name}" of the line is not text.'


def _unread(number: int, sentence: str) -> LineChecked:
    return LineChecked(line=number, checked=None, error=sentence)


def by_which_number(one: PersonDescribed, other: PersonDescribed) -> str:
    """Return how to say that two records share a number: whether any of the shared ones passes its check."""
    theirs = {(n.scheme, form) for n in other.identifiers for form in compared_forms(n.scheme, n.value)}
    shared = [n for n in one.identifiers if (n.scheme, written_form(n.scheme, n.value)) in theirs]
    if shared and len(failed_checks(shared)) == len(shared):
        return "an identifier that fails its check"
    return "an exact identifier"


def noting_failed_checks(
    rows: Iterable[ReferralRow | RowFault], note: Callable[[str], None]
) -> Iterator[ReferralRow | RowFault]:
    """Yield the same rows; note a sentence for each identifier that fails its check, and leave the row in.

    The sentence names the row and the kind of number, never the number.
    """
    failed = 0
    for row in rows:
        if isinstance(row, ReferralRow):
            people = (row.referral.perpetrator, row.referral.victim)
            for number in failed_checks(each for person in people for each in person.identifiers):
                failed += 1
                if failed <= _NOTED_MOST:
                    note(
                        f"row {row.row}: the {_NAME_OF_SCHEME[number.scheme]} failed its check; it was "
                        "stored as given"
                    )
        yield row
    if failed > _NOTED_MOST:
        more = failed - _NOTED_MOST
        note(f"{more} more identifiers of this file failed their checks; they were stored as given")
