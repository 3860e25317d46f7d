"""An alarm that everyone on the case may know of brings responses forward, and one that not all may know of
moves no date, for no one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta

import pytest

from engine.clock import LONDON
from engine.domain.absence import YesNo
from engine.domain.accounts.acting import Acting
from engine.domain.alarm_questions import PARTIES
from engine.domain.cases.incidents import IncidentKind
from engine.domain.cases.involvement import EpisodeVerdict
from engine.domain.cases.lifecycle import State, TriageOutcome
from engine.domain.cases.worklists import WorkItem
from engine.domain.conference.remarks import RemarkAct, RemarkGiven
from engine.domain.outcomes.process import Timing
from engine.domain.referrals.intake import AlarmTopic
from engine.domain.responses.answers import Nature, NilReturn
from engine.domain.responses.voices import EVERYONE
from engine.domain.sharing import AudienceKind, Grounds, RuleGiven
from engine.services.access.restrictions import lift, restrict
from engine.services.accounts.users import set_active
from engine.services.alarms.acts import end_alarm, record_done
from engine.services.alarms.own_topics import disclose_topics
from engine.services.alarms.questions import record_works_for
from engine.services.cases.lists import list_page, list_responses
from engine.services.cases.views import view_case
from engine.services.cases.worklists import daily_sweep, worklist
from engine.services.conference import remarks
from engine.services.conference.victim_words import confirm_victim_words
from engine.services.due.kinds import DueGiven, DueKind
from engine.services.outcomes.process import process_cases
from engine.services.referrals.incidents import record_incident
from engine.services.referrals.screening import acknowledge_alarm, name_people, screen
from engine.services.responses.agency_answers import answer_by_hand
from engine.services.responses.due import CHASE, LATE_ANSWER
from engine.services.responses.due_dates import DueDates
from engine.services.responses.requests import open_requests
from engine.services.sharing.incident_rules import set_incident_rule
from tests.builders import (
    Desk,
    a_person,
    a_referral,
    a_screening,
    an_incident,
    ask_all,
    in_one_entry,
    load_toys,
)
from tests.differential import statements_of
from tests.due_rows import differences
from tests.engine.services.alarms import doors
from tests.engine.services.alarms.doors import WAYS, Twelve, Way, make
from tests.prepared import prepared

KNIFE = {AlarmTopic.WEAPON: YesNo.YES}
NIL = NilReturn(looked_in=("register",), says="Nothing was held.")
VIEWERS = ("coordinator", "chair", "harbour-second", "lantern-second", "voice-second")
GIVEN, SOONER = "2026-03-16", "2026-03-05"
"""The date that requests of Monday 2 March are given; two working days after an alarm of Tuesday."""
MOVED = "brought forward from 16 March because of the alarm of 3 March"
GROUNDS = Grounds(basis="agreed", purpose="case work", necessity="So.")


def go_to(desk: Desk, day: str, hour: int = 10, minute: int = 0) -> None:
    local = datetime.fromisoformat(day).replace(hour=hour, minute=minute, tzinfo=LONDON)
    desk.clock.move_to(local.astimezone(UTC))


@pytest.fixture
def twelve(desk: Desk) -> Twelve:
    """On Tuesday; the case was put to the agencies on Monday."""
    load_toys(desk)
    made = Twelve(desk, *prepared(desk, make))
    go_to(desk, "2026-03-03")
    return made


def case_of(twelve: Twelve) -> str:
    return twelve.cases[State.AGENCIES_ASKED]


def on_page(twelve: Twelve, who: str, case: str | None = None) -> dict[str, tuple[str, str | None]]:
    """By agency the due date that a person's page of the case shows, and what moved it."""
    view = view_case(twelve.context(who), reference=case or case_of(twelve))
    return {
        each.agency: (f"{each.due_at.astimezone(LONDON):%Y-%m-%d}", each.brought_forward)
        for each in view.answers
        if each.due_at is not None
    }


def dates(twelve: Twelve, case: str | None = None) -> set[tuple[str, str | None]]:
    """Each date that any person on the case reads, of any agency."""
    assert differences(twelve.desk) == {}
    return {date for who in VIEWERS for date in on_page(twelve, who, case).values()}


