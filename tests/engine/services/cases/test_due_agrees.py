"""What waits agrees with the facts after acts in any order, and every open alarm is on some worklist."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.absence import YesNo
from engine.domain.accounts.acting import Acting, Role
from engine.domain.alarm_questions import PARTIES
from engine.domain.cases.incidents import IncidentKind
from engine.domain.cases.lifecycle import Act, TriageOutcome
from engine.domain.cases.police_decisions import PoliceAction, PoliceDecisionGiven
from engine.domain.errors import StacError
from engine.domain.referrals.advice import SentHow, SlipAnswer, SlipEntry, SlipGiven
from engine.domain.referrals.intake import AlarmTopic
from engine.domain.sharing import AudienceKind, Grounds, RuleGiven
from engine.services.access.restrictions import lift, restrict
from engine.services.accounts.users import set_active
from engine.services.alarms.acts import end_alarm, hand_over, record_done
from engine.services.alarms.questions import record_works_for
from engine.services.cases.worklists import worklist
from engine.services.conference.decisions import open_conference
from engine.services.plans.reviews import record_police_decision
from engine.services.referrals.advice import close_advice, record_sent, record_slip
from engine.services.referrals.incidents import record_incident, record_topics, review_incident
from engine.services.referrals.screening import acknowledge_alarm, end_involvement, name_people, screen
from engine.services.referrals.stepping_up import step_up
from engine.services.responses.due_dates import returned
from engine.services.responses.requests import open_requests
from engine.services.sharing.incident_rules import set_incident_rule
from tests.builders import TOYS, Desk, a_desk, a_person, a_referral, a_screening, an_incident
from tests.databases import POSTGRESQL, SQLITE

KINDS = (IncidentKind.THREAT, IncidentKind.ENTRY, IncidentKind.CONTACTING, IncidentKind.ASSAULT)
TOPICS: tuple[dict[AlarmTopic, YesNo], ...] = (
    {},
    {AlarmTopic.WEAPON: YesNo.YES},
    {AlarmTopic.CONTACT_TODAY: YesNo.YES},
    {AlarmTopic.WEAPON: YesNo.NO},
)
NUMBERS = count(1)


@dataclass
class Walk:
    """A record in which acts are done, and what they made."""

    desk: Desk
    advocate: Acting
    officer: Acting
    cases: list[str] = field(default_factory=list)
    incidents: list[tuple[str, str]] = field(default_factory=list)

    def refer(self, pick: int) -> None:
        number = str(next(NUMBERS))
        alarms = (AlarmTopic.WEAPON,) if pick % 2 else ()
        referral = a_referral(
            number, alarms=alarms, perpetrator=a_person(f"Dan {number}"), victim=a_person(f"Amy {number}")
        )
        self.cases += self.desk.refer(referral).referrals

    def screen(self, pick: int) -> None:
        outcome = list(TriageOutcome)[pick % len(TriageOutcome)]
        screen(self.coordinator, reference=self.case(pick), screening=a_screening(outcome))

    def name(self, pick: int) -> None:
        people = [self.advocate.user, self.officer.user]
        name_people(self.coordinator, reference=self.case(pick), people=people)

    def step_up(self, pick: int) -> None:
        step_up(self.coordinator, reference=self.case(pick), reason="A new threat.")

    def advise(self, pick: int) -> None:
        case, done = self.case(pick), SlipEntry(answer=SlipAnswer.NO, why="Not yet.")
        if pick % 3 == 0:
            record_sent(self.coordinator, reference=case, how=SentHow.EMAIL, to="officer in the case")
        elif pick % 3 == 1:
            record_slip(self.coordinator, reference=case, slip=SlipGiven(contacted=done))
        else:
            close_advice(self.desk.context(self.desk.chair), reference=case, reason="The sergeant has it.")

    def close(self, pick: int) -> None:
        end_involvement(self.coordinator, reference=self.case(pick), act=Act.CLOSE, why="Over.")

    def incident(self, pick: int) -> None:
        who = (self.advocate, self.officer, self.desk.coordinator)[pick % 3]
        case = self.case(pick)
        added = record_incident(
            self.desk.context(who),
            reference=case,
            incident=an_incident("2026-02-20", kind=KINDS[pick % len(KINDS)]),
            topics=TOPICS[pick // 2 % len(TOPICS)],
            kept_with_us="In confidence." if pick % 5 == 0 and who.agency else None,
        )
        self.incidents.append((case, added))

    def topics(self, pick: int) -> None:
        case, incident = self.incidents[pick % len(self.incidents)]
        topics = TOPICS[pick % len(TOPICS)]
        record_topics(self.desk.context(self.officer), reference=case, incident=incident, topics=topics)

    def review(self, pick: int) -> None:
        case, incident = self.incidents[pick % len(self.incidents)]
        review_incident(self.coordinator, reference=case, incident=incident, why="Nothing changes.")

    def decide(self, pick: int) -> None:
        case, incident = self.incidents[pick % len(self.incidents)]
        given = PoliceDecisionGiven(
            incident=incident,
            action=list(PoliceAction)[pick % len(PoliceAction)],
            decided_by="DS A. Example",
            decided_on=self.desk.clock.today(),
        )
        record_police_decision(self.coordinator, reference=case, decision=given)

    def rule(self, pick: int) -> None:
        case, incident = self.incidents[pick % len(self.incidents)]
        who = (self.advocate, self.officer, self.desk.coordinator)[pick % 3]
        audience = (AudienceKind.OWNER, AudienceKind.PANEL)[pick % 2]
        grounds = Grounds(basis="agreed", purpose="case work", necessity="So.")
        given = RuleGiven(item=incident, audience=audience, grounds=grounds, why="So.")
        set_incident_rule(self.desk.context(who), reference=case, rule=given)

    def ask(self, pick: int) -> None:
        open_requests(self.coordinator, reference=self.case(pick))

    def works_for(self, pick: int) -> None:
        answers = dict.fromkeys(PARTIES, (YesNo.NO, YesNo.NOT_KNOWN, YesNo.NO, YesNo.YES)[pick // 2 % 4])
        record_works_for(self.coordinator, reference=self.case(pick), answers=answers)

    def open(self, pick: int) -> None:
        open_conference(self.desk.context(self.desk.chair), reference=self.case(pick))

    def acknowledge(self, pick: int) -> None:
        who = self.desk.chair if pick % 2 else self.desk.coordinator
        acknowledge_alarm(self.desk.context(who), reference=self.case(pick))

    def act(self, pick: int) -> None:
        alarm = self.alarm(pick)
        context = self.desk.context(self.desk.chair)
        if pick % 3 == 0:
            until = self.desk.clock.now() + timedelta(hours=pick + 1)
            people = (self.officer.user, self.desk.coordinator.user)
            hand_over(context, reference=alarm[0], alarm=alarm[1], to=people[pick % 2], until=until)
        elif pick % 3 == 1:
            record_done(context, reference=alarm[0], alarm=alarm[1], done="Called at the address.")
        else:
            end_alarm(context, reference=alarm[0], alarm=alarm[1], why="A toy.")

    def restrict(self, pick: int) -> None:
        (lift if pick % 2 else restrict)(
            self.desk.context(self.desk.chair), reference=self.case(pick), why="So."
        )

    def leave(self, pick: int) -> None:
        set_active(self.coordinator, name=self.officer.user, active=bool(pick % 2))

    def wait(self, pick: int) -> None:
        self.desk.clock.forward(timedelta(hours=7 * pick))

    @property
    def coordinator(self):  # the context's own type
        return self.desk.context(self.desk.coordinator)

    def case(self, pick: int) -> str:
        return self.cases[pick % len(self.cases)]

    def alarm(self, pick: int) -> tuple[str, str]:
        with self.desk.runtime.uow.unrecorded() as work:
            there = [each for alarms in work.raised_alarms.of(self.cases).values() for each in alarms]
        chosen = there[pick % len(there)]
        return chosen.case, chosen.reference


ACTS: dict[str, Callable[[Walk, int], None]] = {
    name: getattr(Walk, name)
    for name in (
        "refer",
        "screen",
        "name",
        "step_up",
        "close",
        "advise",
        "incident",
        "topics",
        "review",
        "decide",
        "rule",
        "ask",
        "works_for",
        "open",
        "acknowledge",
        "act",
        "restrict",
        "leave",
        "wait",
    )
}
BEGINNING = [("refer", 0), ("screen", 0), ("name", 0), ("incident", 1), ("acknowledge", 0)]
"""A case with advice, and an alarm since that the coordinator has: few acts in any order come so far."""
STEPS = st.lists(st.tuples(st.sampled_from(sorted(ACTS)), st.integers(0, 20)), min_size=4, max_size=14)


ON_POSTGRESQL = pytest.param(POSTGRESQL, marks=[pytest.mark.full, pytest.mark.postgres])


@pytest.fixture(scope="module", params=[SQLITE, ON_POSTGRESQL])
def begun(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home with an advocate and an officer, which each example begins with.

    On PostgreSQL in the full run: each example takes a database there.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(TOYS))
        home = tmp_path_factory.mktemp("agrees") / "home"
        with a_desk(home, database=request.param) as desk:
            desk.add("ana", Role.PRACTITIONER, "voice")
            desk.add("olu", Role.PRACTITIONER, "harbour")
        yield home


def walk_of(desk: Desk) -> Walk:
    return Walk(
        desk,
        Acting(user="ana", role=Role.PRACTITIONER, agency="voice"),
        Acting(user="olu", role=Role.PRACTITIONER, agency="harbour"),
    )


def walked(begun: Path, steps: list[tuple[str, int]]) -> None:
    """Do these acts, those that are refused too, and hold what waits against the facts after each."""
    home = begun.with_name(f"walk-{next(NUMBERS)}")
    with a_desk(home, like=begun) as desk:
        walk = walk_of(desk)
        for name, pick in BEGINNING:
            ACTS[name](walk, pick)
        for name, pick in steps:
            with suppress(StacError, IndexError, ZeroDivisionError):
                ACTS[name](walk, pick)
            differ = {kind: n for kind, n in desk.runtime.due.differences(desk.runtime.uow).items() if n}
            assert not differ, (name, pick)
        every_open_alarm_is_somebodys(walk)
    shutil.rmtree(home, ignore_errors=True)


def every_open_alarm_is_somebodys(walk: Walk) -> None:
    """Hold each alarm that no one has acknowledged against the worklists of all who work on cases."""
    people = (walk.desk.coordinator, walk.desk.chair, walk.advocate, walk.officer)
    shown = {
        item.reference
        for acting in people
        for item in worklist(walk.desk.context(acting)).items
        if item.is_alarm
    }
    with walk.desk.runtime.uow.unrecorded() as work:
        now = walk.desk.clock.now()
        later = work.raised_alarms.of(walk.cases)
        is_open = {case for case, alarms in later.items() if any(each.is_open(now) for each in alarms)}
        is_open |= set(work.alarms.open())
    assert is_open <= shown


ASKED = [("refer", 2), ("screen", 7), ("name", 1), ("ask", 1), ("incident", 3)]
"""Another case, put to the agencies, with an alarm of after that."""
WHO_MAY_KNOW = st.lists(
    st.tuples(
        st.sampled_from(["incident", "rule", "works_for", "restrict", "act", "wait", "ask", "step_up"]),
        st.integers(0, 20),
    ),
    min_size=2,
    max_size=10,
)


def test_the_case_that_is_put_to_agencies_has_requests_that_an_alarm_moves(begun: Path) -> None:
    """Else the walks about due dates would hold nothing."""
    home = begun.with_name(f"walk-{next(NUMBERS)}")
    with a_desk(home, like=begun) as desk:
        walk = walk_of(desk)
        for name, pick in [*BEGINNING, *ASKED[:-1], ("works_for", 1), ("wait", 1), ("incident", 3)]:
            ACTS[name](walk, pick)
        asked = walk.cases[1]
        with desk.runtime.uow.unrecorded() as work:
            given = work.answers.returns([asked])[asked]
            moved = returned(work, [asked], desk.runtime.settings)[asked]
        assert given
        assert all(a.request.due_at > b.request.due_at for a, b in zip(given, moved, strict=True))


@settings(max_examples=8)
@given(WHO_MAY_KNOW)
def test_due_dates_agree_whoever_may_know_of_an_alarm(begun: Path, steps: list[tuple[str, int]]) -> None:
    walked(begun, [*ASKED, *steps])


@settings(max_examples=30)
@given(STEPS)
def test_what_waits_agrees_after_acts_in_any_order(begun: Path, steps: list[tuple[str, int]]) -> None:
    walked(begun, steps)
