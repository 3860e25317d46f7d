"""The law of a type of order as a table: each topic with its section, and how and when it was read."""

from __future__ import annotations

from dashboard import markup
from engine.domain.orders.views import OrderView

_CAPTION = "The law as it was read. Not verified by a lawyer."


def table(order: OrderView) -> markup.Markup:
    """Return a row for each topic; one that was not read says so."""
    return markup.table(
        ("Question", "By the text", "Section and source"),
        [
            (f"{line.topic[:1].upper()}{line.topic[1:]}", line.says, line.citation or "None")
            for line in order.law
        ],
        caption=_CAPTION,
        class_="plain orders",
        stacks=True,
    )
