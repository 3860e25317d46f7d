"""On which incidents a decision of police is awaited."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from engine.domain.cases.incidents import IncidentKind
from engine.domain.cases.police_decisions import needs_decision


class Seen(NamedTuple):
    """An incident as somebody sees it."""

    kind: IncidentKind
    owners: tuple[str, ...] = ("stac",)
    is_recorded_crime: bool = False
    also: tuple[IncidentKind, ...] = ()

    @property
    def kinds(self) -> tuple[IncidentKind, ...]:
        return (self.kind, *self.also)


CRIMES = {
    IncidentKind.ENTRY,
    IncidentKind.ASSAULT,
    IncidentKind.SEXUAL_ASSAULT,
    IncidentKind.INTERFERING,
    IncidentKind.THREAT,
    IncidentKind.BREACH,
}
STALKING = {
    IncidentKind.FOLLOWING,
    IncidentKind.CONTACTING,
    IncidentKind.PUBLISHING,
    IncidentKind.MONITORING,
    IncidentKind.LOITERING,
    IncidentKind.WATCHING,
    IncidentKind.GIFT,
}


@pytest.mark.parametrize("kind", list(IncidentKind))
def test_each_kind_by_who_reports_it_and_whether_it_is_a_recorded_crime(kind: IncidentKind) -> None:
    def awaited(seen: Seen, *, is_confirmed: bool = False) -> bool:
        return needs_decision(
            seen.kinds,
            reported_by=seen.owners,
            is_recorded_crime=seen.is_recorded_crime,
            investigators=("harbour",),
            is_confirmed=is_confirmed,
        )

    assert awaited(Seen(kind)) is (kind in CRIMES)
    assert awaited(Seen(kind, owners=("lantern",))) is (kind in CRIMES)
    assert awaited(Seen(kind, owners=("lantern", "harbour"))) is (kind in CRIMES | STALKING)
    recorded = Seen(kind, is_recorded_crime=True)
    assert awaited(recorded) is (kind is not IncidentKind.SUICIDAL_STATEMENT)
    assert awaited(Seen(kind), is_confirmed=True)
    assert awaited(Seen(kind, also=(IncidentKind.THREAT,))), "the kind of any report counts"
    assert awaited(Seen(kind, also=(IncidentKind.GIFT,), is_recorded_crime=True))
