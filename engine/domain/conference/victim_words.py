"""The victim's words, as a panel hears them: its source, and the agencies that the victim agreed to."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from engine.domain.accounts.acting import COORDINATOR_AND_CHAIR, Acting
from engine.domain.base import Frozen, Instant
from engine.domain.dates import PartialDate
from engine.domain.responses.voices import EVERYONE, WithWhom

_Person = Annotated[str, StringConstraints(min_length=2, max_length=120)]


class Manner(StrEnum):
    """The victim's own words, or the report of another person."""

    OWN_WORDS = "in the victim's own words"
    REPORTED = "reported"


class VictimWordsGiven(Frozen):
    """Words of the victim, with their source.

    Only the victim's advocate gives ``with_whom``. Without it only the advocate's agency reads what
    the advocate entered.
    """

    text: Annotated[str, StringConstraints(min_length=1, max_length=2_000)]
    manner: Manner
    said_by: _Person = Field(description="the victim, or who said it for the victim")
    said_on: PartialDate
    said_to: _Person
    with_whom: WithWhom = ()


class StoredVictimWords(Frozen):
    """A record for one case. ``agency`` None: noted by a person who does not speak for the victim.

    ``confirmed_by`` is the advocate who confirmed what was noted, ``withdrawn_by`` the one who withdrew it.
    """

    number: int
    given: VictimWordsGiven
    agency: str | None
    by: str
    at: Instant
    item: tuple[str, int] | None
    """The conference and the item that was on the screen when it was recorded."""
    confirmed_by: str | None = None
    withdrawn_by: str | None = None
    withdrawn_at: Instant | None = None

    @property
    def is_withdrawn(self) -> bool:
        """True once the victim's advocate withdrew it."""
        return self.withdrawn_at is not None

    @property
    def is_agreed(self) -> bool:
        """True once the victim's advocate entered or confirmed it."""
        return self.agency is not None or self.confirmed_by is not None

    @property
    def source(self) -> str:
        """The person who entered, confirmed or noted it."""
        if self.confirmed_by is not None:
            return f"confirmed by {self.confirmed_by}"
        return f"entered by {self.by}" if self.agency is not None else f"as noted by {self.by}"

    def is_shared_with(self, agency: str | None) -> bool:
        """Return whether the victim agreed that this agency reads it; None: coordinators and chair."""
        return EVERYONE in self.given.with_whom or (agency is not None and agency in self.given.with_whom)


def may_read_words(words: StoredVictimWords, acting: Acting, *, is_advocate: bool) -> bool:
    """Return whether a person on the case reads this record.

    The victim's advocate reads all. What is agreed is read by those that the victim agreed to share it with;
    what is only noted, by coordinators and chair, who heard it.
    """
    if is_advocate:
        return True
    if words.is_agreed:
        return words.is_shared_with(acting.agency)
    return acting.role in COORDINATOR_AND_CHAIR


class VictimWordsView(Frozen):
    """The part that one reader sees."""

    number: int
    text: str
    manner: Manner
    said_by: str
    said_on: PartialDate
    said_to: str
    source: str
    is_agreed: bool

    @property
    def origin(self) -> str:
        """The speaker, the date, the hearer, and whether in the victim's own words, as one sentence."""
        when = f"{'on' if self.said_on.is_whole_day else 'in'} {self.said_on.in_words()}"
        return f"Said by {self.said_by} {when} to {self.said_to}, {self.manner.value}; {self.source}."


class WordsWithdrawn(Frozen):
    """Words that the victim's advocate withdrew. No one reads them any more."""

    number: int
    by: str
    on: date

    @property
    def in_words(self) -> str:
        """One sentence; the person is last, so that a page can show their name."""
        return f"Words {self.number} were withdrawn on {self.on:%-d %B %Y} by {self.by}"
