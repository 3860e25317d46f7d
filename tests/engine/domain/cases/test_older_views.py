"""Which views are older than the newest incident: every kind of date, and none that is guessed."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from engine.domain.cases.incidents import IncidentKind
from engine.domain.cases.older_views import new_since_views, newest_incident
from engine.domain.cases.views import AgencyAnswerView, IncidentView, ReportView
from engine.domain.conference.risk import Domain, Level
from engine.domain.dates import PartialDate
from engine.domain.responses.answers import AnswerState, DomainView, Professional
from engine.domain.responses.held_reports import HeldReport
from engine.domain.responses.reported import RecordPointer

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


def a_viewed_answer(*days: int, report: str | None = None) -> AgencyAnswerView:
    """An answer with a view of each of these days of November, and perhaps a report."""
    views = tuple(
        DomainView(
            domain=Domain.VIOLENCE,
            level=Level.HIGH,
            reasons="As reported.",
            recorded_by=Professional(name="A. Officer", post="officer"),
            recorded_on=date(2026, 11, day),
        )
        for day in days
    )
    held = (
        HeldReport(
            key="r1",
            happened=PartialDate(report),
            kind=IncidentKind.BREACH,
            records=(RecordPointer(record="R1", kind="report"),),
        )
        if report
        else None
    )
    return AgencyAnswerView(
        agency="police",
        agency_name="Police",
        seat=None,
        state=AnswerState.CONTRIBUTION,
        asked_at=None,
        due_at=None,
        at=None,
        says="Responded.",
        views=views,
        reports=(held,) if held else None,
    )


@pytest.mark.parametrize(("happened", "reported"), MARKED)
def test_what_is_new_since_the_views_is_what_the_mark_of_a_view_says(
    happened: str | None, reported: int
) -> None:
    found = new_since_views([an_incident(happened, reported=reported)], [a_viewed_answer(16)])
    assert found is not None
    mark = MARKED[happened, reported]
    assert found.certain == (("I-1",) if mark and mark != MAY_BE else ())
    assert found.perhaps == (("I-1",) if mark == MAY_BE else ())
    assert found.is_empty == (mark is None)


def test_what_is_new_is_counted_from_the_oldest_view_and_from_released_reports_too() -> None:
    incident = an_incident("2026-11-17", reported=17)
    mixed = new_since_views([incident], [a_viewed_answer(16, 20)])
    assert mixed is not None
    assert (mixed.oldest_view, mixed.certain) == (VIEW_OF, ("I-1",))
    later = new_since_views([incident], [a_viewed_answer(20)])
    assert later is not None
    assert later.is_empty
    with_report = new_since_views([], [a_viewed_answer(16, report="2026-11-18")])
    assert with_report is not None
    assert with_report.reported[0].startswith("Police: Report of breach")
    near = new_since_views([], [a_viewed_answer(16, report="2026-11-15")])
    assert near is not None
    assert near.is_empty
    assert new_since_views([incident], [a_viewed_answer()]) is None, "no view is shown: nothing is compared"
