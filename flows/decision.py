"""Automatic follow-up of a panel's decision, as a Prefect flow. It decides nothing."""

from __future__ import annotations

from prefect import flow

from engine.services.conference import decisions
from flows.run_context import current_run
from flows.steps import id_only_errors


@flow(flow_run_name="after-{decision_id}", persist_result=False, validate_parameters=False)
@id_only_errors()
def after_decision(decision_id: str) -> None:
    """Open the case to the people of the agencies that the decision concerns. It may run twice."""
    here = current_run()
    decisions.after_decision(here.runtime.context(here.acting), decision=decision_id)
