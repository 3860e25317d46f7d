"""The short text for the case officer is built from an allow-list: nothing of a referral can enter it."""

from __future__ import annotations

import pytest

from engine.domain.absence import YesNo
from engine.domain.referrals.intake import AlarmAnswers, AlarmTopic
from engine.domain.referrals.screening import FourAnswer, FourItem, FourQuestion
from engine.exchange.advice import advice_text


def four(answer: FourAnswer) -> list[FourItem]:
    return [FourItem(question=question, answer=answer) for question in FourQuestion]


@pytest.mark.parametrize("topic", list(AlarmTopic))
def test_each_alarm_topic_adds_its_own_sentence_when_raised_and_none_when_not(topic: AlarmTopic) -> None:
    raised = advice_text(AlarmAnswers(answers={topic: YesNo.YES}), four(FourAnswer.NO))
    silent = advice_text(AlarmAnswers(answers={topic: YesNo.NOT_ASKED}), four(FourAnswer.NO))
    assert len(raised.splitlines()) == len(silent.splitlines()) + 1


BEGINS = {
    AlarmTopic.THREAT_TO_KILL: "Plan for the victim's safety today",
    AlarmTopic.WEAPON: "Check markers and licences before any visit",
    AlarmTopic.STRANGULATION: "Ask about medical care today",
    AlarmTopic.ENTRY: "Check locks, alarms and who holds keys today",
    AlarmTopic.BREACH: "Review the victim's safety plan today",
    AlarmTopic.SUICIDAL_TALK: "Consider the safety of the victim and of the alleged perpetrator together",
    AlarmTopic.VICTIM_EXTREMELY_FRIGHTENED: "Act on the victim's own view of the danger",
    AlarmTopic.CONTACT_TODAY: "Ask today where the alleged perpetrator is and if the victim is safe",
}
"""The safety step that each topic's line begins with, read by a person."""


@pytest.mark.parametrize("topic", list(AlarmTopic))
def test_advice_begins_with_safety_before_evidence_and_orders(
    topic: AlarmTopic,
) -> None:
    text = advice_text(AlarmAnswers(answers={topic: YesNo.YES}), four(FourAnswer.YES))
    _, first, second, third, *rest = text.splitlines()
    assert first.startswith(BEGINS[topic])
    assert second.startswith("Ask the victim if they are safe now")
    assert third.startswith("Offer the victim an independent stalking advocate")
    assert any(line.startswith("Signs of fixation") for line in rest)


def test_each_of_the_four_adds_its_sentence_when_answered_yes() -> None:
    nothing = AlarmAnswers()
    yes, unclear = advice_text(nothing, four(FourAnswer.YES)), advice_text(nothing, four(FourAnswer.UNCLEAR))
    assert len(yes.splitlines()) == len(unclear.splitlines()) + 4


def test_advice_never_offers_a_police_information_notice_and_says_that_agencies_may_hold_more() -> None:
    text = advice_text(AlarmAnswers(), four(FourAnswer.NO))
    assert "Do not issue a Police Information Notice." in text
    assert text.splitlines()[-1].startswith(
        "This advice is based only on the referral. Agencies may hold more."
    )


def advice_on(topic: AlarmTopic) -> str:
    return advice_text(AlarmAnswers(answers={topic: YesNo.YES}), four(FourAnswer.NO))


def test_breach_of_bail_is_no_offence_and_breach_of_licence_can_lead_to_recall() -> None:
    text = advice_on(AlarmTopic.BREACH)
    assert (
        "Breach of bail conditions is not an offence in itself: the person may be arrested for it (" in text
    )
    licence = "Breach of licence can lead to recall to prison (Criminal Justice Act 2003 s.254): inform"
    assert licence in text
    assert "a non-molestation order (Family Law Act 1996 s.42A) is an offence" in text
    assert "deal with it as a crime" not in text


def test_entry_is_not_said_of_the_home_alone_nor_of_what_succeeded_alone() -> None:
    text = advice_on(AlarmTopic.ENTRY)
    assert "entry, or an attempt to enter, was reported" in text
    assert "the home, work or another place" in text
    assert "lives" not in text
