"""The page of subject access: the advocate, the agency that reads first, and the officer who decides."""

from __future__ import annotations

from dashboard.pages import Place
from engine.domain.accounts.acting import Acting, Role
from engine.services.rights import subject_access as subject_access_requests
from tests.builders import Desk
from tests.dashboard.visits import Visits, screened
from tests.engine.services.rights.test_subject_access import ADDRESS, opened, person_of, record_result


def test_a_request_goes_its_way_on_the_page(desk: Desk, workers: dict[str, Acting], visits: Visits) -> None:
    officer = desk.add("dora", Role.DATA_PROTECTION)
    reference = screened(desk)
    request = opened(desk, officer, person=person_of(desk, reference))
    visit = visits(workers["voice"], Place.SUBJECT_ACCESS)
    assert f"A person named in case {reference}" in visit.words
    visit.press(f"safety-{request}-{reference}-True")
    assert f"{request}: your safety check is recorded." in visit.words
    record_result(desk, officer, request)

    visit = visits(officer, Place.SUBJECT_ACCESS)
    assert "Not yet reviewed by their own staff: harbour." in visit.words
    assert "You were named in a report." not in visit.words
    assert "Sharing report" in visit.words
    visit = visits(workers["harbour"], Place.SUBJECT_ACCESS)
    assert "Sharing report" not in visit.words
    assert "0. Report R1: You were named in a report." in visit.words
    visit.press(f"clear-{request}")
    assert "the data protection officer can now read it" in visit.words

    visit = visits(officer, Place.SUBJECT_ACCESS)
    assert "0. You were named in a report. withheld: no decision yet" in visit.words
    assert "neither confirm nor deny" in visit.words
    assert ADDRESS not in visit.words
    visit.app.text_input(key="request-confirm-why").set_value("He was told in court.")
    visit.press("request-confirm-True")
    assert "This reply confirms that data is held." in visit.words
    visit.press("request-address")
    assert ADDRESS in visit.words
    visit.open("request-release")
    assert f"The reply to {request} is released in your name, exactly as shown here." in visit.words
    visit.finish("request-release-now")
    assert "it lacks an answer of" in visit.words


def test_a_request_is_recorded_on_the_page_and_tells_nothing_back(desk: Desk, visits: Visits) -> None:
    visit = visits(desk.coordinator, Place.SUBJECT_ACCESS).press("request-open-do")
    assert "give a name, or a person's reference" in visit.words
    visit.app.text_input(key="request-surname").set_value("Nobody")
    visit.app.text_input(key="request-born").set_value("long ago")
    visit.press("request-open-do")
    assert "date of birth:" in visit.words
    assert visit.app.text_input(key="request-surname").value == "Nobody"
    visit.app.text_input(key="request-born").set_value("")
    visit.press("request-open-do")
    assert visit.app.text_input(key="request-surname-1").value == ""
    request = visit.words.split(" is recorded. The reply is due")[0].split()[-1]
    visit.app.text_input(key="request-ref").set_value(request)
    visit.app.text_input(key="request-how").set_value("Passport seen.")
    visit.app.text_input(key="request-to").set_value(ADDRESS)
    visit.press("request-who-do")
    assert "The request is updated." in visit.words
    assert ADDRESS not in visit.words
    officer = desk.add("dora", Role.DATA_PROTECTION)
    assert f"{request} 2 April 2026 Ready to collect" in visits(officer, Place.SUBJECT_ACCESS).words


def test_an_erasure_is_read_through_before_it_is_done(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    def erasing(request, why):
        from dashboard.views.rights import subject_access as subject_access_requests_module

        subject_access_requests_module._erase(request, why)

    officer = desk.add("dora", Role.DATA_PROTECTION)
    request = opened(desk, officer, person=person_of(desk, screened(desk)))
    visit = visits.show(officer, erasing, request, "The review day has come.")
    for shown in (
        f"Request {request}",
        "Reason The review day has come.",
        "Kept a record that the request was received and answered",
    ):
        assert shown in visit.words
    visit.press("request-erase-now")
    assert "the reply has not been released" in visit.words


def test_who_has_nothing_to_do_with_a_request_sees_none(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    officer = desk.add("dora", Role.DATA_PROTECTION)
    reference = screened(desk)
    request = opened(desk, officer, person=person_of(desk, reference))
    for acting in (workers["harbour"], desk.coordinator):
        assert request not in visits(acting, Place.SUBJECT_ACCESS).words
    assert subject_access_requests.safety_to_say(desk.context(workers["harbour"])) == ()
