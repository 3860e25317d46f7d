"""Cost of agencies' time over all cases, and the price list that it is worked out by. Not of one case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.access.policy import WHO_MAY, May, require
from engine.domain.accounts.acting import Acting
from engine.domain.errors import InvalidInputError
from engine.domain.outcomes.prices import CostView, Price, PriceList, StoredPriceList, with_price
from engine.outcomes.costs import TimeReported, cost_view
from engine.services.context import Context
from engine.services.outcomes.observed import require_every_case

if TYPE_CHECKING:
    from engine.store.unit_of_work import Work


def set_prices(context: Context, *, given: PriceList) -> int:
    """Store a new price list in place of the present one, which stays in the record; return its version.

    Raises
    ------
    InvalidInputError
        An agency is not installed, or the list is the same as the present one.
    """
    require(May.SET_PRICES, context.acting)
    known = {agency.code for agency in context.agencies_known}
    if {price.agency for price in given.prices} - known:
        raise InvalidInputError(
            "price list", "an agency is not installed; 'stac agency list' lists the agencies"
        )
    with context.writing("set price list") as work:
        newest = work.price_lists.newest()
        if newest is not None and list(newest.given.in_order()) == list(given.in_order()):
            raise InvalidInputError(
                "price list", f"it is the same as version {newest.version}, which applies"
            )
        version = work.price_lists.add(given, by=context.acting.user, at=context.clock.now())
        work.notes(version=version, prices=len(given.prices))
        return version


def price_lists(context: Context) -> tuple[StoredPriceList, ...]:
    """Return every version of the price list, newest first."""
    require(May.SEE_AGGREGATES, context.acting)
    with context.reading("see price lists") as work:
        versions = work.price_lists.all_versions()
        work.notes(versions=len(versions))
    return versions


def cost_figures(context: Context) -> CostView:
    """Return the exact cost of reported time today, over all cases. Others see a release.

    Raises
    ------
    NotPermittedError
        The role of the person who acts does not permit it, or a case in the figures is not open to them.
    """
    with context.reading("see costs") as work:
        reported = times_in(work)
        require_every_case(work, context.acting, {each.case for each in reported})
        newest = work.price_lists.newest()
        work.notes(reports=len(reported))
    return cost_view(
        reported,
        newest.given if newest else None,
        version=newest.version if newest else None,
        limit=0,
    )


def times_in(work: Work) -> list[TimeReported]:
    """Return the time that agencies reported for actions. Restricted cases are left out."""
    return [
        TimeReported(each.case, each.agency, each.spent_on, each.minutes, each.reported_at)
        for each in work.process_figures.minutes()
    ]


def add_price(context: Context, *, price: Price) -> int:
    """Store a new version of the list with one more price, which ends the agency's price before it.

    Raises
    ------
    InvalidInputError
        An agency is not installed, or the price does not begin after the agency's newest one.
    """
    require(May.SET_PRICES, context.acting)
    with context.reading("see price lists") as work:
        newest = work.price_lists.newest()
    return set_prices(context, given=with_price(newest.given if newest else None, price))


def may_set_prices(acting: Acting) -> bool:
    """Return whether a page offers to change the price list: the service refuses all others."""
    return acting.role in WHO_MAY[May.SET_PRICES]
