"""How near a counted share must come to a planned one."""

from __future__ import annotations

import math
from collections.abc import Iterable


def share(yes_or_no: Iterable[bool]) -> float:
    """The share of yes."""
    given = list(yes_or_no)
    assert given, "nothing was counted"
    return sum(given) / len(given)


def near(counted: float, planned: float, *, of: int, beside: float = 0.0) -> bool:
    """Within four standard errors of a share of that many, and ``beside`` for what the plan leaves rough."""
    return abs(counted - planned) <= 4 * math.sqrt(planned * (1 - planned) / of) + beside
