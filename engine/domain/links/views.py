"""The link graph as one viewer may see it: nodes, edges, and what was left out and why. Draws nothing."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from pydantic import Field

from engine.domain.base import Frozen, Instant
from engine.domain.dates import PartialDate

_NOT_RELIABLE, _NOT_KNOWN = "3", ("D", "E")


class NodeKind(StrEnum):
    """The kind of a node of a link graph."""

    PERSON = "person"
    INCIDENT = "incident"
    REFERRAL = "referral"
    PHONE = "phone"
    EMAIL = "email"
    ACCOUNT = "account"
    VEHICLE = "vehicle"
    DEVICE = "device"
    PLACE = "place"
    ORDER = "order"
    OTHER = "other"
    """Of an imported network only."""


class LinkNode(Frozen):
    """One person, incident, thing or place, named as this viewer may read it."""

    id: str
    kind: NodeKind
    label: str
    is_hub: bool = Field(
        default=False, description="drawn and not expanded: it has more users than the cap, for this viewer"
    )
    is_middle: bool = False
    is_pseudonym: bool = Field(default=False, description="the label replaces a name that is not shown")
    date: PartialDate | None = None
    cases: tuple[str, ...] = Field(
        default=(), description="referrals that this viewer may open from here; none where names are hidden"
    )


class LinkEdge(Frozen):
    """One source's record of a link between two nodes."""

    id: str
    source: str
    target: str
    kind: str
    role: str | None = None
    date: PartialDate | None = None
    grade: str | None = Field(default=None, description="3x5x2, such as '2B P'; None is 'not recorded'")
    told_by: str | None = None

    @property
    def in_words(self) -> str:
        """The role where one is claimed, else the kind."""
        return self.role or self.kind

    @property
    def evidence(self) -> str:
        """Source, date and grade; what is not recorded is named."""
        parts = (
            self.told_by or "source not recorded",
            self.date.in_words() if self.date else "no date recorded",
            f"grade {self.grade}" if self.grade else "not graded",
        )
        return ", ".join(parts)

    @property
    def is_unconfirmed(self) -> bool:
        """Return whether its grade says that it is not confirmed; False without a grade."""
        grade = self.grade
        return grade is not None and (grade[:1] == _NOT_RELIABLE or grade[1:2].upper() in _NOT_KNOWN)


class MayBeOne(Frozen):
    """Two people who may be one person: their records agree, and it is undecided. Nothing is merged."""

    one: str
    other: str
    evidence: str = Field(description="how strong the agreement of the records is, in words")

    @property
    def sentence(self) -> str:
        """The sentence with both references."""
        return (
            f"{self.one} and {self.other} may be one person: {self.evidence} evidence in their records, and "
            "no person has decided it."
        )


class LinkHub(Frozen):
    """A thing with so many users that it is drawn and not expanded."""

    id: str
    users: int
    at_least: bool = Field(default=False, description="counting stopped there")


class LinkNotes(Frozen):
    """The drawing's omissions. What this viewer may not know of is not in any of these figures."""

    hubs: tuple[LinkHub, ...] = ()
    left_out: int = 0
    later_left_out: bool = Field(default=False, description="links after the date asked for are not drawn")
    undated: int = Field(
        default=0, description="links drawn that have no date, so the date asked for does not remove them"
    )
    pseudonymised: bool = False
    says: tuple[str, ...] = ()


class LinkView(Frozen):
    """A neighbourhood as one viewer may see it. The page decides where each node is drawn."""

    middle: str
    hops: int
    hub_cap: int
    at: date | None
    kinds: tuple[str, ...]
    nodes: tuple[LinkNode, ...]
    edges: tuple[LinkEdge, ...]
    told: LinkNotes
    read_at: Instant
    snapshot_at: Instant | None = Field(
        default=None, description="when the arrays behind the answer were made; None: read from the record"
    )
    changed_since: int | None = Field(
        default=None, description="cases that changed since then, of those that exist for this viewer"
    )
    may_be_one: tuple[MayBeOne, ...] = Field(
        default=(), description="only for a map that is drawn, not for a file"
    )
    measured: tuple[str, ...] = Field(
        default=(), description="items that may have a measure; only for a map that is drawn"
    )
