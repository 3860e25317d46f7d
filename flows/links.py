"""Update of what depends on the links, as a Prefect flow. It decides nothing."""

from __future__ import annotations

from prefect import flow

from engine.services.links import projection as link_projection
from engine.services.links import saved_searches
from flows.run_context import current_run
from flows.steps import id_only_errors
from flows.unstored import stores_nothing


@stores_nothing
@flow(name="refresh-links", flow_run_name="refresh-links", persist_result=False, validate_parameters=False)
@id_only_errors()
def refresh_links() -> None:
    """Link what has none yet, renew the snapshot by what changed, ask standing queries; it may run twice."""
    here = current_run()
    runtime = here.runtime
    link_projection.refresh_links(runtime.context(here.acting), snapshots=runtime.link_snapshots)
    saved_searches.ask_standing_queries(runtime.context(here.acting), snapshots=runtime.link_snapshots)
