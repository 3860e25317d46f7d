"""Saved searches and their alerts on the Links page: saved from the screen, listed, counted, resolved."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from dashboard.pages import Place
from engine.domain.accounts.acting import Acting, Role, flow_acting
from engine.domain.links.saved_searches import AroundQuestion, PathQuestion, PatternQuestion, SavedSearch
from engine.domain.orders.orders import OrderGiven
from engine.services.links.associates_requests import associates_requests
from engine.services.links.saved_searches import ask_standing_queries, my_queries, save_query
from engine.services.links.sharing import end_share, my_shares, share_with
from engine.services.orders.recording import create_order
from tests.builders import Desk, a_person
from tests.dashboard.views.links.test_explore import labels, linked, typed
from tests.dashboard.visits import Visit, Visits


def another(desk: Desk, number: str = "2") -> str:
    """One more case with the same phone."""
    return linked(desk, number, perpetrator=a_person("Rex", "Yarn"), victim=a_person("Nadia", "Ode"))


def searches(desk: Desk) -> tuple[SavedSearch, ...]:
    return my_queries(desk.context(desk.coordinator))


def saved(visit: Visit, why: str, until: str = "") -> Visit:
    """The same after the dialog was filled in and sent."""
    visit.type("save-search-why", why).app.text_input(key="save-search-until").input(until)
    return visit.finish("save-search-save")


def test_a_search_is_saved_of_the_map_and_listed_with_its_reason_and_end(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    visit = visits(desk.coordinator, Place.LINKS, linked(desk))
    assert "Saved searches and alerts" not in {each.label for each in visit.app.expander}
    saved(visit.open("links-save-search-map"), "The phone may be passed on.")
    (search,) = searches(desk)
    assert isinstance(search.question, AroundQuestion)
    assert search.question.hops == 2
    assert "The search is saved." in visit.words
    words = visits(desk.coordinator, Place.LINKS).words
    assert "New neighbours within 2 links of" in words
    assert "Reason: The phone may be passed on." in words
    assert "0 alerts, 0 waiting. Until" in words
    assert "No alert does not mean that nothing can be found." in words


def test_a_search_is_saved_of_the_chosen_pattern_and_of_a_path(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    first, second = linked(desk), another(desk)
    visit = visits(desk.coordinator, Place.LINKS, first)
    visit.app.selectbox(key="links-pattern").select_index(0)
    visit.run().open("links-save-search-map")
    visit.app.radio(key="save-search-which").set_value("1")
    saved(visit, "New people.", "1 April 2026")
    saved(typed(visit, f"path to {second}").open("links-save-search-path"), "A second way.")
    kinds = [type(each.question) for each in searches(desk)]
    assert kinds == [PatternQuestion, PathQuestion]
    assert searches(desk)[0].until.date().isoformat() in {"2026-04-01", "2026-04-02"}


def test_a_name_in_a_question_is_read_as_text_and_an_order_is_named(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    case = linked(desk, perpetrator=a_person("Rex *Ray*", "Yarn"))
    given = OrderGiven.model_validate({"type": "spo", "made": "2026-02-02", "years": 2})
    order = create_order(desk.context(desk.chair), reference=case, given=given).reference
    with desk.runtime.uow.unrecorded() as work:
        him = work.people.on_cases([case])[0].reference
    for reference, name in ((him, r"Rex \*Ray\* Yarn"), (order, "Stalking protection order")):
        visit = visits(desk.coordinator, Place.LINKS, reference).open("links-save-search-map")
        options = visit.app.radio(key="save-search-which").options
        assert any(name in option for option in options), options


@pytest.mark.parametrize(
    ("why", "until", "fault"),
    [
        ("", "", "Write it."),
        ("A task.", "yesterday", "not a date"),
        ("A task.", "1 May 2036", "End date (optional: 90 days): "),
    ],
)
def test_a_search_needs_a_reason_and_an_end_within_a_year(
    desk: Desk, workers: dict[str, Acting], visits: Visits, why: str, until: str, fault: str
) -> None:
    visit = visits(desk.coordinator, Place.LINKS, linked(desk)).open("links-save-search-map")
    visit.type("save-search-why", why).app.text_input(key="save-search-until").input(until)
    visit.press("save-search-save")
    assert fault in visit.words
    assert searches(desk) == ()


def test_a_search_is_ended_and_is_listed_no_more(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    visit = visits(desk.coordinator, Place.LINKS, linked(desk))
    saved(visit.open("links-save-search-map"), "A task.")
    (search,) = searches(desk)
    visit.press(f"search-end-{search.reference}")
    assert "The saved search has ended." in visit.words
    assert "You have no current saved search." in visit.words


def test_an_alert_is_counted_in_the_navigation_listed_here_and_on_the_worklist_and_is_resolved_here(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    first = linked(desk)
    analyst = desk.add("ana", Role.ANALYST)
    common: dict[str, Any] = {"snapshots": desk.runtime.link_snapshots}
    question = AroundQuestion(reference=first, hops=4)
    save_query(desk.context(analyst), **common, question=question, why="A pattern in phones.")
    assert "0 waiting, 0 acted on" in visits(analyst, Place.LINKS).words
    another(desk)
    desk.clock.forward(timedelta(minutes=5))
    ask_standing_queries(desk.context(flow_acting("refresh", "runner")), **common)
    assert "Review link alert" in visits(analyst, Place.WORKLIST).words
    visit = visits(analyst, Place.LINKS)
    keys = [str(b.key) for b in visit.app.button if str(b.key).startswith("alert-resolve-")]
    assert f"Saved searches and alerts: {len(keys)} waiting" in {each.label for each in visit.app.expander}
    visit.open(keys[0])
    reference = keys[0].removeprefix("alert-resolve-")
    visit.app.radio(key=f"alert-{reference}-result").set_value("Not relevant")
    visit.type(f"alert-{reference}-why", "A shared switchboard.")
    visit.finish(f"alert-{reference}-save")
    assert f"Alert {reference} is resolved." in visit.words
    assert f"{len(keys) - 1} waiting, 0 acted on, 1 not relevant" in visit.words
    assert "Your alerts" not in visits(desk.coordinator, Place.LINKS).words


def test_a_search_is_shared_with_a_person_who_opens_and_removes_it(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    case = linked(desk)
    him = AroundQuestion(reference=case)
    search = save_query(
        desk.context(desk.coordinator),
        snapshots=desk.runtime.link_snapshots,
        question=him,
        why="The phone may be passed on.",
    )
    visit = visits(desk.coordinator, Place.LINKS).open(f"search-share-{search.reference}")
    visit.app.selectbox(key=f"share-with-{search.reference}").set_value(desk.chair.user)
    visit.finish(f"share-do-{search.reference}")
    assert f"{search.reference} is shared." in visit.words
    theirs = visits(desk.chair, Place.LINKS)
    assert "Saved searches and alerts: 1 waiting" in {each.label for each in theirs.app.expander}
    assert "New: New neighbours within 2 links of" in theirs.words
    assert "The phone may be passed on." not in theirs.words
    theirs.press(f"shared-open-{search.reference}")
    assert "New: New neighbours" not in theirs.words
    theirs.press(f"shared-remove-{search.reference}")
    assert "It is removed from your list." in theirs.words
    assert "Shared with you" not in theirs.words


def test_sharing_is_stopped_and_what_another_tab_has_stopped_is_refused(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    context, snapshots = desk.context(desk.coordinator), desk.runtime.link_snapshots
    question = AroundQuestion(reference=linked(desk))
    reference = save_query(context, snapshots=snapshots, question=question, why="The panel asked.").reference
    ends = {}
    for recipient in (desk.chair.user, desk.add("ana", Role.ANALYST).user):
        share_with(context, snapshots=snapshots, reference=reference, recipient=recipient)
        ends[recipient] = f"share-end-{reference}-{recipient}"
    visit = visits(desk.coordinator, Place.LINKS).open(f"search-share-{reference}")
    end_share(context, reference=reference, recipient="ana")
    visit.press(ends["ana"])
    assert f"you cannot view shared search or map {reference}" in visit.words
    assert "It is not shared any more." not in visit.words
    assert [each.recipient for each in my_shares(context)] == [desk.chair.user]
    visit.finish(ends[desk.chair.user])
    assert "It is not shared any more." in visit.words
    assert my_shares(context) == ()
    assert "Shared with you" not in visits(desk.chair, Place.LINKS).words


def test_a_question_by_conditions_is_answered_by_reference_saved_and_exported(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    case = linked(desk)
    visit = visits(desk.coordinator, Place.LINKS)
    assert "Officers are not items of the record." in visit.words
    visit.app.selectbox(key="links-items-role").set_value("victim")
    visit.finish("links-items-ask")
    assert "People: role victim: 1" in visit.words
    assert "no count" in visit.words
    saved(visit.open("links-save-search-items"), "As asked.")
    (search,) = searches(desk)
    assert search.question.in_words() == "people: role victim"
    visit = visits(desk.coordinator, Place.LINKS)
    visit.app.selectbox(key="links-items-find").set_value("referrals")
    visit.app.text_input(key="links-items-since").input("1 January 2020")
    visit.finish("links-items-ask").open("links-items-export")
    visit.type("export-items-why", "As asked.").finish("export-items-save")
    assert case in visit.words
    assert "Download file" in visit.words
    visit = visits(desk.coordinator, Place.LINKS)
    visit.finish("links-items-ask")
    assert "give at least one condition" in visit.words


def test_a_question_by_associates_is_sent_answered_by_another_and_asked_once(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    linked(desk)
    visit = visits(desk.coordinator, Place.LINKS)
    visit.finish("links-associates-send")
    assert "purpose: choose one" in visit.words
    visit.app.selectbox(key="links-associates-own").set_value("none")
    visit.app.selectbox(key="links-associates-purpose").set_value("review of plans")
    visit.app.text_input(key="links-associates-why").input("Asked by the panel.")
    visit.finish("links-associates-send")
    assert "The request is sent for approval." in visit.words
    assert "Awaiting approval" in visit.words
    assert not visit.app.text_input(key="links-associates-why").value, (
        "the same is not sent twice by accident"
    )
    assert visit.app.selectbox(key="links-associates-purpose").value is None
    (request,) = associates_requests(desk.context(desk.coordinator)).mine
    assert "Awaiting your approval" not in visit.words
    theirs = visits(desk.chair, Place.LINKS)
    assert "Cora. Purpose: review of plans. Reason: Asked by the panel." in theirs.words
    theirs.press(f"associates-approve-{request.reference}")
    assert "Awaiting your approval" not in theirs.words
    visit = visits(desk.coordinator, Place.LINKS)
    assert "Asked by the panel." not in visit.words
    visit.press(f"associates-ask-{request.reference}")
    assert "by how many direct associates are in one: 0" in visit.words
    assert not visit.offers(f"associates-ask-{request.reference}")
    assert "Questions by associates" not in {
        each.label for each in visits(workers["voice"], Place.LINKS).app.expander
    }


def test_the_line_of_what_is_shared_leads_to_the_list_and_no_map_begins_at_it(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    context, snapshots = desk.context(desk.coordinator), desk.runtime.link_snapshots
    saved = save_query(
        context, snapshots=snapshots, question=AroundQuestion(reference=linked(desk)), why="The panel asked."
    )
    share_with(context, snapshots=snapshots, reference=saved.reference, recipient=desk.chair.user)
    visit = visits(desk.chair, Place.WORKLIST)
    assert f"Open {saved.reference} on the Links page" in visit.words
    assert re.search(rf'href="./links"[^>]*>{saved.reference}<', visit.source)
    there = visits(desk.chair, Place.LINKS).press(f"shared-open-{saved.reference}")
    assert "Daniel Roe" in labels(there)
    assert saved.reference not in visits(desk.chair, Place.WORKLIST).words
