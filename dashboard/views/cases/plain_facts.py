"""Plain facts of a case: one line on top in the order of time, and a table of all with their sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dashboard import markup, words
from engine.domain.alarms import STAC_OWNER
from engine.domain.cases.plain_facts import on_top_of
from engine.domain.cases.views import CaseView

_RECORDS = 12
_NOTE = "Counted from what was reported and you may see. More may have happened without a report."


def line(view: CaseView) -> markup.Markup:
    """Return the lines on top of the case, each a list: what is formal first, then the facts in order."""
    return markup.element(
        "div", *(markup.bullets(each, class_="facts-line") for each in on_top_of(view.facts))
    )


def draw(view: CaseView, names: Mapping[str, str]) -> None:
    """Draw every fact, the oldest first, with who reported it and its records."""
    named = {**names, STAC_OWNER: "STAC"}
    markup.draw(markup.heading("Facts in the order of time", at="plain-facts", note=_NOTE))
    markup.draw(
        markup.table(
            ("Fact", "Reported by", "Basis", "Records"),
            [
                (
                    fact.says,
                    words.listed([named.get(source, source) for source in fact.sources])
                    if fact.sources
                    else markup.none_recorded("no report"),
                    words.sentence(fact.basis.value),
                    _records(fact.records) or markup.none_recorded("none"),
                )
                for fact in view.facts
            ],
            caption="Worked out again each time this page is opened",
        )
    )


def _records(records: Sequence[str]) -> str:
    """Return the first records; a fact can be about hundreds, and ``stac case show --json`` has all."""
    more = len(records) - _RECORDS
    named = ", ".join(records[:_RECORDS])
    return f"{named} and {more:,} more" if more > 0 else named
