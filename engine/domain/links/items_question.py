"""A question to the record's links by conditions, and its answer for one viewer. Ranks no person."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from engine.domain.base import Frozen, Instant
from engine.domain.dates import PartialDate
from engine.domain.links.grades import Grade
from engine.domain.links.views import NodeKind

NodeName = Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,2}-[0-9A-Z]{7}$")]

NO_ASSOCIATES = (
    "Questions by people's associates need a second person's approval and are asked apart. "
    "Officers are not items of the record."
)


class Listed(StrEnum):
    """The items that a question lists."""

    PEOPLE = "people"
    INCIDENTS = "incidents"
    REFERRALS = "referrals"

    @property
    def node(self) -> NodeKind:
        """Return the kind of these items."""
        return _NODES[self]


_NODES = {
    Listed.PEOPLE: NodeKind.PERSON,
    Listed.INCIDENTS: NodeKind.INCIDENT,
    Listed.REFERRALS: NodeKind.REFERRAL,
}


class AskedRole(StrEnum):
    """The role that a source claims on a link."""

    PERPETRATOR = "perpetrator"
    VICTIM = "victim"
    WITNESS = "witness"
    OTHER = "other"


class ItemsQuestion(Frozen):
    """Conditions that one link of an item must all meet."""

    kind: Literal["items"] = "items"
    find: Listed
    role: AskedRole | None = None
    link: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z ]{1,30}$")] | None = Field(
        default=None, description="a kind of link; only of people, since the others have one kind each"
    )
    to: NodeName | None = Field(
        default=None,
        description="of people: what they are linked to; of incidents and referrals: a person in them, or "
        "what a person in them is linked to",
    )
    since: date | None = None
    until: date | None = None
    grade: Grade | None = None

    @model_validator(mode="after")
    def _can_be_met(self) -> ItemsQuestion:
        if not any((self.role, self.link, self.to, self.since, self.until, self.grade)):
            raise ValueError("give at least one condition")
        if self.link and self.find is not Listed.PEOPLE:
            raise ValueError("give a kind of link for people only")
        if self.since and self.until and self.since > self.until:
            raise ValueError("the first date is after the last")
        if self.find is Listed.PEOPLE and self.to and self.to.startswith("P-"):
            raise ValueError(NO_ASSOCIATES)
        return self

    def in_words(self) -> str:
        """Return the question as one would ask it."""
        through = ""
        if self.to:
            is_near = self.find is Listed.PEOPLE or self.to.startswith("P-")
            through = f"linked to {self.to}" if is_near else f"of people linked to {self.to}"
        conditions = (
            f"role {self.role}" if self.role else "",
            f'link "{self.link}"' if self.link else "",
            through,
            f"since {PartialDate.of(self.since).in_words()}" if self.since else "",
            f"until {PartialDate.of(self.until).in_words()}" if self.until else "",
            f"grade {self.grade}" if self.grade else "",
        )
        return f"{self.find}: {', '.join(each for each in conditions if each)}"

    @property
    def grades(self) -> tuple[str, ...]:
        """Return the grades that meet the condition: one without a handling code is met by each code."""
        if self.grade is None:
            return ()
        grade = "".join(self.grade.split()).upper()
        return (grade,) if len(grade) > len("1A") else (grade, f"{grade}P", f"{grade}C")

    @property
    def asks_by(self) -> str:
        """Return the kinds of its conditions, without what was asked for."""
        names = ("role", "link", "to", "since", "until", "grade")
        return ", ".join(name for name in names if getattr(self, name) is not None)


class ItemFound(Frozen):
    """An item that meets the conditions."""

    reference: str
    label: str
    links: int | None = Field(
        description="number of others that it is so linked to; None: this item has no count"
    )


class ItemsFound(Frozen):
    """The items that meet a question, by reference."""

    question: ItemsQuestion
    items: tuple[ItemFound, ...]
    number: int
    """All that meet it, also those that are not listed."""
    snapshot_at: Instant
    changed_since: int

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences below the list: its limits and gaps."""
        sentences = []
        if self.number > len(self.items):
            sentences.append(
                f"{self.number:,} meet the question. {len(self.items):,} are listed, those recorded first. "
                "Add a condition to list others."
            )
        if self.question.since or self.question.until:
            sentences.append("A link without a date meets every date.")
        if self.question.find is Listed.PEOPLE:
            sentences.append(
                "Only adults who are named as perpetrator and nowhere as victim have a count. "
                "A high count may only mean more recording."
            )
        if not self.items:
            sentences.append("No item is listed. Agencies may hold more than is shown.")
        return tuple(sentences)
