"""24 hours in a few minutes, by a clock that is set: a weekend day in which summer time begins.

How many referrals come in each hour is an assumption, as no source gives it: most by day, some at night.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import psutil
import pytest

from engine.clock import LONDON
from engine.domain.cases.lifecycle import TriageOutcome
from engine.domain.conference.risk import Attendance
from engine.domain.referrals.intake import AlarmTopic
from engine.services.conference import decisions
from engine.services.referrals import screening
from engine.services.system import audit, audit_content, outbox
from flows.watch import Flows, stand_watch
from tests.builders import (
    TOY_CODES,
    Desk,
    a_contribution,
    a_decision,
    a_desk,
    a_person,
    a_referral,
    a_screening,
    let_answer,
)
from tests.engine.services.system.backed_up import Places
from tests.flows.given import lend, toys_for

pytestmark = [pytest.mark.prefect, pytest.mark.slow, pytest.mark.sqlite, pytest.mark.full]

BEGINS = datetime(2026, 3, 28, 12, tzinfo=UTC)  # a Saturday; summer time begins on Sunday at one o'clock
STEP, STEPS = timedelta(minutes=15), 96
A_DAY = (*(1,) * 8, *(4,) * 10, *(2,) * 6)
"""Referrals in each hour of the day in London: assumed."""
STAFFED = range(8, 20)
KIB_A_REFERRAL, MIB_IN_MEMORY = 60, 60
"""The most by which the record may grow for each referral, and the process in the second half of the day."""


class Day:
    """The desk's day: who refers, screens and acknowledges when."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.referred: list[str] = []
        self.alarms: list[str] = []
        self.left: list[str] = []
        self.screened: list[str] = []
        self.decided: list[str] = []

    def at(self, hour: int, step: int) -> None:
        """Do what people do in this quarter of an hour."""
        desk = self.desk
        for _ in range(A_DAY[hour] // 4 + (step % 4 < A_DAY[hour] % 4)):
            self.refer()
        if hour not in STAFFED:
            return
        for reference in (case for case in self.alarms if case not in self.left):
            screening.acknowledge_alarm(desk.context(desk.coordinator), reference=reference)
        self.alarms = []
        waiting = [case for case in self.referred if case not in self.screened]
        for reference in waiting[:2]:
            given = a_screening(TriageOutcome.CONFERENCE)
            screening.screen(desk.context(desk.coordinator), reference=reference, screening=given)
            self.screened.append(reference)

    def refer(self) -> None:
        """Refer two people; every fifth time with an alarm, which every tenth time nobody acknowledges."""
        number = len(self.referred)
        (reference,) = self.desk.refer(
            a_referral(
                str(number),
                alarms=(AlarmTopic.WEAPON,) if number % 5 == 0 else (),
                perpetrator=a_person(surname=f"Roe{number}"),
                victim=a_person("Amira", f"Kent{number}"),
            )
        ).referrals
        self.referred.append(reference)
        if number % 5 == 0:
            self.alarms.append(reference)
        if number % 10 == 0:
            self.left.append(reference)

    def confer(self) -> None:
        """Hold a conference on the cases that were screened first."""
        attendance = tuple(Attendance(agency=code) for code in ("lantern", "harbour"))
        for reference in self.screened[:3]:
            given: dict[str, Any] = {"context": self.desk.context(self.desk.chair), "reference": reference}
            decisions.open_conference(**given)
            decisions.decide(**given, decision=a_decision(attendance=attendance))
            self.decided.append(reference)


@pytest.fixture
def desk(tmp_path: Path, prefect_server: str) -> Iterator[Desk]:
    with a_desk(tmp_path / "home") as desk:
        toys_for(desk)
        for code in TOY_CODES:
            let_answer(desk, code, a_contribution("A report was held."))
        lend(desk.runtime.settings.home, prefect_server)
        desk.runtime.settings = desk.runtime.settings.model_copy(update={"runner_poll_seconds": 0})
        desk.clock.move_to(BEGINS)
        yield desk


def test_a_day_leaves_nothing_undone_and_grows_only_with_its_referrals(desk: Desk, tmp_path: Path) -> None:
    day, flows, places = Day(desk), Flows(desk.runtime, Event()), Places.under(tmp_path)
    home, hours, memory = desk.runtime.settings.home, set[int](), list[int]()
    record = home / "stac.db"
    began_with, files = record.stat().st_size, 0
    for step in range(STEPS):
        desk.clock.move_to(BEGINS + step * STEP)
        hour = desk.clock.now().astimezone(LONDON).hour
        hours.add(hour)
        day.at(hour, step)
        if step == STEPS // 2 - 8:
            places.back_up(desk)
        if step == STEPS - 12:
            day.confer()
        stand_watch(desk.runtime)
        assert flows.turn()
        if step == STEPS // 2:
            files = len([file for file in home.rglob("*") if file.is_file()])
        memory.append(psutil.Process().memory_info().rss)
    desk.clock.forward(STEP)
    stand_watch(desk.runtime)
    assert flows.turn()

    assert hours == set(range(24)) - {1}  # the hour that summer time takes
    assert outbox.waiting(uow=desk.runtime.uow) == 0
    assert outbox.stale(uow=desk.runtime.uow, clock=desk.clock) == 0
    assert outbox.swept_on(uow=desk.runtime.uow) == desk.clock.today()
    with desk.runtime.uow.unrecorded() as work:
        assert {case.reference for case in work.cases.all(None)} == set(day.referred)
        alarms = work.alarms.open()
    escalated = {case for case, alarm in alarms.items() if alarm.escalated_at is not None}
    assert escalated == {case for case, alarm in alarms.items() if alarm.is_past_due(desk.clock.now())}
    assert set(alarms) == set(day.left)
    assert flows_done(desk) == {
        ("assess_referral", 1): len(day.screened),
        ("after_decision", 1): len(day.decided),
    }
    assert answers(desk) == dict.fromkeys(TOY_CODES, len(day.screened))
    assert audit.verify(uow=desk.runtime.uow).ok
    assert audit_content.verify_content(uow=desk.runtime.uow).ok
    grown = (record.stat().st_size - began_with) / len(day.referred)
    more_memory = memory[-1] - memory[STEPS // 2]
    more_files = len([file for file in home.rglob("*") if file.is_file()]) - files
    print(
        f"{len(day.referred)} referrals, {len(day.screened)} screened, {len(escalated)} alarms escalated; "
        f"the record grew by {grown / 1024:.0f} KiB for each, the process by {more_memory / 2**20:.0f} MiB "
        f"in the second half of the day, and the home by {more_files} files"
    )
    assert grown < KIB_A_REFERRAL * 1024
    assert more_memory < MIB_IN_MEMORY * 2**20
    assert more_files <= 2


def flows_done(desk: Desk) -> dict[tuple[str, int], int]:
    """How many rows of the outbox there are, by flow and by how often each was taken."""
    with desk.runtime._engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT flow, attempts, count(*) FROM outbox WHERE flow IN ('assess_referral', 'after_decision') "
            "AND done_at IS NOT NULL GROUP BY flow, attempts"
        )
        return {(flow, attempts): count for flow, attempts, count in rows}


def answers(desk: Desk) -> dict[str, int]:
    """How many answers are stored, by agency."""
    with desk.runtime._engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT agency, count(*) FROM answer JOIN request ON request.id = request_id GROUP BY agency"
        )
        return {str(agency): int(count) for agency, count in rows}
