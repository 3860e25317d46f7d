"""Files of the Outcomes page: the picture's own figures, and nothing for codes that are not there."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest

from dashboard import downloads, record
from dashboard.views.outcomes.released_tables import RESULT, codes_of
from engine.domain.accounts.acting import Acting, Role
from engine.domain.errors import NotPermittedError
from engine.domain.outcomes.follow_up import Measure
from engine.domain.outcomes.releases import EVERYONE, Release
from engine.services.outcomes.releases import last_quarter_end, make_outcome_release
from engine.synthetic.observed_cases import invented_observed_cases
from tests.builders import Desk


@pytest.fixture
def manager(desk: Desk) -> Acting:
    record.use(desk.runtime)
    return desk.add("max", Role.MANAGER)


@pytest.fixture
def release(desk: Desk, manager: Acting) -> Release:
    day = last_quarter_end(desk.clock.today())
    cases = [
        case
        for case in invented_observed_cases(
            seed=3, since=day - timedelta(days=700), until=day, in_a_quarter=150
        )
        if case.borough == "Northmere" and case.typology == "rejected"
    ]
    return make_outcome_release(desk.context(manager), invented=cases).release


def rows_of(manager: Acting, codes: str | None) -> list[dict[str, str]]:
    made = downloads.MAKERS[downloads.OUTCOMES_CSV](manager, codes)
    return list(csv.DictReader(io.StringIO(made.content.decode("utf-8-sig"))))


def test_a_table_as_a_file_has_the_figures_of_its_table_and_group(release: Release, manager: Acting) -> None:
    figures = release.of(EVERYONE)
    assert figures is not None
    reported = figures.of(Measure.REPORTED)
    assert reported is not None
    rows = rows_of(manager, codes_of(EVERYONE, RESULT))
    assert {(row["table"], row["borough"]) for row in rows} == {(RESULT, "all")}
    further = next(row for row in rows if row["figure"] == "further stalking")
    assert further["value"] == str(reported.further)
    assert len(rows_of(manager, None)) > len(rows)


@pytest.mark.parametrize("codes", ["borough=Nowhere", "colour=red&table=x", "borough=%3Cscript%3E"])
@pytest.mark.usefixtures("release")
def test_codes_that_are_not_there_give_no_row(manager: Acting, codes: str) -> None:
    assert rows_of(manager, codes) == []


def test_who_may_see_no_figures_gets_no_file(desk: Desk, manager: Acting) -> None:
    with pytest.raises(NotPermittedError):
        downloads.MAKERS[downloads.OUTCOMES_CSV](desk.add("audrey", Role.AUDITOR), None)
