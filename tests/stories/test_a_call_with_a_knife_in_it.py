"""A call with a knife in it: an alarm from its first two fields, the rest while the coordinator acts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from engine.domain.absence import YesNo
from engine.domain.accounts.acting import Role
from engine.domain.cases.lifecycle import State, TriageOutcome
from engine.domain.referrals.intake import AlarmTopic
from engine.domain.referrals.typed import ReferralTyped
from engine.services.cases.views import view_case
from engine.services.cases.worklists import worklist
from engine.services.referrals.creating import complete, raise_first
from engine.services.referrals.screening import acknowledge_alarm, screen
from tests.builders import TOYS, Desk, a_desk, a_screening

FIRST = ReferralTyped.model_validate(
    {"topics": {"weapon": "yes"}, "victim": {"forename": "Amira", "surname": "Kent"}}
)
REST = ReferralTyped.model_validate(
    {
        "topics": {"threat to kill": "no", "strangulation": "not known", "contact today": "yes"},
        "victim": {"forename": "Amira", "surname": "Kent", "age": 34, "works_for_us": "no"},
        "alleged": {
            "forename": "Daniel",
            "surname": "Marsh",
            "phones": ["07700 900123"],
            "works_for_us": "no",
        },
        "relationship": "former partner",
        "what_happened": "He stood at the gate with a knife, an hour ago.",
        "incidents": [{"happened": "2026-03-02", "kind": "threat", "what": "He showed a knife at the gate."}],
        "victim_informed": "yes",
        "victim_view": "agrees",
        "victim_wants": "To sleep at home.",
        "safe_contact": {"how": "by message first"},
        "caller": "A. Example, housing office",
        "caller_contact": "020 7946 0000",
        "call_999": {"at": "08:55", "log_number": "1234"},
    }
)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.syspath_prepend(str(TOYS))
    with a_desk(tmp_path / "home") as opened:
        yield opened


def test_a_call_becomes_an_alarm_at_once_and_a_screened_referral_with_its_rest(desk: Desk) -> None:
    officer = desk.add("olu", Role.PRACTITIONER, "harbour")
    rang_at = desk.clock.now()
    first = raise_first(desk.context(officer), typed=FIRST)
    assert first.due_at == rang_at + timedelta(hours=1)

    desk.clock.forward(timedelta(seconds=20))
    (alarm,) = (item for item in worklist(desk.context(desk.coordinator)).items if item.is_alarm)
    assert (alarm.reference, alarm.why) == (first.reference, "Weapon.")
    acknowledge_alarm(desk.context(desk.coordinator), reference=first.reference)

    desk.clock.forward(timedelta(minutes=3))
    rest = complete(desk.context(officer), reference=first.reference, typed=REST)
    assert rest.raised == (AlarmTopic.WEAPON, AlarmTopic.CONTACT_TODAY)
    assert not rest.is_restricted
    again = [item for item in worklist(desk.context(desk.coordinator)).items if item.is_alarm]
    assert [item.reference for item in again] == [first.reference], "the rest raised a topic of its own"
    acknowledge_alarm(desk.context(desk.coordinator), reference=first.reference)

    view = view_case(desk.context(desk.coordinator), reference=first.reference)
    assert view.alarms.acknowledged_by == desk.coordinator.user
    assert view.party_works_for is YesNo.NO
    assert view.reason == "He stood at the gate with a knife, an hour ago."
    assert view.perpetrator.described.full_name == "Daniel Marsh"
    assert view.alarms.answers[AlarmTopic.ENTRY] is YesNo.NOT_ASKED
    assert len(view.incidents) == 1

    screened = screen(
        desk.context(desk.coordinator),
        reference=first.reference,
        screening=a_screening(TriageOutcome.URGENT),
    )
    assert screened.state is State.SAFEGUARDING_TODAY
    assert not [item for item in worklist(desk.context(desk.coordinator)).items if item.is_alarm]
