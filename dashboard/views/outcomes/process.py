"""The work itself in figures: times, responses, items, actions, dissent, advocacy, wishes, orders."""

from __future__ import annotations

from dashboard import markup
from dashboard.errors import show_errors
from dashboard.views.outcomes.count_tables import as_csv, count, drawn, spreads, start_part
from engine.domain.orders.stages import AFTER_SERVICE, ORDERS, REACHED_WITH_BREACHES
from engine.domain.outcomes.releases import EVERYONE, Release
from engine.domain.outcomes.tables import FigureTable
from engine.domain.outcomes.work_figures import DAYS, WorkFigures

_WHAT = {
    "process_screening": "All referrals, by the outcome of their newest screening.",
    "process_conference": "All referrals. Sent to conference means screened as conference or urgent.",
    "process_timing": (
        "The first released response, failures left out, beside the due time. Requests that are "
        "not due yet have a row of their own."
    ),
    "process_responses": (
        "The newest released response to each request. A nil return is a search that found nothing. A "
        "failure is not a nil return. An agency that refuses may or may not have records."
    ),
    "process_items": (
        "Items of questionnaires in the newest released responses. Unknown and not asked do not mean absent."
    ),
    "process_actions": (
        "Actions that agencies deliver, by the newest report. No longer possible and not done are different."
    ),
    "process_dissent": "All referrals, by dissent from the newest decision. Dissent is not a fault.",
    "process_advocate": (
        "Records in agencies' responses of the offer of an advocate to the victim. Not recorded does not "
        "mean not offered."
    ),
    "process_wishes": "All referrals, by the newest plan. Wishes that are not recorded are not followed.",
}
_OF_ORDERS = {
    ORDERS: (
        "Each order is in the furthest stage that it or a variation or renewal of it reached. A likely "
        "breach waits for a person. A confirmed breach is a person's answer. No breach recorded does not "
        "mean that there was none."
    ),
    AFTER_SERVICE: (
        "Served orders, with their variations and renewals as one, by what is recorded in the 12 months "
        "that begin with service. The most serious record counts. 'No incident recorded' needs a check of "
        "the case to the end of the 12 months, and does not mean that there was none. Orders with one of "
        "the last 3 results were not followed for 12 months. It does not show whether an order helped: "
        "people with an order differ from others."
    ),
}


def page() -> None:
    """Draw the page."""
    with show_errors():
        release = start_part("Process", "The work from referral to plan, over all referrals.")
        if release is not None and release.work is not None:
            draw(release, release.work)


def draw(release: Release, work: WorkFigures) -> None:
    """Draw times first, then each table."""
    markup.draw(
        markup.join(
            [
                markup.heading(
                    "From referral to conference",
                    at="days",
                    note="Only of cases that came so far. Cases that still wait are not short ones.",
                ),
                spreads(work.days, release),
                as_csv(EVERYONE, DAYS),
            ]
        )
    )
    for each in work.tables_of("process"):
        markup.draw(drawn(each, release, what=_WHAT[each.table.name]))
    for each in work.tables_of("orders"):
        if each.table.name == ORDERS:
            markup.draw(_from_considered_to_breached(each.table, release.limit))
        markup.draw(drawn(each, release, what=_OF_ORDERS[each.table.name], in_rows=False))


def _from_considered_to_breached(table: FigureTable, limit: int) -> markup.Markup:
    """Return the orders that came at least so far: sums of the rows below, hidden where one of them is."""
    rows: list[tuple[markup.Content, ...]] = []
    above: int | None = None
    for name, stages in REACHED_WITH_BREACHES.items():
        reached = table.sum_of({stage.value for stage in stages})
        share = f"{reached / above:.0%}" if reached is not None and above else ""
        rows.append((name, count(reached), share))
        above = reached
    return markup.join(
        [
            markup.heading(
                "Orders from considered to breached",
                at="orders-funnel",
                note="Orders of cases received by then. Each row is part of the one above.",
            ),
            markup.table(
                ("Stage", "Orders", "Share of the stage above"),
                rows,
                caption=f"Figures under {limit} are hidden",
            ),
        ]
    )
