"""Checking identifiers, one a line of a file. Opens no record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from pydantic import BaseModel, ConfigDict, StrictInt, StrictStr, ValidationError

from engine.domain.base import Frozen
from engine.identity.identifiers import (
    IdentifierChecked,
    IdentifierType,
    check_identifier,
    identifier_type,
)

LINE_BYTES = 64 * 1024
"""A line longer than this is reported as a broken one; its file goes on."""
_TYPES = ", ".join(kind.value for kind in IdentifierType)


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
