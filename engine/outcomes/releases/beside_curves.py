"""Curves beside results and comparisons: what all of them together show of a few cases is hidden. Pure.

A curve counts first acts until the end of a step. Results count those of cases whose 12 months are over,
and a comparison reports since its landmark. Their differences are counts too, also over several groups.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

import numpy as np

from engine.domain.outcomes.comparisons import ComparedBy, Comparison, Comparisons
from engine.domain.outcomes.follow_up import Measure
from engine.domain.outcomes.observed import ObservedCase, Standing
from engine.domain.outcomes.releases import EVERYONE, NOT_TESTED, Curve, Group, GroupFigures, Refusal
from engine.outcomes.observed.answering import first_ending
from engine.outcomes.observed.windows import WINDOW_DAYS, standing
from engine.outcomes.releases.attacking import Attack, Bools, Known, Target
from engine.outcomes.releases.micro_tables import (
    DAYS_IN_MONTH,
    GRID_MONTHS,
    RECORDED_CURVE,
    REPORTED_CURVE,
    Frame,
    Ints,
    group_of,
)
from engine.outcomes.releases.protecting import DEEPEST_CURVE, LEAKS, label
from engine.outcomes.statistics.risk_table import COMPETING, EVENT, LEFT
from engine.outcomes.suppression.attacking import OutOfTimeError

_DIMENSIONS = {
    ComparedBy.PERIOD: "period",
    ComparedBy.BOROUGH: "borough",
    ComparedBy.TYPOLOGY: "typology",
}
_ENDS = tuple(ceil(month * DAYS_IN_MONTH) for month in GRID_MONTHS)
"""The first date after each step, in days. Comparisons begin and end at two of them."""
_ACTS, _OTHERS = (EVENT,), (COMPETING, LEFT)
_ENDINGS = (EVENT, COMPETING, LEFT)
_STILL = 2 * len(_ENDINGS) * len(_ENDS)
_OFF_CURVE = _STILL + 1
"""In results and on no curve: in custody from the decision on. A reader is taken to know how many."""
_PARTS = _OFF_CURVE + 1
_Parts = tuple[int, ...]


@dataclass(frozen=True)
class _Shown:
    """A count that a reader has; the curve or comparison that it is of can be withheld."""

    known: Known
    label: str | None
    """The figure as a refusal names it; None: no figure, but what a reader knows of all of them."""
    curve: Group | None = None
    comparison: Comparison | None = None

    @property
    def can_be_hidden(self) -> bool:
        """True for a count of a curve or a comparison."""
        return self.curve is not None or self.comparison is not None

    def hidden_first(self, followed: Mapping[Group, int]) -> tuple[int, int]:
        """Return its place: curves of groups, comparisons, the curve of everyone; each small before large."""
        if self.curve is not None:
            return (2 if self.curve == EVERYONE else 0), followed[self.curve]
        return 1, self.comparison.with_it.cases if self.comparison is not None else 0


def _part(ending: int, is_counted: bool, step: int) -> int:
    return 2 * (len(_ENDINGS) * step + _ENDINGS.index(ending)) + is_counted


def _parts(endings: Sequence[int], begin: int, end: int, counted: Sequence[bool] = (True, False)) -> _Parts:
    """Return the parts that ended so, from one step to before another."""
    return tuple(
        _part(ending, each, step) for step in range(begin, end) for ending in endings for each in counted
    )


_OUTCOMES = frozenset(_parts((EVENT, COMPETING), 0, len(_ENDS)))
"""Parts that show an outcome. Who left, or is still followed, shows none."""


@dataclass(frozen=True)
class _Beside:
    """The two curves, and where each is among the figures of a group."""

    measure: Measure
    field: str
    table: str
    is_competing_shown: bool

    def refusal(self, hidden: _Shown, reason: str, chain: Sequence[str] = ()) -> Refusal:
        """Return that the curve or comparison is withheld, and why."""
        if hidden.comparison is not None:
            table = f"comparison by {hidden.comparison.by.value}: {hidden.comparison.level}"
            return Refusal(group=EVERYONE, table=table, reason=reason, chain=tuple(chain))
        return Refusal(group=hidden.curve or EVERYONE, table=self.table, reason=reason, chain=tuple(chain))

    def curve(self, figures: GroupFigures, as_of: date) -> Curve | None:
        """Return a group's curve of this date."""
        curve = figures.reported if self.measure is Measure.REPORTED else figures.recorded
        return curve if curve is not None and curve.as_of == as_of else None


_CURVES = (
    _Beside(Measure.REPORTED, "reported", REPORTED_CURVE, is_competing_shown=False),
    _Beside(Measure.RECORDED, "recorded", RECORDED_CURVE, is_competing_shown=True),
)


