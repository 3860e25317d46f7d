"""Outcomes: findings of follow-ups, and the time to the next reported stalking over all cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from engine.access.policy import May
from engine.domain.absence import YesNo
from engine.domain.alarms import Door
from engine.domain.cases.involvement import Involvement
from engine.domain.cases.views import OutcomeView
from engine.domain.errors import InvalidInputError, NotFoundError
from engine.domain.outcomes.follow_up import OutcomeFound, OutcomeGiven
from engine.domain.referrals.intake import AlarmTopic
from engine.domain.typed_days import require_past
from engine.domain.vault.typed_texts import TypedWhere
from engine.instruments.offences import AskWhich, Scored, harm_of, offences_of
from engine.services.access.checks import open_case
from engine.services.alarms.raising import record_answers, with_breach
from engine.services.context import Context
from engine.services.vault.typed_texts import check_typed

if TYPE_CHECKING:
    from engine.store.unit_of_work import Work


def record_outcome(
    context: Context,
    *,
    reference: str,
    outcome: OutcomeGiven,
    topics: Mapping[AlarmTopic, YesNo] | None = None,
) -> str:
    """Record a finding of a follow-up, and return its reference. Future dates are refused.

    An offence is given its days of the crime harm index as of today. What happened before the panel's first
    decision is refused: it is not an outcome. ``topics`` are the alarm topics that were asked about it: one
    answered with yes is an alarm, and so is an offence that is the breach of an order.

    Raises
    ------
    InvalidInputError
        The reference is malformed, a date is in the future or before the decision, the referral is not
        screened, the agency or the outcome to correct is not known, or the offence has several scores.
    """
    recorded = _record(context, reference, outcome, topics, only_new=False)
    assert recorded is not None
    return recorded


def record_new_outcome(
    context: Context,
    *,
    reference: str,
    outcome: OutcomeGiven,
    topics: Mapping[AlarmTopic, YesNo] | None = None,
) -> str | None:
    """Do the same, but return None where the agency gave the same outcome before.

    Raises
    ------
    InvalidInputError
        As for ``record_outcome``.
    """
    return _record(context, reference, outcome, topics, only_new=True)


def same_outcome(outcome: OutcomeGiven | OutcomeView) -> tuple[object, ...]:
    """Return what makes two outcomes of one agency and one case the same."""
    of_either = (outcome.agency, outcome.measure, outcome.found)
    if outcome.found is OutcomeFound.FURTHER_STALKING:
        return (*of_either, outcome.happened, outcome.against, outcome.offence)
    return (*of_either, outcome.looked_until, outcome.censored, outcome.ended_on)


def _record(
    context: Context,
    reference: str,
    outcome: OutcomeGiven,
    topics: Mapping[AlarmTopic, YesNo] | None,
    *,
    only_new: bool,
) -> str | None:
    today = context.clock.today()
    for name in ("looked_until", "happened", "ended_on", "proved"):
        require_past(name, getattr(outcome, name), on=today)
    if outcome.agency is not None:
        _require_installed(outcome.agency, context)
    harm = harm_in_days(outcome)
    once = None if only_new else (reference, outcome)  # a file that is imported again changes nothing
    with context.writing("record outcome", once=once) as work:
        involvement = open_case(work, context.acting, reference, May.RECORD_OUTCOME)
        if not involvement.is_screened:
            raise InvalidInputError(f"referral {reference}", "it is not screened; screen the referral first")
        _require_after_decision(work, involvement, outcome)
        there = work.outcomes.of([involvement.reference])[involvement.reference]
        if only_new and same_outcome(outcome) in {same_outcome(each) for each in there}:
            work.notes(outcome="unchanged")
            return None
        _require_correctable(there, outcome.replaces)
        ref = work.outcomes.add(
            involvement.reference, outcome, harm=harm, by=context.acting.user, at=context.clock.now()
        )
        known = any(each.is_order_breach for each in there if each.reference == outcome.replaces)
        answers = with_breach(topics, is_breach=bool(outcome.is_order_breach) and not known)
        record_answers(
            work, context, case=involvement.reference, door=Door.OUTCOME, about=ref, answers=answers
        )
        check_typed(
            work, involvement, TypedWhere.OUTCOME, [outcome.says], acting=context.acting, clock=context.clock
        )
        work.notes(outcome=ref, measure=outcome.measure.value)
        return ref


def harm_in_days(outcome: OutcomeGiven) -> float | None:
    """Return the crime harm days of the outcome's offence as of today; None for an offence without a score.

    Raises InvalidInputError for a code that the table lacks, and one that has several scores.
    """
    if outcome.offence is None:
        return None
    harm = harm_of(outcome.offence, urn=outcome.offence_row)
    if isinstance(harm, Scored):
        return harm.days
    if isinstance(harm, AskWhich):
        raise InvalidInputError("offence", f"{harm.sentence}; choose 1 of the scores by 'offence_row'")
    if not offences_of(outcome.offence) or outcome.offence_row is not None:
        raise InvalidInputError("offence", f"{harm.why}; give another, or leave the offence out")
    return None


def _require_installed(agency: str, context: Context) -> None:
    codes = sorted(known.code for known in context.agencies_known)
    if agency not in codes:
        raise InvalidInputError("agency", f"no agency has this code; choose one of: {', '.join(codes)}")


def _require_after_decision(work: Work, involvement: Involvement, outcome: OutcomeGiven) -> None:
    """Refuse what happened before the panel first decided on the case: it led to the decision."""
    if outcome.happened is None:
        return
    of_case = work.cases.together(involvement.reference)
    decided = [each.at for of in work.decisions.of(of_case).values() for each in of]
    if decided and outcome.happened.latest < min(decided).date():
        raise InvalidInputError(
            "happened",
            f"it is before the panel's first decision on {min(decided).date():%-d %B %Y}; record it as an "
            "incident instead",
        )


def _require_correctable(there: Sequence[OutcomeView], replaces: str | None) -> None:
    if replaces is None:
        return
    of_case = {each.reference: each for each in there}
    if replaces not in of_case:
        raise NotFoundError("outcome", replaces, instead="the case's page lists its outcomes")
    if of_case[replaces].replaced_by is not None:
        raise InvalidInputError("replaces", "it was corrected before; correct the newer outcome")
