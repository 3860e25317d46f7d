"""Requests for a victim's information: asked for, decided, answered. No storage."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter, model_validator

from engine.domain.access.need_to_know import Why
from engine.domain.base import Code, Frozen, Instant


class RequestGiven(Frozen):
    """A victim information request as drafted: its agency, content and reason."""

    agency: Code
    what: Why = Field(description="which information, and from when")
    why: Why = Field(description="the reasonable line of enquiry or the risk that it is for")
    necessary: Why = Field(description="why it is necessary and proportionate, and no less would do")
    handled: Why = Field(description="how it will be handled, by whom, and for how long")
    is_counselling: bool = False
    counselling_needed: Why | None = Field(
        default=None, description="counselling information is presumed not to be needed: why it is"
    )

    @model_validator(mode="after")
    def _presumption_is_met(self) -> RequestGiven:
        if self.is_counselling and self.counselling_needed is None:
            raise ValueError(
                "counselling_needed: counselling information is presumed not to be needed; say why it is"
            )
        if not self.is_counselling and self.counselling_needed is not None:
            raise ValueError("counselling_needed: only give this for counselling information")
        return self


BINDS = (
    "An authorised person, such as a police officer, makes a victim information request under the statutory "
    "code (Police, Crime, Sentencing and Courts Act 2022, Part 2, Chapter 3A). The Chapter binds authorised "
    "persons. It does not oblige the asked agency to answer."
)
"""The maker of a request and those whom the law binds; shown where one is drafted or recorded."""


class RequestDecided(Frozen):
    """The authorised person's decision on the test, with the notice to the victim or why there was none.

    The chair records it. A record from before ``authorised_person`` was asked for has none.
    """

    kind: Literal["decided"] = "decided"
    is_met: bool
    authorised_person: Why | None = Field(
        default=None, description="who makes the request under the statutory code: name and office"
    )
    why: Why
    notice_on: date | None = None
    notice_how: Why | None = None
    no_notice_because: Why | None = None

    @model_validator(mode="after")
    def _notice_or_why_not(self) -> RequestDecided:
        if not self.is_met:
            return self
        if (self.notice_on is None) == (self.no_notice_because is None):
            raise ValueError("notice: give the date the victim was informed, or why they were not")
        if (self.notice_on is None) != (self.notice_how is None):
            raise ValueError(
                "notice_how: if you give a date, also say how the victim was informed, and the other way "
                "round"
            )
        return self


class RequestAnswered(Frozen):
    """The asked agency's own reply: it answers on the case, or refuses and says why."""

    kind: Literal["answered"] = "answered"
    refuses: bool
    why: Why


AnyWord = Annotated[RequestDecided | RequestAnswered, Field(discriminator="kind")]
WORD: TypeAdapter[AnyWord] = TypeAdapter(AnyWord)


class RequestWord(Frozen):
    """A record on a request: who made it, and when."""

    what: AnyWord
    by: str
    at: Instant


class VictimRequest(Frozen):
    """A victim information request with the records on it, oldest first. It is valid once its test is met."""

    reference: str
    involvement: str
    given: RequestGiven
    by: str
    at: Instant
    words: tuple[RequestWord, ...] = ()

    @property
    def decided(self) -> RequestDecided | None:
        """The decision, once there is one."""
        return next((w.what for w in self.words if isinstance(w.what, RequestDecided)), None)

    @property
    def answered(self) -> RequestAnswered | None:
        """The agency's reply, once it has answered."""
        return next((w.what for w in self.words if isinstance(w.what, RequestAnswered)), None)

    @property
    def stands(self) -> str:
        """The state in one sentence."""
        if self.decided is None:
            return "Waiting for the chair to record an authorised person; no agency is asked."
        if not self.decided.is_met:
            return "The test is not met; no agency is asked."
        if self.answered is None:
            return "The agency is asked."
        return "The agency refused." if self.answered.refuses else "The agency responds on the case."
