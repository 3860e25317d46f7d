"""On PostgreSQL a machine whose clock is wrong refuses itself, and every right machine goes on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from engine.clock import SystemClock
from engine.domain.errors import MachineClockError, StacError
from engine.domain.referrals.intake import AlarmTopic
from engine.runtime import Runtime, open_runtime
from engine.services.access.restrictions import restrict
from engine.services.cases.views import view_case
from engine.services.referrals.screening import acknowledge_alarm
from engine.services.system import audit, outbox
from tests.builders import CHAIR, COORDINATOR, a_desk, a_referral
from tests.databases import POSTGRESQL, SQLITE
from tests.forking import forked_from

MINUTES, DAYS = timedelta(minutes=1), timedelta(days=1)
SECOND = timedelta(seconds=1)
FAR = [10 * MINUTES, -10 * MINUTES, 2 * DAYS, -2 * DAYS]


class ShiftedClock(SystemClock):
    """The clock of a machine that is so much ahead."""

    def __init__(self, by: timedelta) -> None:
        self.by = by

    def now(self) -> datetime:
        return super().now() + self.by


@pytest.fixture
def home(tmp_path: Path) -> Path:
    with a_desk(tmp_path / "home", database=POSTGRESQL) as desk:
        desk.refer(a_referral("1", alarms=(AlarmTopic.WEAPON,)))
    return tmp_path / "home"


def machine(home: Path, by: timedelta) -> Runtime:
    return open_runtime({"STAC_HOME": str(home)}, clock=ShiftedClock(by))


def case_of(runtime: Runtime) -> str:
    with runtime.uow.unrecorded() as work:
        (case,) = work.cases.all()
        return case.reference


def newest_at(runtime: Runtime) -> datetime:
    with runtime.uow.unrecorded() as work:
        at = work.audit.newest_at()
    assert at is not None
    return at


def _views(home: str, by: float, answer: Connection) -> None:
    """View a case on a machine of its own, and send what it says."""
    with machine(Path(home), timedelta(seconds=by)) as runtime:
        try:
            view_case(runtime.context(CHAIR.acting()), reference=case_of(runtime))
            answer.send("viewed")
        except StacError as error:
            answer.send(str(error))


def viewed(home: Path, by: timedelta) -> str:
    context = forked_from(__name__)
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_views, args=(str(home), by.total_seconds(), there))
    process.start()
    there.close()
    try:
        return str(here.recv()) if here.poll(60) else "silent"
    finally:
        process.join(30)
        here.close()


@pytest.mark.postgres
@pytest.mark.parametrize("by", FAR, ids=str)
def test_of_two_processes_the_one_whose_clock_is_wrong_is_refused_and_the_other_goes_on(
    home: Path, by: timedelta
) -> None:
    refused = viewed(home, by)
    assert refused.startswith("this machine's clock is ")
    assert ("ahead of" if by > timedelta() else "behind") in refused
    assert "other machines go on. Set this machine's clock" in refused
    assert viewed(home, timedelta()) == "viewed"


@pytest.mark.postgres
@pytest.mark.parametrize("by", FAR, ids=str)
def test_a_wrong_machine_writes_nothing_of_any_kind_and_takes_no_work(home: Path, by: timedelta) -> None:
    with machine(home, by) as wrong, machine(home, timedelta()) as right:
        case, entries = case_of(right), audit.verify(uow=right.uow).entries
        chair = wrong.context(CHAIR.acting())
        for act in (
            lambda: view_case(chair, reference=case),
            lambda: restrict(chair, reference=case, why="A party works here."),
            lambda: acknowledge_alarm(chair, reference=case),
            lambda: outbox.take_next(uow=wrong.uow, clock=wrong.clock, by="wrong"),
            lambda: outbox.begin_sweep(uow=wrong.uow, clock=wrong.clock),
        ):
            with pytest.raises(MachineClockError):
                act()
        assert audit.verify(uow=right.uow).entries == entries
        acknowledge_alarm(right.context(CHAIR.acting()), reference=case)
        assert audit.clock_seen(uow=wrong.uow, clock=wrong.clock).differs is not None
        assert audit.clock_seen(uow=right.uow, clock=right.clock).differs is None


@pytest.mark.postgres
@pytest.mark.parametrize("by", [5 * MINUTES, -5 * MINUTES], ids=str)
def test_a_machine_that_differs_little_writes_the_servers_time(home: Path, by: timedelta) -> None:
    """So a lease and an idle lock last as long on each machine."""
    with machine(home, by) as little, machine(home, timedelta()) as right:
        view_case(little.context(CHAIR.acting()), reference=case_of(right))  # it compares at its first act
        view_case(little.context(CHAIR.acting()), reference=case_of(right))
        assert abs(newest_at(right) - datetime.now(UTC)) < 5 * SECOND
        assert abs(little.clock.now() - right.clock.now()) < SECOND
        view_case(right.context(COORDINATOR.acting()), reference=case_of(right))


@pytest.mark.postgres
def test_a_clock_that_is_set_while_a_process_runs_is_noticed_at_its_next_act(home: Path) -> None:
    clock = ShiftedClock(timedelta())
    with open_runtime({"STAC_HOME": str(home)}, clock=clock) as runtime:
        chair, case = runtime.context(CHAIR.acting()), case_of(runtime)
        view_case(chair, reference=case)
        clock.by = 2 * DAYS
        with pytest.raises(MachineClockError):
            view_case(chair, reference=case)
        clock.by = timedelta()
        view_case(chair, reference=case)


@pytest.mark.sqlite
def test_a_record_in_a_file_has_its_machines_clock(tmp_path: Path) -> None:
    with a_desk(tmp_path / "home", database=SQLITE) as desk:
        desk.refer(a_referral("1"))
    with machine(tmp_path / "home", 10 * MINUTES) as runtime:
        view_case(runtime.context(CHAIR.acting()), reference=case_of(runtime))
        assert audit.clock_seen(uow=runtime.uow, clock=runtime.clock).differs is None
