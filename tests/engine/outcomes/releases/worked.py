"""Referrals drawn by chance, with all that the figures of the work are counted from."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TypeVar

import numpy as np

from engine.domain.absence import ItemState
from engine.domain.cases.lifecycle import TriageOutcome
from engine.domain.conference.risk import Domain, Level
from engine.domain.orders.stages import REACHED, AfterService, OrderCounted, OrderGroup, OrderStage
from engine.domain.outcomes.agreement import Rating
from engine.domain.outcomes.described import Characteristic, DescriptionGiven
from engine.domain.outcomes.prices import Price, PriceList
from engine.domain.outcomes.process import Offered, ProcessCase, RequestMade, ResponseKind, Timing
from engine.domain.outcomes.victims import Agreed, LifeChange, Moment, Topic, VictimOutcomeGiven
from engine.domain.plans.actions import ActionStatus
from engine.domain.plans.lists import Wishes
from engine.outcomes.costs import TimeReported
from engine.outcomes.releases.work_releasing import WorkRead
from engine.outcomes.victims_figures import Accounts

Choice = TypeVar("Choice")
FIRST = date(2024, 1, 1)
PRICES = PriceList(
    prices=tuple(
        Price(agency=agency, begins=FIRST, pounds_per_hour=Decimal(40)) for agency in ("harbour", "voice")
    )
)


def a_centre(referrals: int, *, seed: int = 5) -> WorkRead:
    """So many referrals. The first of them are the same however many there are."""
    chances = [np.random.default_rng((seed, number)) for number in range(referrals)]
    cases = [_case(number, chance) for number, chance in enumerate(chances)]
    return WorkRead(
        cases=cases,
        accounts={
            case.reference: account
            for case, chance in zip(cases, chances, strict=True)
            if (account := _account(chance))
        },
        described={
            case.reference: given
            for case, chance in zip(cases, chances, strict=True)
            if (given := _described(chance)) is not None
        },
        ratings=[
            Rating(case.reference, Domain.VIOLENCE, agency, level, f"{agency} {number % 5}", case.received_on)
            for number, (case, chance) in enumerate(zip(cases, chances, strict=True))
            for agency, level in zip(("harbour", "voice"), _levels(chance), strict=True)
        ],
        times=[
            TimeReported(
                case.reference,
                ("harbour", "voice")[number % 2],
                case.received_on,
                int(chance.integers(20, 200)),
                datetime.combine(case.received_on, datetime.min.time(), UTC),
            )
            for number, (case, chance) in enumerate(zip(cases, chances, strict=True))
            if chance.random() < 0.5
        ],
        prices=PRICES,
        prices_version=1,
        orders=[
            order for case, chance in zip(cases, chances, strict=True) for order in _orders(case, chance)
        ],
    )


def _case(number: int, chance: np.random.Generator) -> ProcessCase:
    triage = _one(
        {
            TriageOutcome.CONFERENCE: 0.45,
            TriageOutcome.URGENT: 0.1,
            TriageOutcome.CONSULTATION: 0.3,
            TriageOutcome.ADVICE: 0.1,
            None: 0.05,
        },
        chance,
    )
    is_sent = triage in (TriageOutcome.CONFERENCE, TriageOutcome.URGENT)
    received = FIRST + timedelta(days=number)
    was_held = is_sent and chance.random() < 0.85
    is_decided = was_held and chance.random() < 0.95
    is_planned = is_decided and chance.random() < 0.9
    good = (ResponseKind.CONTRIBUTION, ResponseKind.NIL_RETURN, ResponseKind.REFUSED)
    requests = tuple(
        RequestMade(
            Timing.IN_TIME if chance.random() < 0.7 else Timing.LATE, good[int(chance.integers(0, 3))]
        )
        if chance.random() < 0.9
        else RequestMade(Timing.OVERDUE, ResponseKind.NONE)
        for _ in range(3 if triage is not None else 0)
    )
    return ProcessCase(
        reference=f"case {number}",
        received_on=received,
        screened_on=received + timedelta(days=int(chance.integers(0, 6))) if triage is not None else None,
        triage=triage,
        conference_on=received + timedelta(days=20) if was_held else None,
        requests=requests,
        items={ItemState.PRESENT: 3, ItemState.UNKNOWN: int(chance.integers(0, 4))} if requests else {},
        actions=((ActionStatus.DONE, False), (ActionStatus.IN_PROGRESS, bool(chance.random() < 0.2)))
        if is_planned
        else (),
        has_dissent=bool(chance.random() < 0.15) if is_decided else None,
        offered=_one(
            {
                Offered.ACCEPTED: 0.4,
                Offered.DECLINED: 0.15,
                Offered.NO_REPLY: 0.08,
                Offered.NO_RESULT: 0.07,
                Offered.NOT_RECORDED: 0.3,
            },
            chance,
        ),
        wishes=_one({Wishes.FOLLOWED: 0.8, Wishes.DEPARTED: 0.2}, chance) if is_planned else None,
    )


def _orders(case: ProcessCase, chance: np.random.Generator) -> list[OrderCounted]:
    """The orders of a case, of which every third has one or two, one of them seldom breached."""
    stages = list(OrderStage)
    likely = (0.1, 0.12, 0.1, 0.04, 0.02, 0.15, 0.35, 0.07, 0.05)
    found = []
    apart = np.random.default_rng(int(case.reference.removeprefix("case ")))
    for _ in range(int(chance.integers(1, 3)) if chance.random() < 0.35 else 0):
        stage = stages[int(chance.choice(len(stages), p=likely))]
        results = [each for each in AfterService if each is not AfterService.BREACH or stage is stages[-1]]
        after = results[int(apart.geometric(0.35)) % len(results)] if stage in REACHED["Served"] else None
        group = list(OrderGroup)[int(apart.choice(3, p=(0.5, 0.2, 0.3)))]
        found.append(OrderCounted(stage=stage, cases=(case.reference,), group=group, followed=after))
    return found


def _account(chance: np.random.Generator) -> Accounts:
    found: dict[Moment, VictimOutcomeGiven] = {}
    for moment, share in ((Moment.INTAKE, 0.6), (Moment.REVIEW, 0.4), (Moment.EXIT, 0.45)):
        if chance.random() > share:
            continue
        agreed = _one({Agreed.GIVEN: 0.8, Agreed.NOT_ENGAGING: 0.12, Agreed.REFUSED: 0.08}, chance)
        given: dict[str, object] = {"moment": moment, "agreed": agreed, "asked_on": "2024-03"}
        if agreed is Agreed.GIVEN:
            given["answers"] = {
                topic: topic.answers[min(int(chance.geometric(0.45)) - 1, 3)]
                for topic in Topic
                if chance.random() < 0.9 or topic is Topic.SAFETY
            }
            given["had_to_change"] = [each for each in LifeChange if chance.random() < 0.3]
        found[moment] = VictimOutcomeGiven.model_validate(given)
    return found


def _described(chance: np.random.Generator) -> DescriptionGiven | None:
    if chance.random() < 0.2:
        return None
    if chance.random() < 0.08:
        return DescriptionGiven.model_validate({"agreed": Agreed.REFUSED, "asked_on": "2024-03"})
    codes = {
        each: each.answers[min(int(chance.geometric(0.5)) - 1, len(each.answers) - 1)]
        for each in Characteristic
        if chance.random() < 0.93
    }
    return DescriptionGiven.model_validate(
        {"agreed": Agreed.GIVEN, "asked_on": "2024-03", "characteristics": codes}
    )


def _levels(chance: np.random.Generator) -> tuple[Level, Level]:
    levels = (Level.LOW, Level.MODERATE, Level.HIGH)
    one = int(chance.integers(0, 3))
    return levels[one], levels[one if chance.random() < 0.7 else int(chance.integers(0, 3))]


def _one(shares: dict[Choice, float], chance: np.random.Generator) -> Choice:
    options = list(shares)
    return options[int(chance.choice(len(options), p=list(shares.values())))]
