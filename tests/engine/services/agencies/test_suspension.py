"""A suspended agency is asked by nobody, whichever process asks; a resumed one about what it missed."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from engine.domain.accounts.acting import Acting, Role
from engine.domain.errors import InvalidInputError, NotPermittedError
from engine.domain.responses.answers import AnswerState, Failed, FailureReason
from engine.domain.responses.requests import CaseAsked
from engine.runtime import open_runtime
from engine.services.agencies import suspension
from engine.services.cases.views import view_case
from engine.services.referrals.screening import screen
from engine.services.system import outbox
from engine.store.repositories.system.outbox import OutboxItem
from tests.builders import (
    MONDAY,
    TOY_CODES,
    Desk,
    a_contribution,
    a_person,
    a_referral,
    a_screening,
    ask_all,
    let_answer,
    with_toys,
)

WHY = "Its register moves this week."


def suspend(desk: Desk, code: str = "harbour", acting: Acting | None = None, why: str = WHY) -> None:
    suspension.suspend(desk.context(acting or desk.coordinator), installed=TOY_CODES, agency=code, why=why)


def resume(desk: Desk, code: str = "harbour") -> suspension.Resumed:
    return suspension.resume(
        desk.context(desk.coordinator),
        installed=TOY_CODES,
        always_suspended=(),
        agency=code,
        why="The register has moved.",
    )


def screened(desk: Desk, number: str = "1") -> str:
    reference = desk.refer(
        a_referral(number, perpetrator=a_person("Otto", f"P{number}"), victim=a_person("Vera", f"V{number}"))
    ).referrals[0]
    screen(desk.context(desk.coordinator), reference=reference, screening=a_screening())
    return reference


def state_of(desk: Desk, reference: str, agency: str) -> AnswerState:
    view = view_case(desk.context(desk.coordinator), reference=reference)
    return {answer.agency: answer.state for answer in view.answers}[agency]


def ticked_off(desk: Desk) -> list[OutboxItem]:
    rows = []
    while row := outbox.take_next(**desk.common, by="test"):
        outbox.finish(**desk.common, item_id=row.id, by="test")
        rows.append(row)
    return rows


def test_a_suspended_agency_is_not_asked_and_the_others_are(desk: Desk) -> None:
    with_toys(desk)
    let_answer(desk, "lantern", a_contribution())
    suspend(desk)
    reference = screened(desk)
    ask_all(desk, reference)
    assert state_of(desk, reference, "harbour") is AnswerState.NOT_ASKED
    with desk.runtime.uow.unrecorded() as work:
        assert {r.request.agency for r in work.answers.returns([reference])[reference]} == {
            "lantern",
            "voice",
        }


def test_a_process_that_runs_already_asks_no_more_from_the_next_call_on(desk: Desk) -> None:
    with_toys(desk)
    let_answer(desk, "harbour", a_contribution())
    agencies = desk.runtime.agencies
    case = CaseAsked(reference="R-7K3M9QV", on=MONDAY.date())
    assert not isinstance(agencies.assess("harbour", case), Failed)
    with open_runtime({"STAC_HOME": str(desk.runtime.settings.home)}, clock=desk.clock) as elsewhere:
        suspension.suspend(
            replace(elsewhere.context(desk.chair), clock=desk.clock),
            installed=TOY_CODES,
            agency="harbour",
            why=WHY,
        )
    answer = agencies.assess("harbour", case)
    assert isinstance(answer, Failed)
    assert answer.reason is FailureReason.SUSPENDED
    assert {a.code for a in desk.runtime.agencies_known if a.suspended} == {"harbour"}


def test_a_look_that_is_remembered_for_a_moment_is_forgotten_after_it(desk: Desk) -> None:
    remembers = suspension.SuspendedAgencies(desk.runtime.uow, look_again_after=3600)
    looks_anew = suspension.SuspendedAgencies(desk.runtime.uow, look_again_after=0)
    assert "harbour" not in remembers
    suspend(desk)
    assert "harbour" in looks_anew
    assert "harbour" not in remembers
    assert remembers.now() == {"harbour"}
    assert "harbour" in remembers


def test_a_resumed_agency_is_asked_about_the_open_cases_that_lack_its_answer(desk: Desk) -> None:
    with_toys(desk)
    for code in TOY_CODES:
        let_answer(desk, code, a_contribution())
    answered = screened(desk, "1")
    ask_all(desk, answered)
    suspend(desk)
    missed = screened(desk, "2")
    ask_all(desk, missed)
    ticked_off(desk)
    resumed = resume(desk)
    assert resumed.cases_to_ask == 1
    assert [row.subject for row in ticked_off(desk)] == [missed]
    ask_all(desk, missed)
    assert state_of(desk, missed, "harbour") is not AnswerState.NOT_ASKED


def test_suspending_keeps_what_an_agency_has_answered(desk: Desk) -> None:
    workers = with_toys(desk)
    let_answer(desk, "harbour", a_contribution())
    reference = screened(desk)
    ask_all(desk, reference)
    before = state_of(desk, reference, "harbour")
    suspend(desk)
    assert workers
    assert state_of(desk, reference, "harbour") is before


@pytest.mark.parametrize("role", [Role.ANALYST, Role.MANAGER, Role.AUDITOR])
def test_only_the_desk_and_an_administrator_may_suspend(desk: Desk, role: Role) -> None:
    administrator = desk.add("ada", Role.ADMINISTRATOR)
    suspend(desk, acting=administrator)
    with pytest.raises(NotPermittedError, match="you may not suspend or resume an agency"):
        suspend(desk, "lantern", acting=desk.add("other", role))


def test_a_practitioner_may_not_suspend_even_their_own_agency(desk: Desk) -> None:
    workers = with_toys(desk)
    with pytest.raises(NotPermittedError):
        suspend(desk, acting=workers["harbour"])


def test_what_is_suspended_is_not_suspended_again_and_what_is_not_is_not_resumed(desk: Desk) -> None:
    with pytest.raises(InvalidInputError, match="is not suspended in the record; nothing to do"):
        resume(desk)
    suspend(desk)
    with pytest.raises(InvalidInputError, match="suspended already; 'stac agency resume harbour' ends that"):
        suspend(desk)


def test_an_agency_that_is_suspended_by_the_settings_is_resumed_there(desk: Desk) -> None:
    with pytest.raises(InvalidInputError, match=r"suspended by settings\.toml; remove it there"):
        suspension.resume(
            desk.context(desk.coordinator),
            installed=TOY_CODES,
            always_suspended=("harbour",),
            agency="harbour",
            why=WHY,
        )


@pytest.mark.parametrize("why", ["", "   ", "two\nlines", "x" * 301, "a\x1bb"])
def test_a_suspension_needs_a_reason_in_one_line(desk: Desk, why: str) -> None:
    with pytest.raises(InvalidInputError, match="reason: write 1 to"):
        suspend(desk, why=why)


def test_an_agency_that_is_not_installed_is_named_as_such(desk: Desk) -> None:
    with pytest.raises(InvalidInputError, match="no agency has this code; choose one of: harbour, "):
        suspend(desk, "harbor")


def test_the_audit_says_who_suspended_which_agency_and_never_why(desk: Desk) -> None:
    suspend(desk)
    resume(desk)
    with desk.runtime.uow.unrecorded() as work:
        bodies = [json.loads(entry.body) for entry in work.audit.entries()]
    about = [body for body in bodies if body["facts"].get("agency") == "harbour"]
    assert [(body["what"], body["user"]) for body in about] == [
        ("suspend agency", "cora"),
        ("resume agency", "cora"),
    ]
    assert WHY not in json.dumps(bodies)


def test_an_agency_whose_manifest_is_faulty_can_still_be_suspended(desk: Desk) -> None:
    home = desk.runtime.settings.home
    folder = home / "agencies.d" / "faulty"
    folder.mkdir(parents=True)
    (folder / "agency.toml").write_text("code = ")
    (folder / "mapping.toml").write_text("")
    with open_runtime({"STAC_HOME": str(home)}, clock=desk.clock) as runtime:
        assert "agency.toml is not TOML" in (runtime.agencies.fault("faulty") or "")
        assert "faulty" in runtime.agency_codes
        suspension.suspend(
            replace(runtime.context(desk.coordinator), clock=desk.clock),
            installed=runtime.agency_codes,
            agency="faulty",
            why=WHY,
        )
    with open_runtime({"STAC_HOME": str(home)}, clock=desk.clock) as runtime:
        (faulty,) = (agency for agency in runtime.agencies_known if agency.code == "faulty")
        assert faulty.suspended
        assert runtime.agencies.is_suspended("faulty")
