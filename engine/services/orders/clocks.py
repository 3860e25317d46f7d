"""Clocks for lines of a file, types of orders and the library of conditions. Opens no record."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import BinaryIO, NoReturn

from engine.domain.errors import InvalidInputError
from engine.domain.orders.clocks import ClockAnswer
from engine.domain.orders.conditions import ConditionChanged, ConditionLibrary
from engine.domain.orders.order_types import Court, OrderType
from engine.domain.orders.views import LawLine
from engine.orders.bad_input import require_real_days, section_of_dates
from engine.orders.clocks import answer_clock, invalid
from engine.orders.conditions import changes_between, condition_library
from engine.orders.law import law_of
from engine.orders.rules import courts, order_types

_LONGEST_LINE = 64 * 1024
_BLANK = b" \t\r\n"
_MARK = b"\xef\xbb\xbf"


def list_order_types(code: str | None = None) -> tuple[OrderType, ...]:
    """Return the types of orders, or one of them: where it applies, from when, and what a breach is.

    Raises
    ------
    InvalidInputError
        There is no such type.
    """
    found = tuple(each for each in order_types() if code is None or each.code == code)
    if not found:
        raise InvalidInputError("type", "this type of order is not known; 'stac order types' lists them")
    return found


def law_of_type(kind: OrderType) -> tuple[LawLine, ...]:
    """Return what was read of the law of a type, topic by topic."""
    return law_of(kind)


def check_days_of_order(written: object) -> None:
    """Refuse an order as it was written that names a date that does not exist.

    Raises
    ------
    InvalidInputError
        There is no such day; the sentence names the field and the section.
    """
    if isinstance(written, Mapping):
        require_real_days(written)


def section_of_order_dates(kind: str) -> str:
    """Return the section that counts from the dates of a type of order."""
    return section_of_dates(kind)


def list_courts() -> Mapping[str, Court]:
    """Return the courts and bodies that make orders, by code."""
    return courts()


def list_conditions(version: int | None = None) -> ConditionLibrary:
    """Return one version of the library of conditions, or the newest.

    Raises
    ------
    InvalidInputError
        There is no such version.
    """
    return condition_library(version)


def condition_changes(since: int, until: int | None = None) -> tuple[ConditionChanged, ...]:
    """Return how each condition of a version differs in a later one, or in the newest.

    Raises
    ------
    InvalidInputError
        There is no such version.
    """
    return changes_between(condition_library(since), condition_library(until))


def answer_lines(lines: BinaryIO) -> Iterator[ClockAnswer]:
    """Yield an answer to each line that is not blank, in order; one that cannot be read is answered too."""
    is_first = True
    while raw := lines.readline(_LONGEST_LINE + 1):
        rest = raw
        while rest and not rest.endswith(b"\n"):
            rest = lines.readline(_LONGEST_LINE)
        line = raw.removeprefix(_MARK) if is_first else raw
        is_first = False
        if line.strip(_BLANK):
            yield _answer(line)


def _answer(line: bytes) -> ClockAnswer:
    """Return the answer to a line; the line's own text is not repeated."""
    if len(line) > _LONGEST_LINE:
        return invalid(f"the line is longer than {_LONGEST_LINE // 1024} KiB")
    try:
        given = json.loads(
            line.decode("utf-8"), object_pairs_hook=_each_name_once, parse_constant=_refuse_constant
        )
        json.dumps(given, ensure_ascii=False).encode()  # half of a character pair could not be printed
    except _TwiceError:
        return invalid("the line names one fact twice")
    except json.JSONDecodeError as error:
        return invalid(f"the line is not JSON: {error.msg} at column {error.colno}")
    except UnicodeError:
        return invalid("the line is not UTF-8 text")
    except (ValueError, RecursionError):
        return invalid("the line has a number that is not valid, or is nested too deeply")
    if not isinstance(given, dict):
        return invalid('the line is not an object such as {"rule": "spa-9-1", "served": "2026-03-09"}')
    return answer_clock(given)


class _TwiceError(ValueError):
    """A name that occurs twice: which of the two was meant is unknown."""


def _each_name_once(pairs: list[tuple[str, object]]) -> Mapping[str, object]:
    read = dict(pairs)
    if len(read) != len(pairs):
        raise _TwiceError
    return read


def _refuse_constant(_: str) -> NoReturn:
    raise ValueError
