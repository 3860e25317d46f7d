"""Writes the register of acts that a restore repeats, in the same moment as the act, outside the record.

A line is written before its act commits, so no act is without one, and a second one after: one without it
may not have been recorded. Where the place cannot be written, the lines wait in the home folder: no act
that protects a person is refused because of a file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from engine.access.digest_keys import DigestKeys
from engine.domain.errors import StacError
from engine.domain.system.registered_acts import EntryOf, Fate
from engine.exchange.act_register import RegisterLine, add_lines, move_lines
from engine.settings import Settings
from engine.store.repositories.system.repeated_acts import REGISTERED
from engine.store.unit_of_work import Work

WAITING = "repeated-acts.waiting.jsonl"


class Register:
    """The register of one home."""

    def __init__(self, settings: Settings, keys: DigestKeys) -> None:
        self._file = settings.backup.register_file(settings.home)
        self._waiting = settings.home / WAITING
        self.keys = keys.for_register

    def note(
        self, work: Work, written: Mapping[str, Mapping[str, str | None]], entry: int, at: datetime
    ) -> Callable[[], None] | None:
        """Add the acts among what a use case wrote; part of its transaction.

        Return what says that they were recorded, for once they are. Raises OSError where neither place can be
        written: then nothing is recorded.
        """
        acts = [] if REGISTERED.isdisjoint(written) else work.repeated_acts.among(written, at=at)
        if not acts and not work.repeats_acts:
            return None
        hashed = work.audit.hashes([entry])[entry]
        fates = [Fate.RECORDED] if acts else []
        fates += [Fate.REPEATED] if work.repeats_acts else []
        if acts:
            self._add([RegisterLine(entry, act.model_dump_json(), hashed) for act in acts])
        return lambda: self.say(EntryOf(number=entry, hash=hashed), *fates)

    def files(self) -> list[Path]:
        """Return the files that there are: the register, and the lines that wait to be sent there."""
        return [each for each in (self._file, self._waiting) if each.exists()]

    def say(self, entry: EntryOf, *fates: Fate) -> None:
        """Add what became of the acts of an entry. Without it they are in doubt, until it is found there."""
        lines = [RegisterLine(entry.number, hash=entry.hash, fate=each.value) for each in fates]
        with suppress(OSError, StacError):
            self._add(lines, waits_for_disk=False)

    def _add(self, lines: list[RegisterLine], *, waits_for_disk: bool = True) -> None:
        try:
            add_lines(self._file, lines, self.keys, waits_for_disk=waits_for_disk)
        except OSError:
            add_lines(self._waiting, lines, self.keys, waits_for_disk=waits_for_disk)
            return
        with suppress(OSError, StacError):  # a later act sends them, and a restore reads them where they wait
            move_lines(self._waiting, self._file, self.keys)


def send_waiting(settings: Settings) -> None:
    """Send the lines that wait to the register; while it cannot be written, they go on waiting."""
    waiting, file = settings.home / WAITING, settings.backup.register_file(settings.home)
    with suppress(OSError, StacError):
        move_lines(waiting, file, DigestKeys(settings.key_file).for_register)
