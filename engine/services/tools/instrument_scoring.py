"""Scoring a file of inputs of an instrument. Needs no record and stores nothing.

An agency's function runs only in that agency's own process.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import BinaryIO, NoReturn, cast

from pydantic import JsonValue

from engine.domain.agencies.scoring import ScoreResult, not_scored
from engine.domain.base import Frozen
from engine.domain.responses.answers import Failed
from engine.hooks.registry import Agencies
from engine.instruments.model import Instrument
from engine.instruments.scoring import checked_input, scored
from engine.services.agencies.instruments import InstrumentKnown

_LONGEST_LINE = 256_000
_MOST_LINES_AT_ONCE = 200
_MOST_BYTES_AT_ONCE = 1_000_000


class LineScored(Frozen):
    """The result of one line of a file."""

    line: int
    result: ScoreResult


def score_lines(
    *, known: InstrumentKnown, agencies: Callable[[], Agencies], lines: BinaryIO, on: date
) -> Iterator[LineScored]:
    """Score JSON lines one after another; a line that is wrong has its own error and the rest continue.

    Blank lines are passed over and counted. However long the file is, only some lines of it are in memory.
    """
    instrument = known.instrument
    if known.agency is None:
        for number, raw in _numbered(lines):
            given = _read(raw)
            score = given if isinstance(given, ScoreResult) else scored(instrument, given, on=on)
            yield LineScored(line=number, result=score)
        return
    for batch in _in_batches(lines):
        yield from _scored_by_agency(known, agencies(), batch, on)


def _scored_by_agency(
    known: InstrumentKnown, agencies: Agencies, batch: list[tuple[int, bytes]], on: date
) -> Iterator[LineScored]:
    """Send one message to the agency's process with every line that can be put to it."""
    assert known.agency is not None
    instrument = known.instrument
    scores_by_number: dict[int, ScoreResult] = {}
    inputs: dict[int, dict[str, JsonValue]] = {}
    for number, raw in batch:
        given = _read(raw)
        checked = given if isinstance(given, ScoreResult) else _checked(instrument, given, on)
        if isinstance(checked, ScoreResult):
            scores_by_number[number] = checked
        else:
            inputs[number] = checked
    if inputs and instrument.scorer is None:
        scores_by_number |= {number: scored(instrument, given, on=on) for number, given in inputs.items()}
    elif inputs:
        assert instrument.scorer is not None
        answers = agencies.score(known.agency, instrument.scorer, [*inputs.values()])
        if isinstance(answers, Failed):
            scores_by_number |= {number: not_scored(answers.says) for number in inputs}
        else:
            scores_by_number |= dict(zip(inputs, answers, strict=True))
    for number, _ in batch:
        yield LineScored(line=number, result=scores_by_number[number])


def _checked(
    instrument: Instrument, given: dict[str, JsonValue], on: date
) -> dict[str, JsonValue] | ScoreResult:
    return given if instrument.scorer is None else checked_input(instrument, given, on=on)


def _in_batches(lines: BinaryIO) -> Iterator[list[tuple[int, bytes]]]:
    batch: list[tuple[int, bytes]] = []
    size = 0
    for number, raw in _numbered(lines):
        batch.append((number, raw))
        size += len(raw)
        if len(batch) >= _MOST_LINES_AT_ONCE or size >= _MOST_BYTES_AT_ONCE:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _numbered(lines: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Yield the lines that are not blank, by number; of one that is too long only its beginning."""
    number = 0
    while raw := lines.readline(_LONGEST_LINE + 1):
        number += 1
        rest = raw
        while rest and not rest.endswith(b"\n"):
            rest = lines.readline(_LONGEST_LINE)
        if raw.strip(b" \t\r\n\xef\xbb\xbf" if number == 1 else b" \t\r\n"):
            yield number, raw


def _read(raw: bytes) -> dict[str, JsonValue] | ScoreResult:
    """Return the object on a line, or what is wrong with the line; the line's content is not repeated."""
    if len(raw) > _LONGEST_LINE:
        return not_scored(f"the line is longer than {_LONGEST_LINE // 1000} kB")
    try:
        read = json.loads(
            raw.decode("utf-8-sig").strip(), object_pairs_hook=_each_key_once, parse_constant=_no_number
        )
        # a half of a character pair, or a number beyond all bounds, could not be passed on as it is
        json.dumps(read, ensure_ascii=False, allow_nan=False).encode()
    except _TwiceError:
        return not_scored("the line names one thing twice")
    except json.JSONDecodeError as error:
        return not_scored(f"the line is not JSON: {error.msg} at column {error.colno}")
    except UnicodeError:
        return not_scored("the line is not UTF-8 text")
    except ValueError:
        return not_scored("the line has a number that is not valid or is too large")
    except RecursionError:
        return not_scored("the line is nested too deeply")
    if not isinstance(read, dict):
        return not_scored('the line is not an object; write {"item": answer, ...}')
    return cast(dict[str, JsonValue], read)


class _TwiceError(ValueError):
    """A key that occurs twice in one object: which of the two was meant is unknown."""


def _each_key_once(pairs: list[tuple[str, object]]) -> Mapping[str, object]:
    read = dict(pairs)
    if len(read) != len(pairs):
        raise _TwiceError
    return read


def _no_number(_: str) -> NoReturn:
    raise ValueError
