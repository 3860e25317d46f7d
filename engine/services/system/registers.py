"""Reads registers of acts: every act with its entry, what became of it, and its state in a record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from pydantic import ValidationError

from engine.domain.errors import InvalidInputError
from engine.domain.system.registered_acts import ActState, EntryOf, Fate, RegisteredAct
from engine.domain.system.repeated_acts import REPEATED_ACT
from engine.exchange.act_register import RegisterLine, read_lines
from engine.store.unit_of_work import Work

_Known = dict[EntryOf, tuple[Fate, tuple[EntryOf, ...]]]


def read_acts(
    files: Iterable[Path], keys: Sequence[bytes]
) -> tuple[list[RegisterLine], tuple[RegisteredAct, ...]]:
    """Return the lines of these registers, and their acts.

    Raises InvalidInputError where a line is not as it was written, or has what this version does not know.
    """
    by_file = [read_lines(file, keys) for file in files]
    known: _Known = {}
    for lines in by_file:
        _add_known(known, lines)
    lines = [line for each in by_file for line in each]
    try:
        acts = tuple(_act(line, known) for line in lines if line.act)
    except ValidationError:
        raise InvalidInputError(
            "register", "it has an act that this version does not know; use a newer version"
        ) from None
    return lines, acts


def _act(line: RegisterLine, known: _Known) -> RegisteredAct:
    entry = _entry_of(line)
    fate, repeated_in = known.get(entry, (None, ()))
    return RegisteredAct(
        entry=entry, act=REPEATED_ACT.validate_json(line.act), fate=fate, repeated_in=repeated_in
    )


def _add_known(known: _Known, lines: Sequence[RegisterLine]) -> None:
    """Add what became of each entry's acts: the newest line about it says so."""
    repeated_in: tuple[EntryOf, ...] = ()
    here: _Known = {}
    for line in reversed(lines):
        if line.fate == Fate.REPEATED:
            repeated_in = (*repeated_in, _entry_of(line))
        elif line.fate:
            here.setdefault(_entry_of(line), (Fate(line.fate), repeated_in))
    known.update(here)


def _entry_of(line: RegisterLine) -> EntryOf:
    return EntryOf(number=line.entry, hash=line.hash)


def states_of(work: Work, acts: Sequence[RegisteredAct]) -> dict[ActState, list[RegisteredAct]]:
    """Return these acts by their state in this record."""
    newest, _ = work.audit.head()
    chain = work.audit.hashes({number for each in acts for number in each.entries})
    found: dict[ActState, list[RegisteredAct]] = {each: [] for each in ActState}
    for each in acts:
        found[each.state_in(chain, newest=newest)].append(each)
    return found
