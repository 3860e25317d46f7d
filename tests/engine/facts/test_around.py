"""What came after an order or an arrest, and the sentence of silence: what fires and what just does not."""

from __future__ import annotations

from datetime import date

import pytest

from engine.domain.cases.plain_facts import Basis, FactKind
from engine.facts.acts import Around
from engine.facts.around import MORE_MAY_BE as MORE
from engine.facts.around import Custody
from tests.engine.facts.builders import act, ago, of_kind, sentences


def test_acts_after_an_order_are_counted_from_the_day_after_it() -> None:
    order = Around("the order", ago(10), "O-1")
    (fact,) = of_kind(FactKind.AFTER, act(12), act(10), act(6), act(2), around=[order])
    assert (
        fact.says
        == "After the order of 21 March 2026: 2 reported acts, the earliest on 25 March 2026, 4 days later."
    )
    assert fact.records == ("I-6-contacting", "I-2-contacting", "O-1")
    assert fact.short == "2 acts after the order of 21 Mar"


@pytest.mark.parametrize(
    ("day", "happened", "begins"),
    [
        (10, 9, ["After the order of"]),
        (10, 10, ["Recorded: the order"]),
        (10, 11, ["Recorded: the order"]),
        (-3, -4, []),
    ],
)
def test_the_same_day_is_not_after_and_an_order_to_come_is_no_fact(
    day: int, happened: int, begins: list[str]
) -> None:
    found = sentences(FactKind.AFTER, act(happened), around=[Around("the order", ago(day))])
    assert [" ".join(each.split()[: len(begins[0].split())]) for each in found] == begins


def test_an_arrest_that_no_act_came_after_is_said_and_nothing_about_the_time_since() -> None:
    (fact,) = of_kind(FactKind.AFTER, act(30), around=[Around("the arrest", ago(15), "I-30-contacting")])
    assert fact.says == "Recorded: the arrest of 16 March 2026."
    assert (fact.short, fact.records) == (None, ("I-30-contacting",))


def test_acts_that_await_a_decision_of_police_are_said_with_the_oldest() -> None:
    (fact,) = of_kind(
        FactKind.AWAITED, act(9), act(3), act(1), not_decided=("I-9-contacting", "I-1-contacting")
    )
    assert (
        fact.says
        == "No police decision is recorded on 2 reported acts, the earliest of 22 March 2026 (contacting)."
    )
    assert fact.records == ("I-9-contacting", "I-1-contacting")
    assert sentences(FactKind.AWAITED, act(9)) == []


def test_of_two_arrests_the_line_on_top_has_the_newer() -> None:
    arrests = [Around("the arrest", ago(20)), Around("the arrest", ago(10))]
    older, newer = of_kind(FactKind.AFTER, act(5), around=arrests)
    assert (older.short, newer.short) == (None, "1 act after the arrest of 21 Mar")
    assert "11 March" in older.says
    assert "21 March" in newer.says


def test_a_month_that_may_begin_before_the_order_is_not_after_it() -> None:
    order = [Around("the order", date(2026, 2, 10))]
    assert sentences(FactKind.AFTER, act(None, happened="2026-02"), around=order) == [
        "Recorded: the order of 10 February 2026."
    ]
    (said,) = sentences(FactKind.AFTER, act(None, happened="2026-03"), around=order)
    assert said.startswith("After the order")


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (14, "Latest reported act: 17 March 2026 (contacting)"),
        (15, "Nothing recorded for 15 days, since 16 March 2026"),
    ],
)
def test_silence_is_said_with_what_else_is_not_known(days: int, said: str) -> None:
    (fact,) = of_kind(FactKind.LATEST, act(days))
    assert fact.says == f"{said}; victim last reached: not recorded; custody: not known. {MORE}"
    assert fact.basis is Basis.OF_RECORD
    assert fact.short


def test_what_is_recorded_is_said_beside_the_silence() -> None:
    given = {
        "reached": date(2026, 3, 15),
        "custody": Custody("taken into custody", date(2026, 3, 10), date(2026, 4, 9)),
    }
    (said,) = sentences(FactKind.LATEST, act(30), **given)
    assert said.endswith(
        "; victim last reached 15 March 2026; release planned 9 April 2026; taken into "
        "custody 10 March 2026. "
        "Others may have recorded later acts that you cannot see."
    )
    assert sentences(FactKind.LATEST, act(None)) == [
        "No act with a full date is recorded; victim last reached: not recorded; custody: not known. " + MORE
    ]


def test_acts_without_a_full_date_are_said_and_are_in_no_count() -> None:
    assert sentences(FactKind.UNDATED, act(None), act(None, happened="2026-02"), act(3)) == [
        "2 reported acts have no full date and may belong to any of these periods."
    ]
    assert sentences(FactKind.UNDATED, act(3)) == []


def test_a_change_of_recording_rules_is_said_where_the_acts_cross_it() -> None:
    before, after = act(None, happened="2020-03-31"), act(None, happened="2020-04-02")
    (said,) = sentences(FactKind.RECORDING, before, after)
    assert said.startswith(
        "Since April 2020 police record a course of conduct by a former partner as stalking"
    )
    assert sentences(FactKind.RECORDING, after, act(3)) == []
