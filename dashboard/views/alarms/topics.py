"""The alarm topics that a form asks: one choice each, "not asked" until a person answers."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from dashboard import markup, session, words
from engine.domain.absence import YesNo
from engine.domain.referrals.intake import AlarmTopic

_CHOICES = (YesNo.YES, YesNo.NO, YesNo.NOT_KNOWN)


def ask(topics: Iterable[AlarmTopic], key: str) -> dict[AlarmTopic, YesNo]:
    """Draw a question for each topic under a heading, and return the answers.

    One that was not touched is not asked. Where no topic is asked there is no heading.
    """
    asked = tuple(topics)
    if asked:
        note = "Leave blank what was not asked. A yes raises an alarm."
        markup.draw(markup.heading("Alarm topics", at=f"topics-{key}", level=3, note=note))
    return _answers(asked, key)


def answered(topics: Iterable[AlarmTopic], key: str) -> dict[AlarmTopic, YesNo]:
    """Return the answers that a form has, before it is drawn again."""
    return {topic: session.stored_value(_key(topic, key), YesNo) or YesNo.NOT_ASKED for topic in topics}


def _answers(topics: Iterable[AlarmTopic], key: str) -> dict[AlarmTopic, YesNo]:
    answers = {topic: _ask(topic, key) for topic in topics}
    if YesNo.YES in answers.values():
        markup.draw(
            markup.notice(
                "warning",
                "If the victim is in danger now, call 999 first. This record does not inform the police.",
                heading="This raises an alarm",
            )
        )
    return answers


def ask_about_response(key: str) -> dict[AlarmTopic, YesNo]:
    """Draw the questions about what an agency's response says, and who has the alarm; return the answers."""
    markup.draw(
        markup.heading(
            "Alarm topics in this response",
            at=f"topics-{key}",
            level=3,
            note=(
                "Before the release only your agency's people on the case have the alarm. With the release "
                "the panel has each topic that you answer with yes, also where a rule limits the item."
            ),
        )
    )
    return _answers(AlarmTopic, key)


def _ask(topic: AlarmTopic, key: str) -> YesNo:
    chosen = st.segmented_control(
        words.sentence(topic.value),
        _CHOICES,
        format_func=lambda answer: words.sentence(answer.in_words),
        key=_key(topic, key),
        help="Leave it blank if it was not asked. Not asked is not a no.",
    )
    return chosen or YesNo.NOT_ASKED


def _key(topic: AlarmTopic, key: str) -> str:
    return f"{key}-topic-{topic.name.lower()}"
