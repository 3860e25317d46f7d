"""The current task, chosen once and carried: the audit log's purpose of every act. No storage."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum

from engine.domain.accounts.acting import Role

CASE_WORK = "case work"
"""The purpose of a person who has begun no other task."""


class Task(StrEnum):
    """A task that people begin. The case that they work on is named by the act itself, never by the task."""

    TRIAGE = "triage"
    CONFERENCE = "case conference"
    REVIEW = "review of plans"
    VICTIM_SUPPORT = "work with the victim"
    RIGHTS = "requests about records"


TASKS_OF: dict[Role, tuple[Task, ...]] = {
    Role.COORDINATOR: tuple(Task),
    Role.CHAIR: tuple(Task),
    Role.PRACTITIONER: tuple(task for task in Task if task is not Task.TRIAGE),
    Role.DATA_PROTECTION: (Task.RIGHTS,),
}
"""The tasks that each role may begin; a role without cases has none."""


def purpose_of(task: Task, on: date) -> str:
    """Return the purpose of a task: the task and its date."""
    return f"{task.value} of {on:%-d %B %Y}"


def purpose_given(words: str, on: date) -> str:
    """Return a purpose as typed; a task by its name is that of today, as a page would have it."""
    named = next((task for task in Task if task.value == words.casefold()), None)
    return purpose_of(named, on) if named is not None else words


def is_in_own_words(purpose: str) -> bool:
    """Return whether a person typed it, rather than choosing it from the tasks."""
    task, _, day = purpose.partition(" of ")
    return purpose != CASE_WORK and not (
        task in set(Task) and re.fullmatch(r"\d{1,2} [A-Z][a-z]+ \d{4}", day)
    )
