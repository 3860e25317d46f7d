"""An agency's answer for one viewer, by its owner's rules; nothing is counted before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from engine.access.release import least_outcome, whole_outcome
from engine.domain.accounts.acting import Acting
from engine.domain.base import Frozen
from engine.domain.responses.answers import Contribution, item_keys
from engine.domain.sharing import Outcome, StoredRule
from engine.services.sharing.agreement import leaving_out


class Viewer(Frozen):
    """A reader, the date, and whether they work the case."""

    acting: Acting
    on: date
    is_member: bool


class Cut(Frozen):
    """A contribution's shown part, the number of withheld items, and the number shown as a stub."""

    answer: Contribution
    withheld: int = 0
    stubs: int = 0


def cut(answer: Contribution, rules: Mapping[str, StoredRule], viewer: Viewer) -> Cut:
    """Remove what this viewer does not get, before anything of it is drawn or counted."""
    there = item_keys(answer)
    repeated = {order.conditions_in for order in answer.orders or () if order.conditions_in is not None}
    outcomes = {key: item_outcome(key, rules, viewer) for key in there | set(answer.withdrawn) | repeated}
    gone = {key for key, outcome in outcomes.items() if outcome is not Outcome.SHOW}
    left = leaving_out(answer, gone)
    withdrawn = tuple(key for key in answer.withdrawn if key not in gone)
    return Cut(
        answer=left.model_copy(update={"withdrawn": withdrawn}),
        withheld=sum(outcomes[key] is Outcome.WITHHOLD for key in there),
        stubs=sum(outcomes[key] is Outcome.STUB for key in there),
    )


def item_outcome(key: str, rules: Mapping[str, StoredRule], viewer: Viewer) -> Outcome:
    """Return what this viewer gets of one item: the least that a rule on it gives."""
    return least_outcome(key, rules, acting=viewer.acting, on=viewer.on, is_member=viewer.is_member)


def answer_outcome(rules: Mapping[str, StoredRule], viewer: Viewer) -> Outcome:
    """Return what this viewer gets of the answer as a whole, whatever kind of answer it is."""
    return whole_outcome(rules, acting=viewer.acting, on=viewer.on, is_member=viewer.is_member)
