"""The Plans page: what it says first, its filters in the address, and what a manager is not shown."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from streamlit.elements.lib import policies

from dashboard.pages import Place
from dashboard.plan_codes import PAGE
from dashboard.views.plans import page as plans_page
from dashboard.views.plans import tables
from engine.domain.accounts.acting import Acting, Role
from engine.domain.cases.incidents import IncidentKind
from engine.domain.plans.lists import ListedBy, Wishes
from engine.domain.plans.reviews import ReviewCause, ReviewTrigger
from engine.services.plans.lists import PlanPage
from engine.services.referrals.incidents import record_incident
from tests.builders import Desk, an_incident
from tests.dashboard.visits import Visit, Visits, asked, decided, opened, planned
from tests.engine.domain.plans.test_lists import a_plan
from tests.plan_figures import figures_over


def a_planned_case(desk: Desk, number: str = "1", due: str = "2026-03-20") -> str:
    """A case with a plan of one action."""
    reference = asked(desk, number)
    opened(desk, reference)
    decided(desk, reference)
    planned(desk, reference, due=due)
    return reference


def filtered(visits: Visits, acting: Acting, **codes: str) -> Visit:
    """The page as a link with these codes opens it."""
    visit = visits(acting, Place.PLANS)
    for name, code in codes.items():
        visit.app.query_params[name] = code
    return visit.run()


def test_a_plan_is_listed_with_its_people_its_action_and_what_is_not_recorded(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = a_planned_case(desk)
    words = visits(desk.chair, Place.PLANS).words
    for said in (
        f"{reference} Amira K.",
        "alleged: Daniel R.",
        "version 1",
        "Apply for an order.",
        "Harbour Office, A. Officer",
        "Not recorded",
        "The next 8 weeks",
        "Progress by agency",
    ):
        assert said in words


def test_a_review_that_was_brought_forward_and_a_missing_police_decision_are_on_the_case(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = a_planned_case(desk)
    for _ in range(2):
        desk.clock.forward(timedelta(minutes=1))
        record_incident(
            desk.context(desk.coordinator),
            reference=reference,
            incident=an_incident("2026-03-01", kind=IncidentKind.BREACH),
        )
    words = visits(desk.chair, Place.PLANS).words
    for said in (
        "Today Brought forward (no date was recorded) because: Breach of an order, 1 March 2026.",
        "No police decision is recorded on 2 incidents.",
        "1 brought forward: 1 by breach.",
    ):
        assert said in words
    manager = visits(desk.add("max", Role.MANAGER), Place.PLANS).words
    assert "Breach" not in manager
    assert "police decision" not in manager
    assert "what brings a review forward is not shown here" in manager


@pytest.mark.parametrize(("plans", "number"), [(1_200, "1,200"), (999, "999")])
def test_a_number_of_four_digits_has_a_separator_wherever_the_page_counts(plans: int, number: str) -> None:
    cause = ReviewCause(trigger=ReviewTrigger.BREACH, says="Breach of an order.")
    lines = [
        each
        for wishes in Wishes
        for each in [a_plan("R-7K3M9Q", wishes=wishes, review_causes=(cause,))] * plans
    ]
    figures = figures_over(lines, today=date(2026, 3, 2))
    strip = str(plans_page._strip(figures, agencies={}, sees_causes=True))
    everything = f"{len(Wishes) * plans:,}"
    for said in (
        f"{everything} in delivery",
        f"{everything} brought forward: {everything} by breach.",
        f"{number} follow the wishes",
        f"{number} have no wishes recorded",
    ):
        assert said in strip
    assert f"No reason recorded {number}." in str(tables.wishes(figures))
    last = PlanPage(
        figures=figures, plans=(), listed_by=ListedBy.CASE, first=plans, total=plans, sees_names=True
    )
    assert plans_page._place(last, by_owner=False) == f"{plans + 1:,} to {number} of {number}"


def test_one_plan_and_several_have_their_own_verb() -> None:
    departs, follows, silent = (
        a_plan("R-7K3M9Q", wishes=each) for each in (Wishes.DEPARTED, Wishes.FOLLOWED, Wishes.NOT_RECORDED)
    )
    for plans, said in (
        ((follows,), ("0 plans depart from them", "1 follows the wishes", "0 have no wishes recorded")),
        ((departs, silent), ("1 plan departs from them", "0 follow the wishes", "1 has no wishes recorded")),
    ):
        strip = str(
            plans_page._strip(figures_over(plans, today=date(2026, 3, 2)), agencies={}, sees_causes=True)
        )
        for each in said:
            assert each in strip


def test_without_a_plan_the_page_says_so(desk: Desk, workers: dict[str, Acting], visits: Visits) -> None:
    words = visits(desk.coordinator, Place.PLANS).words
    assert "No plans yet. A plan is written after a case conference." in words
    assert "No action is overdue." in words


def test_a_filter_goes_into_the_address_as_a_code_and_comes_back_from_it(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = a_planned_case(desk)
    visit = visits(desk.chair, Place.PLANS)
    visit.app.selectbox(key="plans-agency").set_value("lantern")
    visit.run()
    assert visit.app.query_params["agency"] == "lantern"
    assert "No plans match." in visit.words
    again = filtered(visits, desk.chair, agency="harbour", domain="violence")
    assert again.app.selectbox(key="plans-agency").value == "harbour"
    assert "No plans match." in again.words
    del again.app.query_params["domain"]
    assert reference in again.run().words


def test_a_text_in_the_address_is_no_filter_and_leaves_it(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = a_planned_case(desk)
    visit = filtered(visits, desk.chair, agency="Amira Kent", due="soon")
    assert reference in visit.words
    assert not {"agency", "due"} & set(visit.app.query_params)


def test_by_owner_lists_actions(desk: Desk, workers: dict[str, Acting], visits: Visits) -> None:
    a_planned_case(desk)
    words = filtered(visits, desk.chair, list="owner").words
    assert "Actions 1 to 1 of 1" in words
    assert "Harbour Office A. Officer" in words


def test_a_manager_gets_references_and_counts_alone(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = a_planned_case(desk)
    page = visits(desk.add("max", Role.MANAGER), Place.PLANS)
    assert reference in page.words
    assert "Action written by an agency" in page.words
    for text in ("Amira", "Daniel", "A. Officer", "Apply for an order", "case?ref="):
        assert text not in page.source


@pytest.mark.parametrize("kind", ["plans-csv", "plans-xlsx"])
def test_a_file_takes_the_filter_along(
    desk: Desk, workers: dict[str, Acting], visits: Visits, kind: str
) -> None:
    a_planned_case(desk)
    source = filtered(visits, desk.chair, agency="harbour").source
    assert f'name="kind" value="{kind}"' in source
    assert 'name="ref" value="agency=harbour"' in source


def test_a_long_list_comes_in_pages_and_another_filter_begins_at_the_first(
    desk: Desk,
    workers: dict[str, Acting],
    visits: Visits,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(plans_page, "_PLANS_AT_ONCE", 1)
    monkeypatch.setattr(policies, "_shown_default_value_warning", False)  # it is logged once in a process
    later, sooner = a_planned_case(desk, "1", due="2026-03-20"), a_planned_case(desk, "2", due="2026-03-10")
    visit = visits(desk.chair, Place.PLANS)
    assert "Plans 1 to 1 of 2" in visit.words
    assert sooner in visit.words
    visit.app.pagination(key="plans-page-0").set_value(2)
    assert later in visit.run().words
    assert later in visits(desk.chair, Place.PLANS, codes={PAGE: "2"}).words
    beyond = visits(desk.chair, Place.PLANS, codes={PAGE: "3"}).words
    assert "This page is after the end of the list." in beyond
    assert "Plans 3 to" not in beyond
    visit.app.selectbox(key="plans-agency").set_value("harbour")
    assert "Plans 1 to 1 of 2" in visit.run().words
    assert "created with a default value" not in caplog.text
