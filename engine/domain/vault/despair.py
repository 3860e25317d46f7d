"""Words or acts that suggest the victim may harm themselves: a protected note and what became of it.

It is about the victim's own care; an alarm topic is about the acts of the alleged perpetrator.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from pydantic import Field

from engine.domain.base import Frozen, Instant

RISK = "The victim may be at risk of harming themselves"
"""The whole of what a line says about it."""


class NoteStep(StrEnum):
    """A step of a protected note. The codes name no subject: they are stored beside the case."""

    RECORDED = "recorded"
    ACKNOWLEDGED = "acknowledged"
    DONE = "done"
    PASSED_ON = "passed on"
    RECEIVED = "received"


class Ground(StrEnum):
    """Why a note is passed on to a service that treats, for the victim's own care."""

    AGREED = "the victim agreed"
    REQUEST = "a victim information request was made"
    LIFE = "to protect life"


class Step(NamedTuple):
    """A stored step without its text. ``about`` is the reference of the note; of the note itself, its own."""

    reference: str
    about: str
    case: str
    step: NoteStep
    by: str
    owner: str
    at: datetime
    to: str = ""
    ground: Ground | None = None


class Note(NamedTuple):
    """One note with what became of it."""

    recorded: Step
    acknowledged: Step | None
    done: Step | None
    passed_on: tuple[Step, ...]
    received: tuple[Step, ...]

    @property
    def reference(self) -> str:
        """The reference of the note."""
        return self.recorded.reference

    @property
    def case(self) -> str:
        """The reference of its case."""
        return self.recorded.case

    def was_received_by(self, agency: str) -> bool:
        """Return whether one of this agency's people has said that they have it."""
        return any(step.to == agency for step in self.received)

    def due_at(self, *, within: timedelta, owned: timedelta) -> datetime | None:
        """Return when it is to be acknowledged, then when something is to be done; None once it was."""
        if self.done is not None:
            return None
        return self.acknowledged.at + owned if self.acknowledged else self.recorded.at + within


def notes_of(steps: Iterable[Step]) -> Iterator[Note]:
    """Yield the notes that these steps are about, oldest first."""
    by_note: dict[str, list[Step]] = {}
    for step in steps:
        by_note.setdefault(step.about, []).append(step)
    for about, of_note in by_note.items():
        recorded = next((each for each in of_note if each.reference == about), None)
        if recorded is not None:
            yield Note(
                recorded=recorded,
                acknowledged=next((each for each in of_note if each.step is NoteStep.ACKNOWLEDGED), None),
                done=next((each for each in of_note if each.step is NoteStep.DONE), None),
                passed_on=tuple(each for each in of_note if each.step is NoteStep.PASSED_ON),
                received=tuple(each for each in of_note if each.step is NoteStep.RECEIVED),
            )


class PassOn(Frozen):
    """The passing on of a note as a person gives it."""

    to: str
    ground: Ground
    why: str = Field(repr=False)
    agreed_on: date | None = None
    """When the victim agreed; only with that ground."""


class Recorded(Frozen):
    """The answer to the person who recorded it: the users who have the alarm, and what to do now."""

    reference: str
    alarm_for: tuple[str, ...]
    what_to_do: str


class Passed(Frozen):
    """A note was passed on to an agency."""

    to: str
    ground: Ground
    by: str
    at: Instant
    is_received: bool


class DespairSeen(Frozen):
    """A note as a person sees it who may know of it, without its text, and what they may do."""

    reference: str
    by: str
    at: Instant
    acknowledged_by: str | None
    acknowledged_at: Instant | None
    done_by: str | None
    done_at: Instant | None
    passed_on: tuple[Passed, ...]
    may_acknowledge: bool
    may_say_done: bool
    may_pass_on: bool


class DespairOnCase(Frozen):
    """The notes of a case that a person may know of, and what to do now."""

    reference: str
    notes: tuple[DespairSeen, ...]
    what_to_do: str
    services: tuple[str, ...]
    """The agencies that a note may be passed on to; empty for who may pass on none."""


class DespairRead(Frozen):
    """A note's text, and what was done, as given to a person who may read it. It is stored nowhere."""

    reference: str
    text: str = Field(repr=False)
    done: str | None = Field(default=None, repr=False)
