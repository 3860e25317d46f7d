"""What minutes hold of an item: what was shared while the conference sat, within the reader's own access."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.domain.conference.minutes import MinutedItem
from engine.domain.sharing import AudienceKind, Grounds, LedgerAct, RuleGiven, VisibilityToOthers
from engine.services.conference.minutes import read_minutes
from engine.services.responses import requests as response_requests
from engine.services.sharing import release_rules
from tests.conferences import Room
from tests.dashboard.visits import answers


@pytest.fixture
def asked(room: Room) -> Room:
    """All agencies are asked about the first case, and its item is on the screen."""
    case = room.cases[0]
    response_requests.open_requests(room.context(room.desk.coordinator), reference=case)
    answers(room.desk, room.workers["harbour"], case)
    room.desk.clock.forward(timedelta(hours=1))
    room.started().next()
    return room


def first_item(room: Room, who: str) -> MinutedItem:
    return read_minutes(**room.here(room.workers[who])).items[0]


def test_what_was_shared_while_the_conference_sat_is_minuted_and_nothing_before_or_after(asked: Room) -> None:
    assert first_item(asked, "harbour").disclosures == ()
    answers(asked.desk, asked.workers["voice"], asked.cases[0])
    asked.desk.clock.forward(timedelta(minutes=5))
    asked.closed()
    asked.desk.clock.forward(timedelta(minutes=5))
    answers(asked.desk, asked.workers["harbour"], asked.cases[0])
    (shared, *others) = first_item(asked, "harbour").disclosures
    assert not [each for each in others if each.agency != "voice"]
    assert (shared.agency, shared.act, shared.whom) == ("voice", LedgerAct.SHARED, "panel")
    assert any("finding-1" in item for item in shared.items)


def test_what_its_owner_hides_is_in_no_other_agencys_minutes(asked: Room) -> None:
    case, voice = asked.cases[0], asked.workers["voice"]
    rule = RuleGiven(
        item="*",
        audience=AudienceKind.OWNER,
        otherwise=VisibilityToOthers.HIDE,
        grounds=Grounds(purpose="case work"),
        why="In confidence.",
    )
    answers(asked.desk, voice, case)
    assert first_item(asked, "harbour").disclosures != ()
    release_rules.set_rule(asked.context(voice), reference=case, agency="voice", rule=rule)
    asked.closed()
    assert first_item(asked, "voice").disclosures != ()
    assert first_item(asked, "harbour").disclosures == ()
