"""The agencies' page."""

from __future__ import annotations

from dashboard.places import Place
from engine.domain.acting import Acting
from tests.builders import Desk
from tests.dashboard.visits import Visits


def test_each_agency_is_named_with_version_seat_and_whom_to_ask(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    words = visits(desk.chair, Place.AGENCIES).words
    assert "Her Voice voice 1.0 the victim's voice voice@example.invalid Can be asked" in words
    assert "Harbour Office harbour 1.0 no seat of its own" in words
    assert "perpetrator.identifiers (pnc)" in words


def test_a_suspended_agency_is_told_apart_in_words(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    known = desk.runtime.agencies_known
    suspended = tuple(each.model_copy(update={"suspended": each.code == "voice"}) for each in known)
    desk.runtime.__dict__["agencies_known"] = suspended
    words = visits(desk.chair, Place.AGENCIES).words
    assert "voice@example.invalid Suspended: it is not asked" in words
    assert "nobody speaks for her here" in words
