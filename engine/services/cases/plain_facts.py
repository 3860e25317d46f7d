"""The plain facts of a case, worked out of what the viewer is shown anyway: nothing hidden makes a fact."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache

from engine.domain.cases.custody import StoredCustodyChange
from engine.domain.cases.plain_facts import Fact
from engine.domain.cases.police_decisions import PoliceAction
from engine.domain.cases.views import CaseView
from engine.domain.orders.views import OrderKnown
from engine.facts.acts import Act, Around
from engine.facts.around import Custody
from engine.store.unit_of_work import Work

_DECIDED = {
    PoliceAction.ARREST: "the arrest",
    PoliceAction.VOLUNTARY_INTERVIEW: "the voluntary interview",
    PoliceAction.BAIL: "the bail",
    PoliceAction.CHARGE: "the charge",
    PoliceAction.RELEASED: "the release from custody",
    PoliceAction.NO_ACTION: "the decision of no further action",
}
"""Police decisions after which acts are counted; "investigate further" ends and begins nothing."""


def with_facts(
    work: Work, view: CaseView, of_episode: Sequence[str], orders: Sequence[OrderKnown], *, today: date
) -> CaseView:
    """Return the case with its plain facts; a part of viewing it."""
    informed = [notice.informed_on for notice in work.victim_notices.of(of_episode)]
    reached = max((day for day in informed if day is not None and day <= today), default=None)
    found = _facts(
        tuple(_acts(view)), today, tuple(_around(view, orders)), reached, _custody(view.review.custody)
    )
    return view.model_copy(update={"facts": found})


@lru_cache(maxsize=1_000)
def _facts(
    acts: tuple[Act, ...],
    today: date,
    around: tuple[Around, ...],
    reached: date | None,
    custody: Custody | None,
) -> tuple[Fact, ...]:
    """Work the same out once: a page is drawn many times between changes, and each viewer has a part."""
    from engine.facts.of_case import plain_facts  # a list of cases has none

    return plain_facts(acts, today=today, around=around, reached=reached, custody=custody)


def _acts(view: CaseView) -> Iterator[Act]:
    topics: dict[str, list[str]] = {}
    for alarm in view.alarms_since:
        topics.setdefault(alarm.about, []).extend(topic.value for topic in alarm.raised)
    for each in view.incidents:
        kinds = dict.fromkeys([*(kind.value for kind in each.kinds), *topics.get(each.reference, ())])
        yield Act(
            reference=each.reference,
            happened=each.happened,
            kinds=tuple(kinds),
            channel=each.channel.value if each.channel else None,
            owners=tuple(dict.fromkeys(report.owner for report in each.reports)),
        )


def _around(view: CaseView, orders: Sequence[OrderKnown]) -> Iterator[Around]:
    for order in orders:
        if order.made is not None:
            yield Around("the order", order.made, order.reference)
    for decision in view.review.police_decisions:
        what = _DECIDED.get(decision.action)
        if what is not None:
            yield Around(what, decision.decided_on, decision.incident)


def _custody(changes: Sequence[StoredCustodyChange]) -> Custody | None:
    newest = max(changes, key=lambda each: each.at, default=None)
    return None if newest is None else Custody(newest.change.value, newest.on)
