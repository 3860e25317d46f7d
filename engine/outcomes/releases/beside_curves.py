"""Curves beside decided cases, results and comparisons: what all together show of a few is hidden. Pure.

A curve counts first acts until the end of a step, of those who are followed. Results count acts of cases
whose 12 months are over, and a comparison reports since its landmark. Their differences are counts too, also
over several groups and from one release to a later one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product

from engine.domain.outcomes.comparisons import ComparedBy, Comparison, Comparisons
from engine.domain.outcomes.follow_up import Measure
from engine.domain.outcomes.observed import ObservedCase, Standing
from engine.domain.outcomes.releases import (
    EVERYONE,
    NOT_TESTED,
    Curve,
    Group,
    GroupFigures,
    Refusal,
    Release,
    SmallCount,
)
from engine.outcomes.releases import curve_parts as parts
from engine.outcomes.releases.attacking import Attack, Bools, Fact, Known, Target
from engine.outcomes.releases.facts import facts_of
from engine.outcomes.releases.micro_tables import GRID_MONTHS, RECORDED_CURVE, REPORTED_CURVE, Frame, Ints
from engine.outcomes.releases.protecting import LEAKS, label
from engine.outcomes.statistics.risk_table import COMPETING, EVENT, LEFT
from engine.outcomes.suppression.attacking import OutOfTimeError

_DIMENSIONS = {
    ComparedBy.PERIOD: "period",
    ComparedBy.BOROUGH: "borough",
    ComparedBy.TYPOLOGY: "typology",
}
_OTHERS = (COMPETING, LEFT)
_OUTCOMES = [
    (parts.part(ending, result, step),)
    for ending, result, step in product((EVENT, COMPETING), parts.RESULTS, range(parts.STEPS))
]
_SUMS = [
    *(parts.parts([ending], step, step + 1) for ending, step in product(parts.ENDINGS, range(parts.STEPS))),
    (parts.STILL,),
    parts.NOT_FOLLOWED,
]
"""The finest counts that a curve has, and the decided cases that are on none."""


@dataclass(frozen=True)
class Before:
    """An earlier release, the counts that it hid, and today's cases as they were known then."""

    release: Release
    small: tuple[SmallCount, ...]
    cases: Sequence[ObservedCase]


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
        """True for a count of a curve or a comparison of this release."""
        return self.curve is not None or self.comparison is not None

    def hidden_first(self, followed: Mapping[Group, int]) -> tuple[int, int]:
        """Return its place: curves of groups, comparisons, the curve of everyone; each small before large."""
        if self.curve is not None:
            return (2 if self.curve == EVERYONE else 0), followed[self.curve]
        return 1, self.comparison.with_it.cases if self.comparison is not None else 0


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

    def curve(self, figures: GroupFigures | None, as_of: date | None = None) -> Curve | None:
        """Return a group's curve, if it is of this date."""
        if figures is None:
            return None
        curve = figures.reported if self.measure is Measure.REPORTED else figures.recorded
        return curve if curve is not None and as_of in (None, curve.as_of) else None


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
    earlier: Sequence[Before] = (),
) -> ProtectedCurves:
    """Return both without the comparisons and curves that would show a small count or change together.

    Curves of a group are withheld before comparisons, small ones before large, and the curve of everyone
    last. What there is no time to attack is withheld. Of what is withheld an ``earlier`` figure is repeated.
    """
    left, compared = tuple(groups), tuple(comparisons)
    refusals: list[Refusal] = []
    for beside in _CURVES:
        work = _System(beside, left, compared, cases, frame, earlier, as_of, limit, width, seconds_left)
        hidden = work.to_hide()
        left, compared = _without(left, compared, [each.shown for each in hidden], beside, earlier)
        refusals += [beside.refusal(each.shown, each.reason, each.chain) for each in hidden]
    return ProtectedCurves(left, compared, tuple(refusals))


@dataclass(frozen=True)
class _Hidden:
    """A count of a curve or comparison that is withheld, and the figures that would have revealed a count."""

    shown: _Shown
    reason: str
    chain: tuple[str, ...] = ()


