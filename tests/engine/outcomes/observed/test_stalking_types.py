"""The type of a case: from closed codes only, and not known is not "not in person"."""

from __future__ import annotations

import pytest

from engine.domain.cases.incidents import Channel, IncidentKind
from engine.outcomes.observed.stalking_types import IN_PERSON, NOT_IN_PERSON, type_of_stalking

CALLS = (IncidentKind.CONTACTING, Channel.PHONE)


@pytest.mark.parametrize(
    ("incidents", "found"),
    [
        ([CALLS, (IncidentKind.FOLLOWING, None)], IN_PERSON),
        ([CALLS, (IncidentKind.THREAT, Channel.IN_PERSON)], IN_PERSON),
        ([CALLS, (IncidentKind.MONITORING, Channel.ONLINE)], NOT_IN_PERSON),
        ([CALLS, (IncidentKind.THREAT, None)], None),
        ([], None),
    ],
)
def test_one_incident_in_person_decides_and_an_unknown_channel_is_not_a_distance(
    incidents: list[tuple[IncidentKind, Channel | None]], found: str | None
) -> None:
    assert type_of_stalking(incidents) == found
