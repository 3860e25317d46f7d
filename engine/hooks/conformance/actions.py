"""Asking a plugin for actions about invented people, with and without another agency's response in view."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from engine.domain.conference.risk import Domain, Level
from engine.domain.responses.answers import (
    AnswerState,
    Contribution,
    DomainView,
    Failed,
    FailureReason,
    Professional,
    Refused,
)
from engine.domain.responses.proposals import ActionsProposed, AnswerSeen
from engine.hooks.conformance.cases import SyntheticCase
from engine.hooks.questions import PROPOSE, ToPropose
from engine.hooks.registry import Agencies

_CASES_ASKED = 6
_ANOTHER = "another-agency"


@dataclass(frozen=True, kw_only=True)
class ActionsAsked:
    """One question for actions and its answer, when it was put and when it was put again."""

    case: SyntheticCase
    first: ActionsProposed | Refused | Failed
    again: ActionsProposed | Refused | Failed

    @property
    def is_answered(self) -> bool:
        """True unless the plugin leaves the question out, which it may."""
        return not (isinstance(self.first, Failed) and self.first.reason is FailureReason.NOT_ANSWERED)


def actions_asked(
    agencies: Agencies, code: str, held: Sequence[tuple[SyntheticCase, Contribution]]
) -> tuple[ActionsAsked, ...]:
    """Return answers about some people whom the agency found, each separately and beside another's."""
    return tuple(
        ActionsAsked(
            case=case,
            first=agencies.ask(code, PROPOSE, put),
            again=agencies.ask(code, PROPOSE, put),
        )
        for case, _ in held[:_CASES_ASKED]
        for put in (
            ToPropose(case=case.case, answers=()),
            ToPropose(case=case.case, answers=(_another(case.case.on),)),
        )
    )


def _another(on: date) -> AnswerSeen:
    """Return an invented agency's response, whose named professional recorded a high level on each domain."""
    by = Professional(name="Ines Madeup", post="Analyst")
    return AnswerSeen(
        agency=_ANOTHER,
        seat=None,
        state=AnswerState.CONTRIBUTION,
        says="Another agency has responded.",
        views=tuple(
            DomainView(
                domain=domain,
                level=Level.HIGH,
                reasons="The conduct went on after a warning.",
                recorded_by=by,
                recorded_on=on,
            )
            for domain in Domain
        ),
    )
