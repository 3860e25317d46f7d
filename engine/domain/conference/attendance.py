"""The people in the room and out of an item, and the quorum that they make. Knows no storage."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from engine.domain.base import Code, Frozen, Instant

CHAIR = "chair"
"""The name of a missing chair among the seats that a quorum needs."""
Name = Annotated[str, StringConstraints(min_length=1, max_length=120)]


class AttendanceAct(StrEnum):
    """A kind of record about a person or an agency at a conference."""

    ARRIVED = "arrived"
    LEFT = "left"
    APOLOGIES = "apologies"
    WRITTEN = "written contribution"
    SIGNED = "conditions signed"

    @property
    def is_of_the_absent(self) -> bool:
        """True for apologies and for a written contribution."""
        return self in (AttendanceAct.APOLOGIES, AttendanceAct.WRITTEN)


class AttendanceGiven(Frozen):
    """One thing to record. ``user`` is a person with an account; only an observer may have none.

    ``happened_at`` None is now.
    """

    act: AttendanceAct
    user: Code | None = None
    name: Name | None = Field(default=None, description="an observer without an account")
    agency: Code | None = Field(default=None, description="for apologies and written contributions")
    is_observer: bool = False
    happened_at: Instant | None = None

    @model_validator(mode="after")
    def _is_of_one(self) -> AttendanceGiven:
        if self.act is AttendanceAct.SIGNED and not self.is_observer:
            raise ValueError("conditions are signed by observers")
        if self.act is AttendanceAct.WRITTEN:
            if self.agency is None:
                raise ValueError("agency: name the agency that sent the written contribution")
        elif self.user is None and self.name is None and self.agency is None:
            raise ValueError("user: name the person")
        if self.name is not None and not self.is_observer:
            raise ValueError("name: give the user; only an observer has a name instead")
        return self


class AttendanceRecord(Frozen):
    """One thing as it was recorded."""

    act: AttendanceAct
    user: str | None
    name: str | None
    agency: str | None
    is_observer: bool
    happened_at: Instant
    by: str
    at: Instant

    @property
    def who(self) -> str:
        """The person, by user name where there is one; otherwise the code of the agency."""
        return self.user or self.name or self.agency or ""


class Stay(Frozen):
    """One person's stay in the room; ``left_at`` None is still there."""

    user: str | None
    name: str | None
    agency: str | None
    is_observer: bool
    has_signed: bool
    arrived_at: Instant
    left_at: Instant | None = None

    @property
    def who(self) -> str:
        """The person, by user name where there is one."""
        return self.user or self.name or ""

    def is_there(self, at: datetime) -> bool:
        """Return whether the person was in the room at that instant."""
        return self.arrived_at <= at and (self.left_at is None or at < self.left_at)


def stays(records: Iterable[AttendanceRecord]) -> tuple[Stay, ...]:
    """Return each stay in the room, by arrival. A second arrival without a departure changes nothing."""
    given = sorted(records, key=lambda record: (record.happened_at, record.at))
    signed = {record.who for record in given if record.act is AttendanceAct.SIGNED}
    there: dict[str, Stay] = {}
    ended: list[Stay] = []
    for record in given:
        if record.act is AttendanceAct.ARRIVED and record.who not in there:
            there[record.who] = Stay(
                user=record.user,
                name=record.name,
                agency=record.agency,
                is_observer=record.is_observer,
                has_signed=record.who in signed,
                arrived_at=record.happened_at,
            )
        elif record.act is AttendanceAct.LEFT and record.who in there:
            ended.append(there.pop(record.who).model_copy(update={"left_at": record.happened_at}))
    return tuple(sorted([*ended, *there.values()], key=lambda stay: (stay.arrived_at, stay.who)))


def present_at(records: Iterable[AttendanceRecord], at: datetime) -> tuple[Stay, ...]:
    """Return who was in the room at that instant."""
    return tuple(stay for stay in stays(records) if stay.is_there(at))


class Quorum(Frozen):
    """The quorum of those who could take part in an item, with what was missing."""

    missing: tuple[str, ...]

    @property
    def is_quorate(self) -> bool:
        """True if nothing is missing."""
        return not self.missing

    @property
    def in_words(self) -> str:
        """One sentence, as each page that shows a decision shows it."""
        if self.is_quorate:
            return "Quorate."
        return f"Provisional: not quorate. Missing: {', '.join(self.missing)}."


def quorum_of(
    records: Sequence[AttendanceRecord],
    *,
    at: datetime,
    has_chair: bool,
    seats: Mapping[str, str | None],
    needed: Sequence[Sequence[str]],
    names: Mapping[str, str] | None = None,
    out: Iterable[str] = (),
) -> Quorum:
    """Return the quorum of an item: the chair or deputy, and of each group of seats one.

    A seat counts when a person of its agency is in the room, takes part in the item and does not observe. It
    also counts when its written contribution came before. ``seats`` is each agency's, ``names`` those of the
    agencies on a seat, for the sentence; ``out`` are the people with a conflict of interest in the item.
    """
    apart = set(out)
    here = {
        stay.agency
        for stay in present_at(records, at)
        if not stay.is_observer and stay.user is not None and stay.user not in apart
    }
    wrote = {
        record.agency
        for record in records
        if record.act is AttendanceAct.WRITTEN and record.happened_at <= at
    }
    agencies = {code for code in here | wrote if code is not None}
    return quorum_with(agencies, has_chair=has_chair, seats=seats, needed=needed, names=names)


def quorum_with(
    agencies: Iterable[str],
    *,
    has_chair: bool,
    seats: Mapping[str, str | None],
    needed: Sequence[Sequence[str]],
    names: Mapping[str, str] | None = None,
) -> Quorum:
    """Return the quorum of agencies that were present or wrote: the chair, and of each group of seats one."""
    filled = {seats.get(code) for code in agencies}
    named = names or {}
    chair = () if has_chair else (CHAIR,)
    missing = (group for group in needed if not filled & set(group))
    return Quorum(
        missing=(*chair, *(" or ".join(named.get(seat, seat) for seat in group) for group in missing))
    )
