"""A corrected referral file: a topic that becomes yes alarms, and one that is taken back stays an alarm."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.domain.absence import YesNo
from engine.domain.accounts.acting import flow_acting
from engine.domain.cases.lifecycle import TriageOutcome
from engine.domain.cases.views import CaseView
from engine.domain.cases.worklists import WorkItem
from engine.domain.errors import ConflictError, InvalidInputError
from engine.domain.referrals.intake import AlarmTopic
from engine.services.cases.views import view_case
from engine.services.cases.worklists import record_escalations, worklist
from engine.services.referrals.screening import acknowledge_alarm, screen
from tests.builders import Desk, a_referral, a_screening

pytestmark = pytest.mark.both
HOUR = timedelta(hours=1)


def alarms(desk: Desk) -> list[WorkItem]:
    return [item for item in worklist(desk.context(desk.coordinator)).items if item.is_alarm]


def corrected(desk: Desk, *raised: AlarmTopic) -> str:
    """The case after its source sent the referral (again) with these topics, a minute later."""
    desk.clock.forward(timedelta(minutes=1))
    (case,) = desk.refer(a_referral(alarms=raised)).referrals
    return case


def page(desk: Desk, case: str) -> CaseView:
    return view_case(desk.context(desk.coordinator), reference=case)


def agrees(desk: Desk) -> bool:
    return not any(desk.runtime.due.differences(desk.runtime.uow).values())


@pytest.mark.parametrize("topic", [AlarmTopic.WEAPON, AlarmTopic.CONTACT_TODAY])
def test_a_topic_that_becomes_yes_alarms_again_after_an_acknowledgement(
    desk: Desk, topic: AlarmTopic
) -> None:
    case = corrected(desk, AlarmTopic.ENTRY)
    acknowledge_alarm(desk.context(desk.coordinator), reference=case)
    assert alarms(desk) == []
    assert corrected(desk, AlarmTopic.ENTRY, topic) == case
    (alarm,) = alarms(desk)
    assert alarm.due_at == desk.clock.now() + HOUR
    assert agrees(desk)


def test_a_topic_that_is_taken_back_before_the_acknowledgement_stays_and_says_so(desk: Desk) -> None:
    case = corrected(desk, AlarmTopic.WEAPON)
    (first,) = alarms(desk)
    corrected(desk)
    (alarm,) = alarms(desk)
    assert alarm.why == "Weapon (withdrawn on 2 March 2026 by borough-desk)."
    assert alarm.due_at == first.due_at
    view = page(desk, case)
    assert view.alarms.is_open
    assert view.alarms.raised == ()
    words = view.alarms.in_words(AlarmTopic.WEAPON)
    assert words == "not asked; yes before, withdrawn on 2 March 2026 by borough-desk"
    assert agrees(desk)
    desk.clock.forward(2 * HOUR)
    assert record_escalations(desk.context(flow_acting("sweep", "cora"))) == 1
    acknowledge_alarm(desk.context(desk.coordinator), reference=case)
    assert alarms(desk) == []
    assert page(desk, case).alarms.in_words(AlarmTopic.WEAPON) == words, "the change stays on the case"
    assert agrees(desk)


def test_one_of_two_topics_taken_back_leaves_the_other_and_names_both(desk: Desk) -> None:
    corrected(desk, AlarmTopic.WEAPON, AlarmTopic.ENTRY)
    corrected(desk, AlarmTopic.ENTRY)
    (alarm,) = alarms(desk)
    assert alarm.why == "Entry, weapon (withdrawn on 2 March 2026 by borough-desk)."


def test_a_topic_that_is_taken_back_after_the_acknowledgement_is_recorded_and_wakes_no_one(
    desk: Desk,
) -> None:
    case = corrected(desk, AlarmTopic.WEAPON)
    acknowledge_alarm(desk.context(desk.coordinator), reference=case)
    corrected(desk)
    assert alarms(desk) == []
    view = page(desk, case)
    assert view.alarms.acknowledged_by == desk.coordinator.user
    assert "withdrawn on 2 March 2026" in view.alarms.in_words(AlarmTopic.WEAPON)
    with pytest.raises(ConflictError):
        acknowledge_alarm(desk.context(desk.chair), reference=case)


def test_a_topic_that_was_taken_back_and_is_yes_again_alarms_anew(desk: Desk) -> None:
    case = corrected(desk, AlarmTopic.WEAPON)
    acknowledge_alarm(desk.context(desk.coordinator), reference=case)
    corrected(desk)
    corrected(desk, AlarmTopic.WEAPON)
    (alarm,) = alarms(desk)
    assert alarm.why == "Weapon."
    assert page(desk, case).alarms.in_words(AlarmTopic.WEAPON) == YesNo.YES.in_words


def test_a_referral_that_never_raised_one_has_nothing_to_acknowledge(desk: Desk) -> None:
    case = corrected(desk)
    desk.refer(a_referral(reason="It began in January."))
    assert alarms(desk) == []
    assert not page(desk, case).alarms.is_open
    with pytest.raises(InvalidInputError, match="no alarm was raised"):
        acknowledge_alarm(desk.context(desk.coordinator), reference=case)


def test_on_a_screened_case_it_is_an_alarm_of_the_people_of_the_case_and_importing_it_bars_no_one(
    desk: Desk,
) -> None:
    case = corrected(desk, AlarmTopic.ENTRY)
    acknowledge_alarm(desk.context(desk.coordinator), reference=case)
    screen(desk.context(desk.coordinator), reference=case, screening=a_screening(TriageOutcome.ADVICE))
    corrected(desk, AlarmTopic.ENTRY, AlarmTopic.WEAPON)
    (alarm,) = alarms(desk)
    assert "Weapon. Learnt from a corrected referral (version 2)" in alarm.why
    (on_top,) = page(desk, case).alarms_since
    assert on_top.raised == (AlarmTopic.WEAPON,), "the entry was acknowledged"
    acknowledge_alarm(desk.context(desk.coordinator), reference=case)
    assert alarms(desk) == []
    corrected(desk, AlarmTopic.ENTRY)
    (on_top,) = page(desk, case).alarms_since
    assert on_top.stays_on_top, "taken back, it stays until the panel has decided"
    assert agrees(desk)
