"""Twelve cases, one in each state, the people around them, and each way to learn an alarm topic."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from engine.domain.absence import YesNo
from engine.domain.accounts.acting import Acting, Role
from engine.domain.alarms import Door
from engine.domain.cases.incidents import IncidentKind
from engine.domain.cases.lifecycle import Act, State, TriageOutcome
from engine.domain.conference.attendance import AttendanceAct, AttendanceGiven
from engine.domain.conference.meetings import ConferenceGiven
from engine.domain.conference.remarks import RemarkAct, RemarkGiven
from engine.domain.conference.victim_words import VictimWordsGiven
from engine.domain.errors import StacError
from engine.domain.orders.breaches import ReviewAct, ReviewGiven
from engine.domain.orders.orders import OrderGiven, StepGiven
from engine.domain.outcomes.follow_up import OutcomeGiven
from engine.domain.outcomes.victims import Moment, Topic, VictimOutcomeGiven
from engine.domain.referrals.intake import AlarmTopic
from engine.domain.responses.answers import Nature
from engine.domain.responses.voices import EVERYONE
from engine.services.cases.worklists import worklist
from engine.services.conference import agenda, decisions, meetings, quorum, remarks, session, victim_words
from engine.services.orders import breaches
from engine.services.orders.recording import create_order, record_step
from engine.services.outcomes import agency_outcomes, follow_up, victims
from engine.services.plans.versions import make_plan
from engine.services.referrals import screening
from engine.services.referrals.incidents import record_incident
from engine.services.responses import agency_answers
from engine.services.responses.requests import open_requests
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
    approve,
    ask_all,
    let_answer,
    load_toys,
)

Topics = Mapping[AlarmTopic, YesNo]
ROLES = ("coordinator", "chair", "on the case", "of the owner", "not on the case", "analyst", "manager")


@dataclass(frozen=True)
class Twelve:
    """A desk with a case in each state."""

    desk: Desk
    people: dict[str, Acting]
    cases: dict[State, str]

    def context(self, who: str) -> Any:
        """What use cases are given."""
        return self.desk.context(self.people[who])

    def viewer(self, role: str, owner: str) -> Acting:
        """The person of a role, seen from the agency that told the topic."""
        other = "lantern" if owner == "harbour" else "harbour"
        names = {
            "on the case": other,
            "of the owner": f"{owner}-second",
            "not on the case": f"{owner}-later",
        }
        return self.people[names.get(role, role)]


def make(desk: Desk) -> tuple[dict[str, Acting], dict[State, str]]:
    """Return the people and the cases; done once, then copied."""
    people = {"coordinator": desk.coordinator, "chair": desk.chair}
    for code in TOY_CODES:
        people[code] = desk.add(f"{code}-worker", Role.PRACTITIONER, code)
        people[f"{code}-second"] = desk.add(f"{code}-second", Role.PRACTITIONER, code)
        let_answer(desk, code, a_contribution("Two reports were held."))
    people["manager"] = desk.add("max", Role.MANAGER)
    people["analyst"] = desk.add("ana", Role.ANALYST)
    cases = {state: _in_state(desk, state, number) for number, state in enumerate(State)}
    desk.clock.forward(timedelta(hours=1))
    for code in TOY_CODES:  # came later, and so are named on no case
        people[f"{code}-later"] = desk.add(f"{code}-later", Role.PRACTITIONER, code)
    return people, cases


_TRIAGE = {
    State.ADVICE_GIVEN: TriageOutcome.ADVICE,
    State.REDIRECTED: TriageOutcome.REDIRECT,
    State.IN_CONSULTATION: TriageOutcome.CONSULTATION,
    State.SAFEGUARDING_TODAY: TriageOutcome.URGENT,
    State.CLOSED: TriageOutcome.ADVICE,
}
_DECIDED = (State.DECIDED, State.IN_DELIVERY, State.IN_FOLLOW_UP)


def _in_state(desk: Desk, state: State, number: int) -> str:
    coordinator, chair = desk.context(desk.coordinator), desk.context(desk.chair)
    referral = a_referral(
        f"case-{number}",
        perpetrator=a_person("Daniel", f"Roe{number}", pnc=None),
        victim=a_person("Amira", f"Kent{number}"),
        incidents=(),
        party_works_for=YesNo.NO,
    )
    (case,) = desk.refer(referral).referrals
    if state is State.NOT_SCREENED:
        return case
    outcome = _TRIAGE.get(state, TriageOutcome.CONFERENCE)
    people = tuple(f"{code}-{which}" for code in TOY_CODES for which in ("worker", "second"))
    screening.screen(coordinator, reference=case, screening=a_screening(outcome, people=people))
    if state is State.CLOSED:
        screening.end_involvement(chair, reference=case, act=Act.CLOSE, why="Over.")
    if state is State.AGENCIES_ASKED:
        open_requests(coordinator, reference=case)
    if state in {State.READY_FOR_CONFERENCE, State.IN_CONFERENCE, *_DECIDED}:
        _answered(desk, case)
    if state is State.IN_CONFERENCE or state in _DECIDED:
        _decided(desk, case, state)
    return case


def _answered(desk: Desk, case: str) -> None:
    ask_all(desk, case)
    for code in ("lantern", "voice"):
        acting = Acting(user=f"{code}-worker", role=Role.PRACTITIONER, agency=code)
        agency_answers.release(desk.context(acting), reference=case, agency=code)


def _decided(desk: Desk, case: str, state: State) -> None:
    chair = desk.context(desk.chair)
    decisions.open_conference(chair, reference=case)
    if state is State.IN_CONFERENCE:
        return
    decisions.decide(chair, reference=case, decision=a_decision())
    if state is State.DECIDED:
        return
    make_plan(chair, reference=case, plan=a_plan(agency="harbour"), agencies=TOY_CODES)
    approve(desk, case)
    if state is State.IN_FOLLOW_UP:
        screening.end_involvement(chair, reference=case, act=Act.EXIT, why="Over.")


def opened(desk: Desk, people: dict[str, Acting], cases: dict[State, str]) -> Twelve:
    """Return them at a desk whose record has them."""
    load_toys(desk)
    return Twelve(desk, people, cases)


def waits_for(twelve: Twelve, acting: Acting) -> set[tuple[str, str, bool]]:
    """Return what a person's worklist has: case, kind and whether it is an alarm; nothing without one."""
    try:
        items = worklist(twelve.desk.context(acting)).items
    except StacError:
        return set()
    return {(item.reference, item.kind, item.is_alarm) for item in items}


