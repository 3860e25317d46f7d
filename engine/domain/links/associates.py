"""Questions to the record by people's associates: asked with a second person's approval. Ranks no person."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from engine.domain.access.approvals import ApprovalAsked
from engine.domain.accounts.acting import Role
from engine.domain.accounts.tasks import Task
from engine.domain.base import Frozen, Instant
from engine.domain.dates import PartialDate
from engine.domain.links.items_question import ItemFound

PersonName = Annotated[str, StringConstraints(pattern=r"^P-[0-9A-Z]{7}$")]

WHO_IS_LISTED = (
    "Only adults who are named as perpetrator and nowhere as victim are listed, or counted as associates."
)


class OwnIncidents(StrEnum):
    """Incidents of the people that are listed."""

    NONE = "none"
    SOME = "some"


class AssociatesQuestion(Frozen):
    """Conditions on people and on their direct associates."""

    kind: Literal["associates"] = "associates"
    of: PersonName | None = Field(default=None, description="only direct associates of this person")
    own_incidents: OwnIncidents | None = None
    at_least: int | None = Field(
        default=None,
        ge=1,
        le=50,
        description="direct associates in an incident; by default 1, and with 'of' any number",
    )
    since: date | None = Field(default=None, description="of the incidents")
    until: date | None = Field(default=None, description="of the incidents")

    @model_validator(mode="after")
    def _can_be_met(self) -> AssociatesQuestion:
        if self.since and self.until and self.since > self.until:
            raise ValueError("the first date is after the last")
        return self

    @property
    def fewest(self) -> int:
        """Return the least number of associates in an incident of a person who is listed."""
        return self.at_least or (1 if self.of is None else 0)

    def in_words(self) -> str:
        """Return the question as one would ask it."""
        who = "people" if self.of is None else f"direct associates of {self.of}"
        own = {
            None: "",
            OwnIncidents.NONE: " with no incident of their own",
            OwnIncidents.SOME: " with an incident of their own",
        }[self.own_incidents]
        period = "".join(
            f" {name} {PartialDate.of(day).in_words()}"
            for name, day in (("since", self.since), ("until", self.until))
            if day
        )
        few = f", {self.fewest} or more" if self.fewest > 1 else ""
        one = "an incident" if self.own_incidents is None else "one"
        return f"{who}{own}, by how many direct associates are in {one}{period}{few}"

    @property
    def asks_by(self) -> str:
        """Return the kinds of its conditions, without what was asked for."""
        names = ("of", "own_incidents", "at_least", "since", "until")
        return ", ".join(name for name in names if getattr(self, name) is not None)


class AssociatesAsked(ApprovalAsked):
    """A question that waits for a second person, or did. It is asked once, by the person who sent it."""

    role: Role
    """Of the person who asks, at that moment: another role ends the request."""
    question: AssociatesQuestion
    purpose: Task


class ApprovalState(StrEnum):
    """State of a request, as the person who sent it reads it."""

    AWAITING = "awaiting approval"
    APPROVED = "approved"
    REFUSED = "refused"
    USED = "asked"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class AssociatesRequest(Frozen):
    """A request as one person may read it."""

    reference: str
    question: AssociatesQuestion
    purpose: Task
    user: str
    state: ApprovalState
    why: str | None = Field(description="None: one's own reason is stored, and not shown again")
    at: Instant
    lapses_at: Instant


class AssociatesRequests(Frozen):
    """One's own requests, and those of others that one may answer; oldest first."""

    mine: tuple[AssociatesRequest, ...]
    to_answer: tuple[AssociatesRequest, ...]


class AssociatesFound(Frozen):
    """The people who meet a question, by reference. ``links`` counts their associates in an incident."""

    question: AssociatesQuestion
    items: tuple[ItemFound, ...]
    number: int
    """All that meet it, also those that are not listed."""
    snapshot_at: Instant
    changed_since: int

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences below the list: its limits and gaps."""
        sentences = [
            "An associate is another person of the same referral, incident, order, place, phone or other "
            "thing. "
            "It does not show that people know each other.",
            f"{WHO_IS_LISTED} A high count may only mean more recording.",
        ]
        if self.number > len(self.items):
            sentences.insert(
                0, f"{self.number:,} meet the question. {len(self.items):,} are listed, those recorded first."
            )
        if self.question.since or self.question.until:
            sentences.append("An incident without a date meets every date.")
        if not self.items:
            sentences.append("No person is listed. Agencies may hold more than is shown.")
        return tuple(sentences)
