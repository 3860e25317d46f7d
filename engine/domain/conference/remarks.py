"""Remarks about a case in the room, each under its agency, and notes of the minute taker. Knows no storage.

It takes two steps: it is entered, and a person at the table for the agency releases it. Until then it exists
for that agency and for the person who entered it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import StringConstraints, model_validator

from engine.domain.base import Code, Frozen, Instant, Sentence
from engine.domain.links.grades import Grade
from engine.domain.responses.answers import Nature
from engine.domain.sharing import AudienceKind, ReleaseClass

LONGEST_REMARK = 2_000
RemarkText = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_REMARK)]


class RemarkAct(StrEnum):
    """The second step of a remark, by a person at the table for its agency."""

    RELEASED = "released"
    DISCARDED = "discarded"


class RemarkGiven(Frozen):
    """A remark as it is entered. ``grade`` None is "not recorded"."""

    agency: Code
    text: RemarkText
    source: Sentence
    nature: Nature
    grade: Grade | None = None
    audience: AudienceKind = AudienceKind.PANEL
    agencies: tuple[Code, ...] = ()

    @model_validator(mode="after")
    def _is_for_others(self) -> RemarkGiven:
        if self.audience is AudienceKind.OWNER:
            raise ValueError("audience: give 'panel' or 'named agencies'; it was said to others")
        if self.agency in self.agencies:
            raise ValueError("agencies: leave out the agency itself; it reads its own")
        self.release_class  # noqa: B018  # it refuses an audience that is not whole
        return self

    @property
    def release_class(self) -> ReleaseClass:
        """The owner and the audience."""
        return ReleaseClass(owner=self.agency, audience=self.audience, agencies=self.agencies)


class StoredRemark(Frozen):
    """A remark as it is stored; ``given`` None is a note of the minute taker, which waits for no release."""

    reference: str
    case: str
    conference: str
    text: str
    given: RemarkGiven | None
    by: str
    at: Instant
    act: RemarkAct | None = None
    act_by: str | None = None
    act_at: Instant | None = None


class RemarkView(Frozen):
    """A remark as one person sees it. ``text`` None is withheld from this person by its agency.

    ``agency`` None is a note of the minute taker. Of one that waits for its release, and of one that was
    discarded, only its agency and the person who entered it know.
    """

    reference: str
    case: str
    agency: str | None
    text: str | None
    source: str | None = None
    nature: Nature | None = None
    grade: str | None = None
    audience: str | None = None
    by: str
    at: Instant
    act: RemarkAct | None = None
    act_by: str | None = None
    may_release: bool = False
    """True if this person may release or discard it now."""

    @property
    def status(self) -> str:
        """The step that it is at, in words."""
        if self.agency is None:
            return f"note of {self.by}"
        if self.act is None:
            return f"waiting for {self.agency} to release"
        return f"{self.act.value} by {self.act_by}"
