"""The truth table of likely breaches: act, channel, person and what is missing. Times are apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from engine.domain.orders.breaches import BreachResult
from engine.domain.orders.orders import Relation
from engine.orders.breach_checks import Check, Match
from engine.orders.breaches import SEALED_SENTENCE
from tests.engine.orders.compared import CASE, NO_CONTACT, ORDER, an_incident, an_order, compared, only

LIKELY, NOT, UNCLEAR = BreachResult.LIKELY, BreachResult.NOT, BreachResult.UNCLEAR
TWO_PERSONS = ({"is_victim": True, "case": CASE}, {"is_victim": False, "case": CASE, "sealed": "V-7K3M9Q9"})


def contact(**changes: object) -> Mapping[str, object]:
    return {"code": "no-contact", "means": ["any means"], **changes}


@pytest.mark.parametrize(
    ("means", "channel", "result"),
    [
        (["any means"], "phone", LIKELY),
        (["any means"], None, LIKELY),
        (["phone"], "phone", LIKELY),
        (["phone"], "post", NOT),
        (["phone"], "message", UNCLEAR),
        (["phone"], None, UNCLEAR),
        (["message"], "online", UNCLEAR),
        (["phone"], "third party", UNCLEAR),
        (["another person"], "third party", LIKELY),
        (["in person"], "in person", LIKELY),
        (["social media or online"], "phone", UNCLEAR),
        (["post"], "phone", NOT),
    ],
)
def test_the_channel_decides_where_the_condition_names_means(
    means: list[str], channel: str | None, result: BreachResult
) -> None:
    assert only(an_incident(channel=channel), an_order(contact(means=means))).result is result


@pytest.mark.parametrize(
    ("kind", "channel", "result"),
    [
        ("contacting", None, LIKELY),
        ("gift", "post", LIKELY),
        ("assault", "in person", LIKELY),
        ("threat", "message", LIKELY),
        ("threat", None, UNCLEAR),
        ("threat", "online", UNCLEAR),
        ("breach of order", "phone", LIKELY),
        ("breach of order", None, UNCLEAR),
        ("other", "phone", UNCLEAR),
        ("publishing", "online", UNCLEAR),
        ("following", "in person", NOT),
        ("watching", "phone", UNCLEAR),
        ("entry", None, NOT),
    ],
)
def test_what_was_done_decides_whether_it_was_contact(
    kind: str, channel: str | None, result: BreachResult
) -> None:
    assert only(an_incident(kind=kind, channel=channel), an_order()).result is result


@pytest.mark.parametrize(
    ("persons", "details", "result"),
    [
        ([], {}, LIKELY),
        ([1], {}, LIKELY),
        ([2], {}, UNCLEAR),
        ([2], {"reached": ["the victim of this case"]}, NOT),
        ([2], {"reached": ["another protected person"]}, LIKELY),
        ([1], {"reached": ["another protected person"]}, UNCLEAR),
        ([2], {"protected": [f"{ORDER}/2"]}, LIKELY),
        ([1], {"protected": [f"{ORDER}/2"]}, NOT),
        ([2], {"protected": ["PO-2222222/2"]}, UNCLEAR),
        ([], {"reached": ["a person whom no order protects"]}, NOT),
    ],
)
def test_the_person_reached_must_be_one_whom_the_condition_protects(
    persons: list[int], details: dict[str, Any], result: BreachResult
) -> None:
    found = only(an_incident(**details), an_order(contact(persons=persons), persons=TWO_PERSONS))
    assert found.result is result


def test_of_an_order_for_another_victim_it_cannot_be_said_whom_it_reached() -> None:
    elsewhere = ({"is_victim": True, "case": "R-2222222"},)
    found = only(an_incident(), an_order(contact(), persons=elsewhere))
    assert found.result is UNCLEAR
    assert any("whom it reached is not recorded" in each for each in found.unclear)


@pytest.mark.parametrize(
    ("actor", "result"),
    [
        ("the respondent", LIKELY),
        ("another person, for the respondent", LIKELY),
        ("not known", UNCLEAR),
        ("another person", NOT),
    ],
)
def test_the_person_who_acted(actor: str, result: BreachResult) -> None:
    assert only(an_incident(actor=actor), an_order()).result is result


def test_who_acted_is_taken_from_the_report_and_named_as_what_would_make_it_wrong() -> None:
    found = only(an_incident(), an_order())
    assert found.result is LIKELY
    assert any("Another person did it" in each for each in found.against)


@pytest.mark.parametrize(
    ("channel", "details", "result"),
    [
        ("post", {}, UNCLEAR),
        ("post", {"exception": "letters about arrangements for children"}, NOT),
        ("post", {"exception": "through a solicitor"}, LIKELY),
        ("post", {"no_exception": True}, LIKELY),
        ("phone", {}, LIKELY),
    ],
)
def test_contact_that_the_condition_allows(
    channel: str, details: dict[str, Any], result: BreachResult
) -> None:
    order = an_order(contact(exceptions=["letters about arrangements for children"]))
    assert only(an_incident(channel=channel, **details), order).result is result


def test_a_threat_is_never_contact_that_a_court_allows() -> None:
    order = an_order(contact(exceptions=["letters about arrangements for children"]))
    assert only(an_incident(kind="threat", channel="post"), order).result is LIKELY


@pytest.mark.parametrize(
    ("kind", "channel", "details", "result"),
    [
        ("assault", None, {}, LIKELY),
        ("contacting", "in person", {}, LIKELY),
        ("contacting", "phone", {}, NOT),
        ("contacting", None, {}, UNCLEAR),
        ("following", "in person", {}, UNCLEAR),
        ("following", "in person", {"metres": 30}, LIKELY),
        ("following", "in person", {"metres": 100}, LIKELY),
        ("following", "in person", {"metres": 101}, NOT),
        ("following", "in person", {"metres": 100, "metres_off": 1}, UNCLEAR),
        ("watching", "online", {"metres": 30}, NOT),
        ("publishing", None, {}, NOT),
    ],
)
def test_an_approach_needs_a_distance(
    kind: str, channel: str | None, details: dict[str, Any], result: BreachResult
) -> None:
    order = an_order({"code": "not-approach", "metres": 100})
    found = only(an_incident(kind=kind, channel=channel, **details), order)
    assert found.result is result
    written = found.model_dump_json()
    assert "100" not in written
    assert "30" not in written


@pytest.mark.parametrize(
    ("condition", "kind", "channel", "details", "result", "asks"),
    [
        (
            {"code": "no-possession", "things": ["a weapon"]},
            "other",
            None,
            {"things": ["a weapon"]},
            LIKELY,
            True,
        ),
        ({"code": "no-possession", "things": ["a weapon"]}, "other", None, {}, UNCLEAR, False),
        (
            {"code": "no-possession", "things": ["a weapon"]},
            "other",
            None,
            {"things": ["a camera or drone"]},
            NOT,
            False,
        ),
        (
            {"code": "no-possession", "things": ["a tracking device or software"]},
            "monitoring",
            None,
            {},
            UNCLEAR,
            True,
        ),
        ({"code": "no-publishing", "means": ["any means"]}, "publishing", "online", {}, LIKELY, True),
        ({"code": "no-publishing", "means": ["any means"]}, "contacting", "online", {}, NOT, False),
        ({"code": "no-monitoring", "means": ["any means"]}, "following", "in person", {}, LIKELY, True),
        ({"code": "no-monitoring", "means": ["any means"]}, "loitering", "in person", {}, UNCLEAR, True),
        ({"code": "no-monitoring", "means": ["any means"]}, "gift", "post", {}, NOT, False),
        ({"code": "attend", "attends": "a police station"}, "contacting", "phone", {}, UNCLEAR, False),
        ({"wording": "must not discuss the hearing online"}, "contacting", "phone", {}, UNCLEAR, False),
    ],
)
def test_things_publishing_monitoring_and_what_software_does_not_check(
    condition: dict[str, Any],
    kind: str,
    channel: str | None,
    details: dict[str, Any],
    result: BreachResult,
    asks: bool,
) -> None:
    found = only(an_incident(kind=kind, channel=channel, **details), an_order(condition))
    assert (found.result, found.asks) == (result, asks)


def test_free_text_is_not_checked_and_is_not_called_no_breach() -> None:
    found = only(an_incident(), an_order({"wording": "must not discuss the hearing online"}))
    assert found.unclear == ("Not checked by software. A person must read it.",)
    assert "discuss" not in found.model_dump_json()


ZONE = {"code": "stay-out", "zone": {"description": "Marlow Crescent"}}


def test_a_sealed_area_has_one_answer_for_everybody_who_may_not_know_it() -> None:
    order = an_order(ZONE)
    near = only(an_incident(kind="loitering", channel="in person", place="V-1111111"), order)
    far = only(an_incident(kind="loitering", channel="in person", place="V-2222222"), order)
    assert near == far
    assert (near.result, near.asks, near.is_sealed) == (UNCLEAR, False, True)
    assert near.unclear == (SEALED_SENTENCE,)


@pytest.mark.parametrize(
    ("match", "result", "asks"),
    [(Match.YES, LIKELY, True), (Match.UNKNOWN, UNCLEAR, True), (Match.NO, NOT, False)],
)
def test_the_two_people_who_may_know_get_the_result(match: Match, result: BreachResult, asks: bool) -> None:
    places = {(ORDER, 1): Check(match, "The place was compared.")}
    found = only(an_incident(kind="loitering", channel="in person"), an_order(ZONE), places=places)
    assert (found.result, found.asks) == (result, asks)


def test_a_likely_breach_names_the_evidence_what_would_make_it_wrong_and_its_rule() -> None:
    found = only(an_incident("2026-05-06", time="21:40"), an_order())
    assert found.evidence == (
        "Time: 6 May 2026, 21:40, to the minute.",
        "Reported as contacting.",
        "Channel: phone. The condition includes any means.",
        "Person: the victim of this case, whom the condition protects.",
    )
    assert "It was sent before, and arrived later." in found.against
    assert found.found_by == "Rule contact-1, version 2. The same facts give the same result."
    assert found.because is None


def test_the_same_facts_give_the_same_bytes_in_any_order() -> None:
    incident = an_incident()
    one, two = an_order(), an_order(reference="PO-2222222", kind="non-molestation", ends="2026-12-01")
    first = [each.model_dump_json() for each in compared(incident, one, two)]
    assert first == [each.model_dump_json() for each in compared(incident, two, one)]


def test_two_courts_orders_are_each_compared_and_what_the_other_allows_is_named() -> None:
    strict = an_order()
    lenient = an_order(
        contact(exceptions=["letters about arrangements for children"]),
        reference="PO-2222222",
        kind="non-molestation",
        ends="2027-03-01",
    )
    of_lenient, of_strict = compared(an_incident(channel="post"), strict, lenient)
    assert (of_strict.order, of_strict.result) == (ORDER, LIKELY)
    assert (of_lenient.order, of_lenient.result) == ("PO-2222222", UNCLEAR)
    assert any("PO-2222222 allows contact" in each for each in of_strict.against)
    assert not any("allows contact" in each for each in of_lenient.against)


def test_an_order_that_was_not_made_and_one_that_was_erased_are_not_compared() -> None:
    order = an_order()
    erased = replace(order, steps=tuple(replace(step, given=None) for step in order.steps))
    assert compared(an_incident(), erased) == ()


def test_an_order_after_the_incident_is_compared_too() -> None:
    assert only(an_incident("2026-03-01"), an_order()).because == "The order did not apply when it happened."


def test_a_variation_with_the_same_condition_leaves_no_gap() -> None:
    old = an_order(successors=[(Relation.VARIES, "PO-2222222", "2026-06-01")])
    new = an_order(
        reference="PO-2222222",
        made="2026-06-01",
        served={"on": "2026-06-03", "at_time": "10:00"},
        earlier=[(Relation.VARIES, ORDER)],
    )
    by_order = {each.order: each for each in compared(an_incident("2026-06-02"), old, new)}
    assert by_order[ORDER].result is UNCLEAR
    assert by_order["PO-2222222"].result is LIKELY
    assert any(f"The order or {ORDER} before it applied" in each for each in by_order["PO-2222222"].evidence)


def test_a_variation_with_another_condition_leaves_it_open_which_applied() -> None:
    old = an_order(successors=[(Relation.VARIES, "PO-2222222", "2026-06-01")])
    new = an_order(
        contact(means=["phone"]),
        reference="PO-2222222",
        made="2026-06-01",
        served=None,
        earlier=[(Relation.VARIES, ORDER)],
    )
    found = compared(an_incident("2026-06-02"), old, new)
    assert {each.result for each in found} == {UNCLEAR}
    assert all(each.asks for each in found)


def test_an_incident_in_whose_middle_an_order_was_varied_is_held_against_both() -> None:
    old = an_order(contact(means=["phone"]), successors=[(Relation.VARIES, "PO-2222222", "2026-06-01")])
    new = an_order(
        NO_CONTACT,
        reference="PO-2222222",
        made="2026-05-20",
        in_effect="2026-06-01",
        served={"on": "2026-05-21"},
        earlier=[(Relation.VARIES, ORDER)],
    )
    long = an_incident("2026-05-31", time="23:00", until="2026-06-01T01:00")
    assert {each.order: each.result for each in compared(long, old, new)} == {
        ORDER: LIKELY,
        "PO-2222222": LIKELY,
    }
