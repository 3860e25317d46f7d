"""The smallest unknown numbers behind the tables of the work, of victims' outcomes and of equity. Pure.

Each cell of a table is a sum of them, and what a reader knows of how the tables depend on one another is an
equation between sums. So all tables are attacked as one. A number is named by a tuple of codes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import product

from engine.domain.cases.lifecycle import TriageOutcome
from engine.domain.orders.stages import AFTER_SERVICE, ORDERS, AfterService, OrderStage
from engine.domain.outcomes.described import Characteristic
from engine.domain.outcomes.process import Offered, ResponseKind, Timing
from engine.domain.outcomes.tables import FigureTable
from engine.domain.outcomes.victims import Agreed, Change, Moment, NoAnswer, Topic
from engine.outcomes.equity_figures import NO_DESCRIPTION, REFUSED
from engine.outcomes.process_figures import (
    NO_DECISION,
    NO_PLAN,
    NOT_SCREENED,
    NOT_SENT,
    REACHED,
    WAITING,
    WITH_CONFERENCE,
)
from engine.outcomes.victims_figures import NO_ENTRY

Atom = tuple[str, ...]
Sum = tuple[Atom, ...]
YES, NO = "yes", "no"
_BOTH = (YES, NO)
AFTER_SERVED = (OrderStage.SERVED, OrderStage.LIKELY_BREACH, OrderStage.BREACH)
_NONE = "no account"


@dataclass
class Counts:
    """The sums behind each table, and the equations between them."""

    cells: dict[tuple[str, tuple[str, ...]], Sum] = field(default_factory=dict)
    wholes: dict[str, Sum] = field(default_factory=dict)
    equal: list[tuple[Sum, Sum]] = field(default_factory=list)
    equal_now: list[tuple[Sum, Sum]] = field(default_factory=list)
    """Equations that are true of the cases of today, because the record does not enforce them."""
    between: dict[str, int] = field(default_factory=dict)
    """Numbers of cases between two stages, by name: no one may work out a small one."""
    grow: list[Sum] = field(default_factory=list)
    """Sums that only grow, as a reader may suppose."""


STAGES: Sum = (
    *(("stage", REACHED, each) for each in (*TriageOutcome, NOT_SCREENED)),
    *(("stage", WAITING, each) for each in WITH_CONFERENCE),
    *(("stage", NOT_SENT, each) for each in (*TriageOutcome, NOT_SCREENED) if each not in WITH_CONFERENCE),
)
"""Every referral once."""
SCREENED: Sum = tuple(each for each in STAGES if each[2] != NOT_SCREENED)
TO_CONFERENCE: Sum = tuple(each for each in STAGES if each[2] in WITH_CONFERENCE)
IN_CONFERENCE: Sum = tuple(each for each in STAGES if each[1] == REACHED)
_SENT: Sum = tuple(each for each in STAGES if each[1] != NOT_SENT)
_UNDECIDED, _UNPLANNED = "sent and not decided", "decided and without plan"


def counts_of(tables: Sequence[FigureTable], decided: Collection[int] = ()) -> Counts:
    """Return what the cells of these exact tables are sums of.

    ``decided`` are published numbers of decided cases; a case can have several decided referrals.
    """
    found = Counts(grow=[STAGES, SCREENED, IN_CONFERENCE])
    by_name = {table.name: table for table in tables}
    _work(found, by_name)
    _between(found, by_name, decided)
    _things(found, by_name)
    if "victims_asked" in by_name:
        _accounts(found, by_name)
    for characteristic in Characteristic:
        _equity(found, characteristic, by_name)
    return found


def _work(found: Counts, tables: Mapping[str, FigureTable]) -> None:
    for name, place in (("process_conference", 1), ("process_screening", 2)):
        for level in _levels(tables, name):
            found.cells[name, (level,)] = tuple(each for each in STAGES if each[place] == level)
        found.wholes[name] = STAGES
    for name in ("process_dissent", "process_wishes", "process_advocate"):
        for level in _levels(tables, name):
            found.cells[name, (level,)] = ((name, level),)
        whole = tuple((name, level) for level in _levels(tables, name))
        found.wholes[name] = STAGES
        if whole:
            found.equal.append((STAGES, whole))


def _between(found: Counts, tables: Mapping[str, FigureTable], published: Collection[int]) -> None:
    """Note how many cases are between two stages. A reader takes one stage to be part of the one before."""
    decided = _others(tables, "process_dissent", NO_DECISION)
    planned = _others(tables, "process_wishes", NO_PLAN)
    found.grow += [each for each in (decided, planned) if each]
    if not decided or not planned:
        return
    sent = sum(_true(tables, "process_conference", each) for each in (REACHED, WAITING))
    has_decision = sum(_true(tables, *atom) for atom in decided)
    has_plan = sum(_true(tables, *atom) for atom in planned)
    pairs = [(_UNDECIDED, _SENT, decided, sent - has_decision)]
    pairs.append((_UNPLANNED, decided, planned, has_decision - has_plan))
    for number in published:
        cases: Sum = (("decided cases", str(number)),)
        pairs.append((f"decided referrals beyond {number} cases", decided, cases, has_decision - number))
    for name, whole, part, left in pairs:
        if left >= 0:
            found.equal_now.append((whole, (*part, (name,))))
            found.between[name] = left


def _others(tables: Mapping[str, FigureTable], name: str, none: str) -> Sum:
    return tuple((name, level) for level in _levels(tables, name) if level != none)


def family(atom: Atom) -> str:
    """Return the tables that a number is behind, of those that nothing else depends on; otherwise nothing."""
    if atom[0] in ("answers", "review"):
        return f"{atom[0]} {atom[1]}"
    return atom[0] if atom[0].startswith("equity_") else ""


def _things(found: Counts, tables: Mapping[str, FigureTable]) -> None:
    """Requests have a time and a kind together; items, actions and orders are of no other table."""
    good = (ResponseKind.CONTRIBUTION, ResponseKind.NIL_RETURN, ResponseKind.REFUSED)
    requests = [
        *(("request", timing, kind) for timing in (Timing.IN_TIME, Timing.LATE) for kind in good),
        *(
            ("request", timing, kind)
            for timing in (Timing.OVERDUE, Timing.NOT_DUE)
            for kind in (ResponseKind.FAILED, ResponseKind.NONE)
        ),
    ]
    for name, place in (("process_timing", 1), ("process_responses", 2)):
        for level in _levels(tables, name):
            found.cells[name, (level,)] = tuple(each for each in requests if each[place] == level)
        found.wholes[name] = tuple(requests)
    for name in ("process_items", "process_actions"):
        for level in _levels(tables, name):
            found.cells[name, (level,)] = ((name, level),)
        found.wholes[name] = tuple((name, level) for level in _levels(tables, name))
    if ORDERS in tables:
        _orders(found, tables)


def _orders(found: Counts, tables: Mapping[str, FigureTable]) -> None:
    """Both tables are of the same orders: each has a stage, and a served one a group and what followed."""
    results = [row.levels for row in tables[AFTER_SERVICE].rows] if AFTER_SERVICE in tables else []
    served: Sum = tuple(
        ("order", stage, *levels)
        for stage in AFTER_SERVED
        for levels in results
        if levels[1] != AfterService.BREACH or stage is OrderStage.BREACH
    )
    others: Sum = tuple(
        ("order", stage, "not served")
        for stage in OrderStage
        if stage is not OrderStage.SERVED or not results
    )
    for stage in OrderStage:
        found.cells[ORDERS, (stage,)] = tuple(each for each in (*served, *others) if each[1] == stage)
    found.wholes[ORDERS] = (*served, *others)
    for levels in results:
        found.cells[AFTER_SERVICE, levels] = tuple(each for each in served if each[2:] == levels)
    found.wholes[AFTER_SERVICE] = served
    found.grow += [each for each in (found.wholes[ORDERS], served) if each]


def _accounts(found: Counts, tables: Mapping[str, FigureTable]) -> None:
    agreements = (*Agreed, NO_ENTRY)
    for moment in Moment:
        entries = tuple(("asked", moment, each) for each in agreements)
        found.equal.append((STAGES, entries))
        found.grow.append(entries[:-1])
        for each, entry in zip(agreements, entries, strict=True):
            found.cells["victims_asked", (moment, each)] = (entry,)
    found.wholes["victims_asked"] = STAGES
    both = tuple(product(_BOTH, repeat=2))
    for place, moment in ((0, Moment.INTAKE), (1, Moment.EXIT)):
        agreed = tuple(("accounts", *each) for each in both if each[place] == YES)
        found.equal.append((((("asked", moment, Agreed.GIVEN)),), agreed))
    found.equal.append((STAGES, tuple(("accounts", *each) for each in both)))
    for topic in Topic:
        _topic(found, topic)
    found.wholes["victims_change"] = (("accounts", YES, YES),)
    for moment in (Moment.INTAKE, Moment.EXIT):
        name = f"victims_had_to_change_{moment}"
        asked: Atom = ("asked about changes", moment)
        found.equal.append(((("asked", moment, Agreed.GIVEN),), (asked, ("not asked about changes", moment))))
        found.wholes[name] = (asked,)
        for part in _levels(tables, name):
            found.cells[name, (part,)] = (("had to change", moment, part),)
            found.equal.append(((asked,), (("had to change", moment, part), ("no change", moment, part))))
    for moment in Moment:
        found.wholes[f"victims_answers_{moment}"] = (("asked", moment, Agreed.GIVEN),)


def _topic(found: Counts, topic: Topic) -> None:
    """Answers at intake and at exit are numbers of pairs; "no account" is one of the answers."""
    answers = (*topic.answers, *NoAnswer)
    pairs = tuple(product((*answers, _NONE), repeat=2))
    for first, second in product(_BOTH, repeat=2):
        inside = tuple(
            ("answers", topic, before, after)
            for before, after in pairs
            if (before != _NONE) is (first == YES) and (after != _NONE) is (second == YES)
        )
        found.equal.append(((("accounts", first, second),), inside))
    for answer in answers:
        for place, moment in ((0, Moment.INTAKE), (1, Moment.EXIT)):
            found.cells[f"victims_answers_{moment}", (topic, answer)] = tuple(
                ("answers", topic, *each) for each in pairs if each[place] == answer
            )
        found.cells[f"victims_answers_{Moment.REVIEW}", (topic, answer)] = (("review", topic, answer),)
    found.equal.append(
        ((("asked", Moment.REVIEW, Agreed.GIVEN),), tuple(("review", topic, each) for each in answers))
    )
    for change in Change:
        found.cells["victims_change", (topic, change)] = tuple(
            ("answers", topic, before, after)
            for before, after in pairs
            if _NONE not in (before, after) and _change(topic, before, after) is change
        )


def _change(topic: Topic, before: str, after: str) -> Change:
    if before not in topic.answers or after not in topic.answers:
        return Change.NOT_COMPARED
    places = topic.answers.index(before), topic.answers.index(after)
    if places[0] == places[1]:
        return Change.SAME
    return Change.BETTER if places[1] > places[0] else Change.WORSE


def _equity(found: Counts, characteristic: Characteristic, tables: Mapping[str, FigureTable]) -> None:
    """Cases have a level, were in conference or not, and accepted an advocate or not."""
    name = f"equity_{characteristic.value.replace(' ', '_')}"
    levels = _levels(tables, name)
    if not levels:
        return
    for conference, advocate in product(_BOTH, repeat=2):
        inside = tuple((name, level, conference, advocate) for level in levels)
        found.equal.append((((("reached", conference, advocate)),), inside))
        for level in (NO_DESCRIPTION, REFUSED):  # these are the same cases for each characteristic
            found.equal.append(
                (
                    ((name, level, conference, advocate),),
                    ((("all characteristics", level, conference, advocate)),),
                )
            )
    found.equal += _reached()
    for level in levels:
        found.cells[name, (level,)] = tuple((name, level, *each) for each in product(_BOTH, repeat=2))
        for place, measure, named in ((0, "conference", _IN_CONFERENCE), (1, "advocate", _WITH_ADVOCATE)):
            for answer, words in named.items():
                found.cells[f"{name}_{measure}", (level, words)] = tuple(
                    (name, level, *each) for each in product(_BOTH, repeat=2) if each[place] == answer
                )
    for table in (name, f"{name}_conference", f"{name}_advocate"):
        found.wholes[table] = STAGES


_IN_CONFERENCE = {YES: "was in conference", NO: "not in conference"}
_WITH_ADVOCATE = {YES: "accepted an advocate", NO: "no acceptance recorded"}


@cache
def _reached() -> tuple[tuple[Sum, Sum], ...]:
    every = tuple(("reached", *each) for each in product(_BOTH, repeat=2))
    accepted: Sum = (("process_advocate", Offered.ACCEPTED.value),)
    return (
        (STAGES, every),
        (IN_CONFERENCE, tuple(each for each in every if each[1] == YES)),
        (accepted, tuple(each for each in every if each[2] == YES)),
    )


def _levels(tables: Mapping[str, FigureTable], name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row.levels[0] for row in tables[name].rows)) if name in tables else ()


def _true(tables: Mapping[str, FigureTable], name: str, level: str) -> int:
    return next((row.count or 0 for row in tables[name].rows if row.levels == (level,)), 0)


def sums_of(table: FigureTable, counts: Counts) -> Iterator[tuple[tuple[str, ...], Sum, int]]:
    """Yield what each count of a table that goes out is a sum of; its whole has no levels."""
    if table.whole is not None and table.name in counts.wholes:
        yield (), counts.wholes[table.name], table.whole
    for row in table.rows:
        if row.count is None:
            continue
        cells = [counts.cells.get((table.name, each)) for each in _separately(row.levels, row.joins)]
        parts = [atom for cell in cells if cell is not None for atom in cell]
        if None not in cells:  # a level that is gone is in no sum of today
            yield row.levels, tuple(parts), row.count


def _separately(levels: tuple[str, ...], joins: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if not joins:
        yield levels
        return
    joined = "; ".join(joins)
    place = levels.index(joined)
    for each in joins:
        yield (*levels[:place], each, *levels[place + 1 :])
