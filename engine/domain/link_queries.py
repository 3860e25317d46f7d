"""Questions about links that are asked again and again, and the alerts that they raise. Ranks nobody."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from engine.domain.base import Frozen, Instant

NodeName = Annotated[str, StringConstraints(pattern=r"^[A-Z]-[0-9A-Z]{7}$")]
Reason = Annotated[str, StringConstraints(min_length=1, max_length=600)]


class AroundQuestion(Frozen):
    """Who or what comes to lie within so many links of somebody."""

    kind: Literal["around"] = "around"
    reference: NodeName
    hops: Annotated[int, Field(ge=1, le=4)] = 2


class PathQuestion(Frozen):
    """Whether two come to hang together within so many links."""

    kind: Literal["path"] = "path"
    a: NodeName
    b: NodeName
    hops: Annotated[int, Field(ge=1, le=12)] = 6


class PatternQuestion(Frozen):
    """Whether a pattern comes to be found about somebody new."""

    kind: Literal["pattern"] = "pattern"
    pattern: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z\-]{2,40}$")]


Question = Annotated[AroundQuestion | PathQuestion | PatternQuestion, Field(discriminator="kind")]


class StandingQuery(Frozen):
    """A question, whose it is, why it is asked, and until when."""

    reference: str
    owner: str
    question: Question
    why: Reason
    at: Instant
    until: Instant
    ended_at: Instant | None = None

    def is_asked(self, at: Instant) -> bool:
        """Whether it is still asked at this instant."""
        return self.ended_at is None and at < self.until


class AlertState(StrEnum):
    """What became of an alert."""

    WAITING = "waiting"
    ACTED_ON = "acted on"
    SET_ASIDE = "set aside"


class LinkAlert(Frozen):
    """Something that answers a standing query and did not when it was saved."""

    reference: str
    query: str
    owner: str
    match_key: str
    at: Instant
    state: AlertState = AlertState.WAITING
    why: str | None = None
    expires_at: Instant


class AlertFigures(Frozen):
    """How often alerts of one's own questions led to something: counts, and the share of those judged."""

    raised: int
    waiting: int
    acted_on: int
    set_aside: int
    expired: int
    share_acted_on: float | None = Field(description="of those judged; None when none was")
