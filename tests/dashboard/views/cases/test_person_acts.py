"""The person's line on the case page, the dialogs that share its acts, and findings on complaints."""

from __future__ import annotations

import pytest

from dashboard.pages import Place
from engine.domain.accounts.acting import Acting, Role
from engine.domain.cases.incidents import IncidentKind
from engine.services.cases.views import view_case
from engine.services.referrals.incidents import record_incident
from engine.services.referrals.screening import name_people, screen
from tests.builders import Desk, a_screening, an_incident
from tests.dashboard.visits import Visits
from tests.engine.services.cases.test_person_acts import about, judge, refer

COUNT = "3 reported acts against 2 people in 16 days (10 February 2026 to 25 February 2026), in 2 cases"


@pytest.fixture
def two(desk: Desk) -> tuple[str, str]:
    """Two screened cases that may be of one person."""
    cases = refer(desk, about(1, "2026-02-10", "2026-02-20")), refer(desk, about(2, "2026-02-25"))
    for case in cases:
        screen(desk.context(desk.coordinator), reference=case, screening=a_screening())
    return cases


@pytest.fixture
def member(desk: Desk, two: tuple[str, str]) -> Acting:
    """A practitioner of the first case only."""
    worker = desk.add("worker", Role.PRACTITIONER, "harbour")
    name_people(desk.context(desk.coordinator), reference=two[0], people=["worker"])
    return worker


def test_the_line_on_top_has_the_count_and_what_is_not_decided(
    desk: Desk, two: tuple[str, str], visits: Visits
) -> None:
    visit = visits(desk.coordinator, Place.CASE, two[0])
    own = "2 reported acts against 1 person in 11 days (10 February 2026 to 20 February 2026), in 1 case"
    assert f"{own}; more may exist" in visit.words
    assert f"1 more if {two[1]} is of the same person: not decided" in visit.words
    assert visit.offers("person-duplicates")
    assert not visit.offers("share-acts")
    judge(desk, *two)
    visit = visits(desk.coordinator, Place.CASE, two[0])
    assert f"{COUNT}; more may exist" in visit.words
    assert visit.offers("share-acts")
    assert not visit.offers("person-duplicates")


def test_acts_are_shared_with_a_reason_read_by_the_panel_and_withdrawn(
    desk: Desk, two: tuple[str, str], visits: Visits, member: Acting
) -> None:
    judge(desk, *two)
    case = two[0]
    visit = visits(desk.chair, Place.CASE, case).open("share-acts")
    will_read = "1 reported act against 1 other person (contacting, 25 February 2026)"
    assert f"They will read: {will_read}." in visit.words
    visit.press(f"shared-acts-{case}-save")
    assert "Write it." in visit.words
    visit.type(f"shared-acts-{case}-why", "The panel plans on the facts of one case.")
    visit.finish(f"shared-acts-{case}-save")
    assert f"Acts of other cases are shared with the panel of {case}." in visit.words
    seen = visits(member, Place.CASE, case)
    assert "shared from other cases: 1 reported act against 1 other person" in seen.words
    assert not seen.offers("share-acts")
    assert two[1] not in seen.words
    visit = visits(desk.chair, Place.CASE, case).open("withdraw-acts")
    visit.type(f"shared-acts-{case}-why", "Brothers.")
    visit.finish(f"shared-acts-{case}-save")
    assert "shared from other cases" not in visits(member, Place.CASE, case).words


def test_a_finding_on_a_complaint_is_recorded_and_withdrawn(
    desk: Desk, two: tuple[str, str], visits: Visits
) -> None:
    case = two[0]
    assert not visits(desk.coordinator, Place.CASE, case).offers("complaint-finding")
    complained = an_incident("2026-02-26", kind=IncidentKind.VEXATIOUS)
    incident = record_incident(desk.context(desk.chair), reference=case, incident=complained)
    visit = visits(desk.coordinator, Place.CASE, case)
    assert "complaints about the victim, alleged: 1 reported (26 February 2026)" in visit.words
    assert "exatious" not in visit.words
    visit = visit.open("complaint-finding")
    key = f"complaint-finding-{case}"
    assert not visit.offers("complaint-finding-withdraw"), "there is no finding to withdraw"
    assert visit.app.radio(key=f"{key}-by").options == ["A court"], "what the panel found, the chair records"
    visit.press(f"{key}-save")
    assert all(
        each in visit.words for each in ("It was found: choose one.", "By: choose one.", "give the date")
    )
    visit.app.radio(key=f"{key}-found").set_value("Vexatious")
    visit.app.radio(key=f"{key}-by").set_value("A court")
    visit.app.text_input(key=f"{key}-on").set_value("27/02/2026")
    visit.type(f"{key}-source", "County court order 12")
    visit.finish(f"{key}-save")
    assert f"The finding on {incident} is recorded." in visit.words
    (fact,) = (
        each.says
        for each in view_case(desk.context(desk.chair), reference=case).facts
        if "Complaints" in each.says
    )
    assert fact.endswith(
        f"{incident} was found vexatious by a court on 27 February 2026 (source: County court order 12)."
    )
    visit = visits(desk.coordinator, Place.CASE, case).open("complaint-finding-withdraw")
    visit.type(f"complaint-withdrawal-{case}-why", "Set aside on appeal.")
    visit.finish(f"complaint-withdrawal-{case}-save")
    assert f"The finding on {incident} is withdrawn." in visit.words
