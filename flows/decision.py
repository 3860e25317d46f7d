"""What follows a panel's decision by itself, as a Prefect flow. It decides nothing."""

from __future__ import annotations

from prefect import flow

from engine.services import conferences
from flows.in_force import in_force
from flows.steps import told_by_kind


@flow(flow_run_name="after-{decision_id}", persist_result=False, validate_parameters=False)
@told_by_kind()
def after_decision(decision_id: str) -> None:
    """Open the case to the people of the agencies that the decision concerns. It may run twice."""
    here = in_force()
    conferences.after_decision(here.runtime.context(here.acting), decision=decision_id)
