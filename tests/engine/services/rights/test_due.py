"""Retention that waits for a person: its rows say what the facts say, from a case's end to its erasure."""

from __future__ import annotations

from datetime import timedelta

from engine.domain.accounts.acting import Acting, Role
from engine.domain.rights.retention import DESK_OWNER
from engine.services.referrals.screening import name_people
from engine.services.rights.retention import erase, hold
from tests.builders import Desk, with_toys
from tests.due_rows import lines
from tests.engine.services.rights.test_retention import decided, ended


def waiting(desk: Desk, acting: Acting) -> list[tuple[str, str]]:
    return [(each.reference, each.what) for each in lines(desk, acting, "retention")]


def test_a_part_waits_for_its_owner_a_year_after_the_end_and_not_a_day_before(desk: Desk) -> None:
    workers = with_toys(desk)
    reference = ended(desk)
    desk.clock.forward(timedelta(days=364))
    assert waiting(desk, desk.chair) == waiting(desk, workers["harbour"]) == []
    desk.clock.forward(timedelta(days=1))
    wanted = [(reference, "Review retention")]
    assert waiting(desk, desk.chair) == waiting(desk, workers["harbour"]) == wanted
    decided(desk, desk.chair, reference, DESK_OWNER, erase=False)
    assert waiting(desk, desk.chair) == waiting(desk, desk.coordinator) == []
    desk.clock.forward(timedelta(days=366))
    assert waiting(desk, desk.chair) == waiting(desk, desk.coordinator) == wanted


def test_what_is_to_be_erased_waits_for_another_person_unless_it_is_held(desk: Desk) -> None:
    workers = with_toys(desk)
    reference = ended(desk)
    second = desk.add("harbour-second", Role.PRACTITIONER, "harbour")
    name_people(desk.context(desk.coordinator), reference=reference, people=[second.user])
    decided(desk, workers["harbour"], reference, "harbour")
    wanted = [(reference, "Erase content as approved")]
    assert waiting(desk, workers["harbour"]) == [] != waiting(desk, second)
    assert waiting(desk, second) == wanted
    hold(desk.context(desk.chair), reference=reference, owner="harbour", why="An inquest.")
    assert waiting(desk, second) == []
    hold(desk.context(second), reference=reference, owner="harbour", why="Over.", lift=True)
    assert waiting(desk, second) == wanted
    erase(desk.context(second), reference=reference, owner="harbour")
    assert waiting(desk, second) == []
