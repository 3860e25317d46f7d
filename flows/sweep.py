"""The day's housekeeping, as a Prefect flow. No alarm and no escalation depends on it."""

from __future__ import annotations

from prefect import flow

from engine.services import worklists
from flows.in_force import in_force
from flows.steps import told_by_kind


@flow(name="daily-sweep", flow_run_name="daily-sweep", persist_result=False, validate_parameters=False)
@told_by_kind()
def daily_sweep() -> dict[str, int]:
    """Purge what was kept for long enough, and count what is overdue. It may run twice."""
    here = in_force()
    return worklists.daily_sweep(here.runtime.context(here.acting))
