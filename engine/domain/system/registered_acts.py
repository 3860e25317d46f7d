"""Acts as the register has them: each with the entry that recorded it, and the result of it.

A line is written before its act commits, and a second one after: an act without that one may not have been
recorded, so it is repeated only on an operator's answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

from engine.domain.base import Frozen
from engine.domain.system.repeated_acts import RepeatedAct

_SHOWN = 12


class Fate(StrEnum):
    """The result of the acts of an entry."""

    RECORDED = "recorded"
    """The entry was committed."""
    LEFT = "left"
    """An operator says that it was not, or that its acts are not to be repeated."""
    REPEATED = "repeated"
    """This entry repeated what its record lacked of all that the register had by then."""


class EntryOf(Frozen):
    """An entry of the audit log; one without a hash was registered by an older version."""

    number: int
    hash: str | None

    def __str__(self) -> str:
        return f"{self.number}-{(self.hash or '')[:_SHOWN]}"


class ActState(StrEnum):
    """the state of an act of the register in a record."""

    IN_RECORD = "in the record"
    LACKING = "lacking"
    IN_DOUBT = "in doubt"
    LEFT = "left"


class RegisteredAct(Frozen):
    """An act of the register. ``repeated_in`` are entries that repeated what their record lacked since."""

    entry: EntryOf
    act: RepeatedAct
    fate: Fate | None
    repeated_in: tuple[EntryOf, ...] = ()

    def state_in(self, chain: Mapping[int, str], *, newest: int) -> ActState:
        """Return its state in a record with these hashes of entries, by number, and this newest one.

        What an older version registered has no hash: it counts as recorded, and as in the record from the
        number of its entry on.
        """
        if self.entry.hash is None:
            return ActState.IN_RECORD if self.entry.number <= newest else ActState.LACKING
        if chain.get(self.entry.number) == self.entry.hash:
            return ActState.IN_RECORD
        if self.fate is None:
            return ActState.IN_DOUBT
        if self.fate is Fate.LEFT:
            return ActState.LEFT
        is_repeated = any(chain.get(each.number) == each.hash for each in self.repeated_in)
        return ActState.IN_RECORD if is_repeated else ActState.LACKING

    @property
    def entries(self) -> tuple[int, ...]:
        """The numbers of the entries whose hashes decide its state."""
        return (self.entry.number, *(each.number for each in self.repeated_in))


class InDoubt(Frozen):
    """Acts of one entry that may not have been recorded: what they are about, in references and names."""

    entry: str
    acts: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """The entry and its acts."""
        return f"{self.entry}: {'; '.join(self.acts)}"


def in_doubt(acts: Sequence[RegisteredAct]) -> tuple[InDoubt, ...]:
    """Return these acts by entry, in order."""
    found: dict[str, list[str]] = {}
    for each in acts:
        about = ", ".join(each.act.about)
        found.setdefault(str(each.entry), []).append(f"{about}, {each.act.at:%Y-%m-%d %H:%M} UTC")
    return tuple(InDoubt(entry=entry, acts=tuple(dict.fromkeys(about))) for entry, about in found.items())
