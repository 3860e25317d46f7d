"""Subject access: nothing is confirmed, nobody is named, and nothing is sent before everybody has looked."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from engine.access.replying import draft
from engine.domain.accounts.acting import Acting, Role
from engine.domain.agencies.people import SubjectAccessItem, SubjectAccessResult
from engine.domain.drafts import DraftForm
from engine.domain.errors import InvalidInputError, NotFoundError, NotPermittedError
from engine.domain.people.persons import PersonDescribed
from engine.domain.responses.answers import Failed
from engine.domain.rights.subject_access import (
    OUR_RECORD,
    AccessRequest,
    ControllerResult,
    ReplyReleased,
    Step,
)
from engine.services.access import conflicts
from engine.services.access.restrictions import restrict
from engine.services.cases import worklists
from engine.services.rights import (
    subject_access,
    subject_access_collection,
    subject_access_decisions,
    subject_access_erasure,
)
from engine.services.system import audit
from tests.builders import Desk, a_person, marked_until_removed, type_draft, with_toys
from tests.databases import stored_bytes
from tests.engine.services.cases.test_pathway import screened
from tests.engine.services.rights.test_retention import everything

ADDRESS = "3 Fennel Row, ZZ98 1AA"
TOLD = SubjectAccessResult(
    items=(
        SubjectAccessItem(kind="report", says="You were named in a report.", record="R1"),
        SubjectAccessItem(kind="note", says="You called the desk.", record="N7"),
    ),
    looked_in=("cards",),
    gaps=("One record may be another's.",),
)


@pytest.fixture
def officer(desk: Desk) -> Acting:
    """A data-protection officer."""
    return desk.add("dora", Role.DATA_PROTECTION)


def person_of(desk: Desk, reference: str) -> str:
    """The alleged perpetrator's person record."""
    with desk.runtime.uow.reading(acting=desk.chair, what="test", at=desk.clock.now()) as work:
        return next(p.reference for p in work.people.on_cases([reference]) if p.role.value == "perpetrator")


def opened(desk: Desk, acting: Acting, **whom: Any) -> str:
    """A request with identity and address."""
    request = subject_access.open_request(desk.context(acting), **whom).reference
    common: dict[str, Any] = {"context": desk.context(acting), "request": request}
    subject_access.record_identity(**common, how="Passport seen at the counter.")
    subject_access.record_address(**common, address=ADDRESS)
    return request


def safe(desk: Desk, acting: Acting, request: str, reference: str, *, is_safe: bool = True) -> None:
    subject_access.say_safety(
        desk.context(acting),
        request=request,
        reference=reference,
        is_safe=is_safe,
        conditions=None if is_safe else "He watches her post.",
    )


def record_result(desk: Desk, officer: Acting, request: str, controller: str = "harbour") -> None:
    subject_access.record_controller_result(
        desk.context(officer), request=request, result=ControllerResult(controller=controller, told=TOLD)
    )


def files(desk: Desk, officer: Acting, request: str) -> Any:
    return subject_access_decisions.both_files(desk.context(officer), request=request)


def test_the_reply_is_the_same_to_the_byte_whether_anything_is_held_or_not(
    desk: Desk, officer: Acting
) -> None:
    workers = with_toys(desk)
    reference = screened(desk)
    known = opened(desk, officer, person=person_of(desk, reference))
    safe(desk, workers["voice"], known, reference)
    record_result(desk, officer, known)
    subject_access_decisions.clear(desk.context(workers["harbour"]), request=known, controller="harbour")
    nobody = opened(desk, officer, asked_by=PersonDescribed(forename="Daniel", surname="Roe"))

    one, other = files(desk, officer, known), files(desk, officer, nobody)
    assert one.reply.replace(known, "S") == other.reply.replace(nobody, "S")
    assert "neither confirm nor deny" in one.reply
    for term in ("harbour", "Harbour", "voice", "Amira", "Kent", "advocate", reference, "report"):
        assert term not in one.reply
    assert "NEVER FOR THE REQUESTER" in one.schedule.splitlines()[0]
    assert reference in one.schedule
    assert ADDRESS not in one.reply + one.schedule


