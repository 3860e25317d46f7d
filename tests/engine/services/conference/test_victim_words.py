"""The victim's words have a source, are the advocate's to enter or confirm, and go no further than agreed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.domain.accounts.acting import Acting
from engine.domain.conference.attendance import AttendanceAct
from engine.domain.conference.minutes import MinutesPhase
from engine.domain.conference.victim_words import Manner, VictimWordsGiven
from engine.domain.dates import PartialDate
from engine.domain.errors import InvalidInputError, NotFoundError, NotPermittedError
from engine.domain.responses.voices import EVERYONE
from engine.services.cases.views import view_case
from engine.services.conference import victim_words
from engine.services.conference.minutes import read_minutes
from tests.conferences import Room

TEXT = "I am more afraid than it looks."


def given(**changes: Any) -> VictimWordsGiven:
    """The victim's words of a day in March, to the advocate."""
    return VictimWordsGiven.model_validate(
        {
            "text": TEXT,
            "manner": Manner.OWN_WORDS,
            "said_by": "the victim",
            "said_on": PartialDate("2026-03-02"),
            "said_to": "the advocate",
            **changes,
        }
    )


def recorded(room: Room, acting: Acting, **changes: Any) -> victim_words.VictimWordsRecorded:
    return victim_words.record_victim_words(
        room.context(acting), reference=room.cases[0], given=given(**changes)
    )


def confirmed(room: Room, acting: Acting, *with_whom: str, number: int = 1) -> None:
    victim_words.confirm_victim_words(
        room.context(acting), reference=room.cases[0], number=number, with_whom=with_whom
    )


def readers(room: Room) -> dict[str, list[str]]:
    """What each person on the case reads of it, on the case and in the minutes alike."""
    found = {}
    for name, acting in {
        "chair": room.desk.chair,
        "coordinator": room.desk.coordinator,
        "voice": room.workers["voice"],
        "harbour": room.workers["harbour"],
    }.items():
        context = room.context(acting)
        seen = [each.source for each in view_case(context, reference=room.cases[0]).victim_words]
        items = read_minutes(context, conference=room.conference).items
        minuted = [each.source for item in items if item.case == room.cases[0] for each in item.victim_words]
        assert seen == minuted
        found[name] = seen
    return found


@pytest.fixture
def item(room: Room) -> Room:
    """The first case on the screen, with the advocate in the room."""
    room.started()
    room.attend("voice-worker")
    room.next()
    return room


def test_what_the_advocate_entered_has_its_source_and_is_read_by_those_the_victim_named(item: Room) -> None:
    recorded(item, item.workers["voice"], with_whom=("harbour",))
    entered = ["entered by voice-worker"]
    assert readers(item) == {"chair": [], "coordinator": [], "voice": entered, "harbour": entered}
    (words,) = view_case(item.context(item.workers["harbour"]), reference=item.cases[0]).victim_words
    assert words.origin == (
        "Said by the victim on 2 March 2026 to the advocate, in the victim's own words; "
        "entered by voice-worker."
    )


def test_what_the_chair_noted_reads_as_noted_until_the_advocate_confirms_it(item: Room) -> None:
    recorded(item, item.desk.chair, manner=Manner.REPORTED)
    noted = ["as noted by chair"]
    assert readers(item) == {"chair": noted, "coordinator": noted, "voice": noted, "harbour": []}
    confirmed(item, item.workers["voice"], EVERYONE)
    sources = ["confirmed by voice-worker"]
    assert readers(item) == dict.fromkeys(("chair", "coordinator", "voice", "harbour"), sources)


def test_what_is_confirmed_without_agreement_to_share_goes_no_further(item: Room) -> None:
    recorded(item, item.desk.coordinator)
    confirmed(item, item.workers["voice"])
    assert {name for name, sources in readers(item).items() if sources} == {"voice"}


def test_words_cannot_be_confirmed_twice_and_a_note_cannot_say_with_whom(item: Room) -> None:
    recorded(item, item.workers["voice"])
    with pytest.raises(InvalidInputError, match="entered or confirmed already"):
        confirmed(item, item.workers["voice"])
    with pytest.raises(InvalidInputError, match="the victim's advocate records the agreement"):
        recorded(item, item.desk.chair, with_whom=(EVERYONE,))
    with pytest.raises(InvalidInputError, match="an agency is not installed"):
        recorded(item, item.workers["voice"], with_whom=("fire-brigade",))
    with pytest.raises(NotFoundError):
        confirmed(item, item.workers["voice"], number=2)


def test_another_agency_and_an_advocate_who_is_absent_record_nothing(item: Room) -> None:
    with pytest.raises(NotPermittedError, match="the victim's advocate on the case"):
        recorded(item, item.workers["harbour"])
    recorded(item, item.desk.chair)
    with pytest.raises(NotPermittedError):
        confirmed(item, item.workers["harbour"])
    with pytest.raises(NotPermittedError):
        confirmed(item, item.desk.chair)
    item.attend("voice-worker", AttendanceAct.LEFT)
    confirmed(item, item.workers["voice"], EVERYONE)  # who was there and left may


