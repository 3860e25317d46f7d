"""Releases: what goes out, what is hidden, what stays, and what a reader of all of them can work out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import cache

import pytest

from engine.domain.outcomes.follow_up import Measure
from engine.domain.outcomes.observed import ObservedCase
from engine.domain.outcomes.releases import EVERYONE, Group, RegisteredRelease, Release
from engine.outcomes.releases.blocks import Block, Cell, changes_are_small
from engine.outcomes.releases.micro_tables import frame_of, micro_tables
from engine.outcomes.releases.releasing import blocks_of, make_release
from engine.services.outcomes.releases import next_quarter_end
from engine.synthetic.observed_cases import invented_observed_cases
from tests.engine.outcomes.releases.attackers import Figure, Reader, published_in

SINCE = date(2024, 7, 1)
QUARTERS = (date(2025, 12, 31), date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30))


def cases_by(day: date) -> list[ObservedCase]:
    """Cases of few codes, so that a release is made in a second."""
    cases = invented_observed_cases(seed=7, since=SINCE, until=day, in_a_quarter=70)
    return [
        case
        for case in cases
        if case.borough in ("Northmere", "Southbrook", "Ravensworth")
        and case.typology in ("rejected", "resentful", "predatory")
    ]


def registered(
    cases: list[ObservedCase],
    day: date,
    *earlier: RegisteredRelease,
    seconds: float = 600,
    invented: bool = True,
) -> RegisteredRelease:
    return make_release(
        cases,
        as_of=day,
        made_at=datetime(2026, 10, 1, tzinfo=UTC),
        by="max",
        earlier=earlier,
        work=None,
        limit=10,
        width=10,
        is_invented=invented,
        seconds_left=lambda: seconds,
    )


def released(cases: list[ObservedCase], day: date, seconds: float = 600) -> Release:
    return registered(cases, day, seconds=seconds).release


def last_days_of_quarters(number: int) -> list[date]:
    days = [QUARTERS[0]]
    while len(days) < number:
        days.append(next_quarter_end(days[-1]))
    return days


@cache
def releases(number: int = 2) -> tuple[Release, ...]:
    """The first releases of a year."""
    made: list[RegisteredRelease] = []
    for day in QUARTERS[:number]:
        made.append(registered(cases_by(day), day, *made))
    return tuple(each.release for each in made)


def true_counts(release: int) -> dict[tuple[Group, str, str], int]:
    """Every count of every group that a reader could ask for, as it is."""
    cases = cases_by(QUARTERS[release])
    frame = frame_of(cases)
    found = {}
    for table in micro_tables(cases, frame, today=QUARTERS[release]).values():
        if not table.name.startswith("curve"):
            for group in frame.groups():
                for part, count in table.of(frame.members(group)).items():
                    found[group, table.name.replace(",", ""), part] = count
    return found


def codes(number: int) -> list[tuple[str, ...]]:
    return [each.codes for each in frame_of(cases_by(QUARTERS[number - 1])).dimensions]


def hidden_and_small(shown: Sequence[Sequence[Figure]]) -> list[tuple[int, Group, str, str, int]]:
    found = []
    for release, figures in enumerate(shown):
        published = {(group, table, parts[0]) for group, table, parts, _ in figures if len(parts) == 1}
        for (group, table, part), count in true_counts(release).items():
            if (
                0 < count < 10
                and (group, table, part) not in published
                and part not in ("not yet known", "not checked")
            ):
                found.append((release, group, table, part, count))
    return found


def attacked(number: int, *, every: int) -> None:
    """A reader of the first releases works out no small count more closely than is allowed."""
    shown = [list(published_in(release)) for release in releases(number)]
    reader = Reader(shown, codes(number))
    targets = hidden_and_small(shown)
    assert len(targets) > 100
    for target in targets[::every]:
        release, group, table, part, count = target
        low, high = reader.range_of(release, group, table, part)
        assert low - 1e-6 <= count <= high + 1e-6
        assert high - low >= 10 - 1e-6, target


def test_a_reader_of_two_releases_works_out_no_small_count() -> None:
    attacked(2, every=37)


@pytest.mark.full
def test_a_reader_of_a_year_of_releases_works_out_no_small_count() -> None:
    attacked(4, every=97)


def test_the_same_reader_works_out_small_counts_where_only_small_cells_are_hidden() -> None:
    cases = cases_by(QUARTERS[0])
    frame = frame_of(cases)
    shown: list[Figure] = []
    for table in micro_tables(cases, frame, today=QUARTERS[0]).values():
        for group in frame.groups():
            if group.depth < 2 and not table.name.startswith("curve"):
                counts = table.of(frame.members(group))
                shown += [
                    (group, table.name.replace(",", ""), (part,), count)
                    for part, count in counts.items()
                    if count == 0 or count >= 10
                ]
    reader = Reader([shown], [each.codes for each in frame.dimensions])
    worked_out = 0
    for release, group, name, part, count in hidden_and_small([shown]):
        if group.depth == 1:
            low, high = reader.range_of(release, group, name, part)
            worked_out += round(low) == round(high) == count
    assert worked_out > 0


def test_no_published_count_is_under_the_limit() -> None:
    for release in releases():
        for block in blocks_of(release):
            for cell in block.cells:
                assert cell.count == 0 or cell.count >= 10, (block.group, block.table, cell)


def test_figures_of_everyone_are_the_exact_ones() -> None:
    cases = cases_by(QUARTERS[1])
    figures = released(cases, QUARTERS[1]).of(EVERYONE)
    assert figures is not None
    assert figures.cases == len(cases)
    reported = figures.of(Measure.REPORTED)
    assert reported is not None
    tables = micro_tables(cases, frame_of(cases), today=QUARTERS[1])
    exact = tables["standing, reported further stalking"].counts.sum(axis=0)
    assert reported.further == exact[0]
    assert sum(part.count for part in reported.parts) == len(cases)


def test_a_figure_that_changed_by_few_cases_is_repeated_with_its_date() -> None:
    earlier = registered(cases_by(QUARTERS[1]), QUARTERS[1])
    later = registered(cases_by(QUARTERS[2]), QUARTERS[2], earlier)
    first, second = earlier.release, later.release
    pairs = [
        (then, now)
        for figures in second.groups
        for now in figures.measures
        if (before := first.of(figures.group)) and (then := before.of(now.measure))
    ]
    assert pairs
    for then, now in pairs:
        if now.as_of == QUARTERS[1]:
            assert now == then
        else:
            difference = abs(now.further - then.further)
            assert difference == 0 or difference >= 10


def test_a_figure_that_is_repeated_for_more_than_a_year_is_still_not_followed_by_a_small_difference() -> None:
    every = [case for case in cases_by(QUARTERS[0]) if case.borough == "Northmere"]
    made: list[RegisteredRelease] = []
    for number, day in enumerate(last_days_of_quarters(8)):
        made.append(registered(every[: 60 + number], day, *made))
    shown = [figures.cases for each in made if (figures := each.release.of(EVERYONE)) is not None]
    assert shown == [60] * 8


def test_figures_of_invented_cases_are_not_repeated_as_those_of_a_record() -> None:
    day, next_day = last_days_of_quarters(2)
    cases = cases_by(QUARTERS[0])
    invented = registered(cases, day)
    real = registered(cases[:3], next_day, invented, invented=False)
    assert invented.release.groups
    assert real.release.groups == ()


def test_a_release_does_not_show_the_day_of_the_first_decision() -> None:
    first = releases()[0]
    assert first.decided_from == date(2024, 1, 1) < min(case.anchor for case in cases_by(QUARTERS[0]))


def test_what_is_not_tested_in_time_is_hidden() -> None:
    release = released(cases_by(QUARTERS[0]), QUARTERS[0], seconds=0.0)
    assert release.groups == ()


def test_the_same_cases_give_the_same_bytes() -> None:
    cases = cases_by(QUARTERS[0])[:60]
    assert released(cases, QUARTERS[0]).model_dump_json() == released(cases, QUARTERS[0]).model_dump_json()


def test_no_cases_give_an_empty_release() -> None:
    release = released([], QUARTERS[0])
    assert (release.groups, release.funnel, release.decided_from) == ((), (), None)


@pytest.mark.parametrize(
    ("before", "after", "small"),
    [((30, 40), (30, 40), True), ((30, 40), (33, 40), True), ((30, 40), (41, 40), False)],
)
def test_a_difference_to_an_earlier_release_is_none_or_large(
    before: tuple[int, int], after: tuple[int, int], small: bool
) -> None:
    def block(counts: tuple[int, int]) -> Block:
        return Block(Group(), "t", (Cell("a", ("a",), counts[0]), Cell("b", ("b", "c"), counts[1])))

    assert changes_are_small(block(before), block(after), 10) is small


def test_the_register_has_why_a_curve_is_not_beside_the_results() -> None:
    found = registered(cases_by(QUARTERS[2]), QUARTERS[2])
    group = Group(borough="Northmere")
    shown = found.release.of(group)
    assert shown is not None
    assert shown.reported is None
    beside = [each for each in found.refusals if "in 12 months" in " ".join(each.chain)]
    assert [(each.group, each.table) for each in beside] == [
        (group, "curve of reports"),
        (Group(period="2024"), "curve of recorded crime"),
    ]
