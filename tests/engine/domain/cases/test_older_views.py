"""Which views are older than the newest incident: every kind of date, and none that is guessed."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from engine.domain.cases.incidents import IncidentKind
from engine.domain.cases.older_views import newest_incident
from engine.domain.cases.views import AgencyAnswerView, IncidentView, ReportView
from engine.domain.dates import PartialDate
from engine.domain.responses.held_reports import HeldReport

VIEW_OF = date(2026, 11, 16)
MAY_BE = "May be before the newest incident"


def an_incident(happened: str | None, *, reported: int) -> IncidentView:
    report = ReportView(
        owner="stac",
        told_by="ana",
        received_at=datetime(2026, 11, reported, 12, tzinfo=UTC),
        what=None,
        crime_reference=None,
    )
    return IncidentView(
        reference="I-1",
        kind=IncidentKind.THREAT,
        happened=PartialDate(happened) if happened else None,
        channel=None,
        reports=(report,),
    )


MARKED = {
    ("2026-11-26", 27): "Before the newest incident, 26 November 2026",
    ("2026-11-17", 17): "Before the newest incident, 17 November 2026",
    ("2026-11-16", 18): MAY_BE,
    ("2026-11-15", 18): None,
    ("2026-11", 27): MAY_BE,
    ("2026-11", 10): None,
    ("2026", 27): MAY_BE,
    ("2026-12", 30): "Before the newest incident, December 2026",
    (None, 27): MAY_BE,
    (None, 16): MAY_BE,
    (None, 15): None,
}
"""By date of an incident and day of its first report, read by a person: the mark of a view of 16 November."""


@pytest.mark.parametrize(("happened", "reported"), MARKED)
def test_a_view_is_marked_by_every_kind_of_date_an_incident_has(happened: str | None, reported: int) -> None:
    newest = newest_incident([an_incident(happened, reported=reported)], [])
    assert newest is not None
    assert newest.marks(VIEW_OF) == MARKED[happened, reported]


def test_the_newest_of_several_marks_and_an_older_one_hides_it_not() -> None:
    newest = newest_incident(
        [an_incident("2026-11-26", reported=27), an_incident("2026-11-01", reported=2)], []
    )
    assert newest is not None
    assert newest.marks(VIEW_OF) == "Before the newest incident, 26 November 2026"
    assert newest.marks(date(2026, 11, 27)) is None


def test_a_released_report_is_an_incident_and_without_any_nothing_is_marked() -> None:
    report = HeldReport.model_construct(happened=None, reported_on=PartialDate("2026-11-20"))
    answer = AgencyAnswerView.model_construct(reports=(report,))
    newest = newest_incident([], [answer])
    assert newest is not None
    assert newest.marks(VIEW_OF) == "Before the newest incident, 20 November 2026"
    assert newest_incident([], [AgencyAnswerView.model_construct(reports=None)]) is None
