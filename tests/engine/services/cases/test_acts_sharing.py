"""Sharing acts of other cases with a panel: counts, kinds and dates, by a decision that can be withdrawn."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.domain.accounts.acting import Acting, Role
from engine.domain.cases.incidents import IncidentKind
from engine.domain.cases.plain_facts import FactKind
from engine.domain.errors import InvalidInputError, NotFoundError, NotPermittedError
from engine.domain.sharing import ACTS_OF_OTHER_CASES, DESK, AudienceKind, Grounds, LedgerAct, RuleGiven
from engine.services.cases.acts_sharing import (
    share_acts,
    view_acts_to_share,
    withdraw_acts,
)
from engine.services.cases.views import view_case
from engine.services.people.same_person import take_back_same
from engine.services.referrals.incidents import record_incident
from engine.services.referrals.screening import name_people, screen
from engine.services.sharing.incident_rules import set_incident_rule
from engine.services.sharing.release_rules import ledger
from tests.builders import Desk, a_screening, an_incident
from tests.engine.services.cases.test_person_acts import VICTIMS, about, judge, refer

WHY = "The panel plans on the facts of one case."


@pytest.fixture
def joined(desk: Desk) -> tuple[str, str]:
    """Two screened cases of one person by decision; the panel of the first does not know the second."""
    cases = refer(desk, about(1, "2026-02-10")), refer(desk, about(2, "2026-02-20", "2026-02-25"))
    for case in cases:
        screen(desk.context(desk.coordinator), reference=case, screening=a_screening())
    judge(desk, *cases)
    return cases


@pytest.fixture
def member(desk: Desk, joined: tuple[str, str]) -> Acting:
    """A practitioner of the first case only."""
    worker = desk.add("worker", Role.PRACTITIONER, "harbour")
    name_people(desk.context(desk.coordinator), reference=joined[0], people=["worker"])
    return worker


def shared_with(desk: Desk, case: str, by: Acting) -> list[str]:
    view = view_case(desk.context(by), reference=case)
    return [fact.says for fact in view.facts if fact.kind is FactKind.SHARED]


def test_a_member_reads_counts_kinds_and_dates_and_nothing_else(
    desk: Desk, joined: tuple[str, str], member: Acting
) -> None:
    before = view_case(desk.context(member), reference=joined[0])
    assert shared_with(desk, joined[0], member) == []
    share_acts(desk.context(desk.coordinator), reference=joined[0], why=WHY)
    (said,) = shared_with(desk, joined[0], member)
    assert said == (
        "Shared by the coordinator on 2 March 2026: 2 reported acts against 1 other person (contacting, "
        "20 February 2026; contacting, 25 February 2026). Some may be in your own count too."
    )
    after = view_case(desk.context(member), reference=joined[0])
    assert after.person.acts == before.person.acts == 1
    text = after.model_dump_json()
    assert joined[1] not in text
    assert WHY not in text
    assert str(VICTIMS[1].surname) not in text


def test_it_is_withdrawn_with_a_reason(desk: Desk, joined: tuple[str, str], member: Acting) -> None:
    chair = desk.context(desk.chair)
    with pytest.raises(InvalidInputError, match="no act of another case is shared"):
        withdraw_acts(chair, reference=joined[0], why="Brothers.")
    share_acts(chair, reference=joined[0], why=WHY)
    assert "by the chair on" in shared_with(desk, joined[0], member)[0]
    withdraw_acts(chair, reference=joined[0], why="Brothers.")
    assert shared_with(desk, joined[0], member) == []


def test_the_sharing_log_says_what_was_shared_with_the_panel_and_never_why(
    desk: Desk, joined: tuple[str, str], member: Acting
) -> None:
    """The reason can name a case that the panel may not know."""
    share_acts(desk.context(desk.chair), reference=joined[0], why=f"The same man as in {joined[1]}.")
    desk.clock.forward(timedelta(minutes=1))
    withdraw_acts(desk.context(desk.chair), reference=joined[0], why=f"Not the man of {joined[1]}.")
    for reader in (member, desk.chair):
        log = ledger(desk.context(reader), reference=joined[0])
        assert [(each.act, each.agency, each.whom) for each in log.entries] == [
            (LedgerAct.WITHDRAWN, DESK, "panel"),
            (LedgerAct.SHARED, DESK, "panel"),
        ]
        assert {item.key for each in log.entries for item in each.items} == {ACTS_OF_OTHER_CASES}
        assert joined[1] not in log.model_dump_json()


def test_what_was_shared_stays_until_a_person_withdraws_it(
    desk: Desk, joined: tuple[str, str], member: Acting
) -> None:
    """A later act is shared by a later decision, and an undone match withdraws nothing by itself."""
    share_acts(desk.context(desk.chair), reference=joined[0], why=WHY)
    before = shared_with(desk, joined[0], member)
    context = desk.context(desk.chair)
    record_incident(
        context, reference=joined[1], incident=an_incident("2026-03-01", kind=IncidentKind.THREAT)
    )
    assert shared_with(desk, joined[0], member) == before
    share_acts(context, reference=joined[0], why="There is a threat now.")
    assert "threat, 1 March 2026" in shared_with(desk, joined[0], member)[0]
    people = [view_case(context, reference=case).perpetrator.reference for case in joined]
    take_back_same(context, one=people[0], other=people[1], why="Brothers.")
    assert "threat, 1 March 2026" in shared_with(desk, joined[0], member)[0]
    with pytest.raises(InvalidInputError, match="decide possible duplicates first"):
        share_acts(context, reference=joined[0], why=WHY)


def test_what_was_on_the_screen_is_what_is_shared(desk: Desk, joined: tuple[str, str]) -> None:
    context = desk.context(desk.chair)
    seen = view_acts_to_share(context, reference=joined[0])
    record_incident(
        context, reference=joined[1], incident=an_incident("2026-03-01", kind=IncidentKind.THREAT)
    )
    with pytest.raises(InvalidInputError, match="they have changed since they were shown"):
        share_acts(context, reference=joined[0], why=WHY, seen=seen)
    share_acts(context, reference=joined[0], why=WHY, seen=view_acts_to_share(context, reference=joined[0]))


def test_what_an_owner_gives_to_some_only_is_not_shared(desk: Desk, joined: tuple[str, str]) -> None:
    context = desk.context(desk.chair)
    fresh = an_incident("2026-03-01", kind=IncidentKind.THREAT)
    incident = record_incident(context, reference=joined[1], incident=fresh)
    rule = RuleGiven(
        item=incident, audience=AudienceKind.OWNER, grounds=Grounds(purpose="case work"), why="In confidence."
    )
    set_incident_rule(context, reference=joined[1], rule=rule)
    assert incident in {each.reference for each in view_case(context, reference=joined[1]).incidents}
    kinds = {kind for act in view_acts_to_share(context, reference=joined[0]).acts for kind in act.kinds}
    assert kinds == {"contacting"}


def test_only_a_coordinator_or_the_chair_shares_and_a_case_that_is_shut_is_not_there(
    desk: Desk, joined: tuple[str, str], member: Acting
) -> None:
    for act in (view_acts_to_share,):
        with pytest.raises(NotPermittedError):
            act(desk.context(member), reference=joined[0])
    with pytest.raises(NotPermittedError):
        share_acts(desk.context(member), reference=joined[0], why=WHY)
    with pytest.raises(NotFoundError):
        share_acts(desk.context(member), reference=joined[1], why=WHY)
    with pytest.raises(InvalidInputError):
        share_acts(desk.context(desk.chair), reference=joined[0], why=" ")