def all_that_is_read(twelve: Twelve, who: str) -> str:
    """What a person reads of the case's requests, anywhere, in words."""
    view = view_case(twelve.context(who), reference=case_of(twelve))
    there = worklist(twelve.context(who)).items
    rows = list_responses(twelve.context(who), references=[case_of(twelve)])
    of_requests = ("chase", "late answer", "answer", "release", "name people")
    lines = [item for item in there if item.kind in of_requests]
    return repr((view.answers, lines, [row.answers for row in rows]))


def items(twelve: Twelve, who: str, kind: str) -> list[WorkItem]:
    there = worklist(twelve.context(who)).items
    return [item for item in there if item.kind == kind and item.reference == case_of(twelve)]


def knife(twelve: Twelve, who: str = "coordinator", kept_with_us: str | None = None) -> str:
    return record_incident(
        twelve.context(who),
        reference=case_of(twelve),
        incident=an_incident("2026-03-01", kind=IncidentKind.THREAT),
        topics=KNIFE,
        kept_with_us=kept_with_us,
    )


def alarm_on(twelve: Twelve) -> str:
    with twelve.desk.runtime.uow.unrecorded() as work:
        (alarm,) = work.raised_alarms.of([case_of(twelve)])[case_of(twelve)]
    return alarm.reference


def set_days(twelve: Twelve, days: int | str) -> None:
    desk = twelve.desk
    settings = desk.runtime.settings.model_copy(update={"answers_due_after_alarm_working_days": days})
    desk.runtime.__dict__["settings"] = settings


PANEL = {"coordinator", "chair", "on the case", "of the owner"}
USABLE = [way for way in WAYS if State.AGENCIES_ASKED not in way.not_in]


@pytest.mark.parametrize("way", USABLE, ids=lambda way: way.name)
def test_a_way_to_learn_a_topic_moves_dates_if_its_alarm_is_for_everyone_and_else_changes_nothing(
    twelve: Twelve, way: Way
) -> None:
    before = {who: all_that_is_read(twelve, who) for who in VIEWERS}
    way.tell(twelve, case_of(twelve), KNIFE)
    go_to(twelve.desk, "2026-03-03", 11)  # a breach may be of an act that police have to be asked about
    if set(way.alarm) == PANEL:
        assert dates(twelve) == {(SOONER, MOVED)}
    else:
        assert dates(twelve) == {(GIVEN, None)}
        assert {who: all_that_is_read(twelve, who) for who in VIEWERS} == before


def test_both_kinds_of_way_are_tried() -> None:
    is_panels = [set(way.alarm) == PANEL for way in USABLE]
    assert is_panels.count(True) >= 7
    assert is_panels.count(False) >= 7


def test_an_alarm_of_before_the_request_moves_nothing(twelve: Twelve) -> None:
    case = _asked_later(twelve)
    assert dates(twelve, case) == {("2026-03-17", None)}


def _asked_later(
    twelve: Twelve,
    topics: Mapping[AlarmTopic, YesNo] = KNIFE,
    outcome: TriageOutcome = TriageOutcome.CONFERENCE,
) -> str:
    """A case whose alarm was recorded before it was screened and put to the agencies."""
    referral = a_referral(
        "late", perpetrator=a_person("Daniel", "Late"), incidents=(), party_works_for=YesNo.NO
    )
    (case,) = twelve.desk.refer(referral).referrals
    following = an_incident("2026-03-01", kind=IncidentKind.FOLLOWING)
    record_incident(twelve.context("coordinator"), reference=case, incident=following, topics=topics)
    twelve.desk.clock.forward(timedelta(minutes=5))
    screen(twelve.context("coordinator"), reference=case, screening=a_screening(outcome))
    open_requests(twelve.context("coordinator"), reference=case)
    people = [f"{code}-second" for code in ("harbour", "lantern", "voice")]
    name_people(twelve.context("coordinator"), reference=case, people=people)
    return case


def test_an_alarm_shortly_before_the_due_date_or_after_it_moves_nothing(twelve: Twelve) -> None:
    go_to(twelve.desk, "2026-03-12")
    knife(twelve)
    assert dates(twelve) == {(GIVEN, None)}
    go_to(twelve.desk, "2026-03-20")
    knife(twelve)
    assert dates(twelve) == {(GIVEN, None)}


def test_nothing_moves_where_an_operator_switched_it_off_and_another_number_is_counted(
    twelve: Twelve,
) -> None:
    knife(twelve)
    set_days(twelve, "off")
    assert {date for who in VIEWERS for date in on_page(twelve, who).values()} == {(GIVEN, None)}
    set_days(twelve, 1)
    assert {date for who in VIEWERS for date in on_page(twelve, who).values()} == {("2026-03-04", MOVED)}


