"""Requests about a record that others learn of: where a stub is, to that agency, with replies from a list."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from engine.domain.accounts.acting import Acting, Role
from engine.domain.accounts.tasks import Task
from engine.domain.errors import InvalidInputError, NotFoundError, NotPermittedError
from engine.domain.links.record_requests import RecordReply, RecordRequest
from engine.domain.responses.answers import Contribution, NilReturn
from engine.domain.sharing import VisibilityToOthers
from engine.services.access import conflicts
from engine.services.cases import worklists
from engine.services.links import record_requests as requests
from tests.builders import Desk, a_desk, with_toys
from tests.engine.services.links.test_hidden_records import CONTRIBUTION, NIL, a_case, ruled, worker

WHY = "The panel asked what to expect."


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with a_desk(tmp_path / "home") as made:
        with_toys(made)
        yield made


@pytest.fixture
def case(desk: Desk) -> str:
    """A case on which one agency lets the others learn that its record exists."""
    made = a_case(desk)
    ruled(desk, made, VisibilityToOthers.STUB)
    return made


def sent(
    desk: Desk, case: str, by: Acting | None = None, agency: str = "harbour", why: str | None = WHY
) -> RecordRequest:
    return requests.request_record(
        desk.context(by or desk.chair), reference=case, agency=agency, purpose=Task.CONFERENCE, why=why
    )


def replied(desk: Desk, request: RecordRequest, reply: RecordReply, by: Acting | None = None) -> None:
    requests.answer_record_request(
        desk.context(by or worker("harbour")), reference=request.reference, reply=reply
    )


def lines(desk: Desk, acting: Acting) -> list[tuple[str, str, str]]:
    items = worklists.worklist(desk.context(acting)).items
    return [(each.reference, each.what, each.why) for each in items if each.kind == requests.RECORD_ITEM]


def refused(desk: Desk, case: str, by: Acting | None = None, agency: str = "harbour") -> str:
    with pytest.raises(NotFoundError) as error:
        sent(desk, case, by, agency)
    return str(error.value)


@pytest.mark.parametrize("reply", RecordReply)
def test_a_request_is_a_line_for_the_agency_and_its_reply_one_for_the_sender(
    desk: Desk, case: str, reply: RecordReply
) -> None:
    request = sent(desk, case)
    assert lines(desk, desk.chair) == []
    assert lines(desk, worker("lantern")) == []
    assert lines(desk, worker("harbour")) == [
        (case, "Reply to a request about your record", f"{desk.chair.user} asks. Purpose: case conference.")
    ]
    listed = requests.record_requests(desk.context(worker("harbour")))
    assert [(each.reference, each.why) for each in listed.to_answer] == [(request.reference, WHY)]
    replied(desk, request, reply)
    assert lines(desk, worker("harbour")) == []
    assert lines(desk, desk.chair) == [(case, "Reply of harbour about its record", reply.sentence)]
    with pytest.raises(NotFoundError):
        replied(desk, request, reply)


@pytest.mark.parametrize("answer", [CONTRIBUTION, NIL], ids=["a contribution", "a nil return"])
def test_all_that_the_sender_reads_is_the_same_whatever_is_held_and_after_the_rule_has_changed(
    desk: Desk, answer: Contribution | NilReturn
) -> None:
    case = a_case(desk, answer=answer)
    ruled(desk, case, VisibilityToOthers.STUB)
    request = sent(desk, case)
    ruled(desk, case, VisibilityToOthers.HIDE)
    (waiting,) = requests.record_requests(desk.context(desk.chair)).mine
    assert (waiting.status, waiting.why) == ("Awaiting a reply.", None)
    replied(desk, request, RecordReply.NOTHING_TO_SHARE)
    (mine,) = requests.record_requests(desk.context(desk.chair)).mine
    assert mine.status == "The agency has nothing that it can share. This is not a nil return."


def test_no_request_is_possible_where_no_stub_is_and_the_refusal_is_that_of_a_case_that_is_not_there(
    desk: Desk, case: str
) -> None:
    nowhere = refused(desk, "R-2222222").replace("R-2222222", case)
    assert refused(desk, case, agency="lantern") == nowhere
    assert refused(desk, case, agency="nobody") == nowhere
    assert refused(desk, case, worker("harbour")) == nowhere
    assert refused(desk, case, desk.add("new", Role.PRACTITIONER, "lantern")) == nowhere
    ruled(desk, case, VisibilityToOthers.HIDE)
    assert refused(desk, case) == nowhere
    ruled(desk, case, VisibilityToOthers.WITHHOLD)
    assert refused(desk, case) == nowhere


def test_a_confidence_is_never_asked_for(desk: Desk) -> None:
    case = a_case(desk, agency="voice")
    ruled(desk, case, VisibilityToOthers.STUB, agency="voice")
    refused(desk, case, agency="voice")


def test_only_the_agencys_people_for_whom_the_case_exists_read_and_answer(desk: Desk, case: str) -> None:
    request = sent(desk, case)
    with pytest.raises(NotFoundError):
        replied(desk, request, RecordReply.WILL_CONTACT, worker("lantern"))
    with pytest.raises(NotPermittedError):
        replied(desk, request, RecordReply.WILL_CONTACT, desk.chair)
    conflicts.say_own(desk.context(worker("harbour")), reference=case, is_connected=True)
    assert lines(desk, worker("harbour")) == []
    with pytest.raises(NotFoundError):
        replied(desk, request, RecordReply.WILL_CONTACT)


def test_asking_is_bounded(desk: Desk, case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    request = sent(desk, case)
    with pytest.raises(InvalidInputError, match="you have asked this agency"):
        sent(desk, case)
    replied(desk, request, RecordReply.WILL_CONTACT)
    monkeypatch.setattr(requests, "MOST_A_DAY", 1)
    with pytest.raises(InvalidInputError, match="in 24 hours"):
        sent(desk, case)
    desk.clock.forward(timedelta(days=1))
    sent(desk, case, why=None)
    sent(desk, case, worker("lantern"))


def test_each_act_is_one_entry_with_codes_and_no_reason(desk: Desk, case: str) -> None:
    with desk.runtime.uow.unrecorded() as work:
        before = len(list(work.audit.entries()))
    replied(desk, sent(desk, case), RecordReply.WILL_CONTACT)
    with desk.runtime.uow.unrecorded() as work:
        entries = list(work.audit.entries())[before:]
    assert [json.loads(each.body)["what"] for each in entries] == [
        "ask agency about its record",
        "answer request about a record",
    ]
    assert not any(WHY in each.body for each in entries)
