"""Messages between the engine and an agency's process: frames of bytes and the objects in them.

Neither side trusts the other's length or text: a fault is reported in fixed kinds and plain names, never in
the words of an exception, because those may hold a person's name.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from enum import Enum
from typing import Annotated

from pydantic import Field, TypeAdapter

from engine.confinement.limits import Confines
from engine.domain.base import Frozen
from engine.domain.responses.answers import Contribution, NilReturn, Refused
from engine.hooks.records import AgencyRecords, RecordsExpected, RecordsFault

HEADER = struct.Struct(">QQ")
"""Length of the body, and the number of the call that it belongs to; the start's is 0."""

READY, ANSWER, FAULT = b"R", b"A", b"F"
"""The first byte of what a child sends: it is ready, it answers, or something went wrong."""

TAKEN = struct.Struct(">Q")
"""After ``ANSWER``: the nanoseconds of the plugin's own code. Sent for measuring, trusted for nothing."""
BESIDE = len(ANSWER) + TAKEN.size
"""Length of a reply beside the answer itself."""

PLUGIN_ANSWER: TypeAdapter[Contribution | NilReturn | Refused] = TypeAdapter(
    Annotated[Contribution | NilReturn | Refused, Field(discriminator="kind")]
)
"""Reads and checks what a plugin may answer; a plugin cannot declare itself failed."""


class Started(Frozen):
    """Start parameters of a child, on its command line. No personal data: other users can read it."""

    package: str
    request_fd: int
    reply_fd: int
    start_seconds: float
    confines: Confines
    shows_errors: bool = False


class Request(Frozen):
    """A question by its name, put once or many times in a row; the limits are for one answer.

    What it is put about is sent beside it. ``function`` is the one to be called, for what is not a hook.
    """

    question: str
    function: str | None = None
    records: AgencyRecords | None = None
    seconds: float
    most_bytes: int

    def sent(self, arguments: Sequence[bytes]) -> bytes:
        """Return the request and, a line of JSON each, the arguments of each time that it is put."""
        return b"\n".join((self.model_dump_json().encode(), *arguments))

    @classmethod
    def received(cls, body: bytes) -> tuple[Request, list[bytes]]:
        """Return the request, and the arguments of each time that it is put."""
        head, *arguments = body.split(b"\n")
        return cls.model_validate_json(head), arguments


class FaultKind(str, Enum):
    """Kind of fault inside a child that is still able to report it."""

    NOT_LOADED = "not loaded"
    NO_HOOK = "no hook"
    NOT_ANSWERED = "not answered"
    NO_FUNCTION = "no function"
    UNKNOWN_HOOK = "unknown hook"
    NOT_MARKED = "not marked"
    WRONG_ARGUMENTS = "wrong arguments"
    RAISED = "raised"
    GAVE_NOTHING = "gave nothing"
    WRONG_TYPE = "wrong type"
    BROKE_CONTRACT = "broke contract"
    TOO_LARGE = "too large"
    BAD_RECORDS = "bad records"


class Fault(Frozen):
    """One thing that went wrong: where (a hook or a function), and plain names that say more."""

    kind: FaultKind
    where: str = ""
    names: tuple[str, ...] = ()
    records_fault: RecordsFault | None = None
    line: int | None = None
    sheet: str | None = None
    expected: RecordsExpected | None = None
    traceback: str | None = None
    """The plugin's own error whole: sent about invented people only, when a developer checks a plugin."""


class Faults(Frozen):
    """All faults that a child found, reported together."""

    faults: Annotated[tuple[Fault, ...], Field(min_length=1, max_length=50)]
