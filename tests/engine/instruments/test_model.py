"""An instrument that contradicts itself, or that could hide an absence, cannot be made."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError

from tests.engine.instruments.given import an_instrument

COUNT = {
    "rule": "count",
    "counted": "yes",
    "against": "no",
    "out_of": 24,
    "reached_at": 14,
    "says": "Fourteen.",
    "source": "Invented.",
}
YES = {"id": "yes", "asks": "How many?", "gives": "whole number", "required": True}
NO = {"id": "no", "asks": "How many not?", "gives": "whole number"}


def a_route(items: object = (YES, NO), **threshold: object) -> dict[str, object]:
    return {"kind": "route", "items": items, "thresholds": [{**COUNT, **threshold}]}


def faults(**changes: object) -> str:
    with pytest.raises(ValidationError) as caught:
        an_instrument(**changes)
    return str(caught.value)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"items": [{"id": "bell", "asks": "A?"}, {"id": "bell", "asks": "B?"}]}, "'bell' is listed twice"),
        (
            {"items": [{"id": "bell", "asks": "A?", "answers": ["present", "absent"]}]},
            "must list unknown and not asked separately",
        ),
        ({"items": [{"id": "bell", "asks": "A?", "answers": ["loud"]}]}, "'loud' is not a state"),
        ({"items": [{"id": "bell", "asks": "A?", "required": True}]}, "a state cannot be required"),
        ({"items": [{"id": "bell", "asks": "A?", "gives": "choice"}]}, "a choice needs two answers"),
        ({"items": [{"id": "bell", "asks": "A?", "gives": "number"}]}, "must give a state, in a checklist"),
        (
            {"items": [{"id": "bell", "asks": "A?", "gives": "text", "critical": True}]},
            "only a state can be critical",
        ),
        ({"items": [{"id": "bell", "asks": "A?", "least": 1}]}, "least and most are for numbers"),
        ({"scorer": "toy.x:f"}, "a scorer and the kind 'scored by a function' go together"),
        ({"kind": "scored by a function"}, "go together"),
        ({"kind": "route"}, "thresholds and the kind 'route' go together"),
        ({"in_force_until": date(2019, 1, 1)}, "in_force_until is before in_force_from"),
        ({"never_used_for": []}, "never_used_for"),
        ({"licence": " "}, "licence"),
        (
            {"kind": "structured professional judgement", "items": [{"id": "assessor", "asks": "Who?"}]},
            "reserved for the assessor",
        ),
        (a_route(items=[YES]), "needs an item 'no' that gives a whole number"),
        (a_route(items=[{**YES, "required": False}, NO]), "'yes' must be required"),
        (a_route(items=[YES, NO, {"id": "on", "asks": "When?"}]), "item 'on' must give a date"),
        (a_route(reached_at=25), "it cannot be reached"),
        (
            a_route(in_force_from=date(2026, 2, 1), in_force_until=date(2026, 1, 1)),
            "in_force_until is before",
        ),
    ],
)
def test_a_contradiction_is_refused_in_words(changes: dict[str, object], sentence: str) -> None:
    assert sentence in faults(**changes)


def test_its_near_misses_are_taken() -> None:
    an_instrument(
        items=[{"id": "bell", "asks": "A?", "answers": ["present", "absent", "unknown", "not asked"]}]
    )
    an_instrument(kind="scored by a function", scorer="toy.x:f", items=[YES])
    an_instrument(**a_route(reached_at=24, in_force_from=date(2026, 1, 1), in_force_until=date(2026, 1, 1)))


def test_it_is_in_force_from_its_first_day_to_its_last() -> None:
    form = an_instrument(in_force_until=date(2020, 1, 31))
    assert form.is_in_force(on=date(2020, 1, 1))
    assert form.is_in_force(on=date(2020, 1, 31))
    assert not form.is_in_force(on=date(2019, 12, 31))
    assert not form.is_in_force(on=date(2020, 2, 1))


def test_a_threshold_without_a_first_day_is_off_on_every_day() -> None:
    route = an_instrument(**a_route())
    assert not route.thresholds[0].is_in_force(on=date(2026, 11, 25))