@dataclass(frozen=True)
class ProtectedCurves:
    """The figures of groups and the comparisons as they go out, and why curves and comparisons do not."""

    groups: tuple[GroupFigures, ...]
    comparisons: tuple[Comparisons, ...]
    refusals: tuple[Refusal, ...] = ()


def protect_curves(
    groups: Sequence[GroupFigures],
    comparisons: Sequence[Comparisons],
    cases: Sequence[ObservedCase],
    frame: Frame,
    *,
    as_of: date,
    limit: int,
    width: int,
    seconds_left: Callable[[], float],
) -> ProtectedCurves:
    """Return both without the comparisons and curves that would show a count under the limit together.

    Curves of a group are withheld before comparisons, small ones before large, and the curve of everyone
    last. What there is no time to attack is withheld.
    """
    left, compared = tuple(groups), tuple(comparisons)
    refusals: list[Refusal] = []
    for beside in _CURVES:
        counts = _counts(cases, frame, beside.measure, as_of)
        everyone, off_curve = frame.members(EVERYONE), int(counts[:, _OFF_CURVE].sum())
        shown = [
            _Shown(Known(0, everyone, _never_counted(beside), 0, None), None),
            _Shown(Known(0, everyone, (_OFF_CURVE,), off_curve, None), None),
            *_of_groups(left, frame, beside, as_of),
        ]
        if beside.measure is Measure.REPORTED:
            shown += _of_comparisons(compared, frame, as_of)
        followed = {each.group: curve.followed for each in left if (curve := beside.curve(each, as_of))}
        hidden = _to_hide(shown, counts, frame, followed, limit, width, seconds_left)
        left, compared = _without(left, compared, [each.shown for each in hidden], beside)
        refusals += [beside.refusal(each.shown, each.reason, each.chain) for each in hidden]
    return ProtectedCurves(left, compared, tuple(refusals))


@dataclass(frozen=True)
class _Hidden:
    """A count of a curve or comparison that is withheld, and the figures that would have revealed a count."""

    shown: _Shown
    reason: str
    chain: tuple[str, ...] = ()


def _to_hide(
    shown: list[_Shown],
    counts: Ints,
    frame: Frame,
    followed: Mapping[Group, int],
    limit: int,
    width: int,
    seconds_left: Callable[[], float],
) -> list[_Hidden]:
    """Return each curve and comparison that is withheld, once, and why."""
    targets = [
        Target(0, members, part, int(count))
        for members in (frame.members(group) for group in frame.groups() if group.depth <= DEEPEST_CURVE)
        for part, count in enumerate(counts[members].sum(axis=0))
        if 0 < count < limit and part in _OUTCOMES
    ]
    hidden: list[_Hidden] = []
    while targets:
        attack = Attack(
            [each.known for each in shown],
            targets,
            parts=_PARTS,
            releases=1,
            combinations=len(counts),
            grows=(),
            seconds_left=seconds_left,
        )
        still: list[Target] = []
        found: list[_Hidden] = []
        try:
            for exposed in attack.exposed(width):
                chain = [shown[place] for place in exposed.because if shown[place].can_be_hidden]
                if not chain:
                    continue  # only results show it, and their own table has been attacked
                still.append(targets[exposed.target])
                if not any(_is_same(each, one.shown) for each in chain for one in found):
                    last = min(chain, key=lambda each: each.hidden_first(followed))
                    labels = (shown[place].label for place in exposed.because)
                    unique = dict.fromkeys(each for each in labels if each is not None)
                    found.append(_Hidden(last, LEAKS, tuple(unique)))
        except OutOfTimeError:
            return [*hidden, *_not_tested(shown)]
        hidden += found
        shown = [each for each in shown if not any(_is_same(each, one.shown) for one in found)]
        targets = still  # hiding more narrows no range, so the others are safe
    return hidden


def _not_tested(shown: Sequence[_Shown]) -> list[_Hidden]:
    """Return each curve and comparison that is left, once."""
    found: list[_Hidden] = []
    for each in shown:
        if each.can_be_hidden and not any(_is_same(each, one.shown) for one in found):
            found.append(_Hidden(each, NOT_TESTED))
    return found


def _is_same(one: _Shown, other: _Shown) -> bool:
    if other.comparison is not None:
        return one.comparison is other.comparison
    return one.curve is not None and one.curve == other.curve


def _without(
    groups: Sequence[GroupFigures],
    comparisons: Sequence[Comparisons],
    hidden: Sequence[_Shown],
    beside: _Beside,
) -> tuple[tuple[GroupFigures, ...], tuple[Comparisons, ...]]:
    curves = {each.curve for each in hidden if each.curve is not None}
    compared = {id(each.comparison) for each in hidden if each.comparison is not None}
    return (
        tuple(
            each.model_copy(update={beside.field: None}) if each.group in curves else each for each in groups
        ),
        tuple(_without_compared(each, compared) for each in comparisons),
    )


