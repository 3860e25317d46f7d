"""An advocate records a knife on a case that got advice in spring: the people of the case have it at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from engine.domain.absence import YesNo
from engine.domain.accounts.acting import Acting, Role
from engine.domain.cases.incidents import IncidentKind
from engine.domain.cases.lifecycle import Act, TriageOutcome
from engine.domain.cases.worklists import WorkItem
from engine.domain.errors import InvalidInputError, NotPermittedError
from engine.domain.referrals.intake import AlarmTopic
from engine.services.alarms.acts import end_alarm, hand_over, record_done
from engine.services.cases.views import view_case
from engine.services.cases.worklists import worklist
from engine.services.referrals.incidents import record_incident, record_topics, review_incident
from engine.services.referrals.screening import acknowledge_alarm, end_involvement, name_people, screen
from tests.builders import TOYS, Desk, a_desk, a_referral, a_screening, an_incident

KNIFE = {AlarmTopic.WEAPON: YesNo.YES, AlarmTopic.THREAT_TO_KILL: YesNo.NO}


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.syspath_prepend(str(TOYS))
    with a_desk(tmp_path / "home") as opened:
        yield opened


@pytest.fixture
def advocate(desk: Desk) -> Acting:
    return desk.add("ana", Role.PRACTITIONER, "voice")


@pytest.fixture
def officer(desk: Desk) -> Acting:
    return desk.add("olu", Role.PRACTITIONER, "harbour")


@pytest.fixture
def advised(desk: Desk, advocate: Acting, officer: Acting) -> str:
    """A case that got advice, with an advocate and an officer on it, months before the evening."""
    (reference,) = desk.refer(a_referral(party_works_for=YesNo.NO)).referrals
    context = desk.context(desk.coordinator)
    screen(context, reference=reference, screening=a_screening(TriageOutcome.ADVICE))
    name_people(context, reference=reference, people=[advocate.user, officer.user])
    desk.clock.forward(timedelta(days=120))
    return reference


def alarms(desk: Desk, acting: Acting) -> list[WorkItem]:
    return [item for item in worklist(desk.context(acting)).items if item.is_alarm]


def kinds(desk: Desk, acting: Acting) -> set[str]:
    return {item.kind for item in worklist(desk.context(acting)).items}


def record_knife(desk: Desk, advocate: Acting, case: str) -> str:
    return record_incident(
        desk.context(advocate),
        reference=case,
        incident=an_incident("2026-03-02", kind=IncidentKind.THREAT, what="He showed a knife at the gate."),
        topics=KNIFE,
    )


def agrees(desk: Desk) -> bool:
    return not any(desk.runtime.due.differences(desk.runtime.uow).values())


def test_coordinator_chair_and_the_people_of_the_case_have_the_alarm(
    desk: Desk, advised: str, advocate: Acting, officer: Acting
) -> None:
    stranger = desk.add("tom", Role.PRACTITIONER, "lantern")
    incident = record_knife(desk, advocate, advised)
    for acting in (desk.coordinator, desk.chair, officer):
        (alarm,) = alarms(desk, acting)
        assert alarm.reference == advised
        assert incident in alarm.why
        assert "Weapon" in alarm.why
        assert alarm.due_at == desk.clock.now() + timedelta(hours=1)
    assert alarms(desk, stranger) == []
    view = view_case(desk.context(officer), reference=advised)
    assert [each.raised for each in view.alarms_since] == [(AlarmTopic.WEAPON,)]
    assert view.alarms.in_words(AlarmTopic.WEAPON).startswith("not asked at referral; recorded since: ")
    assert agrees(desk)


def test_who_recorded_it_cannot_acknowledge_it_alone(desk: Desk, advised: str) -> None:
    record_incident(
        desk.context(desk.coordinator),
        reference=advised,
        incident=an_incident("2026-03-02", kind=IncidentKind.ENTRY),
    )
    with pytest.raises(InvalidInputError, match="another person must acknowledge it"):
        acknowledge_alarm(desk.context(desk.coordinator), reference=advised)
    acknowledge_alarm(desk.context(desk.chair), reference=advised)
    assert alarms(desk, desk.coordinator) == []


def test_one_person_has_it_until_a_time_and_it_stays_on_top_until_it_is_decided(
    desk: Desk, advised: str, advocate: Acting, officer: Acting
) -> None:
    record_knife(desk, advocate, advised)
    coordinator = desk.context(desk.coordinator)
    acknowledge_alarm(coordinator, reference=advised)
    assert [alarms(desk, each) for each in (desk.coordinator, desk.chair, officer)] == [[], [], []]
    assert "alarm owner" in kinds(desk, desk.coordinator)
    (alarm,) = view_case(coordinator, reference=advised).alarms_since
    end = desk.clock.now() + timedelta(hours=2)
    hand_over(coordinator, reference=advised, alarm=alarm.reference, to=officer.user, until=end)
    assert "alarm owner" in kinds(desk, officer)
    assert "alarm owner" not in kinds(desk, desk.coordinator)
    assert agrees(desk)
    desk.clock.forward(timedelta(hours=2))
    (late,) = alarms(desk, desk.chair)
    assert "olu had it until" in late.why
    acknowledge_alarm(coordinator, reference=advised)
    record_done(coordinator, reference=advised, alarm=alarm.reference, done="Officers called at 21:30.")
    assert alarms(desk, desk.chair) == []
    (after,) = view_case(coordinator, reference=advised).alarms_since
    assert after.stays_on_top
    assert after.done == "Officers called at 21:30."
    assert "alarm done" in kinds(desk, desk.coordinator), "no conference is to come"
    end_alarm(coordinator, reference=advised, alarm=alarm.reference, why="A toy knife.")
    (ended,) = view_case(coordinator, reference=advised).alarms_since
    assert not ended.stays_on_top
    assert "alarm done" not in kinds(desk, desk.coordinator)
    assert agrees(desk)


def test_the_person_who_has_it_records_what_was_done_or_hands_it_on_and_no_other_practitioner_may(
    desk: Desk, advised: str, advocate: Acting, officer: Acting
) -> None:
    record_knife(desk, advocate, advised)
    acknowledge_alarm(desk.context(desk.chair), reference=advised)
    (alarm,) = view_case(desk.context(officer), reference=advised).alarms_since
    it = {"reference": advised, "alarm": alarm.reference}
    end = desk.clock.now() + timedelta(hours=2)
    not_theirs = [
        lambda who: record_done(desk.context(who), **it, done="Officers called at 21:30."),
        lambda who: hand_over(desk.context(who), **it, to=who.user, until=end),
    ]
    for act in not_theirs:
        with pytest.raises(NotPermittedError):
            act(officer)
    hand_over(desk.context(desk.chair), **it, to=advocate.user, until=end)
    for act in not_theirs:
        with pytest.raises(NotPermittedError):
            act(officer)
    hand_over(desk.context(advocate), **it, to=officer.user, until=end)
    with pytest.raises(NotPermittedError):
        record_done(desk.context(advocate), **it, done="Officers called at 21:30.")
    record_done(desk.context(officer), **it, done="Officers called at 21:30.")
    assert "alarm owner" not in kinds(desk, officer)
    (after,) = view_case(desk.context(officer), reference=advised).alarms_since
    assert (after.done, after.done_by) == ("Officers called at 21:30.", officer.user)
    with pytest.raises(NotPermittedError):
        end_alarm(desk.context(officer), **it, why="A toy knife.")
    assert agrees(desk)


def test_a_new_act_after_the_acknowledgement_is_a_new_alarm(
    desk: Desk, advised: str, advocate: Acting
) -> None:
    record_knife(desk, advocate, advised)
    acknowledge_alarm(desk.context(desk.coordinator), reference=advised)
    record_knife(desk, advocate, advised)
    assert len(alarms(desk, desk.coordinator)) == 1


def test_fright_alarms_when_it_becomes_yes_and_not_with_each_act(
    desk: Desk, advised: str, advocate: Acting
) -> None:
    frightened = {AlarmTopic.VICTIM_EXTREMELY_FRIGHTENED: YesNo.YES}
    context = desk.context(advocate)
    for answer in (YesNo.YES, YesNo.YES):
        topics = {AlarmTopic.VICTIM_EXTREMELY_FRIGHTENED: answer}
        record_incident(context, reference=advised, incident=an_incident("2026-03-02"), topics=topics)
    assert len(view_case(context, reference=advised).alarms_since) == 1
    record_incident(
        context,
        reference=advised,
        incident=an_incident("2026-03-02"),
        topics=dict.fromkeys(frightened, YesNo.NO),
    )
    record_incident(context, reference=advised, incident=an_incident("2026-03-02"), topics=frightened)
    assert len(view_case(context, reference=advised).alarms_since) == 2


def test_a_threat_without_topics_succeeds_and_a_line_asks(desk: Desk, advised: str, advocate: Acting) -> None:
    context = desk.context(advocate)
    threat = an_incident("2026-03-02", kind=IncidentKind.THREAT)
    incident = record_incident(context, reference=advised, incident=threat)
    assert alarms(desk, desk.coordinator) == []
    assert "ask topics" in kinds(desk, advocate) & kinds(desk, desk.coordinator)
    with pytest.raises(InvalidInputError, match="answer at least one topic"):
        record_topics(context, reference=advised, incident=incident, topics={})
    record_topics(context, reference=advised, incident=incident, topics=KNIFE)
    assert "ask topics" not in kinds(desk, advocate) | kinds(desk, desk.coordinator)
    assert len(alarms(desk, desk.coordinator)) == 1
    assert agrees(desk)


@pytest.mark.parametrize("is_closed", [False, True])
def test_no_case_takes_an_incident_silently(
    desk: Desk, advised: str, advocate: Acting, is_closed: bool
) -> None:
    coordinator = desk.context(desk.coordinator)
    if is_closed:
        end_involvement(coordinator, reference=advised, act=Act.CLOSE, why="Advice was given.")
    incident = record_incident(desk.context(advocate), reference=advised, incident=an_incident("2026-03-02"))
    (line,) = (item for item in worklist(coordinator).items if item.kind == "incident")
    assert incident in line.why
    assert ("closed" in line.why) is is_closed
    review_incident(coordinator, reference=advised, incident=incident, why="The same call as before.")
    assert "incident" not in kinds(desk, desk.coordinator)
    with pytest.raises(InvalidInputError, match="was reviewed already"):
        review_incident(coordinator, reference=advised, incident=incident, why="Again.")
    assert agrees(desk)


def test_an_owner_who_leaves_has_it_no_longer(
    desk: Desk, advised: str, advocate: Acting, officer: Acting
) -> None:
    from engine.services.accounts.users import set_active

    record_knife(desk, advocate, advised)
    coordinator = desk.context(desk.coordinator)
    acknowledge_alarm(coordinator, reference=advised)
    (alarm,) = view_case(coordinator, reference=advised).alarms_since
    end = desk.clock.now() + timedelta(days=2)
    hand_over(coordinator, reference=advised, alarm=alarm.reference, to=officer.user, until=end)
    assert alarms(desk, desk.chair) == []
    set_active(coordinator, name=officer.user, active=False)
    assert len(alarms(desk, desk.chair)) == 1
    assert agrees(desk)


def test_what_the_owner_keeps_is_that_agencys_alarm_alone(
    desk: Desk, advised: str, advocate: Acting, officer: Acting
) -> None:
    record_incident(
        desk.context(advocate),
        reference=advised,
        incident=an_incident("2026-03-02", kind=IncidentKind.THREAT),
        topics=KNIFE,
        kept_with_us="Said in confidence.",
    )
    assert len(alarms(desk, advocate)) == 1
    for acting in (desk.coordinator, desk.chair, officer):
        assert alarms(desk, acting) == []
        assert not kinds(desk, acting) & {"incident", "ask topics"}
        assert view_case(desk.context(acting), reference=advised).alarms_since == ()
    assert agrees(desk)