@dataclass(frozen=True)
class _System:
    beside: _Beside
    groups: Sequence[GroupFigures]
    comparisons: Sequence[Comparisons]
    cases: Sequence[ObservedCase]
    frame: Frame
    earlier: Sequence[Before]
    as_of: date
    limit: int
    width: int
    seconds_left: Callable[[], float]

    def to_hide(self) -> list[_Hidden]:
        """Return each curve and comparison that is withheld, once, and why."""
        measure = self.beside.measure
        counts = parts.counts_of(self.cases, self.frame, measure, self.as_of)
        shown = list(self._shown(counts))
        if not any(each.can_be_hidden for each in shown):
            return []
        followed = {
            each.group: curve.followed
            for each in self.groups
            if (curve := self.beside.curve(each, self.as_of)) is not None
        }
        facts = self._facts()
        sums = sorted({*_SUMS, *(each.known.parts for each in shown if each.label is not None)})
        targets = [*self._small(counts, sums), *self._hidden_before(), *self._changes(counts, sums)]
        hidden: list[_Hidden] = []
        while targets:
            attack = Attack(
                [each.known for each in shown],
                targets,
                parts=parts.PARTS,
                releases=len(self.earlier) + 1,
                combinations=len(counts),
                facts=facts,
                seconds_left=self.seconds_left,
            )
            still: list[Target] = []
            found: list[_Hidden] = []
            try:
                for exposed in attack.exposed(self.width, self.limit):
                    chain = [shown[place] for place in exposed.because if shown[place].can_be_hidden]
                    if not chain:
                        continue  # results or earlier releases show it
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

    def _shown(self, counts: Ints) -> Iterator[_Shown]:
        for place, each in enumerate(self.earlier):
            yield from self._of_release(place, each.release.groups, each.release.comparisons)
        now = len(self.earlier)
        everyone = self.frame.members(EVERYONE)
        in_custody = int(counts[:, parts.IN_CUSTODY].sum())
        yield _Shown(Known(now, everyone, parts.IN_CUSTODY, in_custody, None), None)
        yield from self._of_release(now, self.groups, self.comparisons)

    def _facts(self) -> list[Fact]:
        measure = self.beside.measure
        days = [*(each.release.as_of for each in self.earlier), self.as_of]
        everyone = self.frame.members(EVERYONE)
        never = [Fact(everyone, ((place, parts.never(measure)),)) for place in range(len(days))]
        return [*never, *facts_of(days, self.frame, parts.known_of(measure), measure)]

    def _members(self) -> dict[Group, Bools]:
        return {group: self.frame.members(group) for group in self.frame.groups()}

    def _small(self, counts: Ints, sums: Collection[parts.Parts]) -> Iterator[Target]:
        for members in self._members().values():
            of = counts[members].sum(axis=0)
            for each in (*_OUTCOMES, *sums):
                if 0 < (count := int(of[list(each)].sum())) < self.limit:
                    yield Target(len(self.earlier), members, each, count)

    def _hidden_before(self) -> Iterator[Target]:
        members = self._members()
        for place, release in enumerate(self.earlier):
            for each in release.small:
                if each.table == self.beside.table and each.group in members:
                    yield Target(place, members[each.group], parts.named(each.part), None)

    def _changes(self, counts: Ints, sums: Collection[parts.Parts]) -> Iterator[Target]:
        """Yield how much each sum of any group changed since an earlier release, where it is not much."""
        sums = [each for each in sums if parts.only_come(each)]
        for place, release in enumerate(self.earlier):
            then = parts.counts_of(release.cases, self.frame, self.beside.measure, release.release.as_of)
            for members in self._members().values():
                changed = (counts[members] - then[members]).sum(axis=0)
                for each in sums:
                    if abs(change := int(changed[list(each)].sum())) < self.limit:
                        yield Target(len(self.earlier), members, each, change, since=place)

    def _of_release(
        self, place: int, groups: Sequence[GroupFigures], comparisons: Sequence[Comparisons]
    ) -> Iterator[_Shown]:
        """Yield the counts of this date that a release shows. Only those of the new one can be withheld."""
        is_new = place == len(self.earlier)
        as_of = self.as_of if is_new else self.earlier[place].release.as_of
        then = None if is_new else place
        for each in groups:
            members = self.frame.members(each.group)
            if not members.any():
                continue  # of a code that is gone
            if each.as_of == as_of:
                named = label(each.group, "decided cases", then)
                yield _Shown(Known(place, members, parts.ALL, each.cases, None), named)
            results = each.of(self.beside.measure)
            if results is not None and results.as_of == as_of:
                named = label(each.group, f"{self.beside.measure.value} in 12 months", then)
                further = parts.parts_with(parts.FURTHER)
                yield _Shown(Known(place, members, further, results.further, None), named)
                for one in results.parts:
                    if one.joins == (Standing.NOT_YET_KNOWN.value,):
                        named = label(each.group, f"{self.beside.measure.value}, {one.label}", then)
                        open_ = parts.parts_with(parts.OPEN)
                        yield _Shown(Known(place, members, open_, one.count, None), named)
            curve = self.beside.curve(each, as_of)
            if curve is not None:
                for what, of, count in _of_curve(curve, self.beside):
                    named = label(each.group, f"{self.beside.table}, {what}", then)
                    known = Known(place, members, of, count, None)
                    yield _Shown(known, named, curve=each.group if is_new else None)
        if self.beside.measure is Measure.REPORTED:
            for one_by in (one for many in comparisons for one in many.shown if one.as_of == as_of):
                for known, named in _of_comparison(one_by, place, self.frame):
                    yield _Shown(known, named, comparison=one_by if is_new else None)


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
    earlier: Sequence[Before],
) -> tuple[tuple[GroupFigures, ...], tuple[Comparisons, ...]]:
    """Return both with earlier figures, or none, in place of those that are withheld."""
    curves = {each.curve for each in hidden if each.curve is not None}
    compared = {id(each.comparison) for each in hidden if each.comparison is not None}
    newest = [each.release for each in reversed(earlier)]

    def last_curve(group: Group) -> Curve | None:
        return next((found for each in newest if (found := beside.curve(each.of(group)))), None)

    return (
        tuple(
            each.model_copy(update={beside.field: last_curve(each.group)}) if each.group in curves else each
            for each in groups
        ),
        tuple(_without_compared(each, compared, newest) for each in comparisons),
    )


