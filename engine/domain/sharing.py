"""Release rules, and the ledger of what was shared, its audience and basis, and what was refused."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from engine.domain.base import Code, Frozen, Instant, Sentence
from engine.domain.responses.answers import Nature

WHOLE_ANSWER = "*"
"""In place of an item's key: the rule is about everything that an agency answered on a case."""
ANSWER_ITSELF = "answer:itself"
"""In the ledger: what an answer holds beside its items, such as the match, gaps and proposed actions."""
ACTS_OF_OTHER_CASES = "acts:of other cases"
"""In the ledger: the number, kinds and dates of acts of the alleged perpetrator's other cases."""
_ITEM_NAMES = {
    WHOLE_ANSWER: "the whole answer",
    ANSWER_ITSELF: "the answer itself",
    ACTS_OF_OTHER_CASES: "acts of other cases",
}
DESK = "desk"
"""Among the named agencies: the co-ordinators and the chair, who have no agency of their own."""


class AudienceKind(StrEnum):
    """The kind of an item's audience."""

    OWNER = "owner only"
    NAMED = "named agencies"
    PANEL = "panel"


class VisibilityToOthers(StrEnum):
    """The information for people on the case outside the audience, the most first. All others get none."""

    WITHHOLD = "withhold"
    STUB = "stub"
    HIDE = "hide"


class Outcome(StrEnum):
    """One viewer's part of one item."""

    SHOW = "show"
    WITHHOLD = "withhold"
    STUB = "stub"
    HIDE = "hide"


class Regime(StrEnum):
    """The law under which personal data are handled; police to charity crosses from one to the other."""

    PART_3 = "Data Protection Act 2018, Part 3"
    UK_GDPR = "UK GDPR"


class AboutWhom(StrEnum):
    """The category of data subject (Data Protection Act 2018, section 38)."""

    SUSPECT = "suspect"
    CONVICTED = "convicted"
    VICTIM = "victim"
    WITNESS = "witness"
    OTHER = "somebody else"


class ReleaseClass(Frozen):
    """Owner, audience, what others get, and until when: few of them, interned to a small number."""

    owner: Code
    audience: AudienceKind
    agencies: tuple[Code, ...] = ()
    otherwise: VisibilityToOthers = VisibilityToOthers.WITHHOLD
    until: date | None = Field(default=None, description="the end date; from the next day on it is hidden")

    @model_validator(mode="after")
    def _names_whom(self) -> ReleaseClass:
        if (self.audience is AudienceKind.NAMED) != bool(self.agencies):
            raise ValueError("agencies: list agencies only if the audience is 'named agencies'")
        return self

    @property
    def in_words(self) -> str:
        """The audience, as a ledger says it."""
        whom = ", ".join(self.agencies) if self.agencies else self.audience.value
        return f"{whom} until {self.until.isoformat()}" if self.until else whom


class Grounds(Frozen):
    """The basis, the purpose and why it is necessary. ``basis`` None is "not recorded"."""

    basis: Code | None = None
    purpose: Sentence
    necessity: Sentence | None = None
    regime: Regime | None = None
    about: Annotated[tuple[AboutWhom, ...], Field(max_length=5)] = ()


class RuleGiven(Frozen):
    """A release rule as its owner gives it, for one item or for the whole answer."""

    item: Annotated[str, Field(min_length=1, max_length=80)]
    audience: AudienceKind
    agencies: tuple[Code, ...] = ()
    otherwise: VisibilityToOthers = VisibilityToOthers.WITHHOLD
    until: date | None = None
    grounds: Grounds
    why: Sentence


class StoredRule(Frozen):
    """A current rule: the newest on an item applies."""

    item: str
    release_class: ReleaseClass
    grounds: Grounds
    narrowed_by_plugin: str | None = None
    why: str
    by: str
    at: Instant


class LedgerAct(StrEnum):
    """An act on items of one agency on one case."""

    SHARED = "shared"
    WITHHELD = "withheld by its owner"
    STRUCK = "struck before release"
    WITHDRAWN = "withdrawn"
    AGREEMENT = "narrowed by the victim's agreement"
    REFUSED = "refused"
    CORRECTED = "corrected"
    RULE = "rule changed"
    NARROWED = "narrowed by the agency's own rule"


class LedgerItem(Frozen):
    """One item in a line of the ledger: its key, fact or opinion, and whom the victim named for it.

    ``from_conference`` says that other agencies read it only once the chair has opened the conference.
    """

    key: str
    nature: Nature | None = None
    with_whom: tuple[str, ...] = ()
    from_conference: bool = False

    @property
    def in_words(self) -> str:
        """Its key and what limits its reading, as pages and commands list it."""
        name = _ITEM_NAMES.get(self.key, self.key)
        nature = self.nature.value if self.nature else ""
        notes = ", ".join(filter(None, (nature, "from the conference on" if self.from_conference else "")))
        return f"{name} ({notes})" if notes else name


