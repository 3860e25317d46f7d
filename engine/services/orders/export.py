"""Dates of orders as a file: the same rows as on the page, and one entry in the audit log."""

from __future__ import annotations

from typing import Literal, assert_never

from engine.domain.base import Frozen
from engine.domain.errors import InvalidInputError
from engine.exchange.order_files import order_calendar, order_table_file
from engine.services.context import Context
from engine.services.orders.listing import list_orders

OrderFileForm = Literal["csv", "xlsx", "ics"]
_MEDIA_TYPES: dict[OrderFileForm, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ics": "text/calendar; charset=utf-8",
}


class ExportedOrders(Frozen):
    """A file of dates of orders. Its name has no case and no person in it."""

    file_name: str
    media_type: str
    content: bytes


def export_orders(
    context: Context, *, form: OrderFileForm, ahead_days: int = 28, kind: str | None = None
) -> ExportedOrders:
    """Return gaps and open dates of the orders within this person's access; ``kind`` is a type of order.

    A calendar has references and kinds of dates only.

    Raises
    ------
    InvalidInputError
        The number of days is not between 1 and 366, or no order of this type is listed.
    """
    page = list_orders(context, ahead_days=ahead_days)
    names = dict(page.types)
    if kind is not None and kind not in names:
        raise InvalidInputError("type", "no order of this type is listed; leave it out, or choose another")
    lines = [line for line in (*page.gaps, *page.lines) if kind is None or line.name == names[kind]]
    match form:
        case "csv" | "xlsx":
            content = order_table_file(lines, form=form)
        case "ics":
            content = order_calendar(lines, at=context.clock.now())
        case _:
            assert_never(form)
    return ExportedOrders(file_name=f"orders.{form}", media_type=_MEDIA_TYPES[form], content=content)
