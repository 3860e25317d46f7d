"""An erasure passes the triggers of both databases, and nothing else does."""

from __future__ import annotations

from engine.domain.rights.retention import DESK_OWNER
from engine.services.cases.views import view_case
from engine.services.rights import retention
from tests.builders import Desk, an_incident, with_toys
from tests.engine.services.rights.test_retention import decided, ended


def test_the_desks_part_is_erased_on_both_databases(desk: Desk) -> None:
    with_toys(desk)
    reference = ended(desk, incidents=(an_incident(grade="2E P"),))
    decided(desk, desk.chair, reference, DESK_OWNER)
    made = retention.erase(desk.context(desk.coordinator), reference=reference, owner=DESK_OWNER)
    view = view_case(desk.context(desk.chair).with_agencies(()), reference=reference)
    assert [each.grade for incident in view.incidents for each in incident.reports] == [None]
    assert view.reason == f"Erased ({made.reference})."
