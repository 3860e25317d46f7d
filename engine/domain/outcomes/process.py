"""One case's passage through the work, without a name and without an agency. For figures over all cases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from engine.domain.absence import ItemState
from engine.domain.cases.lifecycle import TriageOutcome
from engine.domain.plans.actions import ActionStatus
from engine.domain.plans.lists import Wishes
from engine.domain.responses.voices import OfferOutcome


class Timing(StrEnum):
    """When an agency's response came beside its due time."""

    IN_TIME = "in time"
    LATE = "late"
    OVERDUE = "overdue without response"
    NOT_DUE = "not due yet"


class ResponseKind(StrEnum):
    """The response to a request as it is now. A failure is not a nil return, and silence is not one."""

    CONTRIBUTION = "contribution"
    NIL_RETURN = "nil return"
    REFUSED = "refused"
    FAILED = "failed"
    NONE = "no response"


class Offered(StrEnum):
    """The offer of an advocate to the victim, over all that agencies recorded."""

    ACCEPTED = OfferOutcome.ACCEPTED.value
    DECLINED = OfferOutcome.DECLINED.value
    NO_REPLY = OfferOutcome.NO_REPLY.value
    NO_RESULT = "offered without a recorded result"
    NOT_RECORDED = "not recorded"


@dataclass(frozen=True, slots=True)
class RequestMade:
    """One request to one agency; which agency is left out."""

    timing: Timing
    kind: ResponseKind


@dataclass(frozen=True, slots=True)
class ProcessCase:
    """One case. A date may be None: the case has not come so far, which is not a short time.

    ``has_dissent`` is of the newest decision. It and ``wishes`` may be None: no decision, no plan.
    ``actions`` are those of its plan, each with whether it is past its due date and open.
    """

    reference: str
    received_on: date
    screened_on: date | None
    triage: TriageOutcome | None
    conference_on: date | None
    requests: tuple[RequestMade, ...]
    items: dict[ItemState, int]
    actions: tuple[tuple[ActionStatus, bool], ...]
    has_dissent: bool | None
    offered: Offered
    wishes: Wishes | None
