"""What keeps an agency's process in its place on this machine, told limit by limit. Knows no kernel."""

from __future__ import annotations

from engine.domain.base import Frozen, Sentence


class LimitInForce(Frozen):
    """One limit: whether it held when it was tried here, how it is kept, or why it is not."""

    name: str
    enforced: bool
    how: Sentence | None = None
    why_not: Sentence | None = None
