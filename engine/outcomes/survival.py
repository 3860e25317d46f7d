"""The Kaplan-Meier curve of the time to the next reported stalking, with its band and numbers at risk.

Estimator and band are those of the lifelines library (Kaplan and Meier 1958; Greenwood's variance on the
log-log scale). Nothing here claims that a plan caused anything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from engine.domain.figures import AtRisk, CurvePoint, ReoffendingView
from engine.domain.outcomes import AgainstWhom
from engine.outcomes.followed import Followed

DAYS_IN_MONTH = 30.4375
MONTHS_SHOWN = (0, 3, 6, 12, 18, 24)
WINDOW_DAYS = 365
FEWEST_FOR_A_CURVE = 5


def reoffending_view(followed: Sequence[Followed], *, today: date) -> ReoffendingView:
    """Counts and the curve; a case whose year is not over and which had no report is "not yet known"."""
    known = [f for f in followed if f.days is not None]
    curve = _curve(known) if len(known) >= FEWEST_FOR_A_CURVE else ()
    window_open = sum(1 for f in known if not f.has_reported and f.days is not None and f.days < WINDOW_DAYS)
    reported = sum(f.has_reported for f in followed)
    against = Counter(f.against for f in followed if f.against is not None)
    return ReoffendingView(
        followed=len(followed),
        reported=reported,
        recorded=sum(f.has_recorded for f in followed),
        proven=sum(f.has_proven for f in followed),
        against={whom: against.get(whom, 0) for whom in AgainstWhom},
        window_open=window_open,
        not_known=len(followed) - len(known),
        curve=curve,
        at_risk=_at_risk(known),
        says=_says(len(followed), len(known), reported, window_open, bool(curve)),
    )


def _curve(known: Sequence[Followed]) -> tuple[CurvePoint, ...]:
    from lifelines import KaplanMeierFitter  # loads pandas and scipy: only a page with a curve needs it

    fitter = KaplanMeierFitter().fit(
        durations=[f.days for f in known], event_observed=[f.has_reported for f in known]
    )
    band = fitter.confidence_interval_survival_function_
    points = []
    for day, share in fitter.survival_function_["KM_estimate"].items():
        low, high = (float(value) for value in band.loc[day])
        points.append(CurvePoint(day=float(day), share=float(share), low=low, high=high))
    return tuple(points)


def _at_risk(known: Sequence[Followed]) -> tuple[AtRisk, ...]:
    return tuple(
        AtRisk(month=month, count=sum(f.days is not None and f.days >= month * DAYS_IN_MONTH for f in known))
        for month in MONTHS_SHOWN
    )


def _says(followed: int, known: int, reported: int, window_open: int, has_curve: bool) -> tuple[str, ...]:
    sentences = [f"{followed} decided cases are followed; further stalking was reported in {reported}."]
    if followed > known:
        sentences.append(f"In {followed - known} nobody has looked yet: not yet known.")
    if window_open:
        sentences.append(f"In {window_open} the year after the decision is not over: not yet known.")
    if not has_curve:
        sentences.append(f"Fewer than {FEWEST_FOR_A_CURVE} cases have been looked at: too few for a curve.")
    sentences.append(
        "No report is not no stalking: most stalking is never reported. "
        "The curve does not show what a plan caused."
    )
    return tuple(sentences)
