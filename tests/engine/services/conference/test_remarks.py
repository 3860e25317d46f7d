"""What is said in the room: entered under its agency, released by its person there, and the taker's notes."""

from __future__ import annotations

from typing import Any

import pytest

from engine.domain.accounts.acting import Acting
from engine.domain.conference.attendance import AttendanceAct
from engine.domain.conference.meetings import ConferenceGiven
from engine.domain.conference.remarks import RemarkAct, RemarkGiven, RemarkView
from engine.domain.errors import InvalidInputError, NotFoundError, NotPermittedError
from engine.domain.responses.answers import Nature
from engine.domain.sharing import DESK, AudienceKind, LedgerEntry
from engine.services.access import conflicts
from engine.services.conference import meetings, remarks
from engine.services.conference.minutes import read_minutes
from engine.services.responses import requests as response_requests
from engine.services.sharing.release_rules import ledger
from tests.conferences import MINUTE, Room
from tests.prepared import prepared


def said(agency: str = "harbour", **changes: Any) -> RemarkGiven:
    given: dict[str, Any] = {
        "agency": agency,
        "text": "He came to the car park.",
        "source": "A visit, 28 February.",
        "nature": Nature.FACT,
        **changes,
    }
    return RemarkGiven.model_validate(given)


@pytest.fixture
def table(room: Room) -> Room:
    """The first item on the screen, everyone asked, and a person of three agencies in the room."""
    prepared(room.desk, _begin, room)
    return room


def _begin(room: Room) -> None:
    response_requests.open_requests(room.context(room.desk.coordinator), reference=room.cases[0])
    room.started()
    for user in ("harbour-worker", "harbour-later", "lantern-worker", "voice-worker"):
        room.attend(user)
    room.next()


def worker(room: Room, agency: str) -> Acting:
    """The practitioner of an agency who is named on every case."""
    with room.desk.runtime.uow.unrecorded() as work:
        return work.users.get(f"{agency}-worker").acting()


def enter(room: Room, acting: Acting, **changes: Any) -> RemarkView:
    given = said(**{"agency": acting.agency or "harbour", **changes})
    return remarks.enter_remark(**room.here(acting), case=room.cases[0], given=given)


def settle(room: Room, acting: Acting, remark: RemarkView, act: RemarkAct = RemarkAct.RELEASED) -> RemarkView:
    return remarks.settle_remark(room.context(acting), remark=remark.reference, act=act)


def seen(room: Room, acting: Acting | None = None) -> list[str | None]:
    listed = remarks.view_remarks(**room.here(acting), case=room.cases[0])
    return [each.text for each in listed]


def test_until_its_release_only_its_agency_and_who_entered_it_see_what_was_said(table: Room) -> None:
    desk = table.desk
    table.attend(desk.coordinator.user)
    remark = enter(table, desk.coordinator)
    assert remark.status == "waiting for harbour to release"
    assert not remark.may_release
    for reader in (desk.coordinator, worker(table, "harbour"), table.workers["harbour"]):
        assert seen(table, reader) == ["He came to the car park."]
    for reader in (desk.chair, table.deputy, worker(table, "lantern"), worker(table, "voice")):
        assert seen(table, reader) == []
    with pytest.raises(NotFoundError):
        settle(table, worker(table, "lantern"), remark)
    with pytest.raises(NotPermittedError):
        settle(table, desk.coordinator, remark)
    settled = settle(table, worker(table, "harbour"), remark)
    assert settled.status == "released by harbour-worker"
    for reader in (desk.chair, worker(table, "lantern")):
        assert seen(table, reader) == ["He came to the car park."]
    with pytest.raises(InvalidInputError, match="it is 'released' already"):
        settle(table, worker(table, "harbour"), remark)


def test_its_representative_may_enter_and_then_release_it_and_a_colleague_too(table: Room) -> None:
    own, colleague = worker(table, "harbour"), table.workers["harbour"]
    first, second = enter(table, own), enter(table, own, text="He drove off.")
    assert first.may_release
    settle(table, own, first)
    settle(table, colleague, second)
    assert seen(table) == ["He came to the car park.", "He drove off."]


def test_one_that_is_discarded_stays_with_its_agency_and_out_of_the_minutes(table: Room) -> None:
    own = worker(table, "harbour")
    discarded = settle(table, own, enter(table, own), RemarkAct.DISCARDED)
    assert discarded.status == "discarded by harbour-worker"
    assert seen(table, worker(table, "lantern")) == []
    assert read_minutes(**table.here(own)).items[0].remarks == ()


@pytest.mark.parametrize("audience", [("lantern",), (DESK,)])
def test_agencies_that_are_not_named_learn_that_something_was_withheld(
    table: Room, audience: tuple[str, ...]
) -> None:
    own = worker(table, "harbour")
    settle(table, own, enter(table, own, audience=AudienceKind.NAMED, agencies=audience))
    reads = {
        "lantern": seen(table, worker(table, "lantern")),
        "voice": seen(table, worker(table, "voice")),
        DESK: seen(table),
    }
    assert {who: texts != [None] for who, texts in reads.items()} == {
        who: who in audience for who in ("lantern", "voice", DESK)
    }


