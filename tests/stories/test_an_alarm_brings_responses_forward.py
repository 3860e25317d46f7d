"""Agencies have ten working days. A knife is seen on the second: everyone asked has two from then, and the
one that answered is left in peace.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.clock import LONDON
from engine.domain.absence import YesNo
from engine.domain.accounts.acting import Acting
from engine.domain.alarm_questions import PARTIES
from engine.domain.cases.incidents import IncidentKind
from engine.domain.referrals.intake import AlarmTopic
from engine.domain.responses.answers import NilReturn
from engine.services.alarms.acts import end_alarm, record_done
from engine.services.alarms.questions import record_works_for
from engine.services.cases.views import view_case
from engine.services.cases.worklists import worklist
from engine.services.referrals.incidents import record_incident
from engine.services.referrals.screening import acknowledge_alarm, screen
from engine.services.responses.agency_answers import answer_by_hand
from engine.services.responses.requests import open_requests
from tests.builders import Desk, a_desk, a_referral, a_screening, an_incident, with_toys

NIL = NilReturn(looked_in=("register",), says="Nothing was held.")
SAID = "Due 5 March 2026, brought forward from 16 March because of the alarm of 3 March."


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with a_desk(tmp_path / "home") as opened:
        yield opened


def go_to(desk: Desk, day: str, hour: int, minute: int = 0) -> None:
    local = datetime.fromisoformat(day).replace(hour=hour, minute=minute, tzinfo=LONDON)
    desk.clock.move_to(local.astimezone(UTC))


def reasons(desk: Desk, acting: Acting, kind: str) -> list[str]:
    return [item.why for item in worklist(desk.context(acting)).items if item.kind == kind]


def agrees(desk: Desk) -> bool:
    return not any(desk.runtime.due.differences(desk.runtime.uow).values())


def test_from_the_request_to_the_late_response(desk: Desk) -> None:
    workers = with_toys(desk)
    coordinator = desk.context(desk.coordinator)
    (case,) = desk.refer(a_referral()).referrals
    screen(coordinator, reference=case, screening=a_screening())
    open_requests(coordinator, reference=case)
    answer_by_hand(desk.context(workers["voice"]), reference=case, agency="voice", answer=NIL)

    go_to(desk, "2026-03-03", 16)
    incident = an_incident("2026-03-03", kind=IncidentKind.THREAT, what="He showed a knife at the gate.")
    topics = {AlarmTopic.WEAPON: YesNo.YES}
    record_incident(coordinator, reference=case, incident=incident, topics=topics)
    (own,) = reasons(desk, workers["harbour"], "answer")
    assert "forward" not in own, "only coordinators and chair have the alarm"

    record_works_for(coordinator, reference=case, answers=dict.fromkeys(PARTIES, YesNo.NO))
    (own,) = reasons(desk, workers["harbour"], "answer")
    assert SAID in own
    assert reasons(desk, workers["voice"], "answer") == []

    chair = desk.context(desk.chair)
    acknowledge_alarm(chair, reference=case)
    (alarm,) = view_case(chair, reference=case).alarms_since
    record_done(chair, reference=case, alarm=alarm.reference, done="Officers called at 17:00.")
    end_alarm(chair, reference=case, alarm=alarm.reference, why="The knife was found.")

    go_to(desk, "2026-03-05", 17)
    assert reasons(desk, desk.coordinator, "chase") == []
    go_to(desk, "2026-03-05", 17, 1)
    late = reasons(desk, desk.coordinator, "chase")
    assert len(late) == 2
    assert all(SAID in why for why in late)
    assert agrees(desk)

    answer_by_hand(desk.context(workers["harbour"]), reference=case, agency="harbour", answer=NIL)
    assert len(reasons(desk, desk.coordinator, "chase")) == 1
    page = {each.agency: each for each in view_case(chair, reference=case).answers}
    assert page["voice"].brought_forward is None
    assert page["harbour"].brought_forward == page["lantern"].brought_forward
    assert page["lantern"].says.endswith(
        "has not responded (overdue since 5 March 2026, "
        "brought forward from 16 March because of the alarm of 3 March)."
    )
    assert agrees(desk)
