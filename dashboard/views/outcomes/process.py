"""The work itself in figures: times, responses of agencies, items, actions, dissent, advocacy, wishes."""

from __future__ import annotations

from dashboard import markup, record, session
from dashboard.errors import show_errors
from dashboard.views.outcomes.count_tables import LIVE_NOTE, drawn, spreads
from engine.services.outcomes.process import ProcessView, process_figures

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


def page() -> None:
    """Draw the page."""
    markup.draw(
        markup.page_title("Process", note=f"The work from referral to plan, over all cases. {LIVE_NOTE}")
    )
    with show_errors():
        draw(process_figures(record.runtime().context(session.acting())))


def draw(view: ProcessView) -> None:
    """Draw times first, then each table."""
    markup.draw(
        markup.join(
            [
                markup.heading(
                    "From referral to conference",
                    at="days",
                    note="Only of cases that came so far. Cases that still wait are not short ones.",
                ),
                spreads(view.days),
            ]
        )
    )
    for table in view.tables:
        markup.draw(drawn(table, what=_WHAT[table.name]))
