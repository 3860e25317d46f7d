"""The Kaplan-Meier curve of the time to the next reported stalking, with its band and numbers at risk.

Estimator and band are those of the lifelines library (Kaplan and Meier 1958; Greenwood's variance on the
log-log scale). Nothing here claims that a plan caused anything, and no figure under ten leaves it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from math import ceil

from engine.domain.outcomes.figures import AtRisk, CurvePoint, ReoffendingView
from engine.domain.outcomes.follow_up import AgainstWhom
from engine.instruments.recording import changes_crossed, crossing_in_words
from engine.outcomes.followed import Followed
from engine.outcomes.small_numbers import HIDDEN_UNDER, apart, cells, falling, is_small, part, progress

DAYS_IN_MONTH = 30.4375
MONTHS_SHOWN = (0, 3, 6, 12, 18, 24)
WINDOW_DAYS = 365


def reoffending_view(followed: Sequence[Followed], *, today: date) -> ReoffendingView:
    """Return counts with what each is out of, and the curve; a case without a follow-up is in no count."""
    known = [f for f in followed if f.days is not None]
    has_reported = sum(f.has_reported for f in known)
    without = len(known) - has_reported
    reported = part(has_reported, len(known))
    window_open = sum(not f.has_reported and f.days is not None and f.days < WINDOW_DAYS for f in known)
    of_recorded, of_proven = (
        sum(f.looked_recorded for f in followed),
        sum(f.looked_proven for f in followed),
    )
    recorded = apart(part(sum(f.has_recorded for f in followed), of_recorded), reported)
    proven = apart(part(sum(f.has_proven for f in followed), of_proven), reported, recorded)
    against = Counter(f.against for f in known if f.against is not None)
    curve = _shown_curve(known) if reported is not None else ()
    view = ReoffendingView(
        followed=progress(len(followed), len(followed)),
        looked_at=progress(len(known), len(followed)),
        reported=reported,
        recorded=recorded,
        recorded_of=progress(of_recorded, len(followed)),
        proven=proven,
        proven_of=progress(of_proven, len(followed)),
        against=cells({whom: against.get(whom, 0) for whom in AgainstWhom}, reported),
        window_open=progress(window_open, without) if reported is not None else None,
        without_report=without if reported is not None else None,
        not_known=progress(len(followed) - len(known), len(followed)),
        hidden_under=HIDDEN_UNDER,
        curve=curve,
        at_risk=_at_risk(known),
        says=(),
    )
    return view.model_copy(update={"says": _sentences(view, followed)})


def estimate(known: Sequence[Followed]) -> tuple[CurvePoint, ...]:
    """Return the estimate at every day on which it steps. It shows single cases, and is for no page."""
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


def _shown_curve(known: Sequence[Followed]) -> tuple[CurvePoint, ...]:
    """Return the estimate at the end of months between which ten reports came,
    as long as ten cases are followed.

    The reports after its end are none, or ten at least: fewer could be worked out from the whole.
    """
    reports = sorted(f.days for f in known if f.has_reported and f.days is not None)
    days = [f.days for f in known if f.days is not None]
    ends: list[float] = []
    counted, month = 0, 1
    while sum(day >= month * DAYS_IN_MONTH for day in days) >= HIDDEN_UNDER:
        until = month * DAYS_IN_MONTH
        here = sum(day <= until for day in reports)
        if here - counted >= HIDDEN_UNDER:
            ends.append(until)
            counted = here
        month += 1
    followed_until = (month - 1) * DAYS_IN_MONTH
    if ends and is_small(len(reports) - counted):
        if reports[-1] <= followed_until:  # those that are left come into the last step
            ends[-1] = ceil(reports[-1] / DAYS_IN_MONTH) * DAYS_IN_MONTH
            counted = len(reports)
        else:
            ends.pop()
    if not ends:
        return ()
    if counted == len(reports) and followed_until > ends[-1]:
        ends.append(followed_until)
    whole = estimate(known)
    at = [max((point for point in whole if point.day <= end), key=lambda point: point.day) for end in ends]
    begin = CurvePoint(day=0, share=1, low=1, high=1)
    return (begin, *(point.model_copy(update={"day": end}) for point, end in zip(at, ends, strict=True)))


def _at_risk(known: Sequence[Followed]) -> tuple[AtRisk, ...]:
    counts = [
        sum(f.days is not None and f.days >= month * DAYS_IN_MONTH for f in known) for month in MONTHS_SHOWN
    ]
    shown = falling(counts)
    return tuple(AtRisk(month=month, count=count) for month, count in zip(MONTHS_SHOWN, shown, strict=True))


def _sentences(view: ReoffendingView, followed: Sequence[Followed]) -> tuple[str, ...]:
    if view.followed is None:
        sentences = [f"Fewer than {HIDDEN_UNDER} cases are decided."]
    elif view.looked_at is None:
        sentences = [
            f"{view.followed} cases are decided. The number checked since is hidden, because it, or the "
            f"rest, is fewer than {HIDDEN_UNDER}."
        ]
    else:
        sentences = [f"{view.followed} cases are decided; {view.looked_at} have been checked since."]
    if view.reported is None:
        sentences.append(
            "The number of checked cases with a report of further stalking is hidden, because it, or the "
            f"rest, is fewer than {HIDDEN_UNDER}."
        )
    else:
        sentences.append(
            f"Further stalking was reported in {view.reported} of the checked cases, and not reported in "
            f"{view.without_report}."
        )
    if view.not_known:
        sentences.append(
            f"{view.not_known} have not been checked: their outcome is not yet known, and they are in no "
            "other figure."
        )
    if view.window_open:
        sentences.append(
            f"{view.window_open} of the {view.without_report} without a report were followed for less than "
            "a year: not yet known."
        )
    if view.curve:
        sentences.append(
            f"The curve ends after {view.curve[-1].day / DAYS_IN_MONTH:.0f} months: after that, fewer than "
            f"{HIDDEN_UNDER} cases are followed, or fewer reports than that were made."
        )
    else:
        sentences.append("Too few cases have been checked for a curve that identifies no one.")
    ends = [f.looked_until for f in followed if f.looked_until is not None]
    crossed = changes_crossed(min((f.anchor for f in followed), default=None), max(ends, default=None))
    if crossing := crossing_in_words(crossed):
        sentences.append(f"{crossing[0].upper()}{crossing[1:]}.")
    sentences.append(
        "No report does not mean no stalking: most stalking is not reported. The curve does not show what "
        "a plan caused."
    )
    return tuple(sentences)
