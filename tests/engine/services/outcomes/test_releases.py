"""Releases of the record: made once, frozen, registered, and read by those who may see figures."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from engine.domain.accounts.acting import Role
from engine.domain.errors import InvalidInputError, NotPermittedError
from engine.domain.outcomes.releases import EVERYONE
from engine.services.outcomes.releases import (
    last_quarter_end,
    list_releases,
    make_outcome_release,
    newest_release,
    next_quarter_end,
    release_to_make,
)
from engine.services.outcomes.returns import outcome_return
from engine.synthetic.observed_cases import invented_observed_cases
from tests.builders import Desk


@pytest.mark.parametrize(
    ("day", "last", "next_"),
    [
        (date(2026, 3, 31), date(2025, 12, 31), date(2026, 6, 30)),
        (date(2026, 4, 1), date(2026, 3, 31), date(2026, 6, 30)),
        (date(2026, 12, 31), date(2026, 9, 30), date(2027, 3, 31)),
    ],
)
def test_quarters_end_where_the_calendar_ends_them(day: date, last: date, next_: date) -> None:
    assert (last_quarter_end(day), next_quarter_end(day)) == (last, next_)


def test_a_release_is_made_once_and_read_as_it_went_out(desk: Desk) -> None:
    context = desk.context(desk.add("max", Role.MANAGER))
    day = last_quarter_end(desk.clock.today())
    cases = [
        case
        for case in invented_observed_cases(seed=3, since=day - timedelta(days=700), until=day)
        if case.borough == "Northmere" and case.typology == "rejected"
    ]
    made = make_outcome_release(context, invented=cases)
    assert made.release.of(EVERYONE) is not None
    assert not made.ran_out_of_time
    assert newest_release(context) == made.release
    assert list_releases(context) == (made,)
    with pytest.raises(InvalidInputError, match="releases do not change"):
        make_outcome_release(context, invented=cases)
    assert made.digest[:8] not in outcome_return(context, form="csv").content.decode()


def test_a_release_that_ran_out_of_time_says_so(desk: Desk) -> None:
    day = last_quarter_end(desk.clock.today())
    cases = invented_observed_cases(seed=3, since=day - timedelta(days=700), until=day)
    made = make_outcome_release(desk.context(desk.coordinator), invented=cases, seconds=0.001)
    assert made.ran_out_of_time


def test_one_is_to_be_made_from_the_day_after_a_quarter_until_it_is_made_by_those_who_may(desk: Desk) -> None:
    manager, chair = desk.add("max", Role.MANAGER), desk.chair
    made = make_outcome_release(desk.context(manager)).release
    quarter = next_quarter_end(made.as_of)
    assert release_to_make(manager, made, on=quarter) is None
    assert release_to_make(manager, made, on=quarter + timedelta(days=1)) == quarter
    assert release_to_make(manager, None, on=quarter) == made.as_of
    assert release_to_make(chair, None, on=quarter) is None


def test_a_record_of_few_cases_gives_a_release_without_figures(desk: Desk) -> None:
    context = desk.context(desk.coordinator)
    assert newest_release(context) is None
    assert make_outcome_release(context).release.groups == ()


def test_a_date_that_is_no_quarters_end_or_not_over_is_refused(desk: Desk) -> None:
    context = desk.context(desk.coordinator)
    for day in (date(2026, 2, 28), next_quarter_end(desk.clock.today())):
        with pytest.raises(InvalidInputError, match="is not the end of a quarter that is over"):
            make_outcome_release(context, as_of=day)


def test_only_those_who_run_the_centre_make_a_release(desk: Desk) -> None:
    context = desk.context(desk.add("ana", Role.ANALYST))
    with pytest.raises(NotPermittedError):
        make_outcome_release(context)
    with pytest.raises(NotPermittedError):
        list_releases(context)
    assert newest_release(context) is None
