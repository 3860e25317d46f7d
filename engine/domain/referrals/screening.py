"""Screening: a person reads only the referral and says whether it is stalking and what is to happen."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from engine.domain.base import Frozen, Sentence, Text
from engine.domain.cases.lifecycle import TriageOutcome


class FourQuestion(StrEnum):
    """The FOUR mnemonic: a recognition aid, which does not show risk and is not summed."""

    FIXATED = "fixated"
    OBSESSIVE = "obsessive"
    UNWANTED = "unwanted"
    REPEATED = "repeated"


class FourAnswer(StrEnum):
    """One answer to one of the four."""

    YES = "yes"
    NO = "no"
    UNCLEAR = "unclear"


class FourItem(Frozen):
    """An answer and its incidents."""

    question: FourQuestion
    answer: FourAnswer
    incidents: tuple[str, ...] = ()


class RedirectTo(StrEnum):
    """The body that takes a referral when the STAC is not the place for it."""

    FTAC = "Fixated Threat Assessment Centre"
    MARAC = "MARAC"
    MAPPA = "MAPPA"
    MATAC = "MATAC"
    COUNTER_TERRORISM = "counter-terrorism"
    CHILD_SAFEGUARDING = "child safeguarding"
    ADULT_SAFEGUARDING = "adult safeguarding"


class Screening(Frozen):
    """One person's decision on the referral only, and why.

    ``people`` names the users on the case besides the person who screens. ``same_episode_as`` joins the
    involvement to an earlier episode of the same two people. ``base_version`` is the version of the screening
    that this one replaces, 0 for none: of two who screen at the same moment the second learns of the first.
    """

    four: tuple[FourItem, ...]
    outcome: TriageOutcome
    reason: Sentence
    people: tuple[str, ...] = ()
    advice: Text | None = None
    redirect_to: RedirectTo | None = None
    safeguarding: Text | None = None
    same_episode_as: str | None = None
    base_version: Annotated[int, Field(ge=0)] = 0

    @model_validator(mode="after")
    def _whole(self) -> Screening:
        asked = [item.question for item in self.four]
        if sorted(q.value for q in asked) != sorted(q.value for q in FourQuestion):
            raise ValueError("four: answer each of fixated, obsessive, unwanted and repeated once")
        if self.outcome is TriageOutcome.REDIRECT and self.redirect_to is None:
            raise ValueError("redirect_to: say where the referral goes")
        if self.outcome is TriageOutcome.URGENT and not self.safeguarding:
            raise ValueError("safeguarding: say what is done today, and by whom, before anything else")
        return self
