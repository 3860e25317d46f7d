"""Patterns in time: each fires on its case, not on the one beside it, and says what dates it lacks."""

from __future__ import annotations

from datetime import date

import pytest

from engine.links.patterns.finding import PatternKey, months_after
from engine.links.patterns.subjects import found_about
from engine.links.patterns.thresholds import repeat_definition_on
from engine.links.register import Register
from tests.engine.links.given import LIMITS, a_register, found, incidents, not_judged


def two(*days: str, more: str = "", about: str = "") -> Register:
    """Incidents of P1 against V1 on these days."""
    texts = [(f"I{number}", "P1", "V1", day) for number, day in enumerate(days, start=1)]
    return a_register(incidents(*texts) + more, more=about)


def test_three_within_twelve_months_are_told() -> None:
    (one,) = found(two("2025-01-10", "2025-06-01", "2026-01-10"), "three-in-twelve-months")
    assert one.says == (
        "3 incidents of P1, named as perpetrator, against V1 were reported within 12 months, "
        "from 10 January 2025 to 10 January 2026."
    )
    assert one.persons == ("P1", "V1")


def test_the_third_a_day_later_is_not_within_them() -> None:
    assert found(two("2025-01-10", "2025-06-01", "2026-01-11"), "three-in-twelve-months") == ()


def test_a_date_to_the_year_alone_proves_no_time() -> None:
    assert found(two("2025-01-10", "2025-06-01", "2026"), "three-in-twelve-months") == ()


def test_three_with_a_date_missing_are_said_to_be_not_judged() -> None:
    register = two("2025-01-10", "2025-06-01", "")
    assert found(register, "three-in-twelve-months") == ()
    assert not_judged(register, "three-in-twelve-months") == [
        "1 of 3 incidents have no date; whether they are within twelve months could not be judged."
    ]


def test_a_long_quiet_time_and_a_return_are_told() -> None:
    (one,) = found(two("2025-01-01", "2025-01-20", "2025-07-19"), "quiet-then-return")
    assert "nothing was reported for 180 days, from 20 January 2025 to 19 July 2025" in one.says
    assert any("not reported" in doubt for doubt in one.counter_evidence)


def test_a_day_less_is_not_quiet_and_a_first_incident_alone_is_no_beginning() -> None:
    assert found(two("2025-01-01", "2025-01-20", "2025-07-18"), "quiet-then-return") == ()
    assert found(two("2025-01-01", "2026-01-20", "2026-01-21"), "quiet-then-return") == ()


def test_something_within_twelve_months_of_a_referral_is_a_repeat() -> None:
    referral = "\nP1,R1,about,,2025-01-01,\nV1,R1,about,,2025-01-01,"
    (one,) = found(two("2026-01-01", more=referral), "repeat-case")
    assert "followed the referral of 1 January 2025 within 12 months" in one.says
    assert one.path == ("P1", "R1", "V1", "I1")
    assert found(two("2026-01-02", more=referral), "repeat-case") == ()


def test_a_referral_that_names_the_two_the_other_way_round_is_not_the_last_one() -> None:
    """Somebody who was referred as perpetrator and is now named as victim is no repeat victim of it."""
    turned = "\nP1,R1,about,victim,2025-01-01,\nV1,R1,about,perpetrator,2025-01-01,"
    assert found(two("2025-06-01", more=turned), "repeat-case") == ()
    named = "\nP1,R1,about,perpetrator,2025-01-01,\nV1,R1,about,victim,2025-01-01,"
    assert len(found(two("2025-06-01", more=named), "repeat-case")) == 1


def test_the_last_referral_counts_and_not_an_earlier_one_or_an_incident() -> None:
    referral = "\nP1,R1,about,,2024-01-01,\nV1,R1,about,,2024-01-01,"
    assert found(two("2024-12-20", "2025-06-01", more=referral), "repeat-case")[0].incidents == ("I1",)


def test_without_referrals_an_incident_stands_for_one_and_the_finding_says_so() -> None:
    (one,) = found(two("2025-01-01", "2025-12-31"), "repeat-case")
    assert any(
        doubt.startswith("No referral of these 2 people is recorded") for doubt in one.counter_evidence
    )
    assert found(two("2025-01-01", "2026-01-02"), "repeat-case") == ()


