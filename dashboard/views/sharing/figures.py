"""Sharing over all cases, in figures, for the data-protection officer. Decides nothing."""

from __future__ import annotations

from dashboard import days, markup, record, words
from engine.domain.accounts.acting import Acting
from engine.services.sharing.figures import sharing_figures

_NOTE = (
    "Sharing log entries of all cases except restricted ones. The law is the one the sharing "
    "rule gives, otherwise the one that settings.toml gives for the agency (handled_under)."
)


def draw(acting: Acting) -> None:
    """Draw the figures, from a day on."""
    runtime = record.runtime()
    markup.draw(markup.heading("Sharing report", at="shared-in-figures"))
    since = days.field("From this date", key="figures-since")
    figures = sharing_figures(runtime.context(acting), since=days.read("from this date", since))
    if not figures.rows:
        markup.draw(markup.none_recorded("No sharing or refusal is recorded."))
        return
    rows = [
        (
            row.agency,
            words.labelled(row.act),
            row.regime or "not recorded",
            figures.bases.get(row.basis, row.basis) if row.basis else "not recorded",
            ", ".join(row.about) or "not recorded",
            str(row.lines),
            str(row.facts),
            str(row.opinions),
        )
        for row in figures.rows
    ]
    headers = ("Agency", "Action", "Law", "Lawful basis", "Data subject", "Entries", "Facts", "Opinions")
    markup.draw(markup.table(headers, rows, caption=_NOTE))
