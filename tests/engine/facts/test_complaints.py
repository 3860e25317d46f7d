"""Complaints about the victim: acts of the case, those of a response, and findings."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from engine.domain.cases.complaints import IN_RESPONSES, ComplaintFinding, ComplaintFound, FoundBy
from engine.domain.cases.plain_facts import FactKind
from engine.domain.dates import PartialDate
from engine.domain.responses.answers import Finding
from engine.domain.responses.reported import RecordPointer
from tests.engine.facts.builders import act, of_kind, sentences
from tests.engine.facts.test_released import a_report, released

COMPLAINT = "vexatious complaint"
KIND = FactKind.COMPLAINTS


def finding(*days: str, key: str = IN_RESPONSES) -> Finding:
    records = tuple(
        RecordPointer(record=f"C-{n}", kind="report", dated=PartialDate(day)) for n, day in enumerate(days, 1)
    )
    return Finding(key=key, says="Complaints were recorded.", records=records)


def found(by: FoundBy = FoundBy.COURT) -> ComplaintFinding:
    return ComplaintFinding(
        incident="I-1",
        found=ComplaintFound.VEXATIOUS,
        found_by=by,
        found_on=date(2026, 3, 30),
        source="Order 12.",
        by="chair",
        at=datetime(2026, 3, 31, 9, tzinfo=UTC),
    )


def test_a_complaint_is_said_as_alleged_and_another_act_is_none() -> None:
    assert sentences(KIND, act(0, COMPLAINT)) == [
        "Complaints about the victim, alleged: 1 reported (31 March 2026)."
    ]
    assert sentences(KIND, act(0, "contacting")) == []


@pytest.mark.parametrize(
    ("happened", "when"),
    [("2026-03", " (March 2026)"), (None, "")],
    ids=["a month only", "no date"],
)
def test_a_complaint_without_a_full_date_counts(happened: str | None, when: str) -> None:
    one = act(None, COMPLAINT, happened=happened)
    assert sentences(KIND, one) == [f"Complaints about the victim, alleged: 1 reported{when}."]


def test_many_dates_are_cut_to_the_newest() -> None:
    (said,) = sentences(KIND, *(act(days, COMPLAINT) for days in range(8)))
    assert said.startswith("Complaints about the victim, alleged: 8 reported (the latest 26 March 2026, ")


def test_what_a_response_names_is_beside_the_acts_and_in_no_sum() -> None:
    harbour = released(findings=(finding("2026-02-01", "2026-03-31"),))
    assert sentences(KIND, act(0, COMPLAINT), released=[harbour]) == [
        "Complaints about the victim, alleged: 1 reported (31 March 2026); 2 in the response of Harbour "
        "(1 February 2026 and 31 March 2026). The same complaint may be in both."
    ]
    (fact,) = of_kind(KIND, released=[harbour])
    assert fact.says.endswith("alleged: 2 in the response of Harbour (1 February 2026 and 31 March 2026).")
    assert fact.sources == ("harbour",)


def test_another_finding_and_one_of_an_agency_that_is_not_sure_whom_it_is_about_are_none() -> None:
    assert sentences(KIND, released=[released(findings=(finding("2026-02-01", key="incidents"),))]) == []
    unconfirmed = released(findings=(finding("2026-02-01"),), confirmed=False)
    assert sentences(KIND, released=[unconfirmed]) == []


def test_a_released_report_of_that_kind_is_an_act_of_that_kind() -> None:
    harbour = released(a_report(happened="2026-03-01", kind=COMPLAINT))
    assert sentences(KIND, released=[harbour]) == [
        "Complaints about the victim, alleged: 1 reported (1 March 2026)."
    ]


def test_it_is_vexatious_only_by_a_finding_with_its_source() -> None:
    one = act(0, COMPLAINT, name="I-1")
    for fact in of_kind(KIND, one):
        assert "vexatious" not in f"{fact.says} {fact.short}"
    (said,) = sentences(KIND, one, findings=[found(FoundBy.PANEL)])
    assert said.endswith(" I-1 was found vexatious by the panel on 30 March 2026 (source: Order 12).")
