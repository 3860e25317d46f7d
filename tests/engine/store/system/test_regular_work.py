"""What the record has of runners' regular work, on both databases."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from engine.services.system import outbox
from engine.services.system.regular_work import report_work, work_seen
from tests.builders import Desk
from tests.engine.services.system.backed_up import Places

ONE, OTHER = "runner 1 this-machine 7", "runner 1 another-machine 7"
EVERY = {"arrivals": 20, "daily_sweep": 86400}


def report(desk: Desk, by: str, *names: str, every: dict[str, int] = EVERY, is_alive: bool = True) -> None:
    done = dict.fromkeys(names, desk.clock.now())
    report_work(**desk.common, by=by, done=done, every=every, is_alive=is_alive)


def rows(desk: Desk) -> list[tuple[str, str, int]]:
    return [(each.name, each.runner, each.every_seconds) for each in work_seen(uow=desk.runtime.uow).done]


def test_each_runner_has_one_row_for_each_piece_of_work_with_its_own_interval(desk: Desk) -> None:
    assert work_seen(uow=desk.runtime.uow).done == ()
    report(desk, ONE, "arrivals")
    desk.clock.forward(timedelta(seconds=30))
    report(desk, OTHER, "arrivals", every={"arrivals": 60})
    desk.clock.forward(timedelta(seconds=30))
    report(desk, ONE, "arrivals")
    assert rows(desk) == [("arrivals", ONE, 20), ("arrivals", OTHER, 60)]
    seen = work_seen(uow=desk.runtime.uow)
    assert [each.at for each in seen.done] == [
        desk.clock.now(),
        desk.clock.now() - timedelta(seconds=30),
    ]
    assert set(seen.runners) == {ONE, OTHER}


def test_a_runner_that_gives_no_sign_of_life_still_reports_its_work(desk: Desk) -> None:
    report(desk, ONE, "arrivals", is_alive=False)
    seen = work_seen(uow=desk.runtime.uow)
    assert (len(seen.done), seen.runners) == (1, {})


def test_rows_of_runners_of_long_ago_go_but_for_the_newest_of_each(desk: Desk) -> None:
    report(desk, ONE, "arrivals", "daily_sweep")
    desk.clock.forward(timedelta(minutes=1))
    report(desk, OTHER, "arrivals")
    desk.clock.forward(timedelta(days=8))
    outbox.swept(**desk.common)
    assert sorted(rows(desk)) == [("arrivals", OTHER, 20), ("daily_sweep", ONE, 86400)]


def test_rows_of_this_week_stay(desk: Desk) -> None:
    report(desk, ONE, "arrivals")
    desk.clock.forward(timedelta(days=6))
    report(desk, OTHER, "arrivals")
    outbox.swept(**desk.common)
    assert len(rows(desk)) == 2


def test_no_backup_has_it_so_after_a_restore_it_is_unknown(desk: Desk, tmp_path: Path) -> None:
    places = Places.under(tmp_path)
    report(desk, ONE, "arrivals")
    outbox.swept(**desk.common)
    places.restore(desk, places.back_up(desk))
    with places.opened(desk) as runtime:
        seen = work_seen(uow=runtime.uow)
    assert (seen.done, seen.runners, seen.swept_at) == ((), {}, None)
