"""A small invented record for the browser: one rich case, others at every step, followed ones for the curve.

Everything is made through the services, with the clock put back and brought forward; the server then shows it
at the machine's own time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.clock import SetClock, SystemClock
from engine.domain.absence import YesNo
from engine.domain.accounts.acting import Acting, Role, User, flow_acting
from engine.domain.cases.incidents import Channel, IncidentKind, IncidentReported
from engine.domain.cases.lifecycle import TriageOutcome
from engine.domain.conference.risk import (
    Attendance,
    Confidence,
    Decision,
    Dissent,
    Domain,
    HowSoon,
    Judgement,
    Level,
)
from engine.domain.dates import PartialDate
from engine.domain.outcomes.follow_up import AgainstWhom, Measure, OutcomeFound, OutcomeGiven
from engine.domain.people.persons import Identifier, IdentifierScheme, PersonDescribed, Thing, ThingKind
from engine.domain.plans.actions import ActionStatus, PlanGiven, PlannedAction, Side
from engine.domain.referrals.intake import (
    AlarmTopic,
    Children,
    ProtectedKind,
    ProtectedValue,
    Referral,
    VictimPosition,
    VictimView,
)
from engine.domain.responses.answers import (
    Contribution,
    DomainView,
    Finding,
    MatchBasis,
    Nature,
    NilReturn,
    Professional,
)
from engine.domain.responses.reported import RecordPointer
from engine.runtime import Runtime, initialise, open_runtime
from engine.services.accounts import users
from engine.services.cases.views import view_case
from engine.services.conference import decisions
from engine.services.outcomes import follow_up
from engine.services.plans import actions as plan_actions
from engine.services.plans import versions as plan_versions
from engine.services.referrals import screening
from engine.services.referrals.incidents import record_incident
from engine.services.responses import requests as response_requests
from engine.services.responses.agency_answers import answer_by_hand
from engine.services.responses.requests import CaseToAsk
from tests.builders import (
    SAFE_HOUSE,
    SAFE_PHONE,
    Desk,
    a_person,
    a_referral,
    a_screening,
    approve,
    sign_all_needs,
)
from tests.plugins.health.fhir import a_flag, a_patient, an_encounter, read_in
from tests.seals import sealed

H, M, L = Level.HIGH, Level.MODERATE, Level.LOW
V, P, R, S = Domain.VIOLENCE, Domain.PERSISTENCE, Domain.RECURRENCE, Domain.PSYCHOSOCIAL_HARM
PEOPLE = {
    "advocacy": ("Sefu Mbeki", "independent stalking advocate"),
    "health": ("Dr Linnea Fictiva", "forensic psychiatrist"),
    "police": ("Chike Okafor", "detective sergeant"),
    "probation": ("Joan Hale", "senior probation officer"),
}
# How many days ago, what kind, by which way, in whose words. No place in them finds anybody.
INCIDENTS: tuple[tuple[int, IncidentKind, Channel | None, str], ...] = (
    (218, IncidentKind.CONTACTING, Channel.MESSAGE, "Fourteen texts in one night."),
    (205, IncidentKind.CONTACTING, Channel.POST, "Letters by hand."),
    (189, IncidentKind.FOLLOWING, Channel.IN_PERSON, "Followed the victim for an hour."),
    (175, IncidentKind.PUBLISHING, Channel.ONLINE, "A profile in the victim's name."),
    (163, IncidentKind.LOITERING, Channel.IN_PERSON, "Sat in a parked car for two hours."),
    (149, IncidentKind.INTERFERING, Channel.IN_PERSON, "Tyres cut."),
    (136, IncidentKind.CONTACTING, Channel.THIRD_PARTY, "Rang a relative to ask for the victim."),
    (124, IncidentKind.PUBLISHING, Channel.ONLINE, "Shared a private picture."),
    (111, IncidentKind.THREAT, Channel.PHONE, "You will regret it."),
    (95, IncidentKind.CONTACTING, Channel.PHONE, "Rang the employer's switchboard nine times."),
    (79, IncidentKind.BREACH, Channel.IN_PERSON, "Came to the door while on bail."),
    (70, IncidentKind.CONTACTING, Channel.ONLINE, "A new account."),
    (58, IncidentKind.FOLLOWING, Channel.IN_PERSON, "Parked outside and drove off."),
    (49, IncidentKind.CONTACTING, Channel.MESSAGE, "A new number within a day of the block."),
    (40, IncidentKind.BREACH, Channel.POST, "A present left on the step."),
    (33, IncidentKind.WATCHING, Channel.IN_PERSON, "On the same train."),
    (26, IncidentKind.THREAT, Channel.ONLINE, "A post that named the street."),
    (21, IncidentKind.CONTACTING, Channel.PHONE, "Thirty-one calls."),
    (17, IncidentKind.INTERFERING, Channel.IN_PERSON, "Camera broken."),
    (13, IncidentKind.FOLLOWING, Channel.IN_PERSON, "On the platform."),
    (10, IncidentKind.LOITERING, Channel.IN_PERSON, "Outside at five in the afternoon."),
    (7, IncidentKind.BREACH, Channel.POST, "Flowers, against the interim order."),
    (3, IncidentKind.THREAT, Channel.PHONE, "A voicemail."),
)
FOUND: dict[str, tuple[tuple[str, str], ...]] = {
    "advocacy": (
        ("The victim described strangulation in 2023 and a threat in the same week.", "contact note C-204"),
        ("Left work and sleeps badly.", "contact note C-219"),
    ),
    "health": (("He stopped attending after September.", "appointment list A-88"),),
    "police": (
        ("Twenty-four reports were recorded in seven months, three of them breaches.", "crime report R-1711"),
        ("One conviction for assault on a former partner was recorded in 2019.", "court result K-52"),
    ),
    "probation": (("He breached bail twice and attends supervision.", "case record S-17"),),
}
VIEWS: dict[str, tuple[tuple[Domain, Level, str], ...]] = {
    "advocacy": (
        (V, H, "Threatened on separation; non-fatal strangulation in 2023."),
        (P, H, "New numbers within a day of each block."),
        (S, H, "Left work; afraid to go out alone."),
    ),
    "health": (
        (V, L, "No active psychosis; low impulsivity at interview."),
        (S, M, "Distress reported with agreement."),
    ),
    "police": (
        (V, M, "No weapon; one assault in 2019."),
        (P, H, "Contact doubled in three weeks."),
        (R, M, "Stopped for a month after the arrest."),
    ),
    "probation": (
        (V, M, "Breaches come when orders are served."),
        (P, H, "Fixed belief that the victim will return."),
        (R, H, "Offended on bail before."),
    ),
}
PHONE = Thing(kind=ThingKind.PHONE, value="07700 900112")
ACCOUNT = Thing(kind=ThingKind.ACCOUNT, value="@nightwalker_x")
VEHICLE = Thing(kind=ThingKind.VEHICLE, value="ZZ71 ZZZ")
ACTIONS: tuple[tuple[str, str, int, Domain], ...] = (
    ("Apply for the full order before the interim one ends", "police", 3, P),
    ("Phone download and contact analysis", "police", -6, R),
    ("Alarm and camera for the victim", "advocacy", 1, S),
    ("Look at the risk of violence again with the new disclosure", "health", 6, V),
    ("Exclusion zone and alcohol condition on licence", "probation", 7, P),
    ("Brief the victim's employer, with the victim's agreement", "advocacy", -8, S),
)


@dataclass(frozen=True)
class Showcase:
    """The cases by what they are for."""

    rich: str
    asking: str
    conferring: str
    planned: str
    waiting: str
    prepared: str
    plain: str
    alarming: str
    many: str
    linked: str
    crowded: str
    advised: str


def build(home: Path) -> Showcase:
    """Make the record in this home."""
    now = SystemClock().now()
    clock = SetClock(now - timedelta(days=760))
    home.mkdir(mode=0o700)
    (home / "settings.toml").write_text(
        "development_sign_in = true\nask_about_connections = false\n[extracts]\noldest_days = 3650\n",
        encoding="utf-8",
    )
    any_clock = pytest.MonkeyPatch.context()  # one story after another: each begins before the last one ended
    with any_clock as patched, initialise({"STAC_HOME": str(home)}, clock=clock) as runtime:
        patched.setattr("engine.store.record_state.CLOCKS_MAY_DIFFER", timedelta(days=100_000))
        _write_extract(home, now.date())
        sealed(home / "agencies" / "health", on=clock.today())
        users.add_first_user(uow=runtime.uow, clock=clock, name="cora")
        coordinator = users.find_user(uow=runtime.uow, name="cora").acting()
        made = _Maker(Desk(runtime, clock, coordinator, coordinator), now)
        made.add_people()
        return made.showcase()


def _write_extract(home: Path, today: date) -> None:
    """One patient, so that a prepared answer waits for a practitioner."""
    month = {"start": str(today)[:7]}
    folder = home / "agencies" / "health"
    folder.mkdir(parents=True, exist_ok=True)
    read = read_in(
        folder,
        a_patient(name=[{"text": "Perry Toyson"}]),
        an_encounter(start=str(today.year - 2)),
        a_flag("41", "missed-appointments", period=month),
        a_flag("42", "recent-loss", period=month),
    )
    assert read.whole


class _Maker:
    """Makes cases at a desk, at days counted back from now."""

    def __init__(self, desk: Desk, now: datetime) -> None:
        self.desk, self.now, self.runtime = desk, now, desk.runtime
        self.chair = desk.coordinator
        self.workers: dict[str, Acting] = {}

    def add_people(self) -> None:
        """A chair, an analyst, a manager, and one practitioner for each installed agency."""
        self.chair = self._add("zhe", "Zhe Pang", Role.CHAIR)
        self._add("margaux", "Margaux Uddin", Role.ANALYST)
        self._add("max", "Max Ozols", Role.MANAGER)
        for code in self.runtime.agencies.codes:
            name, _ = PEOPLE.get(code, (code.title(), ""))
            self.workers[code] = self._add(f"{code}-worker", name, Role.PRACTITIONER, code)

    def showcase(self) -> Showcase:
        """Everything, oldest first."""
        for number in range(26):
            self.followed(number)
        self.at(240)
        earlier = self.refer("earlier", alarms=(), incidents=())
        self.screen(earlier, TriageOutcome.ADVICE)
        advised = self.advised()
        crowded = self.crowded()
        rich = self.rich()
        linked = self.linked()
        asking_ = self.asking()
        conferring = self.conferring()
        planned = self.planned()
        waiting = self.waiting()
        prepared = self.prepared()
        self.at(0, hours=30)
        plain = self.refer(
            "plain",
            perpetrator=a_person("Gil", "Invented"),
            victim=a_person("Tamsin", "Fable"),
        )
        self.at(0, hours=4)
        alarming = self.refer(
            "alarming",
            alarms=(AlarmTopic.WEAPON, AlarmTopic.THREAT_TO_KILL),
            perpetrator=a_person("Adwoa", "Story"),
            victim=a_person("Rafe", "Saga"),
        )
        self.at(0, hours=2)
        many = self.refer(
            "many",
            alarms=(),
            incidents=tuple(self._incident(*INCIDENTS[0]) for _ in range(14)),
            perpetrator=a_person("Olaf", "Epic"),
            victim=a_person("Greta", "Myth"),
        )
        return Showcase(
            rich,
            asking_,
            conferring,
            planned,
            waiting,
            prepared,
            plain,
            alarming,
            many,
            linked,
            crowded,
            advised,
        )

    def at(self, days: float, *, hours: float = 0) -> None:
        """Put the clock so far before now."""
        self.desk.clock.move_to(self.now - timedelta(days=days, hours=hours))

    def rich(self) -> str:
        """The case of the pictures: two decisions, a plan, and agencies that differ."""
        self.at(48)
        incidents = tuple(self._incident(*each) for each in INCIDENTS)
        month = (self.now - timedelta(days=85)).strftime("%Y-%m")
        unsure = (
            IncidentReported(happened=PartialDate(month), kind=IncidentKind.MONITORING, what="A tracker."),
            IncidentReported(happened=None, kind=IncidentKind.GIFT, what="A ring, at some time."),
        )
        old = tuple(each for each in incidents if each.happened and each.happened.earliest <= self._today())
        reference = self.refer(
            "rich",
            alarms=(AlarmTopic.STRANGULATION, AlarmTopic.BREACH),
            incidents=(*old, *unsure),
            relationship="former partner, lived together",
            reason="Contact has grown since the separation; visits to the door on bail.",
            victim_position=VictimPosition(
                told=YesNo.YES, view=VictimView.AGREES, message_may_be_left=YesNo.NO
            ),
            children=Children(in_victim_household=YesNo.NO),
            perpetrator_things=(PHONE, ACCOUNT, VEHICLE),
        )
        screening.acknowledge_alarm(self.desk.context(self.desk.coordinator), reference=reference)
        self.screen(reference, TriageOutcome.CONFERENCE)
        self.ask(reference)
        self.at(44)
        for code, views in VIEWS.items():
            self.answer(reference, code, views[:1])
        self.at(41)
        self.decide(reference, {V: M, P: H, R: M, S: M})
        self.plan(reference, ACTIONS[5:])
        for incident in (each for each in incidents if each not in old):
            days = (self.now.date() - incident.happened.earliest).days if incident.happened else 0
            self.at(max(0, days - 1))
            record_incident(self.desk.context(self.workers["police"]), reference=reference, incident=incident)
        self.at(12)
        for code, views in VIEWS.items():
            self.answer(reference, code, views)
        self.at(11)
        self.decide(reference, {V: H, P: H, R: M, S: H})
        self.plan(reference, ACTIONS, base_version=1)
        self._report(reference)
        return reference

    def asking(self) -> str:
        """All answers in, the conference not opened."""
        self.at(9)
        reference = self.refer(
            "asking", perpetrator=a_person("Rick", "Fiction"), victim=a_person("Manisha", "Tale")
        )
        self.screen(reference, TriageOutcome.CONFERENCE)
        self.ask(reference)
        self.at(6)
        for code in self.runtime.agencies.codes:
            if code == "probation":
                nil = NilReturn(looked_in=("supervision records",), says="No record of the person was found.")
                self._answer(reference, code, nil)
            else:
                self.answer(reference, code, VIEWS[code])
        return reference

    def conferring(self) -> str:
        """The conference is open, and nothing is decided; no agency has answered."""
        self.at(8)
        reference = self.refer(
            "conferring", perpetrator=a_person("Piet", "Parable"), victim=a_person("Ines", "Fabula")
        )
        self.screen(reference, TriageOutcome.CONFERENCE)
        self.ask(reference)
        self.at(7)
        decisions.open_conference(self.desk.context(self.chair), reference=reference)
        return reference

    def linked(self) -> str:
        """Another man with the same account, who also holds a number of the victim that nobody may see."""
        self.at(10)
        reference = self.refer(
            "linked",
            perpetrator=a_person("Rex", "Yarn"),
            victim=a_person("Nadia", "Ode"),
            incidents=tuple(self._incident(*each) for each in INCIDENTS[:2]),
            perpetrator_things=(ACCOUNT, Thing(kind=ThingKind.PHONE, value=SAFE_PHONE)),
            perpetrator_address="4 Made Up Mews, ZZ1 1AA",
            protected=(
                ProtectedValue(kind=ProtectedKind.PHONE, value=SAFE_PHONE),
                ProtectedValue(kind=ProtectedKind.ADDRESS, value=SAFE_HOUSE),
            ),
        )
        self.screen(reference, TriageOutcome.CONFERENCE)
        return reference

    def advised(self) -> str:
        """A case that got advice months ago, with an advocate and an officer on it."""
        reference = self.refer(
            "advised", perpetrator=a_person("Otto", "Tall"), victim=a_person("Wren", "Story")
        )
        self.screen(reference, TriageOutcome.ADVICE)
        screening.name_people(
            self.desk.context(self.desk.coordinator),
            reference=reference,
            people=[self.workers["advocacy"].user, self.workers["police"].user],
        )
        return reference

    def crowded(self) -> str:
        """Somebody with so many telephones that a panel's map is full."""
        phones = tuple(Thing(kind=ThingKind.PHONE, value=f"07700 8{number:05}") for number in range(296))
        reference = self.refer(
            "crowded",
            perpetrator=a_person("Mani", "Fold"),
            victim=a_person("Una", "Lore"),
            incidents=(),
            perpetrator_things=phones,
        )
        self.screen(reference, TriageOutcome.ADVICE)
        return reference

    def planned(self) -> str:
        """A case in delivery whose plan two people will change."""
        self.at(30)
        reference = self.refer(
            "planned", perpetrator=a_person("Mahad", "Novel"), victim=a_person("Yaa", "Legend")
        )
        self.screen(reference, TriageOutcome.CONFERENCE)
        self.decide(reference, {V: M, P: M, R: M, S: M})
        self.plan(reference, ACTIONS[:1])
        return reference

    def waiting(self) -> str:
        """A case whose plan waits for approval, with an action that is due only after the review."""
        self.at(20)
        reference = self.refer(
            "waiting", perpetrator=a_person("Bram", "Saga"), victim=a_person("Noor", "Ballad")
        )
        self.screen(reference, TriageOutcome.CONFERENCE)
        self.decide(reference, {V: M, P: M, R: M, S: M})
        late = ("Brief the victim's school, as the victim wishes", "advocacy", 40, S)
        self.plan(reference, (ACTIONS[0], late), approved=False)
        sign_all_needs(self.desk, reference, by=self.chair)
        return reference

    def prepared(self) -> str:
        """A case for which one agency's answer waits to be released."""
        self.at(2)
        known = PersonDescribed(
            forename="Perry",
            surname="Toyson",
            date_of_birth=PartialDate("1984-03-09"),
            identifiers=(Identifier(scheme=IdentifierScheme.NHS, value="9990000018"),),
        )
        reference = self.refer("prepared", perpetrator=known, victim=a_person("Victoria", "Hidden"))
        self.screen(reference, TriageOutcome.CONFERENCE)
        response_requests.ask_agency(
            self.desk.context(flow_acting("assess", "cora")),
            to_ask=self.ask(reference),
            agency="health",
        )
        return reference

    def followed(self, number: int) -> None:
        """A decided case that was looked at again and again, as such cases are."""
        began = 750 - 25 * number
        self.at(began)
        reference = self.refer(
            f"followed-{number}",
            perpetrator=a_person("Invented", f"Man-{number}"),
            victim=a_person("Invented", f"Woman-{number}"),
        )
        self.screen(reference, TriageOutcome.CONFERENCE)
        self.decide(reference, {V: M, P: M, R: M, S: M}, review_in=None)  # of another day's worklist
        after = {0: 40, 2: 95, 3: 20, 6: 180, 9: 61, 12: 260, 15: 33, 18: 120, 21: 12}.get(number)
        looked = min(began - 1, 420)
        if number % 8 == 5:
            return  # nobody has looked
        again = after is not None and after <= looked
        self.at(began - (after if again and after else looked))
        until = self._today()
        follow_up.record_outcome(
            self.desk.context(self.desk.coordinator),
            reference=reference,
            outcome=OutcomeGiven(
                measure=Measure.REPORTED,
                found=OutcomeFound.FURTHER_STALKING if again else OutcomeFound.NONE_FOUND,
                against=(AgainstWhom.NEW_VICTIM if number % 9 == 0 else AgainstWhom.SAME_VICTIM)
                if again
                else None,
                happened=PartialDate.of(until) if again else None,
                looked_until=PartialDate.of(until),
                looked_in=("police", "advocacy"),
                says="A further report was found." if again else "No further report was found.",
            ),
        )

    def refer(self, number: str, **changes: Any) -> str:
        """A referral that arrives now."""
        given = {
            "perpetrator": a_person(pnc="2001/0000123Y"),
            "victim": a_person("Amira", "Kent"),
            "protected": (),
            **changes,
        }
        given.setdefault("incidents", tuple(self._incident(*each) for each in INCIDENTS[:4]))
        referral: Referral = a_referral(number, **given)
        return self.desk.refer(referral).referrals[0]

    def screen(self, reference: str, outcome: TriageOutcome) -> None:
        """Screened by the co-ordinator."""
        screening.screen(
            self.desk.context(self.desk.coordinator).with_agencies(self.runtime.agencies_known),
            reference=reference,
            screening=a_screening(outcome),
        )

    def ask(self, reference: str) -> CaseToAsk:
        """Requests to every agency; no plugin is called."""
        return response_requests.open_requests(
            self.desk.context(self.desk.coordinator),
            reference=reference,
        )

    def answer(self, reference: str, code: str, views: tuple[tuple[Domain, Level, str], ...]) -> None:
        """A contribution of one agency, by the hand of its practitioner."""
        name, post = PEOPLE[code]
        contribution = Contribution(
            matched_on=MatchBasis(says="by name and date of birth", confirmed=True),
            findings=tuple(
                Finding(
                    key=f"found-{number}",
                    says=sentence,
                    nature=Nature.FACT,
                    records=(RecordPointer(record=where.split()[-1], kind=" ".join(where.split()[:-1])),),
                )
                for number, (sentence, where) in enumerate(FOUND[code], start=1)
            ),
            views=tuple(
                DomainView(
                    domain=domain,
                    level=level,
                    reasons=reasons,
                    how_soon=HowSoon.WEEKS if domain is V else None,
                    recorded_by=Professional(name=name, post=post),
                    recorded_on=self._today() - timedelta(days=1),
                )
                for domain, level, reasons in views
            ),
            in_own_words=("RoSH: very high to known adults",) if code == "probation" else (),
            gaps=("The phone has not been looked at.",) if code == "police" else (),
        )
        self._answer(reference, code, contribution)

    def decide(self, reference: str, levels: dict[Domain, Level], *, review_in: int | None = 28) -> None:
        """The panel meets and decides."""
        decisions.open_conference(self.desk.context(self.chair), reference=reference)
        reasons = {
            V: "Strangulation outweighs the interview; to be looked at again.",
            P: "All who gave a view agree.",
            R: "The order holds during supervision.",
            S: "The advocate knows most of this.",
        }
        decision = Decision(
            judgements=tuple(
                Judgement(
                    domain=domain,
                    level=level,
                    reasons=reasons[domain],
                    settled="By newer reports." if domain is V else None,
                    how_soon=HowSoon.WEEKS if domain is V else None,
                    horizon_weeks=8,
                )
                for domain, level in levels.items()
            ),
            summary="The panel plans for the next eight weeks: the order, the phone, safety at work.",
            attendance=tuple(
                Attendance(agency=code, who=PEOPLE[code][0]) for code in PEOPLE if code != "health"
            ),
            dissent=(
                Dissent(
                    agency="advocacy",
                    who="Sefu Mbeki",
                    reasons="Contact is feared at the anniversary.",
                ),
            )
            if levels[R] is M and levels[V] is H
            else (),
            review_on=(self._today() + timedelta(days=review_in)).isoformat() if review_in else None,
            confidence=Confidence.MODERATE,
        )
        decisions.decide(self.desk.context(self.chair), reference=reference, decision=decision)

    def plan(
        self,
        reference: str,
        actions: tuple[tuple[str, str, int, Domain], ...],
        base_version: int = 0,
        *,
        approved: bool = True,
    ) -> None:
        """A plan; days are counted from now, not from when it was made."""
        given = PlanGiven(
            actions=tuple(
                PlannedAction(
                    what=what,
                    agency=code,
                    owner=PEOPLE[code][0],
                    due=max(self._today(), self.now.date() + timedelta(days=days)),
                    serves=domain,
                    side=Side.VICTIM_SAFETY if domain is S else Side.INTERVENTION,
                )
                for what, code, days, domain in actions
            ),
            reason="Agreed at the conference.",
            base_version=base_version,
            asks_approval=not approved,
        )
        plan_versions.make_plan(
            self.desk.context(self.chair),
            reference=reference,
            plan=given,
            agencies=self.runtime.agencies.codes,
        )
        if approved:
            approve(self.desk, reference, by=self.chair)

    def _report(self, reference: str) -> None:
        view = view_case(
            self.desk.context(self.chair).with_agencies(self.runtime.agencies_known), reference=reference
        )
        assert view.plan is not None
        by_what = {action.what: action.reference for action in view.plan.actions}
        for what, status in (
            (ACTIONS[0][0], ActionStatus.IN_PROGRESS),
            (ACTIONS[2][0], ActionStatus.IN_PROGRESS),
            (ACTIONS[5][0], ActionStatus.DONE),
        ):
            plan_actions.act(self.desk.context(self.chair), action=by_what[what], status=status)

    def _answer(self, reference: str, code: str, answer: Contribution | NilReturn) -> None:
        answer_by_hand(
            self.desk.context(self.workers[code]),
            reference=reference,
            agency=code,
            answer=answer,
        )

    def _incident(
        self, days: int, kind: IncidentKind, channel: Channel | None, what: str
    ) -> IncidentReported:
        happened = PartialDate.of((self.now - timedelta(days=days)).date())
        return IncidentReported(happened=happened, kind=kind, channel=channel, what=what)

    def _today(self) -> date:
        return self.desk.clock.today()

    def _add(self, name: str, display_name: str, role: Role, agency: str | None = None) -> Acting:
        user = User(name=name, display_name=display_name, role=role, agency=agency)
        users.add_user(replace(self.runtime.context(self.desk.coordinator), clock=self.desk.clock), user=user)
        return user.acting()


def runtime_of(home: Path) -> Runtime:
    """The record beside the server, for what a test does behind the browser's back."""
    return open_runtime({"STAC_HOME": str(home)})
