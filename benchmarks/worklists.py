"""Growth of what a person opens first: worklists, own actions and plans among 100,000 referrals, against few.

Each figure is a ratio of processor time, large to small, of one run; both were derived and read once before.
``STAC_BENCH_REFERRALS`` makes it another size; ``STAC_BENCH_SEED_REFERRALS`` another demonstration.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from functools import partial

from benchmarks.measured import Measured, median
from benchmarks.scaled_record import record_of_size
from engine.domain.accounts.acting import Acting, Role
from engine.runtime import Runtime
from engine.services.accounts import users
from engine.services.cases.due_kinds import KINDS
from engine.services.cases.worklists import worklist_page
from engine.services.plans.lists import list_plans
from engine.services.plans.own_actions import own_actions

REFERRALS = int(os.environ.get("STAC_BENCH_REFERRALS", "100000"))
SEED_REFERRALS = int(os.environ.get("STAC_BENCH_SEED_REFERRALS", "512"))
TIMES = 7
AT_MOST = 1.3
"""So many times as much in the large record: what a machine with other work adds by chance."""


def measure() -> list[Measured]:
    """Ratios, beside 1."""
    taken = {size: _at_size(size) for size in (SEED_REFERRALS, REFERRALS)}
    return [
        Measured(
            name=f"{name}, {1_000 * small:,.0f} ms and {1_000 * taken[REFERRALS][name]:,.0f} ms of processor",
            figure=taken[REFERRALS][name] / small,
            unit="times",
            target=AT_MOST,
            yardstick=1.0,
            against=f"the same among {SEED_REFERRALS:,}, at {REFERRALS:,}",
        )
        for name, small in taken[SEED_REFERRALS].items()
    ]


def _at_size(referrals: int) -> dict[str, float]:
    with record_of_size(referrals, seed_referrals=SEED_REFERRALS) as runtime:
        # a copy is written past the unit of work, which derives what waits on its cases
        runtime.due.derive_again(runtime.uow, {kind.name for kind in KINDS})
        return {name: _processor_seconds(work) for name, work in _works(runtime)}


def _works(runtime: Runtime) -> Iterator[tuple[str, Callable[[], object]]]:
    for role in (Role.COORDINATOR, Role.CHAIR, Role.PRACTITIONER):
        context = runtime.context(_who(runtime, role))
        yield f"the {role.value}'s worklist page", partial(worklist_page, context)
        if role is Role.PRACTITIONER:
            yield f"the {role.value}'s own actions", partial(own_actions, context, most=40)
        else:
            yield f"the {role.value}'s Plans page", partial(list_plans, context)


def _who(runtime: Runtime, role: Role) -> Acting:
    """The first of that role; of practitioners the first with an open action, the same at each size."""
    there = [user.acting() for user in users.users_for_sign_in(uow=runtime.uow) if user.role is role]
    if role is not Role.PRACTITIONER:
        return there[0]
    return next((each for each in there if own_actions(runtime.context(each)).total), there[0])


def _processor_seconds(work: Callable[[], object]) -> float:
    work()
    taken = []
    for _ in range(TIMES):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    return median(taken)
