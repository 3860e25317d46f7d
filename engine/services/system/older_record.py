"""Closes a record that is older than an anchor of its audit log to all but alarms and the operator.

It was put back, so what it says of who may read what is not what was decided since.
"""

from __future__ import annotations

import time

from engine.domain.accounts.acting import Acting, Role
from engine.domain.errors import RecordError, RecordFault
from engine.services.system.audit_anchors import missing_anchor
from engine.settings import Settings
from engine.store.unit_of_work import Work

OPERATOR = "operator"
STAYS_OPEN = frozenset(
    {
        "acknowledge alarm",
        "count refusals",
        "end alarm",
        "hand over alarm",
        "record escalation of alarms",
        "record what was done about alarm",
        "see worklist",
        "sign in",
        "sign in refused",
        "signing in",
        "verify record",
    }
)
"""The acts of an alarm, those that lead to it, and the record's verification of itself."""
_READ_AGAIN_SECONDS = 60.0


class ClosesOlder:
    """Refuses what is closed. It reads the anchors at the first act of a process, and then each minute."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._read_at = float("-inf")
        self._missing: int | None = None

    def __call__(self, work: Work, acting: Acting, what: str) -> str | None:
        """Raise RecordError where the record is closed to this act; else return why it is closed, if so."""
        if not self._settings.audit.is_anchored:
            return None
        if self._missing is not None or time.monotonic() >= self._read_at + _READ_AGAIN_SECONDS:
            self._missing = missing_anchor(work, self._settings)
            self._read_at = time.monotonic()
        is_operator = acting.role is Role.SYSTEM and acting.on_behalf_of == OPERATOR
        if self._missing is None or is_operator:
            return None
        closed = RecordError(
            RecordFault.OLDER, f"without entry {self._missing}", instead=self._whom_to_call()
        )
        if what not in STAYS_OPEN:
            raise closed
        return str(closed)

    def _whom_to_call(self) -> str:
        duty = self._settings.always_answered
        others = f", or {duty}" if duty else ""
        return f"what you typed stays in its form; if a victim is in danger now, call 999{others}"
