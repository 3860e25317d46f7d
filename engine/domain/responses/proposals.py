"""Actions that an agency proposes when it is asked for them, and what it may see of the others' responses.

An agency that fails, refuses or does not answer differs from one that proposes nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from engine.domain.absence import ItemState
from engine.domain.base import Code, Frozen, Instant, Text
from engine.domain.conference.risk import Domain, Level
from engine.domain.responses.answers import (
    AnswerState,
    Contribution,
    DomainView,
    Failed,
    FailureReason,
    Finding,
    InstrumentResult,
    NilReturn,
    ProposedAction,
    RefusalGround,
    Refused,
    VoiceItem,
)

MOST_PROPOSED = 20


class AnswerSeen(Frozen):
    """The part of an agency's response that the agency that is asked may see now.

    It is what its practitioners see on the case page: no item withheld from them, levels once the
    conference is open, no protected detail. Predictors are left out. What is missing is not "none".
    """

    agency: Code
    seat: Code | None
    state: AnswerState
    says: Text
    findings: tuple[Finding, ...] = ()
    voices: tuple[VoiceItem, ...] = ()
    instruments: tuple[InstrumentResult, ...] = ()
    views: tuple[DomainView, ...] = ()
    in_own_words: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    proposed_actions: tuple[ProposedAction, ...] = ()
    levels_are_hidden: bool = False
    withheld: Annotated[int, Field(ge=0)] = 0

    def level_on(self, domain: Domain) -> Level | None:
        """Return its level on a domain; None if the agency that is asked may see no view of it."""
        return next((view.level for view in self.views if view.domain is domain), None)

    def proposes(self, item: str) -> bool:
        """Return whether it proposes this item of the library of actions."""
        return any(action.library == item for action in self.proposed_actions)

    def has_present(self, items: Collection[str]) -> bool:
        """Return whether one of these items of a questionnaire is present."""
        return any(
            answered.state is ItemState.PRESENT and answered.item in items
            for result in self.instruments
            for answered in result.items
        )


class ActionsProposed(Frozen):
    """The actions that an agency proposes. Empty: it has none to propose."""

    kind: Literal["actions proposed"] = "actions proposed"
    actions: Annotated[tuple[ProposedAction, ...], Field(max_length=MOST_PROPOSED)] = ()


class ProposalOutcome(StrEnum):
    """The result of asking one agency for actions."""

    ANSWERED = "answered"
    REFUSED = "refused"
    FAILED = "failed"
    NO_HOOK = "does not answer this question"
    NO_CONTRIBUTION = "not asked: no contribution that actions could join"


class AskedForActions(Frozen):
    """One time that an agency was asked for actions. What it proposed is in its response, not here."""

    agency: Code
    outcome: ProposalOutcome
    ground: RefusalGround | None = None
    reason: FailureReason | None = None
    digest: str | None = Field(default=None, description="of what it gave, to know an equal answer again")
    plugin_version: str | None = None
    at: Instant


def joined(answer: Contribution, proposed: ActionsProposed, *, on: date) -> Contribution:
    """Return the contribution with what its agency proposes, in place of what it proposed when last asked.

    What its response itself proposed stays. An action that was there before has its earlier date.
    """
    own = tuple(action for action in answer.proposed_actions if action.proposed_on is None)
    since = {action.key: action.proposed_on for action in answer.proposed_actions}
    added = tuple(
        action.model_copy(update={"proposed_on": since.get(action.key) or on})
        for action in proposed.actions
        if action.key not in {each.key for each in own}
    )
    return answer.model_copy(update={"proposed_actions": (*own, *added)})


def carried_over(
    answer: Contribution | NilReturn | Refused | Failed,
    before: Contribution | NilReturn | Refused | Failed | None,
) -> Contribution | NilReturn | Refused | Failed:
    """Return a newer answer with what the agency proposed when it was asked for actions before it.

    Only a contribution has actions, so any other answer stays as it is.
    """
    if not isinstance(answer, Contribution) or not isinstance(before, Contribution):
        return answer
    there = {action.key for action in answer.proposed_actions}
    earlier = tuple(
        action
        for action in before.proposed_actions
        if action.proposed_on is not None and action.key not in there
    )
    return answer.model_copy(update={"proposed_actions": (*answer.proposed_actions, *earlier)})
