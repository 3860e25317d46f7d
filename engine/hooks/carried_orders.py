"""Orders and reports: the newest that one response takes, and a gap that counts the others."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from engine.domain.responses.held_reports import MOST_REPORTS, HeldReport
from engine.domain.responses.reported import MOST_ORDERS, ReportedOrder
from engine.hooks.wording import counted, sentence


def newest_orders(orders: Iterable[ReportedOrder]) -> tuple[tuple[ReportedOrder, ...], tuple[str, ...]]:
    """Return the newest orders, oldest first, and the gap that counts what is not sent, if anything is.

    A response takes so many orders and no more. Without a cut the whole response would fail.
    """
    ordered = sorted(orders, key=lambda each: (each.made or each.in_effect or date.min, each.key))
    return tuple(ordered[-MOST_ORDERS:]), not_sent(len(ordered) - MOST_ORDERS, "order")


def newest_reports(reports: Iterable[HeldReport]) -> tuple[tuple[HeldReport, ...], tuple[str, ...]]:
    """Return the newest reports, oldest first, and the gap that counts what is not sent, if anything is."""
    ordered = sorted(reports, key=lambda each: (each.day.latest if each.day else date.min, each.key))
    return tuple(ordered[-MOST_REPORTS:]), not_sent(len(ordered) - MOST_REPORTS, "report")


def not_sent(count: int, one: str, many: str | None = None) -> tuple[str, ...]:
    """Return the gap that so many more are in the extract; nothing where all are sent."""
    if count <= 0:
        return ()
    said = counted(count, f"more {one}", f"more {many or one + 's'}")
    return (sentence(f"{said} {'is' if count == 1 else 'are'} in the extract, and not sent"),)
