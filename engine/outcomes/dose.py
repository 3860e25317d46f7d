"""Intervention dose from plans. Pure, exact, and hides nothing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence

from engine.domain.outcomes.dose import ActionDose, CaseDose, Dose, Spread, Total
from engine.domain.plans.actions import ActionStatus, Side


def dose(cases: Sequence[CaseDose]) -> Dose:
    """Return the dose over these decided cases."""
    planned = [case for case in cases if case.actions]
    treated = [case for case in planned if _interventions(case)]
    by_side: dict[Side | None, Counter[ActionStatus]] = defaultdict(Counter)
    for case in planned:
        for action in case.actions:
            by_side[action.side][action.status] += 1
    agencies = sorted({action.agency for case in planned for action in case.actions})
    return Dose(
        cases=len(cases),
        without_plan=len(cases) - len(planned),
        with_intervention=len(treated),
        sessions_offered=_total(treated, _interventions, lambda action: action.sessions_offered),
        sessions_delivered=_total(treated, _interventions, lambda action: action.sessions_delivered),
        sessions_missed=_total(treated, _interventions, _missed, needs_all=True),
        actions={
            side: {status: by_side[side][status] for status in ActionStatus}
            for side in (*Side, None)
            if side in by_side
        },
        minutes={
            agency: _total(planned, _of_agency(agency), lambda action: action.minutes) for agency in agencies
        },
        first_contact=_spread(treated, _first_contact),
        end_of_service=_spread(planned, _end_of_service),
    )


def _interventions(case: CaseDose) -> list[ActionDose]:
    return [action for action in case.actions if action.side is Side.INTERVENTION]


def _of_agency(agency: str) -> Callable[[CaseDose], list[ActionDose]]:
    return lambda case: [action for action in case.actions if action.agency == agency]


def _missed(action: ActionDose) -> int | None:
    if action.sessions_offered is None or action.sessions_delivered is None:
        return None
    return max(action.sessions_offered - action.sessions_delivered, 0)


def _total(
    cases: Iterable[CaseDose],
    chosen: Callable[[CaseDose], Sequence[ActionDose]],
    value: Callable[[ActionDose], int | None],
    *,
    needs_all: bool = False,
) -> Total:
    """Sum a value over cases. With ``needs_all``, a case counts only where each of its actions with sessions
    recorded it.
    """
    total = recorded = missing = 0
    for case in cases:
        actions = chosen(case)
        if not actions:
            continue
        if needs_all:
            actions = [each for each in actions if _has_sessions(each)]
        known = [each for each in map(value, actions) if each is not None]
        if known and not (needs_all and len(known) < len(actions)):
            total += sum(known)
            recorded += 1
        else:
            missing += 1
    return Total(total, recorded, missing)


def _has_sessions(action: ActionDose) -> bool:
    return action.sessions_offered is not None or action.sessions_delivered is not None


def _first_contact(case: CaseDose) -> int | None:
    days = [
        (action.happened_on - case.decided_on).days
        for action in _interventions(case)
        if action.happened_on is not None
        and ((action.sessions_delivered or 0) > 0 or action.status is ActionStatus.DONE)
    ]
    return max(min(days), 0) if days else None


def _end_of_service(case: CaseDose) -> int | None:
    return None if case.ended_on is None else max((case.ended_on - case.decided_on).days, 0)


def _spread(cases: Sequence[CaseDose], days: Callable[[CaseDose], int | None]) -> Spread:
    """Return quartiles: the first value that at least a quarter, a half, three quarters do not exceed."""
    known = sorted(each for each in map(days, cases) if each is not None)

    def quantile(part: int) -> int | None:
        return known[-(-len(known) * part // 4) - 1] if known else None

    return Spread(len(known), len(cases) - len(known), quantile(1), quantile(2), quantile(3))
