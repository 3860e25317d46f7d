"""Every cell of "who may do what": each act is tried by each role through the service that does it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from engine.access.policy import WHO_MAY, May
from engine.domain.accounts.acting import CASE_WORKERS, Acting, Role, User, flow_acting
from engine.domain.agencies.directory import INVESTIGATION, AgencyKnown
from engine.domain.agencies.health import ChasedHow
from engine.domain.cases.custody import CustodyChange
from engine.domain.cases.incidents import IncidentKind
from engine.domain.cases.lifecycle import Act, TriageOutcome
from engine.domain.cases.police_decisions import PoliceAction, PoliceDecisionGiven
from engine.domain.cases.responsible import Officer, ResponsibleChange
from engine.domain.conference.attendance import AttendanceAct, AttendanceGiven
from engine.domain.conference.meetings import ConferenceGiven
from engine.domain.conference.minutes import MinutesPhase
from engine.domain.conference.remarks import RemarkAct, RemarkGiven
from engine.domain.conference.room import RoomShows
from engine.domain.conference.victim_words import Manner, VictimWordsGiven
from engine.domain.dates import PartialDate
from engine.domain.errors import (
    ConflictError,
    IllegalTransitionError,
    InvalidInputError,
    NotFoundError,
    NotPermittedError,
)
from engine.domain.ids import new_reference
from engine.domain.links.networks import DeletedBecause
from engine.domain.orders.breaches import ReviewAct, ReviewGiven
from engine.domain.orders.conditions import ConditionGiven, Means
from engine.domain.orders.notices import AttemptGiven, Through
from engine.domain.orders.notices import NoticeGiven as EventGiven
from engine.domain.outcomes.follow_up import OutcomeGiven
from engine.domain.outcomes.prices import PriceList
from engine.domain.outcomes.victims import Agreed, Moment, VictimOutcomeGiven
from engine.domain.people.persons import PersonDescribed
from engine.domain.people.search import SeenBeforeAsked
from engine.domain.plans.actions import ActionStatus
from engine.domain.plans.approval import (
    ApprovalGiven,
    Need,
    NeedRecorded,
    NeedSignedNot,
    SafetyResult,
    WhyNot,
)
from engine.domain.referrals.intake import ProtectedKind
from engine.domain.referrals.typed import ReferralTyped
from engine.domain.responses.answers import Nature, NilReturn
from engine.domain.rights.information_requests import RequestDecided, RequestGiven
from engine.domain.rights.informing_victims import PackPrepared, RightToKnowDecided
from engine.domain.sharing import AudienceKind, Grounds, RuleGiven
from engine.links.exporting.graph_files import GraphFormat
from engine.services.access import conflicts, primary_roles, restrictions
from engine.services.access import emergency as emergency_access
from engine.services.access import log as access_log
from engine.services.accounts import passwords, users
from engine.services.agencies import files as agency_files
from engine.services.agencies import health as agency_health
from engine.services.agencies import suspension
from engine.services.alarms import own_topics
from engine.services.alarms.questions import record_child_safeguarding
from engine.services.cases import views as case_views
from engine.services.cases import worklists
from engine.services.cases.acts_sharing import view_acts_to_share
from engine.services.cases.complaints import withdraw_complaint_finding
from engine.services.cases.responsible import change_responsible
from engine.services.conference import (
    agenda,
    agreeing,
    amending,
    decisions,
    meetings,
    quorum,
    remarks,
    session,
    victim_words,
)
from engine.services.conference import room as rooms
from engine.services.links import associates_requests, record_requests, workspaces
from engine.services.links import export as link_export
from engine.services.links import register as link_register
from engine.services.links import views as link_views
from engine.services.links.projection import refresh_links
from engine.services.orders import breaches as order_breaches
from engine.services.orders import notices as order_notices
from engine.services.orders.listing import list_orders
from engine.services.orders.recording import create_order
from engine.services.outcomes import costs, follow_up, summary, victims
from engine.services.outcomes import releases as outcome_releases
from engine.services.people import matching, same_person
from engine.services.people import search as person_search
from engine.services.plans import actions as plan_actions
from engine.services.plans import approval as plan_approval
from engine.services.plans import reviews as plan_reviews
from engine.services.plans import versions as plan_versions
from engine.services.plans.lists import list_plans
from engine.services.plans.protected_places import name_lead
from engine.services.plans.urgent import start_urgent_action
from engine.services.referrals import advice, arrival, creating, episodes, screening, stepping_up
from engine.services.referrals import imports as referral_imports
from engine.services.referrals import incidents as referral_incidents
from engine.services.responses import agency_answers, corrections, reminders
from engine.services.responses import requests as response_requests
from engine.services.rights import (
    informing_victims,
    retention,
    subject_access,
    subject_access_decisions,
    victim_requests,
)
from engine.services.sharing import incident_rules, release_rules
from engine.services.sharing.figures import sharing_figures
from engine.services.system import audit
from engine.services.vault import access_requests, despair, guesses, openings, typed_texts
from engine.services.vault import keys as vault_keys
from engine.services.vault.notifications import vault_on_case
from tests.builders import (
    AN_ORDER,
    TOY_CODES,
    Desk,
    a_contribution,
    a_decision,
    a_desk,
    a_plan,
    a_referral,
    a_screening,
    an_incident,
    an_urgent_action,
    approve,
    with_toys,
)

A_QUESTION = ReviewGiven(act=ReviewAct.ASKED, why="At what time?")
NO_CONTACT_ORDER = AN_ORDER.model_copy(
    update={"conditions": (ConditionGiven(code="no-contact", means=(Means.ANY,)),)}
)
AN_OFFICER = ResponsibleChange(officer=Officer(name="K. Osei", force="Harbour Police"))
ARRESTED = EventGiven.model_validate({"event": "arrest", "on": "2026-03-01"})
SAID = VictimWordsGiven(
    text="I am afraid.",
    manner=Manner.OWN_WORDS,
    said_by="the victim",
    said_on=PartialDate("2026-03"),
    said_to="the advocate",
)


ASKED = VictimOutcomeGiven(
    moment=Moment.INTAKE, agreed=Agreed.NOT_ENGAGING, asked_on=PartialDate("2026-03-01")
)
PRICES = PriceList.model_validate(
    {"prices": [{"agency": "voice", "begins": "2026-01-01", "pounds_per_hour": 30}]}
)


class Office:
    """One case on which somebody of every role is named, as far as its plan, and what waits on it."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.numbers = count(1)
        workers = with_toys(desk)
        self.people = {
            Role.COORDINATOR: desk.coordinator,
            Role.CHAIR: desk.chair,
            Role.PRACTITIONER: workers["voice"],  # the seat of the victim's voice: nothing else refuses
            Role.SYSTEM: flow_acting("test", "cora"),
        }
        for role in Role:
            if role not in self.people:
                self.people[role] = desk.add(f"one-{role.name.lower().replace('_', '-')}", role)
        (self.reference,) = desk.refer(a_referral()).referrals
        here = self.here(desk.coordinator)
        self.agencies = tuple(_investigating(agency) for agency in desk.runtime.agencies_known)
        screening.screen(
            **{**here, "context": here["context"].with_agencies(self.agencies)}, screening=a_screening()
        )
        named = [acting.user for role, acting in self.people.items() if role is not Role.SYSTEM]
        screening.name_people(**here, people=[*named, *(worker.user for worker in workers.values())])
        response_requests.open_requests(**self.here(self.people[Role.SYSTEM]))
        decisions.open_conference(**self.here(desk.chair))
        decisions.decide(**self.here(desk.chair), decision=a_decision())
        planned = plan_versions.make_plan(
            **self.here(desk.chair), plan=a_plan(agency="voice"), agencies=TOY_CODES
        )
        (self.action,) = planned.actions
        approve(desk, self.reference)
        self.conference = meetings.create_conference(
            desk.context(desk.chair), given=self.a_conference()
        ).reference
        self.harbour = workers["harbour"]
        self.asked = victim_requests.ask_about_victim(
            **{**here, "context": here["context"].with_agencies(self.agencies)},
            request=self.request_to("harbour"),
        ).reference
        victim_requests.decide_request(
            desk.context(desk.chair),
            request=self.asked,
            decision=RequestDecided(
                is_met=True, authorised_person="DC A. Example", why="So.", no_notice_because="So."
            ),
        )
        with desk.runtime.uow.unrecorded() as work:
            self.items = [held.reference for held in work.protected.items_on([self.reference])]
            self.task = access_requests.tasks_on(work, self.reference)[0]
        self.waits = self.asked_to_open(desk.coordinator, self.items[0])

    def a_conference(self) -> ConferenceGiven:
        """A conference that is planned for today."""
        return ConferenceGiven(held_on=self.desk.clock.today(), chair="chair")

    def conference_of(self, acting: Acting) -> str:
        """A conference in which this person takes the minutes, or presides, if their role permits it."""
        chair, taker = self.people[Role.CHAIR], acting.user if acting.role in CASE_WORKERS else None
        given = ConferenceGiven(
            held_on=self.desk.clock.today(), minute_taker=taker if taker != chair.user else None
        )
        there = meetings.create_conference(self.desk.context(chair), given=given).reference
        agenda.add_cases(self.desk.context(chair), conference=there, cases=[self.reference])
        session.start_conference(self.desk.context(chair), conference=there)
        if taker and acting != chair:
            arrived = AttendanceGiven(act=AttendanceAct.ARRIVED, user=taker)
            quorum.record_attendance(self.desk.context(chair), conference=there, given=arrived)
        session.close_conference(self.desk.context(chair), conference=there)
        return there

    def room_of(self, acting: Acting) -> str:
        """A conference that this person may follow, in session and open on their screen, if they are one."""
        chair = self.desk.context(self.people[Role.CHAIR])
        given = ConferenceGiven(held_on=self.desk.clock.today())
        there = meetings.create_conference(chair, given=given).reference
        agenda.add_cases(chair, conference=there, cases=[self.reference])
        session.start_conference(chair, conference=there)
        if acting.role is Role.ROOM_SCREEN:
            rooms.open_room(chair, conference=there, account=acting.user)
        return there

    def remark_of(self, acting: Acting) -> RemarkGiven:
        """What this person's agency said, or another's."""
        agency = acting.agency or "voice"
        return RemarkGiven(agency=agency, text="He came.", source="A visit.", nature=Nature.FACT)

    def entered(self, acting: Acting) -> str:
        """The same, entered in a conference that is over."""
        there, given = self.conference_of(acting), self.remark_of(acting)
        context = self.desk.context(self.people[Role.CHAIR])
        with context.writing("enter remark") as work:
            return work.remarks.add(there, 1, given.text, given, by="chair", at=context.clock.now())

    def advised(self) -> str:
        """A case with advice that is open to coordinators and the chair."""
        (case,) = self.desk.refer(a_referral(f"advised {next(self.numbers)}")).referrals
        advised = a_screening(TriageOutcome.ADVICE)
        screening.screen(self.desk.context(self.desk.coordinator), reference=case, screening=advised)
        return case

    def here(self, acting: Acting) -> dict[str, Any]:
        """What a use case on the case is given."""
        return {"context": self.desk.context(acting), "reference": self.reference}

    def request_to(self, agency: str) -> RequestGiven:
        """A victim information request."""
        words = dict.fromkeys(("what", "why", "necessary", "handled"), "So.")
        return RequestGiven.model_validate({"agency": agency, **words})

    def drafted(self) -> str:
        """One that waits for its decision."""
        context = self.desk.context(self.desk.coordinator).with_agencies(self.agencies)
        return victim_requests.ask_about_victim(
            context, reference=self.reference, request=self.request_to("harbour")
        ).reference

    def asked_to_open(self, acting: Acting, item: str) -> str:
        """An ask for an opening that this person made."""
        return access_requests.ask_to_open(
            **self.here(acting), task=self.task, item=item, why="So."
        ).reference

    def likely_breach(self) -> str:
        """One that waits, of an order that was made and not served."""
        chair = self.desk.context(self.desk.chair)
        create_order(chair, reference=self.reference, given=NO_CONTACT_ORDER)
        call = an_incident("2026-03-02", kind="contacting", channel="phone")
        referral_incidents.record_incident(chair, reference=self.reference, incident=call)
        there = order_breaches.breaches_on_case(chair, reference=self.reference).waiting
        return there[-1].reference

    def incident_of(self, acting: Acting) -> str:
        """An incident that this person's side told, or the desk's."""
        if acting.role is not Role.PRACTITIONER:
            acting = self.desk.coordinator
        return referral_incidents.record_incident(**self.here(acting), incident=an_incident("2026-02-25"))

    def alarm_of(self, acting: Acting) -> str:
        """An alarm that this person's agency has alone; of another's practitioner for who has none."""
        if acting.role is not Role.PRACTITIONER:
            acting = self.people[Role.PRACTITIONER]
        here = self.here(acting)
        entry = an_incident("2026-02-25", kind=IncidentKind.ENTRY)
        referral_incidents.record_incident(**here, incident=entry, kept_with_us="In confidence.")
        context = self.desk.context(acting).with_agencies(self.agencies)
        return case_views.view_case(context, reference=self.reference).alarms_since[0].reference

    def correction_for(self, acting: Acting) -> str:
        """A request to correct what this person's side owns."""
        owner = acting.agency or "desk"
        by = self.desk.coordinator if acting.agency else self.people[Role.PRACTITIONER]
        item = "referral" if owner == "desk" else self._answered(acting)
        context = self.desk.context(by).with_agencies(self.agencies)
        return corrections.ask_change(
            context, reference=self.reference, owner=owner, item=item, what="So."
        ).reference

    def _answered(self, acting: Acting) -> str:
        given = {**self.here(acting), "agency": acting.agency}
        agency_answers.answer_by_hand(**given, answer=a_contribution("Two calls were held."))
        return "finding-1"


