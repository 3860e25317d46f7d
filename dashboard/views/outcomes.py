"""Reoffending over all decided cases: counts, the time to the next report, and what is not yet known."""

from __future__ import annotations

import streamlit as st

from dashboard import charts, markup, record, session, theme, words
from dashboard.faults import told_here
from engine.domain.figures import ReoffendingView
from engine.services.outcomes import reoffending


def page() -> None:
    """The page."""
    markup.draw(
        markup.page_title(
            "Outcomes",
            note="Further stalking after the panel's first decision: as reported, as recorded crime, and as "
            "proven. The three are counted apart. Restricted cases are in no figure.",
        )
    )
    with told_here():
        runtime = record.runtime()
        draw(reoffending(uow=runtime.uow, clock=runtime.clock, acting=session.acting()))


def draw(view: ReoffendingView) -> None:
    """Counts first, then the curve with its numbers at risk."""
    markup.draw(
        markup.definitions(
            (
                ("Decided cases followed", view.followed),
                ("Further stalking reported", view.reported),
                ("Recorded as a crime", view.recorded),
                ("Proven in court", view.proven),
                ("Not yet known: the first year is not over", view.window_open),
                ("Not known: nobody has looked", view.not_known),
            ),
            class_="bignums",
        )
    )
    markup.draw(markup.join([markup.heading("What this says", at="says"), markup.bullets(view.says)]))
    markup.draw(
        markup.heading(
            "Time to the next reported stalking",
            at="curve",
            note="Share of cases without a further report, by the days since the decision. The band is where "
            "the true share lies with 95% confidence. Cases that are no longer followed leave the count.",
        )
    )
    if not view.curve:
        markup.draw(markup.notice("info", "Too few cases have been looked at for a curve."))
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
                [(str(each.month), each.count) for each in view.at_risk],
                caption="Numbers at risk: a curve that rests on few cases says little",
            )
        )
        markup.draw(
            markup.table(
                ("Against whom", "Cases"),
                [(whom.value, count) for whom, count in view.against.items()],
                caption="Of the cases with further stalking",
            )
        )


def _curve_table(view: ReoffendingView) -> markup.Markup:
    return markup.table(
        ("Days after the decision", "Without a further report", "Band"),
        [
            (f"{point.day:.0f}", f"{point.share:.0%}", f"{point.low:.0%} to {point.high:.0%}")
            for point in view.curve
        ],
        caption="Every day on which the curve steps",
    )


def _alt(view: ReoffendingView) -> str:
    last = view.curve[-1]
    return (
        f"Curve of the share of {words.counted(view.followed, 'decided case')} without a further report of "
        f"stalking. It begins at 100% and stands at {last.share:.0%} after {last.day:.0f} days, with a band "
        f"from {last.low:.0%} to {last.high:.0%}."
    )
