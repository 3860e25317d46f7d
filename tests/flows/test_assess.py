"""The flow that asks the agencies, against a real Prefect server and real agency processes."""

from __future__ import annotations

from uuid import UUID

import pytest

from engine.domain.accounts.acting import Acting
from engine.domain.cases.lifecycle import State, TriageOutcome
from engine.domain.cases.views import CaseView
from engine.domain.responses.answers import AnswerState, Contribution
from engine.services.cases import views as case_views
from engine.services.responses import agency_answers
from engine.services.responses import requests as response_requests
from flows.prefect_session import prefect_at_hand
from flows.run_context import running
from flows.steps import StepFailedError
from tests.builders import SAFE_HOUSE, Desk, a_contribution, let_answer
from tests.flows.given import screened, toys_for

pytestmark = pytest.mark.prefect
HANGS = "hangs-in-python"


def run(desk: Desk, reference: str, *, again: bool = False) -> object:
    """Run the flow; the state in which it ended."""
    from flows.assess import assess_referral

    with (
        prefect_at_hand(desk.runtime.settings.home),
        running(desk.runtime, purpose="case work", on_behalf_of="cora"),
    ):
        return assess_referral(reference, again, return_state=True)


def seen(desk: Desk, reference: str, acting: Acting | None = None) -> CaseView:
    return case_views.view_case(desk.context(acting or desk.coordinator), reference=reference)


def states(desk: Desk, reference: str) -> dict[str, AnswerState]:
    return {answer.agency: answer.state for answer in seen(desk, reference).answers}


def test_four_agencies_are_asked_and_one_that_hangs_does_not_silence_the_others(flow_desk: Desk) -> None:
    toys_for(flow_desk, HANGS)
    let_answer(flow_desk, "harbour", a_contribution("Two reports were held."))
    let_answer(flow_desk, "lantern", a_contribution("Seen in March."))
    reference = screened(flow_desk)
    assert run(flow_desk, reference).is_completed()  # type: ignore[attr-defined]
    assert states(flow_desk, reference) == {
        "harbour": AnswerState.CONTRIBUTION,
        "lantern": AnswerState.AWAITED,
        "voice": AnswerState.AWAITED,
        HANGS: AnswerState.FAILED,
    }
    assert seen(flow_desk, reference).state is State.AGENCIES_ASKED


def test_what_an_agency_prepared_waits_for_its_practitioner(flow_desk: Desk) -> None:
    workers = toys_for(flow_desk)
    let_answer(flow_desk, "lantern", a_contribution("Seen in March."))
    reference = screened(flow_desk)
    run(flow_desk, reference)
    prepared = agency_answers.prepared_answer(
        flow_desk.context(workers["lantern"]), reference=reference, agency="lantern"
    )
    assert isinstance(prepared.answer, Contribution)
    assert prepared.answer.findings[0].says == "Seen in March."


def test_the_run_moves_the_involvement_on_when_it_brought_the_last_answer(flow_desk: Desk) -> None:
    workers = toys_for(flow_desk)
    reference = screened(flow_desk)
    response_requests.open_requests(
        flow_desk.context(flow_desk.coordinator),
        reference=reference,
    )
    for code in ("lantern", "voice"):
        agency_answers.answer_by_hand(
            flow_desk.context(workers[code]),
            reference=reference,
            agency=code,
            answer=a_contribution("Seen in March."),
        )
    assert seen(flow_desk, reference).state is State.AGENCIES_ASKED
    run(flow_desk, reference)
    assert seen(flow_desk, reference).state is State.READY_FOR_CONFERENCE


def test_a_run_that_is_repeated_changes_nothing(flow_desk: Desk) -> None:
    toys_for(flow_desk, "raises")
    let_answer(flow_desk, "harbour", a_contribution())
    reference = screened(flow_desk)
    run(flow_desk, reference)
    before = seen(flow_desk, reference)
    assert run(flow_desk, reference).is_completed()  # type: ignore[attr-defined]
    assert seen(flow_desk, reference) == before


def test_agencies_that_answered_are_asked_again_only_when_somebody_says_so(flow_desk: Desk) -> None:
    toys_for(flow_desk)
    let_answer(flow_desk, "harbour", a_contribution("One report was held."))
    reference = screened(flow_desk)
    run(flow_desk, reference)
    let_answer(flow_desk, "harbour", a_contribution("Three reports were held."))

    def sentences() -> list[str]:
        answers = seen(flow_desk, reference).answers
        return [f.says for a in answers for f in a.findings if a.agency == "harbour"]

    run(flow_desk, reference)
    assert sentences() == ["One report was held."]
    run(flow_desk, reference, again=True)
    assert sentences() == ["Three reports were held."]


def test_an_error_of_our_own_fails_the_run_after_the_other_agencies_were_asked(
    flow_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    toys_for(flow_desk)
    reference = screened(flow_desk)
    ask = response_requests.ask_agency

    def breaks(context: object, **given: object) -> object:
        if given["agency"] == "lantern":
            raise LookupError(f"kept at {SAFE_HOUSE}")
        return ask(context, **given)  # type: ignore[arg-type]

    monkeypatch.setattr(response_requests, "ask_agency", breaks)
    state = run(flow_desk, reference)
    assert state.is_failed()  # type: ignore[attr-defined]
    error = state.result(raise_on_failure=False)  # type: ignore[attr-defined]
    assert isinstance(error, StepFailedError)
    assert SAFE_HOUSE not in repr(state)
    assert str(error).startswith("LookupError in tests/flows/test_assess.py:")
    assert states(flow_desk, reference)["harbour"] is AnswerState.NIL_RETURN
    assert states(flow_desk, reference)["lantern"] is AnswerState.AWAITED


def test_a_case_that_may_not_be_asked_about_fails_the_run_and_nobody_is_asked(flow_desk: Desk) -> None:
    toys_for(flow_desk)
    reference = screened(flow_desk, outcome=TriageOutcome.ADVICE)
    state = run(flow_desk, reference)
    assert state.is_failed()  # type: ignore[attr-defined]
    assert set(states(flow_desk, reference).values()) == {AnswerState.NOT_ASKED}


def test_prefect_keeps_the_reference_and_agencies_codes_and_nothing_else_of_the_case(
    flow_desk: Desk,
) -> None:
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId

    toys_for(flow_desk)
    reference = screened(flow_desk)
    state = run(flow_desk, reference)
    number: UUID = state.state_details.flow_run_id  # type: ignore[attr-defined]
    with get_client(sync_client=True) as client:
        flow_run = client.read_flow_run(number)
        tasks = client.read_task_runs(flow_run_filter=FlowRunFilter(id=FlowRunFilterId(any_=[number])))
    assert flow_run.parameters == {"involvement_id": reference, "again": False}
    text = flow_run.model_dump_json() + "".join(task.model_dump_json() for task in tasks)
    for private in ("Roe1", "Kent", "Amira", SAFE_HOUSE, "Repeated unwanted contact"):
        assert private not in text
