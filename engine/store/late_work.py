"""Repositories that few use cases ask for: each is loaded when it is first used, so no list waits for it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from sqlmodel import Session

from engine.domain.errors import SetupError
from engine.domain.sealing import Seals

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.store.repositories.agency_figures import AgencyFiguresRead
    from engine.store.repositories.asked import AskedCases
    from engine.store.repositories.audit_content import AuditContent
    from engine.store.repositories.counts import Counts
    from engine.store.repositories.erasing import Erasing
    from engine.store.repositories.identity import Identity
    from engine.store.repositories.identity_older import OlderForms
    from engine.store.repositories.incident_rules import IncidentRules
    from engine.store.repositories.incidents import Incidents
    from engine.store.repositories.keys_noted import RecordKeys
    from engine.store.repositories.links import LinksKept
    from engine.store.repositories.looks import Looks
    from engine.store.repositories.opened_reasons import OpenedReasons
    from engine.store.repositories.openings import Openings
    from engine.store.repositories.outbox import Outbox
    from engine.store.repositories.people import People
    from engine.store.repositories.protected import Protected
    from engine.store.repositories.reassessments import Reassessments
    from engine.store.repositories.rectification import Rectification
    from engine.store.repositories.referrals import Referrals
    from engine.store.repositories.resealing import Resealing
    from engine.store.repositories.retention import Retention
    from engine.store.repositories.same_person import SamePersons
    from engine.store.repositories.sign_ins import SignIns
    from engine.store.repositories.subject_access import SubjectAccess
    from engine.store.repositories.typed_texts import TypedTexts
    from engine.store.repositories.victim_rights import VictimRights


class LateWork:
    """The part of a transaction's repositories that is loaded late."""

    _session: Session
    _seals: Seals | None
    _version_key: Callable[[], bytes]

    @cached_property
    def rectification(self) -> Rectification:
        """Requests to correct an item, and owners' answers."""
        from engine.store.repositories.rectification import Rectification

        return Rectification(self._session)

    @cached_property
    def referrals(self) -> Referrals:
        """What sources said, in versions."""
        from engine.store.repositories.referrals import Referrals

        return Referrals(self._session)

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
    def opened_reasons(self) -> OpenedReasons:
        """Why people opened restricted cases."""
        from engine.store.repositories.opened_reasons import OpenedReasons

        return OpenedReasons(self._session)

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

    @cached_property
    def agency_figures(self) -> AgencyFiguresRead:
        """How agencies have answered, in counts and times."""
        from engine.store.repositories.agency_figures import AgencyFiguresRead

        return AgencyFiguresRead(self._session)

    @cached_property
    def counts(self) -> Counts:
        """Counts over everything that is not restricted."""
        from engine.store.repositories.counts import Counts

        return Counts(self._session)

    @cached_property
    def identity(self) -> Identity:
        """Normal forms and keys of person records, proposals and words on who is the same."""
        from engine.store.repositories.identity import Identity

        return Identity(self._session)

    @cached_property
    def incidents(self) -> Incidents:
        """Incidents and reports."""
        from engine.store.repositories.incidents import Incidents

        return Incidents(self._session)

    @cached_property
    def looks(self) -> Looks:
        """Who has looked at a case, out of the chain."""
        from engine.store.repositories.looks import Looks

        return Looks(self._session)

    @cached_property
    def outbox(self) -> Outbox:
        """Flows that must follow."""
        from engine.store.repositories.outbox import Outbox

        return Outbox(self._session)

    @cached_property
    def people(self) -> People:
        """Person records, identifiers and claims."""
        from engine.store.repositories.people import People

        return People(self._session)

    @cached_property
    def protected(self) -> Protected:
        """The protected tables; for ``services.vault`` and the import alone."""
        from engine.store.repositories.protected import Protected

        return Protected(self._session, self._seal())

    @cached_property
    def resealing(self) -> Resealing:
        """The protected tables again, for sealing them under another key."""
        from engine.store.repositories.resealing import Resealing

        return Resealing(self._session, self._seal())

    @cached_property
    def audit_content(self) -> AuditContent:
        """Every row that the chain covers, and the anchors of the chain."""
        from engine.store.repositories.audit_content import AuditContent

        return AuditContent(self._session, self._version_key)

    @cached_property
    def keys_noted(self) -> RecordKeys:
        """With which keys the record was made."""
        from engine.store.repositories.keys_noted import RecordKeys

        return RecordKeys(self._session)

    @cached_property
    def same_persons(self) -> SamePersons:
        """Proposals that two are one person, and words on them."""
        from engine.store.repositories.same_person import SamePersons

        return SamePersons(self._session)

    @cached_property
    def typed_texts(self) -> TypedTexts:
        """Texts that repeat something protected, and who saw to them."""
        from engine.store.repositories.typed_texts import TypedTexts

        return TypedTexts(self._session)

    @cached_property
    def older_forms(self) -> OlderForms:
        """Forms and keys that older records lack."""
        from engine.store.repositories.identity_older import OlderForms  # for bringing a record up to date

        return OlderForms(self._session)

    @cached_property
    def links(self) -> LinksKept:
        """The link graph, cut for one viewer before anything is read out."""
        from engine.store.repositories.links import LinksKept  # few use cases wait for it

        return LinksKept(self._session)

    @cached_property
    def openings(self) -> Openings:
        """Openings of protected values, and what was asked and agreed about them."""
        from engine.store.repositories.openings import Openings  # few use cases wait for it

        return Openings(self._session)

    @cached_property
    def sign_ins(self) -> SignIns:
        """Who is signed in, who can be, and what a signed-in user may do once."""
        from engine.store.repositories.sign_ins import SignIns  # most commands of an open record need none

        return SignIns(self._session)

    def _seal(self) -> Seals:
        if self._seals is None:
            raise SetupError("this record was opened without the key of the vault")
        return self._seals
