"""A route goes by the threshold in force on the day; what is not known never counts as a no."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.instruments.model import Instrument
from engine.instruments.reading import shipped_instruments
from engine.instruments.routes import route_told
from tests.engine.instruments.given import ON, error, result, result_of

VISIBLE, REPEAT = "route-visible-high-risk", "route-repeat"


def reached(name: str, line: dict[str, Any], *, on: date = ON) -> object:
    return result(name, line, on=on)["reached"]


@pytest.mark.parametrize(
    ("yes", "no", "found"),
    [
        (14, 10, "reached"),
        (13, 11, "not reached"),
        (13, 10, "cannot be said"),
        (0, 10, "cannot be said"),
        (0, 11, "not reached"),
        (24, 0, "reached"),
        (14, None, "reached"),
        (13, None, "cannot be said"),
    ],
)
def test_fourteen_of_the_questions_open_the_route(yes: int, no: int | None, found: str) -> None:
    assert reached(VISIBLE, {"yes": yes, "no": no}) == found


@settings(deadline=None)
@given(yes=st.integers(0, 24), data=st.data())
def test_it_is_not_reached_only_when_no_answer_could_still_open_it(yes: int, data: st.DataObject) -> None:
    no = data.draw(st.integers(0, 24 - yes))
    found = reached(VISIBLE, {"yes": yes, "no": no})
    assert (found == "reached") == (yes >= 14)
    assert (found == "not reached") == (24 - no < 14)


def test_more_answers_than_questions_are_refused() -> None:
    assert error(VISIBLE, {"yes": 14, "no": 11}) == "'yes' and 'no' are more than the 24 questions"
    assert "'yes' is missing" in error(VISIBLE, {"no": 11})
    assert "'yes' is less than 0" in error(VISIBLE, {"yes": -1})


def test_a_day_before_the_threshold_finds_the_route_off() -> None:
    assert reached(VISIBLE, {"yes": 24, "no": 0, "on": "2014-12-31"}) == "no threshold in force"
    assert reached(VISIBLE, {"yes": 24, "no": 0, "on": "2015-01-01"}) == "reached"


def locally(*thresholds: dict[str, object]) -> Instrument:
    """The visible-high-risk route with an area's own thresholds beside the one for everywhere."""
    form = shipped_instruments()[VISIBLE].model_dump(mode="json")
    form["thresholds"] = [*form["thresholds"], *({**form["thresholds"][0], **each} for each in thresholds)]
    return Instrument.model_validate(form)


def test_an_areas_own_threshold_goes_before_everybodys_while_it_is_in_force() -> None:
    route = locally(
        {"area": "Sutton", "reached_at": 10, "in_force_from": "2026-01-01", "in_force_until": "2026-06-30"},
        {"area": "Bromley", "reached_at": 10, "in_force_from": None},
    )

    def found(area: str, day: str) -> object:
        answer = route_told(route, {"yes": 10, "no": 14, "area": area, "on": day}, on=ON).result
        assert answer is not None
        return answer["reached"]

    assert found("sutton", "2026-06-30") == "reached"
    assert found("Sutton", "2026-07-01") == "not reached"
    assert found("Croydon", "2026-06-30") == "not reached"
    assert found("Bromley", "2026-06-30") == "not reached"


def test_the_newest_threshold_in_force_holds() -> None:
    route = locally({"reached_at": 12, "in_force_from": "2026-03-01"})
    before = route_told(route, {"yes": 12, "no": 12, "on": "2026-02-28"}, on=ON).result
    after = route_told(route, {"yes": 12, "no": 12, "on": "2026-03-01"}, on=ON).result
    assert before is not None
    assert after is not None
    assert (before["reached"], after["reached"]) == ("not reached", "reached")
    assert after["in_force_from"] == "2026-03-01"


def a_repeat(since: str = "2025-11-20", happened: str = "2026-05-01", **changes: str) -> dict[str, Any]:
    return {
        "last-referral": since,
        "happened": happened,
        "same-victim": "yes",
        "same-perpetrator": "yes",
        "abuse": "yes",
        **{key.replace("_", "-"): value for key, value in changes.items()},
    }


@pytest.mark.parametrize(
    ("since", "happened", "found"),
    [
        ("2025-11-20", "2025-11-20", "reached"),
        ("2025-11-20", "2026-11-19", "reached"),
        ("2025-11-20", "2026-11-20", "cannot be said"),
        ("2025-11-20", "2026-11-21", "not reached"),
        ("2024-02-29", "2025-02-28", "reached"),
        ("2024-02-29", "2025-03-01", "cannot be said"),
        ("2024-02-29", "2025-03-02", "not reached"),
        ("2025-11", "2026-11-15", "cannot be said"),
        ("2025-11", "2026-10", "reached"),
        ("2025-11", "2026-12", "not reached"),
        ("2025", "2026", "cannot be said"),
        ("2026-03", "2026-03", "cannot be said"),
    ],
)
def test_a_repeat_is_within_twelve_months_of_the_last_referral(since: str, happened: str, found: str) -> None:
    assert reached(REPEAT, a_repeat(since, happened)) == found


def test_an_event_before_the_last_referral_is_refused() -> None:
    assert error(REPEAT, a_repeat("2026-05-02")) == "'happened' is before 'last-referral'"


@pytest.mark.parametrize("needed", ["same_victim", "same_perpetrator", "abuse"])
def test_what_a_repeat_needs_must_be_known(needed: str) -> None:
    assert reached(REPEAT, a_repeat(**{needed: "no"})) == "not reached"
    for state in ("unknown", "not asked", "possible"):
        assert reached(REPEAT, a_repeat(**{needed: state})) == "cannot be said"


def test_a_repeat_need_not_be_a_crime() -> None:
    assert reached(REPEAT, a_repeat(would_be_a_crime="no")) == "reached"


def test_the_earlier_definition_is_off() -> None:
    old = [each for each in shipped_instruments()[REPEAT].thresholds if each.in_force_from is None]
    assert len(old) == 1
    assert reached(REPEAT, a_repeat(), on=date(2018, 12, 31)) == "no threshold in force"


def test_a_route_says_that_it_is_no_level_of_risk() -> None:
    lines: dict[str, dict[str, Any]] = {VISIBLE: {"yes": 0, "no": 24}, REPEAT: a_repeat()}
    for name, line in lines.items():
        assert "not a level of risk" in str(result(name, line)["always_said"])
        assert result_of(name, line).reasons
