"""Until the item opens, an agency's levels and reasons make no difference to what anybody else gets."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from engine.domain.accounts.acting import Acting
from engine.domain.base import Frozen
from engine.domain.conference.risk import Domain
from engine.domain.conference.timer import Pulse
from engine.domain.drafts import DraftForm
from engine.domain.errors import StacError
from engine.services.cases import following
from engine.services.cases.lists import list_page
from engine.services.cases.views import view_case
from engine.services.cases.worklists import worklist
from engine.services.conference import amending, decisions, meetings, minutes, room, session
from engine.services.conference.gaps import compared_on
from engine.services.context import AgencyContext
from engine.services.drafts import open_draft
from tests.blind_rooms import REASONS, two_rooms
from tests.builders import a_decision
from tests.conferences import Room
from tests.differential import statements_of


def _without_now(pulse: Pulse) -> Pulse:
    return pulse.model_copy(update={"now": datetime(2026, 3, 2, tzinfo=UTC)})


READS: dict[str, Callable[[AgencyContext, Room], object]] = {
    "case": lambda context, there: view_case(context, reference=there.cases[0]),
    "lists": lambda context, there: list_page(context, count=None).rows,
    "worklist": lambda context, there: worklist(context),
    "conference": lambda context, there: meetings.view_conference(context, conference=there.conference),
    "people of the item": lambda context, there: room.view_item_people(
        context, conference=there.conference, place=1
    ),
    "item on a follower's screen": lambda context, there: following.follow_conference(
        context, conference=there.conference, place=1
    ),
    "its case": lambda context, there: following.view_item_case(
        context, conference=there.conference, case=there.cases[0]
    ),
    "pulse": lambda context, there: _without_now(session.read_pulse(context, conference=there.conference)),
    "room's screen": lambda context, there: room.view_room(context, conference=there.conference),
    "minutes": lambda context, there: minutes.read_minutes(context, conference=there.conference),
    "template": lambda context, there: [
        compared_on(domain, view_case(context, reference=there.cases[0]).answers).in_words
        for domain in Domain
    ],
    "decide": lambda context, there: decisions.decide(
        context, reference=there.cases[0], decision=a_decision()
    ),
    "amend": lambda context, there: amending.show_amendment(
        context, reference=there.cases[0], decision=a_decision(amended_because="A slip.")
    ),
    "draft of a response": lambda context, there: (
        open_draft(there.desk.context(context.acting), form=DraftForm.ANSWER, case=there.cases[0]).fields
    ),
    "dissent": lambda context, there: amending.enter_dissent(
        context, reference=there.cases[0], reasons="It asks too little."
    ),
}
"""Whatever a command, a page or an export is made from, and what is refused."""


def as_text(given: object) -> str:
    """All of an answer, whatever it is made of."""
    if isinstance(given, Frozen):
        return given.model_dump_json()
    if isinstance(given, tuple | list):
        return json.dumps([as_text(each) for each in given])
    return repr(given)


def read(there: Room, acting: Acting, name: str) -> tuple[str, list[str]]:
    """What this person gets, and what the database was asked: for as long as it takes."""
    with statements_of(there.desk) as statements:
        try:
            return as_text(READS[name](there.context(acting), there)), statements
        except StacError as error:
            return f"{type(error).__name__}: {error}", statements


@pytest.fixture(scope="module")
def rooms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Room, Room]]:
    """Both, for all tests here: nothing is recorded before the last."""
    with two_rooms(tmp_path_factory.mktemp("blind")) as both:
        yield both


@pytest.mark.parametrize("name", READS)
def test_levels_and_reasons_make_no_difference_to_anybody_else(rooms: tuple[Room, Room], name: str) -> None:
    one, other = rooms
    readers = (one.desk.chair, one.desk.coordinator, one.deputy, one.workers["voice"], one.workers["lantern"])
    for acting in readers:
        got, statements = read(one, acting, name)
        assert (got, statements) == read(other, acting, name), acting.user
        assert not any(why in got for why in REASONS)


def test_its_own_agency_reads_them_and_everyone_does_from_the_opening_on(rooms: tuple[Room, Room]) -> None:
    one, other = rooms
    own = one.workers["harbour"]
    for name in ("case", "draft of a response"):
        assert read(one, own, name)[0] != read(other, own, name)[0]
    for there in rooms:
        there.next()
    for name in ("case", "template"):
        assert read(one, one.workers["voice"], name)[0] != read(other, one.workers["voice"], name)[0]
