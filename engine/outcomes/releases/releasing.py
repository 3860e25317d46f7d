"""A release from cases: shares, rates, how soon, and curves of merged steps, of what goes out only. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from hashlib import sha256

from engine.domain.outcomes.comparisons import ComparedBy, Comparisons
from engine.domain.outcomes.follow_up import Measure
from engine.domain.outcomes.observed import ObservedCase, Standing
from engine.domain.outcomes.releases import (
    EVERYONE,
    Curve,
    Group,
    GroupFigures,
    MeasureFigures,
    Part,
    RegisteredRelease,
    Release,
)
from engine.instruments.recording import changes_crossed, crossing_in_words, recording_changes
from engine.outcomes.comparing import compare
from engine.outcomes.observed.as_known import cases_known_on
from engine.outcomes.observed.clustering import clustered_share
from engine.outcomes.observed.windows import WINDOW_DAYS, acts_observed, acts_within, standing
from engine.outcomes.releases.beside_curves import Before, protect_curves
from engine.outcomes.releases.blocks import Block, Cell, steps_as_cells
from engine.outcomes.releases.funnel import decided_numbers, funnel_of
from engine.outcomes.releases.merged_steps import curve_of
from engine.outcomes.releases.micro_tables import (
    CASES,
    COMPETING,
    EVENT,
    LEFT,
    RECORDED_CURVE,
    REPORTED_CURVE,
    Frame,
    against_table,
    frame_of,
    group_of,
    micro_tables,
    severity_table,
    standing_table,
)
from engine.outcomes.releases.protecting import History, Protected, protect, small_counts
from engine.outcomes.releases.rates import hide_rates_that_reveal, how_often
from engine.outcomes.releases.work_releasing import WorkRead, make_work_figures

EARLIER_READ = 4
"""The releases of a year: those that a new one is attacked together with, and the ones that they repeat."""

_COUNTED = (Standing.FURTHER, Standing.NONE_FOUND)


def make_release(
    cases: Sequence[ObservedCase],
    *,
    as_of: date,
    made_at: datetime,
    by: str,
    earlier: Sequence[RegisteredRelease],
    work: WorkRead | None,
    limit: int,
    width: int,
    is_invented: bool,
    seconds_left: Callable[[], float],
) -> RegisteredRelease:
    """Return a release of the cases decided by a date, what was withheld from it and why, and its digest.

    ``work`` is what the figures of the work are counted from; without it there are none.
    """
    decided = [case for case in cases if case.anchor <= as_of]
    frame = frame_of(decided)
    tables = micro_tables(decided, frame, today=as_of)
    alike = [each for each in earlier if each.release.is_invented == is_invented]
    registered = _still_read(alike)
    newest = [each.release for each in registered]
    before = [
        Before(each.release, each.small, cases_known_on(decided, each.release.as_of)) for each in registered
    ]
    protected = protect(
        tables,
        frame,
        as_of=as_of,
        limit=limit,
        width=width,
        history=_history(before, frame, alike),
        seconds_left=seconds_left,
    )
    figures = _Figures(decided, frame, protected, newest, as_of, limit)
    shown = figures.groups()
    beside = protect_curves(
        shown,
        _comparisons(decided, shown, newest, as_of, limit),
        decided,
        frame,
        as_of=as_of,
        limit=limit,
        width=width,
        seconds_left=seconds_left,
        earlier=before,
    )
    groups = beside.groups
    anchors = [case.anchor for case in decided]
    funnel = funnel_of(
        groups,
        None if work is None or is_invented else work.by_stage(),
        before=[stage for each in newest for stage in each.funnel],
        limit=limit,
    )
    made = (
        None
        if work is None
        else make_work_figures(
            work,
            as_of=as_of,
            earlier=_still_read(earlier),
            funnel=funnel,
            decided=() if is_invented else decided_numbers(groups),
            limit=limit,
            width=width,
            seconds_left=seconds_left,
        )
    )
    release = Release(
        as_of=as_of,
        made_at=made_at,
        limit=limit,
        width=width,
        is_invented=is_invented,
        decided_from=date(min(anchors).year, 1, 1) if protected.blocks else None,  # not the date of one case
        decided_until=as_of,
        dimensions=tuple(
            each.model_copy(
                update={"codes": tuple(code for code in each.codes if _is_shown(each.name, code, groups))}
            )
            for each in frame.dimensions
        ),
        groups=groups,
        comparisons=beside.comparisons,
        notes=(_recording_rules(min(anchors, default=None), as_of),),
        recording_changes=recording_changes(),
        funnel=funnel,
        work=None if made is None else made.figures,
    )
    return RegisteredRelease(
        by=by,
        digest=sha256(release.model_dump_json().encode()).hexdigest(),
        release=release,
        refusals=(*protected.refusals, *beside.refusals, *(made.refusals if made else ())),
        small=(*small_counts(tables, frame, limit), *(made.small if made else ())),
    )


def _still_read(earlier: Sequence[RegisteredRelease]) -> list[RegisteredRelease]:
    """Return the newest releases, and older ones whose figures they repeat, the oldest first."""
    in_order = sorted(earlier, key=lambda each: each.release.as_of)
    dates: set[date] = set()
    for each in in_order[-EARLIER_READ:]:
        dates.add(each.release.as_of)
        for figures in each.release.groups:
            dates |= {figures.as_of, *(one.as_of for one in figures.measures)}
            dates |= {one.as_of for one in (figures.reported, figures.recorded) if one is not None}
        dates |= {one.as_of for comparisons in each.release.comparisons for one in comparisons.shown}
        if each.release.work is not None:
            dates |= each.release.work.dates()
    return [each for each in in_order if each.release.as_of in dates]


def _history(before: Sequence[Before], frame: Frame, made: Sequence[RegisteredRelease]) -> History:
    return History(
        releases=tuple(tuple(blocks_of(each.release)) for each in before),
        small=tuple(each.small for each in before),
        days=tuple(each.release.as_of for each in before),
        recounted=tuple(micro_tables(each.cases, frame, today=each.release.as_of) for each in before),
        all_blocks=tuple(block for each in made for block in blocks_of(each.release)),
    )


def _comparisons(
    cases: Sequence[ObservedCase],
    groups: Sequence[GroupFigures],
    earlier: Sequence[Release],
    as_of: date,
    limit: int,
) -> tuple[Comparisons, ...]:
    """Return the comparisons, where the figures of everyone go out."""
    if not any(each.group == EVERYONE for each in groups):
        return ()
    before = [one for release in earlier for each in release.comparisons for one in each.shown]
    return tuple(compare(cases, by, as_of=as_of, limit=limit, before=before) for by in ComparedBy)


def _recording_rules(first: date | None, last: date) -> str:
    """Return the changes of recording rules that the cases cross, or that they cross none."""
    crossed = crossing_in_words(changes_crossed(first, last))
    if crossed:
        return f"{crossed[0].upper()}{crossed[1:]}."
    months = " and ".join(f"{each.when.earliest:%B %Y}" for each in recording_changes())
    return f"Recording rules of the police changed in {months}, before the first case here."


def blocks_of(release: Release) -> list[Block]:
    """Return what was new in a release, as blocks: what an attacker has of it."""
    blocks = []
    for figures in release.groups:
        group = figures.group
        if figures.as_of == release.as_of:
            blocks.append(Block(group, CASES, (Cell(CASES, (CASES,), figures.cases),)))
        for measure in figures.measures:
            if measure.as_of != release.as_of:
                continue
            named = (
                (standing_table, measure.parts),
                (against_table, measure.against),
                (severity_table, measure.severity),
            )
            for name, parts in named:
                if parts:
                    cells = tuple(Cell(part.label, part.joins, part.count) for part in parts)
                    blocks.append(Block(group, name(measure.measure), cells))
        for table, curve in ((REPORTED_CURVE, figures.reported), (RECORDED_CURVE, figures.recorded)):
            if curve is not None and curve.as_of == release.as_of:
                blocks.append(Block(group, table, _cells_of_curve(table, curve)))
    return blocks


def _cells_of_curve(table: str, curve: Curve) -> tuple[Cell, ...]:
    steps = [
        (step.until_month, {EVENT: step.events, COMPETING: step.competing, LEFT: step.left})
        for step in curve.steps
    ]
    return steps_as_cells(table, steps, still=curve.still)


class _Figures:
    """Makes the figures of every group from the blocks that go out, and repeats earlier ones."""

    def __init__(
        self,
        cases: Sequence[ObservedCase],
        frame: Frame,
        protected: Protected,
        earlier: Sequence[Release],
        as_of: date,
        limit: int,
    ) -> None:
        self._frame, self._protected, self._earlier = frame, protected, earlier
        self._as_of, self._limit = as_of, limit
        self._of: dict[tuple[str, str, str], list[ObservedCase]] = {}
        for case in cases:
            self._of.setdefault(group_of(case), []).append(case)

    def groups(self) -> tuple[GroupFigures, ...]:
        """Return the published figures of each group that has any."""
        found = []
        for group in self._frame.groups():
            block = self._protected.blocks.get((CASES, group))
            last = self._last(group)
            if block is None and last is None:
                continue
            found.append(
                GroupFigures(
                    group=group,
                    cases=block.cases if block else last.cases if last else 0,
                    as_of=self._as_of if block or last is None else last.as_of,
                    measures=tuple(
                        figures for measure in Measure if (figures := self._measure(group, measure))
                    ),
                    reported=self._curve(group, REPORTED_CURVE),
                    recorded=self._curve(group, RECORDED_CURVE),
                )
            )
        return hide_rates_that_reveal(
            found, {measure: self._acts(measure) for measure in Measure}, self._limit
        )

    def _last(self, group: Group) -> GroupFigures | None:
        return next((found for each in reversed(self._earlier) if (found := each.of(group))), None)

    def _block(self, table: str, group: Group) -> Block | None:
        return self._protected.blocks.get((table, group))

    def _members(self, group: Group) -> list[ObservedCase]:
        wanted = (group.period, group.borough, group.typology)
        return [
            case
            for codes, cases in self._of.items()
            if all(code in (None, here) for code, here in zip(wanted, codes, strict=True))
            for case in cases
        ]

    def _measure(self, group: Group, measure: Measure) -> MeasureFigures | None:
        block = self._block(standing_table(measure), group)
        if block is None:
            last = self._last(group)
            return last.of(measure) if last else None
        members = self._members(group)
        results = [(case, standing(case, measure, WINDOW_DAYS, self._as_of)) for case in members]
        counted = [(case, result is Standing.FURTHER) for case, result in results if result in _COUNTED]
        share = clustered_share([had for _, had in counted], [case.person for case, _ in counted])
        further = [case for case, had in counted if had]
        return MeasureFigures(
            measure=measure,
            as_of=self._as_of,
            parts=_parts(block),
            further=len(further),
            counted=len(counted),
            share=round(len(further) / len(counted), 4),
            low=round(share.low or 0.0, 2),
            high=round(share.high if share.high is not None else 1.0, 2),
            often=how_often([case for case, _ in counted], measure, self._limit),
            half_within_weeks=self._half_within(further, measure),
            against=_parts_or_none(self._block(against_table(measure), group)),
            severity=_parts_or_none(self._block(severity_table(measure), group)),
        )

    def _acts(self, measure: Measure) -> dict[tuple[str, str, str], list[int]]:
        return {
            codes: [
                len(acts_observed(case, measure, WINDOW_DAYS))
                for case in cases
                if standing(case, measure, WINDOW_DAYS, self._as_of) in _COUNTED
            ]
            for codes, cases in self._of.items()
        }

    def _half_within(self, further: Sequence[ObservedCase], measure: Measure) -> int | None:
        """Return the week by whose end half had a first act; at least the limit are on either side."""
        if len(further) < 2 * self._limit:
            return None
        firsts = sorted(acts_within(case, measure, WINDOW_DAYS)[0].day for case in further)
        return firsts[(len(firsts) - 1) // 2] // 7 + 1

    def _curve(self, group: Group, table: str) -> Curve | None:
        block = self._block(table, group)
        if block is None:
            last = self._last(group)
            return None if last is None else last.reported if table == REPORTED_CURVE else last.recorded
        return curve_of(block, self._as_of)


def _parts(block: Block) -> tuple[Part, ...]:
    return tuple(Part(label=cell.label, count=cell.count, joins=cell.parts) for cell in block.cells)


def _parts_or_none(block: Block | None) -> tuple[Part, ...] | None:
    return None if block is None else _parts(block)


def _is_shown(dimension: str, code: str, groups: Sequence[GroupFigures]) -> bool:
    """Return whether any figure of a code is published, so that the list of codes shows no small group."""
    return any(getattr(each.group, dimension) == code for each in groups)
