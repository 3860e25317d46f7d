"""Invented plans and what becomes of their actions. Agencies' codes and seats come as arguments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from random import Random

from engine.domain.base import Frozen, Sentence
from engine.domain.errors import InvalidInputError
from engine.domain.invented import InventedEpisode
from engine.domain.plans.actions import ActionStatus, PlanGiven, PlannedAction
from engine.synthetic.figures import figures
from engine.synthetic.practitioners import professional_of
from engine.synthetic.streams import chosen, happens, stream
from engine.synthetic.wording import ActionTalk, talk

_FEWEST, _MOST = 4, 7
_DONE_EARLY, _BEGUN_EARLY = 0.30, 0.30


class ActionUpdate(Frozen):
    """An owner's report on one action, and its date."""

    reference: str
    status: ActionStatus
    note: Sentence | None
    on: date


def plan_of(
    episode: InventedEpisode,
    *,
    seed: int,
    on: date,
    agencies: Sequence[str],
    seats: Mapping[str, str] | None = None,
) -> PlanGiven:
    """Return a first plan made on that day.

    ``seats``, by agency code, lets actions go where they suit best.
    """
    if not agencies:
        raise InvalidInputError("agencies", "give at least one that can own an action")
    chance, words = stream(seed, "plan", episode.key), talk().plan
    drawn = sorted(words.actions, key=lambda _: chance.random())[: chance.randint(_FEWEST, _MOST)]
    actions = [_planned(chance, seed, action, on, agencies, seats or {}) for action in drawn]
    departs = happens(chance, figures().rate("departs_from_wishes"))
    return PlanGiven(
        actions=tuple(sorted(actions, key=lambda action: action.due)),
        reason=chance.choice(words.reasons),
        departs_from_wishes=words.departs_from_wishes if departs else None,
        departure_reason=words.departure_reason if departs else None,
        asks_approval=True,
    )


def action_updates(
    episode: InventedEpisode, actions: Mapping[str, date], *, seed: int, planned_on: date, today: date
) -> tuple[ActionUpdate, ...]:
    """Return owners' reports by today on the actions (reference to due date), by day; some said nothing.

    The order of ``actions`` matters and their references do not: random ones do not change what is said.
    """
    updates = []
    for place, (reference, due) in enumerate(actions.items()):
        chance = stream(seed, "action", episode.key, place)
        said = _last_status(chance, due, planned_on=planned_on, today=today)
        if said is not None:
            status, on = said
            note = chance.choice(talk().plan.notes[status.value])
            updates.append(ActionUpdate(reference=reference, status=status, note=note, on=on))
    return tuple(sorted(updates, key=lambda update: update.on))


def _planned(
    chance: Random,
    seed: int,
    action: ActionTalk,
    on: date,
    agencies: Sequence[str],
    seats: Mapping[str, str],
) -> PlannedAction:
    of_that_seat = [code for code in agencies if seats.get(code) == action.seat]
    of_no_seat = [code for code in agencies if code not in seats]
    agency = chance.choice(of_that_seat or of_no_seat or list(agencies))
    return PlannedAction(
        what=action.what,
        agency=agency,
        owner=professional_of(seed, agency, chance.randrange(3)).name,
        due=on + timedelta(days=chance.choice(talk().plan.due_days)),
        serves=action.serves,
        side=action.side,
    )


def _last_status(
    chance: Random, due: date, *, planned_on: date, today: date
) -> tuple[ActionStatus, date] | None:
    """Return the last report of one owner by today; None for an owner who has said nothing."""
    early = chance.random()
    days_early = chance.randint(0, max(min(3, (due - planned_on).days - 1), 0))
    on = due - timedelta(days=days_early)
    past_due = ActionStatus(chosen(chance, figures().mix("action_past_due")))
    if today >= due:
        return None if past_due is ActionStatus.NOT_STARTED else (past_due, on)
    if early < _DONE_EARLY and on <= today:
        return ActionStatus.DONE, on
    if early < _DONE_EARLY + _BEGUN_EARLY and today > planned_on:
        return ActionStatus.IN_PROGRESS, planned_on + timedelta(days=1)
    return None
