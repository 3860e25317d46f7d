"""Typed texts that repeat something protected. Says who typed where, and never what."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable
from datetime import datetime, timedelta
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


def numbers_earlier(moments: Iterable[datetime], *, within: timedelta) -> list[int]:
    """Return for each text of one writer how many came before it within this time.

    ``moments`` are in the order of their storage. Each is compared with few others, as many texts of
    one writer may wait.
    """
    found, before = list[int](), list[datetime]()
    for at in moments:
        found.append(len(before) - bisect_left(before, at - within))
        insort(before, at)
    return found