def test_what_is_switched_off_asks_the_database_nothing(twelve: Twelve) -> None:
    def asked() -> int:
        with statements_of(twelve.desk) as there:
            list_responses(twelve.context("coordinator"), references=[case_of(twelve)])
        return len(there)

    set_days(twelve, 2)
    on = asked()
    set_days(twelve, "off")
    assert asked() < on


def test_a_hidden_alarm_takes_no_more_statements_than_none(twelve: Twelve) -> None:
    def asked(who: str) -> list[str]:
        with statements_of(twelve.desk) as there:
            list_responses(twelve.context(who), references=[case_of(twelve)])
        return there

    people = ("coordinator", "lantern-second")
    assert all(asked(who) for who in people), "what a process reads once is read"
    before = {who: asked(who) for who in people}
    knife(twelve, "harbour", kept_with_us="Said in confidence.")
    assert {who: asked(who) for who in before} == before


def test_the_date_that_was_given_stays_on_record(twelve: Twelve) -> None:
    def stored() -> set[date]:
        with twelve.desk.runtime.uow.unrecorded() as work:
            found = work.answers.returns([case_of(twelve)])[case_of(twelve)]
        return {each.request.due_at.date() for each in found}

    before = stored()
    knife(twelve)
    assert stored() == before == {date(2026, 3, 16)}


# Who is late, and where it is said


def test_it_is_late_from_the_sooner_date_on_every_worklist_and_says_why(twelve: Twelve) -> None:
    knife(twelve)
    go_to(twelve.desk, SOONER, 17)
    assert items(twelve, "coordinator", "chase") == []
    go_to(twelve.desk, SOONER, 17, 1)
    said = f"Due 5 March 2026, {MOVED}."
    chased = items(twelve, "coordinator", "chase")
    assert [item.agency for item in chased] == ["harbour", "lantern", "voice"]
    (own,) = items(twelve, "harbour-second", "answer")
    for item in (*chased, own):
        assert item.is_overdue
        assert (item.due_at or item.since, said in item.why) == (own.due_at, True)
    assert items(twelve, "chair", "late answer") == []
    go_to(twelve.desk, "2026-03-09", 17, 1)  # two working days later
    late = items(twelve, "chair", "late answer")
    assert [said in item.why for item in late] == [True] * 3
    assert differences(twelve.desk) == {}
    view = view_case(twelve.context("chair"), reference=case_of(twelve))
    assert {f"has not responded (overdue since 5 March 2026, {MOVED})." in a.says for a in view.answers} == {
        True
    }


def test_without_an_alarm_no_line_says_a_word_of_it(twelve: Twelve) -> None:
    go_to(twelve.desk, GIVEN, 17, 1)
    shown = [*items(twelve, "coordinator", "chase"), *items(twelve, "harbour-second", "answer")]
    assert len(shown) == 4
    assert not any("forward" in item.why or "alarm" in item.why for item in shown)


def test_an_agency_without_people_on_the_case_is_due_the_same(twelve: Twelve) -> None:
    for name in ("lantern-worker", "lantern-second"):
        set_active(twelve.context("coordinator"), name=name, active=False)
    (before,) = items(twelve, "chair", "name people")
    knife(twelve)
    (after,) = items(twelve, "chair", "name people")
    due = [item.due_at and item.due_at.date() for item in (before, after)]
    assert due == [date(2026, 3, 16), date(2026, 3, 5)]
    assert [MOVED in item.why for item in (before, after)] == [False, True]


def test_the_daily_count_and_the_figures_of_the_work_use_the_same_date(twelve: Twelve) -> None:
    def late() -> int:
        return daily_sweep(twelve.desk.context(Acting.model_validate(_FLOW)))["overdue_answers"]

    def timings() -> list[Timing]:
        with twelve.desk.runtime.uow.unrecorded() as work:
            cases = process_cases(work, at=twelve.desk.clock.now(), settings=twelve.desk.runtime.settings)
        (found,) = (case for case in cases if case.reference == case_of(twelve))
        return [each.timing for each in found.requests]

    knife(twelve)
    go_to(twelve.desk, SOONER)
    before = late()
    assert timings() == [Timing.NOT_DUE] * 3
    go_to(twelve.desk, "2026-03-06")
    assert late() == before + 3
    assert timings() == [Timing.OVERDUE] * 3


