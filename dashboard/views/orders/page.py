"""The Orders page: of all cases within the viewer's access, or of the one that the address names."""

from __future__ import annotations

from dashboard import record, review_step, session
from dashboard.errors import show_errors
from dashboard.views.access import need_to_know
from dashboard.views.orders import in_case, overview
from engine.services.access.conflicts import question
from engine.services.access.reasons import reason_is_due
from engine.services.cases.views import view_case
from engine.services.orders.areas import areas_on_case
from engine.services.orders.breaches import breaches_on_case, list_breaches
from engine.services.orders.listing import list_orders
from engine.services.orders.reading import orders_on_case


def page() -> None:
    """Draw the orders of one case, or the dates of all."""
    reference = session.query(in_case.CASE)
    with show_errors():
        if reference is not None:
            _draw_case(reference)
            return
        runtime = record.runtime()
        days = overview.period()
        context = runtime.context(session.acting())
        overview.draw(list_orders(context, ahead_days=days), list_breaches(context))


def _draw_case(reference: str) -> None:
    runtime, acting = record.runtime(), session.acting()
    context = runtime.context(acting)
    asked = question(context, reference=reference)
    if asked is not None:
        need_to_know.ask(asked)
        return
    if reason_is_due(context, reference=reference):
        need_to_know.ask_why(reference)
        return
    view = view_case(context, reference=reference)
    there = orders_on_case(context, reference=view.reference)
    seen = breaches_on_case(context, reference=view.reference)
    areas = areas_on_case(context, reference=view.reference) if seen.reads_areas else None
    in_case.draw(
        view, there, seen, areas, acting=acting, today=runtime.clock.today(), now=runtime.clock.now()
    )
    review_step.draw_again()