Tell = Callable[[Twelve, str, Topics], None]


def incident(twelve: Twelve, case: str, topics: Topics) -> None:
    """For the panel."""
    record_incident(
        twelve.context("harbour" if case != twelve.cases[State.NOT_SCREENED] else "coordinator"),
        reference=case,
        incident=an_incident("2026-03-01", kind=IncidentKind.FOLLOWING),
        topics=topics,
    )


def threat(twelve: Twelve, case: str, topics: Topics) -> None:
    """Without its topics."""
    record_incident(
        twelve.context("harbour-second"),
        reference=case,
        incident=an_incident("2026-03-01", kind=IncidentKind.THREAT),
    )


def kept_incident(twelve: Twelve, case: str, topics: Topics) -> None:
    """Only for the agency that reports it."""
    record_incident(
        twelve.context("harbour"),
        reference=case,
        incident=an_incident("2026-03-01", kind=IncidentKind.FOLLOWING),
        topics=topics,
        kept_with_us="Said in confidence.",
    )


def on_screen(twelve: Twelve, case: str) -> str:
    """Return a conference in session that has taken the case, with harbour in the room."""
    chair = twelve.context("chair")
    given = ConferenceGiven(held_on=twelve.desk.clock.today(), place="Room 4", minute_taker="cora")
    conference = meetings.create_conference(chair, given=given).reference
    agenda.add_cases(chair, conference=conference, cases=(case,))
    session.start_conference(chair, conference=conference)
    arrived = AttendanceGiven(act=AttendanceAct.ARRIVED, user="harbour-worker")
    quorum.record_attendance(chair, conference=conference, given=arrived)
    session.turn_to(chair, conference=conference, turn=session.Turn.NEXT)
    return conference


def _remark(
    twelve: Twelve, case: str, topics: Topics, act: RemarkAct | None, nature: Nature = Nature.FACT
) -> None:
    conference = on_screen(twelve, case)
    given = RemarkGiven(agency="harbour", text="He has a knife.", source="A visit.", nature=nature)
    harbour = twelve.context("harbour")
    entered = remarks.enter_remark(harbour, conference=conference, case=case, given=given, topics=topics)
    if act is not None:
        remarks.settle_remark(harbour, remark=entered.reference, act=act)
    session.close_conference(twelve.context("chair"), conference=conference)


def remark(twelve: Twelve, case: str, topics: Topics) -> None:
    """Not released."""
    _remark(twelve, case, topics, None)


def released_remark(twelve: Twelve, case: str, topics: Topics) -> None:
    """Released to the panel."""
    _remark(twelve, case, topics, RemarkAct.RELEASED)


def discarded_remark(twelve: Twelve, case: str, topics: Topics) -> None:
    """Discarded by its agency."""
    _remark(twelve, case, topics, RemarkAct.DISCARDED)