def test_minutes_have_what_was_released_and_notes_for_those_who_may_read_them(table: Room) -> None:
    own = worker(table, "harbour")
    settle(table, own, enter(table, own, audience=AudienceKind.NAMED, agencies=("lantern",)))
    enter(table, own, text="This waits.")
    texts = {
        agency: [each.text for each in read_minutes(**table.here(worker(table, agency))).items[0].remarks]
        for agency in ("harbour", "lantern", "voice")
    }
    assert texts == {
        "harbour": ["He came to the car park."],
        "lantern": ["He came to the car park."],
        "voice": [None],
    }


def test_a_release_is_in_the_sharing_log_and_an_entry_is_not(table: Room) -> None:
    own = worker(table, "harbour")
    remark = enter(table, own)

    def lines() -> list[LedgerEntry]:
        entries = ledger(table.context(own), reference=table.cases[0]).entries
        return [line for line in entries if remark.reference in {item.key for item in line.items}]

    assert lines() == []
    settle(table, own, remark)
    (line,) = lines()
    assert (line.whom, line.grounds.purpose) == ("panel", "Said in the case conference.")


def test_only_a_person_at_the_table_who_does_not_observe_enters_and_releases(table: Room) -> None:
    own = worker(table, "harbour")
    remark = enter(table, own)
    table.desk.clock.forward(MINUTE)
    table.attend("harbour-worker", AttendanceAct.LEFT)
    table.desk.clock.forward(MINUTE)
    with pytest.raises(NotPermittedError, match="a person recorded as present"):
        enter(table, own)
    with pytest.raises(NotPermittedError, match="a person recorded as present"):
        settle(table, own, remark)
    table.attend("harbour-worker", AttendanceAct.SIGNED, is_observer=True)
    table.attend("harbour-worker", is_observer=True)
    table.desk.clock.forward(MINUTE)
    with pytest.raises(NotPermittedError):
        enter(table, own)


def test_nobody_speaks_for_another_agency_nor_about_a_case_that_is_not_open_to_them(table: Room) -> None:
    with pytest.raises(NotPermittedError):
        enter(table, worker(table, "harbour"), agency="lantern")
    voice = worker(table, "voice")
    conflicts.say_own(table.context(voice), reference=table.cases[0], is_connected=True)
    for tried in (
        lambda: enter(table, voice),
        lambda: remarks.view_remarks(**table.here(voice), case=table.cases[0]),
        lambda: remarks.view_remarks(**table.here(table.workers["harbour"]), case=table.cases[1]),
    ):
        with pytest.raises(NotFoundError, match="choose an item that is not private"):
            tried()


def test_it_is_said_about_an_item_that_was_on_the_screen_of_a_conference_in_session(table: Room) -> None:
    own = worker(table, "harbour")
    with pytest.raises(InvalidInputError, match="has not been on the screen"):
        remarks.enter_remark(**table.here(own), case=table.cases[1], given=said())
    with pytest.raises(InvalidInputError, match="beacon was not asked"):
        enter(table, own, audience=AudienceKind.NAMED, agencies=("beacon",))
    remark = enter(table, own)
    table.closed()
    with pytest.raises(InvalidInputError, match="it is 'closed'"):
        settle(table, own, remark)


def test_the_minute_taker_alone_adds_notes_and_everyone_on_the_case_reads_them(room: Room) -> None:
    given = ConferenceGiven(held_on=room.desk.clock.today(), minute_taker=room.desk.coordinator.user)
    taken = meetings.create_conference(room.context(), given=given).reference
    there = Room(room.desk, room.workers, room.deputy, taken, room.cases).started()
    there.next()
    note: dict[str, Any] = {"case": room.cases[0], "text": "The panel asked for the report by Friday."}
    with pytest.raises(NotPermittedError, match="the minute taker"):
        remarks.add_note(**there.here(), **note)
    assert remarks.add_note(**there.here(room.desk.coordinator), **note).status.startswith("note of ")
    for text in ("   ", "a" * 2_001):
        with pytest.raises(InvalidInputError, match="give a text of at most"):
            remarks.add_note(**there.here(room.desk.coordinator), case=room.cases[0], text=text)
    assert seen(there, worker(there, "voice")) == [note["text"]]
    assert [each.text for each in read_minutes(**there.here()).items[0].remarks] == [note["text"]]


@pytest.mark.parametrize(
    "changes",
    [
        {"audience": AudienceKind.OWNER},
        {"audience": AudienceKind.NAMED},
        {"agencies": ("harbour",), "audience": AudienceKind.NAMED},
        {"grade": "9Z"},
        {"source": ""},
        {"text": "a" * 2_001},
    ],
)
def test_a_remark_has_a_source_an_audience_of_others_and_a_grade_in_its_form(changes: dict[str, Any]) -> None:
    assert said(grade="2B P", agencies=("voice",), audience=AudienceKind.NAMED).grade == "2B P"
    with pytest.raises(ValueError, match=r"validation error"):
        said(**changes)
