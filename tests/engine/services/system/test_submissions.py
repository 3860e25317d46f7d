"""An act whose answer was lost is not recorded twice: an equal one is asked about, and a key names it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import col

import engine
from engine.domain.cases.custody import CustodyChange
from engine.domain.cases.incidents import IncidentReported
from engine.domain.errors import InvalidInputError, NotFoundError
from engine.domain.orders.notices import NoticeEvent, NoticeGiven
from engine.domain.orders.orders import OrderGiven
from engine.domain.referrals.typed import ReferralTyped
from engine.domain.system.submissions import (
    ASKED_WITHIN,
    KEY_KEPT,
    KeyInUseError,
    RecordedBeforeError,
    Submission,
)
from engine.services.cases.views import view_case
from engine.services.context import AgencyContext
from engine.services.orders.notices import record_notice
from engine.services.orders.recording import create_order
from engine.services.plans.reviews import record_custody_change
from engine.services.referrals.creating import create
from engine.services.referrals.incidents import record_incident
from engine.store.tables.system.submissions import SubmissionRow
from tests.builders import Desk, an_incident
from tests.dashboard.visits import screened
from tests.engine.services.orders.test_stories import NO_CONTACT

pytestmark = [pytest.mark.both, pytest.mark.asked_again]
CALL = ReferralTyped.model_validate({"topics": {"weapon": "yes"}, "victim": {"not_named": True}})
ORDER = {"type": "spo", "made": "2026-02-02", "years": 2, "conditions": [NO_CONTACT]}
INCIDENT = an_incident("2026-02-20", what="He stood outside.")


@pytest.fixture
def case(desk: Desk) -> str:
    return screened(desk)


def record(
    desk: Desk, case: str, said: Submission | None = None, incident: IncidentReported = INCIDENT
) -> str:
    context = replace(desk.context(desk.chair), submission=said or Submission())
    return record_incident(context, reference=case, incident=incident)


def count(desk: Desk, case: str) -> int:
    return len(view_case(desk.context(desk.chair), reference=case).incidents)


def test_an_equal_act_a_moment_later_is_refused_with_what_it_was_recorded_as(desk: Desk, case: str) -> None:
    before = count(desk, case)
    first = record(desk, case)
    desk.clock.forward(timedelta(minutes=2))
    with pytest.raises(RecordedBeforeError, match="2 minutes ago") as refused:
        record(desk, case)
    assert (refused.value.answer, refused.value.same_key) == (first, False)
    assert "outside" not in str(refused.value)
    assert count(desk, case) == before + 1


def test_what_differs_in_anything_is_another_act_and_so_is_an_equal_one_on_another_case_or_day(
    desk: Desk, case: str
) -> None:
    other = screened(desk, "2")
    before = count(desk, case)
    record(desk, case)
    record(desk, case, incident=INCIDENT.model_copy(update={"what": "He stood outside, twice."}))
    record(desk, other)
    desk.clock.forward(ASKED_WITHIN)
    record(desk, case)
    assert count(desk, case) == before + 3


def test_another_person_may_report_the_same(desk: Desk, case: str) -> None:
    before = count(desk, case)
    record(desk, case)
    record_incident(desk.context(desk.coordinator), reference=case, incident=INCIDENT)
    assert count(desk, case) == before + 2


def test_who_says_that_it_is_another_one_records_it_and_is_asked_about_the_next(
    desk: Desk, case: str
) -> None:
    first = record(desk, case)
    second = record(desk, case, Submission(other_than=frozenset({first})))
    with pytest.raises(RecordedBeforeError, match=second):
        record(desk, case, Submission(other_than=frozenset({first})))
    third = record(desk, case, Submission(again=True))
    assert len({first, second, third}) == 3


def test_with_one_key_an_act_is_recorded_once_for_a_day(desk: Desk, case: str) -> None:
    keyed = Submission(key="app-1")
    first = record(desk, case, keyed)
    desk.clock.forward(KEY_KEPT - timedelta(seconds=1))
    with pytest.raises(RecordedBeforeError) as refused:
        record(desk, case, keyed)
    assert (refused.value.answer, refused.value.same_key) == (first, True)
    desk.clock.forward(timedelta(seconds=1))
    assert record(desk, case, keyed) != first


def test_another_key_is_another_act_though_it_equals_it(desk: Desk, case: str) -> None:
    assert record(desk, case, Submission(key="app-1")) != record(desk, case, Submission(key="app-2"))


def test_a_key_that_another_act_has_is_refused_and_of_another_person_it_is_another_key(
    desk: Desk, case: str
) -> None:
    first, keyed = record(desk, case, Submission(key="app-1")), Submission(key="app-1")
    with pytest.raises(KeyInUseError, match=first):
        record(desk, case, keyed, INCIDENT.model_copy(update={"what": "Something else."}))
    theirs = replace(desk.context(desk.coordinator), submission=keyed)
    assert record_incident(theirs, reference=case, incident=INCIDENT) != first


@pytest.mark.parametrize("key", ["", "k" * 101])
def test_a_key_has_one_to_a_hundred_characters(desk: Desk, case: str, key: str) -> None:
    with pytest.raises(InvalidInputError, match="1 to 100 characters"):
        record(desk, case, Submission(key=key))


def test_what_was_refused_is_not_what_was_recorded(desk: Desk, case: str) -> None:
    keyed = Submission(key="app-1")
    with pytest.raises(NotFoundError):
        record(desk, "R-7K3M9QV", keyed)
    assert record(desk, case, keyed), "an act that failed holds no key"


ACTS: dict[str, Callable[[AgencyContext, str], object]] = {
    "record incident": lambda context, case: record_incident(context, reference=case, incident=INCIDENT),
    "create referral": lambda context, case: create(context, typed=CALL),
    "record order": lambda context, case: create_order(
        context, reference=case, given=OrderGiven.model_validate(ORDER)
    ),
    "record notice due to the victim": lambda context, case: record_notice(
        context, reference=case, notice=NoticeGiven(event=NoticeEvent.ARREST, on=context.clock.today())
    ),
    "record change of custody": lambda context, case: record_custody_change(
        context, reference=case, change=CustodyChange.RELEASED, on=context.clock.today()
    ),
}


@pytest.mark.parametrize("act", ACTS)
def test_each_act_that_makes_something_new_is_asked_about(desk: Desk, case: str, act: str) -> None:
    context = desk.context(desk.chair)
    ACTS[act](context, case)
    with pytest.raises(RecordedBeforeError):
        ACTS[act](context, case)
    ACTS[act](replace(context, submission=Submission(again=True)), case)


def test_a_stored_act_shows_nothing_of_what_was_submitted_and_goes_after_a_day(desk: Desk, case: str) -> None:
    record(desk, case, Submission(key="app-1"))
    (row,) = rows(desk)
    assert not [each for each in (row.digest, row.key) if "app" in str(each) or "outside" in str(each)]
    desk.clock.forward(KEY_KEPT)
    record(desk, case)
    assert [each.key for each in rows(desk)] == [None]


def rows(desk: Desk) -> list[SubmissionRow]:
    with desk.runtime.uow.unrecorded() as work:
        found = work.submissions._session.execute(select(SubmissionRow).order_by(col(SubmissionRow.id)))
        return list(found.scalars())


ONE_STATE = "its state lets it happen once: the second finds it done, and is refused or changes nothing"
NEWEST = "the newest counts: an equal one changes nothing that is counted or shown"
SAME_THERE = "what is there already is not made again"
EACH_TIME = "each time is an act of its own: a look, a file, a turn of the screen or a check"
NO_PERSON = "a flow or an operator's machine does it, and makes nothing twice"
ON_A_VERSION = "it is made on a version, and the second is refused because that is no longer the newest"
MAY_BE_TWICE = {
    ONE_STATE: """
        acknowledge alarm, end alarm, hand over alarm, answer correction of minutes, answer a
        correction, answer likely breach, answer question about associates, answer request about a
        record, answer victim information request, approve plan, close advice, close conference, confirm
        victim's words, deal with a search, deal with rejected row, decide, decide on an item, decide victim
        information request, defer item, end a share, end standing query, lift restriction, open
        conference, open re-assessment, record making of order, release subject access reply, restrict
        case, resume agency, review urgent look, say word on an ask, screen, see to a text that tells,
        settle remark, start conference, state no dissent, step up, suspend agency, take back a word on
        two persons, take back joining, undo report on action, withdraw finding on a complaint, withdraw
        item, withdraw question about associates, withdraw shared acts, withdraw victim's words,
        withhold outcomes, delete a network, delete a network of another user, give up a map of links,
        remove a shared search or map, erase content, erase subject access request, end changing the
        vault's key, lift legal hold, put legal hold, record why many places were named, release
        outcomes, disclose alarm topics, renew order, vary order, ask to open protected value, add user,
        prepare victim pack, take victim pack, open requests, request outcomes of agencies, move minutes,
        record that dissent was asked for aloud
    """,
    NEWEST: """
        assess which role is primary, change user, judge link alert, judge whether two persons are the
        same, mark a finding, name investigation lead, name investigator, name people on the case, name
        safe-contact officer, record case of order, record check for places, record child safeguarding,
        record details of incident, record finding on a complaint, record need of a plan, record reply
        address, record safeguarding, record whether a party works for an agency, review incident,
        review retention, say connection, say own connection, say whether a reply is safe, say why a
        restricted case is opened, seal extract, set price list, set release rule, set release rule of
        an incident, share acts of other cases, sign why a need of a plan is not met, decide on the
        right to know, keep what a controller told, clear what a controller told, order agenda, plan
        item, record attendance, reset password, answer by hand
    """,
    SAME_THERE: """
        add to agenda, build agenda, complete referral, share a search or map, release answer,
        compare new person records, request outcomes of the quarter, raise link alerts,
        record who is responsible for the case
    """,
    EACH_TIME: """
        ask about associates, ask whether seen before, export a map of links, export a path of links,
        export answers about links, export audit, export links, hand files over, import a network, open
        a shared search or map, open protected value, open protected value for life, open room's screen,
        receive the files of a network, record check of sealed areas, rehearse extract, see opened
        value, see searches that were sent, turn screen, turn timer, anchor audit, make outcome release
    """,
    NO_PERSON: """
        after decision, begin changing the vault's key, daily sweep, keep answer, keep chunk, look up on
        arrival, verify record, note answers, record escalation of alarms, refresh links,
        restore record, accept older record, answer about acts in doubt, shut rows that were put back
    """,
    ON_A_VERSION: "amend decision, plan",
}
"""Why an act that a person can submit twice needs no question, and records nothing twice."""
BY_NAME = {
    "act.value": ONE_STATE,
    "OWN_WORK": ONE_STATE,
    "f'record {what.kind}'": NEWEST,
    "_ASK": ONE_STATE,
    "_ASK_FOR_ACTIONS": ONE_STATE,
    "_WRITE": ONE_STATE,
    "what": NO_PERSON,
}
"""The same for acts whose names are not written where they are opened."""


def acts() -> Iterator[tuple[str, bool]]:
    """Every act that a context opens, as it is written in the code, and whether it is asked about."""
    for file in sorted((Path(engine.__path__[0]) / "services").rglob("*.py")):
        for call in ast.walk(ast.parse(file.read_text("utf-8"))):
            if (
                isinstance(call, ast.Call)
                and isinstance(call.func, ast.Attribute)
                and call.func.attr == "writing"
                and call.args
            ):
                for what in _names(call.args[0]):
                    yield what, any(keyword.arg == "once" for keyword in call.keywords)


def _names(what: ast.expr) -> list[str]:
    if isinstance(what, ast.IfExp):
        return [*_names(what.body), *_names(what.orelse)]
    return [str(what.value)] if isinstance(what, ast.Constant) else [ast.unparse(what)]


def test_every_act_is_asked_about_or_says_why_it_cannot_be_recorded_twice() -> None:
    reasons = {" ".join(act.split()): why for why, of in MAY_BE_TWICE.items() for act in of.split(",")}
    found = list(acts())
    assert len(found) > 150
    open_acts = {what for what, is_once in found if not is_once}
    assert open_acts - reasons.keys() - BY_NAME.keys() == set()
    assert (reasons.keys() | BY_NAME.keys()) - open_acts == set(), "no such act, or it is asked about"
