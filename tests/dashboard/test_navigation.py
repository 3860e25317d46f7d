"""Which pages each role is given, and that no other can be reached."""

from __future__ import annotations

import pytest

from dashboard import navigation
from dashboard.navigation import PLACES_OF
from dashboard.pages import Place
from engine.domain.accounts.acting import Acting, Role
from engine.services.system.outbox import sign_of_life
from tests.builders import Desk
from tests.dashboard.visits import Visits, asked

MARKS = {
    Place.WORKLIST: "Worklist",
    Place.SCREENING: "Screening",
    Place.IMPORT: "Import a file",
    Place.PLANS: "No plans yet. A plan is written after a case conference.",
    Place.CONFERENCES: "No conference is planned that you have a part in.",
    Place.ROOM: "No conference is open on this screen.",
    Place.ORDERS: "Orders that start, await service, are due or end.",
    Place.CASES: "A case that is not listed may still exist",
    Place.CASE: "Choose a case",
    Place.SEARCH: "Check for previous referrals",
    Place.DUPLICATES: "Possible duplicates",
    Place.LINKS: "Nothing here ranks people by risk",
    Place.NETWORKS: "Files of another source, apart from the record",
    Place.OUTCOMES: "Outcomes",
    Place.AGENCIES: "Agencies",
    Place.SUBJECT_ACCESS: "By default a reply neither confirms",
    Place.AUDIT_LOG: "The audit log records who viewed or changed what",
}
ROLES = [role for role in Role if role is not Role.SYSTEM]


def somebody(desk: Desk, workers: dict[str, Acting], role: Role) -> Acting:
    known = {Role.COORDINATOR: desk.coordinator, Role.CHAIR: desk.chair, Role.PRACTITIONER: workers["voice"]}
    return known.get(role) or desk.add("other", role)


@pytest.mark.parametrize("role", ROLES, ids=str)
def test_a_role_is_given_its_own_pages_and_reaches_no_other(
    desk: Desk, workers: dict[str, Acting], visits: Visits, role: Role
) -> None:
    acting = somebody(desk, workers, role)
    sign_of_life(**desk.common)
    shown = {place: visits(acting, place).words for place in Place}
    marks = MARKS | ({Place.PLANS: "You have no open actions."} if role is Role.PRACTITIONER else {})
    assert {place for place in Place if marks[place] in shown[place]} == set(PLACES_OF[role])
    assert not [place for place in Place if "Problem." in shown[place]]


@pytest.mark.parametrize("role", [Role.MANAGER, Role.AUDITOR, Role.ADMINISTRATOR], ids=str)
def test_who_may_see_no_case_gets_none_by_its_address(
    desk: Desk, workers: dict[str, Acting], visits: Visits, role: Role
) -> None:
    reference = asked(desk)
    visit = visits(somebody(desk, workers, role), Place.CASE, reference)
    assert reference not in visit.words
    assert "Amira" not in visit.words


def test_the_page_says_who_is_signed_in(desk: Desk, workers: dict[str, Acting], visits: Visits) -> None:
    assert "voice-worker , practitioner, voice" in visits(workers["voice"]).words


def test_a_number_beside_a_page_ends_at_the_most_that_is_shown() -> None:
    assert [navigation._up_to_most(number) for number in (1, 99, 100)] == ["1", "99", "99+"]
