"""Typed texts that repeat something protected. Says who typed where, and never what."""

from __future__ import annotations

from enum import StrEnum

from engine.domain.base import Frozen, Instant


class TypedWhere(StrEnum):
    """The place where a text was typed."""

    INCIDENT = "an incident"
    SCREENING = "the screening"
    DECISION = "the decision"
    PLAN = "the plan"
    ACTION = "a report on an action"
    OUTCOME = "an outcome"
    ANSWER = "an answer"
    REASON = "a reason"


class ProtectedTextFlag(Frozen):
    """A person's text that repeats a protected value of the case: others read it masked until it is resolved.

    ``earlier`` is how many more of the same person's texts did so on any case within the days before: a
    person who tries one address after another is searching for the victim.
    """

    number: int
    involvement: str
    where: TypedWhere
    by: str
    at: Instant
    earlier: int = 0
