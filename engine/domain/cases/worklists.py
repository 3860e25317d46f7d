"""A person's worklist: the tasks that need them today, and why. Knows no storage and no page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from engine.clock import LONDON
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
    RESPONSIBLE = "cases without an officer, a holder or a lead agency"
    CAN_WAIT = "retention reviews"


SHARED_ITEM = "shared search"
"""The kind of a line about a saved search or map that another person has shared."""
RESPONSIBLE = "who is responsible"
"""The kind of a line about a case without an officer in the case, a case holder or a lead agency."""
_GROUP_OF_KIND = {
    RESPONSIBLE: WorkGroup.RESPONSIBLE,
    "chair": WorkGroup.DECIDE,
    "approve plan": WorkGroup.DECIDE,
    "action": WorkGroup.ACTION,
    "chase": WorkGroup.CHASE,
    "late answer": WorkGroup.CHASE,
    "agency": WorkGroup.CHASE,
    "look": WorkGroup.READ,
    "vault opened": WorkGroup.READ,
    "arrival": WorkGroup.READ,
    SHARED_ITEM: WorkGroup.READ,
}


TELLS = "text that tells"
"""The kind of a line about protected details in a text that a person entered."""
POLICE_DECISION = "police decision"
"""The kind of a line about an incident that awaits a decision of police: many, and some of long ago."""
APART = frozenset({"release", "rejected", "agency", "arrival", POLICE_DECISION, TELLS})
"""The kinds of line that are a section of their own, whatever they ask for."""


def waits_since(since: datetime, *, on: date) -> str:
    """Return how long something has waited, in a sentence; days begin at midnight in London."""
    begun = since.astimezone(LONDON).date()
    days = (on - begun).days
    age = f", {_days(days)}" if days else ""
    return f"Waits since {begun:%-d %B %Y}{age}."


def days_in_words(since: datetime, *, on: date) -> str:
    """Return how many days ago something was, as a sentence ends; days begin at midnight in London."""
    days = (on - since.astimezone(LONDON).date()).days
    return f"{_days(days)} ago" if days else "today"


def _days(number: int) -> str:
    return f"{number:,} day{'s' if number != 1 else ''}"


class WorkItem(Frozen):
    """One line of a worklist: a task for this person today, and why. Alarms first, then by due time.

    A line that ``can_wait``, such as a retention review, comes after all that concerns a person's safety,
    however long it has waited. One that is ``only_to_read``, such as a reply, is for information also where
    its kind is a task.
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
    only_to_read: bool = False
    action: str | None = None
    """The reference of the planned action that the line is about."""
    names: CaseNames | None = None
    """The names of the case; None until they are read, and where they may not be."""

    @property
    def group(self) -> WorkGroup:
        """The kind of act that the line asks of its reader; a kind without a group of its own is a task."""
        if self.is_alarm:
            return WorkGroup.ALARM
        if self.can_wait:
            return WorkGroup.CAN_WAIT
        return WorkGroup.READ if self.only_to_read else _GROUP_OF_KIND.get(self.kind, WorkGroup.TASK)


class Worklist(Frozen):
    """A person's lines. ``first_line`` is set when no runner is alive.

    With ``or_more`` there may be more lines than these: where many of a kind wait, the first were read.
    """

    user: str
    role: Role
    first_line: str | None
    items: tuple[WorkItem, ...]
    or_more: bool = False

    def of(self, group: WorkGroup) -> tuple[WorkItem, ...]:
        """Return the lines of one group, in their order."""
        return tuple(item for item in self.items if item.group is group)


class WorkLine(NamedTuple):
    """A line before its words are written: what its place, its section and the counts depend on.

    Thousands wait after an import, and a page shows fifty: only theirs are written.
    """

    reference: str
    kind: str
    due_at: datetime | None
    since: datetime | None
    is_overdue: bool
    is_alarm: bool
    group: WorkGroup
    agency: str | None
    words: WorkItem | WriteLines
    key: str = ""
    """The key that its source gives it, where several lines are about one reference."""

    @property
    def total(self) -> int:
        """One, as the lines of ``LongLines`` are many."""
        return 1

    @property
    def overdue(self) -> int:
        """The number of overdue ones among it."""
        return int(self.is_overdue)

    @property
    def section(self) -> str:
        """The name of its section: that of its kind, or of the group of acts that it asks for."""
        return self.kind if self.kind in APART else section_of(self.group)