def test_whoever_records_a_request_learns_nothing_from_it(desk: Desk, officer: Acting) -> None:
    with_toys(desk)
    reference = screened(desk)
    known = subject_access.open_request(desk.context(desk.coordinator), person=person_of(desk, reference))
    stranger = subject_access.open_request(
        desk.context(desk.coordinator), asked_by=PersonDescribed(surname="Nobody")
    )
    for request in (known, stranger):
        assert (request.persons, request.involvements, request.due_on) == ((), (), date(2026, 4, 2))
    with pytest.raises(NotPermittedError, match="data protection officer may"):
        subject_access_decisions.list_requests(desk.context(desk.coordinator))


def test_nobody_is_asked_before_identity_address_and_safety_are_recorded(desk: Desk, officer: Acting) -> None:
    workers = with_toys(desk)
    reference = screened(desk)
    request = subject_access.open_request(desk.context(officer), person=person_of(desk, reference)).reference
    given: dict[str, Any] = {"context": desk.context(officer), "request": request}
    with pytest.raises(
        InvalidInputError, match=r"record who the requester is.*and a reply address and the safety"
    ):
        subject_access_collection.ask_controller(**given, controller="harbour")
    common: dict[str, Any] = {"context": desk.context(officer), "request": request}
    subject_access.record_identity(**common, how="Passport seen.")
    subject_access.record_address(**common, address=ADDRESS)
    safe(desk, workers["voice"], request, reference, is_safe=False)
    with pytest.raises(InvalidInputError, match="record the safety check first"):
        subject_access_collection.ask_controller(**given, controller="harbour")
    safe(desk, desk.chair, request, reference)
    step = subject_access_collection.ask_controller(**given, controller="harbour")
    assert isinstance(step.what, ControllerResult)
    assert step.what.failed  # a toy does not answer this question, and that is not "nothing"


def test_only_the_advocate_on_the_case_or_its_chair_says_whether_it_is_safe(
    desk: Desk, officer: Acting
) -> None:
    workers = with_toys(desk)
    reference = screened(desk)
    request = opened(desk, officer, person=person_of(desk, reference))
    with pytest.raises(NotPermittedError, match="the victim's advocate"):
        safe(desk, workers["harbour"], request, reference)
    with pytest.raises(NotPermittedError):
        safe(desk, desk.coordinator, request, reference)
    other = screened(
        desk, source_reference="9", perpetrator=a_person("Some", "Other"), victim=a_person("Any", "Body")
    )
    with pytest.raises(NotFoundError, match="access request"):
        safe(desk, workers["voice"], request, other)
    day = worklists.worklist(desk.context(desk.chair))
    assert [i.reference for i in day.items if i.kind == "subject access"] == [reference]


def test_the_officer_sees_nothing_that_its_own_controller_has_not_read(desk: Desk, officer: Acting) -> None:
    workers = with_toys(desk)
    reference = screened(desk)
    request = opened(desk, officer, person=person_of(desk, reference))
    safe(desk, workers["voice"], request, reference)
    record_result(desk, officer, request)
    view = subject_access_decisions.for_officer(desk.context(officer), request=request)
    assert view.not_cleared == ("harbour",)
    assert "You were named" not in view.model_dump_json()
    assert subject_access_decisions.to_clear(desk.context(workers["lantern"])) == ()
    (waiting,) = subject_access_decisions.to_clear(desk.context(workers["harbour"]))
    assert waiting.told == TOLD
    with pytest.raises(NotPermittedError, match="a practitioner of harbour may"):
        subject_access_decisions.clear(
            desk.context(workers["lantern"]), request=request, controller="harbour"
        )


def test_what_this_record_holds_of_a_restricted_case_is_reviewed_by_the_people_who_may_open_it(
    desk: Desk, officer: Acting
) -> None:
    with_toys(desk)
    reference = screened(desk)
    request = opened(desk, officer, person=person_of(desk, reference))
    safe(desk, desk.chair, request, reference)
    subject_access_collection.ask_controller(desk.context(officer), request=request, controller=OUR_RECORD)
    other = desk.add("other-coordinator", Role.COORDINATOR)
    for acting in (other, desk.coordinator, desk.chair):
        assert [each.reference for each in subject_access_decisions.to_clear(desk.context(acting))] == [
            request
        ]
    restrict(desk.context(desk.chair), reference=reference, why="A party works here.")
    context = desk.context(other)
    assert subject_access_decisions.to_clear(context) == ()
    assert [item for item in worklists.worklist(context).items if item.kind == "subject access"] == []
    with pytest.raises(NotFoundError):
        subject_access_decisions.clear(context, request=request, controller=OUR_RECORD)
    (waiting,) = subject_access_decisions.to_clear(desk.context(desk.coordinator))
    assert waiting.told is not None
    subject_access_decisions.clear(desk.context(desk.chair), request=request, controller=OUR_RECORD)


