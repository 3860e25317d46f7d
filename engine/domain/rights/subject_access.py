"""A subject access request: its steps, what was found, and the two files.

By default the reply does not confirm or deny that anything is held, and names no one: the existence of a case
is already an answer to "does the victim have an advocate?".
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter, model_validator

from engine.domain.access.need_to_know import Why
from engine.domain.agencies.people import SubjectAccessResult
from engine.domain.base import Code, Frozen, Instant, Sentence
from engine.domain.people.persons import PersonDescribed

OUR_RECORD = "our-record"
"""The controller of what no agency gave: the record of the STAC itself."""


class StepKind(StrEnum):
    """The kind of a recorded step of a request; the newest of each kind applies."""

    IDENTITY = "identity"
    ADDRESS = "reply address"
    SAFETY = "safety check"
    TOLD = "told by a controller"
    CLEARED = "cleared by its controller"
    DECISION = "decision on an item"
    CONFIRM = "whether anything is confirmed"
    RELEASED = "released"
    ERASED = "erased"


class IdentityChecked(Frozen):
    """The requester's proof of identity, in one line, without the number of any document."""

    kind: Literal["identity"] = "identity"
    how: Why


class AddressKept(Frozen):
    """The reference of a reply address among the protected values; never the address."""

    kind: Literal["reply address"] = "reply address"
    item: str


class SafetyChecked(Frozen):
    """The advocate's or chair's statement on whether replying is safe. ``involvement`` None: no case."""

    kind: Literal["safety check"] = "safety check"
    involvement: str | None = None
    is_safe: bool
    conditions: Why | None = None


class ControllerResult(Frozen):
    """One controller's result; ``failed`` says in a sentence why there is nothing."""

    kind: Literal["told by a controller"] = "told by a controller"
    controller: Code
    told: SubjectAccessResult | None = None
    failed: Sentence | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> ControllerResult:
        if (self.told is None) == (self.failed is None):
            raise ValueError("told: give either the records, or why none could be returned")
        return self


class ClearedByController(Frozen):
    """A controller's clearance of its own answer; each withheld item has its place and a provision."""

    kind: Literal["cleared by its controller"] = "cleared by its controller"
    controller: Code
    held_back: dict[int, Why] = {}
    answers_itself: bool = Field(default=False, description="the controller replies to the person directly")


class ItemDecided(Frozen):
    """The data-protection officer's decision on one item."""

    kind: Literal["decision on an item"] = "decision on an item"
    controller: Code
    place: Annotated[int, Field(ge=0)]
    is_released: bool
    provision: Why


class ConfirmDecided(Frozen):
    """The decision whether the reply says that anything is held and names controllers. Default: neither."""

    kind: Literal["whether anything is confirmed"] = "whether anything is confirmed"
    confirms: bool
    names_controllers: bool = False
    why: Why


class ReplyReleased(Frozen):
    """The release of the reply; its digest says which one."""

    kind: Literal["released"] = "released"
    digest: str


class RequestErased(Frozen):
    """The erasure of a request: who asked, what was answered, and the texts of every step."""

    kind: Literal["erased"] = "erased"
    why: Why
    rows: Annotated[int, Field(ge=0)]


AnyStep = Annotated[
    IdentityChecked
    | AddressKept
    | SafetyChecked
    | ControllerResult
    | ClearedByController
    | ItemDecided
    | ConfirmDecided
    | ReplyReleased
    | RequestErased,
    Field(discriminator="kind"),
]
STEP: TypeAdapter[AnyStep] = TypeAdapter(AnyStep)


class Step(Frozen):
    """One step with who recorded it and when."""

    what: AnyStep
    by: str
    at: Instant


class AccessRequest(Frozen):
    """A request with its steps, oldest first. ``persons`` are the person records that are the requester's."""

    reference: str
    asked_by: PersonDescribed
    persons: tuple[str, ...]
    involvements: tuple[str, ...]
    received_on: date
    due_on: date
    by: str
    at: Instant
    steps: tuple[Step, ...] = ()

    def newest(self, kind: StepKind) -> Step | None:
        """Return the newest step of a kind."""
        return next((step for step in reversed(self.steps) if step.what.kind == kind.value), None)

    def newest_by_controller(self) -> dict[str, ControllerResult]:
        """Return the newest result of each controller."""
        return {s.what.controller: s.what for s in self.steps if isinstance(s.what, ControllerResult)}

    def cleared(self) -> dict[str, ClearedByController]:
        """Return the newest clearance of each controller that came after its result."""
        found: dict[str, ClearedByController] = {}
        for step in self.steps:
            if isinstance(step.what, ControllerResult):
                found.pop(step.what.controller, None)
            elif isinstance(step.what, ClearedByController):
                found[step.what.controller] = step.what
        return found

    def decisions(self) -> dict[tuple[str, int], Step]:
        """Return the newest decision on each item, by controller and place, on the controller's last one."""
        found: dict[tuple[str, int], Step] = {}
        for step in self.steps:
            if isinstance(step.what, ControllerResult):
                found = {
                    key: stored_step for key, stored_step in found.items() if key[0] != step.what.controller
                }
            elif isinstance(step.what, ItemDecided):
                found[step.what.controller, step.what.place] = step
        return found

    def confirmed(self) -> ConfirmDecided | None:
        """Return the decision on confirming, only for this request."""
        step = self.newest(StepKind.CONFIRM)
        return step.what if step is not None and isinstance(step.what, ConfirmDecided) else None

    def unsafe(self) -> tuple[str, ...]:
        """Return the cases that have not been called safe to reply about."""
        said: dict[str, bool] = {}
        for step in self.steps:
            if isinstance(step.what, SafetyChecked) and step.what.involvement:
                said[step.what.involvement] = step.what.is_safe
        return tuple(ref for ref in self.involvements if not said.get(ref, False))

    def lacks_before_collecting(self) -> tuple[str, ...]:
        """Return what must be recorded before any controller is asked."""
        lacks = []
        if self.newest(StepKind.IDENTITY) is None:
            lacks.append("who the requester is, and how they showed it")
        if self.newest(StepKind.ADDRESS) is None:
            lacks.append("a reply address")
        if self.unsafe():
            lacks.append("the safety check")
        return tuple(lacks)


class AccessForOfficer(Frozen):
    """A request as the data-protection officer works it: only what its controllers have cleared."""

    request: AccessRequest
    not_asked: tuple[str, ...]
    not_cleared: tuple[str, ...]
    lacks: tuple[str, ...]


class AccessToClear(Frozen):
    """One controller's result that its own people read before all others."""

    reference: str
    controller: Code
    due_on: date
    told: SubjectAccessResult | None = Field(description="None: software could not get an answer")


class AccessFiles(Frozen):
    """The two files. The schedule is internal and never for the requester."""

    reference: str
    reply: str
    schedule: str
