"""By when a conference is to be open."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.domain.cases.lifecycle import TriageOutcome
from engine.domain.conference.deadlines import open_by

WITHIN = {TriageOutcome.CONFERENCE: 20, TriageOutcome.URGENT: 5}
CONFERENCE, URGENT, ADVICE = TriageOutcome.CONFERENCE, TriageOutcome.URGENT, TriageOutcome.ADVICE


def at(day: int, hour: int = 9, month: int = 3) -> datetime:
    """A moment of 2026."""
    return datetime(2026, month, day, hour, tzinfo=UTC)


def test_it_is_counted_in_working_days_over_a_bank_holiday_until_the_close_of_work() -> None:
    # Good Friday and Easter Monday 2026 are 3 and 6 April; clocks go forward on 29 March.
    assert open_by([(URGENT, at(30))], WITHIN) == at(8, 16, month=4)
    assert open_by([(URGENT, at(23))], WITHIN) == at(30, 16)
    assert open_by([(CONFERENCE, at(2))], WITHIN) == at(30, 16)


def test_a_screening_after_midnight_in_london_counts_from_its_own_day() -> None:
    before, after = datetime(2026, 6, 1, 22, 59, tzinfo=UTC), datetime(2026, 6, 1, 23, 1, tzinfo=UTC)
    assert open_by([(URGENT, before)], WITHIN) == at(8, 16, month=6)
    assert open_by([(URGENT, after)], WITHIN) == at(9, 16, month=6)


@pytest.mark.parametrize("screenings", [[], [(ADVICE, at(2))], [(CONFERENCE, at(2)), (ADVICE, at(3))]])
def test_a_case_that_is_not_to_have_a_conference_has_no_due_date(
    screenings: list[tuple[TriageOutcome, datetime]],
) -> None:
    assert open_by(screenings, WITHIN) is None


def test_an_outcome_without_a_limit_has_no_due_date_and_the_other_keeps_its_own() -> None:
    urgent_only = {URGENT: 5}
    assert open_by([(CONFERENCE, at(2))], urgent_only) is None
    assert open_by([(URGENT, at(23))], urgent_only) == at(30, 16)


def test_neither_a_repeat_nor_stepping_up_gives_more_time_and_stepping_down_does() -> None:
    first = open_by([(CONFERENCE, at(2))], WITHIN)
    assert open_by([(CONFERENCE, at(2)), (CONFERENCE, at(16))], WITHIN) == first
    assert open_by([(CONFERENCE, at(2)), (URGENT, at(27))], WITHIN) == first
    sooner = open_by([(CONFERENCE, at(2)), (URGENT, at(3))], WITHIN)
    assert sooner == at(10, 17)
    assert open_by([(URGENT, at(2)), (CONFERENCE, at(3))], WITHIN) == at(31, 16)
    assert open_by([(CONFERENCE, at(2)), (ADVICE, at(3)), (CONFERENCE, at(16))], WITHIN) == at(
        15, 16, month=4
    )
