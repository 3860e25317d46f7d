"""A person's worklist: the tasks that need them today, and why. Knows no storage and no page."""

from __future__ import annotations

from enum import StrEnum

from engine.domain.accounts.acting import Role
from engine.domain.base import Frozen, Instant
from engine.domain.cases.names import CaseNames


class WorkGroup(StrEnum):
    """A kind of act that a line asks of its reader, in the order of a page."""

    ALARM = "alarms"
    DECIDE = "decisions for you as chair"
    TASK = "tasks for you"
    ACTION = "plan actions"
    CHASE = "responses to chase"
    READ = "for your information"
    CAN_WAIT = "retention reviews"


_GROUP_OF_KIND = {
    "chair": WorkGroup.DECIDE,
    "approve plan": WorkGroup.DECIDE,
    "action": WorkGroup.ACTION,
    "chase": WorkGroup.CHASE,
    "late answer": WorkGroup.CHASE,
    "agency": WorkGroup.CHASE,
    "look": WorkGroup.READ,
    "vault opened": WorkGroup.READ,
    "arrival": WorkGroup.READ,
    "shared search": WorkGroup.READ,
}


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
    action: str | None = None
    """The reference of the planned action that the line is about."""
    names: CaseNames | None = None
    """The names of the case; None until they are read, and where they may not be."""

    @property
    def group(self) -> WorkGroup:
        """The kind of act that the line asks of its reader; a kind without a group of its own is a task."""
        if self.is_alarm:
            return WorkGroup.ALARM
        return WorkGroup.CAN_WAIT if self.can_wait else _GROUP_OF_KIND.get(self.kind, WorkGroup.TASK)


class Worklist(Frozen):
    """A person's lines. ``first_line`` is set when no runner is alive."""

    user: str
    role: Role
    first_line: str | None
    items: tuple[WorkItem, ...]

    def of(self, group: WorkGroup) -> tuple[WorkItem, ...]:
        """Return the lines of one group, in their order."""
        return tuple(item for item in self.items if item.group is group)
