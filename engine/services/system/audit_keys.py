"""The keyed checks of the audit log: who can only write to the database can make no entry, nor change one.

Entries from before there were keyed checks have none. One entry, which has one, seals them all.
"""

from __future__ import annotations

import hmac
import json

from engine.access.verify_audit import Chain
from engine.clock import Clock
from engine.domain.accounts.acting import flow_acting
from engine.domain.system.audit import NumberedKey, entry_check
from engine.store.repositories.system.audit import ChainedEntry
from engine.store.unit_of_work import UnitOfWork

KEYED_SINCE = "0300"
"""The first schema in which entries have a keyed check."""
_SEALS = "seal older entries of the audit log"


def seal_older(*, uow: UnitOfWork, clock: Clock) -> int:
    """Seal the entries from before there were keyed checks, by one entry; once. Return their number."""
    with uow.unrecorded() as work:
        older = work.audit.without_check()
        if not older or work.audit.has(_SEALS):
            return 0
    with uow.writing(acting=flow_acting("upgrade", "operator"), what=_SEALS, at=clock.now()) as work:
        work.notes(older=older)
    return older


class KeyedEntries:
    """The keyed checks of a chain, compared entry by entry; what is wrong becomes the chain's fault."""

    def __init__(self, chain: Chain, key: NumberedKey, *, are_sealed: bool = True) -> None:
        self._chain, self._key = chain, key
        self._older = 0
        self._number: int | None = None
        self._are_sealed = not are_sealed

    def follow(self, entry: ChainedEntry) -> bool:
        """Return whether this entry has the check that it must have."""
        if entry.keyed_check is None and self._number is None:
            self._older += 1
            return True
        reason = self._fault(entry)
        if reason is not None:
            self._chain.found(entry.sequence, reason)
            return False
        self._number = entry.key_number
        if self._older and not self._are_sealed:
            said = json.loads(entry.body)
            self._are_sealed = said["what"] == _SEALS and said["facts"].get("older") == self._older
        return True

    def _fault(self, entry: ChainedEntry) -> str | None:
        number = entry.key_number
        if entry.keyed_check is None or number is None:
            return "it has no keyed check: the software did not write it"
        if not (self._number or 1) <= number <= self._key.number:
            return "its keyed check is of a key that was not in use"
        if not hmac.compare_digest(entry.keyed_check.encode(), self._check(number, entry).encode()):
            return "its keyed check is wrong: the software did not write it so"
        return None

    def _check(self, number: int, entry: ChainedEntry) -> str:
        return entry_check(self._key.of_number(number), number, entry.sequence, entry.hash)

    def end(self) -> None:
        """Note a fault where no entry seals those without a check, or the newest key made none.

        An entry was made when the key was changed: without it the log was cut before.
        """
        if self._key.number > 1 and self._number != self._key.number:
            self._chain.found(
                self._chain.entries, "it is the newest, and the key was changed since: what followed is gone"
            )
        if self._older and not self._are_sealed:
            self._chain.found(1, f"{self._older} entries have no keyed check, and no entry seals them")
