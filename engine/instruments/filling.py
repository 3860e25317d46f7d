"""Check of a filled-in instrument against its items. Reports what is wrong by the item.

Never repeats a value.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from pydantic import JsonValue

from engine.domain.absence import ItemState
from engine.domain.dates import PartialDate
from engine.domain.errors import StacError
from engine.instruments.model import Gives, Instrument, Item

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_NAME = re.compile(r"[A-Za-z0-9][\w\-./]{0,59}", re.ASCII)
_MOST_FAULTS = 5
_LONGEST_TEXT = 2_000
_MOST_EVIDENCE = 20


class FillingFaultError(StacError):
    """A filled-in instrument cannot be used; the sentence names each item at fault."""

    def __init__(self, faults: Collection[str]) -> None:
        self.faults = tuple(faults)
        more = len(self.faults) - _MOST_FAULTS
        text = "; ".join(self.faults[:_MOST_FAULTS])
        super().__init__(f"{text}; and {more} more" if more > 0 else text)


@dataclass(frozen=True, kw_only=True)
class Filled:
    """Content of one input: a state for every item that has one, and the other answers that were given."""

    states: Mapping[str, ItemState]
    values: Mapping[str, JsonValue]
    evidence: Mapping[str, tuple[str, ...]]

    def in_state(self, state: ItemState) -> tuple[str, ...]:
        """Return the items in that state, in the instrument's order."""
        return tuple(item for item, found in self.states.items() if found is state)

    @property
    def not_known(self) -> tuple[str, ...]:
        """The items that are unknown or were not asked: two things, and neither is a no."""
        return tuple(
            item for item, found in self.states.items() if found in (ItemState.UNKNOWN, ItemState.NOT_ASKED)
        )


def filled(
    instrument: Instrument, given: Mapping[str, JsonValue], *, other_keys: Collection[str] = ()
) -> Filled:
    """Return the input by item; what is left out of the states was not asked.

    ``other_keys`` are keys that are not items and are read elsewhere. Raises FillingFaultError with every
    fault.
    """
    items = {item.id: item for item in instrument.items}
    faults = [_unknown(instrument, key) for key in given if key not in items and key not in other_keys]
    states: dict[str, ItemState] = {}
    values: dict[str, JsonValue] = {}
    evidence: dict[str, tuple[str, ...]] = {}
    for item in instrument.items:
        answer = given.get(item.id)
        try:
            if item.gives is Gives.STATE:
                states[item.id] = ItemState.NOT_ASKED
                if item.id in given:
                    states[item.id], evidence[item.id] = _state(instrument, item, answer)
            elif answer is not None:
                values[item.id] = _value(item, answer)
            elif item.required:
                raise ValueError("is missing")
        except ValueError as error:
            faults.append(f"'{item.id}' {error}")
    if faults:
        raise FillingFaultError(faults)
    return Filled(
        states=states, values=values, evidence={key: named for key, named in evidence.items() if named}
    )


def plain_key(key: str) -> str:
    """Return a key as a sentence may repeat it: one that could be free text is not repeated."""
    return key if _NAME.fullmatch(key) else "a name that is not repeated here"


def _unknown(instrument: Instrument, key: str) -> str:
    close = get_close_matches(key[:60], [item.id for item in instrument.items], n=1)
    meant = f" (is '{close[0]}' meant?)" if close else ""
    named = f"'{key}'" if _NAME.fullmatch(key) else plain_key(key)
    return f"{named} is not an item of {instrument.id}{meant}"


def _state(instrument: Instrument, item: Item, answer: JsonValue) -> tuple[ItemState, tuple[str, ...]]:
    evidence: tuple[str, ...] = ()
    if isinstance(answer, dict):
        if not set(answer) <= {"answer", "evidence"} or "answer" not in answer:
            raise ValueError("is an object; give 'answer' and perhaps 'evidence' in it, and nothing else")
        evidence = _evidence(answer.get("evidence", []))
        answer = answer["answer"]
    if isinstance(answer, str):
        said = _folded(answer)
        meant = {_folded(term): state for term, state in instrument.said_as.items()}
        meant |= {state: ItemState(state) for state in item.allowed}
        if said in meant:
            return meant[said], evidence
    raise ValueError(f"{_is_a(answer)}; give one of {', '.join(item.allowed)}")


def _evidence(named: JsonValue) -> tuple[str, ...]:
    if not isinstance(named, list) or len(named) > _MOST_EVIDENCE:
        raise ValueError(f"has evidence that is not a list of at most {_MOST_EVIDENCE} records")
    found = tuple(record for record in named if isinstance(record, str) and _NAME.fullmatch(record))
    if len(found) != len(named):
        raise ValueError("has evidence that is not the reference of a record")
    return found


def _value(item: Item, answer: JsonValue) -> JsonValue:
    match item.gives:
        case Gives.ANYTHING:
            return answer
        case Gives.CHOICE:
            if isinstance(answer, str) and answer in item.allowed:
                return answer
            raise ValueError(f"{_is_a(answer)}; give one of {', '.join(item.allowed)}")
        case Gives.WHOLE_NUMBER | Gives.NUMBER:
            return _number(item, answer)
        case Gives.TEXT:
            if isinstance(answer, str) and 0 < len(answer.strip()) <= _LONGEST_TEXT:
                return answer.strip()
            raise ValueError(f"{_is_a(answer)}; give a text of 1 to {_LONGEST_TEXT} characters")
        case Gives.DATE:
            return _day(answer).isoformat()
        case Gives.PARTIAL_DATE:
            if not isinstance(answer, str):
                raise ValueError(f"{_is_a(answer)}; give a date such as 2026-03-09 or 2026-03")
            try:
                return str(PartialDate(answer))
            except ValueError as error:
                raise ValueError(f"cannot be used: {error}") from None
        case _:
            raise AssertionError(item.gives)  # a state is read by _state


def _number(item: Item, answer: JsonValue) -> JsonValue:
    wanted = int if item.gives is Gives.WHOLE_NUMBER else (int, float)
    if isinstance(answer, bool) or not isinstance(answer, wanted):
        raise ValueError(f"{_is_a(answer)}; give a {item.gives.value}")
    if isinstance(answer, float) and not math.isfinite(answer):
        raise ValueError("is not a finite number")
    if item.least is not None and answer < item.least:
        raise ValueError(f"is less than {item.least:g}")
    if item.most is not None and answer > item.most:
        raise ValueError(f"is more than {item.most:g}")
    return answer


def _day(answer: JsonValue) -> date:
    if isinstance(answer, str) and _DAY.fullmatch(answer):
        try:
            return date.fromisoformat(answer)
        except ValueError:
            raise ValueError("is a date that does not exist") from None
    raise ValueError(f"{_is_a(answer)}; give a date such as 2026-03-09")


def _is_a(answer: JsonValue) -> str:
    match answer:
        case None:
            return "is null; give an answer or leave it out"
        case bool():
            return "is true or false"
        case int() | float():
            return "is a number"
        case list():
            return "is a list"
        case dict():
            return "is an object"
        case str():
            return "is a text that is not allowed here"


def _folded(text: str) -> str:
    return re.sub(r"[\s_\-]+", " ", text).strip().casefold()