def test_before_the_change_only_a_further_incident_of_a_criminal_type_was_a_repeat() -> None:
    criminal, not_criminal = "I2,incident,,,yes,", "I2,incident,,,no,"
    assert len(found(two("2017-01-01", "2017-03-01", about=criminal), "repeat-case")) == 1
    assert found(two("2017-01-01", "2017-03-01", about=not_criminal), "repeat-case") == ()
    assert len(found(two("2020-01-01", "2020-03-01", about=not_criminal), "repeat-case")) == 1


def test_an_unrecorded_type_under_the_older_definition_is_said_to_be_not_judged() -> None:
    register = two("2017-01-01", "2017-03-01")
    assert found(register, "repeat-case") == ()
    assert (
        "asks for an incident of a criminal type, which is not recorded"
        in not_judged(register, "repeat-case")[0]
    )


def test_both_published_definitions_have_their_days() -> None:
    assert repeat_definition_on(date(2018, 12, 31)).criminal_only
    assert not repeat_definition_on(date(2019, 1, 1)).criminal_only


ORDER = "\nP1,O1,subject to,,2025-02-01,\nO1,V1,protects,,,"


def test_a_new_way_of_contact_after_an_order_is_a_switch() -> None:
    ways = "I1,incident,,message,,\nI2,incident,,visit,,"
    (one,) = found(two("2025-01-01", "2025-03-01", more=ORDER, about=ways), "order-then-switch")
    assert one.says == (
        "After O1 of 1 February 2025 P1 was named as perpetrator in 1 incident by visit, not used before."
    )
    assert one.path == ("O1", "P1", "I2", "V1")


def test_the_same_way_after_an_order_is_no_switch() -> None:
    ways = "I1,incident,,message,,\nI2,incident,,Message,,"
    assert found(two("2025-01-01", "2025-03-01", more=ORDER, about=ways), "order-then-switch") == ()


def test_each_of_two_orders_has_its_finding_when_one_person_is_asked_about() -> None:
    text = incidents(("I1", "P1", "V1", "2025-01-01"), ("I2", "P1", "V2", "2025-03-01"))
    text += "\n" + incidents(("I3", "P1", "V3", "2025-06-01"))
    register = a_register(f"{text}{ORDER}\nP1,O2,subject to,,2025-05-01,\nO2,V1,protects,,,")
    person = register.find("P1")
    assert person is not None
    about = found_about(register, PatternKey.ORDER_THEN_SWITCH, [person], LIMITS)
    assert about == found(register, "order-then-switch")
    assert len(about) == 2
    first = about[0].compared
    assert first is not None
    assert (first.one_side, first.other_side) == (("V1",), ("V2", "V3"))


def test_a_new_victim_after_an_order_is_a_switch() -> None:
    text = incidents(("I1", "P1", "V1", "2025-01-01"), ("I2", "P1", "V2", "2025-03-01"))
    (one,) = found(a_register(text + ORDER), "order-then-switch")
    assert "against V2, not named before" in one.says


def test_an_order_binds_nobody_whom_it_protects() -> None:
    text = incidents(("I1", "V1", "P1", "2025-01-01"), ("I2", "V1", "P2", "2025-03-01"))
    assert found(a_register(text + ORDER), "order-then-switch") == ()


def test_a_register_without_dates_says_so_under_each_dated_pattern() -> None:
    register = two("", "", "")
    for key in ("repeat-case", "quiet-then-return", "three-in-twelve-months", "order-then-switch"):
        assert not_judged(register, key) == [
            "Nothing in the register has a date, so this could not be judged."
        ]


@pytest.mark.parametrize(
    ("day", "after"),
    [("2024-02-29", "2025-02-28"), ("2023-02-28", "2024-02-28"), ("2025-12-31", "2026-12-31")],
)
def test_twelve_months_end_on_the_corresponding_day(day: str, after: str) -> None:
    assert months_after(date.fromisoformat(day), 12) == date.fromisoformat(after)
