"""The parts of an agenda and of the case on the screen that may change. Knows no storage."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class ChangeKind(StrEnum):
    """A part of the agenda or of the case on the screen that may change; a screen says which of them did."""

    ROOM = "room's screen"
    AGENDA = "agenda"
    ACTION = "action"
    RESPONSE = "response"
    INCIDENT = "incident"
    DECISION = "decision"
    DISSENT = "dissent"
    PLAN = "plan"
    NEED = "need of an approval"
    APPROVAL = "approval"
    REMARK = "remark"
    VICTIM_WORDS = "victim's words"


class NewestRow(NamedTuple):
    """The number of the newest row of a kind, for one agency or one release class where it has one."""

    kind: ChangeKind
    of: str
    number: int
