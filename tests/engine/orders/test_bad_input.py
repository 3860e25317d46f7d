"""What cannot be right about an order: one clear sentence each, with its section."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from engine.domain.errors import InvalidInputError
from engine.domain.orders.orders import OrderGiven, StepGiven
from engine.orders.bad_input import require_real_days, require_service_after_making, require_sound

CONTACT = {"code": "no-contact", "means": ["phone"]}


def sound(**facts: object) -> None:
    require_sound(OrderGiven.model_validate({"type": "spo", "made": "2026-03-02", **facts}))


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"ends": "2026-03-01"}, "ends before it starts"),
        ({"ends": "2028-02-29"}, r"s\.3\(2\).*earliest end is Wednesday 1 March 2028"),
        ({"years": 1}, r"at least 2 years.*s\.3\(2\)"),
        ({"days": 28}, r"and no 'days'.*s\.3\(2\)"),
        ({"type": "interim-spo"}, r"s\.5\(6\)"),
        ({"type": "interim-spo", "until_further_order": True}, r"s\.5\(6\)"),
        ({"type": "dapn", "made": None, "given_at": "2026-03-02T20:00", "respondent_age": 17}, r"s\.22\(6\)"),
        ({"court": "county"}, r"does not make this type.*s\.2"),
        ({"court": "moot"}, "this court is not known"),
        ({"type": "parking-ticket"}, "this type of order is not known"),
        ({"years": 2, "conditions": [CONTACT, CONTACT]}, "conditions 1 and 2: they overlap"),
        ({"until_further_order": True, "years": 2}, "no years and no end; leave them out"),
        ({"years": 2, "conditions": [{**CONTACT, "until": "2026-03-01"}]}, "ends before the order starts"),
        ({"ends": "2028-03-01", "conditions": [{**CONTACT, "until": "2028-03-02"}]}, "ends after the order"),
        ({"in_effect": "2026-03-01"}, "in effect before it is made"),
    ],
)
def test_it_is_refused_in_one_sentence(facts: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InvalidInputError, match=sentence) as refused:
        sound(**facts)
    assert "\n" not in str(refused.value)


def test_an_order_without_its_date_is_refused_with_the_field_of_the_file() -> None:
    for kind in ("spo", "dapn"):
        with pytest.raises(
            ValidationError,
            match=r"'made': give the date.* or of a notice 'given_at'",
        ):
            sound(type=kind, made=None)
    sound(type="dapn", made=None, given_at="2026-03-02T20:00")
    sound(made=None, act="considered")


@pytest.mark.parametrize(
    "facts",
    [
        {"ends": "2028-03-01"},
        {"years": 2},
        {"until_further_order": True},
        {},
        {"type": "interim-spo", "days": 28},
        {"type": "non-molestation", "ends": "2026-09-01", "court": "family"},
        {"made": "2024-02-29", "years": 2},
        {"type": "dapn", "made": None, "given_at": "2026-03-02T20:00", "respondent_age": 18},
        {
            "years": 2,
            "conditions": [
                {**CONTACT, "until": "2026-06-30"},
                {**CONTACT, "starts": "2026-07-01"},
            ],
        },
        {"type": "spo-conviction", "years": 2},
    ],
)
def test_its_near_miss_is_accepted(facts: dict[str, Any]) -> None:
    sound(**facts)


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ({"made": "2027-02-29"}, r"^made: .*February 2027 has 28 days \(SPA 2019 s\.3\(2\)\)$"),
        ({"type": "interim-spo", "ends": "2026-04-31"}, r"^ends: .*April 2026 has 30 days .*s\.5\(6\)"),
        ({"type": "dapn", "given_at": "2027-02-29T10:00"}, r"^given_at: .*\(DAA 2021 s\.29\(2\)-\(3\)\)$"),
        ({"type": "police-bail", "arrested": "2026-13-01"}, r"no such month \(PACE 1984 ss\.47ZA-47ZDA\)$"),
        ({"conditions": [CONTACT, {**CONTACT, "until": "2027-02-29"}]}, r"^conditions 2, until: .*s\.3\(2\)"),
    ],
)
def test_a_day_that_does_not_exist_is_refused_with_its_section(
    written: dict[str, Any], sentence: str
) -> None:
    given = {"type": "spo", **written}
    with pytest.raises(InvalidInputError, match=sentence):
        require_real_days(given)
    with pytest.raises(ValidationError):
        OrderGiven.model_validate({"made": "2026-03-02", **given})


def test_a_leap_day_that_exists_is_accepted() -> None:
    require_real_days({"type": "spo", "made": "2028-02-29", "case_number": "2027-02-29/4", "conditions": []})


def test_service_before_making_is_refused_with_its_section() -> None:
    with pytest.raises(InvalidInputError, match=r"s\.9\(1\)"):
        require_service_after_making("spo", date(2026, 3, 2), date(2026, 3, 1))
    require_service_after_making("spo", date(2026, 3, 2), date(2026, 3, 2))


@pytest.mark.parametrize("act", ["refused", "withdrawn", "not sought", "discharged", "appealed"])
def test_an_end_needs_its_reason(act: str) -> None:
    with pytest.raises(ValidationError, match="needs the reason"):
        StepGiven.model_validate({"act": act, "on": "2026-03-02"})