def test_items_reach_the_reply_by_the_officers_decision_alone(desk: Desk, officer: Acting) -> None:
    workers = with_toys(desk)
    reference = screened(desk)
    request = opened(desk, officer, person=person_of(desk, reference))
    safe(desk, workers["voice"], request, reference)
    record_result(desk, officer, request)
    subject_access_decisions.clear(
        desk.context(workers["harbour"]),
        request=request,
        controller="harbour",
        held_back={1: "Told in confidence."},
    )
    given: dict[str, Any] = {"context": desk.context(officer), "request": request}
    item = {**given, "controller": "harbour", "release": True, "provision": "Theirs alone."}
    with pytest.raises(InvalidInputError, match="decide whether to confirm first"):
        subject_access_decisions.decide_item(**item, place=0)
    subject_access_decisions.decide_confirm(
        **given, confirms=True, names_controllers=False, why="He was told in court."
    )
    subject_access_decisions.decide_item(**item, place=0)
    with pytest.raises(InvalidInputError, match="its controller withholds it"):
        subject_access_decisions.decide_item(**item, place=1)
    made = files(desk, officer, request)
    assert "- You were named in a report." in made.reply
    assert "You called the desk." not in made.reply
    assert "arbour" not in made.reply
    assert "withheld by its controller: Told in confidence." in made.schedule
    assert "One record may be another's." in made.schedule


def test_a_reply_is_released_by_the_officer_when_everybody_has_answered(desk: Desk, officer: Acting) -> None:
    workers = with_toys(desk)
    reference = screened(desk)
    request = opened(desk, officer, person=person_of(desk, reference))
    safe(desk, workers["voice"], request, reference)
    given: dict[str, Any] = {"context": desk.context(officer), "request": request}
    with pytest.raises(
        InvalidInputError,
        match="it lacks an answer of our-record, harbour, lantern, voice",
    ):
        subject_access_decisions.release_reply(**given)
    for controller in (OUR_RECORD, "harbour", "lantern", "voice"):
        subject_access_collection.ask_controller(**given, controller=controller)
    with pytest.raises(
        InvalidInputError,
        match="it lacks clearance by harbour, lantern, our-record, voice",
    ):
        subject_access_decisions.release_reply(**given)
    for code in ("harbour", "lantern", "voice"):
        with pytest.raises(
            InvalidInputError, match="confirm that your agency will reply to the person directly"
        ):
            subject_access_decisions.clear(desk.context(workers[code]), request=request, controller=code)
        subject_access_decisions.clear(
            desk.context(workers[code]), request=request, controller=code, answers_itself=True
        )
    subject_access_decisions.clear(desk.context(desk.coordinator), request=request, controller=OUR_RECORD)
    made = subject_access_decisions.release_reply(**given)
    assert made.reply.startswith("Our reference: Y-")
    assert "A referral named you" not in made.reply
    with pytest.raises(InvalidInputError, match="its reply was released"):
        subject_access.record_identity(desk.context(officer), request=request, how="Again.")
    assert audit.verify(uow=desk.runtime.uow).ok


def test_neither_file_has_a_word_of_a_draft(desk: Desk, officer: Acting) -> None:
    workers = with_toys(desk)
    reference = screened(desk)
    for form in DraftForm:
        for who in (desk.coordinator, desk.chair, workers["voice"]):
            type_draft(desk, who, reference, form, "Daniel Roe waited at the corner marker.")
    request = opened(desk, officer, person=person_of(desk, reference))
    safe(desk, workers["voice"], request, reference)
    step = subject_access_collection.ask_controller(
        desk.context(officer), request=request, controller=OUR_RECORD
    )
    assert isinstance(step.what, ControllerResult)
    assert step.what.told is not None
    assert step.what.told.items
    subject_access_decisions.clear(desk.context(desk.coordinator), request=request, controller=OUR_RECORD)
    made = files(desk, officer, request)
    for text in (step.what.model_dump_json(), made.reply, made.schedule):
        assert "marker" not in text
    assert not [item for item in step.what.told.items if "draft" in item.kind + item.says]


