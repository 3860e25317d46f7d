"""Several runners of one record: each with its own sign of life, and no row or sweep held by two."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from cli.system.doctor import _runner
from engine.clock import LONDON
from engine.services.cases.worklists import runner_warning
from engine.services.system import outbox
from engine.services.system.readiness import Part, readiness
from engine.services.system.regular_work import report_work
from engine.store.repositories.system.outbox import LEASE, FlowName
from tests.builders import Desk

ONE, OTHER = "runner 1 this-machine 7", "runner 1 another-machine 7"
MINUTE = timedelta(minutes=1)


def ready(desk: Desk) -> Part:
    return readiness(**desk.common, settings=desk.runtime.settings).runner


def findings(desk: Desk) -> list[str]:
    return [f"{check.state}: {check.finding}" for check in _runner(desk.runtime)]


def test_a_runner_that_lives_hides_none_that_is_silent(desk: Desk) -> None:
    for name in (ONE, OTHER):
        outbox.sign_of_life(**desk.common, by=name)
    assert (ready(desk), findings(desk)) == (Part.READY, ["ok: 2 alive; flows that wait: 0"])
    desk.clock.forward(2 * MINUTE)
    outbox.sign_of_life(**desk.common, by=ONE)
    assert ready(desk) is Part.PARTLY
    assert findings(desk) == [
        "ok: 1 alive; flows that wait: 0",
        "WRONG: one of several has given no sign of life since 2026-03-02 09:00 UTC",
    ]
    with desk.runtime.uow.unrecorded() as work:
        assert runner_warning(work, clock=desk.clock, settings=desk.runtime.settings) is None
    desk.clock.forward(2 * MINUTE)
    assert ready(desk) is Part.NOT_RUNNING
    desk.clock.forward(timedelta(days=8))
    outbox.sign_of_life(**desk.common, by=ONE)
    outbox.swept(**desk.common)
    assert ready(desk) is Part.READY


def test_when_each_runner_that_is_alive_started_is_named_as_far_as_it_is_known(desk: Desk) -> None:
    def report(by: str, began_at: datetime | None) -> None:
        report_work(**desk.common, by=by, done={}, every={}, is_alive=True, began_at=began_at)

    began = desk.clock.now()
    report(ONE, began)
    report(OTHER, None)
    assert findings(desk) == [
        "ok: 2 alive, started 2026-03-02 09:00 UTC, start of 1 not known; flows that wait: 0"
    ]
    desk.clock.forward(timedelta(hours=1))
    report(ONE, began)
    report(OTHER, desk.clock.now())
    started = "2026-03-02 09:00 and 2026-03-02 10:00 UTC"
    assert findings(desk) == [f"ok: 2 alive, started {started}; flows that wait: 0"]
    report(ONE, desk.clock.now())  # another process with the name of one that was lost
    assert findings(desk)[0].startswith("ok: 2 alive, started 2026-03-02 10:00 and 2026-03-02 10:00 UTC")
    desk.clock.forward(2 * MINUTE)
    report(OTHER, None)
    assert findings(desk)[0] == "ok: 1 alive, started 2026-03-02 10:00 UTC; flows that wait: 0"


def test_one_that_ended_as_asked_or_was_replaced_is_not_missed(desk: Desk) -> None:
    for name in (ONE, OTHER):
        outbox.sign_of_life(**desk.common, by=name)
    outbox.ended(**desk.common, by=ONE)
    outbox.forget_the_dead(uow=desk.runtime.uow, is_dead=lambda name: name == OTHER)
    assert ready(desk) is Part.NOT_RUNNING
    outbox.sign_of_life(**desk.common, by="runner 2 this-machine 7")
    desk.clock.forward(MINUTE)
    assert ready(desk) is Part.READY
    desk.clock.forward(MINUTE)
    with desk.runtime.uow.unrecorded() as work:
        warning = runner_warning(work, clock=desk.clock, settings=desk.runtime.settings)
    assert (warning or "").startswith("Requests and reminders stopped at 09:00")


def test_what_a_lost_runner_began_is_taken_after_its_lease_and_it_cannot_give_it_back(desk: Desk) -> None:
    with desk.runtime.uow.unrecorded(will_write=True) as work:
        work.outbox.add(FlowName.ASSESS_REFERRAL, "R-7K3M9QV", acting=desk.coordinator, at=desk.clock.now())
    row = outbox.take_next(**desk.common, by=ONE)
    assert row is not None
    assert outbox.take_next(**desk.common, by=OTHER) is None
    desk.clock.forward(LEASE + MINUTE)
    assert outbox.stale(**desk.common) == 1
    assert findings(desk)[-1] == "note: 1 flows were begun and did not end"
    again = outbox.take_next(**desk.common, by=OTHER)
    assert again is not None
    assert again.id == row.id
    assert outbox.stale(**desk.common) == 0
    outbox.give_back(uow=desk.runtime.uow, item_id=row.id, by=ONE, error="Interrupted")
    assert outbox.take_next(**desk.common, by="a third") is None
    assert outbox.finish(**desk.common, item_id=row.id, by=ONE) == 1
    assert outbox.finish(**desk.common, item_id=row.id, by=OTHER) == 0


def test_a_queue_that_no_runner_serves_is_wrong_after_a_lease(desk: Desk) -> None:
    outbox.leave_to_others(
        **desk.common,
        flow="assess_referral",
        subject="R-7K3M9QV",
        acting=desk.coordinator,
        agencies=("harbour",),
    )
    late = "WRONG: flows that wait too long for the home with the records of harbour: 1"
    assert late not in findings(desk)
    desk.clock.forward(LEASE + MINUTE)
    assert late in findings(desk)
    row = outbox.take_next(**desk.common, by=ONE, queues=("harbour",))
    assert row is not None
    assert late not in findings(desk)


def test_a_sweep_that_ends_after_that_of_the_next_date_does_not_undo_it(desk: Desk) -> None:
    began = desk.clock.now()
    desk.clock.forward(timedelta(days=1))
    outbox.swept(**desk.common)
    outbox.swept(**desk.common, began=began)
    assert outbox.swept_on(uow=desk.runtime.uow) == desk.clock.today()
    ahead = desk.clock.now() + timedelta(days=300)  # of a machine whose clock was wrong
    outbox.swept(**desk.common, began=ahead)
    outbox.swept(**desk.common)
    assert outbox.swept_on(uow=desk.runtime.uow) == desk.clock.today()


def test_one_runner_sweeps_a_day_and_another_only_when_that_one_is_lost(desk: Desk) -> None:
    assert outbox.begin_sweep(**desk.common)
    assert not outbox.begin_sweep(**desk.common)
    desk.clock.forward(LEASE + MINUTE)
    begun = outbox.begin_sweep(**desk.common)
    assert begun
    outbox.give_up_sweep(begun, uow=desk.runtime.uow)
    assert outbox.begin_sweep(**desk.common)
    outbox.swept(**desk.common)
    desk.clock.forward(LEASE + MINUTE)
    assert not outbox.begin_sweep(**desk.common)
    desk.clock.forward(timedelta(days=1))
    assert outbox.begin_sweep(**desk.common)


def test_a_sweep_that_fails_after_midnight_gives_up_its_own_date_and_not_the_sweep_of_the_next(
    desk: Desk,
) -> None:
    began = datetime(2026, 3, 2, 23, 30, tzinfo=LONDON)
    desk.clock.move_to(began)
    first = outbox.begin_sweep(**desk.common)
    desk.clock.forward(timedelta(hours=1))
    second = outbox.begin_sweep(**desk.common)
    assert (first, second) == (date(2026, 3, 2), date(2026, 3, 3))
    assert first
    outbox.give_up_sweep(first, uow=desk.runtime.uow)
    assert outbox.begin_sweep(**desk.common) is None, "another runner has that of the next date"
    desk.clock.move_to(began)
    assert outbox.begin_sweep(**desk.common) == first