_FLOW = {"user": "sweep", "role": "system", "purpose": "daily sweep"}


def test_a_released_response_keeps_its_date_and_one_after_the_alarm_is_judged_by_it(twelve: Twelve) -> None:
    answer_by_hand(twelve.context("harbour"), reference=case_of(twelve), agency="harbour", answer=NIL)
    twelve.desk.clock.forward(timedelta(hours=1))
    knife(twelve)
    shown = on_page(twelve, "chair")
    assert (shown["harbour"], shown["lantern"]) == ((GIVEN, None), (SOONER, MOVED))
    go_to(twelve.desk, "2026-03-06")
    answer_by_hand(twelve.context("lantern"), reference=case_of(twelve), agency="lantern", answer=NIL)
    assert on_page(twelve, "chair") == shown
    with twelve.desk.runtime.uow.unrecorded() as work:
        cases = process_cases(work, at=twelve.desk.clock.now(), settings=twelve.desk.runtime.settings)
    (found,) = (case for case in cases if case.reference == case_of(twelve))
    assert sorted(each.timing.value for each in found.requests) == sorted(
        [Timing.IN_TIME.value, Timing.LATE.value, Timing.OVERDUE.value]
    )


# What became of the alarm


@pytest.mark.parametrize("act", ["acknowledged", "done", "ended"])
def test_what_was_done_about_an_alarm_makes_no_date_later(twelve: Twelve, act: str) -> None:
    knife(twelve)
    alarm, chair = alarm_on(twelve), twelve.context("chair")
    acknowledge_alarm(chair, reference=case_of(twelve))
    if act != "acknowledged":
        record_done(chair, reference=case_of(twelve), alarm=alarm, done="Called at the address.")
    if act == "ended":
        end_alarm(chair, reference=case_of(twelve), alarm=alarm, why="A toy.")
    assert dates(twelve) == {(SOONER, MOVED)}


def test_a_second_alarm_moves_nothing_more(twelve: Twelve) -> None:
    knife(twelve)
    go_to(twelve.desk, "2026-03-04")
    knife(twelve)
    assert dates(twelve) == {(SOONER, MOVED)}


def test_contact_today_that_is_answered_again_is_no_second_alarm_and_moves_nothing(twelve: Twelve) -> None:
    case, topics = case_of(twelve), {AlarmTopic.CONTACT_TODAY: YesNo.YES}
    doors.incident(twelve, case, topics)
    doors.incident(twelve, case, topics)
    assert dates(twelve) == {(SOONER, MOVED)}


# Who may know of it


Opens = Callable[[Twelve, str], None]


def _rule(audience: AudienceKind, *agencies: str, until: date | None = None) -> Opens:
    def set_it(twelve: Twelve, incident: str) -> None:
        given = RuleGiven(
            item=incident, audience=audience, agencies=agencies, until=until, grounds=GROUNDS, why="So."
        )
        set_incident_rule(twelve.context("harbour"), reference=case_of(twelve), rule=given)

    return set_it


def _disclosed(twelve: Twelve, incident: str) -> None:
    disclose_topics(
        twelve.context("harbour"), reference=case_of(twelve), alarm=alarm_on(twelve), why="A life."
    )


@pytest.mark.parametrize("opens", [_rule(AudienceKind.PANEL), _disclosed])
def test_what_one_agency_has_moves_dates_from_when_it_gives_it_to_the_panel(
    twelve: Twelve, opens: Opens
) -> None:
    incident = knife(twelve, "harbour", kept_with_us="Said in confidence.")
    assert dates(twelve) == {(GIVEN, None)}
    go_to(twelve.desk, "2026-03-04")
    opens(twelve, incident)
    moved = "brought forward from 16 March because of the alarm of 4 March"
    assert dates(twelve) == {("2026-03-06", moved)}


@pytest.mark.parametrize(
    "limits",
    [
        _rule(AudienceKind.OWNER),
        _rule(AudienceKind.NAMED, "lantern"),
        _rule(AudienceKind.PANEL, until=date(2026, 6, 1)),
    ],
)
def test_what_is_no_longer_for_everyone_or_for_a_time_moves_no_date(twelve: Twelve, limits: Opens) -> None:
    incident = knife(twelve, "harbour")
    assert dates(twelve) == {(SOONER, MOVED)}
    limits(twelve, incident)
    assert dates(twelve) == {(GIVEN, None)}


