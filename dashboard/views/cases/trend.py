"""Changes over a case's reported incidents, in words, and how each measure was worked out."""

from __future__ import annotations

from dashboard import markup
from engine.domain.cases.views import CaseView
from engine.domain.links.trends import CaseTrendView, TrendMeasure

_NOTE = (
    "For analysts: statistical tests of reported incidents. With few incidents they find almost nothing. "
    "Lists are never sorted by trend."
)


def draw(view: CaseView) -> None:
    """Draw the measures as a table for who may have them, and behind it how each was worked out."""
    trend = view.trend
    if trend is None:
        return
    markup.draw(markup.heading("Incident trends, with tests", at="trend", note=_NOTE))
    if not view.incidents:
        markup.draw(markup.none_recorded("No incident is recorded. Incidents may still have happened."))
        return
    measures = trend.measures
    if trend.not_counted:
        markup.draw(markup.notice("info", trend.not_counted))
    markup.draw(markup.element("p", _stressed(trend.says)))
    markup.draw(
        markup.table(
            ("Measure", "Finding"),
            [(each.name, _measure_content(trend, each)) for each in measures],
            caption="Reported incidents of this case that you can see",
        )
    )
    methods = markup.table(
        ("Measure", "Method", "Based on", "What would change it"),
        [(each.name, each.how, each.seen, each.would_change) for each in measures],
        caption="Worked out again each time this page is opened",
    )
    markup.draw(markup.details("How each measure was worked out, and what would change it", methods))


def _measure_content(trend: CaseTrendView, measure: TrendMeasure) -> markup.Content:
    said = _stressed(measure.says)
    if trend.alarm and measure is trend.measures[0]:
        return markup.join([markup.tag("Alarm", "t-late"), " ", said])
    return said


def _stressed(sentence: str) -> markup.Markup:
    """Return the sentence, with a term between asterisks stressed."""
    parts = sentence.split("*")
    return markup.join(markup.element("em", part) if place % 2 else part for place, part in enumerate(parts))
