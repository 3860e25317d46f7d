"""Counts over the whole record, straight from it, for the end of the demonstration.

A restricted case is in no count, for any user: a figure that is larger for some would give it away to the
others. Counts under ten are shown, because the demonstration's people are invented. No page and no other
command shows them.
"""

from __future__ import annotations

from engine.access.policy import May, require
from engine.domain.base import Frozen
from engine.services.context import Context
from engine.services.responses.due_dates import returned


class Summary(Frozen):
    """Counts of each kind; ``answers`` by agency and state of its newest answer."""

    referrals: dict[str, int]
    answers: dict[str, dict[str, int]]
    decisions: int
    decisions_with_dissent: int
    actions: int
    outcomes: int
    audit_entries: int


def summary(context: Context) -> Summary:
    """Count referrals by triage outcome, answers by agency and state, decisions, actions and outcomes."""
    require(May.SEE_AGGREGATES, context.acting)
    with context.reading("see summary") as work:
        by_triage = work.counts.by_triage()
        answers: dict[str, dict[str, int]] = {}
        references = work.counts.references()
        for each in returned(work, references, context.settings).values():
            for returns in each:
                waiting = returns.released() is None and returns.waiting_for_release() is not None
                state = returns.state(context.clock.now(), seen_by_owner=waiting).value
                of_agency = answers.setdefault(returns.request.agency, {})
                of_agency[state] = of_agency.get(state, 0) + 1
        return Summary(
            referrals={(o.value if o else "not screened"): n for o, n in by_triage.items()},
            answers={agency: dict(sorted(states.items())) for agency, states in sorted(answers.items())},
            decisions=work.counts.decisions(),
            decisions_with_dissent=work.counts.dissents(),
            actions=work.counts.actions(),
            outcomes=work.counts.outcomes(),
            audit_entries=work.audit.count() - work.counts.hidden_entries(),
        )
