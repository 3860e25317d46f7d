"""Repositories that few use cases ask for: each is loaded when it is first used, so no list waits for it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from sqlmodel import Session

if TYPE_CHECKING:
    from engine.store.repositories.asked import AskedCases
    from engine.store.repositories.erasing import Erasing
    from engine.store.repositories.incident_rules import IncidentRules
    from engine.store.repositories.reassessments import Reassessments
    from engine.store.repositories.rectification import Rectification
    from engine.store.repositories.retention import Retention
    from engine.store.repositories.subject_access import SubjectAccess
    from engine.store.repositories.victim_rights import VictimRights


class LateWork:
    """The part of a transaction's repositories that is loaded late."""

    _session: Session

    @cached_property
    def rectification(self) -> Rectification:
        """Requests to correct an item, and owners' answers."""
        from engine.store.repositories.rectification import Rectification

        return Rectification(self._session)

    @cached_property
    def retention(self) -> Retention:
        """Words on keeping and erasing, and certificates of what was erased."""
        from engine.store.repositories.retention import Retention

        return Retention(self._session)

    @cached_property
    def erasing(self) -> Erasing:
        """What takes content out of the record; for ``services.retention`` alone."""
        from engine.store.repositories.erasing import Erasing

        return Erasing(self._session)

    @cached_property
    def subject_access(self) -> SubjectAccess:
        """Requests of people for what is held about them."""
        from engine.store.repositories.subject_access import SubjectAccess

        return SubjectAccess(self._session)

    @cached_property
    def incident_rules(self) -> IncidentRules:
        """How far owners' reports of incidents go."""
        from engine.store.repositories.incident_rules import IncidentRules

        return IncidentRules(self._session)

    @cached_property
    def victim_rights(self) -> VictimRights:
        """Which role is primary, and victim information requests."""
        from engine.store.repositories.victim_rights import VictimRights

        return VictimRights(self._session)

    @cached_property
    def reassessments(self) -> Reassessments:
        """Batches of open cases that are asked about again."""
        from engine.store.repositories.reassessments import Reassessments

        return Reassessments(self._session)

    @cached_property
    def asked_cases(self) -> AskedCases:
        """Cases as agencies are asked about them, many at once."""
        from engine.store.repositories.asked import AskedCases

        return AskedCases(self._session)
