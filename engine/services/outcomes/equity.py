"""Equity figures: one characteristic of victims at a time, as they describe themselves."""

from __future__ import annotations

from engine.access.policy import May, require
from engine.domain.outcomes.described import Characteristic
from engine.domain.outcomes.tables import FigureTable
from engine.outcomes.equity_figures import equity_tables
from engine.outcomes.figure_tables import shown
from engine.services.context import Context
from engine.services.outcomes.process import process_cases


def equity_figures(context: Context, *, by: Characteristic) -> tuple[FigureTable, ...]:
    """Return the figures by one characteristic, small counts hidden. Restricted cases are left out.

    Raises
    ------
    NotPermittedError
        The role of the person who acts does not permit it.
    """
    require(May.SEE_AGGREGATES, context.acting)
    with context.reading("see figures of equity") as work:
        cases = process_cases(work, at=context.clock.now())
        described = work.victims_outcomes.described()
        work.notes(cases=len(cases), by=by.value)
    return tuple(shown(table) for table in equity_tables(by, cases, described))
