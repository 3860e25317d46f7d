"""The repositories in a table: each is loaded when it is first used, so no list waits for others."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from engine.domain.errors import SetupError
from engine.domain.sealing import Seals
from engine.store.lazy_repository import Late

if TYPE_CHECKING:
    from sqlmodel import Session

    from engine.store.repositories.agencies_watched import AgenciesWatched
    from engine.store.repositories.agency_figures import AgencyFiguresRead
    from engine.store.repositories.alarms import Alarms
    from engine.store.repositories.answers import Answers
    from engine.store.repositories.asked import CasesForAgencies
    from engine.store.repositories.audit import AuditTrail
    from engine.store.repositories.audit_content import AuditContent
    from engine.store.repositories.cases import Cases
    from engine.store.repositories.counts import Counts
    from engine.store.repositories.decisions import Decisions
    from engine.store.repositories.erasing import Erasing
    from engine.store.repositories.identity import Identity
    from engine.store.repositories.identity_older import OlderForms
    from engine.store.repositories.incident_rules import IncidentRules
    from engine.store.repositories.incidents import Incidents
    from engine.store.repositories.keys_noted import RecordKeys
    from engine.store.repositories.links import LinkGraph
    from engine.store.repositories.looks import Looks
    from engine.store.repositories.need_to_know import NeedToKnow
    from engine.store.repositories.opened_reasons import OpenedReasons
    from engine.store.repositories.openings import Openings
    from engine.store.repositories.outbox import Outbox
    from engine.store.repositories.outcomes import Outcomes
    from engine.store.repositories.people import People
    from engine.store.repositories.plans import Plans
    from engine.store.repositories.protected import Protected
    from engine.store.repositories.reassessments import Reassessments
    from engine.store.repositories.rectification import Rectification
    from engine.store.repositories.referrals import Referrals
    from engine.store.repositories.resealing import Resealing
    from engine.store.repositories.retention import Retention
    from engine.store.repositories.same_person import SamePersons
    from engine.store.repositories.screenings import Screenings
    from engine.store.repositories.sharing import Sharing
    from engine.store.repositories.sign_ins import SignIns
    from engine.store.repositories.subject_access import SubjectAccess
    from engine.store.repositories.typed_texts import TypedTexts
    from engine.store.repositories.users import Users
    from engine.store.repositories.victim_rights import VictimRights


class Repositories:
    """Every repository of one transaction."""

    def __init__(self, session: Session, seals: Seals | None, version_key: Callable[[], bytes]) -> None:
        self._session = session
        self._seals = seals
        self._version_key = version_key

    def _seal(self) -> Seals:
        if self._seals is None:
            raise SetupError("this record was opened without the key of the vault")
        return self._seals

    def _key_of_versions(self) -> Callable[[], bytes]:
        return self._version_key

    agencies_watched: Late[AgenciesWatched] = Late("engine.store.repositories.agencies_watched")
    agency_figures: Late[AgencyFiguresRead] = Late("engine.store.repositories.agency_figures")
    alarms: Late[Alarms] = Late("engine.store.repositories.alarms")
    answers: Late[Answers] = Late("engine.store.repositories.answers")
    asked_cases: Late[CasesForAgencies] = Late("engine.store.repositories.asked")
    audit: Late[AuditTrail] = Late("engine.store.repositories.audit")
    audit_content: Late[AuditContent] = Late("engine.store.repositories.audit_content", _key_of_versions)
    cases: Late[Cases] = Late("engine.store.repositories.cases")
    counts: Late[Counts] = Late("engine.store.repositories.counts")
    decisions: Late[Decisions] = Late("engine.store.repositories.decisions")
    erasing: Late[Erasing] = Late("engine.store.repositories.erasing")
    """For ``services.retention`` alone."""
    identity: Late[Identity] = Late("engine.store.repositories.identity")
    incident_rules: Late[IncidentRules] = Late("engine.store.repositories.incident_rules")
    incidents: Late[Incidents] = Late("engine.store.repositories.incidents")
    keys_noted: Late[RecordKeys] = Late("engine.store.repositories.keys_noted")
    links: Late[LinkGraph] = Late("engine.store.repositories.links")
    looks: Late[Looks] = Late("engine.store.repositories.looks")
    need_to_know: Late[NeedToKnow] = Late("engine.store.repositories.need_to_know")
    older_forms: Late[OlderForms] = Late("engine.store.repositories.identity_older")
    opened_reasons: Late[OpenedReasons] = Late("engine.store.repositories.opened_reasons")
    openings: Late[Openings] = Late("engine.store.repositories.openings")
    outbox: Late[Outbox] = Late("engine.store.repositories.outbox")
    outcomes: Late[Outcomes] = Late("engine.store.repositories.outcomes")
    people: Late[People] = Late("engine.store.repositories.people")
    plans: Late[Plans] = Late("engine.store.repositories.plans")
    protected: Late[Protected] = Late("engine.store.repositories.protected", _seal)
    """For ``services.vault`` and the import alone."""
    reassessments: Late[Reassessments] = Late("engine.store.repositories.reassessments")
    rectification: Late[Rectification] = Late("engine.store.repositories.rectification")
    referrals: Late[Referrals] = Late("engine.store.repositories.referrals")
    resealing: Late[Resealing] = Late("engine.store.repositories.resealing", _seal)
    retention: Late[Retention] = Late("engine.store.repositories.retention")
    same_persons: Late[SamePersons] = Late("engine.store.repositories.same_person")
    screenings: Late[Screenings] = Late("engine.store.repositories.screenings")
    sharing: Late[Sharing] = Late("engine.store.repositories.sharing")
    sign_ins: Late[SignIns] = Late("engine.store.repositories.sign_ins")
    subject_access: Late[SubjectAccess] = Late("engine.store.repositories.subject_access")
    typed_texts: Late[TypedTexts] = Late("engine.store.repositories.typed_texts")
    users: Late[Users] = Late("engine.store.repositories.users")
    victim_rights: Late[VictimRights] = Late("engine.store.repositories.victim_rights")
