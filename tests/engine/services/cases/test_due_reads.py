"""Each kind of what waits names the tables that it reads: a change in another would never reach its rows."""

from __future__ import annotations

import re

from engine.domain.absence import YesNo
from engine.domain.cases.incidents import IncidentKind
from engine.domain.referrals.intake import AlarmTopic
from engine.services.cases.due_kinds import KINDS
from engine.services.due.kinds import DueGiven
from engine.services.plans.versions import make_plan
from engine.services.referrals.incidents import record_incident
from engine.services.referrals.screening import screen
from engine.services.responses.requests import open_requests
from engine.store.schema import METADATA
from tests.builders import (
    TOY_CODES,
    Desk,
    a_plan,
    a_referral,
    a_screening,
    an_incident,
    approve,
    ask_all,
    with_toys,
)
from tests.dashboard.visits import decided, opened, screened
from tests.differential import statements_of
from tests.due_rows import differences

ALWAYS_ALLOWED = {
    "involvement": "by its number each case is found; its state changes with a move, which is named then, and"
    " its episode with a judgement",
    "episode": "of a case that is read its reference alone",
    "release_class": "one never changes: the rule or the report that has its number is named",
}
"""Tables that a kind may read without naming them, and why."""


def _asked_with_an_alarm(desk: Desk) -> str:
    """A case whose agencies have not answered, with an alarm since."""
    (case,) = desk.refer(a_referral("3")).referrals
    context = desk.context(desk.coordinator)
    screen(context, reference=case, screening=a_screening())
    open_requests(context, reference=case)
    knife = an_incident("2026-03-01", kind=IncidentKind.THREAT)
    record_incident(context, reference=case, incident=knife, topics={AlarmTopic.WEAPON: YesNo.YES})
    return case


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
    cases = [reference, *desk.refer(a_referral("2")).referrals, _asked_with_an_alarm(desk)]
    tables, found = set(METADATA.tables), dict[str, set[str]]()
    for kind in KINDS:
        with statements_of(desk) as asked, desk.runtime.uow.unrecorded() as work:
            list(kind.of(work, cases, given.anew()))
        read = {name for each in asked for name in re.findall(r"(?:FROM|JOIN) \W?(\w+)", each)} & tables
        assert read, kind.name
        found[kind.name] = read - kind.reads - ALWAYS_ALLOWED.keys()
    assert {name: tables for name, tables in found.items() if tables} == {}


def test_of_a_fresh_referral_nothing_is_asked_that_its_transaction_did_not_write(desk: Desk) -> None:
    desk.refer(a_referral("1"))
    desk.runtime.uow.derive_all()
    alarm = a_referral("2", alarms=(AlarmTopic.WEAPON,), party_works_for=YesNo.YES)
    with statements_of(desk) as asked:
        desk.refer(alarm)
    entry = max(place for place, each in enumerate(asked) if each.startswith("INSERT INTO audit_"))
    after = asked[entry:]  # the rows are derived last
    read = {name for each in after for name in re.findall(r"(?:FROM|JOIN) \W?(\w+)", each)}
    assert "alarm" in read, "an alarm of the referral waits for an acknowledgement"
    assert not read & {
        "topics_asked",
        "alarm_question",
        "request",
        "likely_breach",
        "police_decision",
        "court_order_case",
        "due",
    }
    assert differences(desk) == {}
