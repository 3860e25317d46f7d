"""What ships says the same as the screens and the agencies that use it."""

from __future__ import annotations

from dashboard.views.referrals.screening import _ASKS
from engine.domain.absence import ItemState
from engine.domain.referrals.screening import FourAnswer, FourQuestion
from engine.instruments.reading import shipped_instruments
from plugins.advocacy.records import TOPICS_INSTRUMENT, TOPICS_VERSION, Topic


def test_the_screening_asks_the_four_questions_of_the_instrument() -> None:
    four = shipped_instruments()["four"]
    assert "two occasions may amount to a course of conduct" in four.source
    assert {item.id: item.asks for item in four.items} == {
        question.value: asks for question, asks in _ASKS.items()
    }
    assert [item.id for item in four.items] == [question.value for question in FourQuestion]


def test_every_answer_of_a_screening_means_a_state_and_unclear_is_no_no() -> None:
    said_as = shipped_instruments()["four"].said_as
    assert set(said_as) == {answer.value for answer in FourAnswer}
    assert said_as[FourAnswer.UNCLEAR.value] is ItemState.UNKNOWN


def test_the_advocates_topics_are_the_checklists() -> None:
    topics = shipped_instruments()[TOPICS_INSTRUMENT]
    assert topics.version == TOPICS_VERSION
    assert [item.id for item in topics.items] == [topic.value for topic in Topic]
