"""Figures of the work, of victims' outcomes, of equity, of agreement and of costs, as a release has them.

They count every referral that was received by the date of the release, as the record had it when the
release was made. None: hidden.
"""

from __future__ import annotations

from datetime import date

from engine.domain.base import Frozen
from engine.domain.outcomes.agreement import AgreementFigure
from engine.domain.outcomes.prices import CostView
from engine.domain.outcomes.tables import FigureTable, Spread

DAYS, AGREEMENT, COSTS = "process_days", "agreement", "costs"
"""Names of what is not a table of counts, in files."""


class ReleasedTable(Frozen):
    """A table, and the release that it is of: an earlier one where fewer cases than the limit changed."""

    as_of: date
    table: FigureTable


class ReleasedSpread(Frozen):
    """A spread of days, and the release that it is of."""

    as_of: date
    days: Spread


class ReleasedAgreement(Frozen):
    """The agreement of two agencies, and the release that it is of."""

    as_of: date
    figure: AgreementFigure


class ReleasedCosts(Frozen):
    """Costs, and the release that they are of."""

    as_of: date
    view: CostView


class WorkFigures(Frozen):
    """All of them."""

    tables: tuple[ReleasedTable, ...] = ()
    days: tuple[ReleasedSpread, ...] = ()
    agreement: tuple[ReleasedAgreement, ...] = ()
    costs: ReleasedCosts | None = None

    def dates(self) -> set[date]:
        """Return the releases that any of it is of."""
        found = {each.as_of for each in self.tables} | {each.as_of for each in self.days}
        found |= {each.as_of for each in self.agreement}
        return found | ({self.costs.as_of} if self.costs else set())

    def table(self, name: str) -> ReleasedTable | None:
        """Return a table by its name."""
        return next((each for each in self.tables if each.table.name == name), None)

    def tables_of(self, subject: str) -> tuple[ReleasedTable, ...]:
        """Return the tables of a subject, such as "victims" or "equity_sex"."""
        return tuple(each for each in self.tables if f"{each.table.name}_".startswith(f"{subject}_"))
