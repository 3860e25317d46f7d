"""The life of advice: made, sent, its slip returned, closed; and its clocks. Knows no storage and no page.

Advice is one version of a screening with the outcome "advice". A later screening makes a new advice, and the
earlier one is superseded.

The clocks count working days after the date of the first sending; sending it again does not stop them. Sent
on a Monday, the contact with the victim is due at the end of Tuesday and the slip at the end of Wednesday. So
the slip is overdue on Thursday. "Two working days later for the chair" is read as the second working day
after the slip was due: the chair has a line from the first minute of Friday.

The numbers of days are constants here until there is a section of the settings for them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from enum import StrEnum
from typing import Annotated

from pydantic import StringConstraints, model_validator

from engine.clock import LONDON
from engine.domain.base import Frozen, Instant, Sentence
from engine.domain.cases.lifecycle import State
from engine.domain.errors import InvalidInputError
from engine.domain.working_days import CLOSE_OF_WORK, working_days_on

CONTACT_WITHIN_WORKING_DAYS = 1
SLIP_WITHIN_WORKING_DAYS = 2
SLIP_TO_CHAIR_AFTER_WORKING_DAYS = 2

InWorkRole = Annotated[str, StringConstraints(min_length=2, max_length=120)]
"""A person in a work role, such as "PC A. Example, officer in the case"."""


class AdviceState(StrEnum):
    """The state of one advice at one moment."""

    MADE = "made"
    SENT = "sent"
    OVERDUE = "overdue"
    RETURNED = "slip returned"
    CLOSED = "closed"
    SUPERSEDED = "superseded"
    ENDED = "ended with its case"


IN_HAND = (AdviceState.OVERDUE, AdviceState.MADE, AdviceState.SENT, AdviceState.RETURNED)
"""States of an advice that still needs a person, most pressing first."""


class SentHow(StrEnum):
    """A way of sending advice."""

    EMAIL = "secure email"
    RECORD = "police record system"
    BY_HAND = "by hand"


class SlipQuestion(StrEnum):
    """A question of the slip that the officer in the case returns. The value is stored."""

    CONTACTED = "victim contacted safely"
    SPO = "Stalking Protection Order considered"
    RISK = "risk assessment done"


class SlipAnswer(StrEnum):
    """An answer on the slip."""

    YES = "yes"
    NO = "no"


class SlipEntry(Frozen):
    """One answer on the slip: yes with the date and the person, or no with the reason."""

    answer: SlipAnswer
    on: date | None = None
    by: InWorkRole | None = None
    why: Sentence | None = None

    @model_validator(mode="after")
    def _whole(self) -> SlipEntry:
        if self.answer is SlipAnswer.YES:
            if self.on is None or self.by is None:
                raise ValueError("yes: give the date and the person who did it")
            if self.why is not None:
                raise ValueError("yes: a reason is only for no")
        elif self.why is None:
            raise ValueError("no: give the reason")
        elif self.on is not None or self.by is not None:
            raise ValueError("no: a date and a person are only for yes")
        return self


class SlipGiven(Frozen):
    """The answers that came back: all three, or some of them."""

    contacted: SlipEntry | None = None
    spo: SlipEntry | None = None
    risk: SlipEntry | None = None

    @model_validator(mode="after")
    def _some(self) -> SlipGiven:
        if not self.entries:
            raise ValueError("answer at least one of contacted, spo and risk")
        return self

    @property
    def entries(self) -> Mapping[SlipQuestion, SlipEntry]:
        """The answers that are there, by question."""
        given = {
            SlipQuestion.CONTACTED: self.contacted,
            SlipQuestion.SPO: self.spo,
            SlipQuestion.RISK: self.risk,
        }
        return {question: entry for question, entry in given.items() if entry is not None}


class AdviceSent(Frozen):
    """One sending of an advice: how, who has it (a role, or a person in it), and the date."""

    how: SentHow
    to: str
    on: date
    by: str
    at: Instant


class SlipAnswered(Frozen):
    """One answer as recorded. The newest of a question applies."""

    question: SlipQuestion
    answer: SlipAnswer
    on: date | None = None
    done_by: str | None = None
    why: str | None = None
    by: str
    at: Instant


class AdviceClosed(Frozen):
    """The closing of an advice: ``reason`` is the chair's, where the slip was not whole."""

    reason: str | None = None
    by: str
    at: Instant


