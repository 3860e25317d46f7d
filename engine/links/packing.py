"""Rectangles packed side by side, close together. Knows no graph."""

from __future__ import annotations

import math
from collections.abc import Sequence

_ROUNDING = 1e-6


def packed(sizes: Sequence[tuple[float, float]], *, aspect: float) -> list[tuple[float, float]]:
    """Return the left and the top of each rectangle, so that none is on another and all are close.

    Each is placed as high as it fits, in their order: give the largest first.

    Examples
    --------
    >>> packed([(4.0, 4.0), (2.0, 2.0), (2.0, 2.0)], aspect=1.5)
    [(0.0, 0.0), (4.0, 0.0), (4.0, 2.0)]
    """
    if not sizes:
        return []
    area = sum(wide * high for wide, high in sizes)
    across = max(math.sqrt(area * aspect), *(wide for wide, _ in sizes))
    line: list[tuple[float, float, float]] = [(0.0, across, 0.0)]
    """The lower edge of what is placed: from where to where, and how low."""
    corners = []
    for wide, high in sizes:
        starts = [start for start, _, _ in line if start + wide <= across * (1 + _ROUNDING)]
        top, left = min((_top(line, start, start + wide), start) for start in starts)
        corners.append((left, top))
        line = _lowered(line, left, left + wide, top + high)
    return corners


def _top(line: Sequence[tuple[float, float, float]], left: float, right: float) -> float:
    return max(low for start, end, low in line if start < right and end > left)


def _lowered(
    line: Sequence[tuple[float, float, float]], left: float, right: float, low: float
) -> list[tuple[float, float, float]]:
    parts = [(left, right, low)]
    for start, end, was in line:
        if start < left:
            parts.append((start, min(end, left), was))
        if end > right:
            parts.append((max(start, right), end, was))
    return sorted(parts)