class LedgerEntry(Frozen):
    """One line: items, audience, basis and author; never the texts themselves."""

    involvement: str
    agency: str
    version: int | None
    act: LedgerAct
    items: tuple[LedgerItem, ...]
    whom: str
    grounds: Grounds
    why: str | None
    by: str
    at: Instant

    def under(self, laws: Mapping[str, Regime]) -> LedgerEntry:
        """Return the same line with the law of its agency, where the rule named none."""
        law = self.grounds.regime or laws.get(self.agency)
        return self.model_copy(update={"grounds": self.grounds.model_copy(update={"regime": law})})

    def crosses_to(self, laws: Mapping[str, Regime]) -> tuple[str, ...]:
        """Return the agencies among its audience that handle it under another law than its owner does."""
        law = self.grounds.regime or laws.get(self.agency)
        named = self.whom.partition(" until ")[0].split(", ")
        goes_to_all = AudienceKind.PANEL.value in named
        others = [code for code in laws if code != self.agency and (goes_to_all or code in named)]
        is_out = self.act in (LedgerAct.SHARED, LedgerAct.RULE, LedgerAct.CORRECTED)
        return tuple(sorted(code for code in others if is_out and law and laws[code] is not law))


class Ledger(Frozen):
    """The ledger of one case, within one viewer's access, and the rules of the viewer's agency."""

    reference: str
    entries: tuple[LedgerEntry, ...]
    rules: tuple[StoredRule, ...] = ()
    bases: dict[str, str] = {}
    laws: dict[str, Regime] = {}


class SharedInFigures(Frozen):
    """The number of lines of one agency's ledger under one law, on one basis, about the same people."""

    agency: str
    act: str
    regime: str | None
    basis: str | None
    about: tuple[str, ...]
    lines: int
    facts: int
    opinions: int


class SharingFigures(Frozen):
    """The figures of sharing over all cases but restricted ones."""

    since: date | None
    rows: tuple[SharedInFigures, ...]
    laws: dict[str, Regime]
    bases: dict[str, str]


class Shareable(Frozen):
    """One item as an agency's own rule judges it."""

    key: str
    kind: str
    nature: Nature | None = None
    says: str | None = None


class Audience(Frozen):
    """The audience that an item would have."""

    kind: AudienceKind
    agencies: tuple[Code, ...] = ()


class MayShare(Frozen):
    """The verdict of an agency's own rule on one item. It can only restrict: nothing is widened by it."""

    audience: AudienceKind = AudienceKind.PANEL
    agencies: tuple[Code, ...] = ()
    because: Sentence | None = None

    @model_validator(mode="after")
    def _names_whom(self) -> MayShare:
        if (self.audience is AudienceKind.NAMED) != bool(self.agencies):
            raise ValueError("agencies: list agencies only if the audience is 'named agencies'")
        return self


def narrower(one: Audience, other: Audience) -> Audience:
    """Return the audience common to both; only its owner when they have none in common."""
    if one.kind is AudienceKind.PANEL:
        return other
    if other.kind is AudienceKind.PANEL:
        return one
    if AudienceKind.OWNER in (one.kind, other.kind):
        return Audience(kind=AudienceKind.OWNER)
    both = tuple(agency for agency in one.agencies if agency in other.agencies)
    return Audience(kind=AudienceKind.NAMED, agencies=both) if both else Audience(kind=AudienceKind.OWNER)


def class_common_to_both(before: ReleaseClass, after: ReleaseClass) -> ReleaseClass:
    """Return the class with the readers common to both, the earlier end date and the least for others."""
    to = narrower(
        Audience(kind=before.audience, agencies=before.agencies),
        Audience(kind=after.audience, agencies=after.agencies),
    )
    least = list(VisibilityToOthers)
    days = [each.until for each in (before, after) if each.until is not None]
    return ReleaseClass(
        owner=before.owner,
        audience=to.kind,
        agencies=to.agencies,
        otherwise=max(before.otherwise, after.otherwise, key=least.index),
        until=min(days, default=None),
    )


def common_class(owner: Code, *classes: ReleaseClass) -> ReleaseClass:
    """Return the audience, and the end date, common to all of these; its owner is not among the named."""
    to = Audience(kind=AudienceKind.PANEL)
    for each in classes:
        to = narrower(to, Audience(kind=each.audience, agencies=each.agencies))
    named = tuple(sorted(agency for agency in to.agencies if agency != owner))
    if to.kind is AudienceKind.OWNER or (to.kind is AudienceKind.NAMED and not named):
        return ReleaseClass(owner=owner, audience=AudienceKind.OWNER)
    days = [each.until for each in classes if each.until is not None]
    return ReleaseClass(owner=owner, audience=to.kind, agencies=named, until=min(days, default=None))