class Advice(Frozen):
    """One advice of a case with all that was recorded of it."""

    reference: str
    version: int
    """The version of the screening that made it."""
    is_newest: bool
    case_state: State
    text: str | None
    made_by: str
    made_at: Instant
    sent: tuple[AdviceSent, ...] = ()
    slip: tuple[SlipAnswered, ...] = ()
    closed: AdviceClosed | None = None

    @property
    def sent_on(self) -> date | None:
        """The date of the first sending: the clocks count from it."""
        return min((each.on for each in self.sent), default=None)

    @property
    def answers(self) -> Mapping[SlipQuestion, SlipAnswered]:
        """The current answer to each question that has one."""
        return {each.question: each for each in self.slip}

    @property
    def missing(self) -> tuple[SlipQuestion, ...]:
        """The questions of the slip without an answer."""
        return tuple(question for question in SlipQuestion if question not in self.answers)

    @property
    def contact_due(self) -> datetime | None:
        """The end of the last working day for contacting the victim; None before it is sent."""
        return None if self.sent_on is None else contact_due(self.sent_on)

    @property
    def slip_due(self) -> datetime | None:
        """The end of the last working day for the slip; None before it is sent."""
        return None if self.sent_on is None else slip_due(self.sent_on)

    def state(self, at: datetime) -> AdviceState:
        """Return its state at this moment."""
        if not self.is_newest:
            return AdviceState.SUPERSEDED
        if self.closed is not None:
            return AdviceState.CLOSED
        if self.case_state is not State.ADVICE_GIVEN:
            return AdviceState.ENDED
        if self.slip_due is None:
            return AdviceState.MADE
        if not self.missing:
            return AdviceState.RETURNED
        return AdviceState.OVERDUE if self.slip_due < at else AdviceState.SENT

    def require_in_hand(self) -> None:
        """Refuse an advice that is closed, or that the case has left behind. Raises InvalidInputError."""
        if self.closed is not None:
            raise InvalidInputError(
                f"advice on {self.reference}", "it is already closed; screen the case again to advise again"
            )
        if self.case_state is not State.ADVICE_GIVEN:
            raise InvalidInputError(
                f"advice on {self.reference}",
                f"it has ended: its case is '{self.case_state.value}'; nothing more of it is recorded",
            )

    def require_sent(self) -> None:
        """Refuse an advice that was not sent. Raises InvalidInputError."""
        if not self.sent:
            raise InvalidInputError(
                f"advice on {self.reference}",
                "it is not sent yet; record its sending first",
            )


def contact_due(sent_on: date) -> datetime:
    """Return the end of the next working day after the sending."""
    return datetime.combine(working_days_on(sent_on, CONTACT_WITHIN_WORKING_DAYS), CLOSE_OF_WORK, LONDON)


def contact_asked_from(sent_on: date) -> datetime:
    """Return the first minute of that working day, in London: from then on it is a line."""
    return _first_minute(working_days_on(sent_on, CONTACT_WITHIN_WORKING_DAYS))


def slip_due(sent_on: date) -> datetime:
    """Return the end of the second working day after the sending."""
    return datetime.combine(working_days_on(sent_on, SLIP_WITHIN_WORKING_DAYS), CLOSE_OF_WORK, LONDON)


def chair_asked_from(sent_on: date) -> datetime:
    """Return the first minute of the second working day after the slip was due."""
    due_on = working_days_on(sent_on, SLIP_WITHIN_WORKING_DAYS)
    return _first_minute(working_days_on(due_on, SLIP_TO_CHAIR_AFTER_WORKING_DAYS))


def _first_minute(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON)
