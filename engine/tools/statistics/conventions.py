"""The conventions that an analysis follows, and the sentences about values that cannot be estimated. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from engine.outcomes.statistics.risk_table import Floats
from engine.tools.statistics.results import Cause, IncidencePoint, SurvivalPoint, Ties

CAUSES = (Cause.EVENT, Cause.COMPETING)
_FAR_BEYOND = 10
_ALWAYS = {
    "intervals": "All intervals are of 95 %, two-sided.",
    "times": (
        "Durations that agree in 12 digits are tied. A row that leaves at a time is at risk at that "
        "time, after "
        "the events. A duration of 0 is allowed."
    ),
    "survival": "Kaplan-Meier. Greenwood's variance, band on the scale of log(-log S).",
    "at_risk": "Rows followed until the time or longer.",
    "beyond_follow_up": "There is no estimate after the last time when rows are followed.",
    "median": (
        "The first time with survival below 0.5. Where survival is exactly 0.5 for an interval, "
        "the middle of "
        "it; its beginning if survival does not fall again. Limits by Brookmeyer and Crowley, read "
        "in the same "
        "way from the band."
    ),
    "rate": "Events divided by the sum of durations, in the file's unit. Exact Poisson interval (Garwood).",
    "logrank": "Log-rank test, unweighted, hypergeometric variance for ties.",
    "groups": "Sorted by number, otherwise by alphabet. Rows without a group are in no comparison.",
    "small_numbers": "Figures are exact: small numbers are not hidden. Suppress them before you publish.",
}
_OF_COMPETING = {
    "competing": (
        "Survival, medians, the log-rank test and the Cox model treat a competing event as censored "
        "(cause-specific)."
    ),
    "cumulative_incidence": (
        "Exact Aalen-Johansen: tied times are 1 step. Variance by the delta method, band on the scale of "
        "log(-log F)."
    ),
    "gray": "Gray 1988, rho 0, for each cause.",
}


def conventions(has_competing: bool, references: Mapping[str, str], ties: Ties | None) -> dict[str, str]:
    """Return what each part of an answer means; the Cox model is described where there is one."""
    stated = {**_ALWAYS, **(_OF_COMPETING if has_competing else {})}
    if ties is not None:
        stated |= {
            "cox": (
                f"Coefficients are logarithms of hazard ratios. Ties by "
                f"{ties.value.capitalize()}. Wald p and "
                "interval, likelihood ratio against no covariates. Rows with a blank covariate are left out."
            ),
            "coding": _coding(references),
            "concordance": "Harrell's; tied predictions count a half.",
            "ph_test": (
                "Score test of Grambsch and Therneau with the time as 1 - KM, 1 row for each covariate and "
                "GLOBAL for all."
            ),
        }
    return stated


def _coding(references: Mapping[str, str]) -> str:
    if not references:
        return "All covariates are numbers."
    compared = "; ".join(f"{name} with '{level}'" for name, level in references.items())
    return f"A text is coded as 1 column of 0 and 1 for each level, compared with the first: {compared}."


def no_rows_reason(groups: Sequence[str]) -> str:
    """Return why these groups, or all rows where there are no groups, have no event times to report."""
    if groups == [""]:
        return "No row has an event, so there are no event times to report. Name times."
    listed = ", ".join(f"'{group}'" for group in groups)
    return f"No row of {listed} has an event, so there are no event times to report. Name times."


def no_band_reason(points: Sequence[SurvivalPoint | IncidencePoint]) -> str | None:
    """Return why some of these points have no estimate or no limits; None: all have both."""
    sentences = []
    if any(each.estimate is None for each in points):
        sentences.append("An estimate is null if no row is followed as long as that.")
    if any(each.estimate is not None and each.low is None for each in points):
        sentences.append("Limits are null if the estimate is 0 or 1: the method has no band there.")
    return " ".join(sentences) or None


def far_beyond_the_rest(durations: Floats) -> list[str]:
    """Return a warning where the longest duration is so far beyond the rest that it may be a code."""
    longest = durations.max()
    others = durations[durations < longest]
    if len(others) and others.max() > 0 and longest > _FAR_BEYOND * others.max():
        rows = int(np.sum(durations == longest))
        return [
            f"The longest duration ({longest:g}, in {rows:,} {'row' if rows == 1 else 'rows'}) is more than "
            f"{_FAR_BEYOND} times the next. Check whether it is a code for a missing value."
        ]
    return []
