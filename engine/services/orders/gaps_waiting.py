"""Cases where orders were made and none applies: kinds of rows, and their lines, first but for alarms.

An order of another case of the episode may protect, and not each reader sees that case. Where every set of
cases that a reader may see has the same gaps, they are rows; of other cases the row has the gaps of each set.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta

from engine.clock import LONDON, Clock
from engine.domain.accounts.acting import Acting
from engine.domain.cases.due import PEOPLE_OF_CASE, Waits
from engine.domain.cases.lifecycle import State
from engine.domain.cases.worklists import LongLines, WorkItem
from engine.domain.orders.orders import StoredOrder
from engine.domain.orders.protection import Gap, Protection
from engine.orders.protection import gaps_of, protection
from engine.services.access.checks import open_among, or_nowhere
from engine.services.due.kinds import DueGiven, DueKind
from engine.services.due.lines import lines_with_those_of_viewer
from engine.services.orders.protecting import RECORD_ORDER, RECORD_SERVICE, orders_of_each
from engine.store.unit_of_work import Work

_MOST_OTHERS = 4
"""Of more other cases in an episode each reader has their own answer: the sets of them double with each."""
_READS = frozenset(
    {
        "court_order",
        "court_order_case",
        "court_order_step",
        "court_order_relation",
        "episode_judgement",
        "involvement",
    }
)


def gaps(work: Work, cases: Sequence[str], given: DueGiven) -> Iterator[Waits]:
    """Yield with its dates every gap of each case that is not closed and whose readers all see the same."""
    for case, sights in _sights_of_each(work, cases, given):
        found = [gaps_of(orders) for orders in sights]
        for gap in found[0] if _are_alike(found) else ():
            starts = _midnight(gap.first)
            yield Waits(
                case=case,
                about=f"gap {gap.first}",
                whom=PEOPLE_OF_CASE,
                since=min(each.at for each in sights[0]),
                starts=starts,
                ends=_end_of(gap.last),
                due=starts,
            )


def to_work_out(work: Work, cases: Sequence[str], given: DueGiven) -> Iterator[Waits]:
    """Yield each other case, with the gaps of each sight: its reader has their own."""
    for case, sights in _sights_of_each(work, cases, given):
        found = [gaps_of(orders) for orders in sights]
        if not _are_alike(found):
            yield Waits(
                case=case,
                about="orders",
                whom=PEOPLE_OF_CASE,
                since=given.states(work, [case])[case][1],
                version=_in_text(found) if found else "",
            )


def _sights_of_each(
    work: Work, cases: Sequence[str], given: DueGiven
) -> Iterator[tuple[str, list[Sequence[StoredOrder]]]]:
    """Yield those of these cases that are not closed and have an order in their episode, with its sights.

    A sight is the orders of this case and of those of its episode that one reader may see: the bits of its
    place say which of the others. Of an episode with more than ``_MOST_OTHERS`` others there is none.
    """
    together = given.once("episodes of orders", cases, work.cases.together_with_each)
    everywhere = given.added.with_any(
        "court_order_case", sorted({each for of in together.values() for each in of})
    )
    orders = given.once("orders of episodes", everywhere, work.orders.of)
    serving = {case for order in orders for case in order.cases}
    there = [case for case, of in together.items() if not serving.isdisjoint(of)]
    states = given.states(work, there)
    for case in there:
        if states[case][0] is State.CLOSED:
            continue
        others = _others(together, case)
        places = range(1 << len(others)) if len(others) <= _MOST_OTHERS else ()
        sights = [_seen_at(place, others) for place in places]
        yield case, [orders_of_each(orders, together, [case], seen)[case] for seen in sights]


def _seen_at(place: int, others: Sequence[str]) -> set[str]:
    return {each for bit, each in enumerate(others) if place & (1 << bit)}


def _others(together: Mapping[str, Collection[str]], case: str) -> list[str]:
    return sorted(set(together[case]) - {case})


def _are_alike(found: Sequence[Sequence[Gap]]) -> bool:
    days = [[(gap.first, gap.last) for gap in gaps] for gaps in found]
    return bool(days) and all(each == days[0] for each in days)


def _in_text(found: Sequence[Sequence[Gap]]) -> str:
    """Return the gaps by sight as ``_in_a_gap`` reads them."""
    days = [[(f"{gap.first}", gap.last and f"{gap.last}") for gap in gaps] for gaps in found]
    return json.dumps(days, separators=(",", ":"))


def _end_of(last: date | None) -> datetime | None:
    return _midnight(last + timedelta(days=1)) - datetime.resolution if last else None


GAP = DueKind("no order applies", reads=_READS, of=gaps, with_episodes=True, version=2)
OF_VIEWER = DueKind("gap to work out", reads=_READS, of=to_work_out, with_episodes=True, version=2)


def gap_lines(work: Work, acting: Acting, clock: Clock) -> Iterator[LongLines]:
    """Yield a person's lines about cases without an order that applies."""

    def write(rows: Sequence[Waits]) -> Iterator[WorkItem]:
        yield from _items(work, acting, clock, [each.case for each in rows])

    def own(rows: Sequence[Waits]) -> Iterator[WorkItem]:
        yield from _items(work, acting, clock, _in_a_gap(work, acting, clock, rows))

    yield lines_with_those_of_viewer(
        (GAP,), OF_VIEWER, work, acting, clock, write=write, items=own, named=GAP.name
    )


def _in_a_gap(work: Work, acting: Acting, clock: Clock, rows: Sequence[Waits]) -> list[str]:
    """Return the cases of these rows in a gap today by what this person sees of their episodes."""
    together, open_to = _open_together(work, acting, [each.case for each in rows])
    today = clock.today().isoformat()
    found = []
    for each in rows:
        by_sight = json.loads(each.version) if each.version else []
        place = sum(1 << bit for bit, case in enumerate(_others(together, each.case)) if case in open_to)
        if not by_sight or any(first <= today <= (last or today) for first, last in by_sight[place]):
            found.append(each.case)
    return found


def _items(work: Work, acting: Acting, clock: Clock, cases: Sequence[str]) -> Iterator[WorkItem]:
    together, open_to = _open_together(work, acting, cases)
    orders = work.orders.of(or_nowhere(sorted(open_to)), always=True)
    there = orders_of_each(orders, together, [case for case in cases if case in open_to], open_to)
    for case in cases:
        found = protection(there.get(case, ()), on=clock.today())
        if found.is_gap:
            yield _item(case, found)


def _open_together(
    work: Work, acting: Acting, cases: Sequence[str]
) -> tuple[dict[str, tuple[str, ...]], frozenset[str]]:
    """Return the cases of the episodes of these cases, and those of them that are open to this person."""
    together = work.cases.together_with_each(or_nowhere(dict.fromkeys(cases)))
    everywhere = or_nowhere(sorted({each for of in together.values() for each in of}))
    return together, open_among(work, acting, work.cases.screened(everywhere))


def _item(case: str, found: Protection) -> WorkItem:
    assert found.first is not None  # a gap
    return WorkItem(
        reference=case,
        what="No order on this record applies",
        why=f"{found.sentence} {RECORD_SERVICE if found.not_served else RECORD_ORDER}.",
        due_at=_midnight(found.first),
        since=_midnight(found.first),
        is_overdue=True,
        is_alarm=False,
        kind=GAP.name,
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON)