def note(twelve: Twelve, case: str, topics: Topics) -> None:
    """Of the minute taker."""
    conference = on_screen(twelve, case)
    taker = twelve.context("coordinator")
    remarks.add_note(taker, conference=conference, case=case, text="A knife.", topics=topics)
    session.close_conference(twelve.context("chair"), conference=conference)


def words(who: str, *with_whom: str) -> Tell:
    def tell(twelve: Twelve, case: str, topics: Topics) -> None:
        given = VictimWordsGiven.model_validate(
            {
                "text": "I am afraid.",
                "manner": "reported",
                "said_by": "the victim",
                "said_on": "2026-03-01",
                "said_to": "the advocate",
                "with_whom": with_whom,
            }
        )
        victim_words.record_victim_words(twelve.context(who), reference=case, given=given, topics=topics)

    return tell


def account(*with_whom: str, moment: Moment = Moment.INTAKE) -> Tell:
    def tell(twelve: Twelve, case: str, topics: Topics) -> None:
        given = VictimOutcomeGiven.model_validate(
            {
                "moment": moment,
                "agreed": "agreed",
                "asked_on": "2026-03-01",
                "answers": {Topic.SAFETY: "unsafe"},
                "with_whom": with_whom,
            }
        )
        victims.record_victim_outcome(twelve.context("voice"), reference=case, given=given, topics=topics)

    return tell


def outcome(twelve: Twelve, case: str, topics: Topics) -> None:
    """Recorded by a coordinator."""
    given = OutcomeGiven.model_validate(
        {
            "measure": "recorded crime",
            "found": "further stalking",
            "against": "same victim",
            "happened": "2026-03-02",
            "looked_until": "2026-03-02",
            "agency": "harbour",
            "says": "He was at the gate.",
        }
    )
    context = twelve.context("coordinator")
    follow_up.record_outcome(context, reference=case, outcome=given, topics=topics)


def _returned(twelve: Twelve, case: str, is_released: bool | None) -> None:
    """An agency's own records have a breach, which is the topic, whatever else was asked."""
    act = {
        "measure": "recorded crime",
        "happened": "2026-03-02",
        "against": "same victim",
        "is_order_breach": True,
    }
    folder = twelve.desk.runtime.settings.home / "agencies" / "lantern"
    (folder / "outcomes.json").write_text(json.dumps({"searched": ["recorded crime"], "acts": [act]}))
    agency_outcomes.ask_outcomes(twelve.context("coordinator"), reference=case, of={"lantern"})
    if is_released is not None:
        lantern = twelve.context("lantern")
        seen_at = agency_outcomes.outcome_returns(lantern, reference=case)[0].at
        agency_outcomes.release_outcomes(
            lantern, reference=case, agency="lantern", seen_at=seen_at, withhold=not is_released
        )


def agency_return(twelve: Twelve, case: str, topics: Topics) -> None:
    """It waits for its agency."""
    _returned(twelve, case, None)


def released_return(twelve: Twelve, case: str, topics: Topics) -> None:
    """Its agency released it."""
    _returned(twelve, case, True)


def withheld_return(twelve: Twelve, case: str, topics: Topics) -> None:
    """Its agency withheld it."""
    _returned(twelve, case, False)


def breach(twelve: Twelve, case: str, topics: Topics) -> None:
    """Confirmed by the chair."""
    context = twelve.context("chair")
    facts = {
        "type": "spo",
        "made": "2026-02-02",
        "years": 2,
        "conditions": [{"code": "no-contact", "means": ["any means"]}],
    }
    order = create_order(context, reference=case, given=OrderGiven.model_validate(facts)).reference
    served = {"act": "served", "on": "2026-02-02", "how": "in person", "at_time": "09:00"}
    record_step(context, order=order, step=StepGiven.model_validate(served))
    call = an_incident("2026-02-20", kind=IncidentKind.CONTACTING, channel="phone")
    record_incident(context, reference=case, incident=call)
    (found,) = breaches.breaches_on_case(context, reference=case).breaches
    given = ReviewGiven(act=ReviewAct.CONFIRMED, why="The message was read.")
    breaches.decide_breach(context, breach=found.reference, given=given, topics=topics)


def correction(twelve: Twelve, case: str, topics: Topics) -> None:
    """Of the referral file: a topic became yes."""
    number = list(twelve.cases.values()).index(case)
    raised = tuple(topic for topic, answer in topics.items() if answer is YesNo.YES)
    referral = a_referral(
        f"case-{number}",
        perpetrator=a_person("Daniel", f"Roe{number}", pnc=None),
        victim=a_person("Amira", f"Kent{number}"),
        incidents=(),
        party_works_for=YesNo.NO,
        alarms=raised,
    )
    twelve.desk.refer(referral)


