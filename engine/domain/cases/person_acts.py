"""Reported acts of one alleged perpetrator in all cases that a person can open. Counts acts; ranks no one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from pydantic import Field

from engine.domain.base import Frozen, Instant
from engine.domain.dates import PartialDate

MORE_MAY_EXIST = "More may exist."
"""The same for everyone on every case, whether or not something exists that this person cannot open."""


class MayBeSame(Frozen):
    """A case whose alleged perpetrator may be the same person, and is in no count until a person decides."""

    reference: str
    person: str
    acts: int
    records: tuple[str, ...] = ()


class ActShared(Frozen):
    """One act of another case as the panel of this one reads it: its date and kinds, and nothing else."""

    happened: PartialDate | None
    kinds: Annotated[tuple[str, ...], Field(min_length=1)]


class ActsToShare(Frozen):
    """Acts of other cases that a coordinator or chair may share with the panel of this one.

    It names no case, no record and no person.
    """

    people: int
    acts: tuple[ActShared, ...]

    @property
    def in_words(self) -> str:
        """The count, the kinds and the dates in one phrase."""
        number, people = len(self.acts), self.people
        said = "; ".join(_act_in_words(each) for each in self.acts)
        return (
            f"{number:,} reported act{'' if number == 1 else 's'} against {people:,} other "
            f"{'person' if people == 1 else 'people'} ({said})"
        )


class ActsShared(Frozen):
    """Acts that a coordinator or chair shared with the panel of a case, and when."""

    content: ActsToShare
    by: str
    role: str
    at: Instant


class PersonActs(Frozen):
    """The count of acts over all cases of the alleged perpetrator that this viewer can open.

    ``people`` and ``cases`` are those with an act. ``people_at_least`` is lower where it is not decided
    whether two victims are the same person.
    """

    acts: int = 0
    people: int = 0
    people_at_least: int = 0
    cases: int = 0
    cases_without_acts: int = 0
    first: date | None = None
    last: date | None = None
    without_full_date: int = 0
    records: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    may_be_same: tuple[MayBeSame, ...] = ()
    shared: ActsShared | None = None

    @property
    def days(self) -> int | None:
        """Days from the first act with a full date to the last, both counted."""
        return (self.last - self.first).days + 1 if self.first and self.last else None

    @property
    def has_others(self) -> bool:
        """True if another case of this person is counted."""
        return self.cases + self.cases_without_acts > 1


def in_order(acts: Sequence[ActShared]) -> tuple[ActShared, ...]:
    """Return them in the order of time; those without any date last."""
    return tuple(
        sorted(acts, key=lambda act: (act.happened.earliest if act.happened else date.max, act.kinds))
    )


def _act_in_words(act: ActShared) -> str:
    *others, last = act.kinds
    kinds = f"{', '.join(others)} and {last}" if others else last
    return f"{kinds}, {act.happened.in_words() if act.happened else 'date not recorded'}"
