"""What lists of plans cost among 100,000 referrals, read and drawn, beside the same in the demonstration.

The record is the one of ``case_page``, and shared with it where both are measured in one run; four in a
hundred of its referrals are open.
"""

from __future__ import annotations

from benchmarks.case_page import READER, Works, drawn_pages, measured
from benchmarks.measured import Measured
from dashboard.pages import Place
from engine.domain.plans.lists import ListedBy, PlanFilter
from engine.runtime import Runtime
from engine.services.accounts import users
from engine.services.plans.lists import list_plans

TIMES = 3


def measure() -> list[Measured]:
    """Medians in milliseconds, warm, each with its audit entry."""
    return measured(_works, times=TIMES)


def _works(runtime: Runtime) -> Works:
    acting = users.find_user(uow=runtime.uow, name=READER).acting()
    context = runtime.context(acting)
    agency = runtime.agencies_known[0].code
    of_agency = PlanFilter(agency=agency, to_do=True)
    yield "a page of 10 plans, read", lambda: list_plans(context)
    yield (
        "a page of 25 actions of one agency, read",
        lambda: list_plans(context, wanted=of_agency, listed_by=ListedBy.OWNER, count=25),
    )
    yield "every open plan with its texts, read", lambda: list_plans(context, count=None)
    yield "the Plans page, drawn", drawn_pages(runtime, acting)(Place.PLANS, None)
