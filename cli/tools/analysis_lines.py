"""The text of an analysis: a table for each part, the reasons, the warnings and the conventions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import exp
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.services.tools.outcome_analysis import AnalysisOfFile, ModelOfFile

_MOST_ROWS = 40


def analysis_lines(found: AnalysisOfFile) -> Iterator[str]:
    """Yield the lines that a person reads."""
    yield f"{found.n:,} rows, {found.events:,} with the event, followed for {found.person_time:g} together"
    yield f"rate           {_interval(found.rate.estimate, found.rate.low, found.rate.high, digits=6)}"
    for median in found.median:
        yield f"median         {_of(median.group)}{_interval(median.estimate, median.low, median.high)}"
    yield from _table(
        "survival",
        ("group", "at", "estimate", "95 % interval", "at risk"),
        [
            (
                each.group,
                _number(each.at),
                _number(each.estimate),
                _limits(each.low, each.high),
                f"{each.at_risk:,}",
            )
            for each in found.survival
        ],
    )
    yield from _table(
        "cumulative incidence",
        ("group", "cause", "at", "estimate", "95 % interval"),
        [
            (
                each.group,
                each.cause.value,
                _number(each.at),
                _number(each.estimate),
                _limits(each.low, each.high),
            )
            for each in found.cumulative_incidence or ()
        ],
    )
    if found.logrank is not None:
        yield f"log-rank       {_tested(found.logrank.statistic, found.logrank.df, found.logrank.p)}"
    for test in found.gray or ():
        yield f"Gray           {test.cause.value}: {_tested(test.statistic, test.df, test.p)}"
    if found.cox is not None:
        yield from _model(found.cox)
    for part, reason in found.reasons.items():
        yield f"not estimated: {part.replace('_', ' ')}. {reason}"
    for warning in found.warnings:
        yield f"warning: {warning}"
    for part, convention in found.conventions.items():
        yield f"convention, {part.replace('_', ' ')}: {convention}"


def _model(model: ModelOfFile) -> Iterator[str]:
    yield from _table(
        f"Cox model ({model.ties.value})",
        ("covariate", "coefficient", "standard error", "p", "hazard ratio", "95 % interval"),
        [
            (
                each.name,
                _number(each.estimate),
                _number(each.se),
                _number(each.p),
                _number(exp(min(each.estimate, 700))),
                _limits(exp(min(each.low, 700)), exp(min(each.high, 700))),
            )
            for each in model.coefficients
        ],
    )
    yield f"log-likelihood {model.log_likelihood:.4f}, concordance {_number(model.concordance)}"
    yield f"likelihood ratio {_tested(model.lr.statistic, model.lr.df, model.lr.p)}"
    for test in model.ph_test or ():
        yield f"proportional hazards, {test.name}: {_tested(test.statistic, test.df, test.p)}"


def _table(title: str, header: Sequence[str], rows: Sequence[Sequence[str | None]]) -> Iterator[str]:
    """Yield aligned rows; a column without any value is left out, and a long table is cut with a sentence."""
    if not rows:
        return
    shown = [place for place in range(len(header)) if any(row[place] is not None for row in rows)]
    cut = [[header[place] for place in shown]]
    cut += [[row[place] or "" for place in shown] for row in rows[:_MOST_ROWS]]
    widths = [max(len(row[place]) for row in cut) for place in range(len(shown))]
    yield title
    for row in cut:
        yield "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
    if len(rows) > _MOST_ROWS:
        yield f"  {len(rows) - _MOST_ROWS:,} more rows: name times with --at, or use --json"


def _of(group: str | None) -> str:
    return "" if group is None else f"{group}: "


def _number(value: float | None, digits: int = 4) -> str:
    return "not estimated" if value is None else f"{value:.{digits}g}"


def _limits(low: float | None, high: float | None) -> str:
    if low is None and high is None:
        return "not estimated"
    return f"{_number(low)} to {_number(high)}"


def _interval(estimate: float | None, low: float | None, high: float | None, digits: int = 4) -> str:
    return f"{_number(estimate, digits)} (95 %: {_limits(low, high)})"


def _tested(statistic: float, df: int, p: float) -> str:
    return f"{statistic:.4f} on {df} {'degree' if df == 1 else 'degrees'} of freedom, p {_number(p, 3)}"
