"""A person's request for what is held about them: its steps, what was found, and the two files.

By default the reply neither confirms nor denies that anything is held, and names nobody: that there is a case
is already an answer to "does she have an advocate?".
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
    """What somebody recorded about a request; the newest of each kind holds."""

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
    """How the requester showed who they are, in one line, without the number of any document."""

    kind: Literal["identity"] = "identity"
    how: Why


class AddressKept(Frozen):
    """That a reply address is kept among the protected values; never the address."""

    kind: Literal["reply address"] = "reply address"
    item: str


class SafetyChecked(Frozen):
    """What the advocate on a case, or its chair, says of replying. ``involvement`` None: there is no case."""

    kind: Literal["safety check"] = "safety check"
    involvement: str | None = None
    is_safe: bool
    conditions: Why | None = None


class ControllerResult(Frozen):
    """What one controller's records gave; ``failed`` says in a sentence why there is nothing."""

    kind: Literal["told by a controller"] = "told by a controller"
    controller: Code
    told: SubjectAccessResult | None = None
    failed: Sentence | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> ControllerResult:
        if (self.told is None) == (self.failed is None):
            raise ValueError("told: either what was told, or why nothing was")
        return self


class ClearedByController(Frozen):
    """A person of that controller read it; what they hold back has its place and a provision."""

    kind: Literal["cleared by its controller"] = "cleared by its controller"
    controller: Code
    held_back: dict[int, Why] = {}
    answers_itself: bool = Field(default=False, description="the controller replies to the person itself")


class ItemDecided(Frozen):
    """The data-protection officer's decision on one item."""

    kind: Literal["decision on an item"] = "decision on an item"
    controller: Code
    place: Annotated[int, Field(ge=0)]
    is_released: bool
    provision: Why


class ConfirmDecided(Frozen):
    """Whether the reply says that anything is held, and whether it names controllers. Without it: neither."""

    kind: Literal["whether anything is confirmed"] = "whether anything is confirmed"
    confirms: bool
    names_controllers: bool = False
    why: Why


class ReplyReleased(Frozen):
    """The reply went out; its digest says which one."""

    kind: Literal["released"] = "released"
    digest: str


class RequestErased(Frozen):
    """What was kept of the request is erased: who asked, what was told, and the words of every step."""

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
        """The newest step of a kind."""
        return next((step for step in reversed(self.steps) if step.what.kind == kind.value), None)

    def newest_by_controller(self) -> dict[str, ControllerResult]:
        """The newest that each controller told."""
        return {s.what.controller: s.what for s in self.steps if isinstance(s.what, ControllerResult)}

    def cleared(self) -> dict[str, ClearedByController]:
        """The newest clearance of each controller that came after what it told."""
        found: dict[str, ClearedByController] = {}
        for step in self.steps:
            if isinstance(step.what, ControllerResult):
                found.pop(step.what.controller, None)
            elif isinstance(step.what, ClearedByController):
                found[step.what.controller] = step.what
        return found

    def decisions(self) -> dict[tuple[str, int], Step]:
        """The newest decision on each item, by controller and place, on what that controller told last."""
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
        """What was decided on confirming, for this request alone."""
        step = self.newest(StepKind.CONFIRM)
        return step.what if step is not None and isinstance(step.what, ConfirmDecided) else None

    def unsafe(self) -> tuple[str, ...]:
        """The cases that nobody has called safe to reply about."""
        said: dict[str, bool] = {}
        for step in self.steps:
            if isinstance(step.what, SafetyChecked) and step.what.involvement:
                said[step.what.involvement] = step.what.is_safe
        return tuple(ref for ref in self.involvements if not said.get(ref, False))

    def lacks_before_collecting(self) -> tuple[str, ...]:
        """What must be recorded before any controller is asked."""
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
    """What one controller's own people read before anybody else does."""

    reference: str
    controller: Code
    due_on: date
    told: SubjectAccessResult | None = Field(description="None: nothing could be had by software")


class AccessFiles(Frozen):
    """The two files. The schedule is internal and never for the requester."""

    reference: str
    reply: str
    schedule: str
