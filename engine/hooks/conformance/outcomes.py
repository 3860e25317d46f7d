"""Asking a plugin for outcomes of invented people: twice, in a window of two years."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from engine.domain.outcomes.agency_outcomes import OutcomesFound, OutcomeWindow
from engine.domain.responses.answers import Contribution, Failed, FailureReason, NilReturn, Refused
from engine.hooks.conformance.cases import SyntheticCase
from engine.hooks.questions import OUTCOMES, ToFollowUp
from engine.hooks.registry import Agencies

_CASES_ASKED = 12
_WINDOW = timedelta(days=730)


@dataclass(frozen=True, kw_only=True)
class OutcomesAsked:
    """One question for outcomes and its answer, when it was put and when it was put again."""

    case: SyntheticCase
    window: OutcomeWindow
    first: OutcomesFound | NilReturn | Refused | Failed
    again: OutcomesFound | NilReturn | Refused | Failed

    @property
    def is_answered(self) -> bool:
        """True unless the plugin leaves the question out, which it may."""
        return not (isinstance(self.first, Failed) and self.first.reason is FailureReason.NOT_ANSWERED)

    def faults(self) -> Iterator[str]:
        """Yield what is wrong with the answer."""
        if isinstance(self.first, Failed):
            yield self.first.says
        elif self.first != self.again:
            yield "was answered differently when asked again for outcomes"
        elif isinstance(self.first, OutcomesFound):
            outside = [act for act in self.first.acts if not self.window.may_include(act.happened)]
            if outside:
                yield f"{len(outside)} of its acts are outside the dates that were asked about"


def outcomes_asked(
    agencies: Agencies, code: str, held: Sequence[tuple[SyntheticCase, Contribution]]
) -> tuple[OutcomesAsked, ...]:
    """Return answers about some people whom the agency found."""
    return tuple(
        OutcomesAsked(
            case=case,
            window=put.window,
            first=agencies.ask(code, OUTCOMES, put),
            again=agencies.ask(code, OUTCOMES, put),
        )
        for case, _ in held[:_CASES_ASKED]
        for put in (ToFollowUp(case=case.case, window=_window(case.case.on)),)
    )


def _window(on: date) -> OutcomeWindow:
    return OutcomeWindow(since=on - _WINDOW, until=on)
