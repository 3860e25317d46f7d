"""What the Plans page costs among 100,000 referrals, read and drawn, beside the same in the demonstration.

The record is the same as for ``case_page``; four in a hundred of its referrals are open.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

from benchmarks.case_page import PAGE_MS, READER, REFERRALS, SEED_REFERRALS, TIMES, drawn_pages
from benchmarks.measured import Measured, in_turns, median
from benchmarks.scaled_record import scaled_record
from dashboard.pages import Place
from engine.domain.plans.lists import ListedBy, PlanFilter
from engine.runtime import Runtime
from engine.services.accounts import users
from engine.services.plans.lists import list_plans


def measure() -> list[Measured]:
    """Medians in milliseconds, warm, each with its audit entry."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="stac-bench-")))
        times: dict[str, list[float]] = {}
        for size, referrals in (("small", SEED_REFERRALS), ("large", REFERRALS)):
            with scaled_record(folder / size, referrals=referrals, seed_referrals=SEED_REFERRALS) as runtime:
                taken = in_turns(dict(_works(runtime)), times=TIMES, warm=2)
                times |= {f"{name}, {size}": of_it for name, of_it in taken.items()}
    names = [name.removesuffix(", large") for name in times if name.endswith(", large")]
    return [
        Measured(
            name=f"{name}, among {REFERRALS:,} referrals",
            figure=1_000 * median(times[f"{name}, large"]),
            unit="ms",
            target=PAGE_MS,
            yardstick=1_000 * median(times[f"{name}, small"]),
            against=f"the same among {SEED_REFERRALS:,}",
        )
        for name in names
    ]


def _works(runtime: Runtime) -> Iterator[tuple[str, Callable[[], object]]]:
    acting = users.find_user(uow=runtime.uow, name=READER).acting()
    context = runtime.context(acting)
    agency = runtime.agencies_known[0].code
    yield "a page of 10 plans, read", lambda: list_plans(context)
    yield (
        "a page of 25 actions of one agency, read",
        lambda: list_plans(
            context, wanted=PlanFilter(agency=agency, to_do=True), listed_by=ListedBy.OWNER, count=25
        ),
    )
    yield "every open plan with its texts, read", lambda: list_plans(context, count=None)
    yield "the Plans page, drawn", drawn_pages(runtime, acting)(Place.PLANS, None)
