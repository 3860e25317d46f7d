"""What goes wrong around an alarm loses nothing: taken back, too early, too many, two at once, new clocks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine.domain.absence import YesNo
from engine.domain.accounts.acting import Acting, Role
from engine.domain.cases.incidents import IncidentKind
from engine.domain.cases.worklists import WorkItem
from engine.domain.errors import ConflictError, InvalidInputError
from engine.domain.referrals.intake import AlarmTopic
from engine.services.cases.views import view_case
from engine.services.cases.worklists import worklist
from engine.services.referrals.incidents import record_incident, record_topics
from engine.services.referrals.screening import acknowledge_alarm
from tests.builders import Desk, a_desk, an_incident, load_toys
from tests.engine.services.alarms.test_questions import advised, agrees, alarms, knife
from tests.engine.store.test_two_at_once import at_once


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with a_desk(tmp_path / "home") as opened:
        load_toys(opened)
        yield opened


def test_a_topic_that_is_taken_back_stays_an_alarm(desk: Desk) -> None:
    case = advised(desk)
    incident = knife(desk, case)
    chair = desk.context(desk.chair)
    record_topics(chair, reference=case, incident=incident, topics={AlarmTopic.WEAPON: YesNo.NO})
    assert len(alarms(desk, desk.chair)) == 1
    (alarm,) = view_case(chair, reference=case).alarms_since
    assert alarm.raised == (AlarmTopic.WEAPON,)
    assert agrees(desk)


def test_an_act_in_the_future_is_refused_and_nothing_of_it_is_stored(desk: Desk) -> None:
    case = advised(desk)
    before = view_case(desk.context(desk.chair), reference=case).incidents
    with pytest.raises(InvalidInputError, match="happened"):
        record_incident(
            desk.context(desk.coordinator),
            reference=case,
            incident=an_incident("2026-03-03", kind=IncidentKind.THREAT),
            topics={AlarmTopic.WEAPON: YesNo.YES},
        )
    assert alarms(desk, desk.chair) == []
    assert view_case(desk.context(desk.chair), reference=case).incidents == before


def lines_of(desk: Desk, case: str, acting: Acting) -> list[WorkItem]:
    return [item for item in worklist(desk.context(acting)).items if item.reference == case]


def test_many_acts_in_a_day_are_one_line_that_counts_them(desk: Desk) -> None:
    ana = desk.add("ana", Role.PRACTITIONER, "voice")
    case = advised(desk, ana)
    acts, people = 40, (desk.coordinator, desk.chair, ana)
    before = [len(lines_of(desk, case, acting)) for acting in people]
    for _ in range(acts):
        desk.clock.forward(timedelta(minutes=1))
        knife(desk, case, by=ana)
    for acting, lines in zip(people, before, strict=True):
        (alarm,) = alarms(desk, acting)
        assert f"{acts - 1} more before it." in alarm.why
        more = len(lines_of(desk, case, acting)) - lines
        assert more <= 2, "the alarm, and the incidents to review"
    assert len(view_case(desk.context(desk.chair), reference=case).alarms_since) == acts
    acknowledge_alarm(desk.context(desk.chair), reference=case)
    assert alarms(desk, desk.chair) == []
    assert agrees(desk)


@pytest.mark.both
def test_of_two_who_acknowledge_at_once_one_has_it_and_the_other_is_told(desk: Desk) -> None:
    ana = desk.add("ana", Role.PRACTITIONER, "voice")
    case = advised(desk, ana)
    knife(desk, case, by=ana)
    done = at_once(
        [desk.coordinator, desk.chair], lambda who: acknowledge_alarm(desk.context(who), reference=case)
    )
    (first,) = [user for user, error in done if error is None]
    (refused,) = [error for _, error in done if error is not None]
    assert isinstance(refused, ConflictError)
    assert first in str(refused)
    (alarm,) = view_case(desk.context(desk.chair), reference=case).alarms_since
    assert (alarm.acknowledged_by, alarm.held_by) == (first, first)
    assert agrees(desk)


@pytest.mark.parametrize("at", ["2026-03-29T00:30:00+00:00", "2026-10-25T00:30:00+00:00"])
def test_an_alarm_is_due_an_hour_later_on_a_night_when_the_clocks_change(desk: Desk, at: str) -> None:
    began = datetime.fromisoformat(at).astimezone(UTC)
    case = advised(desk)
    desk.clock.move_to(began)
    knife(desk, case)
    (alarm,) = alarms(desk, desk.chair)
    assert alarm.due_at == began + timedelta(hours=1)
    desk.clock.move_to(began + timedelta(hours=1))
    assert not alarms(desk, desk.chair)[0].is_overdue
    desk.clock.forward(timedelta(seconds=1))
    assert alarms(desk, desk.chair)[0].is_overdue
    acknowledge_alarm(desk.context(desk.chair), reference=case)
    (held,) = view_case(desk.context(desk.chair), reference=case).alarms_since
    assert held.held_until == desk.clock.now() + timedelta(hours=24)