def test_what_named_agencies_had_counts_from_when_everyone_may_know(twelve: Twelve) -> None:
    incident = knife(twelve, "harbour")
    _rule(AudienceKind.NAMED, "lantern")(twelve, incident)
    go_to(twelve.desk, "2026-03-06")
    _rule(AudienceKind.PANEL)(twelve, incident)
    assert dates(twelve) == {("2026-03-10", MOVED)}


def test_a_remark_moves_dates_from_its_release(twelve: Twelve) -> None:
    case, harbour = case_of(twelve), twelve.context("harbour")
    conference = doors.on_screen(twelve, case)
    given = RemarkGiven(agency="harbour", text="He has a knife.", source="A visit.", nature=Nature.FACT)
    entered = remarks.enter_remark(harbour, conference=conference, case=case, given=given, topics=KNIFE)
    assert dates(twelve) == {(GIVEN, None)}
    go_to(twelve.desk, "2026-03-04")
    remarks.settle_remark(harbour, remark=entered.reference, act=RemarkAct.RELEASED)
    assert {due for due, _ in dates(twelve)} == {"2026-03-06"}


def _answered(twelve: Twelve, answer: YesNo) -> None:
    answers = dict.fromkeys(PARTIES, answer)
    record_works_for(twelve.context("coordinator"), reference=case_of(twelve), answers=answers)


def test_while_it_is_open_whether_a_party_works_for_an_agency_no_date_moves(twelve: Twelve) -> None:
    _answered(twelve, YesNo.NOT_KNOWN)
    before = {who: all_that_is_read(twelve, who) for who in VIEWERS}
    knife(twelve)
    assert dates(twelve) == {(GIVEN, None)}
    assert {who: all_that_is_read(twelve, who) for who in VIEWERS} == before
    go_to(twelve.desk, "2026-03-05")
    _answered(twelve, YesNo.NO)
    assert dates(twelve) == {("2026-03-09", MOVED)}, "from the answer on: then the others may know"
    go_to(twelve.desk, "2026-03-06")
    _answered(twelve, YesNo.NOT_KNOWN)
    assert dates(twelve) == {(GIVEN, None)}, "it is open again, and a date must not show what is hidden"


def test_on_a_restricted_case_dates_move_for_its_people_and_it_counts_from_the_restriction(
    twelve: Twelve,
) -> None:
    _answered(twelve, YesNo.NOT_KNOWN)
    knife(twelve)
    go_to(twelve.desk, "2026-03-04")
    restrict(twelve.context("chair"), reference=case_of(twelve), why="So.")
    there = {who: on_page(twelve, who) for who in ("chair", "harbour-second")}
    assert {date for page in there.values() for date in page.values()} == {("2026-03-06", MOVED)}
    assert differences(twelve.desk) == {}
    lift(twelve.context("chair"), reference=case_of(twelve), why="So.")
    assert dates(twelve) == {(GIVEN, None)}


def test_an_alarm_moves_the_dates_of_its_own_case_only(twelve: Twelve) -> None:
    other = twelve.cases[State.READY_FOR_CONFERENCE]
    before = on_page(twelve, "chair", other)
    knife(twelve)
    assert on_page(twelve, "chair", other) == before


def test_words_that_a_coordinator_noted_count_from_when_the_advocate_confirms_them_for_all(
    twelve: Twelve,
) -> None:
    doors.words("coordinator")(twelve, case_of(twelve), KNIFE)
    assert dates(twelve) == {(GIVEN, None)}
    go_to(twelve.desk, "2026-03-05")
    confirm_victim_words(twelve.context("voice"), reference=case_of(twelve), number=1, with_whom=(EVERYONE,))
    assert dates(twelve) == {("2026-03-09", MOVED)}


def test_a_breach_of_an_order_that_another_case_alone_has_moves_no_date(twelve: Twelve) -> None:
    doors.breach(twelve, case_of(twelve), KNIFE)
    settings = twelve.desk.runtime.settings
    with twelve.desk.runtime.uow.unrecorded() as work:
        there = work.raised_alarms.of([case_of(twelve)])[case_of(twelve)]
        elsewhere = [each.model_copy(update={"needs": (twelve.cases[State.DECIDED],)}) for each in there]
        moved = DueDates(work, [case_of(twelve)], settings)
        work.raised_alarms.of = lambda cases, *, always=False: {case_of(twelve): tuple(elsewhere)}  # type: ignore[method-assign]
        hidden = DueDates(work, [case_of(twelve)], settings)
    when = {"asked_at": twelve.desk.clock.now() - timedelta(days=1)}
    due = twelve.desk.clock.now() + timedelta(days=10)
    assert moved.forward(case_of(twelve), **when, due_at=due) is not None
    assert hidden.forward(case_of(twelve), **when, due_at=due) is None


