"""Names of the two people of a case, as a list or a heading shows them. Knows no storage and no page."""

from __future__ import annotations

from engine.domain.base import Frozen
from engine.domain.people.persons import ClaimStatus


class CaseNames(Frozen):
    """The short names of the victim and the perpetrator of a case, and the status of each claim."""

    victim: str
    victim_status: ClaimStatus
    perpetrator: str
    perpetrator_status: ClaimStatus

    @property
    def title(self) -> str:
        """The heading of the case: ``Stalking of Amira K., alleged: Daniel R.``."""
        return f"Stalking of {self.victim}, {self.perpetrator_status.value}: {self.perpetrator}"
