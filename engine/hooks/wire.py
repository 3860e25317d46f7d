"""What passes between the engine and an agency's process: frames of bytes and the objects in them.

Neither side trusts the other's length or text: a fault is told in fixed kinds and plain names, never in
the words of an exception, because those may hold a person's name.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from enum import Enum
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, Field, JsonValue, TypeAdapter, ValidationError

from engine.domain import agency_files, agency_people, answers, scoring, sharing
from engine.domain.answers import Contribution, NilReturn, Refused
from engine.domain.asking import CaseAsked, PersonAsked
from engine.domain.base import Frozen
from engine.domain.invented import InventedExtractTask
from engine.domain.sharing import Audience, Shareable
from engine.hooks.confinement import Confines
from engine.hooks.records import AgencyRecords, RecordsExpected, RecordsFault

HEADER = struct.Struct(">QQ")
"""Length of the body, and the number of the call that it belongs to; the start's is 0."""

READY, ANSWER, FAULT = b"R", b"A", b"F"
"""The first byte of what a child sends: it is ready, it answers, or something went wrong."""

TAKEN = struct.Struct(">Q")
"""After ``ANSWER``: the nanoseconds of the plugin's own code. Told for measuring, trusted for nothing."""
BESIDE = len(ANSWER) + TAKEN.size
"""What a reply holds beside the answer itself."""

PLUGIN_ANSWER: TypeAdapter[Contribution | NilReturn | Refused] = TypeAdapter(
    Annotated[Contribution | NilReturn | Refused, Field(discriminator="kind")]
)
"""Reads and checks what a plugin may answer; a plugin cannot declare itself failed."""


_FIELDS = frozenset(
    field
    for words in (answers, agency_files, agency_people, scoring, sharing)
    for model in vars(words).values()
    if isinstance(model, type) and issubclass(model, BaseModel)
    for field in model.model_fields
) | {"contribution", "nil return", "refused"}


def places_of(error: ValidationError) -> tuple[str, ...]:
    """Where an answer breaks the contract and how, with nothing in it that the plugin put there."""
    return tuple(
        ".".join(
            str(part) if isinstance(part, int) or part in _FIELDS else "(unknown)" for part in fault["loc"]
        )
        + f" ({fault['type'].replace('_', ' ')})"
        for fault in error.errors(include_input=False, include_url=False)[:5]
    )


class Started(Frozen):
    """What a child is told on its command line. No personal data: other users can read it."""

    package: str
    request_fd: int
    reply_fd: int
    start_seconds: float
    confines: Confines
    shows_errors: bool = False


class AssessRequest(Frozen):
    """Put cases to ``stac_assess``, with an answer each; the limits are for one case."""

    kind: Literal["assess"] = "assess"
    cases: tuple[CaseAsked, ...] = ()
    records: AgencyRecords
    seconds: float
    most_bytes: int

    def with_views(self, views: Sequence[bytes]) -> bytes:
        """The request as it is sent, with cases that were written already."""
        whole = self.model_copy(update={"cases": ()}).model_dump_json().encode()
        return whole.replace(b'"cases":[]', b'"cases":[' + b",".join(views) + b"]", 1)


class FindPeopleRequest(Frozen):
    """Put a person to ``stac_find_people``."""

    kind: Literal["find people"] = "find people"
    query: PersonAsked
    records: AgencyRecords
    seconds: float
    most_bytes: int


class SubjectAccessRequest(Frozen):
    """Put a person to ``stac_subject_access``."""

    kind: Literal["subject access"] = "subject access"
    person: PersonAsked
    records: AgencyRecords
    seconds: float
    most_bytes: int


class MayShareRequest(Frozen):
    """Put items to ``stac_may_share``, with an answer each; the limits are for one item."""

    kind: Literal["may share"] = "may share"
    items: tuple[Shareable, ...]
    audience: Audience
    purpose: str
    seconds: float
    most_bytes: int


class ImportRequest(Frozen):
    """Put files to ``stac_import``."""

    kind: Literal["import"] = "import"
    files: tuple[Path, ...]
    records: AgencyRecords
    seconds: float
    most_bytes: int


class ScoreRequest(Frozen):
    """Score inputs by a function of the agency's, with an answer each; the limits are for one input."""

    kind: Literal["score"] = "score"
    function: str
    inputs: tuple[dict[str, JsonValue], ...]
    seconds: float
    most_bytes: int


class WriteRequest(Frozen):
    """Write a synthetic extract by the function that the manifest names."""

    kind: Literal["write"] = "write"
    function: str
    task: InventedExtractTask
    folder: Path
    seconds: float
    most_bytes: int = 1_000


Request = (
    AssessRequest
    | FindPeopleRequest
    | SubjectAccessRequest
    | MayShareRequest
    | ImportRequest
    | ScoreRequest
    | WriteRequest
)
REQUEST: TypeAdapter[Request] = TypeAdapter(Annotated[Request, Field(discriminator="kind")])


class FaultKind(str, Enum):
    """What went wrong inside a child that is still able to say so."""

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
    """Everything that a child found wrong, told at once."""

    faults: Annotated[tuple[Fault, ...], Field(min_length=1, max_length=50)]
