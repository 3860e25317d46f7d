"""What follows a decision by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from engine.domain.accounts.acting import Role
from engine.domain.conference.risk import Attendance
from engine.services.cases import views as case_views
from engine.services.conference import decisions
from engine.services.outcomes.agency_outcomes import outcome_returns, request_outcomes
from engine.store.repositories.system.outbox import FlowName
from flows.runner import Ran, drain
from tests.builders import Desk, a_decision
from tests.flows.given import screened, toys_for

pytestmark = pytest.mark.prefect


def test_after_a_decision_its_people_are_on_the_case_and_agencies_can_be_asked_for_outcomes(
    flow_desk: Desk,
) -> None:
    toys_for(flow_desk)
    reference = screened(flow_desk)
    late = flow_desk.add("joined-later", Role.PRACTITIONER, "harbour")
    drain(flow_desk.runtime)
    given: dict[str, Any] = {"context": flow_desk.context(flow_desk.chair), "reference": reference}
    decisions.open_conference(**given)
    decided = decisions.decide(
        **given, decision=a_decision(attendance=(Attendance(agency="harbour", who="A. Officer"),))
    )
    ran: list[Ran] = []
    assert drain(flow_desk.runtime, progress=ran.append) == 1
    assert [(each.flow, each.subject, each.error) for each in ran] == [
        ("after_decision", decided.decision, None)
    ]
    view = case_views.view_case(flow_desk.context(late), reference=reference)
    assert view.reference == reference
    request_outcomes(flow_desk.context(flow_desk.coordinator), reference=reference)
    assert drain(flow_desk.runtime, progress=ran.append) == 1
    assert [(each.flow, each.subject, each.error) for each in ran[1:]] == [("follow_up", reference, None)]
    returns = outcome_returns(flow_desk.context(flow_desk.coordinator), reference=reference)
    assert {each.agency: each.status.split(":")[0] for each in returns} == {
        "harbour": "nil return",
        "lantern": "responded",
        "voice": "does not answer this question",
    }
    before = {each.agency: each.at for each in returns}
    flow_desk.clock.forward(timedelta(hours=1))
    with flow_desk.runtime.uow.unrecorded(will_write=True) as work:
        now, acting = flow_desk.clock.now(), flow_desk.coordinator
        work.outbox.add(FlowName.FOLLOW_UP, reference, acting=acting, at=now, queue="lantern")
    assert drain(flow_desk.runtime) == 1
    again = outcome_returns(flow_desk.context(flow_desk.coordinator), reference=reference)
    assert {each.agency for each in again if each.at > before[each.agency]} == {"lantern"}
