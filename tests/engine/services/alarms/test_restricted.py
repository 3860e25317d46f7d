"""The alarm of a restricted case: its named people and the chair have it, and never no one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest

from cli.system.checks import NOTE, OK
from cli.system.doctor_alarms import alarm_checks
from engine.domain.absence import YesNo
from engine.domain.accounts.acting import Acting, Role
from engine.services.access.conflicts import say_own
from engine.services.access.restrictions import lift, restrict
from engine.services.accounts.users import set_active
from engine.services.alarms.questions import record_works_for
from engine.services.alarms.readers import alarms_of_no_one
from engine.services.referrals.screening import acknowledge_alarm
from tests.builders import Desk, a_desk, load_toys
from tests.engine.services.alarms.test_questions import (
    CHILD,
    PERPETRATOR,
    advised,
    agrees,
    alarms,
    children,
    knife,
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with a_desk(tmp_path / "home") as opened:
        load_toys(opened)
        yield opened


@pytest.fixture
def ana(desk: Desk) -> Acting:
    return desk.add("ana", Role.PRACTITIONER, "voice")


def with_desk_outside(desk: Desk, said: str) -> None:
    settings = desk.runtime.settings.model_copy(update={"alarm_desk_outside": said})
    desk.runtime.__dict__["settings"] = settings


def has_it(desk: Desk, *people: Acting) -> list[bool]:
    return [bool(alarms(desk, each)) for each in people]


def test_named_people_and_the_chair_have_the_alarm_and_no_one_else(desk: Desk, ana: Acting) -> None:
    olu, other = desk.add("olu", Role.PRACTITIONER, "voice"), desk.add("other", Role.COORDINATOR)
    case = advised(desk, ana, party_works_for=YesNo.YES)
    assert has_it(desk, desk.coordinator, desk.chair, ana) == [False, False, False]
    knife(desk, case, by=ana)
    assert has_it(desk, desk.coordinator, desk.chair, ana) == [True, True, True]
    assert has_it(desk, olu, other) == [False, False], "an agency's people at large, and the rota"
    assert agrees(desk)


def test_a_case_that_is_restricted_between_the_act_and_its_line(desk: Desk, ana: Acting) -> None:
    other = desk.add("other", Role.COORDINATOR)
    case = advised(desk, ana)
    knife(desk, case, by=ana)
    assert has_it(desk, desk.coordinator, other, desk.chair, ana) == [True] * 4
    restrict(desk.context(desk.chair), reference=case, why="A party works for the employer.")
    assert has_it(desk, other, desk.chair, ana) == [False, True, True]
    lift(desk.context(desk.chair), reference=case, why="It was a mistake.")
    assert has_it(desk, desk.coordinator, other, desk.chair, ana) == [True] * 4
    assert agrees(desk)


def test_the_child_line_of_a_restricted_case_is_for_its_people_and_the_chair(desk: Desk, ana: Acting) -> None:
    other = desk.add("other", Role.COORDINATOR)
    case = advised(desk, ana, children=CHILD)
    knife(desk, case)
    assert [len(children(desk, each)) for each in (other, desk.coordinator, desk.chair, ana)] == [1, 1, 0, 0]
    restrict(desk.context(desk.chair), reference=case, why="A party works for the employer.")
    assert [len(children(desk, each)) for each in (other, desk.coordinator, desk.chair, ana)] == [0, 1, 1, 1]
    assert agrees(desk)


def test_the_desk_outside_is_named_where_no_other_has_the_alarm_or_it_is_late(
    desk: Desk, ana: Acting
) -> None:
    with_desk_outside(desk, "Night desk, 020 7946 0000")
    case = advised(desk, ana)
    knife(desk, case)
    restrict(desk.context(desk.chair), reference=case, why="A party works for the employer.")
    (there,) = alarms(desk, desk.chair)
    assert "Night desk" not in there.why
    desk.clock.forward(timedelta(hours=2))
    assert all(
        "Call the contact outside the agencies: Night desk" in alarms(desk, each)[0].why
        for each in (ana, desk.chair)
    )
    acknowledge_alarm(desk.context(desk.chair), reference=case)
    knife(desk, case)
    other = desk.add("other", Role.COORDINATOR)
    for named in (ana, desk.coordinator):
        set_active(desk.context(other), name=named.user, active=False)
    (alone,) = alarms(desk, desk.chair)
    assert not alone.is_overdue
    assert "Call the contact outside the agencies: Night desk" in alone.why


def test_without_the_setting_the_line_says_so(desk: Desk, ana: Acting) -> None:
    case = advised(desk, ana, party_works_for=YesNo.YES)
    knife(desk, case)
    desk.clock.forward(timedelta(hours=2))
    (late,) = alarms(desk, desk.chair)
    assert "No contact outside the agencies is set." in late.why


def test_an_open_case_names_no_desk_outside(desk: Desk, ana: Acting) -> None:
    with_desk_outside(desk, "Night desk, 020 7946 0000")
    case = advised(desk, ana)
    knife(desk, case)
    desk.clock.forward(timedelta(hours=2))
    assert "Night desk" not in alarms(desk, desk.chair)[0].why


@pytest.mark.parametrize("answer", list(YesNo))
def test_in_every_state_of_restriction_somebody_has_the_alarm(desk: Desk, ana: Acting, answer: YesNo) -> None:
    chair, states = desk.context(desk.chair), product(("none", "restricted", "lifted", "yes"), (False, True))
    for number, (change, is_kept) in enumerate(states):
        case = advised(desk, ana, number=str(number), party_works_for=answer)
        if change in ("restricted", "lifted") and answer is not YesNo.YES:
            restrict(chair, reference=case, why="A party works for the employer.")
        if change == "lifted":
            lift(chair, reference=case, why="It was a mistake.")
        if change == "yes":
            record_works_for(chair, reference=case, answers={PERPETRATOR: YesNo.YES})
        knife(desk, case, by=ana, kept_with_us="In confidence." if is_kept else None)
        having = [
            each.user
            for each in (desk.coordinator, desk.chair, ana)
            if case in {item.reference for item in alarms(desk, each)}
        ]
        assert (having == [ana.user]) if is_kept else (desk.chair.user in having), (change, is_kept)
    assert agrees(desk)


def of_no_one(desk: Desk) -> int:
    with desk.runtime.uow.unrecorded() as work:
        return alarms_of_no_one(work, desk.clock)


def test_an_alarm_that_no_person_has_is_counted(desk: Desk, ana: Acting) -> None:
    other = desk.add("other", Role.COORDINATOR)
    case = advised(desk, ana)
    knife(desk, case, by=ana)
    restrict(desk.context(desk.chair), reference=case, why="A party works for the employer.")
    assert of_no_one(desk) == 0
    for named in (ana, desk.coordinator):
        set_active(desk.context(other), name=named.user, active=False)
    assert of_no_one(desk) == 0, "the chair has it"
    say_own(desk.context(desk.chair), reference=case, is_connected=True)
    assert of_no_one(desk) == 1
    set_active(desk.context(other), name=ana.user, active=True)
    assert of_no_one(desk) == 0


def test_a_withheld_alarm_whose_agency_has_no_person_left_is_counted(desk: Desk, ana: Acting) -> None:
    case = advised(desk, ana)
    knife(desk, case, by=ana, kept_with_us="In confidence.")
    assert of_no_one(desk) == 0
    set_active(desk.context(desk.coordinator), name=ana.user, active=False)
    assert of_no_one(desk) == 1


def test_doctor_asks_for_the_desk_outside(desk: Desk) -> None:
    (asked,) = alarm_checks(desk.runtime)
    assert asked.state == NOTE
    assert "alarm_desk_outside" in str(asked.mend)
    with_desk_outside(desk, "Night desk, 020 7946 0000")
    (answered,) = alarm_checks(desk.runtime)
    assert answered.state == OK
