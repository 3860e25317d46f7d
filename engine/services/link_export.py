"""Links of the record as files for other programs: what one person may see, for a reason that is kept."""

from __future__ import annotations

from pathlib import Path

from engine.access.policy import May, require
from engine.links.exporting.graph_files import GraphFormat, write_graph
from engine.services.context import Context
from engine.services.link_register import viewer_register
from engine.services.link_snapshots import LinkSnapshots
from engine.services.restricting import written_reason


def export(
    context: Context, *, snapshots: LinkSnapshots, form: GraphFormat, out: Path, why: str
) -> list[str]:
    """Write the links that this person may see as files for other programs, for a written reason."""
    require(May.EXPORT_LINKS, context.acting)
    reason = written_reason(why)
    with context.writing("export links") as work:
        register, _ = viewer_register(work, context.acting, context.clock, snapshots)
        work.links.queries.keep_export(
            form=form.value, why=reason, by=context.acting.user, at=context.clock.now()
        )
        work.notes(form=form.value, nodes=len(register), links=register.link_count)
        return [str(file) for file in write_graph(register, form, out)]
