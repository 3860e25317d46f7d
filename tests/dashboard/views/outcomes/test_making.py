"""The release of a quarter, made on the Outcomes page by those who may, once."""

from __future__ import annotations

import pytest

from dashboard.pages import Place
from engine.domain.accounts.acting import Role
from engine.services.outcomes.releases import last_quarter_end, list_releases
from tests.builders import Desk
from tests.dashboard.visits import Visits

pytestmark = pytest.mark.usefixtures("any_clock")

OFFER, NOW = "outcomes-release", "outcomes-release-now"


def offers(desk: Desk, visits: Visits, role: Role) -> bool:
    """Whether the page offers the release to a person of this role."""
    visit = visits(desk.add(f"of-{role.name.lower()}", role), Place.OUTCOMES)
    return any(button.key == OFFER for button in visit.app.button)


def test_a_manager_makes_it_in_two_presses_and_it_is_offered_no_more(desk: Desk, visits: Visits) -> None:
    manager = desk.add("max", Role.MANAGER)
    visit = visits(manager, Place.OUTCOMES).open(OFFER)
    assert "nothing changes it" in visit.words
    assert not list_releases(desk.context(manager)), "a look at the question makes nothing"
    visit.finish(NOW)
    assert "is made. Small numbers, and what would reveal one, are hidden." in visit.words
    assert "in time" not in visit.words
    (made,) = list_releases(desk.context(manager))
    assert (made.release.as_of, made.by) == (last_quarter_end(desk.clock.today()), "max")
    assert "frozen" in visit.words
    assert not offers(desk, visits, Role.COORDINATOR)


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Role.COORDINATOR, True),
        (Role.MANAGER, True),
        (Role.CHAIR, False),
        (Role.ANALYST, False),
    ],
)
def test_it_is_offered_to_those_who_may(desk: Desk, visits: Visits, role: Role, may: bool) -> None:
    assert offers(desk, visits, role) == may