_NOT_NAMED = "no practitioner is named on it before it is screened"
_UNSCREENED = {State.NOT_SCREENED: _NOT_NAMED}
_NO_CONFERENCE = {
    State.NOT_SCREENED: "no conference takes it before it is screened",
    State.ADVICE_GIVEN: "it got advice: it is stepped up before a conference takes it",
    State.REDIRECTED: "it was redirected: it is stepped up before a conference takes it",
    State.IN_CONSULTATION: "it is in consultation: it is stepped up before a conference takes it",
    State.SAFEGUARDING_TODAY: "the same-day safeguarding is recorded before a conference takes it",
    State.CLOSED: "it is closed: it is stepped up before a conference takes it",
}
_NOT_DECIDED = {
    state: "agencies are asked for outcomes after a decision" for state in State if state not in _DECIDED
}
PANEL = ("coordinator", "chair", "on the case", "of the owner")
OWNER = ("of the owner",)
_REVIEW = {"incident": ("coordinator",)}
_REVIEWED_ANYWAY = (State.DECIDED, State.IN_DELIVERY)
"""A new incident brings the review of the plan forward here, which is a line of its own."""
KINDS = frozenset({"alarm", "alarm owner", "alarm done", "ask topics", "incident"})


@dataclass(frozen=True)
class Way:
    """A way to learn a topic: who has the alarm and a line, whose it is, and where it cannot be used."""

    name: str
    door: Door
    tell: Tell
    alarm: tuple[str, ...]
    owner: str = "harbour"
    not_in: Mapping[State, str] = field(default_factory=dict)
    lines: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    topic: AlarmTopic | None = None
    """The topic that it always is."""

    def expected(self, role: str, state: State) -> set[str]:
        """Return the kinds of what waits that it adds for a role on a case in this state."""
        is_named = state is not State.NOT_SCREENED or role in {"coordinator", "chair"}
        if state in self.not_in or not is_named:
            return set()
        has_it = role in self.alarm
        if self.door is Door.CORRECTION and state is State.NOT_SCREENED:
            has_it = role == "coordinator"  # the referral's own alarm: the chair has it once it is late
        alarm = {"alarm"} if has_it else set()
        lines = {kind for kind, roles in self.lines.items() if role in roles}
        return alarm | (lines - {"incident"} if state in _REVIEWED_ANYWAY else lines)


_D = Door
WAYS = (
    Way("incident", _D.INCIDENT, incident, PANEL, lines=_REVIEW),
    Way(
        "threat without topics",
        _D.INCIDENT,
        threat,
        (),
        not_in=_UNSCREENED,
        lines={**_REVIEW, "ask topics": ("coordinator", "of the owner")},
    ),
    Way("kept incident", _D.INCIDENT, kept_incident, OWNER, not_in=_UNSCREENED, lines={"incident": OWNER}),
    Way("remark", _D.REMARK, remark, OWNER, not_in=_NO_CONFERENCE),
    Way("released remark", _D.REMARK, released_remark, PANEL, not_in=_NO_CONFERENCE),
    Way("discarded remark", _D.REMARK, discarded_remark, (), not_in=_NO_CONFERENCE),
    Way("note", _D.REMARK, note, PANEL, not_in=_NO_CONFERENCE),
    Way("words alone", _D.VICTIM_WORDS, words("voice"), OWNER, "voice", _UNSCREENED),
    Way(
        "words for one",
        _D.VICTIM_WORDS,
        words("voice", "harbour"),
        (*OWNER, "on the case"),
        "voice",
        _UNSCREENED,
    ),
    Way("words for all", _D.VICTIM_WORDS, words("voice", EVERYONE), PANEL, "voice", _UNSCREENED),
    Way("noted words", _D.VICTIM_WORDS, words("coordinator"), ("coordinator", "chair"), "voice"),
    Way("account alone", _D.VICTIM_WORDS, account(), OWNER, "voice", _UNSCREENED),
    Way("account for all", _D.VICTIM_WORDS, account(EVERYONE), PANEL, "voice", _UNSCREENED),
    Way("outcome", _D.OUTCOME, outcome, PANEL, not_in={State.NOT_SCREENED: "outcomes follow a screening"}),
    Way("return", _D.OUTCOME, agency_return, OWNER, "lantern", _NOT_DECIDED, topic=AlarmTopic.BREACH),
    Way(
        "released return",
        _D.OUTCOME,
        released_return,
        PANEL,
        "lantern",
        _NOT_DECIDED,
        topic=AlarmTopic.BREACH,
    ),
    Way("withheld return", _D.OUTCOME, withheld_return, (), "lantern", _NOT_DECIDED),
    Way("breach", _D.BREACH, breach, PANEL, lines=_REVIEW, topic=AlarmTopic.BREACH),
    Way("correction", _D.CORRECTION, correction, PANEL),
)
