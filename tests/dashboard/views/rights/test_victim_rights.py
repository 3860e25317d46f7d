"""Roles and requests on the case page."""

from __future__ import annotations

from dashboard.pages import Place
from engine.domain.accounts.acting import Acting
from tests.builders import Desk
from tests.dashboard.visits import Visits, screened


def test_the_desk_drafts_the_chair_decides_and_the_agency_answers(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = screened(desk)
    visit = visits(desk.coordinator, Place.CASE, reference).open("victim-rights")
    assert "The victim's role is claimed, not contested ." in visit.words
    visit.app.selectbox(key=f"rights-{reference}-agency").set_value("harbour")
    for key in ("what", "for-what", "necessary", "handled"):
        visit.app.text_input(key=f"rights-{reference}-{key}").set_value(f"Said of {key}.")
    visit.finish("request-draft")
    request = visit.words.split("is drafted")[0].split()[-1]
    assert request.startswith("H-")
    assert request not in visits(workers["harbour"], Place.CASE, reference).open("victim-rights").words

    visit = visits(desk.chair, Place.CASE, reference).open("victim-rights")
    visit.app.text_input(key=f"rights-{reference}-{request}-authorised").set_value("DC A. Example")
    visit.app.text_input(key=f"rights-{reference}-{request}-why").set_value("A line of enquiry.")
    visit.app.text_input(key=f"rights-{reference}-{request}-no-notice").set_value("It would warn him.")
    visit.finish(f"request-decide-{request}-True")
    assert f"{request}: recorded." in visit.words
    visit = visits(workers["harbour"], Place.CASE, reference).open("victim-rights")
    assert "The victim was not informed: It would warn him." in visit.words
    visit.app.text_input(key=f"rights-{reference}-why-{request}").set_value("We hold none.")
    visit.finish(f"request-answer-{request}-True")
    assert f"{request}: recorded." in visit.words
    assert "The agency refused." in visits(desk.chair, Place.CASE, reference).open("victim-rights").words
