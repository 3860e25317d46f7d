"""The figures of a release as statements and tables, and their alt texts. Computes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from urllib.parse import urlencode

from dashboard import markup
from dashboard.outcome_charts import followed_after
from engine.domain.outcomes.follow_up import Measure
from engine.domain.outcomes.releases import Curve, Group, GroupFigures, MeasureFigures, Part, Release

REPORTED = "time to the next reported stalking"
RECORDED = "recorded crime, or custody or death first"
RESULT, SEVERITY, FUNNEL = "result", "most serious act", "from referral to outcome"
_NAMES = {
    Measure.REPORTED: ("Reported", "by any agency", "12 months"),
    Measure.RECORDED: ("Recorded crime", "by police", "12 months"),
    Measure.PROVEN: ("Proven", "in court, or a caution", "12 months, and 6 for proof"),
}
_HIDDEN = "hidden"
WHETHER, OFTEN, SOON = "Whether", "How often", "How soon"


def codes_of(group: Group, table: str) -> str:
    """Return a table of a group as closed codes, for the address of its file."""
    return urlencode({"table": table, **{name: code for name, code in group if code is not None}})


def four_statements(figures: GroupFigures, release: Release) -> markup.Markup:
    """Return whether, how often, how soon, and how many are still open."""
    reported = figures.of(Measure.REPORTED)
    if reported is None:
        why = f"Fewer than {release.limit} cases, or a figure that would reveal so few."
        cells = [(name, "Hidden", why) for name in (WHETHER, OFTEN, SOON)]
        cells.append(("Cases", f"{figures.cases:,} decided", f"Figures of {short(figures.as_of)}."))
    else:
        cells = [
            _whether(reported),
            _how_often(reported),
            _how_soon(reported),
            _still_open(figures, reported),
        ]
    return markup.element(
        "dl",
        *(
            markup.element(
                "div",
                markup.element("dt", name),
                markup.element("dd", said),
                markup.element("dd", note, class_="s"),
            )
            for name, said, note in cells
        ),
        class_="strip four-wide",
    )


def draw_invented(release: Release) -> None:
    """Say on a page that shows a release of invented cases that they are invented."""
    if release.is_invented:
        said = "The cases in this release are invented. They are not cases of this record."
        markup.draw(markup.notice("info", said))


def _whether(reported: MeasureFigures) -> tuple[str, str, str]:
    return (
        WHETHER,
        f"{reported.further:,} of {reported.counted:,} cases ({reported.share:.0%})",
        "had further stalking reported within 12 months, by any agency. 95% interval "
        f"{reported.low:.0%} to {reported.high:.0%}.",
    )


def _how_often(reported: MeasureFigures) -> tuple[str, str, str]:
    often = reported.often
    if often is None:
        return OFTEN, "Hidden", "Too few cases have a further report, or 2 of them have nearly all."
    return (
        OFTEN,
        f"{often.rate:.1f} reports a year",
        f"for each case counted ({often.low:.1f} to {often.high:.1f}). {often.acts:,} reports in "
        f"{often.years:,} years of cases.",
    )


def _how_soon(reported: MeasureFigures) -> tuple[str, str, str]:
    if reported.half_within_weeks is None:
        return SOON, "Hidden", "Too few cases have a further report."
    weeks = reported.half_within_weeks
    return (
        SOON,
        f"Half within {weeks} {'week' if weeks == 1 else 'weeks'}",
        f"Half of the {reported.further:,} first reports came within this number of weeks of the decision.",
    )


def _still_open(figures: GroupFigures, reported: MeasureFigures) -> tuple[str, str, str]:
    parts = {part.label: part.count for part in reported.parts}
    whole = sum(parts.values())
    not_yet = parts.get("not yet known")
    rest = whole - reported.counted
    if not_yet is None:
        return (
            "Still open",
            f"{rest:,} of {whole:,} not counted",
            "Not yet known, not checked, or observation ended early. None of them counts as “none”.",
        )
    return (
        "Still open",
        f"{not_yet:,} of {whole:,} not yet known",
        f"Their 12 months are not over. {rest - not_yet:,} more ended early or were not checked. Neither "
        "group counts as “none”.",
    )


def three_measures(figures: GroupFigures, release: Release) -> markup.Markup:
    """Return the table of the measures, each counted apart."""
    rows: list[Sequence[markup.Content]] = []
    for measure, (name, by, window) in _NAMES.items():
        first = markup.join([name, " ", markup.element("small", by)])
        found = figures.of(measure)
        if found is None:
            rows.append((first, window, *[_hidden()] * 8))
            continue
        parts = {part.label: part.count for part in found.parts}
        joined = "ended early, not checked or not yet known"
        shared = parts.get(joined)
        ended: markup.Content = _number(parts.get("ended early or not checked"))
        not_yet: markup.Content = _number(parts.get("not yet known"))
        if shared is not None:
            ended = markup.join([f"{shared:,} ", markup.element("small", "shown together")])
            not_yet = markup.element("small", "with the column before")
        rows.append(
            (
                first,
                window,
                f"{found.counted:,}",
                markup.element("b", f"{found.further:,}"),
                markup.join(
                    [f"{found.share:.0%} ", markup.element("small", f"{found.low:.0%} to {found.high:.0%}")]
                ),
                *_against(found.against),
                ended,
                not_yet,
                short(found.as_of),
            )
        )
    table = markup.table(
        (
            "Measure",
            "Window after decision",
            "Cases counted",
            "With further stalking",
            "Share, 95% interval",
            "Same victim",
            "New victim",
            "By proxy",
            "Ended early or not checked",
            "Not yet known",
            "Figures of",
        ),
        [row if len(row) == 11 else (*row, short(release.as_of)) for row in rows],
        caption=f"Each row adds up to the cases of its date. {figures.cases:,} cases are decided.",
    )
    return markup.join(
        [
            markup.heading(
                "Three measures, counted separately",
                at="measures",
                note="Cases counted are those whose window is over and that were checked. The target is "
                "that of "
                "the first further act.",
            ),
            table,
            markup.element(
                "p",
                "Proven leaves out breaches of orders. If it is not known whether an offence is one, the "
                "offence counts. Ended early: "
                "death, deportation, moving away or withdrawal. An earlier date: fewer than "
                f"{release.limit} cases have changed since.",
                class_="sub",
            ),
            markup.details(
                "Why is a figure hidden?",
                f"It, or another part of its row, counts fewer than {release.limit} cases, or would "
                f"reveal so few "
                "together with other figures, in this release or an earlier one. Which, the page does not "
                "show. "
                "The same figures are hidden in pictures, tables and files.",
            ),
        ]
    )


def _against(parts: Sequence[Part] | None) -> list[markup.Content]:
    if parts is None:
        return [_hidden()] * 3
    if len(parts) == 3:
        return [f"{part.count:,}" for part in parts]
    same, others = parts
    return [
        f"{same.count:,}",
        markup.join([f"{others.count:,} ", markup.element("small", "shown together")]),
        markup.element("small", "with the column before"),
    ]


def funnel(release: Release) -> markup.Markup:
    """Return the stages from referral to outcome, with a bar on one linear scale."""
    most = max((stage.count or 0 for stage in release.funnel), default=0)
    rows: list[Sequence[markup.Content]] = []
    above: int | None = None
    for stage in release.funnel:
        if stage.count is None:
            rows.append((stage.label, _hidden(), ""))
            continue
        share = f" {stage.count / above:.0%}" if above else ""
        bar = markup.element("span", "", class_="funnel-bar", style=f"width:{60 * stage.count / most:.1f}%")
        number = markup.join([markup.element("b", f"{stage.count:,}"), markup.element("small", share)])
        rows.append((stage.label, markup.join([bar, " ", number]), stage.rest))
        above = stage.count
    return markup.join(
        [
            markup.heading("From referral to outcome", at="funnel", note="Reported further stalking."),
            markup.table(
                ("Stage", "Cases, and share of the stage above", "Not in the next stage"),
                rows,
                caption="Each stage is part of the one above",
            ),
            markup.details(
                "What is this figure?",
                "Referrals are counted once each. 12 months over: the 12 months after the "
                "decision are over. Counted: an agency checked to their end.",
            ),
        ]
    )


def severity(figures: GroupFigures, release: Release) -> markup.Markup:
    """Return a strip for each measure: cases by their most serious act."""
    strips: list[markup.Content] = []
    for measure in (Measure.REPORTED, Measure.RECORDED):
        name = _NAMES[measure][0]
        found = figures.of(measure)
        if found is None or found.severity is None:
            strips.append(markup.element("p", f"{name}: ", _hidden()))
            continue
        cells = [
            markup.element(
                "div",
                markup.element("b", f"{part.count:,}"),
                markup.element("small", part.label),
                class_=f"harm h{place}",
                style=f"flex-grow:{part.count}",
            )
            for place, part in enumerate(found.severity)
        ]
        alt = f"{name}: " + ", ".join(f"{part.label} {part.count:,}" for part in found.severity) + "."
        strips.append(markup.element("p", markup.element("b", f"{name}: {found.further:,} cases")))
        strips.append(markup.element("div", *cells, class_="harms", role="img", aria_label=alt))
    return markup.join(
        [
            markup.heading(
                "Severity",
                at="serious",
                note="Most serious further act within 12 months, in crime harm days. Acts without a score "
                "are "
                "set apart, not counted as 0.",
            ),
            *strips,
            markup.details(
                "What is this figure?",
                "The Crime Harm Index gives how long in prison an offence would have as a starting "
                "point. "
                "365 days are a year. A case counts once, by its most serious act that has a score.",
            ),
        ]
    )


def curve_table(curve: Curve, *, competing: bool) -> markup.Markup:
    """Return the steps of a curve."""
    after = dict(followed_after(curve))
    if competing:
        return markup.table(
            (
                "Until month",
                "Recorded crime",
                "95% interval",
                "Custody or death first",
                "95% interval",
                "Still followed",
            ),
            [
                (
                    str(step.until_month),
                    f"{step.share:.0%}",
                    f"{step.low:.0%} to {step.high:.0%}",
                    f"{step.competing_share or 0:.0%}",
                    f"{step.competing_low or 0:.0%} to {step.competing_high or 0:.0%}",
                    f"{after[step.until_month]:,}",
                )
                for step in curve.steps
            ],
            caption=f"Of {curve.followed:,} cases, {short(curve.as_of)}",
        )
    return markup.table(
        ("Until month", "Without a further report", "95% interval", "Reports", "Left", "Still followed"),
        [
            (
                str(step.until_month),
                f"{step.share:.0%}",
                f"{step.low:.0%} to {step.high:.0%}",
                f"{step.events:,}",
                f"{step.left:,}",
                f"{after[step.until_month]:,}",
            )
            for step in curve.steps
        ],
        caption=f"Of {curve.followed:,} cases, {short(curve.as_of)}",
    )


def alt_of(curve: Curve, *, competing: bool) -> str:
    """Return the finding of a curve in words, from the same figures as the picture."""
    last = curve.steps[-1]
    if competing:
        return (
            f"Share of {curve.followed:,} cases by what came first. After {last.until_month} months "
            f"{last.share:.0%} had a recorded crime, 95% interval {last.low:.0%} to {last.high:.0%}, and "
            f"{last.competing_share or 0:.0%} custody or death first. {curve.still:,} are still followed."
        )
    twelve = [step for step in curve.steps if step.until_month == 12]
    at_12 = "".join(
        f" It falls to {step.share:.0%} at 12 months, 95% interval {step.low:.0%} to {step.high:.0%}."
        for step in twelve
        if step is not last
    )
    return (
        f"Share of cases without a further report after the panel's first decision.{at_12} After "
        f"{last.until_month} months it is {last.share:.0%}, 95% interval {last.low:.0%} to "
        f"{last.high:.0%}, and "
        f"{curve.still:,} of {curve.followed:,} cases are still followed."
    )


def about_curve(curve: Curve, *, competing: bool) -> str:
    """Return what a curve estimates, and its method."""
    method = (
        "Cumulative incidence (Aalen-Johansen). Custody and death are outcomes of their own."
        if competing
        else "Survival (Kaplan-Meier), with a band on the scale of log(-log S). Death ends observation."
    )
    return (
        f"{method} Computed from merged steps: in each, enough cases had the event that no one can be "
        f"recognised. "
        "Who leaves in a step counts for half of it. The line stops where cases stop. "
        f"Figures of {short(curve.as_of)}, {curve.followed:,} followed cases."
    )


def _hidden() -> markup.Markup:
    return markup.none_recorded(_HIDDEN)


def _number(number: int | None) -> markup.Content:
    return _hidden() if number is None else f"{number:,}"


def short(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
