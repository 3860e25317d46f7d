"""Intervention dose over all decided cases, from their plans. Restricted cases are in no figure."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from engine.domain.cases.lifecycle import Act
from engine.domain.outcomes.dose import ActionDose, CaseDose, Dose
from engine.outcomes.dose import dose
from engine.services.context import Context
from engine.services.outcomes.observed import require_every_case

if TYPE_CHECKING:
    from engine.domain.plans.versions import StoredAction
    from engine.store.unit_of_work import Work


def intervention_dose(context: Context) -> Dose:
    """Return sessions, actions, minutes and times over every decided case.

    Exact figures are for a person who may open each case in them.

    Raises
    ------
    NotPermittedError
        The role of the person who acts does not permit it, or a case in the figures is not open to them.
    """
    with context.reading("see intervention dose") as work:
        cases = case_doses(work)
        require_every_case(work, context.acting, {case.reference for case in cases})
        work.notes(cases=len(cases))
    return dose(cases)


def case_doses(work: Work) -> tuple[CaseDose, ...]:
    """Return each involvement with a decision, its actions in delivery, and when delivery ended."""
    decided = {
        each.reference: each.decided_at.date()
        for each in work.observed_parts.involvements()
        if each.decided_at is not None
    }
    plans = work.plans.of(sorted(decided))
    ended = work.observed_parts.moved(sorted(decided), (Act.EXIT, Act.CLOSE))
    return tuple(
        CaseDose(
            reference=reference,
            decided_on=decided_on,
            actions=tuple(map(_action, plans[reference].live)) if reference in plans else (),
            ended_on=ended[reference].date() if reference in ended else None,
        )
        for reference, decided_on in sorted(decided.items())
    )


def _action(action: StoredAction) -> ActionDose:
    return ActionDose(
        agency=action.agency,
        side=action.side,
        status=action.status,
        sessions_offered=action.sessions_offered,
        sessions_delivered=action.sessions,
        minutes=action.minutes,
        happened_on=action.done_on or _reported_on(action),
    )


def _reported_on(action: StoredAction) -> date | None:
    return action.reported_at.date() if action.reported_at else None
