"""Pages of a worklist: asked one after the other they have every line of the whole, for every role."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

import pytest

from engine.domain.absence import YesNo
from engine.domain.accounts.acting import Acting, Role
from engine.domain.agencies.health import ChasedHow
from engine.domain.cases.lifecycle import State
from engine.domain.cases.worklists import WorkItem, line_of
from engine.domain.referrals.intake import AlarmTopic
from engine.exchange.rows import ReferralRow, RowFault
from engine.services.access.checks import open_cases
from engine.services.access.conflicts import say_of, say_own
from engine.services.cases.names import name_items
from engine.services.cases.worklists import worklist, worklist_page
from engine.services.conference import decisions
from engine.services.referrals.imports import import_referrals
from engine.services.referrals.screening import screen
from engine.services.responses.reminders import chase
from engine.store.unit_of_work import Work
from tests.builders import (
    Desk,
    a_contribution,
    a_decision,
    a_person,
    a_referral,
    a_screening,
    ask_all,
    let_answer,
    with_toys,
)
from tests.prepared import prepared


@pytest.fixture
def people(desk: Desk) -> dict[str, Acting]:
    """A record with cases in every state of waiting, and one person of each role.

    Coordinator and lantern's worker are connected to a party of one case, the coordinator also to one with an
    alarm and one to screen, and the chair to another with an alarm. The coordinator imported, so the four
    restricted cases name them; the second coordinator may not know of them.
    """
    workers = with_toys(desk)
    let_answer(desk, "lantern", a_contribution("He missed two appointments."))
    return prepared(desk, _people, desk, workers)


def _people(desk: Desk, workers: dict[str, Acting]) -> dict[str, Acting]:
    names = tuple(worker.user for worker in workers.values())
    alarms, new = [], []
    for number in range(3):
        alarms.append(_referred(desk, f"alarm-{number}", alarms=(AlarmTopic.WEAPON,)))
        _referred(desk, f"hidden-{number}", party_works_for=YesNo.YES, alarms=(AlarmTopic.ENTRY,))
        new.append(_referred(desk, f"new-{number}"))
    cases = [_referred(desk, f"case-{number}") for number in range(4)]
    hidden = _referred(desk, "hidden", party_works_for=YesNo.YES)
    for reference, named in ((each, names) for each in (*cases, hidden)):
        by = desk.chair if reference == hidden else desk.coordinator
        screen(desk.context(by), reference=reference, screening=a_screening(people=named))
        ask_all(desk, reference)
    chair = desk.context(desk.chair)
    cousin: dict[str, Any] = {"is_connected": True, "why": "A cousin of the victim."}
    for user in ("lantern-worker", "cora"):
        say_of(chair, reference=cases[0], user=user, **cousin)
    for reference in (alarms[0], new[0]):
        say_of(chair, reference=reference, user="cora", **cousin)
    say_own(chair, reference=alarms[1], is_connected=True)
    fault = RowFault(row=7, column="referred_on", reason="this date does not exist", original="{}", alarms=())
    late = RowFault(row=8, column=None, reason="too few cells", original="{}", alarms=None)
    row = ReferralRow(row=2, referral=a_referral("plain"), original="{}")
    import_referrals(desk.context(desk.coordinator), rows=[fault, row, late], file_digest="1" * 64)
    desk.clock.forward(timedelta(days=20))
    chase(desk.context(desk.coordinator), reference=cases[1], agency="lantern", how=ChasedHow.EMAIL)
    chase(chair, reference=hidden, agency="lantern", how=ChasedHow.EMAIL)
    return {
        **workers,
        "coordinator": desk.coordinator,
        "second": desk.add("cody", Role.COORDINATOR),
        "chair": desk.chair,
        "other": desk.add("other", Role.PRACTITIONER, "lantern"),
        "analyst": desk.add("ana", Role.ANALYST),
        "manager": desk.add("max", Role.MANAGER),
        "administrator": desk.add("adam", Role.ADMINISTRATOR),
    }


def _referred(desk: Desk, number: str, **changes: Any) -> str:
    him, her = a_person("Otto", f"P{number}"), a_person("Vera", f"V{number}")
    (reference,) = desk.refer(a_referral(number, perpetrator=him, victim=her, **changes)).referrals
    return reference


def _acts(desk: Desk) -> list[str]:
    with desk.runtime.uow.unrecorded() as work:
        return [json.loads(entry.body)["what"] for entry in work.audit.entries()]


def sections_of(items: tuple[WorkItem, ...]) -> dict[str, list[WorkItem]]:
    """Return the whole list by section: what pages must have, in this order."""
    by_section = sorted(items, key=lambda item: line_of(item).section)
    return {name: list(of) for name, of in groupby(by_section, key=lambda item: line_of(item).section)}


@pytest.mark.both
def test_pages_one_after_the_other_are_the_whole_list_for_every_role(
    desk: Desk, people: dict[str, Acting]
) -> None:
    seen: dict[str, dict[str, int]] = {}
    for name, acting in people.items():
        context = desk.context(acting)
        whole = worklist(context).items
        wanted = sections_of(whole)
        found: dict[str, list[WorkItem]] = {section: [] for section in wanted}
        for number in range(1, max(map(len, wanted.values()), default=0) // 2 + 2):
            page = worklist_page(context, pages=dict.fromkeys(wanted, number).__getitem__, at_once=2)
            for section, there in page.sections.items():
                found[section] += there.items if there.page == number else ()
            assert {section: each.total for section, each in page.sections.items()} == {
                section: len(of) for section, of in wanted.items()
            }
            assert (page.total, page.overdue) == (len(whole), sum(item.is_overdue for item in whole))
            assert page.to_chase == Counter(i.agency for i in whole if i.kind == "chase")
        assert found == wanted, name
        seen[name] = {section: len(of) for section, of in wanted.items()}
    assert [seen[name]["alarm"] for name in ("coordinator", "second", "chair")] == [5, 3, 5]
    assert [seen[name]["chase"] for name in ("coordinator", "second", "chair")] == [8, 8, 10]
    assert (seen["lantern"], seen["voice"]) == ({"release": 4}, {"release": 5})
    assert seen["coordinator"]["rejected"] == 2
    assert seen["other"] == seen["analyst"] == {}


@pytest.mark.both("full")  # the pages above are read on both in each run
def test_lines_with_names_are_those_of_the_names_read_apart_under_the_one_entry_of_the_list(
    desk: Desk, people: dict[str, Acting]
) -> None:
    with_names = set[str]()
    for name, acting in people.items():
        context = desk.context(acting)
        plain = worklist_page(context, at_once=3)
        for named in (set(plain.sections), {"alarm", "release"}):
            before = len(_acts(desk))
            page = worklist_page(context, at_once=3, named=named)
            assert _acts(desk)[before:] == ["see worklist"]
            assert list(page.sections) == sorted(page.sections, key=lambda section: section not in named)
            for section, each in plain.sections.items():
                wanted = name_items(context, items=each.items) if section in named else each.items
                assert page.section(section).items == wanted, (name, section)
                with_names.update(name for item in wanted if item.names is not None)
            assert page.model_copy(update={"sections": plain.sections}) == plain
    assert with_names == {"coordinator", "second", "chair", "lantern", "voice"}


def _one_by_one(work: Work, acting: Acting, now: datetime) -> tuple[list[str], list[str]]:
    """The open alarms and the cases to screen of a person, each case checked by itself."""
    restricted, alarms = work.need_to_know.restricted(), work.alarms.open()
    there = {each.reference for each in open_cases(work, acting, work.cases.all(alarms))}
    informed_of = [
        reference
        for reference, alarm in alarms.items()
        if acting.role is Role.COORDINATOR or alarm.is_past_due(now) or reference in restricted
    ]
    waiting = open_cases(work, acting, work.cases.in_states([State.NOT_SCREENED]))
    return [each for each in informed_of if each in there], [each.reference for each in waiting]


@pytest.mark.both
def test_alarms_and_cases_to_screen_are_those_that_are_open_one_by_one(
    desk: Desk, people: dict[str, Acting]
) -> None:
    _referred(desk, "fresh", alarms=(AlarmTopic.WEAPON,))
    _referred(desk, "fresh-hidden", party_works_for=YesNo.YES, alarms=(AlarmTopic.WEAPON,))
    seen = list[tuple[int, int]]()
    for name in ("coordinator", "second", "chair"):
        acting = people[name]
        items = worklist(desk.context(acting)).items
        with desk.runtime.uow.unrecorded() as work:
            alarms, waiting = _one_by_one(work, acting, desk.clock.now())
        listed = [item for item in items if item.kind == "alarm"]
        assert sorted(item.reference for item in listed) == sorted(alarms)
        assert listed == sorted(listed, key=lambda item: item.due_at or desk.clock.now())
        if acting.role is Role.COORDINATOR:
            assert [item.reference for item in items if item.kind == "screen"] == waiting
        seen.append((len(alarms), sum(item.is_overdue for item in listed)))
        page = worklist_page(desk.context(acting), at_once=2)
        assert page.section("alarm").total == len(alarms)
        assert page.overdue == sum(item.is_overdue for item in items)
    assert seen == [(7, 5), (4, 3), (6, 5)]


def test_past_the_last_page_is_the_last(desk: Desk, people: dict[str, Acting]) -> None:
    page = worklist_page(desk.context(people["coordinator"]), pages=lambda _: 99, at_once=2)
    assert {(each.page - 1) * 2 < each.total <= each.page * 2 for each in page.sections.values()} == {True}


def test_no_line_gives_its_task_again_as_its_reason(desk: Desk, people: dict[str, Acting]) -> None:
    reference = _referred(desk, "decided")
    screen(desk.context(desk.coordinator), reference=reference, screening=a_screening(people=()))
    decisions.open_conference(desk.context(desk.chair), reference=reference)
    decisions.decide(desk.context(desk.chair), reference=reference, decision=a_decision())
    seen = {item.kind for acting in people.values() for item in worklist(desk.context(acting)).items}
    assert {"alarm", "rejected", "screen", "chair", "chase", "late answer", "release"} <= seen
    for acting in people.values():
        for item in worklist(desk.context(acting)).items:
            task = item.what.lower().removesuffix(f" of {item.agency}")
            assert task not in item.why.lower(), item
