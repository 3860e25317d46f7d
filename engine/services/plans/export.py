"""The list of plans as a file: the same cut, the same filter, one entry in the audit log."""

from __future__ import annotations

from engine.domain.base import Frozen
from engine.domain.plans.lists import ListedBy, PlanFilter, TableForm
from engine.exchange.plan_tables import plan_table
from engine.services.context import Context
from engine.services.plans.lists import list_plans

_MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class ExportedPlans(Frozen):
    """A file of plans. Its name has no case and no person in it."""

    file_name: str
    media_type: str
    content: bytes


def export_plans(
    context: Context, *, wanted: PlanFilter, listed_by: ListedBy, form: TableForm
) -> ExportedPlans:
    """Return every plan that the filter lets through and this person may see, as CSV or XLSX."""
    listed = list_plans(context, wanted=wanted, listed_by=listed_by, count=None)
    agencies = {agency.code: agency.name for agency in context.agencies_known}
    content = plan_table(listed.plans, agencies=agencies, sees_names=listed.sees_names, form=form)
    return ExportedPlans(file_name=f"plans.{form}", media_type=_MEDIA_TYPES[form], content=content)
