"""Stepping a case up towards a conference, and reopening a closed one for it: a person's act."""

from __future__ import annotations

from collections.abc import Sequence

from engine.access.policy import May
from engine.domain.agencies.directory import AgencyKnown
from engine.domain.base import Frozen
from engine.domain.cases.lifecycle import Act, State
from engine.domain.errors import InvalidInputError
from engine.domain.rights.retention import DESK_OWNER
from engine.domain.vault.typed_texts import TypedWhere
from engine.services.access.checks import open_case
from engine.services.access.primary_roles import kept_apart
from engine.services.access.restrictions import written_reason
from engine.services.context import Context
from engine.services.referrals.moves import moved
from engine.services.referrals.screening import name_for_agencies
from engine.services.vault.typed_texts import check_typed
from engine.store.repositories.system.outbox import FlowName
from engine.store.unit_of_work import Work


class SteppedUp(Frozen):
    """A case that was stepped up. ``was`` is the state before: a closed one was reopened."""

    reference: str
    was: State
    state: State


def step_up(context: Context, *, reference: str, reason: str) -> SteppedUp:
    """Bring a case towards a conference again; agencies are asked by the flow that follows.

    An agency that answered before is asked again, and its earlier answer is shown as from before the step up
    until it releases or confirms a newer one. People are named as at screening: practitioners of each agency
    without a person on the case, and on a restricted case no one.

    Raises
    ------
    InvalidInputError
        The reference or the reason is malformed, or the record of the case was erased.
    IllegalTransitionError
        The case is not screened, or is on its way to a conference; the error says what to do instead.
    """
    agencies, why = context.agencies_known, written_reason(reason)
    acting, clock = context.acting, context.clock
    with context.writing("step up") as work:
        before = open_case(work, acting, reference, May.STEP_UP)
        after = moved(work, before, Act.STEP_UP, acting=acting, clock=clock)
        _refuse_if_erased(work, before.reference)
        work.cases.save_move(before, after, act=Act.STEP_UP, by=acting.user, why=why, at=clock.now())
        check_typed(work, before, TypedWhere.REASON, [why], acting=acting, clock=clock)
        without = _without_people(work, context, before.reference, agencies)
        name_for_agencies(work, before.reference, (), without, acting, clock)
        work.outbox.add(FlowName.ASSESS_REFERRAL, before.reference, acting=acting, at=clock.now())
        work.notes(was=before.state.value)
    return SteppedUp(reference=before.reference, was=before.state, state=after.state)


def _without_people(
    work: Work, context: Context, reference: str, agencies: Sequence[AgencyKnown]
) -> list[AgencyKnown]:
    """Return the agencies without a person on the case who could answer.

    A person who left, or who works a counter-allegation now, does not count.
    """
    on_case = set(work.cases.people_on(reference)) - set(kept_apart(work, context.acting, reference))
    there = {
        user.agency for user in work.users.practitioners_of(a.code for a in agencies) if user.name in on_case
    }
    return [agency for agency in agencies if agency.code not in there]


def _refuse_if_erased(work: Work, reference: str) -> None:
    """Refuse a case whose referral was erased: nothing is left to ask an agency about."""
    gone = [each for each in work.retention.certificates([reference]) if each.owner == DESK_OWNER]
    if gone:
        raise InvalidInputError(
            f"referral {reference}",
            f"its record was erased ({gone[-1].reference}); import a new referral and screen it",
        )
