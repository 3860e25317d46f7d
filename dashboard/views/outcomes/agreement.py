"""Agreement between the views of two agencies, for each domain of risk. Agreement is not accuracy."""

from __future__ import annotations

from collections.abc import Mapping

from dashboard import markup, record, words
from dashboard.errors import show_errors
from dashboard.views.outcomes import released_tables
from dashboard.views.outcomes.count_tables import as_csv, count, start_part
from engine.domain.outcomes.releases import EVERYONE
from engine.domain.outcomes.work_figures import AGREEMENT, ReleasedAgreement, WorkFigures

_WHAT = (
    "Cohen's weighted kappa with linear weights: 1 is full agreement, 0 is what chance would give with the "
    "same base rates. The range is the 95% interval. It needs 20 cases that both agencies viewed, and 3 "
    "professionals on each side. Cases where an agency was unable to say are not compared. Where nearly "
    "all cases have the same level, kappa is low although agencies agree: read it beside the base rates. "
    "Base rates are hidden where they would reveal how few cases have two levels."
)


def page() -> None:
    """Draw the page."""
    with show_errors():
        release = start_part(
            "Agreement",
            "Agreement between the newest views of two agencies, for each domain. Agreement is not accuracy: "
            "two agencies can be wrong together. It is not a target, since differences are what a panel is "
            "for.",
        )
        if release is not None and release.work is not None:
            names = {agency.code: agency.name for agency in record.runtime().agencies_known}
            draw(release.work, names)


def draw(work: WorkFigures, names: Mapping[str, str]) -> None:
    """Draw one table of all pairs, then the base rates of those that are shown."""
    if not work.agreement:
        markup.draw(markup.none_recorded("No two agencies have viewed the same domain of a case yet."))
        return
    markup.draw(
        markup.join(
            [
                markup.table(
                    (
                        "Domain",
                        "Agencies",
                        "Same level",
                        "Weighted kappa, 95% interval",
                        "Not compared",
                        "Figures of",
                    ),
                    [_row(each, names) for each in work.agreement],
                    caption="Two agencies and one domain in each row. Rows are not added up.",
                ),
                markup.details("What is this figure?", _WHAT),
                as_csv(EVERYONE, AGREEMENT),
            ]
        )
    )
    figures = [each.figure for each in work.agreement]
    rated = [(each, rate) for each in figures for rate in each.base_rates]
    if rated:
        markup.draw(
            markup.heading("Base rates", at="base-rates", note="Cases that each agency viewed at each level.")
        )
        markup.draw(
            markup.table(
                ("Domain", "Compared with", "Agency", "Level", "Cases"),
                [
                    (
                        words.sentence(each.domain.value),
                        names.get(other, other),
                        names.get(rate.agency, rate.agency),
                        rate.level.value,
                        count(rate.count),
                    )
                    for each, rate in rated
                    for other in each.agencies
                    if other != rate.agency
                ],
                caption="One agency's levels over the cases that both viewed",
            )
        )


def _row(released: ReleasedAgreement, names: Mapping[str, str]) -> tuple[markup.Content, ...]:
    each = released.figure
    pair = words.listed([names.get(code, code) for code in each.agencies])
    first = (words.sentence(each.domain.value), pair)
    as_of = released_tables.short(released.as_of)
    if each.why_not is not None or each.kappa is None or each.low is None or each.high is None:
        return (*first, markup.none_recorded(each.why_not or "Not estimated"), "", "", as_of)
    return (
        *first,
        f"{each.agreed:,} of {each.cases:,}",
        f"{each.kappa:.2f} ({each.low:.2f} to {each.high:.2f})",
        count(each.not_compared),
        as_of,
    )
