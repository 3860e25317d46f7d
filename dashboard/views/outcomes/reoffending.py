"""Further stalking after the panel's decision, from the frozen release and from nothing else."""

from __future__ import annotations

from datetime import date

import streamlit as st

from dashboard import downloads, markup, outcome_charts, record, session, theme
from dashboard.errors import show_errors
from dashboard.views.outcomes import by_group, count_tables, making, release_filters, released_tables
from engine.domain.outcomes.follow_up import Measure
from engine.domain.outcomes.releases import EVERYONE, Curve, Group, GroupFigures, Release
from engine.services.outcomes.releases import newest_release, next_quarter_end


def page() -> None:
    """Draw the page."""
    with show_errors():
        runtime = record.runtime()
        release = newest_release(runtime.context(session.acting()))
        today = runtime.clock.today()
        draw_title(release)
        making.offer(release, today=today)
        draw(release, today=today)


def draw(release: Release | None, *, today: date) -> None:
    """Draw the release: four statements, two curves, tables, and what may be concluded."""
    if release is None:
        due = next_quarter_end(today)
        markup.draw(
            markup.notice(
                "info",
                f"No release yet. A coordinator or manager can make one here for the last quarter. The next "
                f"quarter ends on {released_tables.short(due)}.",
            )
        )
        return
    released_tables.draw_invented(release)
    group = release_filters.chosen(release)
    figures = release.of(group)
    if figures is None:
        markup.draw(
            markup.notice(
                "info",
                f"Hidden: fewer than {release.limit} cases, or a figure that would reveal so few. Choose "
                f"a wider "
                "group."
                if group != EVERYONE
                else f"Hidden: the release counts fewer than {release.limit} decided cases.",
            )
        )
        return
    markup.draw(released_tables.four_statements(figures, release))
    left, right = st.columns([7, 5], gap="large")
    with left:
        _curve(
            figures.reported,
            group,
            title="Time to the next reported stalking",
            note="Share of followed cases without a further report. Band: 95% interval. Time in custody "
            "counts, "
            "because people also stalk from prison. Cases still open are used too, so it can differ from "
            "the share above.",
            table=released_tables.REPORTED,
            competing=False,
        )
    with right:
        _curve(
            figures.recorded,
            group,
            title="Recorded crime, or custody first",
            note="Share of followed cases, by what came first. A new recorded crime is less likely during "
            "custody and not possible after death. Both are counted separately.",
            table=released_tables.RECORDED,
            competing=True,
        )
    markup.draw(released_tables.three_measures(figures, release))
    _csv(group, released_tables.RESULT)
    left, right = st.columns([7, 5], gap="large")
    with left:
        if group == EVERYONE:
            markup.draw(released_tables.funnel(release))
            _csv(group, released_tables.FUNNEL)
    with right:
        markup.draw(released_tables.severity(figures, release))
        _csv(group, released_tables.SEVERITY)
    if group == EVERYONE:
        by_group.draw(release)
    markup.draw(_conclusions(figures))
    markup.draw(_frozen(release, next_quarter_end(release.as_of)))


def draw_title(release: Release | None) -> None:
    """Draw the title, which release it is, and its files."""
    note = "Did stalking continue after the panel's first decision?"
    if release is not None and release.decided_from and release.decided_until:
        first, last = (
            released_tables.short(release.decided_from),
            released_tables.short(release.decided_until),
        )
        note += f" Cases decided from {first} to {last}."
    tag = (
        markup.tag(f"❄ Release of {released_tables.short(release.as_of)}, frozen", "t-info")
        if release
        else ""
    )
    files = (
        markup.element(
            "div",
            markup.fetch(
                "Download all tables (CSV)", downloads.ASK, kind=downloads.OUTCOMES_CSV, look="quiet"
            ),
            markup.fetch(
                "Download all tables (XLSX)", downloads.ASK, kind=downloads.OUTCOMES_XLSX, look="quiet"
            ),
            markup.fetch("Report (HTML)", downloads.ASK, kind=downloads.OUTCOMES_REPORT, look="quiet"),
            class_="key",
        )
        if release
        else ""
    )
    markup.draw(markup.join([markup.page_title(markup.join(["Outcomes ", tag]), note=note), files]))


def _curve(curve: Curve | None, group: Group, *, title: str, note: str, table: str, competing: bool) -> None:
    markup.draw(markup.heading(title, at=table.replace(" ", "-").replace(",", ""), note=note))
    if curve is None:
        markup.draw(
            markup.notice(
                "info",
                f"Hidden. {by_group.WOULD_REVEAL}"
                if group != EVERYONE
                else "Hidden: too few cases for a curve that identifies no one.",
            )
        )
        return
    st.vega_lite_chart(
        outcome_charts.released_curve(curve, competing=competing, dark=theme.is_dark()),
        theme=None,
        key=f"curve-{'recorded' if competing else 'reported'}",
        alt=released_tables.alt_of(curve, competing=competing),
    )
    markup.draw(
        markup.join(
            [
                markup.details("Show as a table", released_tables.curve_table(curve, competing=competing)),
                markup.details(
                    "What is this figure?", released_tables.about_curve(curve, competing=competing)
                ),
            ]
        )
    )
    _csv(group, table)


def _csv(group: Group, table: str) -> None:
    markup.draw(count_tables.as_csv(group, table))


def _conclusions(figures: GroupFigures) -> markup.Markup:
    """Return what a reader may conclude, and what not."""
    reported = figures.of(Measure.REPORTED)
    may = []
    if reported is not None:
        may.append(
            f"About {round(reported.share * 10)} in 10 counted cases had further stalking reported within "
            f"a year of "
            "the panel's decision."
        )
        if reported.half_within_weeks is not None:
            may.append(f"Half of the first reports came within {reported.half_within_weeks} weeks.")
    may.append("Reported, recorded and proven are different measures. Compare each only with itself.")
    may_not = (
        "No figure shows that a plan caused or prevented something. Referrals come at the worst time, "
        "and a fall is expected without help.",
        "“No further report” does not mean no stalking. Most stalking is not reported.",
        "More reports do not always mean more stalking. They can also mean more trust.",
    )
    return markup.element(
        "div",
        markup.element("div", markup.heading("You may conclude", at="may"), markup.bullets(may)),
        markup.element(
            "div", markup.heading("Limits of these figures", at="may-not"), markup.bullets(may_not)
        ),
        class_="may-conclude",
    )


def _frozen(release: Release, due: date) -> markup.Markup:
    """Return the note on the release."""
    return markup.notice(
        "info",
        f"This is the release of {released_tables.short(release.as_of)}. Corrections, restrictions and "
        f"erasures since "
        f"then change "
        f"no figure here. They appear in the release of {released_tables.short(due)}. ",
        " ".join(release.notes),
        heading="Frozen",
    )
