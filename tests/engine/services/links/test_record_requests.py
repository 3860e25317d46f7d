"""Requests about a record that others learn of: where a stub is, to that agency, with replies from a list."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from engine.domain.accounts.acting import Acting, Role
from engine.domain.accounts.tasks import Task
from engine.domain.cases.worklists import WorkGroup
from engine.domain.errors import InvalidInputError, NotFoundError, NotPermittedError
from engine.domain.links.record_requests import RecordReply, RecordRequest
from engine.domain.responses.answers import Contribution, NilReturn
from engine.domain.rights.retention import DESK_OWNER
from engine.domain.sharing import VisibilityToOthers
from engine.services.access import conflicts
from engine.services.accounts import users
from engine.services.cases import worklists
from engine.services.links import record_requests as requests
from engine.services.referrals import screening
from engine.services.rights import retention
from tests.builders import Desk, with_toys
from tests.engine.services.links.test_hidden_records import CONTRIBUTION, NIL, a_case, ruled, worker
from tests.engine.services.rights.test_retention import decided, ended
from tests.prepared import prepared

WHY = "The panel asked what to expect."


@pytest.fixture
def desk(desk: Desk) -> Desk:
    with_toys(desk)
    return desk


@pytest.fixture
def case(desk: Desk) -> str:
    """A case on which one agency lets the others learn that its record exists."""
    return prepared(desk, _ruled_case)


def _ruled_case(desk: Desk) -> str:
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


def lines(desk: Desk, acting: Acting, group: WorkGroup = WorkGroup.TASK) -> list[tuple[str, str, str]]:
    items = worklists.worklist(desk.context(acting)).of(group)
    return [(each.reference, each.what, each.why) for each in items if each.kind == requests.RECORD_ITEM]


def refused(desk: Desk, case: str, by: Acting | None = None, agency: str = "harbour") -> str:
    with pytest.raises(NotFoundError) as error:
        sent(desk, case, by, agency)
    return str(error.value)


@pytest.mark.both
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
    assert lines(desk, worker("harbour")) == lines(desk, desk.chair) == []
    assert lines(desk, desk.chair, WorkGroup.READ) == [
        (case, "Read the reply of Harbour Office about its record", reply.sentence)
    ]
    with pytest.raises(NotFoundError):
        replied(desk, request, reply)


def test_agencies_are_shown_by_name_and_one_that_is_not_installed_any_more_by_its_code(
    desk: Desk, case: str
) -> None:
    request = sent(desk, case, worker("lantern"))
    assert lines(desk, worker("harbour"))[0][2].startswith("lantern-worker of Lantern House asks.")
    replied(desk, request, RecordReply.WILL_CONTACT)
    (line,) = lines(desk, worker("lantern"), WorkGroup.READ)
    assert line[1] == "Read the reply of Harbour Office about its record"
    context = desk.context(worker("lantern"))
    assert requests.record_requests(context).name_of("harbour") == "Harbour Office"
    assert requests.record_requests(context.with_agencies(())).name_of("harbour") == "harbour"


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


def _has_a_conflict(desk: Desk, case: str) -> None:
    conflicts.say_own(desk.context(worker("lantern")), reference=case, is_connected=True)


def _is_disabled(desk: Desk, _: str) -> None:
    users.set_active(desk.context(desk.coordinator), name="lantern-worker", active=False)


def _is_an_analyst(desk: Desk, _: str) -> None:
    users.change_role(desk.context(desk.coordinator), name="lantern-worker", role=Role.ANALYST)


def _is_of_another_agency(desk: Desk, case: str) -> None:
    users.change_role(
        desk.context(desk.coordinator), name="lantern-worker", role=Role.PRACTITIONER, agency="voice"
    )
    screening.name_people(desk.context(desk.chair), reference=case, people=("lantern-worker",))


@pytest.mark.parametrize("change", [_has_a_conflict, _is_disabled, _is_an_analyst, _is_of_another_agency])
def test_a_request_waits_only_while_its_sender_could_send_it(
    desk: Desk, case: str, change: Callable[[Desk, str], None]
) -> None:
    request, owner = sent(desk, case, worker("lantern")), desk.context(worker("harbour"))
    others = sent(desk, case)
    assert len(lines(desk, worker("harbour"))) == 2
    change(desk, case)
    assert [each.reference for each in requests.record_requests(owner).to_answer] == [others.reference]
    assert len(lines(desk, worker("harbour"))) == 1
    with pytest.raises(NotFoundError):
        replied(desk, request, RecordReply.WILL_CONTACT)
    replied(desk, others, RecordReply.WILL_CONTACT)
    assert not requests.has_record_requests(owner)


def test_a_user_of_another_agency_reads_no_reply_to_who_they_were(desk: Desk, case: str) -> None:
    request = sent(desk, case, worker("lantern"))
    replied(desk, request, RecordReply.WILL_CONTACT)
    assert len(lines(desk, worker("lantern"), WorkGroup.READ)) == 1
    _is_of_another_agency(desk, case)
    now = Acting(user="lantern-worker", role=Role.PRACTITIONER, agency="voice")
    assert lines(desk, now, WorkGroup.READ) == []


def test_a_request_that_no_one_of_the_agency_would_read_is_refused(desk: Desk, case: str) -> None:
    desk.add("second", Role.PRACTITIONER, "harbour")
    conflicts.say_own(desk.context(worker("harbour")), reference=case, is_connected=True)
    sent(desk, case, worker("lantern"))  # a refusal would reveal the conflict of interest
    with pytest.raises(InvalidInputError, match="no one of this agency can reply here"):
        sent(desk, case)
    screening.name_people(desk.context(desk.chair), reference=case, people=("second",))
    sent(desk, case)


def unread(desk: Desk, acting: Acting) -> list[tuple[str, str, str]]:
    items = worklists.worklist(desk.context(acting)).items
    return [(each.reference, each.what, each.why) for each in items if each.kind == requests.UNREAD_ITEM]


def _all_readers_have_a_conflict(desk: Desk, case: str) -> RecordRequest:
    conflicts.say_own(desk.context(worker("harbour")), reference=case, is_connected=True)
    return sent(desk, case, worker("lantern"))


@pytest.mark.both
def test_a_request_that_no_one_can_read_is_a_line_for_the_chair_without_its_case(
    desk: Desk, case: str
) -> None:
    request = _all_readers_have_a_conflict(desk, case)
    assert unread(desk, desk.chair) == []
    desk.clock.forward(timedelta(days=3))
    (line,) = unread(desk, desk.chair)
    assert line == (
        request.reference,
        "Find a person of Harbour Office to read a request",
        "Sent 3 days ago, no reply. No person of the agency can read it now.",
    )
    assert not {case, WHY, request.user} & {*line}
    for other in (desk.coordinator, worker("lantern"), worker("harbour")):
        assert unread(desk, other) == [], "its sender and its agency learn of no conflict of interest"
    assert unread(desk, desk.add("second", Role.PRACTITIONER, "harbour")) == []
    desk.clock.forward(timedelta(days=26))
    assert unread(desk, desk.chair) == [], "it waits no more"


def test_a_request_that_one_person_can_read_is_no_line_for_the_chair(desk: Desk, case: str) -> None:
    request = sent(desk, case, worker("lantern"))
    desk.clock.forward(timedelta(days=3))
    assert unread(desk, desk.chair) == []
    conflicts.say_own(desk.context(worker("harbour")), reference=case, is_connected=True)
    assert [each[0] for each in unread(desk, desk.chair)] == [request.reference]


def test_an_unread_request_is_no_line_for_a_chair_with_a_conflict_and_ends_with_its_sender(
    desk: Desk, case: str
) -> None:
    _all_readers_have_a_conflict(desk, case)
    desk.clock.forward(timedelta(days=3))
    other = desk.add("chris", Role.CHAIR)
    assert len(unread(desk, other)) == 1
    conflicts.say_own(desk.context(other), reference=case, is_connected=True)
    assert unread(desk, other) == []
    users.set_active(desk.context(desk.coordinator), name=worker("lantern").user, active=False)
    assert unread(desk, desk.chair) == []


def test_a_request_to_an_agency_whose_people_on_the_case_are_disabled_is_refused(
    desk: Desk, case: str
) -> None:
    users.set_active(desk.context(desk.coordinator), name="harbour-worker", active=False)
    for sender in (desk.chair, worker("lantern")):
        with pytest.raises(InvalidInputError, match="no one of this agency can reply here"):
            sent(desk, case, sender)


def test_an_erasure_ends_the_requests_on_its_case_and_none_is_sent_after_it(desk: Desk) -> None:
    case = ended(desk)
    ruled(desk, case, VisibilityToOthers.STUB)
    request = sent(desk, case)
    assert len(lines(desk, worker("harbour"))) == 1
    decided(desk, desk.chair, case, DESK_OWNER)
    retention.erase(desk.context(desk.coordinator), reference=case, owner=DESK_OWNER)
    assert lines(desk, worker("harbour")) == []
    assert requests.record_requests(desk.context(desk.chair)).mine == ()
    with pytest.raises(NotFoundError):
        replied(desk, request, RecordReply.WILL_CONTACT)
    assert refused(desk, case, worker("lantern")) == refused(desk, "R-2222222").replace("R-2222222", case)


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
