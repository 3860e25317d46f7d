"""The review queue and "seen before?" as they are read and used."""

from __future__ import annotations

from dashboard.pages import Place
from engine.domain.accounts.acting import Acting, Role
from engine.domain.people.same_person import SameVerdict
from tests.builders import SAFE_PHONE, Desk, a_person
from tests.dashboard.visits import Visits, referred


def two_alike(desk: Desk) -> tuple[str, str]:
    first = referred(desk, "1", perpetrator=a_person("Daniel", "Roe"))
    return first, referred(desk, "2", perpetrator=a_person("Dan", "Roe"), victim=a_person("Nadia", "Lowe"))


def keys(desk: Desk, visit: object) -> str:
    (radio,) = [each for each in visit.app.radio if str(each.key).endswith("-verdict")]  # type: ignore[attr-defined]
    return str(radio.key).removesuffix("-verdict")


def test_two_records_stand_side_by_side_with_reasons_and_the_word_is_saved_and_taken_back(
    desk: Desk, visits: Visits
) -> None:
    two_alike(desk)
    visit = visits(desk.coordinator, Place.DUPLICATES)
    assert "1 pair to review." in visit.words
    assert "Daniel Roe" in visit.words
    assert "Dan Roe" in visit.words
    assert "forename is a short or longer form of the same name" in visit.words
    assert "1 more doubles the odds that they are one person Field Weight For or against" in visit.words
    for names in ("Stalking of Amira K., alleged: Daniel R.", "Stalking of Nadia L., alleged: Dan R."):
        assert names in visit.words
    key = keys(desk, visit)
    visit.app.radio(key=f"{key}-verdict").set_value(SameVerdict.NOT_SAME)
    visit.app.text_input(key=f"{key}-why").set_value("Two photographs.")
    visit.run().press("same-save")
    assert "No pairs to review." in visit.words
    assert "different people" in visit.words
    visit.press("same-undo")
    assert "1 pair to review." in visit.words
    assert "Earlier decisions" in visit.words


def test_a_word_without_a_reason_is_not_saved(desk: Desk, visits: Visits) -> None:
    two_alike(desk)
    visit = visits(desk.coordinator, Place.DUPLICATES).press("same-save")
    assert "Choose an answer and give the reason in one line." in visit.words
    assert "1 pair to review." in visit.words


def test_who_judges_blind_reads_no_weight(desk: Desk, visits: Visits) -> None:
    two_alike(desk)
    visit = visits(desk.coordinator, Place.DUPLICATES)
    visit.app.toggle(key="same-blind").set_value(True)
    visit.run()
    assert "Weights and reasons are hidden for this pair" in visit.words
    assert "short or longer form" not in visit.words


def test_an_answer_is_a_reference_and_whom_to_ask_and_the_rest_is_sent(desk: Desk, visits: Visits) -> None:
    first, _ = two_alike(desk)
    worker = desk.add("worker", Role.PRACTITIONER, "harbour")
    for acting, is_recorded in ((desk.chair, True), (worker, False)):
        visit = visits(acting, Place.SEARCH)
        visit.app.text_input(key="seen-perpetrator-surname").set_value("Roe")
        visit.app.text_input(key="seen-perpetrator-forename").set_value("Daniel")
        visit.app.text_input(key="seen-phone").set_value(SAFE_PHONE)
        visit.press("seen-ask")
        assert (first in visit.words) is is_recorded
        assert "Sent to the coordinator" in visit.words


def test_a_list_is_refused_and_nothing_is_asked(desk: Desk, visits: Visits) -> None:
    visit = visits(desk.coordinator, Place.SEARCH)
    visit.app.text_input(key="seen-phone").set_value("07700 900111, 07700 900112")
    visit.press("seen-ask")
    assert "lists are refused" in visit.words.lower()


def test_the_co_ordinator_reads_what_was_sent_and_says_that_it_is_seen_to(desk: Desk, visits: Visits) -> None:
    first, _ = two_alike(desk)
    worker: Acting = desk.add("worker", Role.PRACTITIONER, "harbour")
    asker = visits(worker, Place.SEARCH)
    asker.app.text_input(key="seen-phone").set_value(SAFE_PHONE)
    asker.press("seen-ask")
    visit = visits(desk.coordinator, Place.SEARCH)
    assert f"{first} a protected phone" in visit.words
    (button,) = [each for each in visit.app.button if str(each.key).startswith("seen-to-")]
    visit.press(str(button.key))
    assert "No searches to review." in visit.words
