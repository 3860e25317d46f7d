"""Short fields of a form as one text: the same values come back, and nothing but our own choices."""

from __future__ import annotations

import pytest

from dashboard.form_values import as_text, from_text
from engine.domain.cases.incidents import IncidentKind
from engine.domain.outcomes.follow_up import Measure


def test_what_was_chosen_and_typed_comes_back_as_it_was() -> None:
    values = {"kind": IncidentKind.FOLLOWING, "when": "March 2026", "weeks": 4, "agreed": True}
    assert from_text(as_text(values)) == values
    assert isinstance(from_text(as_text({"measure": next(iter(Measure))}))["measure"], Measure)


def test_what_is_blank_or_a_list_is_left_out_and_nothing_is_no_text() -> None:
    assert as_text({"when": "", "kind": None, "agreed": False, "people": ["pat"]}) == ""


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no json",
        "[]",
        '{"kind": {"of": "os:environ", "value": "HOME"}}',
        '{"kind": {"of": "engine.domain.errors:StacError", "value": "x"}}',
        '{"kind": {"of": "engine.domain.cases.incidents:IncidentKind", "value": "no such kind"}}',
        '{"kind": {"of": "engine.domain.cases.incidents", "value": 1}}',
    ],
)
def test_what_is_no_choice_of_ours_is_left_out(text: str) -> None:
    assert from_text(text) == {}
