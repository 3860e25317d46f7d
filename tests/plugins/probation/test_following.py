"""Custody after a decision, as probation's records have it: what is not known to the day is counted."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from engine.domain.dates import PartialDate
from engine.domain.outcomes.agency_outcomes import CustodyPeriod, OutcomesFound, OutcomeWindow
from engine.domain.responses.requests import CaseAsked, PersonAsked
from plugins.probation.following import outcomes
from plugins.probation.records import BreachOutcome, BreachRow
from tests.plugins.builders import BORN, HIS_PNC
from tests.plugins.probation.extract import a_period, read, write

ON = date(2026, 6, 30)
HE = PersonAsked(forename="Perpetua", surname="Toyson", date_of_birth=BORN, identifiers=(HIS_PNC,))
WINDOW = OutcomeWindow(since=date(2026, 2, 10), until=ON)


def recalled(folder: Path, happened: str | None) -> OutcomesFound:
    recall = BreachRow(
        breach_id="BR-1",
        person_id="P1",
        happened=PartialDate(happened) if happened else None,
        of_condition=None,
        outcome=BreachOutcome.RECALLED,
    )
    held = read(write(folder / "probation", a_period(), breaches=(recall,)))
    found = outcomes(CaseAsked(reference="R-X", on=ON, perpetrator=HE), WINDOW, held)
    assert isinstance(found, OutcomesFound)
    return found


def test_a_recall_with_a_date_is_custody_from_then_on(tmp_path: Path) -> None:
    found = recalled(tmp_path, "2026-03-05")
    assert found.custody == (CustodyPeriod(since=date(2026, 3, 5)),)
    assert found.unplaced == 0


@pytest.mark.parametrize("happened", [None, "2026-03", "2026"])
def test_a_recall_that_is_not_known_to_the_day_is_counted_and_not_dropped(
    tmp_path: Path, happened: str | None
) -> None:
    found = recalled(tmp_path, happened)
    assert (found.custody, found.unplaced) == ((), 1)


def test_a_recall_in_a_month_before_the_decision_is_not_counted(tmp_path: Path) -> None:
    assert recalled(tmp_path, "2026-01").unplaced == 0
