"""Asking the agencies for outcomes of a case, as a Prefect flow. It decides nothing."""

from __future__ import annotations

from prefect import flow

from engine.services.outcomes import agency_outcomes
from flows.run_context import current_run
from flows.steps import id_only_errors
from flows.unstored import stores_nothing


@stores_nothing
@flow(flow_run_name="follow-up-{involvement_id}", persist_result=False, validate_parameters=False)
@id_only_errors()
def follow_up(involvement_id: str, only_due: bool = False) -> None:
    """Ask each agency for outcomes, or those that are due, and store every answer.

    It may run twice: the same acts add nothing.
    """
    here = current_run()
    agency_outcomes.ask_outcomes(
        here.runtime.context(here.acting),
        reference=involvement_id,
        of=here.agencies_to_ask,
        only_due=only_due,
    )
