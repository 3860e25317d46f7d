"""Automatic follow-up of a panel's decision, as a Prefect flow. It decides nothing."""

from __future__ import annotations

from prefect import flow

from engine.services.conference import decisions
from engine.services.responses import proposals
from flows.run_context import current_run
from flows.steps import id_only_errors
from flows.unstored import stores_nothing


@stores_nothing
@flow(flow_run_name="after-{decision_id}", persist_result=False, validate_parameters=False)
@id_only_errors()
def after_decision(decision_id: str) -> None:
    """Open the case to the people of the agencies that the decision concerns, and ask agencies for actions.

    It may run twice: an agency that was asked since the decision is not asked again.
    """
    here = current_run()
    context = here.runtime.context(here.acting)
    involvement_id = decisions.after_decision(context, decision=decision_id)
    proposals.ask_after_decision(context, reference=involvement_id, of=here.agencies_to_ask)
