"""Orders that agencies report beside those that are recorded. Compares type and date; merges nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from engine.domain.base import Frozen
from engine.domain.cases.views import AgencyAnswerView, ReportedOrderView
from engine.domain.orders.views import OrderKnown


class OrderReported(Frozen):
    """An order in an agency's response. ``like`` are the recorded orders of its type and date."""

    agency: str
    agency_name: str
    reported: ReportedOrderView
    like: tuple[str, ...]

    @property
    def status(self) -> str:
        """The relation to what is recorded here, as a page shows it."""
        if self.like:
            return f"Same type and date as {', '.join(self.like)}: compare them."
        if _start(self.reported) is None:
            return "Not compared with the recorded orders: its date is not reported."
        return "Not recorded here."

    @property
    def may_be_recorded(self) -> bool:
        """True unless a recorded order has its type and date."""
        return not self.like


def orders_reported(
    answers: Sequence[AgencyAnswerView], recorded: Iterable[OrderKnown]
) -> tuple[OrderReported, ...]:
    """Return the orders that this viewer's agencies report, each with the recorded orders like it."""
    known = tuple(recorded)
    return tuple(
        OrderReported(
            agency=answer.agency,
            agency_name=answer.agency_name,
            reported=each,
            like=tuple(order.reference for order in known if _is_like(each, order)),
        )
        for answer in answers
        for each in answer.orders
    )


def reported_in_brief(reported: Sequence[OrderReported]) -> str | None:
    """Return how many of them have no recorded order like them; None if each has one."""
    count = sum(each.may_be_recorded for each in reported)
    if not count:
        return None
    return f"{count} reported by an agency, not recorded here."


def _is_like(reported: ReportedOrderView, order: OrderKnown) -> bool:
    start = _start(reported)
    return reported.order.type == order.type and start is not None and start in (order.made, order.in_effect)


def _start(reported: ReportedOrderView) -> date | None:
    return reported.order.made or reported.order.in_effect
