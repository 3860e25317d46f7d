"""Outcomes: findings of follow-ups, and the time to the next reported stalking over all cases."""

from __future__ import annotations

from engine.access.policy import May, require
from engine.domain.errors import InvalidInputError
from engine.domain.outcomes.figures import ReoffendingView
from engine.domain.outcomes.follow_up import OutcomeGiven
from engine.domain.typed_days import require_past
from engine.domain.vault.typed_texts import TypedWhere
from engine.outcomes.followed import Followed, followed_of
from engine.outcomes.survival import reoffending_view
from engine.services.access.checks import open_case
from engine.services.context import Context
from engine.services.vault.typed_texts import check_typed


def record_outcome(context: Context, *, reference: str, outcome: OutcomeGiven) -> str:
    """Record a finding of a follow-up; return its reference. Future dates are refused.

    Raises
    ------
    InvalidInputError
        The reference is malformed, a date is in the future, or the referral is not screened.
    NotFoundError
        The case does not exist, or is not open to the person who acts.
    NotPermittedError
        The role of the person who acts does not permit it.
    """
    require_past("looked_until", outcome.looked_until, on=context.clock.today())
    require_past("happened", outcome.happened, on=context.clock.today())
    with context.writing("record outcome") as work:
        involvement = open_case(work, context.acting, reference, May.RECORD_OUTCOME)
        if not involvement.is_screened:
            raise InvalidInputError(f"referral {reference}", "it is not screened; screen the referral first")
        ref = work.outcomes.add(
            involvement.reference, outcome, by=context.acting.user, at=context.clock.now()
        )
        check_typed(
            work, involvement, TypedWhere.OUTCOME, [outcome.says], acting=context.acting, clock=context.clock
        )
        work.notes(outcome=ref, measure=outcome.measure.value)
        return ref


def reoffending(context: Context) -> ReoffendingView:
    """Count over decided cases, and return the Kaplan-Meier curve of the time to the next reported stalking.

    Restricted cases are left out for all users, so that the figures do not show that there is one.

    Raises
    ------
    NotPermittedError
        The role of the person who acts does not permit it.
    """
    require(May.SEE_AGGREGATES, context.acting)
    with context.reading("see reoffending") as work:
        restricted = work.need_to_know.restricted()
        decided = {ref: at for ref, at in work.decisions.first_at().items() if ref not in restricted}
        findings = work.outcomes.of(sorted(decided))
        followed: list[Followed] = [
            followed_of(anchor=decided[ref].date(), findings=findings[ref]) for ref in sorted(decided)
        ]
        work.notes(cases=len(followed))
    return reoffending_view(followed, today=context.clock.today())
