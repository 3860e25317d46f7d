"""The day's housekeeping, as a Prefect flow. No alarm and no escalation depends on it."""

from __future__ import annotations

from prefect import flow

from engine.services.cases import worklists
from flows.run_context import current_run
from flows.steps import id_only_errors


@flow(name="daily-sweep", flow_run_name="daily-sweep", persist_result=False, validate_parameters=False)
@id_only_errors()
def daily_sweep() -> dict[str, int]:
    """Purge what has been stored for long enough, and count what is overdue. It may run twice."""
    here = current_run()
    return worklists.daily_sweep(here.runtime.context(here.acting))
