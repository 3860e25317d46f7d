"""The type of stalking of a case, by closed codes of incidents that were reported before the decision. Pure.

Coarse on purpose: a finer type of few cases would be hidden. It is not a clinical type, because no one
assesses it.
"""

from __future__ import annotations

from collections.abc import Iterable

from engine.domain.cases.incidents import Channel, IncidentKind

IN_PERSON, NOT_IN_PERSON = "an incident in person", "no incident in person"
_PRESENT = frozenset(
    {
        IncidentKind.FOLLOWING,
        IncidentKind.LOITERING,
        IncidentKind.WATCHING,
        IncidentKind.INTERFERING,
        IncidentKind.ASSAULT,
        IncidentKind.SEXUAL_ASSAULT,
        IncidentKind.ENTRY,
    }
)
"""The perpetrator, or someone for them, must be there to do these, whatever the channel."""


def type_of_stalking(incidents: Iterable[tuple[IncidentKind, Channel | None]]) -> str | None:
    """Return whether any incident was in person; None if no channel is recorded of one that need not be."""
    found = list(incidents)
    if any(kind in _PRESENT or channel is Channel.IN_PERSON for kind, channel in found):
        return IN_PERSON
    if not found or any(channel is None for _, channel in found):
        return None
    return NOT_IN_PERSON
