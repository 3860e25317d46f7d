"""The line in the head of a case about who is responsible, and its form."""

from __future__ import annotations

import pytest

from dashboard.pages import Place
from engine.domain.cases.lifecycle import TriageOutcome
from engine.services.cases.views import view_case
from engine.services.referrals.screening import screen
from tests.builders import Desk, a_referral, a_screening, with_toys
from tests.dashboard.visits import Visits


@pytest.fixture
def case(desk: Desk) -> str:
    """A referral that no person has screened."""
    return desk.refer(a_referral()).referrals[0]


def test_what_is_not_recorded_is_said(desk: Desk, case: str, visits: Visits) -> None:
    visit = visits(desk.coordinator, Place.CASE, case)
    said = "Officer in the case: not recorded. Case holder: not recorded. Lead agency: not recorded"
    assert said in visit.words


def test_the_form_records_and_a_change_without_a_reason_is_refused(
    desk: Desk, case: str, visits: Visits
) -> None:
    visit = visits(desk.coordinator, Place.CASE, case).open("responsible-change")
    visit.type(f"responsible-{case}-name", "K. Osei")
    visit.type(f"responsible-{case}-rank", "DC")
    visit.finish(f"responsible-{case}-save")
    visit = visits(desk.coordinator, Place.CASE, case)
    assert "Officer in the case: DC K. Osei. Case holder: not recorded" in visit.words
    visit.open("responsible-change")
    visit.type(f"responsible-{case}-name", "J. Ahmed")
    visit.finish(f"responsible-{case}-save")
    assert "give the reason for the change" in visit.words
    recorded = view_case(desk.context(desk.coordinator), reference=case).responsible
    assert (recorded.version, recorded.officer and recorded.officer.name) == (1, "K. Osei")


def test_a_practitioner_reads_the_line_and_has_no_button(desk: Desk, case: str, visits: Visits) -> None:
    worker = next(iter(with_toys(desk).values()))
    screening = a_screening(TriageOutcome.ADVICE, people=(worker.user,))
    screen(desk.context(desk.coordinator), reference=case, screening=screening)
    visit = visits(worker, Place.CASE, case)
    assert "Officer in the case: not recorded" in visit.words
    assert not visit.offers("responsible-change")
    assert visits(desk.chair, Place.CASE, case).offers("responsible-change")
