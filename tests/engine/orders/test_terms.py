"""What a person types about how long an order lasts is counted, or refused in a sentence: for every type."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError

from engine.domain.errors import InvalidInputError
from engine.domain.orders.dates import DateKind
from engine.domain.orders.order_types import Duty, OrderType
from engine.domain.orders.orders import CourtTerms, OrderAct, OrderGiven
from engine.orders.bad_input import require_sound
from engine.orders.counting import last_day_of_days, last_day_of_months
from engine.orders.on_record import dates_of, end_by_rule, open_end_in_words, span_of
from engine.orders.rules import interim_types, order_types
from engine.orders.terms import FIELDS, fields_of
from tests.engine.orders.test_on_record import an_order

TYPES = {each.code: each for each in order_types()}
MADE = date(2026, 3, 2)
TERM: dict[str, object] = {
    "years": 6,
    "months": 72,
    "days": 20,
    "ends": "2032-03-01",
    "until_further_order": True,
}
OF_TYPE: dict[tuple[str, str], dict[str, object]] = {
    ("dvpo", "ends"): {"ends": "2026-03-21"},
    ("police-bail", "months"): {"months": 3, "arrested": "2026-03-02"},
}
"""Terms that a section allows, where those above are longer or begin with another date."""
ENDS = {
    ("dvpo", "ends"): date(2026, 3, 21),
    ("police-bail", "months"): last_day_of_months(date(2026, 3, 3), 3),
}
END_OF = {
    "years": last_day_of_months(MADE, 72),
    "months": last_day_of_months(MADE, 72),
    "days": last_day_of_days(MADE, 20),
    "ends": date(2032, 3, 1),
    "until_further_order": None,
}


def facts_of(kind: OrderType, **typed: object) -> dict[str, object]:
    start = {"given_at": "2026-03-02T20:00"} if kind.lasts_until_determined else {"made": "2026-03-02"}
    return {"type": kind.code, **start, **typed}


def given(kind: OrderType, **typed: object) -> OrderGiven:
    return OrderGiven.model_validate(facts_of(kind, **typed))


def refusal(kind: OrderType, **typed: object) -> str | None:
    try:
        require_sound(given(kind, **typed))
    except (InvalidInputError, ValidationError) as error:
        return str(error)
    return None


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("code", TYPES)
def test_a_term_that_is_typed_is_counted_or_refused_with_its_field(code: str, field: str) -> None:
    kind = TYPES[code]
    typed = OF_TYPE.get((code, field), {field: TERM[field]})
    sentence = refusal(kind, **typed)
    assert (sentence is None) == (field in fields_of(kind)), sentence
    if sentence is not None:
        assert f"'{field}'" in sentence
        return
    order = an_order(kind=code, **typed)
    last = ENDS.get((code, field), END_OF[field])
    assert end_by_rule(order)[0] == last
    if last is None:
        assert open_end_in_words(order) == "until further order"
        return
    span = span_of(order)
    assert span is not None
    assert "not recorded" not in span.said
    assert [each.day for each in dates_of(order, on=MADE) if each.kind is DateKind.EXPIRES] == [last]
    assert not order.applies_on(date(2040, 1, 1), by_rule=end_by_rule(order)[0])


def test_every_type_says_how_long_it_lasts() -> None:
    for kind in order_types():
        assert fields_of(kind) or kind.lasts_until_determined, kind.code


def test_what_was_only_typed_claims_nothing_and_what_a_rule_counted_does() -> None:
    typed = an_order(kind="restraining-conviction", years=3)
    assert end_by_rule(typed) == (date(2029, 3, 1), False)
    (ends,) = [each for each in dates_of(typed, on=MADE) if each.kind is DateKind.EXPIRES]
    assert (ends.is_checked, ends.counts) == (
        False,
        "As typed, not checked by software: 3 years beginning with Monday 2 March 2026",
    )
    assert end_by_rule(an_order(kind="dvpo", made="2026-03-02", days=28)) == (date(2026, 3, 29), True)


SHOWN = {
    "type",
    "court",
    "court_name",
    "force",
    "case_number",
    "made",
    "in_effect",
    "standard_of_proof",
    "respondent_is_child",
    "respondent_age",
}
"""Fields that every type has: each is shown with the order."""
READ_BY_A_RULE: dict[str, object] = {
    "given_at": "2026-03-02T20:00",
    "arrested": "2026-03-02",
    "soa_part_2_at_making": False,
    "soa_part_2": True,
    "soa_part_2_ends": "2026-06-01",
    "interim_expired_before": "2026-02-01",
}


def test_every_field_of_an_order_is_a_term_is_shown_or_is_read_by_a_rule() -> None:
    assert set(CourtTerms.model_fields) == {*FIELDS, *SHOWN, *READ_BY_A_RULE}


@pytest.mark.parametrize("field", READ_BY_A_RULE)
@pytest.mark.parametrize("code", TYPES)
def test_a_field_that_no_rule_of_the_type_reads_is_refused(code: str, field: str) -> None:
    kind = TYPES[code]
    typed = {field: READ_BY_A_RULE[field]}
    sentence = refusal(kind, **{**_enough(kind), **typed})
    if sentence is not None:
        assert f"'{field}'" in sentence
        return
    if field in ("given_at", "arrested"):
        assert field == "given_at"
        assert kind.hearing is not None
        return
    assert Duty.FIRST in kind.duties
    ends = {"soa_part_2_ends": "2026-06-01"} if field == "soa_part_2_at_making" else {}
    served = OrderAct.SERVED, "2026-03-02"
    without = an_order(served, kind=code, **{**_enough(kind), **ends})
    assert _answers(an_order(served, kind=code, **{**_enough(kind), **ends, **typed})) != _answers(without)


def _enough(kind: OrderType) -> dict[str, object]:
    return {"days": 20} if kind.term.is_required else {}


def _answers(order: object) -> list[object]:
    dates = dates_of(order, on=MADE)  # type: ignore[arg-type]
    return [(each.what, each.day, each.answer and each.answer.says) for each in dates]


@pytest.mark.parametrize("field", ["replaces_interim", "interim_to"])
def test_only_the_type_of_an_interim_order_or_its_full_order_is_related(field: str) -> None:
    for kind in order_types():
        sentence = refusal(kind, **{**_enough(kind), field: "PO-7K3M9QV"})
        takes = kind.interim is not None if field == "replaces_interim" else kind.code in interim_types()
        assert (sentence is None) == takes, kind.code


@pytest.mark.parametrize("field", FIELDS)
def test_a_term_is_not_recorded_before_the_order_is_made(field: str) -> None:
    for kind in order_types():
        facts = {**facts_of(kind), "act": OrderAct.SOUGHT, "on": "2026-03-02", field: TERM[field]}
        with pytest.raises(InvalidInputError, match=f"'{field}'"):
            require_sound(OrderGiven.model_validate({**facts, "made": None, "given_at": None}))


@pytest.mark.parametrize(
    ("code", "typed", "sentence"),
    [
        ("dvpo", {"days": 13}, r"s\.28\(10\).*14 to 28 days"),
        ("dvpo", {"days": 29}, r"s\.28\(10\).*14 to 28 days"),
        ("dvpo", {}, "it states how long it lasts"),
        ("criminal-behaviour", {"months": 23}, r"s\.334.*at least 2 years.*record the age"),
        ("criminal-behaviour", {"months": 37, "respondent_is_child": True}, r"1 to 3 years"),
        ("criminal-behaviour", {"until_further_order": True, "respondent_is_child": True}, r"1 to 3 years"),
        ("sexual-harm-prevention", {"years": 4}, r"s\.347.*at least 5 years"),
        ("ni-spo", {"ends": "2028-02-29"}, r"s\.9\(1\).*at least 2 years"),
        ("dapo", {"years": 1, "respondent_is_child": True}, r"under 18 \(DAA 2021 s\.32\(5\)\)"),
        ("dvpn", {"respondent_age": 17}, r"under 18 \(CSA 2010 s\.24\(2\)\)"),
        ("restraining-conviction", {"years": 1, "months": 6}, "one term"),
        ("restraining-conviction", {"years": 2, "ends": "2028-03-02"}, "different end dates"),
        ("restraining-conviction", {"years": 2, "until_further_order": True}, "has no end"),
        ("restraining-conviction", {"years": 2, "in_effect": "2026-04-01"}, "give 'ends'"),
        ("police-bail", {"months": 3}, "give 'arrested' with 'months'"),
        ("police-bail", {"arrested": "2026-03-02"}, "give 'arrested' with 'months'"),
        ("police-bail", {"months": 3, "arrested": "2026-03-02", "ends": "2026-06-04"}, "different end dates"),
        ("police-bail", {"months": 3, "arrested": "2022-01-10", "made": "2022-01-10"}, "give 'ends'"),
    ],
)
def test_a_term_that_cannot_be_right_is_refused(code: str, typed: dict[str, object], sentence: str) -> None:
    with pytest.raises(InvalidInputError, match=sentence):
        require_sound(given(TYPES[code], **typed))


@pytest.mark.parametrize(
    ("code", "typed", "last"),
    [
        ("dvpo", {"days": 14}, date(2026, 3, 15)),
        ("dvpo", {"days": 28}, date(2026, 3, 29)),
        ("criminal-behaviour", {"months": 24}, date(2028, 3, 1)),
        ("criminal-behaviour", {"months": 12, "respondent_is_child": True}, date(2027, 3, 1)),
        ("criminal-behaviour", {"years": 2, "in_effect": "2026-04-01"}, date(2028, 3, 31)),
        ("sexual-harm-prevention", {"years": 5}, date(2031, 3, 1)),
        ("ni-spo", {"ends": "2028-03-01"}, date(2028, 3, 1)),
        ("restraining-conviction", {"in_effect": "2026-04-01", "ends": "2028-03-31"}, date(2028, 3, 31)),
        ("police-bail", {"ends": "2026-06-04"}, date(2026, 6, 4)),
    ],
)
def test_its_near_miss_is_counted(code: str, typed: dict[str, object], last: date) -> None:
    require_sound(given(TYPES[code], **typed))
    assert end_by_rule(an_order(kind=code, **typed))[0] == last


def test_a_notice_has_no_end_of_its_own_and_a_court_hears_it_in_48_hours() -> None:
    for code, section in (("dvpn", "CSA 2010 s.27(3)-(4)"), ("dapn", "DAA 2021 s.29(2)-(3)")):
        notice = an_order(kind=code, made=None, given_at="2026-03-13T20:00")
        assert open_end_in_words(notice) == "until the application is determined or withdrawn"
        (heard,) = [each for each in dates_of(notice, on=MADE) if each.what.startswith("Court hears")]
        assert (heard.day, heard.rests_on) == (date(2026, 3, 16), section)


def test_a_recorded_term_that_would_be_refused_today_still_has_its_end() -> None:
    later = an_order(kind="restraining-conviction", years=2, in_effect="2026-04-01")
    assert end_by_rule(later) == (date(2028, 3, 31), False)
    both = an_order(kind="restraining-conviction", years=2, days=10, ends="2028-03-01")
    assert end_by_rule(both) == (date(2028, 3, 1), False)
    old = an_order(kind="police-bail", made="2022-01-10", arrested="2022-01-10", months=3)
    assert end_by_rule(old)[0] is not None


def test_a_condition_is_not_longer_than_the_term_that_was_typed() -> None:
    condition = {"code": "no-contact", "means": ["phone"], "until": "2028-03-02"}
    with pytest.raises(InvalidInputError, match="ends after the order"):
        require_sound(given(TYPES["non-molestation"], years=2, conditions=[condition]))
    require_sound(given(TYPES["non-molestation"], years=3, conditions=[condition]))


def test_the_answer_of_a_rule_that_is_off_is_never_the_end_of_an_order() -> None:
    for kind in order_types():
        if "years" in fields_of(kind):
            period = end_by_rule(an_order(kind=kind.code, made="2005-01-10", years=6))
            assert period[0] == date(2011, 1, 9), kind.code