def _investigating(agency: AgencyKnown) -> AgencyKnown:
    return agency.model_copy(update={"seat": INVESTIGATION}) if agency.code == "harbour" else agency


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Built once: what an earlier role did to the case refuses nobody by policy."""
    with a_desk(tmp_path_factory.mktemp("office") / "home") as desk:
        yield Office(desk)


def _may(tried: Callable[[], object]) -> bool:
    """Whether it was let through: an act that is refused for the case's state or its input was."""
    try:
        tried()
    except (NotPermittedError, NotFoundError):
        return False
    except (InvalidInputError, IllegalTransitionError, ConflictError):
        return True
    return True


@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.value)
def test_every_cell_of_who_may_do_what_is_kept_by_the_services(
    office: Office, role: Role, tmp_path: Path
) -> None:
    tried = _acts(office, office.people[role], tmp_path)
    assert set(tried) == set(May), "an act of the table that nobody tries"
    stored = {act: _may(ask) for act, ask in tried.items()}
    assert stored == {act: role in WHO_MAY[act] for act in May}


A_CALL = ReferralTyped.model_validate({"topics": {"weapon": "yes"}, "victim": {"not_named": True}})


def _acts(office: Office, acting: Acting, place: Path) -> dict[May, Callable[[], object]]:
    """A service for each act of the table, on the one case where it is about one."""
    desk, runtime, settings = office.desk, office.desk.runtime, office.desk.runtime.settings
    common: dict[str, Any] = {"context": desk.context(acting)}
    here = office.here(acting)
    known: dict[str, Any] = {**here, "context": desk.context(acting).with_agencies(office.agencies)}
    owner = acting.agency or "desk"
    stored: dict[str, Any] = {**here, "owner": owner}
    other = office.harbour if acting.role is Role.PRACTITIONER else acting
    duty = settings.model_copy(update={"duty_responder": acting.user})
    on_duty = {**known, "context": replace(known["context"], settings=duty)}
    suspended: dict[str, Any] = {**common, "installed": TOY_CODES, "agency": "lantern", "why": "Mending."}
    finding = {
        "measure": "recorded crime",
        "found": "none found",
        "looked_until": "2026-03-01",
        "looked_in": ["harbour"],
        "says": "Nothing was found.",
    }

    def opened() -> object:
        if acting.role in WHO_MAY[May.ASK_OPENING]:
            asked = office.asked_to_open(acting, office.items[1])
            access_requests.agree(desk.context(office.harbour), asked=asked, agrees=True)
        return openings.open_item(**known, item=office.items[1], task=office.task)

    def ruled() -> object:
        rule = RuleGiven(
            item=office.incident_of(acting),
            audience=AudienceKind.OWNER,
            grounds=Grounds(purpose="case work"),
            why="So.",
        )
        return incident_rules.set_incident_rule(**known, rule=rule)

    return {
        May.IMPORT: lambda: referral_imports.import_referrals(**common, rows=[], file_digest="1" * 64),
        May.CREATE_REFERRAL: lambda: creating.create(**common, typed=A_CALL),
        May.SEE_REJECTED: lambda: referral_imports.rejected_rows(**common),
        May.SEE_TEXTS_THAT_TELL: lambda: typed_texts.texts_to_see_to(**common),
        May.SCREEN: lambda: screening.name_people(**here, people=["harbour-worker"]),
        May.ADVISE: lambda: advice.list_advice(**common),
        May.CLOSE_WITHOUT_SLIP: lambda: advice.close_advice(
            **common, reference=office.advised(), reason="The sergeant has it."
        ),
        May.STEP_UP: lambda: stepping_up.step_up(**here, reason="A knife was found."),
        May.ACKNOWLEDGE: lambda: screening.acknowledge_alarm(**here),
        May.ANSWER_ALARM_QUESTIONS: lambda: record_child_safeguarding(**here, referred=True, why="Informed."),
        May.KEEP_TOPICS: lambda: own_topics.refuse_topics(
            **here, alarm=office.alarm_of(acting), why="It is another person's."
        ),
        May.JOIN_EPISODE: lambda: episodes.take_back_joining(**here, why="Another."),
        May.RECORD_SAFEGUARDING: lambda: screening.record_safeguarding(**here, done="Locks changed."),
        May.VIEW_CASE: lambda: case_views.view_case(**known),
        May.RECORD_INCIDENT: lambda: referral_incidents.record_incident(**here, incident=an_incident()),
        May.SEE_ORDERS: lambda: list_orders(**common),
        May.DECIDE_BREACH: lambda: order_breaches.decide_breach(
            here["context"], breach=office.likely_breach(), given=A_QUESTION
        ),
        May.RECORD_ORDER: lambda: create_order(**here, given=AN_ORDER),
        May.RECORD_NOTICE: lambda: order_notices.record_notice(**here, notice=ARRESTED),
        May.TRY_NOTICE: lambda: order_notices.try_notice(
            **known,
            number=order_notices.record_notice(
                desk.context(desk.chair), reference=office.reference, notice=ARRESTED
            ).number,
            attempt=AttemptGiven.model_validate(
                {"reached": True, "through": Through.ADVOCATE, "on": "2026-03-01", "at_time": "09:00"}
            ),
        ),
        May.RECORD_COMPLAINT_FINDING: lambda: withdraw_complaint_finding(
            **here, incident=new_reference("incident"), why="Set aside."
        ),
        May.NAME_RESPONSIBLE: lambda: change_responsible(**here, change=AN_OFFICER),
        May.SHARE_ACTS: lambda: view_acts_to_share(**here),
        May.RULE_INCIDENT: ruled,
        May.ASK_AGENCIES: lambda: response_requests.open_requests(**here),
        May.ANSWER: lambda: agency_answers.answer_by_hand(
            **here, agency="voice", answer=NilReturn(looked_in=("cards",), says="Nothing.")
        ),
        May.PLAN_CONFERENCE: lambda: meetings.create_conference(**common, given=office.a_conference()),
        May.SEE_CONFERENCE: lambda: meetings.list_conferences(**common),
        May.RUN_CONFERENCE: lambda: session.start_conference(**common, conference=office.conference),
        May.OPEN_ROOM: lambda: rooms.open_room(
            **common, conference=office.conference_of(acting), shows=RoomShows.BLANK
        ),
        May.SHOW_ROOM: lambda: rooms.view_room(**common, conference=office.room_of(acting)),
        May.RECORD_ATTENDANCE: lambda: quorum.record_attendance(
            **common,
            conference=office.conference,
            given=AttendanceGiven(act=AttendanceAct.APOLOGIES, user="voice-worker"),
        ),
        May.ENTER_REMARK: lambda: remarks.enter_remark(
            **common,
            conference=office.conference_of(acting),
            case=office.reference,
            given=office.remark_of(acting),
        ),
        May.RELEASE_REMARK: lambda: remarks.settle_remark(
            **common, remark=office.entered(acting), act=RemarkAct.RELEASED
        ),
        May.PREPARE_MINUTES: lambda: agreeing.move_minutes(
            **common, conference=office.conference_of(acting), to=MinutesPhase.PREPARED
        ),
        May.PROPOSE_CORRECTION: lambda: agreeing.propose_correction(
            **common, conference=office.conference_of(acting), case=office.reference, text="So."
        ),
        May.OPEN_CONFERENCE: lambda: decisions.open_conference(**here),
        May.DECIDE: lambda: decisions.decide(**here, decision=a_decision()),
        May.ENTER_DISSENT: lambda: amending.enter_dissent(**here, reasons="It asks too little."),
        May.RECORD_VICTIM_WORDS: lambda: victim_words.record_victim_words(**here, given=SAID),
        May.START_URGENT: lambda: start_urgent_action(
            **here, action=an_urgent_action("voice"), agencies=TOY_CODES
        ),
        May.PLAN: lambda: plan_versions.make_plan(
            **here, plan=a_plan(agency="voice", base_version=1), agencies=TOY_CODES
        ),
        May.RECORD_VOICE: lambda: plan_approval.record_need(
            **known, need=NeedRecorded(need=Need.SAFETY_CHECK, plan_version=1, result=SafetyResult.SAFE)
        ),
        May.SIGN_WHY_NOT: lambda: plan_approval.sign_why_not(
            **here,
            need=NeedSignedNot(need=Need.SAFETY_CHECK, plan_version=1, why=WhyNot.OTHER, says="So."),
        ),
        May.APPROVE_PLAN: lambda: plan_approval.approve_plan(**here, approval=ApprovalGiven(version=1)),
        May.ACT: lambda: plan_actions.act(**common, action=office.action, status=ActionStatus.DONE),
        May.SEE_PLANS: lambda: list_plans(**common),
        May.REVIEW_PLAN: lambda: plan_reviews.close_review(**here, decided="So.", next_on=desk.clock.today()),
        May.RECORD_CUSTODY: lambda: plan_reviews.record_custody_change(
            **here, change=CustodyChange.TAKEN, on=desk.clock.today()
        ),
        May.RECORD_POLICE_DECISION: lambda: plan_reviews.record_police_decision(
            **{**here, "context": desk.context(other).with_agencies(office.agencies)},
            decision=PoliceDecisionGiven(
                incident=office.incident_of(acting),
                action=PoliceAction.ARREST,
                decided_by="DC A. Example",
                decided_on=desk.clock.today(),
            ),
        ),
        May.RECORD_OUTCOME: lambda: follow_up.record_outcome(
            **here, outcome=OutcomeGiven.model_validate(finding)
        ),
        May.RECORD_VICTIM_OUTCOME: lambda: victims.record_victim_outcome(**known, given=ASKED),
        May.SET_PRICES: lambda: costs.set_prices(context=known["context"], given=PRICES),
        May.MAKE_RELEASE: lambda: outcome_releases.list_releases(**common),
        May.SEE_AGGREGATES: lambda: summary.summary(**common),
        May.ADD_USER: lambda: users.add_user(
            **common, user=User(name="added", display_name="Added", role=Role.MANAGER)
        ),
        May.SEE_LEDGER: lambda: release_rules.ledger(**here),
        May.SEE_SHARING_FIGURES: lambda: sharing_figures(**common),
        May.CHANGE_USER: lambda: passwords.give_start_password(**common, name="cora"),
        May.SEE_RETENTION: lambda: retention.list_kept(**here),
        May.REVIEW_RETENTION: lambda: retention.review(**stored, erase=False, why="So."),
        May.HOLD: lambda: retention.hold(**here, owner=owner, why="So."),
        May.ERASE: lambda: retention.erase(**stored),
        May.RECORD_ACCESS: lambda: subject_access.open_request(
            **common, asked_by=PersonDescribed(surname="Nobody")
        ),
        May.SAY_SAFETY: lambda: subject_access.safety_to_say(
            **{**common, "context": common["context"].with_agencies(office.agencies)}
        ),
        May.CLEAR_ACCESS: lambda: subject_access_decisions.to_clear(**common),
        May.DECIDE_ACCESS: lambda: subject_access_decisions.list_requests(**common),
        May.ASSESS_ROLES: lambda: primary_roles.assess_roles(**here, is_primary=True, why="So."),
        May.NAME_INVESTIGATOR: lambda: primary_roles.name_investigator(**here, user="cora", why="So."),
        May.DRAFT_REQUEST: lambda: victim_requests.ask_about_victim(
            **known, request=office.request_to("voice")
        ),
        May.DECIDE_REQUEST: lambda: victim_requests.decide_request(
            **common, request=office.drafted(), decision=RequestDecided(is_met=False, why="So.")
        ),
        May.ANSWER_REQUEST: lambda: victim_requests.answer_request(
            context=desk.context(other), request=office.asked, refuses=False, why="So."
        ),
        May.SEE_REQUESTS: lambda: victim_requests.requests_on(**known),
        May.DECIDE_KNOW: lambda: informing_victims.decide_right_to_know(
            **{**here, "context": desk.context(other).with_agencies(office.agencies)},
            decision=RightToKnowDecided(is_told=False, why="So."),
        ),
        May.PREPARE_PACK: lambda: informing_victims.prepare_pack(**here, pack=PackPrepared(words=("So.",))),
        May.TAKE_PACK: lambda: informing_victims.take_pack(**known),
        May.ASK_CHANGE: lambda: corrections.changes_on(**here),
        May.ANSWER_CHANGE: lambda: corrections.answer_change(
            **common, request=office.correction_for(acting), accept=False, why="So."
        ),
        May.SUSPEND_AGENCY: lambda: suspension.suspend(**suspended),
        May.SEE_AGENCY_HEALTH: lambda: agency_health.health(**common),
        May.CHASE: lambda: reminders.chase(**here, agency="harbour", how=ChasedHow.EMAIL),
        May.HAND_OVER_FILES: lambda: agency_files.import_agency_files(**common, agency="voice", files=[]),
        May.LOOK_UP_ON_ARRIVAL: lambda: arrival.look_up_arrivals(**common),
        May.EXPORT_AUDIT: lambda: audit.export(**common, file=place / "chain.jsonl"),
        May.SWEEP: lambda: worklists.daily_sweep(**common),
        May.SAY_OWN_CONNECTION: lambda: conflicts.say_own(**here, is_connected=False),
        May.SAY_CONNECTION: lambda: conflicts.say_of(
            **known, user="lantern-worker", is_connected=True, why="A cousin."
        ),
        May.BREAK_GLASS: lambda: emergency_access.break_glass(**here, why="So."),
        May.REVIEW_GLASS: lambda: emergency_access.to_review(**common),
        May.SEE_LOOKS: lambda: access_log.read_access_log(**known),
        May.ASK_ABOUT_PLACES: lambda: guesses.alarms_of_places(**common),
        May.SEE_HELD: lambda: vault_on_case(**known),
        May.ASK_OPENING: lambda: office.asked_to_open(acting, office.items[0]),
        May.AGREE_OPENING: lambda: access_requests.agree(**common, asked=office.waits, agrees=True),
        May.OPEN_ITEM: opened,
        May.OPEN_FOR_LIFE: lambda: openings.open_for_life(**on_duty, kind=ProtectedKind.PHONE, why="So."),
        May.RECORD_DESPAIR: lambda: despair.record_despair(**here, what="No point in waking up."),
        May.ACT_ON_DESPAIR: lambda: despair.despair_on_case(**here),
        May.NAME_SAFE_CONTACT: lambda: access_requests.name_safe_contact(**here, user="harbour-worker"),
        May.NAME_LEAD: lambda: name_lead(**known, user="harbour-worker"),
        May.ROTATE_KEYS: lambda: vault_keys.rotate(**common),
        May.EXPLORE_LINKS: lambda: link_views.view_around(**here, snapshots=runtime.link_snapshots),
        May.ASK_ABOUT_RECORD: lambda: record_requests.record_requests(**common),
        May.ASK_ASSOCIATES: lambda: associates_requests.associates_requests(**common),
        May.APPROVE_ASSOCIATES: lambda: associates_requests.answer_associates(
            **common, reference="malformed", agrees=True
        ),
        May.SEE_PROBABILITIES: lambda: link_register.trends(**common, snapshots=runtime.link_snapshots),
        May.EXPORT_LINKS: lambda: link_export.export(
            **common,
            snapshots=runtime.link_snapshots,
            form=GraphFormat.NODELINK,
            out=place / "links",
            why="So.",
        ),
        May.STORE_NETWORKS: lambda: workspaces.networks_of(**common),
        May.SEE_NETWORKS_STORED: lambda: workspaces.networks_stored(**common),
        May.DELETE_NETWORKS_STORED: lambda: workspaces.delete_held_network(
            **common, reference="malformed", because=DeletedBecause.NOT_NEEDED
        ),
        May.REFRESH_LINKS: lambda: refresh_links(**common),
        May.JUDGE_SAME: lambda: same_person.review_queue(**common),
        May.COMPARE_PERSONS: lambda: matching.compare_new(**common),
        May.SEEN_BEFORE: lambda: person_search.seen_before(
            **common, asked=SeenBeforeAsked.model_validate({"handle": "nobody"})
        ),
        May.SEE_SENT: lambda: person_search.searches_sent(**common),
        May.RESTRICT: lambda: restrictions.restrict(**known, why="So."),
        May.LIFT: lambda: restrictions.lift(**here, why="So."),
        May.END: lambda: screening.end_involvement(**here, act=Act.CLOSE, why="Over."),
    }
