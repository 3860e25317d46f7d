"""The law of each type: who makes it, what follows a breach, with section, source and date of reading."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from engine.domain.orders.order_types import BreachKind, Duty, LawTopic
from engine.orders.contradictions import sections_on_conflict
from engine.orders.law import consequences, law_of
from engine.orders.rules import clock_rules, courts, interim_types, order_type, order_types
from engine.orders.terms import AS_TYPED

TYPES = {each.code: each for each in order_types()}
MADE_BY = {
    "spo": {"magistrates", "youth", "crown"},
    "interim-spo": {"magistrates", "youth", "crown"},
    "spo-conviction": {"magistrates", "youth", "crown"},
    "restraining-conviction": {"magistrates", "youth", "crown"},
    "restraining-acquittal": {"magistrates", "youth", "crown"},
    "harassment-injunction": {"county", "high"},
    "non-molestation": {"family", "high"},
    "occupation": {"family", "high"},
    "undertaking": {"family", "high"},
    "dvpn": {"force"},
    "dvpo": {"magistrates"},
    "dapn": {"force"},
    "dapo": {"magistrates", "family", "county", "high", "crown"},
    "police-bail": {"force"},
    "court-bail": {"magistrates", "youth", "crown", "high"},
    "licence": {"prison"},
    "criminal-behaviour": {"magistrates", "youth", "crown"},
    "sexual-harm-prevention": {"magistrates", "youth", "crown", "court-of-appeal"},
    "hospital-conditions": {"crown", "tribunal"},
    "scotland-non-harassment": {"sheriff", "session", "high-justiciary"},
    "ni-spo": {"magistrates-ni", "youth-ni"},
}
"""Read by a person against the acts: an order of another court is refused."""


def test_each_type_is_made_by_the_courts_that_its_act_names() -> None:
    assert {code: set(each.made_by) for code, each in TYPES.items()} == MADE_BY
    assert set().union(*MADE_BY.values()) <= set(courts())


def test_a_court_that_makes_none_any_more_stays_for_recorded_orders() -> None:
    assert courts()["crown-ni"].name == "Crown Court in Northern Ireland"


@pytest.mark.parametrize("code", TYPES)
def test_every_text_has_its_section_its_source_and_the_date_of_reading(code: str) -> None:
    for text in TYPES[code].law:
        assert " s" in text.rests_on or "S.I." in text.rests_on, text.rests_on
        assert text.source.read_on >= date(2026, 12, 1)
        assert "{" not in text.says


@pytest.mark.parametrize("code", TYPES)
def test_a_consequence_has_its_section_or_is_not_verified(code: str) -> None:
    kind = TYPES[code]
    assert kind.consequence == "not verified" or " s" in kind.consequence.partition(", ")[2]
    topics = {each.topic for each in kind.law}
    if kind.breach is None:
        assert not topics & {LawTopic.PENALTY, LawTopic.ARREST, LawTopic.NEIGHBOUR}
        assert consequences(kind) == "not verified."
        return
    assert LawTopic.ARREST in topics or kind.breach is BreachKind.RECALL or kind.area == "northern-ireland"
    if kind.breach is BreachKind.OFFENCE:
        assert LawTopic.PENALTY in topics


@pytest.mark.parametrize("code", TYPES)
def test_a_topic_that_was_not_read_is_shown_as_not_verified(code: str) -> None:
    kind = TYPES[code]
    lines = law_of(kind)
    asked = {LawTopic.PENALTY, LawTopic.ARREST, LawTopic.TERM, LawTopic.VARY, LawTopic.APPEAL}
    asked |= {LawTopic.DUTY} if kind.duties else set()
    for topic in LawTopic:
        there = [each for each in lines if each.topic == topic.value]
        if kind.texts(topic):
            assert all(each.rests_on for each in there)
        else:
            assert [each.says for each in there if each.rests_on is None] == (
                ["Not verified: the text was not read. Ask."] if topic in asked else []
            )


def test_a_duty_to_notify_has_the_offence_of_not_notifying() -> None:
    for kind in order_types():
        if Duty.FIRST in kind.duties:
            assert kind.texts(LawTopic.DUTY), kind.code


def test_the_neighbours_of_a_breach_that_is_no_offence_are_on_the_card() -> None:
    assert "Not surrendering to custody is an offence" in consequences(TYPES["court-bail"])
    assert "(Bail Act 1976 s.6)" in consequences(TYPES["court-bail"])
    assert "Staying unlawfully at large after a recall is an offence" in consequences(TYPES["licence"])
    assert consequences(TYPES["licence"]).startswith(
        "can lead to recall to prison, Criminal Justice Act 2003"
    )


@pytest.mark.parametrize(
    ("code", "may", "may_not"),
    [
        ("restraining-conviction", "the victim too", "not the victim"),
        ("restraining-acquittal", "the victim too", "not the victim"),
        ("dapo", "The protected person", "not the victim"),
        ("spo", "not the victim", "the victim too"),
        ("interim-spo", "not the victim", "the victim too"),
        ("criminal-behaviour", "not the victim", "the victim too"),
        ("ni-spo", "not the victim", "the victim too"),
    ],
)
def test_who_may_apply_to_vary_says_whether_the_victim_may(code: str, may: str, may_not: str) -> None:
    (text,) = TYPES[code].texts(LawTopic.VARY)
    assert may in text.says
    assert may_not not in text.says


def test_the_pilot_has_its_areas_with_dates_its_end_and_what_is_saved() -> None:
    for code in ("dapn", "dapo"):
        said = " ".join(line.says for line in law_of(TYPES[code]) if line.topic == LawTopic.AREA.value)
        for part in ("Greater Manchester from 27 November 2024", "North Wales from 28 April 2025"):
            assert part in said
        assert "until 31 March 2026" in said
        assert "are saved" in said


IN_2019_ACT = {"spo", "interim-spo"}
AVOID = {"dapo": "s.36(1)(c)", "criminal-behaviour": "s.331(4)(b)", "sexual-harm-prevention": "s.343(3)(c)"}
NOT_OF_A_COURT = {"dvpn", "dapn", "police-bail", "licence"}


@pytest.mark.parametrize(("code", "other"), list(product(TYPES, TYPES)))
def test_each_pair_of_types_has_the_sections_on_its_conflict(code: str, other: str) -> None:
    found = " ".join(sections_on_conflict(code, other))
    expected = []
    if code in IN_2019_ACT and other in IN_2019_ACT:
        expected.append("s.2(7)")
    if code == other == "ni-spo":
        expected.append("s.8(5)")
    if code in AVOID and other not in NOT_OF_A_COURT:
        expected.append(AVOID[code])
    assert [each for each in ("s.2(7)", "s.8(5)", *AVOID.values()) if f"{each})" in found] == expected


def test_every_rule_and_interim_type_that_a_type_names_is_there() -> None:
    rules = clock_rules()
    for kind in order_types():
        assert {kind.term.counted_by, *kind.duties.values()} <= set(rules), kind.code
        assert kind.hearing is None or rules[kind.hearing].hours == 48
    assert all(order_type(code) for code in interim_types())
    assert not rules[AS_TYPED].claims
