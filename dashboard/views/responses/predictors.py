"""An agency's predictors inside its own details, behind a click: each with its caveat, none anywhere else.

No list, strip, matrix, worklist or pack draws from here. A figure is shown as its agency gave it; nothing is
coloured, sorted or compared by it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dashboard import markup, words
from engine.domain.agencies.predictors import PredictorShown


def behind_a_click(predictors: Sequence[PredictorShown]) -> list[markup.Content]:
    """Return one closed section for all of them; none when the agency gave none."""
    if not predictors:
        return []
    return [markup.details("Predictors of proven reoffending, with their limits", *_each(predictors))]


def in_words(shown: PredictorShown) -> str:
    """Return ``OGRS3, any reoffending: 52 per cent within 2 years, its band: medium``,
    or why there is no figure.
    """
    if shown.percent is None or shown.band is None:
        return f"{shown.predicts}: not computed. {shown.not_computed}"
    within = words.counted(shown.within_years, "year")
    return f"{shown.predicts}: {shown.percent:g} per cent within {within}, its band: {_band(shown.band)}."


def under(shown: PredictorShown) -> str:
    """Return which predictor, from what, and who at the agency asked for it, when."""
    alone = " from history only" if shown.from_history_alone else ""
    computed = words.day(shown.computed_on, year=True)
    return f"{shown.instrument}, version {shown.version}{alone}, requested by {shown.asked_by}, on {computed}"


def _each(predictors: Sequence[PredictorShown]) -> Iterator[markup.Markup]:
    for shown in predictors:
        yield markup.element("p", in_words(shown), " ", markup.element("small", f"{under(shown)}."))
        yield markup.element("p", markup.element("strong", shown.caveat))
        if shown.reasons:
            yield markup.bullets(shown.reasons)


def _band(band: str) -> str:
    return band.replace("_", " ").lower()
