"""A case that is restricted, erased or closed to its chair while its decision or amendment is typed."""

from __future__ import annotations

from typing import Any

import pytest

from dashboard.pages import Place
from engine.domain.cases.lifecycle import Act, State
from engine.domain.drafts import DraftForm
from engine.services.access import conflicts, restrictions
from engine.services.conference import decisions
from engine.services.drafts import open_draft
from engine.services.rights import retention
from tests.builders import Desk, in_one_entry
from tests.conferences import Room, a_room
from tests.dashboard.visits import Visit, Visits

TYPED = "Typed before the case was closed to its author."
FORMS = {
    "decide": (DraftForm.DECISION, "record-decision", "summary"),
    "amend": (DraftForm.AMENDMENT, "amend-decision", "because"),
}


@pytest.fixture
def room(desk: Desk) -> Room:
    return a_room(desk)


def typing(room: Room, visits: Visits, form: str, user: str) -> tuple[Visit, str]:
    """The form of a decision, open on the first case, with a text in it; and the key of the form."""
    case = room.cases[0]
    decisions.open_conference(room.context(), reference=case)
    if form == "amend":
        room.decide(case)
    acting = {"chair": room.desk.chair, "deputy": room.deputy}[user]
    visit = visits(acting, Place.CASE, case).press(FORMS[form][1])
    return visit.type(f"{form}-{case}-{FORMS[form][2]}", TYPED), f"{form}-{case}"


def drafts(room: Room, form: str, user: str) -> list[str]:
    acting = {"chair": room.desk.chair, "deputy": room.deputy}[user]
    draft = open_draft(room.desk.context(acting), form=FORMS[form][0], case=room.cases[0])
    return [each.text for each in draft.fields.values() if each.text == TYPED]


def versions(room: Room) -> int:
    with room.desk.runtime.uow.unrecorded() as work:
        return len(work.decisions.of([room.cases[0]])[room.cases[0]])


@pytest.mark.parametrize("form", FORMS)
def test_a_restriction_asks_a_chair_who_types_for_a_reason_and_keeps_the_draft(
    room: Room, visits: Visits, form: str
) -> None:
    visit, key = typing(room, visits, form, "deputy")
    before = versions(room)
    restrictions.restrict(room.context(), reference=room.cases[0], why="A party works for an agency.")
    visit.press(f"{key}-save")
    assert "Restricted case. Give your reason for opening it." in visit.words
    assert not visit.offers(f"{key}-save")
    assert versions(room) == before
    assert drafts(room, form, "deputy") == [TYPED]


@pytest.mark.parametrize("form", FORMS)
def test_a_chair_who_is_connected_to_a_party_loses_the_form_and_the_draft(
    room: Room, visits: Visits, form: str
) -> None:
    visit, key = typing(room, visits, form, "deputy")
    before, case = versions(room), room.cases[0]
    restrictions.restrict(room.context(), reference=case, why="A party works for an agency.")
    connected: dict[str, Any] = {"reference": case, "user": "deputy", "why": "A cousin."}
    conflicts.say_of(room.context(), **connected, is_connected=True)
    visit.press(f"{key}-save")
    assert "Problem." in visit.words
    assert not visit.offers(f"{key}-save")
    assert TYPED not in visit.words + visit.source
    assert versions(room) == before
    conflicts.say_of(room.context(), **connected, is_connected=False)
    assert drafts(room, form, "deputy") == []


@pytest.mark.parametrize("form", FORMS)
def test_an_erased_case_has_no_form_no_draft_and_no_new_version(
    room: Room, visits: Visits, form: str
) -> None:
    visit, key = typing(room, visits, form, "chair")
    before = versions(room)
    case = room.cases[0]
    with in_one_entry(room.desk.runtime) as work:  # its time is over
        now = work.cases.get(case)
        ended = now.model_copy(update={"state": State.CLOSED, "version": now.version + 1})
        at = room.desk.clock.now()
        work.cases.save_move(now, ended, act=Act.CLOSE, by="test", why="Over.", at=at)
    retention.review(room.context(), reference=case, owner="desk", erase=True, why="Its time is over.")
    retention.erase(room.context(room.deputy), reference=case, owner="desk")
    visit.press(f"{key}-save")
    assert versions(room) == before
    assert TYPED not in visit.source
    assert drafts(room, form, "chair") == []
