"""Who gets an alarm, who a line, who nothing: each way to learn a topic, in each state, by role and topic."""

from __future__ import annotations

import pytest

from engine.domain.absence import YesNo
from engine.domain.alarms import Door
from engine.domain.cases.lifecycle import State
from engine.domain.errors import StacError
from engine.domain.referrals.intake import AlarmTopic
from engine.services.cases.views import view_case
from tests.builders import Desk, load_toys
from tests.engine.services.alarms.doors import KINDS, ROLES, WAYS, Twelve, Way, make, waits_for
from tests.prepared import prepared

_TOPICS = list(AlarmTopic)
_NOT_ON_IT = frozenset({"not on the case", "analyst", "manager"})
_BY_ANSWERS = frozenset({Door.RESPONSE})
"""Its table is beside the tests of responses."""


@pytest.fixture
def twelve(desk: Desk) -> Twelve:
    """A case in each state, made once and copied."""
    load_toys(desk)
    return Twelve(desk, *prepared(desk, make))


# Each run asks every way in every state, with one topic in each state; the others differ in nothing but the
# topic, which no way looks at.
@pytest.mark.parametrize(
    "first", [0, *(pytest.param(n, marks=pytest.mark.full) for n in range(1, len(_TOPICS)))]
)
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_each_way_alarms_those_who_may_know_in_every_state(twelve: Twelve, way: Way, first: int) -> None:
    viewers = {role: twelve.viewer(role, way.owner) for role in ROLES}
    before = {role: waits_for(twelve, acting) for role, acting in viewers.items()}
    topics: dict[State, AlarmTopic] = {}
    for number, (state, case) in enumerate(twelve.cases.items()):
        if state in way.not_in:
            with pytest.raises(StacError):
                way.tell(twelve, case, {AlarmTopic.WEAPON: YesNo.YES})
        else:
            topics[state] = way.topic or _TOPICS[(first + number) % len(_TOPICS)]
            way.tell(twelve, case, {topics[state]: YesNo.YES})
    for role, acting in viewers.items():
        new = waits_for(twelve, acting) - before[role]
        added = {
            state: {kind for where, kind, _ in new if where == case and kind in KINDS}
            for state, case in twelve.cases.items()
        }
        assert added == {state: way.expected(role, state) for state in State}, role
        assert {kind for _, kind, is_alarm in new if is_alarm} <= {"alarm"}
    _require_on_case_pages(twelve, way, topics)
    assert not any(twelve.desk.runtime.due.differences(twelve.desk.runtime.uow).values())


def _require_on_case_pages(twelve: Twelve, way: Way, topics: dict[State, AlarmTopic]) -> None:
    """The page of one case shows it to those who have the alarm, and to no other on the case."""
    state = State.DECIDED if State.DECIDED in topics else State.ADVICE_GIVEN
    for role in ROLES:
        context = twelve.desk.context(twelve.viewer(role, way.owner))
        if role in _NOT_ON_IT:
            with pytest.raises(StacError):
                view_case(context, reference=twelve.cases[state])
            continue
        view = view_case(context, reference=twelve.cases[state])
        shown = [topic for alarm in view.alarms_since for topic in alarm.raised]
        assert shown == ([topics[state]] if role in way.alarm else [])
        if role not in {*way.alarm, "of the owner"}:
            assert view.alarms.since == {}


def test_the_table_has_every_door() -> None:
    assert {way.door for way in WAYS} | _BY_ANSWERS == set(Door)
