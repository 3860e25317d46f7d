"""Which schedule says when a part is reviewed."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError

from engine.domain.rights.retention import ANY_OWNER, Schedule, Schedules, months_after

FROM, UNTIL = date(2026, 1, 1), date(2026, 6, 30)


def a_schedule(owner: str, months: int, *, until: date | None = None, begins: date = FROM) -> Schedule:
    return Schedule(
        owner=owner,
        review_after_months=months,
        review_again_after_months=12,
        in_force_from=begins,
        in_force_until=until,
        source="Invented for a test.",
    )


def months_of(schedules: Schedules, owner: str, on: date) -> int | None:
    found = schedules.of(owner, on=on)
    return found.review_after_months if found else None


def test_an_owners_own_schedule_goes_before_the_one_for_every_owner() -> None:
    there = Schedules(
        version="1",
        schedule=(a_schedule(ANY_OWNER, 72), a_schedule("harbour", 12), a_schedule("lantern", 24)),
    )
    assert [months_of(there, owner, FROM) for owner in ("harbour", "lantern", "voice")] == [12, 24, 72]


def test_a_schedule_is_in_force_on_its_first_and_its_last_day_and_on_no_other() -> None:
    there = Schedules(version="1", schedule=(a_schedule("harbour", 12, until=UNTIL),))
    days = (date(2025, 12, 31), FROM, UNTIL, date(2026, 7, 1))
    assert [months_of(there, "harbour", day) for day in days] == [None, 12, 12, None]


def test_a_schedule_without_an_end_stays_in_force() -> None:
    there = Schedules(version="1", schedule=(a_schedule("harbour", 12),))
    assert months_of(there, "harbour", date(2040, 1, 1)) == 12
    assert months_of(there, "lantern", date(2040, 1, 1)) is None


def test_two_schedules_of_one_owner_may_follow_and_not_overlap() -> None:
    after = date(2026, 7, 1)
    Schedules(
        version="1",
        schedule=(a_schedule("harbour", 12, until=UNTIL), a_schedule("harbour", 24, begins=after)),
    )
    for until in (None, after):
        with pytest.raises(ValidationError, match="two for 'harbour' apply at the same time"):
            Schedules(
                version="1",
                schedule=(a_schedule("harbour", 12, until=until), a_schedule("harbour", 24, begins=after)),
            )


@pytest.mark.parametrize(
    ("day", "months", "after"),
    [
        ("2026-01-15", 1, "2026-02-15"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2027-11-30", 3, "2028-02-29"),
        ("2026-12-31", 72, "2032-12-31"),
        ("2026-06-30", 6, "2026-12-30"),
        ("2026-12-01", 1, "2027-01-01"),
    ],
)
def test_a_review_is_on_the_same_day_of_the_month_or_on_its_last(day: str, months: int, after: str) -> None:
    assert months_after(date.fromisoformat(day), months) == date.fromisoformat(after)