WriteLines: TypeAlias = Callable[[Sequence[str]], Iterable[WorkItem]]
"""A source's writer of its lines about these references, or its own keys, each once, in their order."""


def line_to_write(
    reference: str,
    kind: str,
    *,
    words: WriteLines,
    due_at: datetime | None = None,
    since: datetime | None = None,
    is_overdue: bool = False,
    is_alarm: bool = False,
    key: str = "",
) -> WorkLine:
    """Return a line that is written once it is shown."""
    group = WorkGroup.ALARM if is_alarm else _GROUP_OF_KIND.get(kind, WorkGroup.TASK)
    return WorkLine(reference, kind, due_at, since, is_overdue, is_alarm, group, None, words, key)


def line_of(item: WorkItem) -> WorkLine:
    """Return the line of an item that is written already."""
    return WorkLine(
        item.reference,
        item.kind,
        item.due_at,
        item.since,
        item.is_overdue,
        item.is_alarm,
        item.group,
        item.agency,
        item,
    )


def written(lines: Sequence[WorkLine]) -> tuple[WorkItem, ...]:
    """Return the items of these lines, in their order; each source is asked once for all of its own."""
    asked: dict[WriteLines, list[str]] = {}
    for line in lines:
        if not isinstance(line.words, WorkItem):
            asked.setdefault(line.words, []).append(line.key or line.reference)
    found: dict[WriteLines, Iterator[WorkItem]] = {
        write: iter(tuple(write(references))) for write, references in asked.items()
    }
    return tuple(
        line.words if isinstance(line.words, WorkItem) else next(found[line.words]) for line in lines
    )


class LongLines(NamedTuple):
    """Lines of one section that may be thousands: they are counted, and only the first of them are read."""

    section: str
    kind: str
    total: int
    overdue: int
    first: Callable[[int], Sequence[WorkLine]]
    """Returns so many of them, most pressing first."""
    by_about: Callable[[], Mapping[str, int]] = dict
    """Returns how many are about each, most first; nothing where they are not counted so."""
    or_more: bool = False
    """True if the counts stopped: there may be more."""


def section_of(group: WorkGroup) -> str:
    """Return the name of the section that has the lines of a group."""
    return group.name.lower()


def section_of_kind(kind: str) -> str:
    """Return the name of the section that has the lines of a kind."""
    return kind if kind in APART else section_of(_GROUP_OF_KIND.get(kind, WorkGroup.TASK))


class WorklistSection(Frozen):
    """One page of the lines of one section, and the number of all of them, with ``or_more`` at the least."""

    total: int = 0
    or_more: bool = False
    page: int = 1
    items: tuple[WorkItem, ...] = ()


class WorklistPage(Frozen):
    """The page of each section that a person has chosen, and counts of all their lines.

    ``to_chase`` is the number of responses to chase by agency, most first, ``shared`` the references of what
    others have shared; both of all pages. With ``or_more`` the counts are those at the least.
    """

    user: str
    role: Role
    first_line: str | None
    total: int
    overdue: int
    or_more: bool = False
    sections: Mapping[str, WorklistSection]
    to_chase: Mapping[str, int]
    shared: tuple[str, ...]

    @property
    def or_more_than_can_wait(self) -> bool:
        """True if there may be more lines of what cannot wait than were counted."""
        return any(each.or_more for name, each in self.sections.items() if name not in _CAN_WAIT)

    def section(self, name: str | WorkGroup) -> WorklistSection:
        """Return the section of that name, or of that group; empty where no line is in it."""
        return self.sections.get(section_of(name) if isinstance(name, WorkGroup) else name, _NO_LINES)


_NO_LINES = WorklistSection()
_CAN_WAIT = (section_of(WorkGroup.RESPONSIBLE), section_of(WorkGroup.CAN_WAIT))
