"""Test of whether what was reported became graver, in every order that the dates allow. Ranks no case."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from engine.links.escalation_data import escalation_data
from engine.links.spans import Span, rise_bounds
from engine.links.trend import rise_tails, rises


class Answer(StrEnum):
    """Answer about a rise."""

    ROSE = "rose"
    MAY_HAVE_RISEN = "may have risen"
    DID_NOT_RISE = "did not rise"
    TOO_FEW = "too few to judge"
    """No order of these values could be called a rise."""
    NOT_JUDGED = "cannot be judged"
    """There are enough, and still no order of them could be called a rise."""


class Rise(NamedTuple):
    """The answer, and its probability in the orders that show the least and the most of a rise."""

    answer: Answer
    least: float
    """In the order that rises the most."""
    most: float
    """In the order that rises the least."""


def rise_in(spans: Sequence[Span], values: Sequence[float]) -> Rise:
    """Test the values of incidents for a rise, from the least order to the greatest that their days allow."""
    low, high = rise_bounds(spans, values)
    utmost = rises(sorted(values))
    most, least, possible = rise_tails((low, high, utmost), values)
    at = escalation_data().severity_at
    if len(set(values)) > 1 and possible > at:
        answer = Answer.TOO_FEW
    elif low > 0 and most <= at:
        answer = Answer.ROSE
    elif high > 0 and least <= at:
        answer = Answer.MAY_HAVE_RISEN
    else:
        answer = Answer.DID_NOT_RISE
    return Rise(answer, least, most)
