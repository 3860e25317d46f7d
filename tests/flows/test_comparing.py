"""The runner compares new person records by itself, in parts."""

from __future__ import annotations

from engine.services.people.same_person import review_queue
from flows.comparing import compare_some
from tests.builders import Desk, a_person, a_referral


def test_new_records_are_compared_once_and_wait_in_the_queue(desk: Desk) -> None:
    desk.refer(
        a_referral("1", perpetrator=a_person("Daniel", "Roe")),
        a_referral("2", perpetrator=a_person("Dan", "Roe"), victim=a_person("Nadia", "Lowe")),
    )
    assert [compare_some(desk.runtime, on_behalf_of="runner") for _ in range(3)] == [4, 0, 0]
    with desk.runtime.uow.unrecorded() as work:
        waiting = [each.body for each in work.audit.entries() if "compare new person records" in each.body]
    assert len(waiting) == 1
    assert review_queue(desk.context(desk.coordinator)).total == 1
