"""Sharing over all cases, in figures, for the data-protection officer. Decides nothing."""

from __future__ import annotations

from dashboard import days, markup, record, words
from engine.domain.accounts.acting import Acting
from engine.services.sharing.figures import sharing_figures

_NOTE = (
    "Lines of the ledgers of all cases but restricted ones. The law is what a rule names, and without one "
    "what settings.toml names for the agency (handled_under)."
)


def draw(acting: Acting) -> None:
    """Draw the figures, from a day on."""
    runtime = record.runtime()
    markup.draw(markup.heading("What was shared, in figures", at="shared-in-figures"))
    since = days.field("From this day on", key="figures-since")
    figures = sharing_figures(runtime.context(acting), since=days.read("from this day on", since))
    if not figures.rows:
        markup.draw(markup.none_recorded("Nothing was shared or refused."))
        return
    rows = [
        (
            row.agency,
            words.sentence(row.act),
            row.regime or "not recorded",
            figures.bases.get(row.basis, row.basis) if row.basis else "not recorded",
            ", ".join(row.about) or "not recorded",
            str(row.lines),
            str(row.facts),
            str(row.opinions),
        )
        for row in figures.rows
    ]
    headers = ("Agency", "What", "Law", "Basis", "About whom", "Lines", "Facts", "Opinions")
    markup.draw(markup.table(headers, rows, caption=_NOTE))
