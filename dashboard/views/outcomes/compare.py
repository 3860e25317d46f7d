"""Comparisons of a release: differences as ranges, with their limits. Decides and computes nothing."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import markup, record, session
from dashboard.errors import show_errors
from dashboard.views.outcomes import released_tables
from engine.domain.outcomes.comparisons import (
    ComparedBy,
    Comparison,
    Comparisons,
    Standardised,
    Verdict,
)
from engine.domain.outcomes.releases import Release
from engine.services.outcomes.releases import newest_release

BY = "compared-by"
_KEY, _SEEN = "outcomes-by", "outcomes-by-address"
_LABELS = {
    ComparedBy.INTERVENTION: "Intervention",
    ComparedBy.ORDER: "Court order",
    ComparedBy.TYPOLOGY: "Type of stalking",
    ComparedBy.BOROUGH: "Borough at referral",
    ComparedBy.PERIOD: "Year of the decision",
}
_TAGS = {
    Verdict.FEWER: ("▼ Fewer reports with it", "t-info"),
    Verdict.MORE: ("▲ More reports with it", "t-info"),
    Verdict.INCONCLUSIVE: ("◇ Inconclusive", "t-plain"),
}


def page() -> None:
    """Draw the page."""
    with show_errors():
        runtime = record.runtime()
        draw(newest_release(runtime.context(session.acting())))


def draw(release: Release | None) -> None:
    """Draw the caution, then every comparison by the feature that is chosen."""
    markup.draw(
        markup.page_title(
            "Compare",
            note="Do the figures differ between cases with and without something that was fixed early?",
        )
    )
    if release is None:
        markup.draw(markup.notice("info", "No release yet, so nothing can be compared."))
        return
    released_tables.draw_invented(release)
    by = _chosen()
    found = release.compared(by)
    markup.draw(
        markup.notice(
            "warning",
            "People get an advocate or a programme because of their case. The groups also differ in ways "
            "that "
            "are not recorded.",
            heading="A comparison does not show what an intervention caused",
        )
    )
    if found is None or found.counted == 0:
        markup.draw(
            markup.none_recorded(f"No comparison by {_LABELS[by].lower()}: none is recorded, or too few.")
        )
        return
    markup.draw(
        markup.join(
            [_heading(found), _panels(found), _table(found), _standardised(found.shown), _about(release)]
        )
    )


def _chosen() -> ComparedBy:
    """Return the feature that the field or the address names; a code that is gone is the first."""
    codes = [each.value for each in ComparedBy]
    asked = session.query(BY) or codes[0]
    in_address = asked if asked in codes else codes[0]
    if in_address != session.stored_value(_SEEN):
        session.type_again({_KEY: in_address})
    picked = st.selectbox(
        "Compare by", codes, format_func=lambda code: _LABELS[ComparedBy(code)], key=_KEY, width=320
    )
    session.put_in_address({BY: picked if picked != codes[0] else ""})
    session.keep(_SEEN, picked)
    return ComparedBy(picked)


def _heading(found: Comparisons) -> markup.Markup:
    first = found.shown[0] if found.shown else None
    days = (
        f"Groups are fixed {first.landmark_days} days after the decision, among cases still followed then "
        f"without a "
        f"report. Shares are read {first.horizon_days} days later. "
        if first
        else ""
    )
    return markup.heading(
        f"{found.counted:,} compared, each with and without",
        at="compared",
        note=f"{days}{found.counted:,} comparisons are counted: each range is {_percent(found.confidence)}, "
        "so that all of them hold together (Bonferroni).",
    )


def _panels(found: Comparisons) -> markup.Markup:
    panels = [
        markup.element(
            "section",
            markup.element(
                "h3", each.level[:1].upper() + each.level[1:], " ", markup.tag(*_TAGS[each.verdict])
            ),
            markup.element("p", sentence(each.low, each.high, each.verdict)),
            _over_time(each),
            class_="compared",
        )
        for each in found.shown
    ]
    if found.hidden:
        panels.append(
            markup.element(
                "section",
                markup.element("h3", f"{found.hidden:,} more ", markup.tag("▨ Hidden", "t-plain")),
                markup.element("p", "Too few people on one side, or a figure that would reveal so few."),
                class_="compared",
            )
        )
    return markup.element("div", *panels, class_="compared-all")


def _over_time(each: Comparison) -> markup.Content:
    found = each.over_time
    if found is None:
        return ""
    when = "while it applied" if each.by is ComparedBy.ORDER else "after its first session"
    return markup.element(
        "p",
        f"Over time: between {found.low:.1f} and {found.high:.1f} times as many first reports {when} "
        "as at the same time after the decision without it.",
        class_="sub",
    )


def sentence(low: float, high: float, verdict: Verdict) -> str:
    """Return a range for every 100 people, in words. More reports can mean more trust."""
    if verdict is Verdict.FEWER:
        return (
            f"For every 100 people, between {abs(high):.0f} and {abs(low):.0f} fewer had further stalking "
            "reported."
        )
    if verdict is Verdict.MORE:
        return (
            f"For every 100 people, between {low:.0f} and {high:.0f} more had further stalking reported. "
            f"More "
            "reports can mean more trust."
        )
    return (
        f"For every 100 people, between {abs(min(low, 0)):.0f} fewer and {max(high, 0):.0f} more had further "
        "stalking reported. This does not mean “no effect”."
    )


def _table(found: Comparisons) -> markup.Markup:
    rows = [
        (
            each.level,
            f"{each.with_it.share:.0%} of {each.with_it.cases:,}",
            f"{each.without.share:.0%} of {each.without.cases:,}",
            _ends(each.low, each.high),
            each.verdict.value,
            released_tables.short(each.as_of),
        )
        for each in found.shown
    ]
    return markup.details(
        "Show as a table",
        markup.table(
            ("Compared", "With it", "Without it", "Difference for every 100", "Result", "Figures of"),
            rows,
            caption="Estimated share with further stalking reported (Kaplan-Meier)",
        ),
    )


def _ends(low: float, high: float) -> str:
    return f"{_signed(low)} to {_signed(high)}"


def _signed(number: float) -> str:
    rounded = round(number)
    return f"{rounded:+}" if rounded else "0"


def _percent(share: float) -> str:
    return f"{100 * share:.1f}".removesuffix(".0") + "%"


def _standardised(shown: Sequence[Comparison]) -> markup.Markup:
    rows = [
        _standardised_row(each, f"{way} {found.covariate}", found)
        for each in shown
        for way, found in (("within", each.standardised), ("weighted on", each.weighted))
        if found is not None
    ]
    if not rows:
        return markup.Markup("")
    return markup.join(
        [
            markup.heading(
                "The same, standardised",
                at="standardised",
                note="Compared within groups that are alike in one thing known at the decision, and by "
                "weights that make the groups alike in several. Both are weighted to all cases. "
                "Balance: the largest difference between the groups before and after; up to "
                "0.1 is alike "
                "enough. E-value: how strongly something not recorded would have to be linked to both "
                "group and "
                "outcome to explain the difference.",
            ),
            markup.table(
                (
                    "Compared",
                    "Method",
                    "With it",
                    "Without it",
                    "Difference for every 100",
                    "Balance",
                    "Overlap",
                    "E-value",
                ),
                rows,
                caption="The range includes no difference where its ends have different signs",
            ),
        ]
    )


def _standardised_row(each: Comparison, way: str, found: Standardised) -> tuple[markup.Content, ...]:
    overlap = f"{found.in_overlap:.0%}" if found.in_overlap is not None else ""
    if found.refused or found.low is None or found.high is None:
        return (each.level, way, *[""] * 2, found.refused or "", "", overlap, "")
    balance = "; ".join(f"{one.name} {one.before:.2f} to {one.after:.2f}" for one in found.balance)
    return (
        each.level,
        way,
        f"{found.with_share or 0:.0%}",
        f"{found.without_share or 0:.0%}",
        _ends(found.low, found.high),
        balance,
        overlap,
        f"{found.e_value}" if found.e_value is not None else "not estimated",
    )


def _about(release: Release) -> markup.Markup:
    return markup.join(
        [
            markup.details(
                "What is this figure?",
                "The difference between two Kaplan-Meier estimates. Its variance is Greenwood's or the one "
                "between persons, whichever is larger. A group is formed by "
                "what was fixed by the landmark, so that time before it helps no group. Standardised: "
                "stratified by "
                "one covariate, in strata with 5 or more on each side. Where less than 80% of cases are "
                "in such "
                "strata there is no estimate. Weighted: by the inverse of the chance of the group, from a "
                "logistic regression; a case with a chance under 5% of either group has no weight. Court "
                "order: one that was served and applied at the landmark. Over time, each date counts where "
                "it belongs, beside others of the same month after the decision (Mantel and Haenszel's "
                "ratio), so that no time before service counts for an order.",
            ),
            markup.element(
                "p",
                f"From the release of {released_tables.short(release.as_of)}, frozen. A side with fewer than "
                f"{release.limit} "
                "people with or without a report is hidden.",
                class_="sub",
            ),
        ]
    )
