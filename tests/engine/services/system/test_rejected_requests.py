"""What was refused is in the log, with ids alone; and a flood of it is counted and fills nothing."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from engine.domain.accounts.acting import Role
from engine.domain.errors import NotFoundError, NotPermittedError, SetupError
from engine.domain.ids import new_reference
from engine.services.cases.views import view_case
from engine.services.conference.decisions import open_conference
from engine.services.system.rejected_requests import MOST_A_MINUTE, Refusals, Refused
from tests.builders import Desk, a_referral

PLACE = "192.0.2.7"


def entries(desk: Desk) -> list[dict[str, Any]]:
    with desk.runtime.uow.unrecorded() as work:
        answer = [json.loads(entry.body) for entry in work.audit.entries()]
    return [entry for entry in answer if entry["what"] in ("refuse", "count refusals")]


def test_an_entry_says_what_was_refused_and_never_from_where_in_words(desk: Desk) -> None:
    desk.runtime.refusals.note(Refused.COOKIE, place=PLACE, because="lapsed", sign_in=7)
    (entry,) = entries(desk)
    assert entry["facts"] == {
        "refused": "cookie",
        "because": "lapsed",
        "sign_in": 7,
        "place": entry["facts"]["place"],
    }
    assert PLACE not in json.dumps(entry)
    assert (entry["user"], entry["cases"]) == ("door", [])


def test_the_same_place_reads_the_same_in_every_entry_and_another_does_not(desk: Desk) -> None:
    for place, what in ((PLACE, Refused.NAME), (PLACE, Refused.PATH), ("192.0.2.8", Refused.NAME)):
        desk.runtime.refusals.note(what, place=place)
    first, again, other = [entry["facts"]["place"] for entry in entries(desk)]
    assert first == again != other


def test_a_flood_from_one_place_is_one_entry_and_a_count(desk: Desk) -> None:
    for _ in range(500):
        desk.runtime.refusals.note(Refused.ORIGIN, place=PLACE)
    assert [entry["what"] for entry in entries(desk)] == ["refuse"]
    desk.clock.forward(timedelta(minutes=1))
    desk.runtime.refusals.note(Refused.ORIGIN, place=PLACE)
    answer = entries(desk)
    assert [entry["what"] for entry in answer] == ["refuse", "count refusals", "refuse"]
    assert answer[1]["facts"]["times"] == 499


def test_a_flood_from_everywhere_is_bounded_too(desk: Desk) -> None:
    for number in range(5 * MOST_A_MINUTE):
        desk.runtime.refusals.note(Refused.NAME, place=f"192.0.2.{number}")
    desk.runtime.refusals.finish()
    answer = entries(desk)
    assert len(answer) == MOST_A_MINUTE + 1
    assert answer[-1]["facts"]["times"] == 4 * MOST_A_MINUTE


def test_nothing_is_counted_where_nothing_was_left_out(desk: Desk) -> None:
    desk.runtime.refusals.note(Refused.NAME, place=PLACE)
    desk.runtime.refusals.finish()
    assert [entry["what"] for entry in entries(desk)] == ["refuse"]


def test_what_a_person_may_not_do_is_theirs_in_the_log(desk: Desk) -> None:
    (reference,) = desk.refer(a_referral()).referrals
    with pytest.raises(NotPermittedError), desk.runtime.refusals.noted(desk.coordinator):
        open_conference(desk.context(desk.coordinator), reference=reference)
    (entry,) = entries(desk)
    assert entry["user"] == "cora"
    assert entry["facts"]["because"] == "open a conference"


def test_a_case_that_is_not_open_and_one_that_is_not_there_leave_the_same_entry(desk: Desk) -> None:
    (there,) = desk.refer(a_referral()).referrals
    nobody = desk.add("outsider", Role.PRACTITIONER, "lantern")
    facts = []
    for reference in (there, new_reference("involvement")):
        with pytest.raises(NotFoundError), desk.runtime.refusals.noted(nobody):
            view_case(desk.context(nobody).with_agencies(()), reference=reference)
        desk.clock.forward(timedelta(minutes=1))
        facts.append(entries(desk)[-1]["facts"])
        assert entries(desk)[-1]["cases"] == []
    assert facts[0] == facts[1]


def test_a_record_that_cannot_be_written_to_refuses_all_the_same(desk: Desk) -> None:
    def no_key() -> Any:
        raise SetupError("the key is missing")

    Refusals(desk.runtime.uow, desk.clock, no_key).note(Refused.NAME, place=PLACE)
    assert entries(desk) == []
