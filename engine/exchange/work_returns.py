"""Rows of a return for the figures of the work, of victims, equity, agreement and costs. Adds nothing.

A hidden figure has no row.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.domain.outcomes.agreement import AgreementFigure
from engine.domain.outcomes.prices import CostView
from engine.domain.outcomes.tables import FigureTable, Spread
from engine.domain.outcomes.work_figures import AGREEMENT, COSTS, DAYS, WorkFigures

Value = str | int | float | None
Row = dict[str, Value]


def work_rows(work: WorkFigures) -> Iterator[Row]:
    """Yield each published figure once, by the columns that it fills."""
    for released in work.tables:
        for row in _table_rows(released.table):
            yield {"release": released.as_of.isoformat(), "table": released.table.name, **row}
    for spread in work.days:
        for row in _day_rows(spread.days):
            yield {"release": spread.as_of.isoformat(), "table": DAYS, **row}
    for agreement in work.agreement:
        for row in _agreement_rows(agreement.figure):
            yield {"release": agreement.as_of.isoformat(), "table": AGREEMENT, **row}
    if work.costs is not None:
        for row in _cost_rows(work.costs.view):
            yield {"release": work.costs.as_of.isoformat(), "table": COSTS, **row}


def _table_rows(table: FigureTable) -> Iterator[Row]:
    if table.whole is not None:
        yield {"figure": "all", "value": table.whole, "unit": table.counts}
    for row in table.rows:
        if row.count is not None:
            yield {
                "figure": ": ".join(row.levels),
                "value": row.count,
                "denominator": table.whole,
                "unit": table.counts,
            }


def _day_rows(days: Spread) -> Iterator[Row]:
    named = (
        ("cases", days.cases, "cases"),
        ("lower quartile", days.lower_quartile, "days"),
        ("median", days.median, "days"),
        ("upper quartile", days.upper_quartile, "days"),
    )
    for name, value, unit in named:
        if value is not None:
            yield {"figure": f"{days.title}: {name}", "value": value, "unit": unit}


def _agreement_rows(figure: AgreementFigure) -> Iterator[Row]:
    if figure.kappa is None:
        return
    of = f"{figure.domain.value}: {' and '.join(figure.agencies)}"
    yield {
        "figure": f"{of}: same level",
        "value": figure.agreed,
        "denominator": figure.cases,
        "unit": "cases",
    }
    yield {
        "figure": f"{of}: weighted kappa",
        "value": figure.kappa,
        "low": figure.low,
        "high": figure.high,
        "denominator": figure.cases,
        "unit": "kappa",
    }
    if figure.not_compared is not None:
        yield {"figure": f"{of}: not compared", "value": figure.not_compared, "unit": "cases"}
    for rate in figure.base_rates:
        if rate.count is not None:
            yield {
                "figure": f"{of}: {rate.agency}, {rate.level.value}",
                "value": rate.count,
                "denominator": figure.cases,
                "unit": "cases",
            }


def _cost_rows(view: CostView) -> Iterator[Row]:
    named: list[tuple[str, Value, str]] = [
        ("cases with time reported", view.cases, "cases"),
        ("minutes", view.minutes, "minutes"),
        ("cost", None if view.pounds is None else float(view.pounds), "pounds"),
        (
            "cost per case",
            None if view.pounds_per_case is None else float(view.pounds_per_case),
            "pounds",
        ),
        ("reports", view.reports, "reports"),
        ("reports without minutes", view.not_timed, "reports"),
    ]
    for each in view.agencies:
        named.append((f"minutes of {each.agency}", each.minutes, "minutes"))
        pounds = None if each.pounds is None else float(each.pounds)
        named.append((f"cost of {each.agency}", pounds, "pounds"))
    for name, value, unit in named:
        if value is not None:
            yield {"figure": name, "value": value, "unit": unit}
