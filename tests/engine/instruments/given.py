"""Instruments and inputs that show only what matters to a test."""

from __future__ import annotations

from datetime import date

from pydantic import JsonValue

from engine.domain.agencies.scoring import ScoreResult
from engine.instruments.model import Instrument
from engine.instruments.reading import shipped_instruments
from engine.instruments.scoring import scored

ON = date(2026, 11, 25)


def a_form(**changes: object) -> dict[str, object]:
    """An instrument's file as it is read, good as it stands."""
    return {
        "id": "toy-form",
        "version": "1",
        "name": "Toy form",
        "kind": "checklist",
        "licence": "Our own words.",
        "source": "Invented.",
        "who_may_use": "Nobody: it is invented.",
        "never_used_for": ["Anything."],
        "how_a_result_is_reached": "Each item stands for itself.",
        "in_force_from": date(2020, 1, 1),
        "items": [{"id": "bell", "asks": "Did the bell ring?"}, {"id": "light", "asks": "Was there light?"}],
        **changes,
    }


def an_instrument(**changes: object) -> Instrument:
    """One that is good as it stands."""
    return Instrument.model_validate(a_form(**changes))


def result_of(name: str, given: dict[str, JsonValue], *, on: date = ON) -> ScoreResult:
    """What an input to a shipped instrument comes to."""
    return scored(shipped_instruments()[name], given, on=on)


def result(name: str, given: dict[str, JsonValue], *, on: date = ON) -> dict[str, JsonValue]:
    """The result of an input that is good."""
    answer = result_of(name, given, on=on)
    assert answer.result is not None, answer.error
    return answer.result


def error(name: str, given: dict[str, JsonValue], *, on: date = ON) -> str:
    """What is wrong with an input."""
    answer = result_of(name, given, on=on)
    assert answer.error is not None, answer.result
    return answer.error
