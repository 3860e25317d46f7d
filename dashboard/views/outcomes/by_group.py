"""The same figures for each group of a release, side by side: small curves, and shares by year.

A group without figures is shown in its place, so that nothing moves from one release to the next.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import markup, outcome_series, theme
from dashboard.outcome_series import YearShare
from dashboard.views.outcomes import released_tables
from dashboard.views.outcomes.count_tables import as_csv
from engine.domain.outcomes.follow_up import Measure
from engine.domain.outcomes.releases import Dimension, GroupFigures, Release
from engine.domain.shown import shown

_IN_A_ROW = 3
WOULD_REVEAL = "This group, or another one, has so few cases that this figure would reveal them."
"""Said of each hidden figure alike: a large group is hidden where a small one could be worked out from it."""
_YEAR = "period"


def draw(release: Release) -> None:
    """Draw each dimension that has a group with figures."""
    for dimension in release.dimensions:
        groups = [(code, release.of_code(dimension, code)) for code in dimension.codes]
        if any(found is not None and found.reported is not None for _, found in groups):
            _draw_dimension(release, dimension, groups)
        if dimension.name == _YEAR:
            _draw_years(release, groups)


Groups = Sequence[tuple[str, GroupFigures | None]]


def _draw_dimension(release: Release, dimension: Dimension, groups: Groups) -> None:
    markup.draw(
        markup.heading(
            f"Time to the next reported stalking, by {_named(dimension)}",
            at=f"by-{dimension.name}",
            note="Share of followed cases without a further report, all on one scale. Dashed: 12 months. "
            "Groups also differ in ways that are not recorded: a difference shows no cause.",
        )
    )
    last = max(
        found.reported.steps[-1].until_month for _, found in groups if found is not None and found.reported
    )
    for start in range(0, len(groups), _IN_A_ROW):
        for cell, (code, found) in zip(
            st.columns(_IN_A_ROW, gap="medium"), groups[start : start + _IN_A_ROW], strict=False
        ):
            with cell:
                _draw_panel(dimension, code, found, last)
    markup.draw(markup.details("Show as a table", _table(release, dimension, groups)))


def _draw_panel(dimension: Dimension, code: str, found: GroupFigures | None, last: int) -> None:
    name = _sentence(code)
    curve = found.reported if found is not None else None
    if curve is None:
        markup.draw(
            markup.element(
                "section",
                markup.element("h3", name, " ", markup.tag("▨ Hidden", "t-info")),
                markup.element("p", WOULD_REVEAL),
                class_="compared",
            )
        )
        return
    markup.draw(markup.element("h3", name, class_="panel-name"))
    st.vega_lite_chart(
        outcome_series.small_curve(curve, last_month=last, dark=theme.is_dark()),
        theme=None,
        key=f"curve-{dimension.name}-{code}",
        alt=f"{name}. {released_tables.alt_of(curve, competing=False)}",
    )


def _table(release: Release, dimension: Dimension, groups: Groups) -> markup.Markup:
    rows: list[Sequence[markup.Content]] = []
    for code, found in groups:
        curve = found.reported if found is not None else None
        if found is None or curve is None:
            rows.append((_sentence(code), *[markup.none_recorded("hidden")] * 4, ""))
            continue
        end = curve.steps[-1]
        rows.append(
            (
                _sentence(code),
                f"{curve.followed:,}",
                f"{end.share:.0%} ({end.low:.0%} to {end.high:.0%}) at {end.until_month} months",
                f"{curve.still:,}",
                released_tables.short(curve.as_of),
                as_csv(found.group, released_tables.REPORTED),
            )
        )
    return markup.table(
        (dimension.label, "Followed", "Without a further report", "Still followed", "Figures of", "File"),
        rows,
        caption=f"A figure that counts fewer than {release.limit} cases is hidden",
    )


def _draw_years(release: Release, groups: Groups) -> None:
    """Draw the share of each year; a change of recording rules is in the picture and in the sentence."""
    shares = [
        YearShare(int(code), reported.share, reported.low, reported.high, reported.counted)
        for code, found in groups
        if found is not None and (reported := found.of(Measure.REPORTED)) is not None and code.isdigit()
    ]
    if not shares:
        return
    markup.draw(
        markup.heading(
            "Further stalking reported within 12 months, by year of the decision",
            at="years",
            note="Share of counted cases, with its 95% interval. More reports can mean more trust. Years "
            "that are not drawn are hidden, or their 12 months are not over.",
        )
    )
    changes = [each.when.earliest for each in release.recording_changes]
    st.vega_lite_chart(
        outcome_series.shares_by_year(shares, changes=changes, dark=theme.is_dark()),
        theme=None,
        key="shares-by-year",
        alt=_alt_of_years(shares, release),
    )
    table = markup.table(
        ("Decided in", "Cases counted", "With further stalking", "95% interval"),
        [
            (str(each.year), f"{each.counted:,}", f"{each.share:.0%}", f"{each.low:.0%} to {each.high:.0%}")
            for each in shares
        ],
        caption="Reported further stalking within 12 months",
    )
    rules = [f"{each.says[:1].upper()}{each.says[1:]}." for each in release.recording_changes]
    parts: list[markup.Content] = [markup.details("Show as a table", table)]
    if rules:
        parts.append(markup.details("Changes of recording rules", markup.bullets(rules)))
    markup.draw(markup.join(parts))


def _alt_of_years(shares: Sequence[YearShare], release: Release) -> str:
    years = "; ".join(
        f"{each.year} {each.share:.0%}, interval {each.low:.0%} to {each.high:.0%}" for each in shares
    )
    months = " and ".join(f"{each.when.earliest:%B %Y}" for each in release.recording_changes)
    rules = f" Recording rules of the police changed in {months}." if months else ""
    return f"Share with further stalking reported within 12 months, by year of the decision: {years}.{rules}"


def _named(dimension: Dimension) -> str:
    return (
        "year of the decision"
        if dimension.name == _YEAR
        else dimension.label[:1].lower() + dimension.label[1:]
    )


def _sentence(code: str) -> str:
    return shown(code[:1].upper() + code[1:])
