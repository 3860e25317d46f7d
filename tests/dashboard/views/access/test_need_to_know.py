"""Pages and need to know: what is hidden makes no difference, the question before a case, who has looked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dashboard import record
from dashboard.pages import Place
from engine.domain.accounts.acting import Acting, Role
from engine.domain.errors import NotFoundError
from engine.services.cases.views import view_case
from tests.builders import Desk
from tests.dashboard.visits import Visits, screened
from tests.differential import TwoWorlds, two_worlds

PAGES = {
    "co-ordinator": (Place.WORKLIST, Place.SCREENING, Place.CASES, Place.OUTCOMES, Place.AGENCIES),
    "practitioner": (Place.WORKLIST, Place.CASES),
    "analyst": (Place.CASES,),
    "manager": (Place.OUTCOMES, Place.AGENCIES),
    "auditor": (Place.AGENCIES,),
    "administrator": (Place.AGENCIES,),
}


_SEARCH = re.compile(r"\bQ-[0-9A-Z]{7}\b")
"""References of shared searches, which each of the two records drew for itself."""


@pytest.fixture
def worlds(tmp_path: Path) -> Iterator[TwoWorlds]:
    """The same record without and with a restricted case."""
    with two_worlds(tmp_path / "worlds") as made:
        yield made


def _shown(visits: Visits, desk: Desk, acting: Acting, place: Place, ref: str | None = None) -> str:
    settings = desk.runtime.settings
    desk.runtime.settings = settings.model_copy(
        update={"development_sign_in": True, "ask_about_connections": False}
    )
    record.use(desk.runtime)
    visit = Visits(desk, visits.connection)(acting, place, ref)
    return _SEARCH.sub("Q-", visit.words + visit.source)


@pytest.mark.slow
@pytest.mark.parametrize("role", PAGES)
def test_every_page_is_the_same_with_and_without_what_is_hidden(
    worlds: TwoWorlds, visits: Visits, role: str
) -> None:
    acting = worlds.viewers[role]
    for place in PAGES[role]:
        without = _shown(visits, worlds.without, acting, place)
        having = _shown(visits, worlds.having, acting, place)
        assert having == without, place
        assert worlds.hidden not in having


def test_the_page_of_a_hidden_case_is_that_of_none(worlds: TwoWorlds, visits: Visits) -> None:
    acting = worlds.viewers["co-ordinator"]
    hidden = _shown(visits, worlds.having, acting, Place.CASE, worlds.hidden)
    absent = _shown(visits, worlds.without, acting, Place.CASE, worlds.hidden)
    assert hidden == absent
    assert "or it does not exist; check the reference" in hidden


def _ask(desk: Desk) -> None:
    settings = desk.runtime.settings
    desk.runtime.settings = settings.model_copy(update={"ask_about_connections": True})


def test_a_named_practitioner_is_asked_before_the_case_opens_and_a_no_opens_it(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = screened(desk)
    _ask(desk)
    visit = visits(workers["harbour"], Place.CASE, reference)
    assert "Are you connected to either party?" in visit.words
    assert "Daniel Roe" in visit.words
    assert "Repeated unwanted contact" not in visit.words
    assert "If you answer yes or not sure, you cannot open this case." in visit.words
    labels = [visit.app.button(key=key).label for key in ("not-connected", "connected")]
    assert labels == ["No, I am not connected to either party", "Yes, or not sure"]
    visit.press("not-connected")
    assert "Repeated unwanted contact" in visit.words
    assert "Are you connected" not in visits(workers["harbour"], Place.CASE, reference).words
    assert "Are you connected" not in visits(desk.chair, Place.CASE, reference).words


def test_a_yes_closes_the_case_at_once(desk: Desk, workers: dict[str, Acting], visits: Visits) -> None:
    reference = screened(desk)
    _ask(desk)
    visits(workers["harbour"], Place.CASE, reference).press("connected")
    assert (
        "or it does not exist; check the reference" in visits(workers["harbour"], Place.CASE, reference).words
    )
    assert reference not in visits(workers["harbour"], Place.CASES).words


def test_the_chair_restricts_in_the_dialog_and_the_page_says_so(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = screened(desk)
    visit = visits(desk.chair, Place.CASE, reference).open("who-may-know")
    visit.app.text_input(key="restrict-why").set_value("Her brother works here.")
    visit.finish("restrict")
    assert "Only the chair and people named on this case can see it." in visit.words
    visit = visits(workers["harbour"], Place.CASE, reference)
    visit.app.text_input(key="opened-why").set_value("To plan the visit.")
    visit.press("opened-say").open("who-may-know")
    assert "Restricted case" in visit.words
    assert not visit.offers("lift")
    assert not visit.offers("restrict")
    assert not visit.offers("who-has-looked")


def test_chair_and_advocate_are_offered_who_has_looked(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = screened(desk)
    visits(workers["harbour"], Place.CASE, reference)
    for acting in (desk.chair, workers["voice"]):
        visit = visits(acting, Place.CASE, reference).open("who-has-looked")
        assert "harbour-worker (practitioner, harbour) view case" in visit.words
    assert not visits(desk.coordinator, Place.CASE, reference).offers("who-has-looked")


def test_an_urgent_look_opens_the_page_and_the_chair_is_told_and_reviews_it(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = screened(desk)
    outsider = desk.add("outsider", Role.PRACTITIONER, "quay")
    visit = visits(outsider, Place.CASES)
    visit.app.text_input(key="urgent-reference").set_value(reference)
    visit.app.text_input(key="urgent-why").set_value("A threat this evening.")
    visit.press("urgent-look-now")
    assert "Repeated unwanted contact" in visits(outsider, Place.CASE, reference).words
    assert "A threat this evening." in visits(desk.chair, Place.WORKLIST).words
    visit = visits(desk.chair, Place.CASE, reference).open("who-may-know")
    (look,) = [str(button.key) for button in visit.app.button if str(button.key).startswith("review-")]
    visit.app.text_input(key=f"{look}-why").set_value("It was called for.")
    visit.finish(look)
    assert "Review emergency access" not in visits(desk.chair, Place.WORKLIST).words


def test_nobody_at_the_desk_is_offered_an_urgent_look(desk: Desk, visits: Visits) -> None:
    assert not visits(desk.chair, Place.CASES).offers("urgent-look-now")


def test_chair_and_coordinator_name_people_on_a_screened_case_and_a_practitioner_does_not(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = screened(desk)
    late = desk.add("joined-later", Role.PRACTITIONER, "harbour")
    view: dict[str, Any] = {"context": desk.context(late), "reference": reference}
    with pytest.raises(NotFoundError):
        view_case(**view)
    visit = visits(desk.coordinator, Place.CASE, reference).open("who-may-know")
    visit.app.multiselect(key="name-people").set_value(["joined-later"])
    visit.run().finish("name-people-now")
    assert f"{reference} can now be opened by" in visit.words
    assert "joined-later" in view_case(**view).people_on_case
    visit = visits(workers["harbour"], Place.CASE, reference).open("who-may-know")
    assert not visit.offers("name-people-now")
