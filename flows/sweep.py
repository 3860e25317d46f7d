"""The day's housekeeping, as a Prefect flow. No alarm and no escalation depends on it."""

from __future__ import annotations

from prefect import flow

from engine.services.cases import worklists
from engine.services.outcomes import quarterly_asking
from engine.services.system import backups
from engine.services.system.repeated_acts import send_waiting
from flows.run_context import current_run
from flows.steps import id_only_errors
from flows.unstored import stores_nothing


@stores_nothing
@flow(name="daily-sweep", flow_run_name="daily-sweep", persist_result=False, validate_parameters=False)
@id_only_errors()
def daily_sweep() -> dict[str, int]:
    """Purge what has been stored for long enough, count what is overdue, and have outcomes asked for.

    It may run twice.
    """
    here = current_run()
    context = here.runtime.context(here.acting)
    counts = worklists.daily_sweep(context)
    send_waiting(context.settings)
    expired = backups.expire(uow=context.uow, clock=context.clock, settings=context.settings)
    return {
        **counts,
        "asked_for_outcomes": quarterly_asking.request_due(context),
        "backups_expired": expired.backups,
        "backups_not_deleted": expired.not_deleted,
    }
