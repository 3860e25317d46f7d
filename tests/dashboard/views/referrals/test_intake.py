"""The victim's side of a referral: a protected detail is named by its kind, with the way to it."""

from __future__ import annotations

from dashboard.pages import Place
from engine.domain.accounts.acting import Acting, Role
from engine.domain.referrals.intake import ProtectedKind, ProtectedValue
from engine.services.access.emergency import break_glass
from tests.builders import Desk
from tests.dashboard.visits import Visits, screened


def test_safe_contact_leads_to_protected_details_who_works_on_the_case_and_another_to_the_coordinator(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    text = ProtectedValue(kind=ProtectedKind.CONTACT_HOW, value="By text to the neighbour")
    reference = screened(desk, protected=(text,))
    recorded = "recorded as a protected detail: "
    for acting in (desk.coordinator, workers["harbour"]):
        words = visits(acting, Place.CASE, reference).words
        assert f"{recorded}see Protected details on the case" in words
        assert "ask the coordinator" not in words
        assert "neighbour" not in words
    other = desk.add("outsider", Role.PRACTITIONER, "harbour")
    break_glass(desk.context(other), reference=reference, why="A threat for tonight that cannot wait.")
    assert f"{recorded}ask the coordinator" in visits(other, Place.CASE, reference).words
