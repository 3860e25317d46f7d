"""A case's first alarm asks about child safeguarding and the parties' employers: once, of no older one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from engine.domain.absence import YesNo
from engine.domain.accounts.acting import Acting, Role
from engine.domain.alarm_questions import AlarmQuestion
from engine.domain.cases.incidents import IncidentKind
from engine.domain.cases.lifecycle import TriageOutcome
from engine.domain.cases.worklists import WorkItem
from engine.domain.dates import PartialDate
from engine.domain.errors import InvalidInputError, NotFoundError, NotPermittedError
from engine.domain.referrals.intake import AlarmTopic, Children, Referral
from engine.services.alarms.questions import record_child_safeguarding, record_works_for
from engine.services.cases.views import view_case
from engine.services.cases.worklists import worklist
from engine.services.referrals.incidents import record_incident
from engine.services.referrals.screening import name_people, screen
from engine.store.tables.cases.involvements import AlarmRow
from tests.builders import (
    Desk,
    a_desk,
    a_person,
    a_referral,
    a_screening,
    an_incident,
    in_one_entry,
    load_toys,
)

BORN_2007, BORN_2008 = (
    a_person("Amira", "Kent").model_copy(update={"date_of_birth": PartialDate(year)})
    for year in ("2007", "2008")
)
CHILD = Children(in_victim_household=YesNo.YES)
PERPETRATOR, VICTIM = AlarmQuestion.PERPETRATOR_WORKS_FOR, AlarmQuestion.VICTIM_WORKS_FOR
KNIFE = {AlarmTopic.WEAPON: YesNo.YES}
NEITHER = {PERPETRATOR: YesNo.NO, VICTIM: YesNo.NO}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with a_desk(tmp_path / "home") as opened:
        load_toys(opened)
        yield opened


def line(desk: Desk, acting: Acting, kind: str) -> list[WorkItem]:
    return [item for item in worklist(desk.context(acting)).items if item.kind == kind]


def children(desk: Desk, acting: Acting | None = None) -> list[WorkItem]:
    return line(desk, acting or desk.coordinator, "child safeguarding")


def employers(desk: Desk, acting: Acting | None = None) -> list[WorkItem]:
    return line(desk, acting or desk.coordinator, "ask works for")


def alarms(desk: Desk, acting: Acting) -> list[WorkItem]:
    return [item for item in worklist(desk.context(acting)).items if item.is_alarm]


def referred(desk: Desk, number: str = "1", **changes: object) -> str:
    given: dict[str, object] = {"party_works_for": YesNo.NO, **changes}
    (reference,) = desk.refer(Referral.model_validate({**a_referral(number).model_dump(), **given})).referrals
    return reference


def advised(desk: Desk, *people: Acting, number: str = "1", **changes: object) -> str:
    """A case that got advice, with these people on it."""
    reference = referred(desk, number, **changes)
    screen(desk.context(desk.coordinator), reference=reference, screening=a_screening(TriageOutcome.ADVICE))
    if people:
        context = desk.context(desk.coordinator)
        name_people(context, reference=reference, people=[each.user for each in people])
    return reference


def knife(desk: Desk, case: str, by: Acting | None = None, kept_with_us: str | None = None) -> str:
    return record_incident(
        desk.context(by or desk.coordinator),
        reference=case,
        incident=an_incident("2026-03-01", kind=IncidentKind.THREAT),
        topics=KNIFE,
        kept_with_us=kept_with_us,
    )


WITH_WEAPON = a_referral(alarms=(AlarmTopic.WEAPON,)).alarms


def agrees(desk: Desk) -> bool:
    return not any(desk.runtime.due.differences(desk.runtime.uow).values())


def test_a_later_alarm_asks_about_a_child_until_it_is_recorded_and_never_again(desk: Desk) -> None:
    case = advised(desk, children=CHILD)
    assert children(desk) == [], "no alarm yet"
    knife(desk, case)
    (asked,) = children(desk)
    assert asked.what == "Child safeguarding: referred, or not and why"
    assert asked.due_at == datetime(2026, 3, 3, tzinfo=UTC)
    assert children(desk, desk.chair) == []
    knife(desk, case)
    assert len(children(desk)) == 1
    desk.clock.move_to(datetime(2026, 3, 3, tzinfo=UTC) - timedelta(seconds=1))
    assert [each.is_overdue for each in children(desk)] == [False]
    desk.clock.forward(timedelta(seconds=2))
    assert [each.is_overdue for each in children(desk)] == [True]
    record_child_safeguarding(
        desk.context(desk.coordinator), reference=case, referred=False, why="The child lives elsewhere."
    )
    assert children(desk) == []
    (answer,) = view_case(desk.context(desk.chair), reference=case).alarm_questions
    assert (answer.answer, answer.why) == (YesNo.NO, "The child lives elsewhere.")
    knife(desk, case)
    assert children(desk) == []
    assert agrees(desk)


@pytest.mark.parametrize(
    ("changes", "asks"),
    [
        ({"children": CHILD}, True),
        ({"children": Children(in_perpetrator_household=YesNo.YES)}, True),
        ({"children": Children(in_victim_household=YesNo.NOT_KNOWN)}, False),
        (
            {"victim": BORN_2008},
            True,
        ),
        (
            {"victim": BORN_2007},
            False,
        ),
        ({}, False),
    ],
)
def test_the_referrals_own_topic_is_a_first_alarm(desk: Desk, changes: dict[str, Any], asks: bool) -> None:
    referred(desk, alarms=WITH_WEAPON, **changes)
    assert bool(children(desk)) is asks
    assert agrees(desk)


def test_without_an_alarm_nothing_is_asked(desk: Desk) -> None:
    advised(desk, children=CHILD, party_works_for=YesNo.NOT_ASKED)
    assert (children(desk), employers(desk)) == ([], [])


def test_an_alarm_from_before_these_questions_asks_nothing_and_a_new_one_does(desk: Desk) -> None:
    case = advised(desk, children=CHILD, alarms=WITH_WEAPON)
    with in_one_entry(desk.runtime) as work:
        execute = work.cases._session.execute
        execute(update(AlarmRow).values(raised_at=None))
    desk.runtime.due.derive_again(desk.runtime.uow, {"child safeguarding", "ask works for"})
    assert children(desk) == []
    knife(desk, case)
    assert len(children(desk)) == 1


def test_a_topic_that_the_referrer_takes_back_leaves_its_alarm_and_the_question(desk: Desk) -> None:
    referred(desk, children=CHILD, alarms=WITH_WEAPON)
    assert len(children(desk)) == 1
    referred(desk, children=CHILD)
    assert len(children(desk)) == 1, "its alarm waits to be acknowledged all the same"
    referred(desk, children=CHILD, alarms=WITH_WEAPON)
    assert len(children(desk)) == 1
    assert agrees(desk)


def test_a_child_that_a_correction_names_is_asked_about(desk: Desk) -> None:
    referred(desk, alarms=WITH_WEAPON)
    assert children(desk) == []
    referred(desk, children=CHILD, alarms=WITH_WEAPON)
    assert len(children(desk)) == 1


def test_only_coordinators_and_chair_answer_and_a_reason_is_needed(desk: Desk) -> None:
    ana = desk.add("ana", Role.PRACTITIONER, "voice")
    case = advised(desk, ana, children=CHILD)
    with pytest.raises(NotPermittedError):
        record_child_safeguarding(desk.context(ana), reference=case, referred=True, why="Informed.")
    with pytest.raises(NotPermittedError):
        record_works_for(desk.context(ana), reference=case, answers=NEITHER)
    with pytest.raises(InvalidInputError, match="reason"):
        record_child_safeguarding(desk.context(desk.chair), reference=case, referred=True, why=" ")
    with pytest.raises(InvalidInputError, match="at least one party"):
        record_works_for(desk.context(desk.chair), reference=case, answers={})
    with pytest.raises(InvalidInputError, match="only with a yes"):
        record_works_for(desk.context(desk.chair), reference=case, answers=NEITHER, agency="voice")


def test_until_it_is_answered_only_coordinators_and_chair_have_the_alarm(desk: Desk) -> None:
    ana = desk.add("ana", Role.PRACTITIONER, "voice")
    case = advised(desk, ana, party_works_for=YesNo.NOT_ASKED)
    knife(desk, case)
    assert [len(alarms(desk, each)) for each in (desk.coordinator, desk.chair, ana)] == [1, 1, 0]
    (asked,) = employers(desk)
    assert asked.what == "Ask whether a party works for one of the agencies"
    coordinator = desk.context(desk.coordinator)
    not_known = {PERPETRATOR: YesNo.NO, VICTIM: YesNo.NOT_KNOWN}
    record_works_for(coordinator, reference=case, answers=not_known)
    assert (len(employers(desk)), alarms(desk, ana)) == (1, [])
    done = record_works_for(coordinator, reference=case, answers={VICTIM: YesNo.NO})
    assert not done.is_restricted
    assert employers(desk) == []
    assert [len(alarms(desk, each)) for each in (desk.coordinator, desk.chair, ana)] == [1, 1, 1]
    assert agrees(desk)


def test_a_yes_restricts_at_once_and_says_who_may_know(desk: Desk) -> None:
    ana, olu = desk.add("ana", Role.PRACTITIONER, "voice"), desk.add("olu", Role.PRACTITIONER, "harbour")
    case = advised(desk, ana, party_works_for=YesNo.NOT_KNOWN)
    knife(desk, case)
    done = record_works_for(
        desk.context(desk.coordinator), reference=case, answers={PERPETRATOR: YesNo.YES}, agency="harbour"
    )
    assert done.is_restricted
    assert set(done.who_may_know) == {"ana", desk.coordinator.user}
    other = desk.add("other", Role.COORDINATOR)
    assert (alarms(desk, other), alarms(desk, olu), employers(desk)) == ([], [], [])
    assert [len(alarms(desk, each)) for each in (desk.coordinator, desk.chair, ana)] == [1, 1, 1]
    with pytest.raises(NotFoundError):
        view_case(desk.context(other), reference=case)
    assert agrees(desk)
