"""The policy through the pages: the case page offers each role named on it what the table says it may."""

from __future__ import annotations

import pytest

from dashboard.places import Place
from engine.access.policy import WHO_MAY, May
from engine.domain.acting import Acting, Role
from engine.services.screening import name_people
from tests.builders import Desk
from tests.dashboard.visits import Visits, asked

BUTTONS = {
    "record-incident": May.RECORD_INCIDENT,
    "record-outcome": May.RECORD_OUTCOME,
    "protected-details": May.SEE_HELD,
    "who-has-looked": May.SEE_LOOKS,
    "shared": May.SEE_LEDGER,
    "corrections": May.ASK_CHANGE,
    "retention": May.SEE_RETENTION,
    "victim-rights": May.SEE_REQUESTS,
    "start-conference": May.OPEN_CONFERENCE,
}
ROLES = [role for role in Role if role is not Role.SYSTEM]


@pytest.mark.parametrize("role", ROLES, ids=str)
def test_the_case_page_offers_a_role_what_the_table_says(
    desk: Desk, workers: dict[str, Acting], visits: Visits, role: Role
) -> None:
    reference = asked(desk)
    known = {Role.COORDINATOR: desk.coordinator, Role.CHAIR: desk.chair, Role.PRACTITIONER: workers["voice"]}
    acting = known.get(role) or desk.add("other", role)
    name_people(**desk.common, acting=desk.coordinator, reference=reference, people=[acting.user])
    visit = visits(acting, Place.CASE, reference)
    offered = {key for key in BUTTONS if visit.offers(key)}
    assert offered == {key for key, act in BUTTONS.items() if role in WHO_MAY[act]}
