"""Plants marked values wherever a victim's whereabouts can come in, and knows how to find them again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from engine.domain.accounts.acting import Acting
from engine.domain.cases.complaints import ComplaintFindingGiven
from engine.domain.cases.incidents import IncidentKind
from engine.domain.cases.lifecycle import TriageOutcome
from engine.domain.cases.police_decisions import PoliceAction, PoliceDecisionGiven
from engine.domain.conference.agenda import Deferral, ItemPlan
from engine.domain.conference.attendance import AttendanceAct, AttendanceGiven
from engine.domain.conference.meetings import ConferenceGiven
from engine.domain.conference.minutes import MinutesPhase
from engine.domain.conference.remarks import RemarkAct, RemarkGiven
from engine.domain.conference.risk import Dissent
from engine.domain.conference.victim_words import Manner, VictimWordsGiven
from engine.domain.dates import PartialDate
from engine.domain.drafts import DraftForm
from engine.domain.links.maps import MapAsked
from engine.domain.orders.breaches import DetailsGiven, ReviewAct, ReviewGiven
from engine.domain.orders.notices import AttemptGiven, Through
from engine.domain.orders.orders import OrderGiven, StepGiven
from engine.domain.outcomes.follow_up import OutcomeGiven
from engine.domain.plans.actions import ActionStatus, DepartureReason
from engine.domain.plans.approval import (
    ApprovalGiven,
    Informs,
    Need,
    NeedRecorded,
    NeedSignedNot,
    SafetyResult,
    WhyNot,
)
from engine.domain.referrals.advice import SentHow, SlipAnswer, SlipEntry, SlipGiven
from engine.domain.referrals.intake import ProtectedKind, ProtectedValue
from engine.domain.responses.answers import Contribution, Nature
from engine.domain.rights.information_requests import RequestDecided, RequestGiven
from engine.domain.rights.informing_victims import PackPrepared
from engine.domain.sharing import AudienceKind, Grounds, RuleGiven
from engine.domain.vault.many_places import AskedGiven, AskedWhom, FoundReason
from engine.services.access import conflicts, primary_roles, restrictions
from engine.services.access import emergency as emergency_access
from engine.services.access import reasons as access_reasons
from engine.services.alarms import acts as alarm_acts
from engine.services.alarms import questions as alarm_questions
from engine.services.cases import views as case_views
from engine.services.cases.complaints import record_complaint_finding
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
from engine.services.links import export as link_export
from engine.services.links import maps as link_maps
from engine.services.orders import breaches, notices, recording
from engine.services.outcomes import follow_up
from engine.services.plans import actions as plan_actions
from engine.services.plans import approval as plan_approval
from engine.services.plans import reviews as plan_reviews
from engine.services.plans import versions as plan_versions
from engine.services.referrals import advice, screening
from engine.services.referrals import incidents as referral_incidents
from engine.services.responses import agency_answers, corrections
from engine.services.rights import informing_victims, retention, victim_requests
from engine.services.sharing import incident_rules, release_rules
from engine.services.vault import access_requests, guesses
from engine.services.vault.despair import record_despair
from tests.builders import (
    TOY_CODES,
    Desk,
    a_contribution,
    a_decision,
    a_person,
    a_plan,
    a_referral,
    a_screening,
    an_incident,
    ask_all,
    let_answer,
    say_whose,
    type_draft,
)

MARK = re.compile(r"plantmark|zz9\d?\s*8qq|07700[\s-]*95\d|7700[\s-]*95\d{4}", re.IGNORECASE)
"""What every planted value has in it, however it is written."""
STRUCK = re.compile(r"struckmark", re.IGNORECASE)
"""What a practitioner struck: seen by nobody but their own agency."""
DESPAIR = re.compile(r"despairmark", re.IGNORECASE)
"""What is in each protected note: in no list of anybody, and its note known to the advocate alone."""


def values_of(number: int) -> tuple[ProtectedValue, ...]:
    """Nine values of one case, each of a kind of its own and with its own number."""
    marked = f"Plantmark{number:03d}"
    answer = {
        ProtectedKind.ADDRESS: f"{number + 1} {marked} Crescent, ZZ{90 + number % 10} 8QQ",
        ProtectedKind.PHONE: f"07700 95{number:04d}",
        ProtectedKind.EMAIL: f"{marked.lower()}@example.invalid",
        ProtectedKind.WORKPLACE: f"{marked} Bakery",
        ProtectedKind.SCHOOL: f"St {marked} Primary",
        ProtectedKind.ADVOCATE: f"Wren {marked}-Dale",
        ProtectedKind.CONTACT_HOW: f"put a {marked.lower()} on the sill",
        ProtectedKind.CONTACT_WHEN: f"on {marked} days before noon",
        ProtectedKind.CONTACT_THROUGH: f"through her aunt {marked}",
    }
    return tuple(ProtectedValue(kind=kind, value=value) for kind, value in answer.items())


@dataclass
class Planted:
    """Cases with planted values, taken from referral to outcome with the values repeated in every text."""

    desk: Desk
    typist: Acting
    """A co-ordinator who types what is typed, and reads it as they typed it."""
    presiding: Acting
    """The same of a chair."""
    workers: dict[str, Acting]
    agency_typist: Acting
    """The same of a practitioner."""
    advocate_typist: Acting
    """The same of the victim's advocate."""
    second: Acting
    """Who agrees to an opening."""
    stranger: Acting
    """Who looks urgently."""
    cases: list[str] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    conferences: list[str] = field(default_factory=list)
    values: int = 0
    protected: tuple[ProtectedValue, ...] | None = None
    """What is protected on every case; None are the values that everybody repeats."""
    own: Mapping[str, int] = field(default_factory=dict)
    """The number of the values that a user types in place of those that everybody repeats."""

    def typed_by(self, acting: Acting, whole: str) -> str:
        """The values as one person types them: right behind the name is what they read of their own text."""
        if acting.user in self.own:
            for common, own in zip(values_of(len(self.cases)), values_of(self.own[acting.user]), strict=True):
                whole = whole.replace(common.value, own.value)
        return f"({acting.user} typed) {whole}"

    def agree_minutes(self) -> None:
        """Agree the minutes of every case, on the day after corrections."""
        self.desk.clock.forward(timedelta(days=1))
        for conference in self.conferences:
            chair = self.desk.context(self.presiding)
            agreeing.move_minutes(chair, conference=conference, to=MinutesPhase.AGREED)

    def advise(self, number: int, case: str, by_typist: str) -> None:
        """Screen a case as advice, which is sent, answered and closed, before it is screened again."""
        by_coordinator: dict[str, Any] = {"context": self.desk.context(self.typist), "reference": case}
        role = self.typed_by(self.typist, values_of(number)[0].value)
        screening.screen(
            **by_coordinator, screening=a_screening(TriageOutcome.ADVICE, reason=f"Advice. {by_typist}")
        )
        advice.record_sent(**by_coordinator, how=SentHow.EMAIL, to=role)
        done = SlipEntry(answer=SlipAnswer.YES, on=self.desk.clock.today(), by=role)
        not_done = SlipEntry(answer=SlipAnswer.NO, why=by_typist)
        advice.record_slip(**by_coordinator, slip=SlipGiven(contacted=done, spo=not_done))
        by_presiding = self.typed_by(self.presiding, by_typist)
        advice.close_advice(self.desk.context(self.presiding), reference=case, reason=by_presiding)

    def plant(self, number: int) -> None:
        """One more case: its values come in by the referral, and again in whatever a person may type."""
        desk, values = self.desk, values_of(number)
        whole = " | ".join(value.value for value in values)
        say_whose(whole, *(each.value for own in self.own.values() for each in values_of(own)))
        (case,) = (
            replace(desk, coordinator=self.typist)
            .refer(  # who brings a file in reads it unmasked
                a_referral(
                    f"planted-{number}",
                    perpetrator=a_person("Daniel", f"Roe{number}"),
                    victim=a_person("Victoria", f"Kent{number}"),
                    protected=self.protected or values,
                    reason=f"He wrote: {whole}",
                    incidents=(an_incident(what=f"Waited. {whole}"),),
                )
            )
            .referrals
        )
        here: dict[str, Any] = {"reference": case}
        by_typist = self.typed_by(self.typist, whole)
        self.advise(number, case, by_typist)
        screening.screen(
            desk.context(self.typist),
            **here,
            screening=a_screening(
                base_version=1,
                reason=f"A course of conduct. {by_typist}",
                people=(*(worker.user for worker in self.workers.values()), self.advocate_typist.user),
            ),
        )
        let_answer(desk, "harbour", _answer(whole))
        let_answer(desk, "lantern", _answer(whole, "A struckmark sentence that is struck."))
        ask_all(desk, case)
        agency_answers.release(
            desk.context(self.workers["lantern"]), **here, agency="lantern", strike={"finding-2"}
        )
        referral_incidents.record_incident(
            desk.context(self.typist), **here, incident=an_incident("2026-02-28", what=f"Came to {by_typist}")
        )
        noted = record_despair(desk.context(self.typist), **here, what=f"A despairmark at {by_typist}")
        self.notes.append(noted.reference)
        self._decide(case, whole)
        self._give_reasons(case, whole)
        self._confer(case, whole)
        self._order(case, whole)
        for typist in (self.typist, self.presiding, self.agency_typist):
            for form in DraftForm:
                type_draft(desk, typist, case, form, f"Not recorded: {self.typed_by(typist, whole)}")
        self.cases.append(case)
        self.values += len(values)

    def _give_reasons(self, case: str, whole: str) -> None:
        """The values in every reason that is typed about a case, by people whom no test looks at."""
        desk = self.desk
        by_desk: dict[str, Any] = {"context": desk.context(self.typist), "reference": case}
        by_chair: dict[str, Any] = {"context": desk.context(self.presiding), "reference": case}
        by_agency: dict[str, Any] = {"context": desk.context(self.agency_typist), "reference": case}
        by_typist, by_presiding, by_worker = (
            self.typed_by(each, whole) for each in (self.typist, self.presiding, self.agency_typist)
        )

        def rule(item: str, why: str) -> RuleGiven:
            grounds = Grounds(purpose="case work", necessity=why)
            return RuleGiven(item=item, audience=AudienceKind.PANEL, grounds=grounds, why=why)

        screening.name_people(**by_chair, people=[self.agency_typist.user, "lantern-second"])
        release_rules.set_rule(
            **by_agency,
            agency="harbour",
            rule=rule("finding-1", by_worker),
        )
        incident = referral_incidents.record_incident(
            **by_desk, incident=an_incident("2026-02-26", what="Waited.")
        )
        incident_rules.set_incident_rule(
            **by_desk,
            rule=rule(incident, by_typist),
        )
        referral_incidents.review_incident(**by_desk, incident=incident, why=by_typist)
        referral_incidents.record_incident(
            **by_desk, incident=an_incident("2026-02-27", kind=IncidentKind.ENTRY, what="Came in.")
        )
        complaint = referral_incidents.record_incident(
            **by_desk, incident=an_incident("2026-02-25", kind=IncidentKind.VEXATIOUS, what="Complained.")
        )
        found = {"found": "false", "found_by": "a court", "found_on": "2026-02-27", "source": by_typist}
        record_complaint_finding(
            **by_desk, incident=complaint, given=ComplaintFindingGiven.model_validate(found)
        )
        screening.acknowledge_alarm(**by_chair)
        with desk.runtime.uow.unrecorded() as work:
            (alarm, *_) = work.raised_alarms.of([case])[case]
        alarm_acts.record_done(**by_chair, alarm=alarm.reference, done=by_presiding)
        alarm_questions.record_child_safeguarding(**by_desk, referred=True, why=by_typist)
        plan_actions.act(
            desk.context(self.agency_typist),
            action=self.actions[-1],
            status=ActionStatus.IN_PROGRESS,
            note=f"Told at {by_worker}",
        )
        asked = corrections.ask_change(
            **by_agency,
            owner="desk",
            item="referral",
            what=by_worker,
        )
        corrections.answer_change(
            desk.context(self.presiding), request=asked.reference, accept=False, why=by_presiding
        )
        self._name_many_places(case)
        self._review(case, whole)
        primary_roles.assess_roles(**by_chair, is_primary=True, why=by_presiding)
        primary_roles.name_investigator(**by_chair, user="cora", why=by_presiding)
        words = dict.fromkeys(("what", "why", "necessary", "handled"), by_typist)
        about_her = victim_requests.ask_about_victim(
            **by_desk,
            request=RequestGiven.model_validate({"agency": "harbour", **words}),
        )
        victim_requests.decide_request(
            context=desk.context(self.presiding),
            request=about_her.reference,
            decision=RequestDecided(
                is_met=True, authorised_person=by_presiding, why=by_presiding, no_notice_because=by_presiding
            ),
        )
        victim_requests.answer_request(
            context=desk.context(self.agency_typist),
            request=about_her.reference,
            refuses=False,
            why=by_worker,
        )
        informing_victims.prepare_pack(**by_desk, pack=PackPrepared(words=(by_typist,)))
        retention.hold(**by_chair, owner="desk", why=by_presiding)
        retention.hold(**by_chair, owner="desk", why=by_presiding, lift=True)
        conflicts.say_of(
            **by_chair,
            user="shut-out",
            is_connected=True,
            why=by_presiding,
        )
        self._look(case, whole)
        taken = MapAsked(start=case)
        link_maps.save_map(desk.context(self.typist), name="Round him", asked=taken)
        snapshots = desk.runtime.link_snapshots
        link_export.ask_export(
            desk.context(self.typist), asked=taken, form="graphml", why=by_typist, snapshots=snapshots
        )
        restrictions.restrict(**by_chair, why=by_presiding)
        access_reasons.say_why_opened(**by_agency, why=by_worker)
        restrictions.lift(**by_chair, why=by_presiding)

    def _name_many_places(self, case: str) -> None:
        """The values in what the chair found about those who name many places; it is sealed."""
        chair, found = (
            self.desk.context(self.presiding),
            self.typed_by(self.presiding, values_of(len(self.cases))[0].value),
        )
        for alarm in guesses.alarms_of_places(chair).waiting:
            if alarm.case == case:
                asked = AskedGiven(
                    writer=alarm.writer,
                    counted=alarm.places,
                    asked=AskedWhom.WRITER,
                    asked_on=self.desk.clock.today(),
                    found=FoundReason.TASK,
                    text=f"Not at {found}",
                )
                guesses.record_asked_about_places(chair, reference=case, given=asked)

    def _order(self, case: str, whole: str) -> None:
        """The values in an order: what is sealed, what is typed, and why the victim was not reached."""
        chair, at = self.desk.context(self.presiding), values_of(len(self.cases))[0].value
        whole_by_agency = self.typed_by(self.agency_typist, whole)
        place, whole = self.typed_by(self.presiding, at), self.typed_by(self.presiding, whole)
        zone = {"description": f"Near {place}", "latitude": 51.5, "longitude": -0.1, "radius_metres": 300}
        terms = {
            "type": "interim-spo",
            "made": "2026-03-01",
            "days": 28,
            "court_name": place,
            "force": place,
            "case_number": place,
            "protected": [{}, {"is_victim": False, "name": f"Ivy {place}", "is_child": True}],
            "conditions": [
                {"wording": f"must not go to {whole}"},
                {"code": "no-contact", "means": ["any means"]},
                {"code": "stay-out", "zone": zone},
            ],
            "why": whole,
        }
        given = OrderGiven.model_validate(terms)
        order = recording.create_order(chair, reference=case, given=given).reference
        self._breach(case, whole)
        step = {"act": "appealed", "on": "2026-03-01", "why": whole_by_agency}
        agency = self.desk.context(self.agency_typist)
        recording.record_step(agency, order=order, step=StepGiven.model_validate(step))
        access_requests.name_safe_contact(chair, reference=case, user=self.agency_typist.user)
        attempt = {"reached": False, "through": Through.OFFICER, "on": "2026-03-01", "at_time": "09:00"}
        by_agency = self.typed_by(self.agency_typist, at)
        tried = AttemptGiven.model_validate(
            {**attempt, "why_not": f"Not at {by_agency}", "next_by": by_agency}
        )
        notices.try_notice(agency, reference=case, number=1, attempt=tried)

    def _breach(self, case: str, whole: str) -> None:
        """The values in a likely breach: in its incident, its place, a question and a reason."""
        chair = self.desk.context(self.presiding)
        place = self.typed_by(self.presiding, values_of(len(self.cases))[0].value)
        call = an_incident("2026-03-02", kind="contacting", channel="phone", what=f"Called from {whole}")
        incident = referral_incidents.record_incident(chair, reference=case, incident=call)
        given = {
            "details": {"time": "08:00", "metres": 40},
            "place": {"description": f"By {place}", "latitude": 51.5, "longitude": -0.1, "metres_off": 30},
        }
        referral_incidents.record_details(
            chair, reference=case, incident=incident, given=DetailsGiven.model_validate(given)
        )
        (likely, *_) = breaches.breaches_on_case(chair, reference=case).breaches
        for act in (ReviewAct.ASKED, ReviewAct.CONFIRMED):
            said = ReviewGiven(act=act, why=f"Not at {whole}")
            breaches.decide_breach(chair, breach=likely.reference, given=said)

    def _confer(self, case: str, whole: str) -> None:
        """The values in a conference: agenda, dissent, an amendment, what was said, a correction."""
        chair = self.desk.context(self.presiding)
        presiding = self.presiding.user
        place = self.typed_by(self.presiding, values_of(len(self.cases))[0].value)
        by_agency, whole = self.typed_by(self.agency_typist, whole), self.typed_by(self.presiding, whole)
        given = ConferenceGiven(held_on=self.desk.clock.today(), chair=presiding, minute_taker=presiding)
        there: dict[str, Any] = {
            "conference": meetings.create_conference(chair, given=given).reference,
        }
        agenda.add_cases(chair, **there, cases=[case])
        deferral = Deferral(because=f"Not at {whole}", until=date(2026, 4, 1), meanwhile=f"Seen at {whole}")
        plan = ItemPlan(guests=(place,), chair_note=whole, deferral=deferral)
        agenda.plan_item(chair, **there, place=1, seen=1, plan=plan)
        session.start_conference(chair, **there)
        session.show_item(chair, **there, place=1)
        arrived = AttendanceGiven(act=AttendanceAct.ARRIVED, user=self.agency_typist.user)
        quorum.record_attendance(chair, **there, given=arrived)
        amended = a_decision(summary=f"Keep her safe at {whole}", amended_because=f"She moved to {whole}")
        amending.amend_decision(chair, reference=case, decision=amended)
        words = VictimWordsGiven(
            text=f"She is at {whole}",
            manner=Manner.REPORTED,
            said_by=f"someone at {place}",
            said_on=PartialDate("2026-03"),
            said_to=f"someone at {place}",
        )
        victim_words.record_victim_words(chair, reference=case, given=words)
        agency = self.desk.context(self.agency_typist)
        amending.enter_dissent(agency, reference=case, reasons=f"Not at {by_agency}")
        said = RemarkGiven(
            agency="harbour",
            text=f"She is at {by_agency}",
            source=f"A visit to {by_agency}",
            nature=Nature.FACT,
        )
        remark = remarks.enter_remark(agency, **there, case=case, given=said)
        remarks.settle_remark(agency, remark=remark.reference, act=RemarkAct.RELEASED)
        remarks.add_note(chair, **there, case=case, text=f"Not to be named: {whole}")
        session.close_conference(chair, **there)
        agreeing.move_minutes(chair, **there, to=MinutesPhase.PREPARED)
        today = self.desk.clock.today()
        agreeing.move_minutes(chair, **there, to=MinutesPhase.CORRECTIONS, until=today)
        proposed = agreeing.propose_correction(agency, **there, case=case, text=f"She is at {by_agency}")
        agreeing.answer_correction(chair, correction=proposed, accepted=False, why=f"Not at {whole}")
        self.conferences.append(there["conference"])

    def _review(self, case: str, whole: str) -> None:
        """The values in a review, and in what police decided about a breach."""
        desk, whole = self.desk, self.typed_by(self.typist, whole)
        by_desk: dict[str, Any] = {"context": desk.context(self.typist), "reference": case}
        breach = referral_incidents.record_incident(
            **by_desk, incident=an_incident("2026-02-27", kind=IncidentKind.BREACH, what="Waited.")
        )
        decision = PoliceDecisionGiven(
            incident=breach,
            action=PoliceAction.NO_ACTION,
            decided_by=whole.partition(" | ")[0],
            decided_on=date(2026, 3, 1),
            why=whole,
        )
        plan_reviews.record_police_decision(**by_desk, decision=decision)
        plan_reviews.close_review(**by_desk, decided=f"She moved to {whole}", next_on=date(2026, 4, 1))

    def _look(self, case: str, whole: str) -> None:
        """Opened, and looked at urgently, for a reason that says it."""
        desk = self.desk
        given: dict[str, Any] = {"reference": case}
        with desk.runtime.uow.unrecorded() as work:
            item = work.protected.items_on([case])[0].reference
            task = access_requests.tasks_on(work, case)[0]
        asked = access_requests.ask_to_open(
            desk.context(self.agency_typist),
            **given,
            item=item,
            task=task,
            why=f"To plan a visit. {self.typed_by(self.agency_typist, whole)}",
        )
        access_requests.agree(desk.context(self.second), asked=asked.reference, agrees=True)
        look = emergency_access.break_glass(
            desk.context(self.stranger), **given, why=self.typed_by(self.stranger, whole)
        )
        emergency_access.review(
            desk.context(self.presiding),
            look=look.reference,
            was_right=True,
            why=self.typed_by(self.presiding, whole),
        )

    def _decide(self, case: str, whole: str) -> None:
        desk, whole = self.desk, self.typed_by(self.presiding, whole)
        here: dict[str, Any] = {"context": desk.context(self.presiding), "reference": case}
        decisions.open_conference(**here)
        decision = a_decision(
            summary=f"Keep her safe at {whole}",
            dissent=(Dissent(agency="harbour", who="H. Worker", reasons=f"Not at {whole}"),),
        )
        decisions.decide(**here, decision=decision)
        plan = a_plan(agency="harbour")
        typed = dict.fromkeys(("evidence", "differs_from_notice"), f"Seen at {whole}")
        place = self.typed_by(self.presiding, values_of(len(self.cases))[0].value)
        action = plan.actions[0].model_copy(update={"what": f"Call at {whole}", "owner": place, **typed})
        said: dict[str, Any] = dict.fromkeys(("reason", "departs_from_wishes"), f"Agreed; she is at {whole}")
        said["departure_reason"] = DepartureReason.OTHER
        plan = plan.model_copy(update={"actions": (action,), **said})
        plan_versions.make_plan(**here, plan=plan, agencies=TOY_CODES)
        self._approve(case, whole)
        shown = case_views.view_case(**{**here, "context": here["context"].with_agencies(())}).plan
        assert shown is not None
        self.actions += [action.reference for action in shown.actions]
        follow_up.record_outcome(
            **here,
            outcome=OutcomeGiven.model_validate(
                {
                    "measure": "reported further stalking",
                    "found": "none found",
                    "looked_until": "2026-03-01",
                    "looked_in": ["harbour"],
                    "says": f"Nothing at {whole}",
                }
            ),
        )

    def _approve(self, case: str, whole: str) -> None:
        here: dict[str, Any] = {"context": self.desk.context(self.presiding), "reference": case}
        by_advocate: dict[str, Any] = {
            "context": self.desk.context(self.advocate_typist),
            "reference": case,
        }
        place = self.typed_by(self.advocate_typist, values_of(len(self.cases))[0].value)
        unchecked = NeedRecorded(
            need=Need.SAFETY_CHECK,
            plan_version=1,
            result=SafetyResult.NOT_DONE,
            because=f"Nobody was at {place}",
        )
        plan_approval.record_need(**by_advocate, need=unchecked)
        for need in set(Need) - {Need.WHO_INFORMS, Need.SAFETY_CHECK}:
            signed = NeedSignedNot(need=need, plan_version=1, why=WhyNot.OTHER, says=f"Not at {whole}")
            plan_approval.sign_why_not(**here, need=signed)
        informs = Informs(agency="voice", person=place)
        plan_approval.record_need(
            **by_advocate, need=NeedRecorded(need=Need.WHO_INFORMS, plan_version=1, informs=informs)
        )
        plan_approval.approve_plan(**here, approval=ApprovalGiven(version=1))


def _answer(whole: str, *more: str) -> Contribution:
    gaps = (f"Whether he knows of {whole}",)
    return a_contribution(f"She was seen at {whole}", *more, gaps=gaps)
