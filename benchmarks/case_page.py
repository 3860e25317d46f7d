"""What pages cost among 100,000 referrals, read alone and drawn, beside the same in the demonstration.

The record is the demonstration's, scaled up with its alarms, answers, decisions and plans. "Drawn" is the
whole run of the page's program, from the click to the last element sent; the browser's part comes on top.
``STAC_BENCH_REFERRALS`` makes it another size; ``STAC_BENCH_SEED_REFERRALS`` another demonstration.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from streamlit.runtime.context import ContextProxy, StreamlitCookies, StreamlitHeaders
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from benchmarks.measured import Measured, in_turns, median
from benchmarks.scaled_record import record_of_size
from dashboard.arrivals import LOCAL
from dashboard.pages import Place
from dashboard.sign_in import COOKIE
from engine.domain.accounts.acting import Acting, Role
from engine.domain.accounts.sign_ins import SignInWay
from engine.domain.cases.lifecycle import State
from engine.runtime import Runtime
from engine.services.accounts import users
from engine.services.accounts.sign_ins import begin_sign_in
from engine.services.cases.lists import list_page
from engine.services.cases.names import name_items
from engine.services.cases.views import view_case
from engine.services.cases.worklists import worklist
from engine.services.context import Context
from engine.services.outcomes.releases import newest_release
from engine.services.people.search import seen_before
from engine.services.people.search_box import read_question
from engine.services.plans.lists import list_plans
from engine.services.plans.own_actions import own_actions

REFERRALS = int(os.environ.get("STAC_BENCH_REFERRALS", "100000"))
SEED_REFERRALS = int(os.environ.get("STAC_BENCH_SEED_REFERRALS", "512"))
TIMES = 5
PAGE_MS, ENTRY_MS = 1_000.0, 5.0
AUDIT = "one audit entry with its commit"
READER = "demo"
"""The demonstration's co-ordinator, for whom the list and the worklist are the longest."""


def measure() -> list[Measured]:
    """Medians in milliseconds, warm, each with its audit entry."""
    return measured(page_works, times=TIMES)


Works = Iterator[tuple[str, Callable[[], object]]]


def measured(works: Callable[[Runtime], Works], *, times: int) -> list[Measured]:
    """The medians of these works in the large record, beside the same in the demonstration."""
    taken: dict[str, dict[str, list[float]]] = {}
    for size, referrals in (("small", SEED_REFERRALS), ("large", REFERRALS)):
        with record_of_size(referrals, seed_referrals=SEED_REFERRALS) as runtime:
            taken[size] = in_turns(dict(works(runtime)), times=times, warm=1)
    return [
        Measured(
            name=f"{name}, among {REFERRALS:,} referrals",
            figure=1_000 * median(of_it),
            unit="ms",
            target=ENTRY_MS if name == AUDIT else PAGE_MS,
            yardstick=1_000 * median(taken["small"][name]),
            against=f"the same among {SEED_REFERRALS:,}",
        )
        for name, of_it in taken["large"].items()
    ]


def page_works(runtime: Runtime) -> Works:
    """What is measured, by its name."""
    acting = _reader(runtime)
    common: dict[str, Any] = {"context": runtime.context(acting)}
    reference = full_case(runtime.context(acting))
    draw = drawn_pages(runtime, acting)

    def entry() -> None:
        with runtime.uow.writing(acting=acting, what="benchmark", at=runtime.clock.now()):
            pass

    yield "a full case, read", lambda: view_case(**common, reference=reference)
    yield "a full case, drawn", draw(Place.CASE, reference)
    yield (
        "the co-ordinator's worklist, read",
        lambda: worklist(**common),
    )
    yield "the co-ordinator's worklist, drawn", draw(Place.WORKLIST, None)
    lines = worklist(**common).items[:50]
    yield "names for a page of the worklist, read", lambda: name_items(**common, items=lines)
    asked = read_question("Daniel Roe 1988")
    yield "a search from the box, answered", lambda: seen_before(**common, asked=asked)
    yield "the search page, drawn", draw(Place.SEARCH, None)
    yield "a page of 10 plans, read", lambda: list_plans(**common)
    yield "the Plans page, drawn", draw(Place.PLANS, None)
    practitioner = _practitioner(runtime)
    yield "a practitioner's own actions, read", lambda: own_actions(runtime.context(practitioner), most=40)
    yield "a practitioner's own actions, drawn", drawn_pages(runtime, practitioner)(Place.PLANS, None)
    yield "a page of 50 of the list, read", lambda: list_page(**common)
    yield "the list of cases, drawn", draw(Place.CASES, None)
    yield "the newest release of outcomes, read", lambda: newest_release(**common)
    yield AUDIT, entry


def _reader(runtime: Runtime) -> Acting:
    return users.find_user(uow=runtime.uow, name=READER).acting()


def full_case(context: Context) -> str:
    """Of the cases that are furthest on, the one with most answers: a small record has none in delivery."""
    for state in (State.IN_DELIVERY, State.DECIDED, State.IN_CONFERENCE, State.READY_FOR_CONFERENCE):
        rows = list_page(context, states=[state]).rows
        if rows:
            return max(rows, key=lambda row: sum(answer.at is not None for answer in row.answers)).reference
    raise LookupError("the record has no case that came to a conference")


def _practitioner(runtime: Runtime) -> Acting:
    """Of the practitioners, the one with the most open actions."""
    users_there = users.users_for_sign_in(uow=runtime.uow)
    acting = [user.acting() for user in users_there if user.role is Role.PRACTITIONER]
    return max(acting, key=lambda each: len(own_actions(runtime.context(each)).actions))


def drawn_pages(runtime: Runtime, acting: Acting) -> Callable[[Place, str | None], Callable[[], object]]:
    """Pages as their program draws them, for somebody who is signed in at this machine."""
    import dashboard
    from dashboard import record

    settings = runtime.settings  # the question that may come before a case is no part of the page
    runtime.settings = settings.model_copy(
        update={"ask_about_connections": False, "seen_before_per_day": 1_000_000}
    )
    record.use(runtime)
    token = begin_sign_in(
        uow=runtime.uow,
        clock=runtime.clock,
        name=acting.user,
        way=SignInWay.DEVELOPMENT,
        lasts=runtime.settings.sign_in.lasts,
    )
    main = str(Path(dashboard.__file__).with_name("main.py"))

    def page(place: Place, reference: str | None) -> Callable[[], object]:
        def draw() -> None:
            app = AppTest.from_file(main, default_timeout=120)
            app._page_hash = calc_hash(place.address)
            if reference is not None:
                app.query_params["ref"] = reference
            with _arriving_with(token):
                app.run()
            assert not app.exception, app.exception
            assert reference is None or any(reference in each.value for each in app.html)

        return draw

    return page


@contextmanager
def _arriving_with(token: str) -> Iterator[None]:
    """What a browser would send with its connection is said here instead."""
    headers = property(lambda self: StreamlitHeaders({LOCAL: "1"}.items()))
    cookies = property(lambda self: StreamlitCookies({COOKIE: token}))
    program = sys.modules["__main__"]
    with patch.object(ContextProxy, "headers", headers), patch.object(ContextProxy, "cookies", cookies):
        try:
            yield
        finally:
            sys.modules["__main__"] = program