def _without_compared(comparisons: Comparisons, hidden: set[int]) -> Comparisons:
    left = tuple(each for each in comparisons.shown if id(each) not in hidden)
    gone = len(comparisons.shown) - len(left)
    return comparisons.model_copy(update={"shown": left, "hidden": comparisons.hidden + gone})


def _counts(cases: Sequence[ObservedCase], frame: Frame, measure: Measure, as_of: date) -> Ints:
    """Count cases by combination (rows), and by step, ending and whether results count them (columns)."""
    rows = {one: row for row, one in enumerate(frame.combinations)}
    counts = np.zeros((len(rows), _PARTS), dtype=np.int64)
    for case in cases:
        ended = first_ending(case, measure)
        is_counted = standing(case, measure, WINDOW_DAYS, as_of) is Standing.FURTHER
        if ended is None:
            part = _OFF_CURVE if is_counted else None
        else:
            step = next((place for place, end in enumerate(_ENDS) if ended.days < end), None)
            part = _STILL if step is None else _part(ended.ending, is_counted, step)
        if part is not None:
            counts[rows[group_of(case)], part] += 1
    return counts


def _parts_after(step: int) -> _Parts:
    """Return the parts of all who are followed at the end of a step."""
    return (*_parts(_ENDINGS, step, len(_ENDS)), _STILL)


def _of_groups(
    groups: Sequence[GroupFigures], frame: Frame, beside: _Beside, as_of: date
) -> Iterator[_Shown]:
    for each in groups:
        members = frame.members(each.group)
        results = each.of(beside.measure)
        if results is not None and results.as_of == as_of:
            counted = (*_parts(_ENDINGS, 0, len(_ENDS), [True]), _OFF_CURVE)
            named = label(each.group, f"{beside.measure.value} in 12 months", None)
            yield _Shown(Known(0, members, counted, results.further, None), named)
        curve = beside.curve(each, as_of)
        if curve is not None:
            for what, parts, count in _of_curve(curve, beside):
                named = label(each.group, f"{beside.table}, {what}", None)
                yield _Shown(Known(0, members, parts, count, None), named, curve=each.group)


def _never_counted(beside: _Beside) -> _Parts:
    """Return the parts that no case in results has: their act was in 12 months, or after custody in them."""
    first_after = GRID_MONTHS.index(12) + 1
    never = (LEFT,) if beside.is_competing_shown else _OTHERS
    return (
        *_parts(_ENDINGS, first_after, len(_ENDS), [True]),
        *_parts(never, 0, first_after, [True]),
    )


def _of_curve(curve: Curve, beside: _Beside) -> Iterator[tuple[str, _Parts, int]]:
    """Yield each count of a curve: how a refusal names it, the parts that it is of, and the count."""
    begin = 0
    for step in curve.steps:
        end = GRID_MONTHS.index(step.until_month) + 1
        until = f"step to month {step.until_month}"
        yield f"{until}, first acts", _parts(_ACTS, begin, end), step.events
        if beside.is_competing_shown:
            yield f"{until}, in custody first", _parts([COMPETING], begin, end), step.competing
            yield f"{until}, left", _parts([LEFT], begin, end), step.left
        else:
            yield f"{until}, left", _parts(_OTHERS, begin, end), step.competing + step.left
        begin = end
    yield "followed after its last step", _parts_after(begin), curve.still


def _of_comparisons(comparisons: Sequence[Comparisons], frame: Frame, as_of: date) -> Iterator[_Shown]:
    """Yield what comparisons show. Those by order are over cases whose orders were read: another sum."""
    everyone = frame.members(EVERYONE)
    for each in (one for many in comparisons for one in many.shown):
        if each.as_of != as_of or each.by is ComparedBy.ORDER:
            continue
        begin = _ENDS.index(each.landmark_days) + 1
        end = _ENDS.index(each.landmark_days + each.horizon_days + 1) + 1
        reports, followed = _parts(_ACTS, begin, end), _parts_after(begin)
        named = f"comparison by {each.by.value}, {each.level}"
        for side, members, events, number in _sides(each, frame, everyone):
            of_reports, of_cases = f"{named}: reports {side}", f"{named}: cases {side}"
            yield _Shown(Known(0, members, reports, events, None), of_reports, comparison=each)
            yield _Shown(Known(0, members, followed, number, None), of_cases, comparison=each)


def _sides(each: Comparison, frame: Frame, everyone: Bools) -> Iterator[tuple[str, Bools, int, int]]:
    """Yield whom a comparison counts, their reports since the landmark, and how many were followed then."""
    one, other = each.with_it, each.without
    if each.by in _DIMENSIONS:
        inside = frame.members(Group(**{_DIMENSIONS[each.by]: each.level}))
        yield "with it", inside, one.events, one.cases
        yield "without it", everyone & ~inside, other.events, other.cases
    else:
        yield "on both sides", everyone, one.events + other.events, one.cases + other.cases
