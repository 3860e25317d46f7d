"""Lines and alarms by role: whose are counted, and for how many referrals."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path

from benchmarks.lines import (
    ALARMS,
    LINES,
    RoleLines,
    compare_people,
    count_referrals,
    kinds_of,
    longest_by_role,
    rows_by_kind,
)
from engine.domain.accounts.acting import Role
from engine.domain.cases.worklists import WorkItem
from engine.domain.referrals.intake import AlarmTopic
from engine.services.people.duplicates_waiting import MAY_BE_ONE
from engine.services.referrals.screening import screen
from tests.builders import (
    TOY_CODES,
    a_contribution,
    a_desk,
    a_person,
    a_referral,
    a_screening,
    ask_all,
    let_answer,
    with_toys,
)

ANALYST = RoleLines("analyst", 0, Counter())
MANAGER = RoleLines("manager", None, Counter())
POLICE = RoleLines(
    "police", 40, Counter({"release": 3, "order": 1, "can wait: retention": 8, "alarm: alarm": 2})
)


def test_the_user_with_most_lines_of_a_role_is_counted_with_their_open_referrals(tmp_path: Path) -> None:
    with a_desk(tmp_path / "home") as desk:
        with_toys(desk)
        desk.add("mana", Role.MANAGER)
        asked, _ = desk.refer(
            a_referral("1", alarms=(AlarmTopic.WEAPON,)),
            a_referral("2", perpetrator=a_person("Otto", "Penn"), victim=a_person("Vera", "Vane")),
        ).referrals
        screen(desk.context(desk.coordinator), reference=asked, screening=a_screening())
        for code in TOY_CODES:
            let_answer(desk, code, a_contribution("Was there twice."))
        ask_all(desk, asked)
        for name in ("a-lantern", "z-lantern"):  # they come later, and are not on the case
            desk.add(name, Role.PRACTITIONER, "lantern")
        of_roles = {each.role: each for each in longest_by_role(desk.runtime)}
        assert count_referrals(desk.runtime) == 2
        desk.clock.forward(timedelta(hours=2))
        later = {each.role: each for each in longest_by_role(desk.runtime)}
    counted = {role: (each.open_referrals, each.lines, each.alarms) for role, each in of_roles.items()}
    assert {role: counted[role] for role in ("coordinator", "chair", "lantern", "manager")} == {
        "coordinator": (2, 3, 1),
        "chair": (2, 0, 0),
        "lantern": (1, 1, 0),
        "manager": (None, 0, 0),
    }
    assert of_roles["coordinator"].kinds == {
        "screen": 1,
        "alarm: alarm": 1,
        "ask works for": 1,
        "who is responsible": 1,
    }
    assert later["chair"].kinds == {"alarm: alarm": 1}


def test_a_kind_is_counted_apart_where_its_line_is_an_alarm_or_can_wait() -> None:
    line = WorkItem(
        reference="R-7K3M9Q",
        what="Review a rejected row",
        why="No alarm topic in it is a yes. Not known and not asked are not a no.",
        due_at=None,
        is_overdue=False,
        is_alarm=False,
        kind="rejected",
    )
    alarm, can_wait = line.model_copy(update={"is_alarm": True}), line.model_copy(update={"can_wait": True})
    counted = kinds_of([line, alarm, can_wait, line])
    assert counted == {"rejected": 2, "alarm: rejected": 1, "can wait: rejected": 1}


def test_an_alarm_and_a_line_that_can_wait_are_no_lines_and_each_is_counted_for_both_hundreds() -> None:
    assert (POLICE.lines, POLICE.alarms) == (4, 2)
    assert dict(rows_by_kind([POLICE, ANALYST, MANAGER], referrals=200)) == {
        "referrals open to the user": ["40", "0", "may view none"],
        "order": ["2.5 / 0.5", "none open / 0.0", "none open / 0.0"],
        "release": ["7.5 / 1.5", "none open / 0.0", "none open / 0.0"],
        "alarm: alarm": ["5.0 / 1.0", "none open / 0.0", "none open / 0.0"],
        "can wait: retention": ["20.0 / 4.0", "none open / 0.0", "none open / 0.0"],
        LINES: ["10.0 / 2.0", "none open / 0.0", "none open / 0.0"],
        ALARMS: ["5.0 / 1.0", "none open / 0.0", "none open / 0.0"],
    }


def test_people_of_two_cases_are_compared_before_lines_are_counted(tmp_path: Path) -> None:
    with a_desk(tmp_path / "home") as desk:
        for number, victim in enumerate(("Vera", "Viola"), start=1):
            desk.refer(a_referral(str(number), perpetrator=a_person(), victim=a_person(victim, "Vane")))
        before = {each.role: each.kinds[MAY_BE_ONE] for each in longest_by_role(desk.runtime)}
        compare_people(desk.runtime)
        after = {each.role: each.kinds[MAY_BE_ONE] for each in longest_by_role(desk.runtime)}
    assert (before["coordinator"], after["coordinator"]) == (0, 1)
