"""Each kind of what waits names the tables that it reads: a change in another would never reach its rows."""

from __future__ import annotations

import re

from engine.services.cases.due_kinds import KINDS
from engine.services.due.kinds import DueGiven
from engine.services.plans.versions import make_plan
from engine.store.schema import METADATA
from tests.builders import TOY_CODES, Desk, a_plan, a_referral, approve, ask_all, with_toys
from tests.dashboard.visits import decided, opened, screened
from tests.differential import statements_of

ALWAYS_ALLOWED = {
    "involvement": "by its number each case is found; its state changes with a move, which is named then, and"
    " its episode with a judgement",
    "episode": "of a case that is read its reference alone",
}
"""Tables that a kind may read without naming them, and why."""


def test_each_kind_names_every_table_that_it_reads(desk: Desk) -> None:
    with_toys(desk)
    reference = screened(desk)
    ask_all(desk, reference)
    opened(desk, reference)
    decided(desk, reference)
    plan = a_plan(agency="harbour")
    make_plan(desk.context(desk.chair), reference=reference, plan=plan, agencies=TOY_CODES)
    approve(desk, reference)
    given = DueGiven(desk.runtime.settings, lambda: desk.runtime.agencies_described)
    cases = [reference, *desk.refer(a_referral("2")).referrals]
    tables, found = set(METADATA.tables), dict[str, set[str]]()
    for kind in KINDS:
        with statements_of(desk) as asked, desk.runtime.uow.unrecorded() as work:
            list(kind.of(work, cases, given.anew()))
        read = {name for each in asked for name in re.findall(r"(?:FROM|JOIN) \W?(\w+)", each)} & tables
        assert read, kind.name
        found[kind.name] = read - kind.reads - ALWAYS_ALLOWED.keys()
    assert {name: tables for name, tables in found.items() if tables} == {}