def test_an_advocate_who_did_not_attend_the_item_is_refused(room: Room) -> None:
    room.started().next()
    with pytest.raises(NotPermittedError, match="who attended the conference"):
        recorded(room, room.workers["voice"])
    assert view_case(room.context(), reference=room.cases[0]).victim_words == ()


def test_words_on_one_case_are_not_on_another(item: Room) -> None:
    recorded(item, item.workers["voice"], with_whom=(EVERYONE,))
    assert view_case(item.context(), reference=item.cases[1]).victim_words == ()


def withdrawn(room: Room, acting: Acting, number: int = 1) -> str:
    done = victim_words.withdraw_victim_words(room.context(acting), reference=room.cases[0], number=number)
    return done.in_words


def withdrawals(room: Room) -> dict[str, list[str]]:
    """What each person reads of withdrawals on the case."""
    people = {"chair": room.desk.chair, "voice": room.workers["voice"], "harbour": room.workers["harbour"]}
    return {
        name: [
            each.in_words
            for each in view_case(room.context(acting), reference=room.cases[0]).victim_words_withdrawn
        ]
        for name, acting in people.items()
    }


def test_the_advocate_withdraws_the_words_and_those_who_read_them_read_when(item: Room) -> None:
    recorded(item, item.workers["voice"], with_whom=("harbour",))
    sentence = withdrawn(item, item.workers["voice"])
    assert sentence == "Words 1 were withdrawn on 2 March 2026 by voice-worker"
    assert not any(readers(item).values())
    assert withdrawals(item) == {"chair": [], "voice": [sentence], "harbour": [sentence]}
    for who in ("voice", "harbour"):
        context = item.context(item.workers[who])
        for page in (view_case(context, reference=item.cases[0]), read_minutes(**item.here(context.acting))):
            assert TEXT not in page.model_dump_json()


def test_words_that_the_advocate_confirmed_are_withdrawn_too_and_once(item: Room) -> None:
    recorded(item, item.desk.chair)
    with pytest.raises(InvalidInputError, match="1 was only noted, by chair"):
        withdrawn(item, item.workers["voice"])
    confirmed(item, item.workers["voice"], EVERYONE)
    withdrawn(item, item.workers["voice"])
    assert not any(readers(item).values())
    with pytest.raises(InvalidInputError, match="withdrawn already"):
        withdrawn(item, item.workers["voice"])
    with pytest.raises(NotFoundError):
        withdrawn(item, item.workers["voice"], 2)


def test_nobody_else_withdraws_them(item: Room) -> None:
    recorded(item, item.workers["voice"], with_whom=(EVERYONE,))
    for acting in (item.desk.chair, item.workers["harbour"]):
        with pytest.raises(NotPermittedError):
            withdrawn(item, acting)
    assert all(readers(item).values())


def test_agreed_minutes_keep_the_words_and_name_the_withdrawal_later_ones_never_had_them(item: Room) -> None:
    recorded(item, item.workers["voice"], with_whom=("harbour",))
    recorded(item, item.workers["voice"], with_whom=("harbour",), text="I moved my things out.")
    withdrawn(item, item.workers["voice"], 2)
    item.closed()
    item.minuted(MinutesPhase.PREPARED, MinutesPhase.CORRECTIONS, MinutesPhase.AGREED)
    before = read_minutes(**item.here(item.workers["harbour"]))
    sentence = withdrawn(item, item.workers["voice"])
    after = read_minutes(**item.here(item.workers["harbour"]))
    assert [each.text for each in after.items[0].victim_words] == [TEXT]
    assert [each.in_words for each in after.items[0].words_withdrawn] == [sentence]
    assert (after.digest, after.items[0].victim_words) == (before.digest, before.items[0].victim_words)
    chair = read_minutes(**item.here())
    assert sentence not in chair.model_dump_json()
    assert chair.items[0].words_withdrawn == ()


def test_words_that_a_person_may_read_are_the_last_contact_for_them_and_for_nobody_else(room: Room) -> None:
    voice, harbour = room.workers["voice"], room.workers["harbour"]

    def last_reached(acting: Acting) -> date | None:
        return view_case(room.context(acting), reference=room.cases[0]).victim_last_reached

    recorded(room, voice, with_whom=[])
    assert (last_reached(voice), last_reached(harbour)) == (date(2026, 3, 2), None)
    recorded(room, voice, said_on=PartialDate("2026-03-01"), with_whom=[EVERYONE])
    assert (last_reached(voice), last_reached(harbour)) == (date(2026, 3, 2), date(2026, 3, 1))
    recorded(room, voice, said_by="the victim's mother", with_whom=[EVERYONE])
    assert last_reached(harbour) == date(2026, 3, 1)
