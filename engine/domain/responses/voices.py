"""The victim's voice: its source, and the victim's agreement to its sharing. Knows no storage.

Three voices are never mixed: the victim's own words, their own view of the risk, and the advocate's
judgement.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import StringConstraints

from engine.domain.base import Code, Frozen
from engine.domain.dates import PartialDate

EVERYONE = "everyone on the case"
WithWhom = tuple[Code | Literal["everyone on the case"], ...]
"""Agencies by code, or everyone on the case; empty is "not recorded", and then none."""

DISCLOSURE_WARNING = "Once shared with police or CPS this may be disclosable in a prosecution."
"""The warning to the victim's advocate before releasing anything."""


class Whose(StrEnum):
    """The source of a voice."""

    HER_WORDS = "victim's words"
    HER_VIEW = "victim's own view of risk"
    ADVOCATE = "advocate's judgement"

    @property
    def is_opinion(self) -> bool:
        """True if it judges the risk, and so waits for the conference as every agency's levels do."""
        return self is not Whose.HER_WORDS


class VoiceTopic(StrEnum):
    """The topic of a voice. It excludes how the victim may safely be reached: that is protected."""

    FEAR = "fear"
    WISHES = "wishes"
    CHANGES = "behaviour changes"
    NEEDS = "needs"
    RISK = "risk"
    NOT_TO_BE_TOLD = "what may not be told to whom"


class Agreement(StrEnum):
    """The victim's agreement to the sharing of one thing. Not asked is not agreed."""

    YES = "yes"
    NO = "no"
    NOT_ASKED = "not asked"
    WITHDRAWN = "withdrawn"


class OfferOutcome(StrEnum):
    """The result of offering the victim an advocate."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    NO_REPLY = "no reply yet"


class AdvocateOffer(Frozen):
    """An offer of an advocate to the victim: its date, author and result, where recorded."""

    offered_on: PartialDate | None = None
    by: Annotated[str, StringConstraints(min_length=2, max_length=120)] | None = None
    came_to: OfferOutcome | None = None

    def in_words(self) -> str:
        """Return one sentence; what is not recorded says so."""
        when = "on a date not recorded" if self.offered_on is None else _on(self.offered_on)
        by = self.by or "a person whose name is not recorded"
        came_to = self.came_to.value if self.came_to else "not recorded"
        return f"The victim was offered an advocate {when} by {by}; outcome: {came_to}."


class VictimVoice(Frozen):
    """The agency that speaks for the victim on this case, or why none does. Never an empty column.

    ``offers`` are the sentences that record whether the victim was offered an advocate, when and by whom.
    """

    speaks: bool
    agency: str | None
    says: str
    offers: tuple[str, ...]


def _on(day: PartialDate) -> str:
    return f"{'on' if day.is_whole_day else 'in'} {day.in_words()}"
