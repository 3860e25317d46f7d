"""Curves computed from the merged steps that are published, and from nothing else. Pure.

Those who leave within a step are at risk for half of it (the actuarial estimate of Cutler and Ederer 1958),
because when they left is not published. Estimators and bands are those of exact times, with one time for
each step.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from engine.domain.outcomes.releases import Curve, Step
from engine.outcomes.releases.blocks import Block
from engine.outcomes.releases.micro_tables import COMPETING, EVENT, LEFT, RECORDED_CURVE
from engine.outcomes.statistics.curves import Band, cumulative_incidence, survival
from engine.outcomes.statistics.risk_table import RiskTable


def curve_of(block: Block, as_of: date) -> Curve:
    """Return the curve of a block of merged steps."""
    steps = _steps_of(block)
    followed = []
    at_risk = block.cases
    for _, events, competing, left in steps:
        followed.append(at_risk)
        at_risk -= events + competing + left
    table = RiskTable(
        times=np.array([float(month) for month, *_ in steps]),
        at_risk=np.array([n - step[3] // 2 for n, step in zip(followed, steps, strict=True)], dtype=np.int64),
        events=np.array([step[1] for step in steps], dtype=np.int64),
        competing=np.array([step[2] for step in steps], dtype=np.int64),
    )
    has_competing = block.table == RECORDED_CURVE
    main = cumulative_incidence(table) if has_competing else survival(table)
    other = cumulative_incidence(table.with_causes_exchanged()) if has_competing else None
    return Curve(
        as_of=as_of,
        followed=block.cases,
        still=at_risk,
        steps=tuple(
            _step(step, n, main.at(step[0]), other.at(step[0]) if other else None)
            for step, n in zip(steps, followed, strict=True)
        ),
    )


def _step(step: tuple[int, int, int, int], followed: int, main: Band, other: Band | None) -> Step:
    month, events, competing, left = step
    share, low, high = _known(main)
    others = _known(other) if other else (None, None, None)
    return Step(
        until_month=month,
        followed=followed,
        events=events,
        competing=competing,
        left=left,
        share=share,
        low=low,
        high=high,
        competing_share=others[0],
        competing_low=others[1],
        competing_high=others[2],
    )


def _known(band: Band) -> tuple[float, float, float]:
    """Return a value with limits; a value of none or all has no limits but itself."""
    share = round(band.estimate, 4) if band.estimate is not None else 0.0
    low, high = (share if limit is None else round(limit, 4) for limit in (band.low, band.high))
    return share, low, high


def _steps_of(block: Block) -> Sequence[tuple[int, int, int, int]]:
    by_month: dict[int, dict[str, int]] = {}
    for cell in block.cells:
        end, _, month = cell.label.partition(" until month ")
        if month:
            by_month.setdefault(int(month), {})[end] = cell.count
    return [
        (month, ends[EVENT], ends.get(COMPETING, 0), ends[LEFT]) for month, ends in sorted(by_month.items())
    ]
