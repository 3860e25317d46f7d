"""What an agency answered when every open case was asked about again, beside what the panel saw."""

from __future__ import annotations

from dashboard import markup, words
from engine.domain.reassessment import Compared, ReassessedView
from engine.domain.views import CaseView


def beside(agency: str, view: CaseView) -> list[markup.Content]:
    """Nothing, when it was not asked again; else how its answer stands to the one that is shown."""
    return [_result_markup(again) for again in view.reassessed if again.agency == agency]


def _result_markup(again: ReassessedView) -> markup.Markup:
    markups = [markup.tag("Failed", "t-failed")] if again.compared is Compared.FAILED else []
    sentence = markup.element(
        "p", *markups, " ", again.says, " ", markup.element("small", words.moment(again.at))
    )
    if not (again.new or again.gone):
        return sentence
    news = [markup.join([markup.tag("New"), sentence], " ") for sentence in again.new]
    gone = [markup.join([markup.tag("Gone"), sentence], " ") for sentence in again.gone]
    return markup.details("Asked again: it differs", sentence, markup.bullets([*news, *gone]))
