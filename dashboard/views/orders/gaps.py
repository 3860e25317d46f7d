"""A gap: orders were made, and none on record applies today. Red, and on top until one applies."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard import markup, words
from dashboard.pages import Place
from engine.domain.orders.protection import Protection
from engine.domain.orders.views import OrderLine

NO_ORDER_APPLIES = "No order applies"
CASE = "of"
"""The part of an address that names the case whose orders are shown."""
_FIRST_SHOWN = 5


def draw(today: Protection) -> None:
    """Draw the sentence of a gap if there is one."""
    if today.is_gap:
        markup.draw(markup.notice("error", today.sentence, heading=NO_ORDER_APPLIES))


def draw_of_all(gaps: Sequence[OrderLine]) -> None:
    """Draw the gap of each case, before all else on a page; those after the first five are in its table."""
    if not gaps:
        return
    lines: list[markup.Content] = [
        markup.join(
            [
                markup.join((markup.go(case, Place.ORDERS, codes={CASE: case}) for case in gap.cases), " "),
                gap.date.counts,
            ],
            " ",
        )
        for gap in gaps[:_FIRST_SHOWN]
    ]
    if len(gaps) > _FIRST_SHOWN:
        lines.append(f"{len(gaps) - _FIRST_SHOWN:,} more, first in the table below.")
    on = f"{NO_ORDER_APPLIES} on {words.counted(len(gaps), 'case')}"
    markup.draw(markup.notice("error", markup.bullets(lines), heading=on))
