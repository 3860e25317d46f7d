"""Subject access for outcomes: the victim gets their own account, through the advocate's agency only."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from engine.domain.accounts.acting import Acting, Role
from engine.domain.agencies.people import SubjectAccessResult
from engine.domain.errors import NotFoundError
from engine.domain.outcomes.follow_up import OutcomeGiven
from engine.domain.outcomes.victims import Moment
from engine.domain.people.persons import ClaimedRole
from engine.domain.rights.subject_access import ControllerResult
from engine.services.access.restrictions import restrict
from engine.services.cases.worklists import worklist
from engine.services.outcomes.follow_up import record_outcome
from engine.services.outcomes.victims import describe_victim, record_victim_outcome
from engine.services.rights import subject_access, subject_access_collection, subject_access_decisions
from tests.builders import Desk, with_toys
from tests.dashboard.visits import decided, opened, screened
from tests.engine.services.outcomes.test_victims import DESCRIBED, given

Ask = Callable[[ClaimedRole, str], ControllerResult]


@pytest.fixture
def workers(desk: Desk) -> dict[str, Acting]:
    return with_toys(desk)


@pytest.fixture
def officer(desk: Desk) -> Acting:
    return desk.add("dora", Role.DATA_PROTECTION)


@pytest.fixture
def case(desk: Desk, workers: dict[str, Acting]) -> str:
    return screened(desk)


@pytest.fixture
def ask(desk: Desk, officer: Acting, workers: dict[str, Acting], case: str) -> Ask:
    """Asks one controller for what it holds of a person in a role on the case."""

    def asked(role: ClaimedRole, controller: str) -> ControllerResult:
        with desk.runtime.uow.unrecorded() as work:
            person = next(p.reference for p in work.people.on_cases([case]) if p.role is role)
        acting = desk.context(officer)
        request = subject_access.open_request(acting, person=person).reference
        subject_access.record_identity(acting, request=request, how="Passport seen.")
        subject_access.record_address(acting, request=request, address="3 Fennel Row, ZZ98 1AA")
        subject_access.say_safety(
            desk.context(workers["voice"]), request=request, reference=case, is_safe=True
        )
        step = subject_access_collection.ask_controller(acting, request=request, controller=controller)
        assert isinstance(step.what, ControllerResult)
        return step.what

    return asked


def result_of(result: ControllerResult) -> SubjectAccessResult:
    assert result.told is not None
    return result.told


def sentences(result: ControllerResult) -> str:
    return "\n".join([*(item.says for item in result_of(result).items), *result_of(result).gaps])


def recorded(desk: Desk, case: str, **what: Any) -> str:
    outcome = {"looked_until": "2026-04-30", "looked_in": ["harbour"], "says": "Seen at Fennel Row.", **what}
    return record_outcome(
        desk.context(desk.coordinator), reference=case, outcome=OutcomeGiven.model_validate(outcome)
    )


def test_the_victims_account_goes_to_the_victim_through_the_advocates_agency_and_nowhere_else(
    desk: Desk, workers: dict[str, Acting], case: str, ask: Ask
) -> None:
    voice = desk.context(workers["voice"])
    record_victim_outcome(voice, reference=case, given=given(answers={"safety": "fairly safe"}))
    record_victim_outcome(voice, reference=case, given=given(had_to_change=["home"]))
    record_victim_outcome(
        voice, reference=case, given=given(Moment.REVIEW, agreed="not engaging", answers={})
    )
    describe_victim(voice, reference=case, given=DESCRIBED)

    found = sentences(ask(ClaimedRole.VICTIM, "voice"))
    assert "Your answers at intake. Feeling of safety: unsafe; Fear in the last month: not asked" in found
    assert "Changes that you had to make in your life, at intake: home." in found
    assert "It was recorded at review: not engaging. No answer of yours is stored with it." in found
    assert "Your own description. sex: female; age band: not asked" in found
    assert "one earlier entry that was corrected or withdrawn" in found
    for role, controller in (
        (ClaimedRole.VICTIM, "our-record"),
        (ClaimedRole.VICTIM, "harbour"),
        (ClaimedRole.PERPETRATOR, "voice"),
        (ClaimedRole.PERPETRATOR, "our-record"),
    ):
        result = ask(role, controller)
        other = sentences(result) if result.told else str(result.failed)
        for secret in ("unsafe", "female", "intake", "engaging", "earlier entry"):
            assert secret not in other, (role, controller)


def test_its_own_people_review_it_before_the_officer_reads_it(
    desk: Desk, workers: dict[str, Acting], officer: Acting, case: str, ask: Ask
) -> None:
    record_victim_outcome(desk.context(workers["voice"]), reference=case, given=given())
    ask(ClaimedRole.VICTIM, "voice")
    (request,) = subject_access_decisions.list_requests(desk.context(officer))
    seen = subject_access_decisions.for_officer(desk.context(officer), request=request.reference)
    assert seen.not_cleared == ("voice",)
    assert "unsafe" not in seen.model_dump_json()


def test_an_account_from_a_restricted_case_is_reviewed_by_the_agencys_people_who_are_named_there(
    desk: Desk, workers: dict[str, Acting], officer: Acting, case: str, ask: Ask
) -> None:
    record_victim_outcome(desk.context(workers["voice"]), reference=case, given=given())
    ask(ClaimedRole.VICTIM, "voice")
    (request,) = subject_access_decisions.list_requests(desk.context(officer))
    colleague = desk.add("voice-second", Role.PRACTITIONER, "voice")
    for acting in (workers["voice"], colleague):
        assert len(subject_access_decisions.to_clear(desk.context(acting))) == 1
    restrict(desk.context(desk.chair), reference=case, why="A party works here.")
    context = desk.context(colleague)
    assert subject_access_decisions.to_clear(context) == ()
    assert [item for item in worklist(context).items if item.kind == "subject access"] == []
    with pytest.raises(NotFoundError):
        subject_access_decisions.clear(context, request=request.reference, controller="voice")
    subject_access_decisions.clear(
        desk.context(workers["voice"]), request=request.reference, controller="voice"
    )


def test_an_answer_without_such_an_account_is_reviewed_by_any_of_the_agencys_people(
    desk: Desk, workers: dict[str, Acting], officer: Acting, case: str, ask: Ask
) -> None:
    ask(ClaimedRole.VICTIM, "voice")
    colleague = desk.add("voice-second", Role.PRACTITIONER, "voice")
    restrict(desk.context(desk.chair), reference=case, why="A party works here.")
    assert len(subject_access_decisions.to_clear(desk.context(colleague))) == 1


def test_a_plugin_that_fails_is_no_nil_return_beside_an_account(
    desk: Desk, workers: dict[str, Acting], case: str, ask: Ask
) -> None:
    record_victim_outcome(desk.context(workers["voice"]), reference=case, given=given())
    found = ask(ClaimedRole.VICTIM, "voice")
    assert "This is not a nil return." in sentences(found)


def test_findings_of_courts_are_given_and_what_was_reported_or_recorded_is_counted_either_way(
    desk: Desk, workers: dict[str, Acting], case: str, ask: Ask
) -> None:
    opened(desk, case)
    decided(desk, case)
    desk.clock.forward(timedelta(days=60))
    act = {"found": "further stalking", "against": "same victim", "happened": "2026-04-01"}
    recorded(desk, case, measure="reported further stalking", **act)
    recorded(desk, case, measure="recorded crime", found="none found")
    recorded(desk, case, measure="proven reoffending", **act, proved="2026-04-30", offence="008/65")
    recorded(desk, case, measure="proven reoffending", found="none found")

    found = sentences(ask(ClaimedRole.PERPETRATOR, "our-record"))
    assert "recorded proven reoffending, offence 008/65, conviction or caution 30 April 2026." in found
    assert "A follow-up up to 30 April 2026 recorded no proven reoffending." in found
    assert "two outcomes of follow-ups on what was reported or recorded" in found
    for hidden in (
        "Fennel",
        "victim",
        "reported further stalking",
        "recorded crime",
        "no recorded",
        "1 April",
    ):
        assert hidden not in found.replace("A referral named you as perpetrator (alleged).", "")
    of_victim = sentences(ask(ClaimedRole.VICTIM, "our-record"))
    assert "two outcomes of follow-ups on another person, with an act against the requester" in of_victim
    assert "008/65" not in of_victim
