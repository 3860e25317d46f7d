"""Growth of what a person opens first: worklists, own actions, plans and a case among 100,000 referrals.

Each figure is a ratio of processor time, to that among few, of one run and in turns; both were derived and
read once before. Of plans and own actions a page lists as many as the small record has, so that both do the
same; those rows that say "a full page" list what a person is shown, which is more in the large one.
``STAC_BENCH_REFERRALS`` makes it another size; ``STAC_BENCH_SEED_REFERRALS`` another demonstration.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from typing import NamedTuple

from benchmarks.case_page import full_case
from benchmarks.measured import Measured, in_turns, median
from benchmarks.scaled_record import record_of_size
from engine.domain.accounts.acting import Acting, Role
from engine.runtime import Runtime
from engine.services.accounts import users
from engine.services.cases.due_kinds import KINDS
from engine.services.cases.views import view_case
from engine.services.cases.worklists import worklist_page
from engine.services.plans.lists import list_plans
from engine.services.plans.own_actions import own_actions

REFERRALS = int(os.environ.get("STAC_BENCH_REFERRALS", "100000"))
SEED_REFERRALS = int(os.environ.get("STAC_BENCH_SEED_REFERRALS", "512"))
TIMES = 21
FULL_ACTIONS = 40
AT_MOST = 1.3
"""So many times as much in the large record: what a machine with other work adds by chance."""


def measure() -> list[Measured]:
    """Ratios, beside 1."""
    with ExitStack() as stack:
        at = {
            size: stack.enter_context(record_of_size(size, seed_referrals=SEED_REFERRALS))
            for size in (SEED_REFERRALS, REFERRALS)
        }
        for runtime in at.values():
            # a copy is written past the unit of work, which derives what waits on its cases
            runtime.due.derive_again(runtime.uow, {kind.name for kind in KINDS})
        few = _few(at[SEED_REFERRALS])
        works = {
            f"{size} {name}": work for size, runtime in at.items() for name, work in _works(runtime, few)
        }
        names = [name for name, _ in _works(at[SEED_REFERRALS], few)]
        taken = in_turns(works, times=TIMES, clock=time.process_time)
    return [_measured(name, *(median(taken[f"{size} {name}"]) for size in at)) for name in names]


def _measured(name: str, small: float, large: float) -> Measured:
    return Measured(
        name=f"{name}, {1_000 * small:,.0f} ms and {1_000 * large:,.0f} ms of processor",
        figure=large / small,
        unit="times",
        target=AT_MOST,
        yardstick=1.0,
        against=f"the same among {SEED_REFERRALS:,}, at {REFERRALS:,}",
    )


class _Few(NamedTuple):
    """How many plans and own actions there are to list in the small record."""

    plans: int
    actions: int


def _few(runtime: Runtime) -> _Few:
    plans = list_plans(runtime.context(_who(runtime, Role.COORDINATOR)))
    actions = own_actions(runtime.context(_who(runtime, Role.PRACTITIONER)), most=FULL_ACTIONS)
    return _Few(len(plans.plans), len(actions.actions))


def _works(runtime: Runtime, few: _Few) -> Iterator[tuple[str, Callable[[], object]]]:
    for role in (Role.COORDINATOR, Role.CHAIR, Role.PRACTITIONER):
        context = runtime.context(_who(runtime, role))
        yield f"the {role.value}'s worklist page", partial(worklist_page, context)
        if role is Role.PRACTITIONER:
            name = f"the {role.value}'s own actions"
            yield f"{name}, {few.actions} listed", partial(own_actions, context, most=few.actions)
            yield f"{name}, a full page", partial(own_actions, context, most=FULL_ACTIONS)
        else:
            name = f"the {role.value}'s Plans page"
            yield f"{name}, {few.plans} listed", partial(list_plans, context, count=few.plans)
            yield f"{name}, a full page", partial(list_plans, context)
        if role is Role.COORDINATOR:
            yield "a full case, read", partial(view_case, context, reference=full_case(context))


def _who(runtime: Runtime, role: Role) -> Acting:
    """The first of that role; of practitioners the first with an open action, the same at each size."""
    there = [user.acting() for user in users.users_for_sign_in(uow=runtime.uow) if user.role is role]
    if role is not Role.PRACTITIONER:
        return there[0]
    return next((each for each in there if own_actions(runtime.context(each)).total), there[0])
