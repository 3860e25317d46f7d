"""A conference walked at random by its chair, its deputy, the police and the advocate, on a real record.

Each act is taken or refused, as its rule expects. What is refused changes not one byte of the record. After
what is taken, everyone reads the conference again, and after a decision its case and the minutes.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule, run_state_machine_as_test

from engine.domain.conference.agenda import Deferral, ItemPlan
from engine.domain.conference.attendance import AttendanceAct, AttendanceGiven
from engine.domain.conference.meetings import ConferenceState
from engine.domain.conference.risk import Level
from engine.domain.conference.timer import TimerAct
from engine.services.access import conflicts
from engine.services.conference import agenda, amending, decisions, quorum, session
from tests.builders import a_decision
from tests.conference_walk import (
    ADVOCATE,
    EVERYONE,
    MARKERS,
    PRESIDING,
    SEATS,
    Recorded,
    WatchedConference,
)

Act = tuple[Any, ...]
"""The name of an act, and what it is given beside who acts."""
By = tuple[str, Act]
START: By = ("chair", ("start",))
NEXT: By = ("chair", ("turn", session.Turn.NEXT))
ARRIVE: tuple[By, ...] = tuple(
    ("chair", ("come_and_go", user, AttendanceAct.ARRIVED))
    for user in ("harbour-worker", "lantern-worker", ADVOCATE)
)
CONFLICT: By = (ADVOCATE, ("declare", None, False))
BEGINS: tuple[tuple[By, ...], ...] = (
    (),
    (START,),
    (START, NEXT),
    *[(START, *ARRIVE, NEXT)] * 2,
    *[(START, *ARRIVE, NEXT, CONFLICT)] * 2,
)
"""What was done before a walk begins: most begin with an item on the screen and a quorum"""

who = st.sampled_from((*["chair"] * 8, "deputy", *EVERYONE))
cases = st.sampled_from((*[None] * 6, 0, 1, 2))
"""None is the case on the screen."""
places = st.integers(0, 4)
levels = st.sampled_from((*[Level.HIGH] * 4, *[Level.MODERATE] * 4, Level.LOW))
rarely = st.sampled_from((False, False, False, True))

# Few rules of many acts: hypothesis leaves some rules out of each walk, and a walk needs each of these.
planning = st.one_of(
    st.tuples(st.just("add"), st.sampled_from((0, 1, 2))),
    st.tuples(st.just("put_in_order"), st.integers(0, 2), rarely, rarely),
    st.tuples(st.just("defer"), places, st.sampled_from((-1, 7, 7, None, None)), st.booleans()),
)
attending = st.one_of(
    st.tuples(
        st.just("come_and_go"),
        st.sampled_from((*SEATS, *SEATS, "deputy")),
        st.sampled_from((*[AttendanceAct.ARRIVED] * 3, AttendanceAct.LEFT)),
    ),
    st.tuples(st.just("be_absent"), st.sampled_from(("harbour", "lantern", "voice")), st.booleans()),
)
turns = st.sampled_from((*[session.Turn.NEXT] * 3, session.Turn.PREVIOUS))
turning = st.one_of(
    st.tuples(st.just("turn"), turns),
    st.tuples(st.just("turn"), turns),
    st.tuples(st.just("show"), places, rarely),
    st.tuples(st.just("pause")),
    st.tuples(st.just("time"), st.sampled_from(TimerAct)),
    st.tuples(st.just("close")),
)
judging = st.one_of(
    st.tuples(st.just("decide"), cases, levels),
    st.tuples(st.just("decide"), cases, levels),
    st.tuples(st.just("amend"), cases, levels, rarely),
    st.tuples(st.just("amend"), cases, levels, rarely),
    st.tuples(st.just("open_alone"), cases),
    st.tuples(st.just("dissent"), cases),
)


class Walk(WatchedConference):
    """The acts of a conference, each with the rule that says when it is taken."""

    @initialize(
        first=st.lists(st.sampled_from((0, 1, 2)), min_size=1, unique=True), begins=st.sampled_from(BEGINS)
    )
    def build(self, first: list[int], begins: tuple[By, ...]) -> None:
        assert self.attempt(lambda: agenda.add_cases(**self.here("chair"), cases=self.named(*first)))
        self.order += first
        self.everyone_reads()
        for by, act in begins:
            self.do(by, act)

    @rule(who=who, act=planning)
    def plan(self, who: str, act: Act) -> None:
        self.do(who, act)

    @rule(who=who, act=attending)
    def attend(self, who: str, act: Act) -> None:
        self.do(who, act)

    @precondition(lambda self: self.is_in_session or self.acts % 4 == 0)
    @rule(who=who, act=turning)
    def run(self, who: str, act: Act) -> None:
        self.do(who, act)

    @rule(who=who, act=judging)
    def judge(self, who: str, act: Act) -> None:
        self.do(who, act)

    def do(self, who: str, act: Act) -> None:
        getattr(self, act[0])(who, *act[1:])

    def add(self, who: str, case: int) -> None:
        done = self.attempt(lambda: agenda.add_cases(**self.here(who), cases=self.named(case)))
        assert bool(done) == (
            who in PRESIDING and self.opens(who, case) and case not in self.order and not self.has_ended
        )
        if done:
            self.order.append(case)
            self.everyone_reads()

    def put_in_order(self, who: str, turned: int, without_last: bool, is_stale: bool) -> None:
        numbers = list(range(1, len(self.order) + 1))
        wanted = numbers[turned:] + numbers[:turned]
        wanted = wanted[:-1] if without_last else wanted
        seen = self.versions[1] - is_stale
        done = self.attempt(lambda: agenda.order_agenda(**self.here(who), places=wanted, seen=seen))
        order = [self.order[place - 1] for place in wanted]
        in_minutes = {case for case, each in self.decided.items() if each[-1].in_item}
        loses_taken = bool((self.taken | in_minutes) & (set(self.order) - set(order)))
        assert bool(done) == (who in PRESIDING and not self.has_ended and not is_stale and not loses_taken), (
            "an order is taken from those who plan, on what they saw, and keeps what was taken or decided"
        )
        if done:
            self.order = order
            self.everyone_reads()

    def defer(self, who: str, place: int, days: int | None, has_guest: bool) -> None:
        case = self.order[place - 1] if 1 <= place <= len(self.order) else None
        marker = MARKERS[case] if case is not None else "None"
        until = self.room.desk.clock.today() + timedelta(days=days or 0)
        deferral = Deferral(because=f"No {marker}.", until=until, meanwhile=f"An alarm {marker}.")
        plan = ItemPlan(
            guests=(f"A nurse {marker}",) if has_guest else (),
            chair_note=f"Ask about {marker}.",
            deferral=None if days is None else deferral,
        )
        here = self.here(who)
        done = self.attempt(lambda: agenda.plan_item(**here, place=place, seen=self.versions[1], plan=plan))
        assert bool(done) == (
            who in PRESIDING
            and not self.has_ended
            and case is not None
            and self.opens(who, case)
            and days != -1
        )
        if done:
            self.everyone_reads()

    def come_and_go(self, who: str, user: str, act: AttendanceAct) -> None:
        given = AttendanceGiven(act=act, user=user)
        done = self.attempt(lambda: quorum.record_attendance(**self.here(who), given=given))
        is_move = (user in self.there) == (act is AttendanceAct.LEFT)
        assert (done is not None) == (who in PRESIDING and self.is_in_session and is_move)
        if done is not None:
            self.there ^= {user}
            self.minuted.add(user)
            self.everyone_reads()

    def be_absent(self, who: str, agency: str, writes: bool) -> None:
        act = AttendanceAct.WRITTEN if writes else AttendanceAct.APOLOGIES
        given = AttendanceGiven(act=act, agency=agency)
        done = self.attempt(lambda: quorum.record_attendance(**self.here(who), given=given))
        assert (done is not None) == (who in PRESIDING and not self.has_ended)
        if done is not None:
            self.wrote |= {agency} if writes else set()
            self.everyone_reads()

    @precondition(lambda self: self.acts % 3 == 0)
    @rule(who=st.sampled_from((*EVERYONE, ADVOCATE)), case=cases, is_undone=rarely)
    def declare(self, who: str, case: int | None, is_undone: bool) -> None:
        case = self.meant(case)
        (reference,) = self.named(case)
        by = who if not is_undone else "deputy" if who == "chair" else "chair"
        done = self.attempt(
            lambda: (
                conflicts.say_of(
                    self.context(by), reference=reference, user=who, is_connected=False, why="A wrong name."
                )
                if is_undone
                else conflicts.say_own(self.context(by), reference=reference, is_connected=True)
            )
        )
        assert bool(done) == self.opens(by, case), "who can view a case declares, and a chair undoes it"
        if done:
            self.out = self.out - {(who, case)} if is_undone else self.out | {(who, case)}
            self.everyone_reads()

    @precondition(lambda self: self.state is ConferenceState.PLANNED)
    @rule(who=who)
    def start(self, who: str) -> None:
        done = self.attempt(lambda: session.start_conference(**self.here(who)))
        assert bool(done) == (who in PRESIDING and bool(self.order))
        if done:
            self.state = ConferenceState.IN_SESSION
            self.there.add(who)
            self.minuted.add(who)
            self.everyone_reads()

    def turn(self, who: str, turn: session.Turn) -> None:
        self.shows(who, self.attempt(lambda: session.turn_to(**self.here(who), turn=turn)))

    def show(self, who: str, place: int, is_stale: bool) -> None:
        seen = max(0, self.versions[2] - 1) if is_stale else None
        here = self.here(who)
        self.shows(who, self.attempt(lambda: session.show_item(**here, place=place, seen=seen)))

    def pause(self, who: str) -> None:
        self.shows(who, self.attempt(lambda: session.take_break(**self.here(who))))

    def time(self, who: str, act: TimerAct) -> None:
        done = self.attempt(lambda: session.turn_timer(**self.here(who), act=act))
        assert bool(done) == (who in PRESIDING and self.is_in_session and self.screen is not None)
        if done:
            self.everyone_reads()

    def close(self, who: str) -> None:
        if self.acts < 10:
            return  # else many walks end before anything was decided
        done = self.attempt(lambda: session.close_conference(**self.here(who)))
        assert bool(done) == (who in PRESIDING and self.is_in_session)
        if done:
            self.state, self.screen = ConferenceState.CLOSED, None
            self.there = set()
            self.everyone_reads()
            self.everyone_reads_minutes()

    def open_alone(self, who: str, case: int | None) -> None:
        case = self.meant(case)
        (reference,) = self.named(case)
        done = self.attempt(lambda: decisions.open_conference(self.context(who), reference=reference))
        waits = case in self.order and not self.has_ended and case not in self.taken
        assert bool(done) == (
            who in PRESIDING and self.opens(who, case) and case not in self.began and not waits
        ), "a case on an agenda opens with its item"
        if done:
            self.began.add(case)

    def decide(self, who: str, case: int | None, level: Level) -> None:
        case = self.meant(case)
        (reference,) = self.named(case)
        decision = a_decision(level, summary=f"A plan for {MARKERS[case]}.")
        done = self.attempt(
            lambda: decisions.decide(self.context(who), reference=reference, decision=decision)
        )
        assert bool(done) == (
            who in PRESIDING
            and self.opens(who, case)
            and case in self.began
            and case not in self.decided
            and level is not Level.LOW
        ), "a decision is for a case that is open, once, and never low over a gap"
        if done:
            self.require_quorum(done.quorum, case)
            self.decided[case] = [Recorded(done.decision, level, done.quorum, self.is_in_session)]
            if self.is_in_session and case not in self.order:
                self.order.append(case)  # it becomes the last item, so that the minutes have it
                self.everyone_reads()
            assert (done.conference is not None) == self.is_in_session
            assert done.version == 1
            self.everyone_reads_of(case)

    def amend(self, who: str, case: int | None, level: Level, is_stale: bool) -> None:
        case = self.meant(case)
        (reference,) = self.named(case)
        earlier = self.decided.get(case, [])
        decision = a_decision(level, amended_because="A slip.", summary=f"Another for {MARKERS[case]}.")
        base = len(earlier) - is_stale
        done = self.attempt(
            lambda: amending.amend_decision(
                self.context(who), reference=reference, decision=decision, base_version=base
            )
        )
        changes = bool(earlier) and level is not earlier[-1].level
        assert bool(done) == (
            who in PRESIDING
            and self.opens(who, case)
            and bool(earlier)
            and not is_stale
            and (not changes or (self.is_item(case) and level is not Level.LOW))
        ), "a changed level needs a conference in session that has taken the case"
        if done:
            if changes:
                self.require_quorum(done.quorum, case)
            else:
                assert done.quorum == earlier[-1].quorum
            in_item = changes or earlier[-1].in_item
            earlier.append(Recorded(done.decision, level, done.quorum, in_item))
            assert done.version == len(earlier)
            self.everyone_reads_of(case)

    def dissent(self, who: str, case: int | None) -> None:
        case = self.meant(case)
        (reference,) = self.named(case)
        reasons = f"Too little for {MARKERS[case]}."
        done = self.attempt(
            lambda: amending.enter_dissent(self.context(who), reference=reference, reasons=reasons)
        )
        there = bool(self.decided.get(case)) and (
            self.decided[case][-1].quorum is None or who in self.minuted
        )
        assert bool(done) == (who not in PRESIDING and self.opens(who, case) and there)
        if done:
            self.everyone_reads_of(case)


SOME = settings(
    max_examples=5,
    stateful_step_count=15,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    database=None,
)


@pytest.mark.sqlite
def test_a_conference_holds_its_rules_whatever_is_done() -> None:
    run_state_machine_as_test(Walk, settings=SOME)


@pytest.mark.full
@pytest.mark.sqlite
def test_a_hundred_long_conferences_hold_them_too() -> None:
    run_state_machine_as_test(Walk, settings=settings(SOME, max_examples=100, stateful_step_count=40))