def test_a_year_after_the_reply_the_officer_is_asked_and_erases_it_but_that_it_was_asked(
    desk: Desk, officer: Acting
) -> None:
    request = opened(desk, officer, asked_by=PersonDescribed(forename="Otto", surname="Vane"))
    erased: dict[str, Any] = {
        "context": desk.context(officer),
        "request": request,
        "why": "The time is over.",
    }
    record_result(desk, officer, request)
    with pytest.raises(InvalidInputError, match="the reply has not been released"):
        subject_access_erasure.erase_request(**erased)
    with desk.runtime.uow.writing(acting=officer, what="test", at=desk.clock.now()) as work:
        released = Step(what=ReplyReleased(digest="0" * 64), by=officer.user, at=desk.clock.now())
        work.subject_access.add(request, released)

    def asked() -> list[str]:
        day = worklists.worklist(desk.context(officer))
        return [item.what for item in day.items]

    assert asked() == []
    desk.clock.forward(timedelta(days=366))
    assert asked() == ["Review retention of the request"]
    with pytest.raises(NotPermittedError):
        subject_access_erasure.erase_request(**{**erased, "context": desk.context(desk.chair)})
    with marked_until_removed(desk):
        subject_access_erasure.erase_request(**erased)
    left = everything(desk)
    assert [term for term in ("Vane", "Passport", "You were named", "You called") if term in left] == []
    (access_request,) = subject_access_decisions.list_requests(desk.context(officer))
    assert (access_request.reference, access_request.asked_by.surname, asked()) == (
        request,
        "name erased",
        [],
    )
    assert files(desk, officer, request).schedule
    assert audit.verify(uow=desk.runtime.uow).ok
    with pytest.raises(InvalidInputError, match="already erased"):
        subject_access_erasure.erase_request(**erased)


def test_an_officer_who_is_connected_to_a_party_has_no_such_request(desk: Desk, officer: Acting) -> None:
    with_toys(desk)
    reference = screened(desk)
    request = opened(desk, desk.coordinator, person=person_of(desk, reference))
    conflicts.say_of(
        desk.context(desk.chair), reference=reference, user="dora", is_connected=True, why="Her cousin."
    )
    assert subject_access_decisions.list_requests(desk.context(officer)) == ()
    with pytest.raises(NotFoundError):
        files(desk, officer, request)


def test_the_address_is_protected_and_for_the_officer_alone(desk: Desk, officer: Acting) -> None:
    request = opened(desk, desk.coordinator, asked_by=PersonDescribed(surname="Roe"))
    given: dict[str, Any] = {"request": request}
    assert subject_access_decisions.reply_address(desk.context(officer), **given) == ADDRESS
    with pytest.raises(NotPermittedError):
        subject_access_decisions.reply_address(desk.context(desk.chair), **given)
    assert ADDRESS.encode() not in stored_bytes(desk.runtime.settings.home)


def test_a_controller_that_failed_is_told_as_that_in_the_schedule(desk: Desk) -> None:
    failed = ControllerResult(
        controller="harbour", failed=f"{Failed.model_fields['kind'].default}; ask by hand"
    )
    request = AccessRequest.model_validate(
        {
            "reference": "Y-1",
            "asked_by": {"surname": "Roe"},
            "persons": [],
            "involvements": [],
            "received_on": "2026-03-02",
            "due_on": "2026-04-02",
            "by": "cora",
            "at": "2026-03-02T09:00:00Z",
            "steps": [{"what": failed, "by": "dora", "at": "2026-03-02T09:00:00Z"}],
        }
    )
    made = draft(request, names={}, on=date(2026, 3, 3))
    assert "failed, which is not a nil return: failed; ask by hand" in made.schedule
