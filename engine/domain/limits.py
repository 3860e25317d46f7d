"""The limits on an agency's process on this machine, one by one. Knows no kernel."""

from __future__ import annotations

from engine.domain.base import Frozen, Sentence


class LimitInForce(Frozen):
    """One limit: whether it was enforced when it was tried here, how it is enforced, or why it is not."""

    name: str
    enforced: bool
    how: Sentence | None = None
    why_not: Sentence | None = None
