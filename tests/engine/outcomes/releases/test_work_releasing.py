"""Figures of the work in releases: what goes out, what a reader works out, and what is repeated."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import product

import numpy as np
import pytest
from scipy.optimize import linprog

from engine.domain.orders.stages import ORDERS, REACHED_WITH_BREACHES
from engine.domain.outcomes.agreement import Rating
from engine.domain.outcomes.described import Characteristic
from engine.domain.outcomes.releases import RegisteredRelease, Release
from engine.domain.outcomes.tables import FigureTable
from engine.domain.outcomes.work_figures import WorkFigures
from engine.outcomes.figure_tables import shown
from engine.outcomes.releases.work_counts import IN_CONFERENCE, STAGES, counts_of, sums_of
from engine.outcomes.releases.work_releasing import WorkRead, make_work_figures
from tests.engine.outcomes.releases.worked import a_centre

QUARTERS = tuple(date(2025, 1, 31) + timedelta(days=91 * number) for number in range(4))
SIZES = (240, 290, 296, 400)


def made(
    read: WorkRead, day: date, *earlier: RegisteredRelease, seconds: float = 600, decided: Iterable[int] = ()
) -> RegisteredRelease:
    found = make_work_figures(
        read,
        as_of=day,
        earlier=earlier,
        funnel=(),
        decided=tuple(decided),
        limit=10,
        width=10,
        seconds_left=lambda: seconds,
    )
    release = Release(
        as_of=day,
        made_at=datetime(day.year, day.month, day.day, 12, tzinfo=UTC),
        limit=10,
        width=10,
        decided_from=None,
        decided_until=None,
        dimensions=(),
        groups=(),
        work=found.figures,
    )
    return RegisteredRelease(by="max", digest="", release=release, refusals=found.refusals, small=found.small)


@cache
def a_year() -> tuple[RegisteredRelease, ...]:
    """Four releases of one centre."""
    found: list[RegisteredRelease] = []
    for size, day in zip(SIZES, QUARTERS, strict=True):
        found.append(made(a_centre(size), day, *found))
    return tuple(found)


def work_of(registered: RegisteredRelease) -> WorkFigures:
    assert registered.release.work is not None
    return registered.release.work


def table_of(registered: RegisteredRelease, name: str) -> FigureTable:
    found = work_of(registered).table(name)
    assert found is not None
    return found.table


class Reader:
    """Works out counts of one release, written apart from the product's own attack.

    Its unknown numbers are referrals by level of two characteristics, conference and advocate together: the
    whole cross, where the product has the two apart.
    """

    def __init__(self, tables: Sequence[FigureTable], pair: tuple[str, str]) -> None:
        self._tables = {table.name: table for table in tables}
        self._pair = pair
        levels = [self._levels(name) for name in pair]
        self._cells = list(product(*levels, ("yes", "no"), ("yes", "no")))
        rows: list[tuple[np.ndarray, int]] = []
        for name in pair:
            for table in (name, f"{name}_conference", f"{name}_advocate"):
                rows += self._rows(self._tables[table])
        for name, place, level in (
            ("process_conference", 2, "was in conference"),
            ("process_advocate", 3, "accepted"),
        ):
            for row in self._tables[name].rows:
                if row.count is not None and row.levels == (level,):
                    rows.append((np.array([cell[place] == "yes" for cell in self._cells], float), row.count))
        self._sums = np.array([row for row, _ in rows])
        self._counts = np.array([count for _, count in rows])

    def _levels(self, name: str) -> list[str]:
        found = [self._tables[name].rows]
        return list(
            dict.fromkeys(level for rows in found for row in rows for level in (row.joins or row.levels[:1]))
        )

    def _rows(self, table: FigureTable) -> list[tuple[np.ndarray, int]]:
        place = 0 if f"{table.name}_".startswith(f"{self._pair[0]}_") else 1
        answers = {
            "was in conference": (2, "yes"),
            "not in conference": (2, "no"),
            "accepted an advocate": (3, "yes"),
            "no acceptance recorded": (3, "no"),
        }
        found = []
        for row in table.rows:
            if row.count is None:
                continue
            joined = row.joins or row.levels[:1]
            at, answer = answers[row.levels[1]] if len(row.levels) > 1 else (2, None)
            inside = [cell[place] in joined and answer in (None, cell[at]) for cell in self._cells]
            found.append((np.array(inside, float), row.count))
        return found

    def range_of(self, level: str, answer: str | None, at: int, place: int) -> tuple[float, float]:
        """The smallest and largest that a count can be, where no description is none in both."""
        aim = np.array([cell[place] == level and answer in (None, cell[at]) for cell in self._cells], float)
        alike = ("no description recorded", "did not agree to be described")
        bounds = [
            (0, 0) if one != other and (one in alike or other in alike) else (0, None)
            for one, other, *_ in self._cells
        ]
        ends = []
        for sign in (1, -1):
            solved = linprog(sign * aim, A_eq=self._sums, b_eq=self._counts, bounds=bounds, method="highs")
            assert solved.status in (0, 3), solved.message
            ends.append(np.inf if solved.status == 3 else sign * solved.fun)
        return ends[0], ends[1]


def narrow(
    tables: Sequence[FigureTable], exact: Mapping[str, FigureTable], pair: tuple[str, str]
) -> list[str]:
    """The small counts of a characteristic that follow from its tables and those of another."""
    reader = Reader(tables, pair)
    answers = {"conference": (2, "was in conference"), "advocate": (3, "accepted an advocate")}
    found = []
    for measure, (at, yes) in answers.items():
        for row in exact[f"{pair[0]}_{measure}"].rows:
            if not 0 < (row.count or 0) < 10:
                continue
            low, high = reader.range_of(row.levels[0], "yes" if row.levels[1] == yes else "no", at, 0)
            assert low - 1e-6 <= (row.count or 0) <= high + 1e-6
            if high - low < 10 - 1e-6:
                found.append(f"{pair[0]}: {', '.join(row.levels)}")
    return found


def code(characteristic: Characteristic) -> str:
    return f"equity_{characteristic.value.replace(' ', '_')}"


PAIRS = ((Characteristic.DISABILITY, Characteristic.SEX), (Characteristic.AGE_BAND, Characteristic.SEX))
EVERY_PAIR = tuple((one, other) for one in Characteristic for other in Characteristic if one is not other)


def worked_out(
    tables: Sequence[FigureTable], read: WorkRead, pairs: Sequence[tuple[Characteristic, Characteristic]]
) -> list[str]:
    exact = {table.name: table for table in read.exact_tables()}
    shown_only = [table for table in tables if not table.is_hidden]
    names = {table.name for table in shown_only}
    found = []
    for one, other in pairs:
        if {code(one), code(other)} <= names:
            blank = [
                exact[name].model_copy(update={"rows": (), "whole": None})
                for name in exact
                if name not in names
            ]
            found += narrow([*shown_only, *blank], exact, (code(one), code(other)))
    return found


@pytest.mark.parametrize("size", [300, 700])
def test_a_reader_of_two_characteristics_works_out_no_small_count(size: int) -> None:
    read = a_centre(size)
    tables = [each.table for each in work_of(made(read, QUARTERS[0])).tables]
    assert worked_out(tables, read, PAIRS) == []


@pytest.mark.full
def test_a_reader_of_a_year_works_out_no_small_count_from_any_two_characteristics() -> None:
    for size, registered in zip(SIZES, a_year(), strict=True):
        new = [each.table for each in work_of(registered).tables if each.as_of == registered.release.as_of]
        assert worked_out(new, a_centre(size), EVERY_PAIR) == []


def test_the_same_reader_works_out_small_counts_where_each_table_hides_by_itself() -> None:
    read = a_centre(300)
    assert worked_out([shown(table) for table in read.exact_tables()], read, PAIRS) != []


def test_a_table_that_leaks_is_named_with_the_tables_that_give_it_away() -> None:
    refusals = made(a_centre(300), QUARTERS[0]).refusals
    leaking = next(each for each in refusals if each.table == "equity_disability_advocate")
    assert any(line.startswith("equity_sex_advocate: no description recorded") for line in leaking.chain)


def test_no_count_that_goes_out_is_under_the_limit() -> None:
    for registered in a_year():
        for each in work_of(registered).tables:
            assert not [row for row in each.table.rows if 0 < (row.count or 0) < 10], each.table.name


def test_orders_go_out_as_a_funnel_and_every_count_of_them_is_attacked() -> None:
    read = a_centre(700)
    exact = next(each for each in read.exact_tables() if each.name == ORDERS)
    small = [row.levels for row in exact.rows if 0 < (row.count or 0) < 10]
    assert small, "the draw has a stage of few orders"
    table = table_of(made(read, QUARTERS[0]), ORDERS)
    assert not table.is_hidden
    assert not [row for row in table.rows if row.levels in small]
    assert len(list(sums_of(table, counts_of(read.exact_tables())))) == len(table.rows) + 1
    reached = [table.sum_of({each.value for each in stages}) for stages in REACHED_WITH_BREACHES.values()]
    assert reached[0] == len(read.orders)
    assert {each for each in reached if each is not None} <= {
        exact.sum_of({each.value for each in stages}) for stages in REACHED_WITH_BREACHES.values()
    }


def test_fewer_referrals_than_the_limit_more_change_no_table() -> None:
    _, second, third, _ = a_year()
    shown_of = [
        [each for each in work_of(release).tables if not each.table.is_hidden] for release in (second, third)
    ]
    assert shown_of[0] == shown_of[1]
    assert {each.table.whole for each in work_of(third).tables if each.table.is_hidden} <= {None, 0}
    assert {each.as_of for each in shown_of[1]} <= {QUARTERS[0], QUARTERS[1]}


def test_no_count_of_the_same_cases_differs_by_few_from_an_earlier_release() -> None:
    shown_before: dict[tuple[str, tuple[str, ...]], set[int]] = {}
    for registered in a_year():
        for each in work_of(registered).tables:
            for row in each.table.rows:
                if row.count is not None:
                    before = shown_before.setdefault((each.table.name, row.levels), set())
                    assert not [count for count in before if 0 < abs(count - row.count) < 10], row
                    before.add(row.count)


def test_what_is_not_tested_in_time_is_hidden() -> None:
    registered = made(a_centre(240), QUARTERS[0], seconds=0.0)
    assert all(each.table.is_hidden for each in work_of(registered).tables)


def test_the_same_referrals_give_the_same_bytes() -> None:
    one, other = (made(a_centre(120), QUARTERS[0]).release.model_dump_json() for _ in range(2))
    assert one == other


def test_decided_referrals_beside_decided_cases_do_not_show_how_few_came_again() -> None:
    read = a_centre(300)
    decided = sum(case.has_dissent is not None for case in read.cases)
    far, near = (made(read, QUARTERS[0], decided=[decided - again]) for again in (20, 3))
    assert not table_of(far, "process_dissent").is_hidden
    assert table_of(near, "process_dissent").is_hidden


def test_base_rates_that_show_a_small_count_of_two_levels_are_hidden() -> None:
    read = a_centre(120)
    figure = work_of(made(read, QUARTERS[0])).agreement[0].figure
    assert (figure.cases, figure.kappa is None, figure.base_rates) == (120, False, ())
    many = work_of(made(a_centre(300), QUARTERS[0])).agreement[0].figure
    assert len(many.base_rates) == 6


def test_agreement_and_costs_that_changed_by_few_cases_are_repeated() -> None:
    read = a_centre(240)
    first = made(read, QUARTERS[0])
    more: list[Rating] = list(read.ratings)
    late = read.times[0].__class__("case 1", "voice", QUARTERS[1], 500, datetime(2025, 4, 1, tzinfo=UTC))
    changed = WorkRead(
        cases=read.cases,
        orders=read.orders,
        accounts=read.accounts,
        described=read.described,
        ratings=more[:-2],
        times=[*read.times, late],
        prices=read.prices,
        prices_version=2,
    )
    second = work_of(made(changed, QUARTERS[1], first))
    assert second.agreement == work_of(first).agreement
    assert second.costs == work_of(first).costs


def test_every_referral_has_one_stage() -> None:
    assert len(set(STAGES)) == len(STAGES)
    assert set(IN_CONFERENCE) < set(STAGES)
