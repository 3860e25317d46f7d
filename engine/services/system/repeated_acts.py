"""Writes the register of acts that a restore repeats, in the same moment as the act, outside the record.

A line is written before its act commits, so no act is without one. Where the place cannot be written, the
lines wait in the home folder: no act that protects a person is refused because of a file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime

from engine.access.digests import VaultKey
from engine.domain.errors import StacError
from engine.exchange.act_register import RegisterLine, add_lines, move_lines
from engine.services.vault.record_keys import read_digest_key
from engine.settings import Settings
from engine.store.unit_of_work import Work

WAITING = "repeated-acts.waiting.jsonl"


class Register:
    """The register of one home."""

    def __init__(self, settings: Settings, read_key: Callable[[], VaultKey]) -> None:
        self._file = settings.backup.register_file(settings.home)
        self._waiting = settings.home / WAITING
        self._read_key = read_key

    def note(
        self, work: Work, written: Mapping[str, Mapping[str, str | None]], entry: int, at: datetime
    ) -> None:
        """Add the acts among what a use case wrote; part of its transaction.

        Raises OSError where neither place can be written: then nothing is recorded.
        """
        if _WATCHED.isdisjoint(written):
            return
        acts = work.repeated_acts.among(written, at=at)
        if acts:
            self._add([RegisterLine(entry, act.model_dump_json()) for act in acts])

    def _add(self, lines: list[RegisterLine]) -> None:
        key = self._read_key().for_register
        try:
            add_lines(self._file, lines, key)
        except OSError:
            add_lines(self._waiting, lines, key)
            return
        with suppress(OSError, StacError):  # a later act sends them, and a restore reads them where they wait
            move_lines(self._waiting, self._file, key)


def send_waiting(settings: Settings) -> None:
    """Send the lines that wait to the register; while it cannot be written, they go on waiting."""
    waiting, file = settings.home / WAITING, settings.backup.register_file(settings.home)
    with suppress(OSError, StacError):
        move_lines(waiting, file, read_digest_key(settings.key_file).for_register)


_WATCHED = frozenset(
    {
        "access_step",
        "agency_suspension",
        "app_user",
        "case_member",
        "connection",
        "erasure",
        "incident_rule",
        "item_rule",
        "ledger",
        "local_account",
        "restriction",
        "retention_word",
        "victim_words_withdrawn",
    }
)
"""Tables with a row of such an act."""
