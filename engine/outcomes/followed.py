"""Time from the findings of one case's follow-ups, and whether it ended in a report. Pure.

The clock starts with the decision. A case ends with its first reported further stalking; otherwise it is
censored on the last day that a follow-up covers, or when the person died or left. Custody
ends nothing: people also stalk from prison.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from engine.domain.base import Frozen
from engine.domain.cases.views import OutcomeView
from engine.domain.outcomes.follow_up import AgainstWhom, Censoring, Measure, OutcomeFound


class Followed(Frozen):
    """One case's follow-up. ``days`` is None before the first follow-up: not yet known, not zero."""

    anchor: date
    days: int | None
    has_reported: bool
    against: AgainstWhom | None
    has_recorded: bool
    has_proven: bool
    looked_recorded: bool = False
    """True if a follow-up searched for recorded crime; the three measures are searched for apart."""
    looked_proven: bool = False
    looked_until: date | None


def followed_of(*, anchor: date, findings: Sequence[OutcomeView]) -> Followed:
    """Return the follow-up of one case from its anchor date on. A finding that was corrected is left out."""
    findings = [f for f in findings if f.replaced_by is None]
    reports = [f for f in findings if _is(f, Measure.REPORTED)]
    dated = sorted(
        (f for f in reports if f.happened is not None and f.happened.latest >= anchor),
        key=lambda f: f.happened.latest if f.happened else anchor,
    )
    looked = [
        f.looked_until.earliest
        for f in findings
        if f.measure is Measure.REPORTED and f.found is not OutcomeFound.NOT_KNOWN
    ]
    looked_until = max(looked, default=None)
    first = dated[0] if dated else None
    if first is not None and first.happened is not None:
        ended: date | None = first.happened.latest
    else:
        censored = [
            (f.ended_on or f.looked_until).earliest
            for f in findings
            if f.censored not in (None, Censoring.IN_CUSTODY)
        ]
        ended = min([*censored, looked_until]) if looked_until and censored else looked_until
    return Followed(
        anchor=anchor,
        days=max((ended - anchor).days, 0) if ended is not None else None,
        has_reported=first is not None,
        against=first.against if first else None,
        has_recorded=any(_is(f, Measure.RECORDED) for f in findings),
        has_proven=any(_is(f, Measure.PROVEN) for f in findings),
        looked_recorded=_was_looked_for(findings, Measure.RECORDED),
        looked_proven=_was_looked_for(findings, Measure.PROVEN),
        looked_until=looked_until,
    )


def _was_looked_for(findings: Sequence[OutcomeView], measure: Measure) -> bool:
    return any(f.measure is measure and f.found is not OutcomeFound.NOT_KNOWN for f in findings)


def _is(finding: OutcomeView, measure: Measure) -> bool:
    return finding.measure is measure and finding.found is OutcomeFound.FURTHER_STALKING