def _without_compared(comparisons: Comparisons, hidden: set[int], newest: Sequence[Release]) -> Comparisons:
    def last(of: Comparison) -> Comparison | None:
        every = (one for release in newest for many in release.comparisons for one in many.shown)
        key = (of.by, of.level, of.landmark_days, of.horizon_days)
        return next(
            (one for one in every if (one.by, one.level, one.landmark_days, one.horizon_days) == key), None
        )

    found = [last(each) if id(each) in hidden else each for each in comparisons.shown]
    left = tuple(each for each in found if each is not None)
    gone = len(comparisons.shown) - len(left)
    return comparisons.model_copy(update={"shown": left, "hidden": comparisons.hidden + gone})


def _of_curve(curve: Curve, beside: _Beside) -> Iterator[tuple[str, parts.Parts, int]]:
    """Yield each count of a curve: how a refusal names it, the parts that it is of, and the count."""
    begin = 0
    for step in curve.steps:
        end = GRID_MONTHS.index(step.until_month) + 1
        until = f"step to month {step.until_month}"
        yield f"{until}, first acts", parts.parts([EVENT], begin, end), step.events
        if beside.is_competing_shown:
            yield f"{until}, in custody first", parts.parts([COMPETING], begin, end), step.competing
            yield f"{until}, left", parts.parts([LEFT], begin, end), step.left
        else:
            yield f"{until}, left", parts.parts(_OTHERS, begin, end), step.competing + step.left
        begin = end
    yield "followed after its last step", parts.parts_after(begin), curve.still


def _of_comparison(each: Comparison, place: int, frame: Frame) -> Iterator[tuple[Known, str]]:
    """Yield what a comparison shows. Those by order are over cases whose orders were read: another sum."""
    if each.by is ComparedBy.ORDER:
        return
    begin = parts.ENDS.index(each.landmark_days) + 1
    end = parts.ENDS.index(each.landmark_days + each.horizon_days + 1) + 1
    reports, followed = parts.parts([EVENT], begin, end), parts.parts_after(begin)
    named = f"comparison by {each.by.value}, {each.level}"
    for side, members, events, number in _sides(each, frame, frame.members(EVERYONE)):
        yield Known(place, members, reports, events, None), f"{named}: reports {side}"
        yield Known(place, members, followed, number, None), f"{named}: cases {side}"


def _sides(each: Comparison, frame: Frame, everyone: Bools) -> Iterator[tuple[str, Bools, int, int]]:
    """Yield whom a comparison counts, their reports since the landmark, and how many were followed then."""
    one, other = each.with_it, each.without
    if each.by in _DIMENSIONS:
        inside = frame.members(Group(**{_DIMENSIONS[each.by]: each.level}))
        yield "with it", inside, one.events, one.cases
        yield "without it", everyone & ~inside, other.events, other.cases
    else:
        yield "on both sides", everyone, one.events + other.events, one.cases + other.cases
