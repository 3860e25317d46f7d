"""The agencies' page: how each stands, in words, counts and times; suspending for those who may."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dashboard.pages import Place
from engine.domain.accounts.acting import Acting, Role
from engine.domain.agencies.files import TableRows
from engine.services.agencies import health as agency_health
from engine.services.agencies import suspension
from tests.builders import Desk, a_contribution, ask_all, let_answer
from tests.dashboard.visits import Visits, screened


def suspend(desk: Desk, code: str, why: str = "Their register moves.") -> None:
    suspension.suspend(desk.context(desk.chair), installed=(code,), agency=code, why=why)


def test_each_agency_is_named_with_version_seat_and_whom_to_ask(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    words = visits(desk.chair, Place.AGENCIES).words
    assert "Her Voice voice 1.0, seat: the victim's voice voice@example.invalid Available never" in words
    assert "Harbour Office harbour 1.0, seat: no own seat" in words
    assert "perpetrator.identifiers (pnc)" in words
    assert "not checked" in words


def test_a_suspended_agency_is_told_apart_in_words_with_the_reason(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    suspend(desk, "voice")
    words = visits(desk.chair, Place.AGENCIES).words
    assert "voice@example.invalid Suspended" in words
    assert (
        "Her Voice is suspended. Suspended since 2 March 2026, 09:00 by chair: no requests are sent" in words
    )
    assert "Reason: Their register moves." in words
    assert "no agency speaks for the victim here" in words


def test_failing_and_silent_agencies_are_told_with_counts_and_no_case(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    let_answer(desk, "lantern", a_contribution())
    let_answer(desk, "harbour", None)
    reference = screened(desk)
    ask_all(desk, reference)
    desk.clock.forward(timedelta(days=30))
    visit = visits(desk.coordinator, Place.AGENCIES)
    assert "Harbour Office is failing. Its plugin failed when it was last asked" in visit.words
    assert "Lantern House is silent. Nothing has been released since 2 March 2026, 09:00" in visit.words
    assert "1 1 overdue" in visit.words
    assert "1 × no answer within the time limit" in visit.words
    for told_of_a_case in (reference, "Roe", "Kent"):
        assert told_of_a_case not in visit.source


def test_limits_say_which_of_them_this_machine_enforces(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    words = visits(desk.chair, Place.AGENCIES).words
    assert "Limits of each agency's process on this machine" in words
    assert "seconds for an answer, then it is stopped Yes" in words
    assert "Method, or reason it is not enforced" in words


def test_the_chair_suspends_and_resumes_with_a_reason(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    visit = visits(desk.chair, Place.AGENCIES).open("suspend-harbour")
    assert "Harbour Office will receive no requests" in visit.words
    visit.press("why-harbour-save")
    assert "Write it." in visit.words
    visit.type("why-harbour-why", "Their register moves.").finish("why-harbour-save")
    assert "Harbour Office is suspended and receives no requests." in visit.words
    assert desk.runtime.agencies.is_suspended("harbour")
    assert visit.offers("resume-harbour")
    visit.open("resume-harbour").type("why-harbour-why", "It has moved.").finish("why-harbour-save")
    assert not desk.runtime.agencies.is_suspended("harbour")


@pytest.mark.parametrize("role", [Role.ANALYST, Role.MANAGER, Role.AUDITOR])
def test_those_who_may_not_suspend_are_not_offered_it(
    desk: Desk, workers: dict[str, Acting], visits: Visits, role: Role
) -> None:
    visit = visits(desk.add("otto", role), Place.AGENCIES)
    assert "Harbour Office" in visit.words
    assert not visit.offers("suspend-harbour")


def test_a_practitioner_sees_the_page_without_the_buttons(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    visit = visits(workers["harbour"], Place.AGENCIES)
    assert "Download diagnostics (JSON)" in visit.words
    assert not visit.offers("suspend-harbour")


def test_a_suspended_agency_that_cannot_be_listed_is_told_all_the_same(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    suspend(desk, "housing")
    assert "housing is suspended and not listed" in visits(desk.chair, Place.AGENCIES).words


def _drawn(known, there):  # its text alone runs, without the names of this module
    from dashboard.views import agencies

    agencies.draw((known,), {known.code: there}, may_suspend=False)


def test_beside_the_date_of_the_records_are_the_rows_that_a_person_can_be_found_by(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    assert "can be matched on" not in visits(desk.chair, Place.AGENCIES).words
    (known, *_) = desk.runtime.agencies_known
    health = agency_health.health(desk.context(desk.chair))
    there = next(each for each in health if each.code == known.code)
    tables = (TableRows(table="Tenants & co", rows=1200, matchable=1187),)
    shown = there.model_copy(update={"extract": "2 March 2026", "extract_tables": tables})
    words = visits.show(desk.chair, _drawn, known, shown).words
    assert "2 March 2026 Tenants & co: 1,200 rows, 1,187 can be matched on" in words
