"""Reports that agencies released, joined with the acts of a case: each act is counted once."""

from __future__ import annotations

from typing import Any

import pytest

from engine.domain.cases.plain_facts import FactKind
from engine.domain.responses.held_reports import HeldReport
from engine.facts.acts import Act
from engine.facts.released import Released, with_released
from tests.engine.facts.builders import TODAY, act, sentences


def a_report(key: str = "one", **given: Any) -> HeldReport:
    """A report of contact on 20 March 2026."""
    fields: dict[str, object] = {
        "key": f"report-{key}",
        "happened": "2026-03-20",
        "kind": "contacting",
        "records": [{"record": key, "kind": "report"}],
        **given,
    }
    return HeldReport.model_validate(fields)


def released(
    *reports: HeldReport, agency: str = "harbour", confirmed: bool = True, **given: object
) -> Released:
    """What one agency released today."""
    return Released(agency, agency.title(), TODAY, confirmed, reports, **given)  # type: ignore[arg-type]


def recorded(*, reference: str | None = "CR/1", happened: str = "2026-03-20", name: str = "I-1") -> Act:
    """An act of the case with a crime reference."""
    return act(None, happened=happened, name=name)._replace(
        crime_references=(reference,) if reference else ()
    )


def numbers(acts: list[Act], *given: Released) -> tuple[int, int]:
    """How many acts there are then, and how many reports are in no count."""
    joined = with_released(acts, given)
    return len(joined.acts), len(joined.unclear)


def test_a_report_joins_the_act_with_its_crime_reference_however_it_is_written() -> None:
    joined = with_released([recorded()], [released(a_report(crime_reference="cr / 1", kind="threat"))])
    (one,) = joined.acts

    assert one.kinds == ("contacting", "threat")
    assert one.owners == ("desk", "harbour")
    assert joined.unclear == ()


@pytest.mark.parametrize(
    ("report", "acts", "unclear"),
    [
        ({"crime_reference": "CR/2"}, 1, 1),  # another reference, and the same day: it may be that act
        ({"crime_reference": "CR/2", "happened": "2026-03-21"}, 2, 0),
        ({"happened": "2026-03-21"}, 2, 0),
        ({"happened": "2026-03-20"}, 1, 1),
        ({"happened": "2026-03"}, 1, 1),  # a month with that day in it
        ({"happened": "2026-02"}, 2, 0),
        ({"happened": None}, 1, 1),  # it may be of any day
        ({"happened": None, "reported_on": "2026-03-22"}, 2, 0),
        ({"crime_reference": "CR/1", "happened": None}, 1, 0),
        ({"concerns": "another person", "happened": "2026-03-21"}, 1, 0),
        ({"concerns": "the victim of this case", "happened": "2026-03-21"}, 2, 0),
    ],
)
def test_a_report_is_an_act_of_its_own_only_where_it_can_be_none_of_the_case(
    report: dict[str, Any], acts: int, unclear: int
) -> None:
    assert numbers([recorded()], released(a_report(**report))) == (acts, unclear)


def test_an_act_without_a_date_hides_no_report() -> None:
    undated = act(None, name="I-2")

    assert numbers([recorded(), undated], released(a_report(happened="2026-03-02"))) == (3, 0)


def test_two_forces_with_one_crime_reference_are_told_apart_by_their_days() -> None:
    here = a_report("here", crime_reference="CR/1")
    there = a_report("there", crime_reference="CR/1", force="Invented Constabulary", happened="2026-01-05")

    assert numbers([recorded()], released(here, there)) == (2, 0)


def test_reports_of_one_incident_to_two_agencies_are_one_act() -> None:
    one = a_report(crime_reference="CR/9", happened="2026-03-02")

    assert numbers([recorded()], released(one), released(one, agency="lantern")) == (2, 0)


def test_a_match_that_is_not_confirmed_adds_no_act() -> None:
    report = a_report(happened="2026-03-02")

    assert numbers([recorded()], released(report, confirmed=False)) == (1, 0)


def test_a_person_with_four_hundred_reports_is_counted_quickly_and_once() -> None:
    reports = [
        a_report(
            str(each), crime_reference=f"CR/{each}", happened=f"2025-{each % 12 + 1:02}-{each % 28 + 1:02}"
        )
        for each in range(400)
    ]

    assert numbers([recorded(happened="2026-03-21")], released(*reports)) == (400, 0)


def test_dated_reports_count_in_the_periods_with_the_acts_of_the_case() -> None:
    assert sentences(
        FactKind.COUNTS, recorded(), released=[released(a_report(happened="2026-03-25"), a_report("two"))]
    ) == [
        "Reported acts: 2 in the last 14 days, none in the 14 before; 2 in the last 28, none "
        "in the 28 before; 2 in the last 90, none in the 90 before."
    ]
