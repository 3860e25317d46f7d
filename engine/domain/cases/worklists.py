"""A person's worklist: the tasks that need them today, and why. Knows no storage and no page."""

from __future__ import annotations

from engine.domain.accounts.acting import Role
from engine.domain.base import Frozen, Instant


class WorkItem(Frozen):
    """One line of a worklist: a task for this person today, and why. Alarms first, then by due time.

    A line that ``can_wait``, such as a retention review, comes after all that concerns a person's safety,
    however long it has waited.
    """

    reference: str
    what: str
    why: str
    due_at: Instant | None
    is_overdue: bool
    is_alarm: bool
    kind: str
    since: Instant | None = None
    agency: str | None = None
    can_wait: bool = False


class Worklist(Frozen):
    """A person's lines. ``first_line`` is set when no runner is alive."""

    user: str
    role: Role
    first_line: str | None
    items: tuple[WorkItem, ...]
