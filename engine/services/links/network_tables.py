"""Rankings of a network of one's own as a table for a spreadsheet."""

from __future__ import annotations

from engine.access.policy import May, require
from engine.domain.links.exported_maps import ExportedMap
from engine.domain.plans.lists import TableForm
from engine.exchange.table_files import table_file
from engine.services.context import Context
from engine.services.links.network_maps import measured_in
from engine.services.links.workspaces import opened

_MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_HEADERS = ("measure", "place", "entity", "id", "value", "exact", "formula")


def rankings(context: Context, *, network: str, form: TableForm) -> ExportedMap:
    """Return the entities with the largest values of each measure. Raises as ``measure_own_network`` does."""
    require(May.STORE_NETWORKS, context.acting)
    with context.reading("export a network's rankings") as work:
        own, register = opened(work, context, network)
        work.notes(form=form, nodes=len(register), links=register.link_count)
    whole = measured_in(register)
    rows = [
        (
            name,
            place,
            whole.labels.get(ranked["id"], ranked["id"]),
            ranked["id"],
            f"{ranked['value']:.12g}",
            "yes" if each["exact"] else "estimated",
            each["formula"],
        )
        for name, each in whole.measured["measures"].items()
        for place, ranked in enumerate(each["top"], start=1)
    ]
    content = table_file(_HEADERS, rows, sheet="Rankings", form=form)
    return ExportedMap(file_name=f"rankings-{own.reference}.{form}", media_type=_MEDIA[form], content=content)
