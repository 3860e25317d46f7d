"""The return of a release: the figures of the release, no others, and their meaning."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from functools import cache

import pytest
from jsonschema import Draft202012Validator
from openpyxl import load_workbook

from engine.domain.errors import InvalidInputError
from engine.domain.outcomes.follow_up import Measure
from engine.domain.outcomes.releases import EVERYONE, Release
from engine.exchange.outcome_report import release_report
from engine.exchange.outcome_returns import (
    COLUMNS,
    named_row,
    return_csv,
    return_rows,
    return_schema,
    return_xlsx,
)
from engine.outcomes.releases.releasing import make_release
from engine.synthetic.observed_cases import invented_observed_cases
from tests.engine.outcomes.releases.worked import a_centre

NAMES = {"typology": "stalker_type"}


@cache
def a_release() -> Release:
    day = date(2026, 9, 30)
    cases = [
        case
        for case in invented_observed_cases(seed=3, since=date(2024, 6, 1), until=day)
        if case.borough == "Northmere" and case.typology == "rejected"
    ]
    return make_release(
        cases,
        as_of=day,
        made_at=datetime(2026, 10, 1, tzinfo=UTC),
        by="max",
        earlier=(),
        work=a_centre(300),
        limit=10,
        width=10,
        is_invented=True,
        seconds_left=lambda: 600.0,
    ).release


def test_file_workbook_and_release_have_the_same_figures() -> None:
    release = a_release()
    rows = list(csv.reader(io.StringIO(return_csv(release, names=NAMES).decode("utf-8-sig"))))
    workbook = load_workbook(io.BytesIO(return_xlsx(release, names=NAMES)))
    assert rows[0] == ["stalker_type" if name == "typology" else name for name in COLUMNS]
    written = [list(row.values()) for row in return_rows(release)]
    assert [list(row) for row in workbook["Figures"].iter_rows(min_row=2, values_only=True)] == [
        [None if cell == "" else cell for cell in row] for row in written
    ]
    assert rows[1:] == [["" if cell is None else str(cell) for cell in row] for row in written]
    everyone = release.of(EVERYONE)
    assert everyone is not None
    reported = everyone.of(Measure.REPORTED)
    assert reported is not None
    share = next(row for row in return_rows(release) if row["figure"] == "with further stalking")
    assert (share["value"], share["denominator"]) == (reported.share, reported.counted)
    assert workbook["Dictionary"]["A5"].value == "stalker_type"
    assert "The cases in this release are invented." in [cell.value for cell in workbook["Dictionary"]["B"]]


def test_each_row_follows_the_schema() -> None:
    check = Draft202012Validator(return_schema(names=NAMES))
    for row in return_rows(a_release()):
        check.validate(named_row(row, names=NAMES))


def test_each_table_of_the_work_is_in_the_file_with_the_counts_that_are_shown() -> None:
    release = a_release()
    assert release.work is not None
    rows = {(row["table"], row["figure"]): row["value"] for row in return_rows(release)}
    for each in release.work.tables:
        for row in each.table.rows:
            assert rows.get((each.table.name, ": ".join(row.levels))) == row.count
    assert rows["process_days", "From referral to screening: median"] == 2
    assert rows["costs", "cost"] == 10194
    assert rows["agreement", "violence: harbour and voice: weighted kappa"] == 0.69


def test_the_report_has_the_figures_of_the_release_and_a_text_for_each_picture() -> None:
    report = release_report(a_release()).decode()
    everyone = a_release().of(EVERYONE)
    assert everyone is not None
    reported = everyone.of(Measure.REPORTED)
    assert reported is not None
    assert f"<td>{reported.further:,}</td><td>{reported.counted:,}</td>" in report
    assert "The cases in this release are invented." in report
    if everyone.reported is not None:
        last = everyone.reported.steps[-1]
        assert f'aria-label="Share without a further report: {last.share:.0%} after' in report
    hostile = a_release().model_copy(update={"notes": ("<script>alert(1)</script>",)})
    assert "<script>" not in release_report(hostile).decode()
    assert "Hidden: fewer than 10" in release_report(hostile.model_copy(update={"groups": ()})).decode()


@pytest.mark.parametrize("names", [{"colour": "a"}, {"typology": "borough"}])
def test_a_mapping_that_does_not_fit_is_refused(names: dict[str, str]) -> None:
    with pytest.raises(InvalidInputError):
        return_csv(a_release(), names=names)
