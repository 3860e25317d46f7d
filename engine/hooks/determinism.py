"""Check that an agency answers the same question alike.

Stores numbers made from questions, never their content.

The same case on the same day over the same extract has one answer; a plugin that gives another cannot be
relied on, and neither answer says which is right.
"""

from __future__ import annotations

import threading
from collections import OrderedDict

KEPT = 1_000


class AnswersBefore:
    """The newest answers of one agency, as numbers. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: OrderedDict[int, int] = OrderedDict()

    def forget(self) -> None:
        """Hold nothing against later answers: what was read was changed meanwhile."""
        with self._lock:
            self._answers.clear()

    def is_another(self, view: bytes, extract: str, answer: bytes) -> bool:
        """Return whether this view of a case was answered otherwise before; a new one is remembered."""
        question, number = hash((view, extract)), hash(answer)
        with self._lock:
            before = self._answers.setdefault(question, number)
            self._answers.move_to_end(question)
            if len(self._answers) > KEPT:
                self._answers.popitem(last=False)
        return before != number
