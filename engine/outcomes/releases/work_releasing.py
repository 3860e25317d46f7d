"""The figures of the work, of victims' outcomes, equity, agreement and costs in a release. Pure.

A figure that differs from an earlier release by few cases is the earlier one. What is in no table (times,
agreement, costs) has the limit in each of its parts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
import numpy.typing as npt

from engine.domain.orders.stages import OrderCounted
from engine.domain.outcomes.agreement import AgreementFigure, Rating
from engine.domain.outcomes.described import Characteristic, DescriptionGiven
from engine.domain.outcomes.prices import PriceList
from engine.domain.outcomes.process import ProcessCase
from engine.domain.outcomes.releases import EVERYONE, Refusal, RegisteredRelease, SmallCount, Stage
from engine.domain.outcomes.tables import FigureTable, Spread
from engine.domain.outcomes.work_figures import (
    ReleasedAgreement,
    ReleasedCosts,
    ReleasedSpread,
    WorkFigures,
)
from engine.outcomes.agreement import agreement_figures, compared_table, viewed_by_both
from engine.outcomes.costs import TimeReported, changed_by_enough, cost_view
from engine.outcomes.equity_figures import equity_tables
from engine.outcomes.order_figures import after_service_table, orders_table
from engine.outcomes.process_figures import WITH_CONFERENCE, process_days, process_tables
from engine.outcomes.releases.blocks import Block, Cell, changes_are_small
from engine.outcomes.releases.funnel import CONFERENCE, RECEIVED, ReferralsByStage
from engine.outcomes.releases.funnel import SCREENED as SCREENED_STAGE
from engine.outcomes.releases.linear_attack import LinearAttack, Sums, rows_of
from engine.outcomes.releases.work_counts import IN_CONFERENCE, SCREENED, STAGES, TO_CONFERENCE, Sum
from engine.outcomes.releases.work_protecting import EarlierTables, protect_tables
from engine.outcomes.suppression.attacking import OutOfTimeError
from engine.outcomes.victims_figures import Accounts, victims_tables

_SUMS_OF_STAGES: Mapping[str, Sum] = {
    RECEIVED: STAGES,
    SCREENED_STAGE: SCREENED,
    CONFERENCE: TO_CONFERENCE,
}
_SUMS_OF_DAYS: Mapping[str, Sum] = {
    "days_to_screening": SCREENED,
    "days_to_conference": IN_CONFERENCE,
    "days_in_all": IN_CONFERENCE,
}
BASE_RATES_LEAK = "with the agreement of both they would show a count under the limit"


@dataclass(frozen=True)
class WorkRead:
    """Facts of all referrals, to count the figures of the work. Restricted cases are in none."""

    cases: Sequence[ProcessCase]
    orders: Sequence[OrderCounted]
    accounts: Mapping[str, Accounts]
    described: Mapping[str, DescriptionGiven]
    ratings: Sequence[Rating]
    times: Sequence[TimeReported]
    prices: PriceList | None
    prices_version: int | None

    def by_stage(self) -> ReferralsByStage:
        """Return the referrals at each stage before the panel's decision."""
        outcomes = [case.triage for case in self.cases]
        return ReferralsByStage(
            received=len(outcomes),
            screened=sum(each is not None for each in outcomes),
            to_conference=sum(each in WITH_CONFERENCE for each in outcomes),
        )

    def exact_tables(self) -> list[FigureTable]:
        """Return every table with every count: those that others depend on first."""
        return [
            *process_tables(self.cases),
            orders_table(self.orders),
            after_service_table(self.orders),
            *victims_tables([self.accounts.get(case.reference, {}) for case in self.cases]),
            *(
                table
                for characteristic in Characteristic
                for table in equity_tables(characteristic, self.cases, self.described)
            ),
        ]


@dataclass(frozen=True)
class WorkMade:
    """The figures as they go out, why others do not, and the small counts that are hidden."""

    figures: WorkFigures
    refusals: tuple[Refusal, ...]
    small: tuple[SmallCount, ...]


def make_work_figures(
    read: WorkRead,
    *,
    as_of: date,
    earlier: Sequence[RegisteredRelease],
    funnel: Sequence[Stage],
    decided: Collection[int],
    limit: int,
    width: int,
    seconds_left: Callable[[], float],
) -> WorkMade:
    """Return the figures of a release.

    ``funnel`` are stages that go out beside them, and ``decided`` published numbers of decided cases.
    """
    before = [each for each in earlier if each.release.work is not None or each.release.funnel]
    days = process_days(read.cases, limit)
    spreads = [_spread_beside(each, as_of, before, limit) for each in days]
    new_days = [each for each in spreads if each.as_of == as_of]
    protected = protect_tables(
        read.exact_tables(),
        as_of=as_of,
        earlier=[_earlier(each) for each in before],
        others=[*_stages(funnel), *_cases_of(new_days)],
        decided=decided,
        limit=limit,
        width=width,
        seconds_left=seconds_left,
    )
    agreement, refusals = _agreement(read.ratings, as_of, before, limit, width, seconds_left)
    return WorkMade(
        WorkFigures(
            tables=tuple(protected.tables),
            days=tuple(spreads),
            agreement=tuple(agreement),
            costs=_costs(read, as_of, before, limit),
        ),
        (*protected.refusals, *refusals),
        protected.small,
    )


