"""What waits, as its rows say it, beside what the facts say."""

from __future__ import annotations

from engine.domain.accounts.acting import Acting
from engine.domain.cases.worklists import WorkItem
from engine.services.cases.worklists import worklist
from tests.builders import Desk


def differences(desk: Desk) -> dict[str, int]:
    """By kind the rows that differ from the facts, without those that agree."""
    found = desk.runtime.due.differences(desk.runtime.uow)
    return {kind: differ for kind, differ in found.items() if differ}


def lines(desk: Desk, acting: Acting, kind: str) -> tuple[WorkItem, ...]:
    """A person's lines of one kind, where the rows agree with the facts."""
    assert differences(desk) == {}
    return tuple(each for each in worklist(desk.context(acting)).items if each.kind == kind)
