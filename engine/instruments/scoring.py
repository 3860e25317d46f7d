"""Result of one input to an instrument. Pure: an instrument and an input in, a result out.

No answer is added to another: a recognition aid and a checklist show which items are in which state, a
structured judgement carries its assessor's words, a route goes by the threshold that applies.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import assert_never

from pydantic import JsonValue

from engine.domain.absence import ItemState
from engine.domain.agencies.scoring import ScoreResult, not_scored
from engine.instruments.filling import Filled, FillingFaultError, filled
from engine.instruments.judging import carried_judgement
from engine.instruments.model import Instrument, Kind
from engine.instruments.routes import route_told


def scored(instrument: Instrument, given: Mapping[str, JsonValue], *, on: date) -> ScoreResult:
    """Return the result of an input, or one sentence about what is wrong with it.

    Not for an instrument with a function: that runs in its agency's own process.
    """
    if not instrument.is_in_force(on=on):
        return not_scored(off(instrument, on=on))
    try:
        match instrument.kind:
            case Kind.RECOGNITION:
                return _recognised(instrument, filled(instrument, given))
            case Kind.CHECKLIST:
                return _gone_through(instrument, filled(instrument, given))
            case Kind.JUDGEMENT:
                return carried_judgement(instrument, given, on=on)
            case Kind.ROUTE:
                return route_told(instrument, given, on=on)
            case Kind.SCORED:
                raise AssertionError(f"{instrument.id} is scored by its agency's function")
            case _:
                assert_never(instrument.kind)
    except FillingFaultError as error:
        return not_scored(str(error))


def checked_input(
    instrument: Instrument, given: Mapping[str, JsonValue], *, on: date
) -> dict[str, JsonValue] | ScoreResult:
    """Return the input as an instrument's function gets it, without what is null,
    or why it is not put to it.
    """
    if not instrument.is_in_force(on=on):
        return not_scored(off(instrument, on=on))
    try:
        form = filled(instrument, given)
    except FillingFaultError as error:
        return not_scored(str(error))
    return {**form.values, **{item: state.value for item, state in form.states.items()}}


def off(instrument: Instrument, *, on: date) -> str:
    """Return why an instrument is not used on a day."""
    return f"{instrument.id} version {instrument.version} does not apply on {on.isoformat()}"


def _recognised(instrument: Instrument, form: Filled) -> ScoreResult:
    return ScoreResult(
        result={
            "instrument": instrument.id,
            "version": instrument.version,
            **{_key(state): list(form.in_state(state)) for state in ItemState},
            **_evidence(form),
        },
        reasons=_each_in_words(instrument, form),
    )


def _gone_through(instrument: Instrument, form: Filled) -> ScoreResult:
    critical = {item.id for item in instrument.items if item.critical}
    return ScoreResult(
        result={
            "instrument": instrument.id,
            "version": instrument.version,
            **{_key(state): list(form.in_state(state)) for state in ItemState},
            "counts": {_key(state): len(form.in_state(state)) for state in ItemState},
            "out_of": len(form.states),
            "critical_not_known": [item for item in form.not_known if item in critical],
            "threshold": "none applies",
            **_evidence(form),
        },
        reasons=_each_in_words(instrument, form),
    )


def _each_in_words(instrument: Instrument, form: Filled) -> tuple[str, ...]:
    """Return one sentence for each item that is not simply absent: those are what a reader must see."""
    said = []
    for item in instrument.items:
        state = form.states[item.id]
        match state:
            case ItemState.ABSENT:
                continue
            case ItemState.PRESENT | ItemState.POSSIBLE:
                said.append(f"{item.id}: {state.value}. {item.asks}")
            case ItemState.UNKNOWN | ItemState.NOT_ASKED:
                said.append(f"{item.id}: {state.value}, which is not an absence. {item.asks}")
            case _:
                assert_never(state)
    return tuple(each[:600] for each in said)


def _evidence(form: Filled) -> dict[str, JsonValue]:
    return {"evidence": {item: list(named) for item, named in form.evidence.items()}} if form.evidence else {}


def _key(state: ItemState) -> str:
    return state.value.replace(" ", "_")