def _earlier(registered: RegisteredRelease) -> EarlierTables:
    release = registered.release
    work = release.work or WorkFigures()
    new = [each for each in work.days if each.as_of == release.as_of]
    return EarlierTables(
        release.as_of, work.tables, (*_stages(release.funnel), *_cases_of(new)), registered.small
    )


def _stages(funnel: Iterable[Stage]) -> list[tuple[Sum, int]]:
    return [
        (_SUMS_OF_STAGES[stage.label], stage.count)
        for stage in funnel
        if stage.count is not None and stage.label in _SUMS_OF_STAGES
    ]


def _cases_of(days: Iterable[ReleasedSpread]) -> list[tuple[Sum, int]]:
    return [(_SUMS_OF_DAYS[each.days.name], each.days.cases) for each in days if each.days.cases is not None]


def _works(before: Sequence[RegisteredRelease]) -> list[WorkFigures]:
    """Return earlier figures, the newest first."""
    return [each.release.work for each in reversed(before) if each.release.work is not None]


def _spread_beside(
    days: Spread, as_of: date, before: Sequence[RegisteredRelease], limit: int
) -> ReleasedSpread:
    """Return a spread, or the earlier one where fewer cases than the limit came so far since."""
    found = [each for work in _works(before) for each in work.days if each.days.name == days.name]
    last = next((each for each in found if each.days.median is not None), None)
    if last is None:
        return ReleasedSpread(as_of=as_of, days=days)
    is_near = last.days.cases is None or days.cases is None or abs(days.cases - last.days.cases) < limit
    return last if is_near else ReleasedSpread(as_of=as_of, days=days)


def _agreement(
    ratings: Sequence[Rating],
    as_of: date,
    before: Sequence[RegisteredRelease],
    limit: int,
    width: int,
    seconds_left: Callable[[], float],
) -> tuple[list[ReleasedAgreement], list[Refusal]]:
    tables = {key: compared_table(pairs) for key, pairs in viewed_by_both(ratings)}
    released, refusals = [], []
    for figure in agreement_figures(ratings, limit):
        key = (figure.domain, figure.agencies)
        last = next(
            (
                each
                for work in _works(before)
                for each in work.agreement
                if (each.figure.domain, each.figure.agencies) == key and each.figure.kappa is not None
            ),
            None,
        )
        candidate = ReleasedAgreement(as_of=as_of, figure=figure)
        if last is not None and (
            figure.kappa is None or changes_are_small(_cells(last.figure), _cells(figure), limit)
        ):
            released.append(last)
            continue
        if figure.kappa is not None and not _is_safe(tables[key], limit, width, seconds_left):
            refusals.append(Refusal(group=EVERYONE, table="agreement, base rates", reason=BASE_RATES_LEAK))
            candidate = ReleasedAgreement(
                as_of=as_of, figure=figure.model_copy(update={"base_rates": (), "not_compared": None})
            )
        released.append(candidate)
    return released, refusals


def _cells(figure: AgreementFigure) -> Block:
    agreed, cases = figure.agreed or 0, figure.cases or 0
    return Block(
        EVERYONE, "agreement", (Cell("same", ("same",), agreed), Cell("not", ("not",), cases - agreed))
    )


def _is_safe(
    table: npt.NDArray[np.float64], limit: int, width: int, seconds_left: Callable[[], float]
) -> bool:
    """Return whether base rates beside agreement show no small count of cases by both levels.

    The reader is taken to know the sum that kappa is worked out from, which is more than its two digits show.
    """
    size = len(table)
    cell = [[row * size + column for column in range(size)] for row in range(size)]
    known = [
        *cell,
        *map(list, zip(*cell, strict=True)),
        [cell[each][each] for each in range(size)],
        [cell[row][column] for row in range(size) for column in range(size) if abs(row - column) == 1],
    ]
    numbers = table.ravel()
    small = [place for place, number in enumerate(numbers) if 0 < number < limit]
    rows = rows_of([[place] for place in small], size * size)
    attack = LinearAttack(
        Sums(rows_of(known, size * size), np.array([float(numbers[each].sum()) for each in known])),
        least=rows,
        most=rows,
        true=[int(numbers[place]) for place in small],
        seconds_left=seconds_left,
    )
    try:
        return next(attack.exposed(width), None) is None
    except OutOfTimeError:
        return False


def _costs(read: WorkRead, as_of: date, before: Sequence[RegisteredRelease], limit: int) -> ReleasedCosts:
    """Return costs, or earlier ones where what was reported since is of few cases."""
    view = cost_view(read.times, read.prices, version=read.prices_version, limit=limit)
    made_at: dict[date, datetime] = {each.release.as_of: each.release.made_at for each in before}
    last = next(
        (work.costs for work in _works(before) if work.costs is not None and work.costs.view.minutes), None
    )
    if last is None or view.minutes == last.view.minutes:
        return ReleasedCosts(as_of=as_of, view=view)
    since = made_at.get(last.as_of)
    if since is None or not changed_by_enough(read.times, since, limit):
        return last
    return ReleasedCosts(as_of=as_of, view=view)
