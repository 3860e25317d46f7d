"""The page that takes a referral file in: a form, and what became of the last file of this sign-in."""

from __future__ import annotations

from typing import Any

import pytest

from dashboard.pages import Place
from dashboard.uploads import UploadResult
from dashboard.views.referrals import imports as referral_imports
from engine.domain.referrals.intake import AlarmTopic
from engine.services.referrals.imports import ImportReport, RejectedReport
from tests.builders import Desk
from tests.dashboard.visits import Visits

pytestmark = pytest.mark.usefixtures("workers")


def a_report(**changes: Any) -> ImportReport:
    row = RejectedReport(
        row=4,
        column="victim_birth_date",
        reason="not a date",
        also=("reason: it is empty",),
        alarms=(AlarmTopic.WEAPON,),
    )
    given: dict[str, Any] = {
        "accepted": 2,
        "corrected": 1,
        "unchanged": 3,
        "rejected": (row,),
        "referrals": ("R-222222X",),
        "alarms": ("R-222222X",),
    }
    return ImportReport(**{**given, **changes})


def _shown(came) -> None:
    from dashboard.views.referrals import imports as referral_imports

    referral_imports.draw_last(came)


def test_before_anything_is_sent_the_page_says_what_can_be(desk: Desk, visits: Visits) -> None:
    visit = visits(desk.coordinator, Place.IMPORT)
    assert "Referral file: CSV, XLSX or JSON, at most 25 MB" in visit.words
    assert "1 outcome per row." in visit.words
    assert "Agency that found the outcomes (required)" in visit.words
    assert 'type="file"' in visit.source
    assert "Your last import" not in visit.words


def test_counts_reasons_and_alarms_are_told_row_by_row(desk: Desk, visits: Visits) -> None:
    words = visits.show(desk.coordinator, _shown, UploadResult(a_report(), None)).words
    assert "2 accepted, 1 corrected, 3 unchanged, 1 rejected" in words
    assert "R-222222X : acknowledge this alarm now" in words
    assert "Row 4, not imported: weapon" in words
    assert "Row 4 victim_birth_date not a date reason: it is empty" in words


def test_a_row_whose_alarm_could_not_be_read_is_never_one_without(desk: Desk, visits: Visits) -> None:
    (row,) = a_report().rejected
    unread = a_report(rejected=(row.model_copy(update={"alarms": None}),), alarms=())
    assert "could not be read" in visits.show(desk.coordinator, _shown, UploadResult(unread, None)).words


def test_a_file_that_was_not_taken_in_says_why(desk: Desk, visits: Visits) -> None:
    came = UploadResult(None, "file: not CSV, XLSX or JSON; save it as .xlsx or as CSV UTF-8")
    assert (
        "Nothing was imported. file: not CSV, XLSX or JSON"
        in visits.show(desk.coordinator, _shown, came).words
    )


def _form(came) -> None:
    from dashboard.views.referrals import imports as referral_imports

    referral_imports.draw_sending(asks_to_confirm=came.asks_to_confirm)


def test_only_after_a_workbook_that_must_be_looked_at_the_form_asks_whether_somebody_has(
    desk: Desk, visits: Visits
) -> None:
    looked = "I have checked the workbook: no cell shows an error, and every date is a full date"
    assert (
        looked
        in visits.show(desk.coordinator, _form, UploadResult(None, "file: ...", asks_to_confirm=True)).words
    )
    assert looked not in visits.show(desk.coordinator, _form, UploadResult(None, "file: ...")).words


def test_nothing_is_shown_where_nothing_was_sent() -> None:
    assert referral_imports.draw_last(None) is None  # type: ignore[func-returns-value]
