"""Files that a person gives a command: a document in JSON or TOML, or a choice out of a few.

What is wrong with it is reported by its place; its content is never repeated.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeVar

import typer

from engine.domain.errors import InvalidInputError
from engine.domain.file_faults import cannot_be_read

if TYPE_CHECKING:
    from pydantic import TypeAdapter

    from engine.domain.dates import PartialDate

STANDARD_INPUT = "-"
_MOST_BYTES = 5_000_000
_MOST_FAULTS = 5
_BARE_DATE = re.compile(
    r"(?<=[=\[, ])(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2})?)?(?=\s*(?:[,\]}#\n]|$))"
)
_Choice = TypeVar("_Choice", bound=Enum)
_Model = TypeVar("_Model")


def document_of(file: str) -> object:
    """Return what a JSON or TOML file holds; ``-`` is standard input."""
    text = _text_of(file)
    if text.lstrip()[:1] == "{":
        try:
            return json.loads(text)
        except json.JSONDecodeError as error:
            raise InvalidInputError(
                "file", f"not JSON: line {error.lineno}, column {error.colno}: {error.msg}"
            ) from None
        except RecursionError:
            raise InvalidInputError("file", "nested too deeply") from None
    try:
        return _toml(text)
    except tomllib.TOMLDecodeError as error:
        if _is_json_list(text):
            raise InvalidInputError("file", "a JSON list; give one object, in braces") from None
        place = re.search(r"\(at (line \d+, column \d+|end of document)\)", str(error))
        raise InvalidInputError(
            "file", f"neither JSON nor TOML{f': look at {place[1]}' if place else ''}"
        ) from None
    except RecursionError:
        raise InvalidInputError("file", "nested too deeply") from None


def _is_json_list(text: str) -> bool:
    try:
        return isinstance(json.loads(text), list)
    except (ValueError, RecursionError):
        return False


def _toml(text: str) -> object:
    """Return what a TOML text holds; a date that does not exist stays a text: its field is named later."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return tomllib.loads(_BARE_DATE.sub(_quoted_unless_real, text))


def _quoted_unless_real(found: re.Match[str]) -> str:
    try:
        date.fromisoformat(found[1])
    except ValueError:
        return f'"{found[0]}"'
    return found[0]


def _text_of(file: str) -> str:
    try:
        if file == STANDARD_INPUT:
            raw = sys.stdin.buffer.read(_MOST_BYTES + 1)
        else:
            with Path(file).open("rb") as opened:
                raw = opened.read(_MOST_BYTES + 1)
    except OSError as error:
        raise InvalidInputError("file", cannot_be_read(error)) from None
    if len(raw) > _MOST_BYTES:
        raise InvalidInputError("file", f"larger than {_MOST_BYTES // 1_000_000} MB")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidInputError("file", "not UTF-8 text; save it as UTF-8") from None
    if not text.strip():
        raise InvalidInputError("file", "it is empty; --template writes one to begin with")
    return text


def checked(kind: type[_Model] | TypeAdapter[_Model], given: object) -> _Model:
    """Return the document as a domain object of this kind, or what is wrong with it, place by place."""
    from pydantic import TypeAdapter, ValidationError  # --help need not load it

    adapter = kind if isinstance(kind, TypeAdapter) else TypeAdapter(kind)
    try:
        # as JSON, so that a date may be text there and a date in TOML alike
        return adapter.validate_json(json.dumps(given, default=str))
    except ValidationError as error:
        faults = [_as_clause(fault["loc"], fault["type"], fault["msg"]) for fault in error.errors()]
        more = f"; and {len(faults) - _MOST_FAULTS} more" if len(faults) > _MOST_FAULTS else ""
        raise InvalidInputError("file", "; ".join(faults[:_MOST_FAULTS]) + more) from None


def _as_clause(where: tuple[int | str, ...], kind: str, sentence: str) -> str:
    place = ".".join(str(step + 1) if isinstance(step, int) else step[:40] for step in where)
    if kind == "extra_forbidden":
        return f"{place} is not a part of it; leave it out"
    if kind == "missing":
        return f"{place} is missing"
    if kind.startswith("union_tag"):
        expected = re.search(r"expected tags?: (.*)$", sentence)
        return f"kind must be one of {expected[1]}" if expected else "kind is missing"
    said = sentence.removeprefix("Value error, ")
    said = said[:1].lower() + said[1:]
    return f"{place}: {said}" if place else said


def one_of(choices: type[_Choice], given: str, option: str) -> _Choice:
    """Return the choice that a person typed; spaces may be typed as hyphens. A wrong one is wrong use."""
    typed = _folded(given)
    for choice in choices:
        if typed in {_folded(str(choice.value)), _folded(choice.name), _folded(_read_as(choice))}:
            return choice
    offered = ", ".join(f"'{_read_as(choice)}'" for choice in choices)
    raise typer.BadParameter(f"choose one of {offered}", param_hint=option)


def _read_as(choice: Enum) -> str:
    """Return a choice as a person reads it, where that is not its stored value."""
    return str(getattr(choice, "in_words", choice.value))


def one_of_or_none(choices: type[_Choice], given: str | None, option: str) -> _Choice | None:
    """Return the same, or None for an option that was left out."""
    return None if given is None else one_of(choices, given, option)


def partial_date(given: str, option: str) -> PartialDate:
    """Return a date as people write it, perhaps only to the month or year."""
    from engine.domain.dates import read_date  # loads pydantic, which --help need not

    try:
        return read_date(given)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint=option) from None


def a_day(given: str | None, option: str) -> date | None:
    """Return a whole day as typed, or None for an option that was left out."""
    try:
        return None if given is None else date.fromisoformat(given)
    except ValueError:
        raise typer.BadParameter("give a date such as 2026-03-02", param_hint=option) from None


@contextmanager
def opened_file(file: str) -> Iterator[BinaryIO]:
    """Open a file to be read piece by piece; ``-`` is standard input."""
    if file == STANDARD_INPUT:
        yield sys.stdin.buffer
        return
    try:
        opened = Path(file).open("rb")  # noqa: SIM115  closed below; errors of reading are not those of opening
    except (OSError, ValueError) as error:
        raise InvalidInputError("file", cannot_be_read(error)) from None
    with opened:
        yield opened


def _folded(text: str) -> str:
    return re.sub(r"[\s_\-]+", " ", text).strip().casefold()