@pytest.mark.parametrize("kind", [CHASE, LATE_ANSWER], ids=lambda kind: kind.name)
def test_rows_are_derived_again_where_the_number_of_days_changes(twelve: Twelve, kind: DueKind) -> None:
    def digest() -> str:
        return kind.digest(DueGiven(twelve.desk.runtime.settings, tuple))

    before = digest()
    set_days(twelve, "off")
    assert digest() != before


def test_more_cases_than_are_read_at_once_have_the_same_dates(
    twelve: Twelve, monkeypatch: pytest.MonkeyPatch
) -> None:
    knife(twelve)
    few = on_page(twelve, "chair")
    monkeypatch.setattr("engine.services.responses.due_dates._AT_ONCE", 0)
    assert on_page(twelve, "chair") == few


def test_what_was_yes_before_the_request_and_is_yes_again_is_no_alarm_and_moves_nothing(
    twelve: Twelve,
) -> None:
    topics = {AlarmTopic.CONTACT_TODAY: YesNo.YES}
    case = _asked_later(twelve, topics)
    go_to(twelve.desk, "2026-03-04")
    doors.incident(twelve, case, topics)
    assert dates(twelve, case) == {("2026-03-17", None)}


def test_a_list_has_the_dates_of_the_page(twelve: Twelve) -> None:
    knife(twelve)
    (row,) = list_responses(twelve.context("lantern-second"), references=[case_of(twelve)])
    assert {each.brought_forward for each in row.answers} == {MOVED}
    (listed,) = (each for each in list_page(twelve.context("chair")).rows if each.reference == row.reference)
    assert {each.brought_forward for each in listed.answers} == {MOVED}


def test_a_newer_response_that_waits_for_its_release_keeps_the_date_of_the_first(twelve: Twelve) -> None:
    case, lantern = case_of(twelve), twelve.context("lantern")
    answer_by_hand(lantern, reference=case, agency="lantern", answer=NIL)
    knife(twelve)
    ask_all(twelve.desk, case, again=True)
    (newer,) = items(twelve, "lantern-second", "release")
    assert newer.due_at is not None
    assert (newer.due_at.date(), "forward" in newer.why) == (date(2026, 3, 16), False)


def test_a_restriction_of_another_referral_of_the_same_case_lets_its_people_have_the_alarm(
    twelve: Twelve,
) -> None:
    case, other = case_of(twelve), twelve.cases[State.IN_CONSULTATION]
    with in_one_entry(twelve.desk.runtime) as work:
        episode = work.cases.get(case).episode
        at = twelve.desk.clock.now()
        work.cases.judge_episode(
            other, episode, verdict=EpisodeVerdict.JOINED, by="cora", why="The same two.", at=at
        )
    _answered(twelve, YesNo.NOT_KNOWN)
    knife(twelve)
    assert dates(twelve) == {(GIVEN, None)}
    go_to(twelve.desk, "2026-03-04")
    restrict(twelve.context("chair"), reference=other, why="So.")
    assert differences(twelve.desk) == {}
    assert set(on_page(twelve, "chair").values()) == {("2026-03-06", MOVED)}


def test_an_urgent_request_is_due_the_same_day_and_no_alarm_is_read_for_it(twelve: Twelve) -> None:
    def asked(case: str) -> bool:
        with statements_of(twelve.desk) as there:
            list_responses(twelve.context("coordinator"), references=[case])
        return any("topics_asked" in each for each in there)

    case = _asked_later(twelve, outcome=TriageOutcome.URGENT)
    go_to(twelve.desk, "2026-03-03", 12)
    assert (asked(case), asked(case_of(twelve))) == (False, True)
    doors.incident(twelve, case, KNIFE)
    assert dates(twelve, case) == {("2026-03-03", None)}


def test_a_case_whose_alarms_only_coordinators_and_chair_may_have_asks_for_none(twelve: Twelve) -> None:
    _answered(twelve, YesNo.NOT_KNOWN)
    with statements_of(twelve.desk) as there:
        list_responses(twelve.context("coordinator"), references=[case_of(twelve)])
    assert not any("topics_asked" in each for each in there)
