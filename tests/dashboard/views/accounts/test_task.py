"""The task in the bar of every page, and the question before a restricted case opens."""

from __future__ import annotations

from dashboard.pages import Place
from engine.domain.accounts.acting import Acting, Role
from engine.services.access.log import read_access_log
from engine.services.access.restrictions import restrict
from tests.builders import Desk
from tests.dashboard.visits import Visits, asked


def test_a_task_that_was_begun_is_in_the_bar_and_in_every_look(desk: Desk, visits: Visits) -> None:
    reference = asked(desk)
    visit = visits(desk.chair, Place.CASE, reference)
    visit.press("task-conference")
    assert "Your task is now: case conference of" in visit.words
    assert visit.offers("task-none")
    looks = read_access_log(desk.context(desk.chair), reference=reference).looks
    purposes = {look.purpose for look in looks if look.what == "view case"}
    assert any(purpose.startswith("case conference of ") for purpose in purposes)
    visit.press("task-none")
    assert not visit.offers("task-none")


def test_whoever_has_no_case_has_no_task(desk: Desk, visits: Visits) -> None:
    visit = visits(desk.add("max", Role.MANAGER), Place.OUTCOMES)
    assert not visit.offers("task-triage")


def test_a_restricted_case_opens_once_it_was_said_why(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = asked(desk)
    restrict(desk.context(desk.chair).with_agencies(()), reference=reference, why="Her brother is here.")
    visit = visits(workers["harbour"], Place.CASE, reference)
    assert "Restricted case. Give your reason for opening it." in visit.words
    assert "Kent" not in visit.words
    visit.press("opened-say")
    assert "reason: write 1 to" in visit.words
    visit.app.text_input(key="opened-why").set_value("To plan the visit of Thursday.")
    visit.press("opened-say")
    assert "Kent" in visit.words
    chair = visits(desk.chair, Place.CASE, reference).open("who-may-know")
    assert "To plan the visit of Thursday." in chair.words
