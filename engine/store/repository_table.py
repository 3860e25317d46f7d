"""The repositories in a table: each is loaded when it is first used, so no list waits for others."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from engine.domain.errors import SetupError
from engine.domain.vault.sealing import Seals
from engine.store.lazy_repository import Late

if TYPE_CHECKING:
    from sqlmodel import Session

    from engine.store.repositories.access.log import Looks
    from engine.store.repositories.access.need_to_know import NeedToKnow
    from engine.store.repositories.access.reasons import OpenedReasons
    from engine.store.repositories.accounts.sign_ins import SignIns
    from engine.store.repositories.accounts.users import Users
    from engine.store.repositories.action_texts import ActionTexts
    from engine.store.repositories.agencies.figures import AgencyFiguresRead
    from engine.store.repositories.agencies.oversight import AgenciesWatched
    from engine.store.repositories.agency_outcomes import AgencyOutcomes
    from engine.store.repositories.alarms.questions import AlarmQuestions
    from engine.store.repositories.alarms.raised import RaisedAlarms
    from engine.store.repositories.cases.clocks import CaseClocks
    from engine.store.repositories.cases.complaints import ComplaintFindings
    from engine.store.repositories.cases.counts import Counts
    from engine.store.repositories.cases.incidents import Incidents
    from engine.store.repositories.cases.involvements import Cases
    from engine.store.repositories.cases.person_acts import SharedActs
    from engine.store.repositories.cases.responsible import ResponsibleOfCases
    from engine.store.repositories.conference.attendance import ConferenceAttendance
    from engine.store.repositories.conference.changes import CaseChanges
    from engine.store.repositories.conference.decisions import Decisions
    from engine.store.repositories.conference.meetings import Conferences
    from engine.store.repositories.conference.minutes import ConferenceMinutes
    from engine.store.repositories.conference.remarks import Remarks
    from engine.store.repositories.conference.room_screens import RoomScreens
    from engine.store.repositories.conference.victim_words import ConferenceVictimWords
    from engine.store.repositories.drafts import Drafts
    from engine.store.repositories.due import Due
    from engine.store.repositories.links.graph import LinkGraph
    from engine.store.repositories.links.networks import ImportedNetworks
    from engine.store.repositories.observed_cases import ObservedParts
    from engine.store.repositories.orders.breaches import LikelyBreaches
    from engine.store.repositories.orders.incident_details import DetailsOfIncidents
    from engine.store.repositories.orders.notices import VictimNotices
    from engine.store.repositories.orders.orders import Orders
    from engine.store.repositories.outcome_releases import OutcomeReleases
    from engine.store.repositories.outcomes import Outcomes
    from engine.store.repositories.people.normal_forms import Identity
    from engine.store.repositories.people.older_normal_forms import OlderForms
    from engine.store.repositories.people.persons import People
    from engine.store.repositories.people.persons_within import PersonsWithin
    from engine.store.repositories.people.same_person import SamePersons
    from engine.store.repositories.plans.approvals import PlanApprovals
    from engine.store.repositories.plans.counts import PlanCounts
    from engine.store.repositories.plans.lines import PlanLines
    from engine.store.repositories.plans.recent import RecentChanges
    from engine.store.repositories.plans.versions import Plans
    from engine.store.repositories.price_lists import PriceLists
    from engine.store.repositories.process_figures import ProcessFigures
    from engine.store.repositories.referrals.advice import AdviceGiven
    from engine.store.repositories.referrals.alarms import Alarms
    from engine.store.repositories.referrals.intake import Referrals
    from engine.store.repositories.referrals.screenings import Screenings
    from engine.store.repositories.responses.answers import Answers
    from engine.store.repositories.responses.cases_for_agencies import CasesForAgencies
    from engine.store.repositories.responses.corrections import Rectification
    from engine.store.repositories.responses.proposals import Proposals
    from engine.store.repositories.responses.reassessment import Reassessments
    from engine.store.repositories.reviews import Reviews
    from engine.store.repositories.rights.erasure import Erasing
    from engine.store.repositories.rights.retention import Retention
    from engine.store.repositories.rights.subject_access import SubjectAccess
    from engine.store.repositories.rights.victim_rights import VictimRights
    from engine.store.repositories.sharing.incident_rules import IncidentRules
    from engine.store.repositories.sharing.release_rules import Sharing
    from engine.store.repositories.system.audit import AuditTrail
    from engine.store.repositories.system.audit_content import AuditContent
    from engine.store.repositories.system.outbox import Outbox
    from engine.store.repositories.system.regular_work import RegularWorkDone
    from engine.store.repositories.system.repeated_acts import RepeatedActs
    from engine.store.repositories.system.submissions import Submissions
    from engine.store.repositories.vault.digest_rotation import DigestRotation
    from engine.store.repositories.vault.key_rotation import Resealing
    from engine.store.repositories.vault.notes import ProtectedNotes
    from engine.store.repositories.vault.openings import Openings
    from engine.store.repositories.vault.places_asked import PlacesAsked
    from engine.store.repositories.vault.protected import Protected
    from engine.store.repositories.vault.record_keys import RecordKeys
    from engine.store.repositories.vault.typed_answers import TypedAnswers
    from engine.store.repositories.vault.typed_texts import TypedTexts
    from engine.store.repositories.victims_outcomes import VictimsOutcomes


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

    action_texts: Late[ActionTexts] = Late("engine.store.repositories.action_texts")
    advice: Late[AdviceGiven] = Late("engine.store.repositories.referrals.advice")
    agencies_watched: Late[AgenciesWatched] = Late("engine.store.repositories.agencies.oversight")
    agency_figures: Late[AgencyFiguresRead] = Late("engine.store.repositories.agencies.figures")
    agency_outcomes: Late[AgencyOutcomes] = Late("engine.store.repositories.agency_outcomes")
    alarms: Late[Alarms] = Late("engine.store.repositories.referrals.alarms")
    answers: Late[Answers] = Late("engine.store.repositories.responses.answers")
    asked_cases: Late[CasesForAgencies] = Late("engine.store.repositories.responses.cases_for_agencies")
    audit: Late[AuditTrail] = Late("engine.store.repositories.system.audit")
    audit_content: Late[AuditContent] = Late(
        "engine.store.repositories.system.audit_content", _key_of_versions
    )
    cases: Late[Cases] = Late("engine.store.repositories.cases.involvements")
    case_clocks: Late[CaseClocks] = Late("engine.store.repositories.cases.clocks")
    case_changes: Late[CaseChanges] = Late("engine.store.repositories.conference.changes")
    conference_attendance: Late[ConferenceAttendance] = Late(
        "engine.store.repositories.conference.attendance"
    )
    conference_minutes: Late[ConferenceMinutes] = Late("engine.store.repositories.conference.minutes")
    conference_victim_words: Late[ConferenceVictimWords] = Late(
        "engine.store.repositories.conference.victim_words"
    )
    conferences: Late[Conferences] = Late("engine.store.repositories.conference.meetings")
    counts: Late[Counts] = Late("engine.store.repositories.cases.counts")
    decisions: Late[Decisions] = Late("engine.store.repositories.conference.decisions")
    digest_rotation: Late[DigestRotation] = Late("engine.store.repositories.vault.digest_rotation", _seal)
    due: Late[Due] = Late("engine.store.repositories.due")
    drafts: Late[Drafts] = Late("engine.store.repositories.drafts", _seal)
    erasing: Late[Erasing] = Late("engine.store.repositories.rights.erasure")
    """For ``services.rights.retention`` alone."""
    identity: Late[Identity] = Late("engine.store.repositories.people.normal_forms")
    imported_networks: Late[ImportedNetworks] = Late("engine.store.repositories.links.networks", _seal)
    incident_details: Late[DetailsOfIncidents] = Late("engine.store.repositories.orders.incident_details")
    incident_rules: Late[IncidentRules] = Late("engine.store.repositories.sharing.incident_rules")
    incidents: Late[Incidents] = Late("engine.store.repositories.cases.incidents")
    keys_noted: Late[RecordKeys] = Late("engine.store.repositories.vault.record_keys")
    links: Late[LinkGraph] = Late("engine.store.repositories.links.graph")
    looks: Late[Looks] = Late("engine.store.repositories.access.log")
    need_to_know: Late[NeedToKnow] = Late("engine.store.repositories.access.need_to_know")
    observed_parts: Late[ObservedParts] = Late("engine.store.repositories.observed_cases")
    older_forms: Late[OlderForms] = Late("engine.store.repositories.people.older_normal_forms")
    opened_reasons: Late[OpenedReasons] = Late("engine.store.repositories.access.reasons")
    openings: Late[Openings] = Late("engine.store.repositories.vault.openings")
    likely_breaches: Late[LikelyBreaches] = Late("engine.store.repositories.orders.breaches")
    orders: Late[Orders] = Late("engine.store.repositories.orders.orders")
    outbox: Late[Outbox] = Late("engine.store.repositories.system.outbox")
    outcome_releases: Late[OutcomeReleases] = Late("engine.store.repositories.outcome_releases")
    outcomes: Late[Outcomes] = Late("engine.store.repositories.outcomes")
    people: Late[People] = Late("engine.store.repositories.people.persons")
    persons_within: Late[PersonsWithin] = Late("engine.store.repositories.people.persons_within")
    places_asked: Late[PlacesAsked] = Late("engine.store.repositories.vault.places_asked", _seal)
    plan_approvals: Late[PlanApprovals] = Late("engine.store.repositories.plans.approvals")
    plan_counts: Late[PlanCounts] = Late("engine.store.repositories.plans.counts")
    plan_lines: Late[PlanLines] = Late("engine.store.repositories.plans.lines")
    plans: Late[Plans] = Late("engine.store.repositories.plans.versions")
    price_lists: Late[PriceLists] = Late("engine.store.repositories.price_lists")
    process_figures: Late[ProcessFigures] = Late("engine.store.repositories.process_figures")
    proposals: Late[Proposals] = Late("engine.store.repositories.responses.proposals")
    protected: Late[Protected] = Late("engine.store.repositories.vault.protected", _seal)
    """Only for ``services.vault.protected_details`` and the import."""
    protected_notes: Late[ProtectedNotes] = Late("engine.store.repositories.vault.notes", _seal)
    reassessments: Late[Reassessments] = Late("engine.store.repositories.responses.reassessment")
    alarm_questions: Late[AlarmQuestions] = Late("engine.store.repositories.alarms.questions")
    complaint_findings: Late[ComplaintFindings] = Late("engine.store.repositories.cases.complaints")
    shared_acts: Late[SharedActs] = Late("engine.store.repositories.cases.person_acts")
    responsible: Late[ResponsibleOfCases] = Late("engine.store.repositories.cases.responsible")
    raised_alarms: Late[RaisedAlarms] = Late("engine.store.repositories.alarms.raised")
    recent_changes: Late[RecentChanges] = Late("engine.store.repositories.plans.recent")
    rectification: Late[Rectification] = Late("engine.store.repositories.responses.corrections")
    referrals: Late[Referrals] = Late("engine.store.repositories.referrals.intake")
    remarks: Late[Remarks] = Late("engine.store.repositories.conference.remarks")
    regular_work: Late[RegularWorkDone] = Late("engine.store.repositories.system.regular_work")
    repeated_acts: Late[RepeatedActs] = Late("engine.store.repositories.system.repeated_acts")
    resealing: Late[Resealing] = Late("engine.store.repositories.vault.key_rotation", _seal)
    retention: Late[Retention] = Late("engine.store.repositories.rights.retention")
    reviews: Late[Reviews] = Late("engine.store.repositories.reviews")
    room_screens: Late[RoomScreens] = Late("engine.store.repositories.conference.room_screens")
    same_persons: Late[SamePersons] = Late("engine.store.repositories.people.same_person")
    screenings: Late[Screenings] = Late("engine.store.repositories.referrals.screenings")
    sharing: Late[Sharing] = Late("engine.store.repositories.sharing.release_rules")
    sign_ins: Late[SignIns] = Late("engine.store.repositories.accounts.sign_ins", _key_of_versions)
    subject_access: Late[SubjectAccess] = Late("engine.store.repositories.rights.subject_access")
    submissions: Late[Submissions] = Late("engine.store.repositories.system.submissions", _key_of_versions)
    typed_answers: Late[TypedAnswers] = Late("engine.store.repositories.vault.typed_answers", _seal)
    typed_texts: Late[TypedTexts] = Late("engine.store.repositories.vault.typed_texts")
    users: Late[Users] = Late("engine.store.repositories.accounts.users")
    victim_notices: Late[VictimNotices] = Late("engine.store.repositories.orders.notices")
    victim_rights: Late[VictimRights] = Late("engine.store.repositories.rights.victim_rights")
    victims_outcomes: Late[VictimsOutcomes] = Late("engine.store.repositories.victims_outcomes")
