"""The whole analysis of one table of durations and endings: every estimate, or why there is none. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from engine.domain.outcomes.analysis import Median
from engine.outcomes.statistics.curves import Curve, cumulative_incidence, median, survival
from engine.outcomes.statistics.rates import exact_rate
from engine.outcomes.statistics.risk_table import (
    EVENT,
    Floats,
    Ints,
    RiskTable,
    grouped_table,
    risk_table,
)
from engine.tools.statistics.coding import Coded, coded, levels
from engine.tools.statistics.comparing import gray, log_rank
from engine.tools.statistics.conventions import (
    CAUSES,
    conventions,
    far_beyond_the_rest,
    no_band_reason,
    no_rows_reason,
)
from engine.tools.statistics.proportional_hazards import GLOBAL, cox
from engine.tools.statistics.results import (
    Analysis,
    Cause,
    ChiSquared,
    CoxModel,
    GrayTest,
    IncidencePoint,
    SurvivalPoint,
    Ties,
)

_DOUBTFUL = 0.05
_FEW_EVENTS = 10
_Part = TypeVar("_Part")


@dataclass(frozen=True)
class TimedRows:
    """Rows with a known duration and ending. None in ``groups`` and '' in ``covariates`` are not recorded."""

    durations: Floats
    endings: Ints
    has_competing: bool
    groups: Sequence[str | None] | None
    covariates: Mapping[str, Sequence[str]]


def analyse(rows: TimedRows, *, at: Sequence[float] | None, ties: Ties) -> Analysis:
    """Return every estimate of these rows. ``at`` are the times of the curves; None means all event times."""
    reasons: dict[str, str] = {}
    warnings: list[str] = []
    tables = _tables(rows)
    curves = {label: survival(table) for label, table in tables.items()}
    points = _survival(curves, tables, at)
    medians = tuple(_median(label, curve) for label, curve in curves.items())
    incidences = _incidences(tables, at) if rows.has_competing else None
    if incidences is None:
        reasons["cumulative_incidence"] = reasons["gray"] = "No column of a competing event was named."
    _explain_points(points, incidences, medians, reasons)
    logrank, grays = _compared(rows, reasons)
    references: dict[str, str] = {}
    model = _model(rows, ties, reasons, warnings, references)
    if rows.has_competing:
        warnings.append(
            "1 minus survival is not the probability of the event where something else can end "
            "the follow-up: "
            "use the cumulative incidence for that."
        )
    if logrank is not None or model is not None:
        warnings.append("A difference, or none, does not show what caused it.")
    warnings += far_beyond_the_rest(rows.durations)
    events = int((rows.endings == EVENT).sum())
    total = float(rows.durations.sum())
    rate = exact_rate(events, total)
    if rate.estimate is None:
        reasons["rate"] = "The durations add up to nothing, so there is no time to divide by."
    return Analysis(
        n=len(rows.durations),
        events=events,
        person_time=total,
        rate=rate,
        conventions=conventions(rows.has_competing, references, ties if model else None),
        survival=points,
        cumulative_incidence=incidences,
        median=medians,
        logrank=logrank,
        gray=grays,
        cox=model,
        reasons=reasons,
        warnings=tuple(warnings),
    )


def _tables(rows: TimedRows) -> dict[str | None, RiskTable]:
    if rows.groups is None:
        return {None: risk_table(rows.durations, rows.endings)}
    tables: dict[str | None, RiskTable] = {}
    of_row = np.array([label or "" for label in rows.groups], dtype=object)
    for label in levels(label for label in rows.groups if label is not None):
        inside = of_row == label
        tables[label] = risk_table(rows.durations[inside], rows.endings[inside])
    return tables


def _survival(
    curves: Mapping[str | None, Curve], tables: Mapping[str | None, RiskTable], at: Sequence[float] | None
) -> tuple[SurvivalPoint, ...]:
    points = []
    for label, curve in curves.items():
        for time in curve.times.tolist() if at is None else at:
            band = curve.at(time)
            points.append(
                SurvivalPoint(
                    label, time, band.estimate, band.low, band.high, tables[label].followed_at(time)
                )
            )
    return tuple(points)


def _incidences(
    tables: Mapping[str | None, RiskTable], at: Sequence[float] | None
) -> tuple[IncidencePoint, ...]:
    points = []
    for label, table in tables.items():
        for cause in CAUSES:
            curve = cumulative_incidence(table if cause is Cause.EVENT else table.with_causes_exchanged())
            for time in curve.times.tolist() if at is None else at:
                band = curve.at(time)
                points.append(IncidencePoint(label, cause, time, band.estimate, band.low, band.high))
    return tuple(points)


def _median(label: str | None, curve: Curve) -> Median:
    band = median(curve)
    return Median(label, band.estimate, band.low, band.high)


def _explain_points(
    points: Sequence[SurvivalPoint],
    incidences: Sequence[IncidencePoint] | None,
    medians: Sequence[Median],
    reasons: dict[str, str],
) -> None:
    for part, drawn in (("survival", points), ("cumulative_incidence", incidences)):
        if drawn is None:
            continue
        without = sorted({each.group or "" for each in medians} - {each.group or "" for each in drawn})
        sentences = [no_rows_reason(without)] if without else []
        if band := no_band_reason(drawn):
            sentences.append(band)
        if sentences:
            reasons[part] = " ".join(sentences)
    if any(each.estimate is None for each in medians):
        reasons["median"] = "A median is null if the curve does not reach a half within the follow-up."
    elif any(each.low is None or each.high is None for each in medians):
        reasons["median"] = "A limit is null if the band does not reach a half within the follow-up."


def _compared(
    rows: TimedRows, reasons: dict[str, str]
) -> tuple[ChiSquared | None, tuple[GrayTest, ...] | None]:
    if rows.groups is None:
        reasons["logrank"] = "No column of a group was named."
        if rows.has_competing:
            reasons["gray"] = "No column of a group was named."
        return None, None
    inside = np.array([label is not None for label in rows.groups], dtype=np.bool_)
    labels = levels(label for label in rows.groups if label is not None)
    place = {label: index for index, label in enumerate(labels)}
    group_of = np.array([place[label] for label in rows.groups if label is not None], dtype=np.int64)
    table = grouped_table(rows.durations[inside], rows.endings[inside], group_of, groups=len(labels))
    logrank = _or_reason("logrank", log_rank(table), reasons)
    if not rows.has_competing:
        return logrank, None
    grays = []
    for cause in CAUSES:
        tested = gray(table if cause is Cause.EVENT else table.with_causes_exchanged())
        if isinstance(tested, str):
            reasons["gray"] = f"For the {cause.value}: {tested}"
        else:
            grays.append(GrayTest(cause, tested.statistic, tested.df, tested.p))
    return logrank, tuple(grays) or None


def _or_reason(part: str, found: _Part | str, reasons: dict[str, str]) -> _Part | None:
    if isinstance(found, str):
        reasons[part] = found
        return None
    return found


def _model(
    rows: TimedRows,
    ties: Ties,
    reasons: dict[str, str],
    warnings: list[str],
    references: dict[str, str],
) -> CoxModel | None:
    if not rows.covariates:
        reasons["cox"] = "No covariates were named."
        return None
    complete = np.array([all(cells) for cells in zip(*rows.covariates.values(), strict=True)], dtype=np.bool_)
    if not complete.any():
        reasons["cox"] = "No row has all covariates."
        return None
    columns: list[Coded] = []
    for name, cells in rows.covariates.items():
        made = coded(name, [cell for cell, whole in zip(cells, complete, strict=True) if whole])
        if isinstance(made, str):
            reasons["cox"] = made
            return None
        columns.append(made)
        if made.reference is not None:
            references[name] = made.reference
    endings = rows.endings[complete]
    model = _or_reason(
        "cox",
        cox(
            rows.durations[complete],
            endings,
            np.hstack([each.values for each in columns]),
            [each.term for each in columns],
            ties,
        ),
        reasons,
    )
    if model is not None:
        _explain_model(model, int((endings == EVENT).sum()), reasons, warnings)
    return model


def _explain_model(model: CoxModel, events: int, reasons: dict[str, str], warnings: list[str]) -> None:
    if events < _FEW_EVENTS * len(model.coefficients):
        warnings.append(
            f"{events:,} events for {len(model.coefficients)} coefficients: with fewer than {_FEW_EVENTS} "
            "for each, a model follows chance."
        )
    if model.concordance is None:
        reasons["concordance"] = "No 2 rows can be put in order of time, so there is no concordance."
    if model.ph_test is None:
        reasons["ph_test"] = "Too few event times to test whether hazards are proportional."
        return
    failed = [test for test in model.ph_test if test.p < _DOUBTFUL and test.name != GLOBAL]
    for test in failed:
        warnings.append(
            f"The effect of '{test.name}' changes with time (p {test.p:.2g}), so that 1 hazard "
            f"ratio does not "
            "describe it: its coefficient is an average that depends on how long rows were followed. Compare "
            "survival or cumulative incidence at stated times instead, or analyse parts of the time apart."
        )
    if not failed and model.ph_test[-1].p < _DOUBTFUL:
        warnings.append(
            "Hazards are not proportional over all covariates together, although no single one "
            "shows it: read "
            "the coefficients as averages over the time followed."
        )
