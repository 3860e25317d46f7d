"""An act whose commit failed was never recorded: no restore repeats it, and an operator is asked about it."""

from __future__ import annotations

import resource
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from engine.domain.accounts.acting import Role
from engine.domain.errors import RecordError
from engine.services.access.restrictions import restrict
from engine.services.accounts.users import change_role
from engine.services.cases.views import view_case
from tests.builders import Desk, a_desk, a_referral
from tests.engine.services.system.backed_up import Places
from tests.faults.test_killed_databases import _opened
from tests.forking import forked_from

pytestmark = pytest.mark.sqlite


def _give_the_role(desk: Desk) -> None:
    change_role(desk.context(desk.coordinator), name="ana", role=Role.COORDINATOR)


def _restrict_the_case(desk: Desk) -> None:
    with desk.runtime.uow.unrecorded() as work:
        (case,) = work.cases.all()
    restrict(desk.context(desk.chair), reference=case.reference, why="A party works here.")


def _with_a_full_disk(act: Callable[[Desk], None], home: str, answer: Connection) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    with _opened(home) as desk:
        desk.add("before", Role.ANALYST)  # so that the journal is longer than the register
        room = (Path(home) / "stac.db-wal").stat().st_size
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
        try:
            act(desk)
        except RecordError as error:
            answer.send(str(error))
        else:
            answer.send("recorded")


def failed(act: Callable[[Desk], None], home: Path) -> str:
    """What an act says in a process of its own, where the disk is full."""
    context = forked_from(__name__)
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_with_a_full_disk, args=(act, str(home), there))
    process.start()
    there.close()
    try:
        return str(here.recv()) if here.poll(60) else "silent"
    finally:
        process.join(30)
        here.close()


@pytest.mark.parametrize("act", [_give_the_role, _restrict_the_case])
def test_what_was_never_recorded_is_not_repeated_by_a_restore_and_is_asked_about(
    tmp_path: Path, act: Callable[[Desk], None]
) -> None:
    places = Places.under(tmp_path)
    home = tmp_path / "home"
    with a_desk(home) as desk:
        desk.add("ana", Role.ANALYST)
        (case,) = desk.refer(a_referral()).referrals
        made = places.back_up(desk)
    assert "nothing was written" in failed(act, home)
    with _opened(str(home)) as desk:
        done = places.restore(desk, made)
        assert done.repeated.by_kind == {}
        (doubt,) = done.in_doubt
        assert ("ana" if act is _give_the_role else case) in doubt.sentence
        with places.opened(desk) as runtime:
            with runtime.uow.unrecorded() as work:
                ana = work.users.known("ana")
            assert ana is not None
            assert ana.role is Role.ANALYST
            assert not view_case(runtime.context(desk.chair), reference=case).is_restricted


def test_the_same_acts_are_repeated_where_they_were_recorded(tmp_path: Path) -> None:
    places = Places.under(tmp_path)
    with a_desk(tmp_path / "home") as desk:
        desk.add("ana", Role.ANALYST)
        desk.refer(a_referral())
        made = places.back_up(desk)
        _give_the_role(desk)
        _restrict_the_case(desk)
        done = places.restore(desk, made)
        assert done.repeated.by_kind == {"case restricted": 1, "user changed": 1}
        assert done.in_doubt == ()
