"""Orders, link evidence and checks that an agency reports: what fits together, and how they read."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError

from engine.domain.responses.answers import Contribution, MatchBasis, NilReturn
from engine.domain.responses.reported import LinkEvidence, RecordPointer, RecordsChecked, ReportedOrder
from engine.orders.reported import faults_of_orders, reported_order_in_words
from tests.builders import a_contribution

RECORDS = (RecordPointer(record="ORD-1", kind="order"),)


def an_order(**changes: object) -> ReportedOrder:
    given: dict[str, object] = {
        "key": "order-1",
        "type": "spo",
        "court": "magistrates",
        "made": "2026-01-12",
        "source": "police national computer",
        "records": RECORDS,
        **changes,
    }
    return ReportedOrder.model_validate(given)


def evidence(**changes: object) -> LinkEvidence:
    given: dict[str, object] = {
        "key": "phone-1",
        "thing": "phone",
        "value": "07700 900123",
        "source": "custody record",
        "records": RECORDS,
        **changes,
    }
    return LinkEvidence.model_validate(given)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"ends": "2026-01-11"}, "ends before it starts"),
        ({"made": None, "in_effect": "2026-01-12", "ends": "2026-01-11"}, "ends before it starts"),
        ({"served": "2026-01-11"}, "before it is made"),
        ({"in_effect": "2026-01-11"}, "before it is made"),
        ({"ends": "2028-01-12", "until_further_order": True}, "not both"),
        ({"conditions": [{}]}, "give 'code'"),
        ({"conditions": [{"code": "no-contact", "wording": "None."}]}, "give 'code'"),
        ({"grade": "4A"}, "pattern"),
        ({"records": []}, "at least 1"),
    ],
)
def test_an_order_that_contradicts_itself_is_refused(changes: dict[str, object], fault: str) -> None:
    with pytest.raises(ValidationError, match=fault):
        an_order(**changes)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {},
            "made 12 Jan 2026 by Magistrates' court, service not recorded, end not recorded, cond",
        ),
        ({"made": None}, "date made not recorded by"),
        ({"served": "2026-01-14", "ends": "2028-01-12"}, "served 14 Jan 2026, to end 12 Jan 2028"),
        ({"until_further_order": True, "conditions": []}, "until further order, no conditions"),
        ({"conditions": [{"wording": "To return the keys."}]}, "1 condition."),
        ({"court": None}, "made 12 Jan 2026, service"),
    ],
)
def test_what_is_not_recorded_of_an_order_is_named(changes: dict[str, object], expected: str) -> None:
    assert expected in reported_order_in_words(an_order(**changes))


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({}, None),
        ({"type": "curfew"}, "type"),
        ({"court": "moot"}, "court"),
        ({"conditions": [{"code": "never-mind"}]}, "conditions"),
        ({"made": "2026-03-03"}, "after the date"),
        ({"served": "2026-03-03"}, "after the date"),
        ({"ends": "2030-03-03"}, None),
    ],
)
def test_codes_that_are_not_listed_and_later_dates_are_faults(
    changes: dict[str, object], fault: str | None
) -> None:
    found = list(faults_of_orders([an_order(**changes)], on=date(2026, 3, 2)))

    assert [place for place, _ in found] == ([0] if fault else [])
    assert not fault or fault in found[0][1]


def test_link_evidence_needs_a_confirmed_match() -> None:
    a_contribution(link_evidence=(evidence(),))
    with pytest.raises(ValidationError, match="not confirmed"):
        a_contribution(link_evidence=(evidence(),), matched_on=MatchBasis(says="by name", confirmed=False))


def test_two_reported_items_with_one_name_are_refused() -> None:
    a_contribution(orders=(an_order(),), link_evidence=(evidence(key="order-1"),))
    with pytest.raises(ValidationError, match="a key of its own"):
        a_contribution(orders=(an_order(), an_order()))


def test_what_is_left_out_is_not_the_same_as_none() -> None:
    silent = a_contribution()
    searched = a_contribution(orders=(), link_evidence=())

    assert (silent.orders, silent.link_evidence, silent.records_checked) == (None, None, None)
    assert (searched.orders, searched.link_evidence) == ((), ())
    assert Contribution.model_validate(searched.model_dump()).orders == ()


def test_link_evidence_and_checks_read_with_their_dates() -> None:
    assert evidence().sentence == "Phone 07700 900123, dates not recorded."
    dated = evidence(first_recorded="2025-11", last_recorded="2026-02-20")
    assert (
        dated.sentence == "Phone 07700 900123, first recorded November 2025, last recorded 20 February 2026."
    )
    with pytest.raises(ValidationError, match="is before"):
        evidence(first_recorded="2026-03", last_recorded="2026-02-20")
    assert RecordsChecked.model_validate({"source": "PNC", "on": "2026-11-03"}).sentence == (
        "PNC, checked 3 November 2026"
    )
    assert RecordsChecked(source="PNC").sentence == "PNC, date of the last check not recorded"


def test_a_nil_return_says_what_was_checked() -> None:
    nil = NilReturn(looked_in=("PNC",), says="None held.", records_checked=(RecordsChecked(source="PNC"),))

    assert nil.records_checked is not None
