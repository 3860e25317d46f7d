"""Every kind of what waits."""

from __future__ import annotations

from engine.services.due.kinds import DueKind
from engine.services.referrals.due import SCREEN

KINDS: tuple[DueKind, ...] = (SCREEN,)
