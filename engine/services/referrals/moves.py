"""Moving an involvement along, where another person may have done the same a moment before."""

from __future__ import annotations

from engine.clock import Clock
from engine.domain.accounts.acting import Acting
from engine.domain.cases.involvement import Involvement
from engine.domain.cases.lifecycle import Act
from engine.domain.errors import ConflictError, IllegalTransitionError, Side
from engine.store.unit_of_work import Work

_BY_THEMSELVES = frozenset({Act.ASK_AGENCIES.value, Act.ANSWERS_IN.value})
"""Moves that follow what a person did, without a person waiting to make them."""


def moved(work: Work, before: Involvement, act: Act, *, acting: Acting, clock: Clock) -> Involvement:
    """Return the involvement after an act.

    Raises
    ------
    IllegalTransitionError
        The state of the involvement does not allow it.
    ConflictError
        Another person did the same act last; the error names both and when.
    """
    try:
        return before.moved(act)
    except IllegalTransitionError:
        last = next(m for m in reversed(work.cases.moves(before.reference)) if m.act not in _BY_THEMSELVES)
        if last.act != act.value or last.by == acting.user:
            raise
        raise ConflictError(
            "referral",
            before.reference,
            did=act.value,
            yours=Side(acting.user, clock.now()),
            theirs=Side(last.by, last.at),
        ) from None
