"""Informing the victim by right: notices, the Right to Know, the pack for the victim. No storage.

Each is a record that stays: what the victim was informed of, on which date, by whom and how; or why they were
not.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter, model_validator

from engine.domain.access.need_to_know import Why
from engine.domain.base import Frozen, Instant


class NoticeOf(StrEnum):
    """The event of a notice: a release, or what became of an order."""

    RELEASED = "a release from custody"
    ORDER_MADE = "an order was made"
    ORDER_VARIED = "an order was varied"
    ORDER_ENDED = "an order ended"


class NoticeGiven(Frozen):
    """A notice to the victim that something happened, or why there was none."""

    kind: Literal["notice"] = "notice"
    of: NoticeOf
    happened_on: date
    told_on: date | None = None
    told_by: Why | None = Field(default=None, description="who informed the victim: an agency, a role")
    told_how: Why | None = None
    not_told_because: Why | None = None

    @model_validator(mode="after")
    def _told_or_why_not(self) -> NoticeGiven:
        if (self.told_on is None) == (self.not_told_because is None):
            raise ValueError("notice: give the date the victim was informed, or why they were not")
        if {self.told_on is None} != {self.told_by is None, self.told_how is None}:
            raise ValueError("notice: if you give a date, also say who told the victim and how")
        return self


class RightToKnowDecided(Frozen):
    """The decision whether a victim learns who stalks them online or unnamed; made by investigators."""

    kind: Literal["right to know"] = "right to know"
    is_told: bool
    why: Why = Field(description="why it is, or is not, necessary and proportionate to inform the victim")
    told_on: date | None = None
    told_how: Why | None = None

    @model_validator(mode="after")
    def _told_if_decided(self) -> RightToKnowDecided:
        if not self.is_told and (self.told_on or self.told_how):
            raise ValueError("right to know: only give a date if you decided to inform the victim")
        if (self.told_on is None) != (self.told_how is None):
            raise ValueError(
                "right to know: if you give a date, also say how the victim was informed, and the other "
                "way round"
            )
        return self


class PackPrepared(Frozen):
    """The pack's contents that coordinators and chair allow, beside the fixed ones; the newest applies."""

    kind: Literal["pack prepared"] = "pack prepared"
    words: Annotated[tuple[Why, ...], Field(max_length=12)] = ()
    actions: Annotated[tuple[str, ...], Field(max_length=30)] = ()


class PackTaken(Frozen):
    """The advocate's fetching of the pack; the file itself is not stored, its digest is."""

    kind: Literal["pack taken"] = "pack taken"
    digest: str


AnyTold = Annotated[NoticeGiven | RightToKnowDecided | PackPrepared | PackTaken, Field(discriminator="kind")]
TOLD: TypeAdapter[AnyTold] = TypeAdapter(AnyTold)


class VictimInformedEvent(Frozen):
    """A record of what the victim was or may be informed of: who made it, and when."""

    involvement: str
    what: AnyTold
    by: str
    at: Instant

    @property
    def sentence(self) -> str:
        """The event in one sentence without its end."""
        match self.what:
            case NoticeGiven(of=of, happened_on=day) as notice:
                said = f"{of.value} ({day:%-d %B %Y}): "
                if notice.told_on is None:
                    return f"{said}not informed, because: {notice.not_told_because}"
                return f"{said}informed on {notice.told_on:%-d %B %Y}, {notice.told_by}, {notice.told_how}"
            case RightToKnowDecided(is_told=False, why=why):
                return f"Right to Know: decided not to inform the victim who is responsible, because: {why}"
            case RightToKnowDecided(why=why) as known:
                when = "not yet informed"
                if known.told_on is not None:
                    when = f"informed on {known.told_on:%-d %B %Y}, {known.told_how}"
                decided = "decided to inform the victim who is responsible"
                return f"Right to Know: {decided}, because: {why}; {when}"
            case PackPrepared() as pack:
                parts = [f"{len(pack.actions)} actions", f"{len(pack.words)} sentences"]
                return f"pack prepared with {' and '.join(parts)}"
            case PackTaken():
                return "pack exported for the victim's advocate"


class OfferedAction(Frozen):
    """An action of the plan that may be put into the pack."""

    reference: str
    what: str


class VictimInformation(Frozen):
    """Informing the victim on one case, within one viewer's access."""

    reference: str
    has_rights: bool
    words: tuple[VictimInformedEvent, ...] = ()
    actions: tuple[OfferedAction, ...] = ()
    sees_all: bool = False
    """True for the coordinator, the chair and the advocate; others see only the Right to Know."""
    may_decide: bool = False
    may_prepare: bool = False
    may_take: bool = False


class VictimPack(Frozen):
    """The pack as it is given to the advocate."""

    reference: str
    text: str

    @property
    def file_name(self) -> str:
        """The file's name: the case's reference and no person's name."""
        return f"pack-{self.reference}.txt"
