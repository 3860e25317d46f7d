"""Until the item opens, no page of anybody else differs by an agency's levels and reasons."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from dashboard import record
from dashboard.pages import Place
from engine.domain.accounts.acting import Acting
from tests.blind_rooms import REASONS, two_rooms
from tests.conferences import Room
from tests.dashboard.visits import Visit, Visits

OF_THIS_VISIT = ("signed_pass", "opening")
"""In what a field is given: another at each visit."""


@pytest.fixture(scope="module")
def rooms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Room, Room]]:
    with two_rooms(tmp_path_factory.mktemp("blind-pages")) as both:
        for there in both:
            settings = there.desk.runtime.settings
            there.desk.runtime.settings = settings.model_copy(
                update={"ask_about_connections": False, "development_sign_in": True}
            )
        yield both
        record.use(None)


def drawn(visit: Visit) -> str:
    """All that the browser is sent: texts, fields and what its own parts are given."""
    fields: list[Any] = []
    for each in visit.app.get("bidi_component"):
        given = json.loads(each.proto.json)
        fields.append({name: part for name, part in given.items() if name not in OF_THIS_VISIT})
    return visit.words + visit.source + json.dumps(fields)


def page(visits: Visits, there: Room, acting: Acting, place: Place, **codes: str) -> str:
    record.use(there.desk.runtime)
    own = Visits(there.desk, visits.connection)
    case = there.cases[0] if place is Place.CASE else None
    return drawn(own(acting, place, case, codes=codes))


def pages(visits: Visits, there: Room, acting: Acting) -> dict[str, str]:
    """The pages of a conference that has not come to its first item, and of the case."""
    conference = there.conference
    return {
        "worklist": page(visits, there, acting, Place.WORKLIST),
        "case": page(visits, there, acting, Place.CASE),
        "in session": page(visits, there, acting, Place.CONFERENCES, conference=conference),
        "agenda": page(visits, there, acting, Place.CONFERENCES, conference=conference, part="agenda"),
    }


@pytest.mark.parametrize("who", ["chair", "voice"])
def test_pages_of_others_are_the_same(rooms: tuple[Room, Room], visits: Visits, who: str) -> None:
    one, other = rooms
    acting = one.desk.chair if who == "chair" else one.workers[who]
    there, elsewhere = pages(visits, one, acting), pages(visits, other, acting)
    assert one.cases[0] in there["case"]
    assert "item is not on the screen yet" in there["in session"]
    for name, text in there.items():
        assert text == elsewhere[name], name
        assert not [why for why in REASONS if why in text], name


def test_its_own_agency_has_another_case_page(rooms: tuple[Room, Room], visits: Visits) -> None:
    own = rooms[0].workers["harbour"]
    one, other = (page(visits, there, own, Place.CASE) for there in rooms)
    assert one != other
    assert REASONS[0] in one
