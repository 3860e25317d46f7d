"""Reoffending over all decided cases: counts, the time to the next report, and what is not yet known."""

from __future__ import annotations

import streamlit as st

from dashboard import charts, markup, record, session, theme, words
from dashboard.errors import show_errors
from engine.domain.outcomes.figures import ReoffendingView
from engine.services.outcomes.follow_up import reoffending


def page() -> None:
    """Draw the page."""
    markup.draw(
        markup.page_title(
            "Outcomes",
            note=(
                "Further stalking after the panel's first decision: as reported, as recorded "
                "crime, and as proven. Each is counted separately. Restricted cases are not "
                "counted. Figures under 10, and figures that would reveal one, are hidden."
            ),
        )
    )
    with show_errors():
        runtime = record.runtime()
        draw(reoffending(runtime.context(session.acting())))


def draw(view: ReoffendingView) -> None:
    """Draw counts first, then the curve with its numbers at risk."""
    markup.draw(
        markup.definitions(
            (
                ("Decided cases", _number(view.followed)),
                ("Followed up, of those decided", _of(view.looked_at, view.followed)),
                ("Further stalking reported, of those followed up", _of(view.reported, view.looked_at)),
                ("Recorded as a crime, where that was checked", _of(view.recorded, view.recorded_of)),
                ("Proven in court, where that was checked", _of(view.proven, view.proven_of)),
                (
                    "Followed for less than a year, of those without a report",
                    _of(view.window_open, view.without_report),
                ),
                ("Not followed up, of those decided", _of(view.not_known, view.followed)),
            ),
            class_="bignums",
        )
    )
    markup.draw(markup.join([markup.heading("Summary", at="says"), markup.bullets(view.says)]))
    markup.draw(
        markup.heading(
            "Time to the next reported stalking",
            at="curve",
            note=(
                "Share of cases without a further report, by days since the decision. The "
                "band is the 95% confidence interval. Cases that are no longer followed leave "
                "the count. The curve steps at the end of a month, once 10 reports came, and "
                "ends where 10 cases are still followed."
            ),
        )
    )
    if not view.curve:
        markup.draw(
            markup.notice("info", "Too few cases were followed up to show a curve that identifies no one.")
        )
        return
    left, right = st.columns([7, 4], gap="large")
    with left:
        st.vega_lite_chart(
            charts.survival(view.curve, dark=theme.is_dark()),
            theme=None,
            key="survival",
            alt=_alt(view),
        )
        with st.expander("The curve as a table", key="survival-table"):
            markup.draw(_curve_table(view))
    with right:
        markup.draw(
            markup.table(
                ("Months after the decision", "Cases still followed"),
                [(str(each.month), _number(each.count)) for each in view.at_risk],
                caption="Numbers at risk: a curve based on few cases shows little",
            )
        )
        markup.draw(
            markup.table(
                ("Against whom", "Cases"),
                [(whom.value, _number(count)) for whom, count in view.against.items()],
                caption=f"Of the {view.reported} cases with further stalking reported",
            )
        )


def _curve_table(view: ReoffendingView) -> markup.Markup:
    return markup.table(
        ("Days after the decision", "Without a further report", "Band"),
        [
            (f"{point.day:.0f}", f"{point.share:.0%}", f"{point.low:.0%} to {point.high:.0%}")
            for point in view.curve
        ],
        caption="Month ends where the curve steps",
    )


def _number(number: int | None) -> markup.Content:
    return markup.none_recorded("hidden") if number is None else number


def _of(number: int | None, whole: int | None) -> markup.Content:
    if number is None or whole is None:
        return _number(number)
    return f"{number} of {whole}"


def _alt(view: ReoffendingView) -> str:
    last = view.curve[-1]
    return (
        f"Curve of the share of {_cases(view)} without a further report of stalking. It starts "
        f"at 100% and ends at {last.share:.0%} after {last.day:.0f} days, with a band from "
        f"{last.low:.0%} to {last.high:.0%}."
    )


def _cases(view: ReoffendingView) -> str:
    return "the cases" if view.looked_at is None else words.counted(view.looked_at, "case") + " followed up"
