"""The victim's own account of their life at the intake of advocacy, at a review and at its end.

Our own questions, which no study has tested: six topics with four answers each. Answers are compared for one
victim at a time. No number is put on an answer, and victims are not averaged.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

from pydantic import Field, field_validator, model_validator

from engine.domain.accounts.acting import Acting
from engine.domain.base import Frozen, Instant
from engine.domain.dates import PartialDate
from engine.domain.responses.voices import EVERYONE, WithWhom


class Moment(StrEnum):
    """The stage of the advocate's work when the victim was asked."""

    INTAKE = "intake"
    REVIEW = "review"
    EXIT = "exit"


class Agreed(StrEnum):
    """The victim's answer to being asked, and to being counted without a name.

    A victim who does not engage has given no answer: that is not a refusal, and it is not a success.
    """

    GIVEN = "agreed"
    REFUSED = "refused"
    ASKED = "asked, no answer yet"
    NOT_ASKED = "not asked"
    NOT_ENGAGING = "not engaging"
    WITHDRAWN = "withdrew agreement"


class NoAnswer(StrEnum):
    """The reason why a question has no answer. None of them is an answer."""

    NOT_ASKED = "not asked"
    PREFERS_NOT_TO_SAY = "prefer not to say"
    NOT_KNOWN = "not known"


class Topic(StrEnum):
    """A topic of the victim's account."""

    SAFETY = "safety"
    FEAR = "fear"
    CONTACT = "unwanted contact"
    CHANGES = "changes to daily life"
    SATISFACTION = "satisfaction with the help"
    RISK = "own view of the risk"

    @property
    def answers(self) -> tuple[str, ...]:
        """Its answers, from the one that is worst for the victim."""
        return _ANSWERS[self]

    @property
    def question(self) -> str:
        """The question, as a form shows it."""
        return _QUESTIONS[self]


_QUESTIONS = {
    Topic.SAFETY: "Feeling of safety",
    Topic.FEAR: "Fear in the last month",
    Topic.CONTACT: "Unwanted contact in the last month",
    Topic.CHANGES: "Daily life that the victim had to change",
    Topic.SATISFACTION: "Satisfaction with the help",
    Topic.RISK: "The risk, in the victim's own view",
}
_ANSWERS = {
    Topic.SAFETY: ("very unsafe", "unsafe", "fairly safe", "safe"),
    Topic.FEAR: ("all of the time", "often", "sometimes", "not afraid"),
    Topic.CONTACT: ("every day", "every week", "less often", "no contact"),
    Topic.CHANGES: ("almost everything", "a lot", "a little", "no change"),
    Topic.SATISFACTION: ("very dissatisfied", "dissatisfied", "satisfied", "very satisfied"),
    Topic.RISK: ("very high", "high", "moderate", "low"),
}


class LifeChange(StrEnum):
    """A part of daily life that the victim had to change. Where the victim went is recorded nowhere here."""

    HOME = "home"
    WORK = "work or study"
    PHONE = "phone, email or accounts"
    SOCIAL_MEDIA = "social media"
    ROUTINE = "routes and daily routine"
    PEOPLE = "seeing friends or family"
    CHILDREN = "children's school or care"
    SECURITY = "security at home"
    OTHER = "something else"


class VictimOutcomeGiven(Frozen):
    """The victim's account at one moment, as the advocate enters it. A topic that is left out is "not asked".

    Without ``with_whom`` only the advocate's agency reads it.
    """

    moment: Moment
    agreed: Agreed
    asked_on: PartialDate
    answers: dict[Topic, Annotated[str, Field(max_length=40)]] = Field(default_factory=dict)
    had_to_change: tuple[LifeChange, ...] | None = Field(
        default=None, description="parts of daily life; an empty list is none, left out is not asked"
    )
    with_whom: WithWhom = ()

    @field_validator("answers")
    @classmethod
    def _answers_are_of_their_topic(cls, answers: Mapping[Topic, str]) -> Mapping[Topic, str]:
        for topic, answer in answers.items():
            offered = [*topic.answers, *(each.value for each in NoAnswer)]
            if answer not in offered:
                raise ValueError(f"'{topic.value}' has the answers {', '.join(offered)}")
        return answers

    @model_validator(mode="after")
    def _nothing_without_agreement(self) -> VictimOutcomeGiven:
        has_account = bool(self.answers or self.had_to_change is not None or self.with_whom)
        if self.agreed is not Agreed.GIVEN and has_account:
            raise ValueError(f"agreed is '{self.agreed.value}': leave out answers, changes and with_whom")
        if self.agreed is Agreed.GIVEN and not self.answers:
            raise ValueError("answers: give at least 1; a question that was not asked is 'not asked'")
        return self

    def answer(self, topic: Topic) -> str:
        """Return the answer on a topic, or why there is none."""
        return self.answers.get(topic, NoAnswer.NOT_ASKED.value)

    def place(self, topic: Topic) -> int | None:
        """Return how far the answer is from the worst one; None without an answer. Only to compare two."""
        answer = self.answer(topic)
        return topic.answers.index(answer) if answer in topic.answers else None


class StoredVictimOutcome(Frozen):
    """The newest entry for one moment. ``version`` counts the entries for it: a correction is a new one."""

    given: VictimOutcomeGiven
    version: int
    agency: str
    by: str
    at: Instant


def may_read_account(with_whom: WithWhom, acting: Acting, *, is_advocate: bool) -> bool:
    """Return whether a person on the case reads what the victim gave of themselves.

    The victim's advocate does; others do where the victim agreed to it.
    """
    return is_advocate or EVERYONE in with_whom or (acting.agency is not None and acting.agency in with_whom)


class Change(StrEnum):
    """One victim's answer on a topic at exit beside the one at intake."""

    WORSE = "worse"
    SAME = "same"
    BETTER = "better"
    NOT_COMPARED = "no answer at both"


def change_between(intake: VictimOutcomeGiven, exit_: VictimOutcomeGiven, topic: Topic) -> Change:
    """Return how one victim's answer changed. A missing answer at either is not "same"."""
    before, after = intake.place(topic), exit_.place(topic)
    if before is None or after is None:
        return Change.NOT_COMPARED
    if before == after:
        return Change.SAME
    return Change.BETTER if after > before else Change.WORSE
