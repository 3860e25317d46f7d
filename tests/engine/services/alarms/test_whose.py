"""Whose an alarm is changes with the release of what raised it: its owner's first, then the panel's."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from engine.domain.absence import YesNo
from engine.domain.accounts.acting import Role
from engine.domain.alarms import Door
from engine.domain.cases.lifecycle import State
from engine.domain.cases.worklists import WorkItem
from engine.domain.conference.remarks import RemarkAct, RemarkGiven
from engine.domain.errors import InvalidInputError
from engine.domain.orders.breaches import ReviewAct
from engine.domain.outcomes.victims import Moment
from engine.domain.referrals.intake import AlarmTopic
from engine.domain.responses.answers import Nature
from engine.domain.responses.voices import EVERYONE
from engine.domain.sharing import DESK, AudienceKind
from engine.services.alarms.acts import hand_over
from engine.services.cases.views import view_case
from engine.services.cases.worklists import worklist
from engine.services.conference import remarks, victim_words
from engine.services.orders.breaches import breaches_on_case
from engine.services.outcomes import agency_outcomes
from engine.services.referrals.incidents import record_incident
from engine.services.referrals.screening import acknowledge_alarm, name_people, screen
from tests.builders import Desk, a_referral, a_screening, an_incident, load_toys, with_toys
from tests.engine.services.alarms import doors
from tests.engine.services.alarms.doors import Twelve, make
from tests.engine.services.orders.test_breaches import an_order, answer, report
from tests.prepared import prepared

KNIFE = {AlarmTopic.WEAPON: YesNo.YES}
FRIGHT = {AlarmTopic.VICTIM_EXTREMELY_FRIGHTENED: YesNo.YES}
HOUR = timedelta(hours=1)
LATER = timedelta(minutes=40)


@pytest.fixture
def twelve(desk: Desk) -> Twelve:
    load_toys(desk)
    return Twelve(desk, *prepared(desk, make))


def alarms(twelve: Twelve, who: str) -> list[WorkItem]:
    return [item for item in worklist(twelve.context(who)).items if item.is_alarm]


def holders(twelve: Twelve) -> set[str]:
    """Who has an alarm: a coordinator, the chair, and a second person of each agency on the case."""
    people = ("coordinator", "chair", "harbour-second", "lantern-second", "voice-second")
    return {who.removesuffix("-second") for who in people if alarms(twelve, who)}


def due(twelve: Twelve, who: str) -> datetime | None:
    (alarm,) = alarms(twelve, who)
    return alarm.due_at


def agrees(twelve: Twelve) -> bool:
    return not any(twelve.desk.runtime.due.differences(twelve.desk.runtime.uow).values())


EVERYBODY = {"coordinator", "chair", "harbour", "lantern", "voice"}


@pytest.mark.parametrize(
    ("nature", "agencies", "expected"),
    [
        (Nature.FACT, (), EVERYBODY),
        (Nature.OPINION, (), EVERYBODY),
        (Nature.FACT, ("voice",), {"harbour", "voice"}),
        (Nature.FACT, (DESK,), {"harbour", "coordinator", "chair"}),
    ],
)
def test_a_remark_is_an_alarm_of_its_audience_from_its_release(
    twelve: Twelve, nature: Nature, agencies: tuple[str, ...], expected: set[str]
) -> None:
    case = twelve.cases[State.IN_CONFERENCE]
    conference = doors.on_screen(twelve, case)
    given = RemarkGiven(
        agency="harbour",
        text="He has a knife.",
        source="A visit.",
        nature=nature,
        audience=AudienceKind.NAMED if agencies else AudienceKind.PANEL,
        agencies=agencies,
    )
    harbour = twelve.context("harbour")
    entered = remarks.enter_remark(harbour, conference=conference, case=case, given=given, topics=KNIFE)
    assert holders(twelve) == {"harbour"}
    (own,) = alarms(twelve, "harbour-second")
    assert own.what == "Release, refuse and say why, or override for immediate danger"
    twelve.desk.clock.forward(LATER)
    remarks.settle_remark(harbour, remark=entered.reference, act=RemarkAct.RELEASED)
    assert holders(twelve) == expected
    for who in expected & {"coordinator", "chair"}:
        assert due(twelve, who) == twelve.desk.clock.now() + HOUR
        (alarm,) = alarms(twelve, who)
        assert alarm.since == twelve.desk.clock.now()
    assert agrees(twelve)


@pytest.mark.parametrize("agencies", [(), (DESK,), (DESK, "voice")])
def test_an_alarm_is_handed_over_only_to_people_who_may_know_of_it(
    twelve: Twelve, agencies: tuple[str, ...]
) -> None:
    case = twelve.cases[State.IN_CONFERENCE]
    conference = doors.on_screen(twelve, case)
    given = RemarkGiven(
        agency="harbour",
        text="He has a knife.",
        source="A visit.",
        nature=Nature.FACT,
        audience=AudienceKind.NAMED if agencies else AudienceKind.PANEL,
        agencies=agencies,
    )
    harbour, coordinator = twelve.context("harbour"), twelve.context("coordinator")
    entered = remarks.enter_remark(harbour, conference=conference, case=case, given=given, topics=KNIFE)
    remarks.settle_remark(harbour, remark=entered.reference, act=RemarkAct.RELEASED)
    acknowledge_alarm(coordinator, reference=case)
    alarm = next(each for each in view_case(coordinator, reference=case).alarms_since if each.held_by)
    auditor = twelve.desk.add("aud", Role.AUDITOR)
    name_people(coordinator, reference=case, people=[auditor.user])
    may_know = set(agencies or ("harbour", "lantern", "voice")) | {"harbour"}
    for who in ("harbour", "lantern", "voice"):
        to = twelve.context(who).acting.user
        given_to = {"reference": case, "alarm": alarm.reference, "to": to}
        if who in may_know:
            hand_over(coordinator, **given_to, until=twelve.desk.clock.now() + HOUR)
            assert owned(twelve, who)
        else:
            with pytest.raises(InvalidInputError, match="cannot read this alarm"):
                hand_over(coordinator, **given_to, until=twelve.desk.clock.now() + HOUR)
            assert not owned(twelve, who)
    with pytest.raises(InvalidInputError, match="cannot read this alarm"):
        hand_over(
            coordinator,
            reference=case,
            alarm=alarm.reference,
            to=auditor.user,
            until=twelve.desk.clock.now() + HOUR,
        )
    assert agrees(twelve)


def owned(twelve: Twelve, who: str) -> list[WorkItem]:
    return [each for each in worklist(twelve.context(who)).items if each.kind == "alarm owner"]


def test_an_agency_that_a_report_was_shared_with_reads_the_alarm_and_its_owner_decides(
    twelve: Twelve,
) -> None:
    case = twelve.cases[State.IN_DELIVERY]
    doors.words("voice", "harbour")(twelve, case, KNIFE)
    assert holders(twelve) == {"voice", "harbour"}
    (own,), (shared,) = alarms(twelve, "voice-second"), alarms(twelve, "harbour")
    assert own.what == "Release, refuse and say why, or override for immediate danger"
    assert shared.what == "Read the alarm"
    for line in (own, shared):
        assert "The panel does not have it: only the agencies that it was shared with." in line.why


def test_noted_words_are_their_writers_until_the_advocate_confirms_with_whom(twelve: Twelve) -> None:
    case = twelve.cases[State.IN_DELIVERY]
    doors.words("coordinator")(twelve, case, KNIFE)
    assert holders(twelve) == {"coordinator", "chair"}
    twelve.desk.clock.forward(LATER)
    victim_words.confirm_victim_words(
        twelve.context("voice"), reference=case, number=1, with_whom=("harbour",)
    )
    assert holders(twelve) == {"coordinator", "chair", "harbour"}
    assert due(twelve, "coordinator") == twelve.desk.clock.now() - LATER + HOUR, "they had it before"
    assert agrees(twelve)


def test_words_that_are_withdrawn_end_no_alarm(twelve: Twelve) -> None:
    case = twelve.cases[State.IN_DELIVERY]
    doors.words("voice", EVERYONE)(twelve, case, KNIFE)
    victim_words.withdraw_victim_words(twelve.context("voice"), reference=case, number=1)
    assert holders(twelve) == EVERYBODY


def test_an_account_is_the_panels_alarm_from_the_entry_in_which_the_victim_agrees(twelve: Twelve) -> None:
    case = twelve.cases[State.IN_FOLLOW_UP]
    doors.account()(twelve, case, KNIFE)
    assert holders(twelve) == {"voice"}
    twelve.desk.clock.forward(LATER)
    doors.account(EVERYONE, moment=Moment.EXIT)(twelve, case, {})
    assert holders(twelve) == {"voice"}, "another moment is another account"
    doors.account(EVERYONE)(twelve, case, {})
    assert holders(twelve) == EVERYBODY
    assert due(twelve, "chair") == twelve.desk.clock.now() + HOUR
    doors.account()(twelve, case, {})
    assert holders(twelve) == EVERYBODY, "who had it keeps it"
    assert agrees(twelve)


def test_a_return_is_the_panels_alarm_from_its_release_and_the_same_breach_is_none_again(
    twelve: Twelve,
) -> None:
    case = twelve.cases[State.DECIDED]
    doors.agency_return(twelve, case, {})
    assert holders(twelve) == {"lantern"}
    twelve.desk.clock.forward(LATER)
    doors.agency_return(twelve, case, {})
    (alarm,) = alarms(twelve, "lantern-second")
    assert "more before it" not in alarm.why, "the same act was asked for again"
    seen_at = agency_outcomes.outcome_returns(twelve.context("lantern"), reference=case)[0].at
    agency_outcomes.release_outcomes(
        twelve.context("lantern"), reference=case, agency="lantern", seen_at=seen_at
    )
    assert holders(twelve) == EVERYBODY
    assert due(twelve, "chair") == twelve.desk.clock.now() + HOUR
    acknowledge_alarm(twelve.context("chair"), reference=case)
    twelve.desk.clock.forward(LATER)
    doors.agency_return(twelve, case, {})
    assert holders(twelve) == set()
    assert agrees(twelve)


def test_what_one_agency_alone_knows_silences_no_later_alarm_of_the_panel(twelve: Twelve) -> None:
    case = twelve.cases[State.IN_DELIVERY]
    doors.words("voice")(twelve, case, FRIGHT)
    context = twelve.context("coordinator")
    record_incident(context, reference=case, incident=an_incident("2026-03-01"), topics=FRIGHT)
    assert holders(twelve) == EVERYBODY
    doors.account(EVERYONE)(twelve, case, FRIGHT)
    (alarm,) = alarms(twelve, "chair")
    assert "more before it" not in alarm.why, "everyone knew of it"


def test_without_a_topic_no_door_raises_an_alarm(twelve: Twelve) -> None:
    case = twelve.cases[State.IN_CONFERENCE]
    ways = [way for way in doors.WAYS if way.door not in {Door.BREACH, Door.CORRECTION} and way.topic is None]
    for way in ways:
        if way.name not in {"withheld return", "kept incident"}:
            way.tell(twelve, case, {AlarmTopic.WEAPON: YesNo.NO})
    assert holders(twelve) == set()


def test_a_breach_of_an_order_on_another_case_is_an_alarm_of_those_to_whom_that_case_is_open(
    desk: Desk,
) -> None:
    coordinator, chair = desk.context(desk.coordinator), desk.context(desk.chair)
    workers = with_toys(desk)
    (first,) = desk.refer(a_referral("1", incidents=(), party_works_for=YesNo.NO)).referrals
    an_order(desk, first)
    screen(coordinator, reference=first, screening=a_screening())
    later = desk.add("lantern-later", Role.PRACTITIONER, "lantern")
    (second,) = desk.refer(a_referral("2", incidents=(), party_works_for=YesNo.NO)).referrals
    (offer,) = view_case(coordinator, reference=second).offers
    joined = a_screening(people=("harbour-worker", later.user), same_episode_as=offer.episode)
    screen(coordinator, reference=second, screening=joined)
    report(desk, second)
    (found,) = breaches_on_case(chair, reference=second).breaches
    answer(desk, found.reference, ReviewAct.CONFIRMED)
    for acting, has_it in ((desk.coordinator, True), (workers["harbour"], True), (later, False)):
        context = desk.context(acting)
        assert bool(breaches_on_case(context, reference=second).breaches) is has_it
        assert [item.reference for item in worklist(context).items if item.is_alarm] == [second] * has_it
        assert bool(view_case(context, reference=second).alarms_since) is has_it
    answer(desk, found.reference, ReviewAct.CONFIRMED)
    (alarm,) = view_case(chair, reference=second).alarms_since
    assert alarm.raised == (AlarmTopic.BREACH,), "confirmed again, it is the same breach"
