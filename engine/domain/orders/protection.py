"""The answer whether an order on record protects on one date, and gaps without one. Knows no rule.

Only recorded orders are known: that none of them applies does not mean that there is none.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from engine.domain.base import Frozen


class Applies(StrEnum):
    """The answer whether an order on record applies on a date and, where it needs service, was served."""

    YES = "yes"
    NO = "no"
    NOT_KNOWN = "not known"


class Gap(Frozen):
    """Days in a row when no order on record applied; ``last`` None is not known yet."""

    first: date
    last: date | None
    order: str
    """The order whose end or missing service began it."""


class Protection(Frozen):
    """The answer for one date, of the orders of a case or of one of them, with the gap that the date is in.

    The gap is from ``first`` to ``last``, ``days`` long; without a known end ``days`` counts until the date
    itself.
    """

    answer: Applies
    sentence: str
    first: date | None = None
    last: date | None = None
    days: int | None = None
    order: str | None = None
    """The order whose end or missing service began the gap."""
    not_served: tuple[str, ...] = ()
    """Orders that were made, apply by their dates, and are not served."""

    @property
    def is_gap(self) -> bool:
        """True if orders were made, and none of them applies."""
        return self.first is not None
