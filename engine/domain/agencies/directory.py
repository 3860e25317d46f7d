"""An agency's public facts: its code, its name, its seat, and whom to ask."""

from __future__ import annotations

from collections.abc import Iterable

from engine.domain.base import Code, Frozen

VICTIM_VOICE = "victim-voice"
"""The seat whose agency speaks for the victim."""
INVESTIGATION = "investigation"
"""The seat whose agency investigates, and decides on the Right to Know."""

TREATMENT = "treatment"
"""The seat whose agency treats people: what is of the victim's own care may be passed on to it."""


class AgencyKnown(Frozen):
    """An installed agency, as a page names it. ``fault`` is why its manifest cannot be used."""

    code: Code
    name: str
    seat: str | None
    version: str
    contact: str
    suspended: bool = False
    fault: str | None = None
    was_shown: tuple[str, ...] = ()
    releases_by_itself: bool = False
    """Its plain record facts are released without a hand.

    False for the victim's voice and services of care: the bare fact of being known to them is a confidence.
    """

    @property
    def speaks_for_victim(self) -> bool:
        """True if it has the seat of the victim's voice."""
        return self.seat == VICTIM_VOICE

    @property
    def investigates(self) -> bool:
        """True if its people decide whether a victim learns who stalks them."""
        return self.seat == INVESTIGATION

    @property
    def treats(self) -> bool:
        """True if it has the seat of treatment."""
        return self.seat == TREATMENT


def investigators(agencies: Iterable[AgencyKnown]) -> tuple[str, ...]:
    """Return the codes of the agencies that investigate, in order."""
    return tuple(sorted(agency.code for agency in agencies if agency.investigates))
