"""Texts that people typed and that repeat something protected. Says who typed where, and never what."""

from __future__ import annotations

from enum import StrEnum

from engine.domain.base import Frozen, Instant


class TypedWhere(StrEnum):
    """Into what a text was typed."""

    INCIDENT = "an incident"
    SCREENING = "the screening"
    DECISION = "the decision"
    PLAN = "the plan"
    ACTION = "a report on an action"
    OUTCOME = "an outcome"
    ANSWER = "an answer"
    REASON = "a reason"


class ProtectedTextFlag(Frozen):
    """Somebody's text repeats a protected value of the case: others read it masked, and it is to be seen to.

    ``earlier`` is how many more of the same person's texts did so on any case within the days before:
    somebody who tries one address after another is somebody who looks for her.
    """

    number: int
    involvement: str
    where: TypedWhere
    by: str
    at: Instant
    earlier: int = 0
