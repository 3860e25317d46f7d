"""From referral to outcome: no stage, and no difference to a stage of an earlier release, is small."""

from __future__ import annotations

from datetime import date

from engine.domain.outcomes.follow_up import Measure
from engine.domain.outcomes.releases import EVERYONE, GroupFigures, MeasureFigures, Part, Stage
from engine.outcomes.releases.funnel import RECEIVED, ReferralsByStage, funnel_of

DAY = date(2026, 9, 30)


def received(number: int, *before: int | None) -> int | None:
    """The referrals received as they are shown, after what earlier releases showed."""
    everyone = GroupFigures(group=EVERYONE, cases=20, as_of=DAY)
    earlier = [Stage(label=RECEIVED, count=count, rest="") for count in before]
    stages = funnel_of([everyone], ReferralsByStage(number, 60, 40), before=earlier, limit=10)
    return next(stage.count for stage in stages if stage.label == RECEIVED)


def test_a_stage_that_changed_by_few_is_repeated() -> None:
    assert received(104, 100) == 100
    assert received(110, 100) == 110


def test_a_stage_that_the_last_release_hid_is_compared_with_the_one_before_it() -> None:
    assert received(104, 100, None) == 100


def test_a_stage_is_not_a_few_more_than_decided_cases_of_an_earlier_date() -> None:
    further, none = (Part(label=label, count=12, joins=()) for label in ("further stalking", "none found"))
    earlier = MeasureFigures(
        measure=Measure.REPORTED,
        as_of=date(2026, 6, 30),
        parts=(further, none),
        further=12,
        counted=24,
        share=0.5,
        low=0.3,
        high=0.7,
    )
    everyone = GroupFigures(group=EVERYONE, cases=40, as_of=DAY, measures=(earlier,))
    shown = {
        referrals: funnel_of([everyone], ReferralsByStage(90, 60, referrals), before=(), limit=10)[2].count
        for referrals in (40, 45, 50)
    }
    assert shown == {40: 40, 45: None, 50: 50}
    few = everyone.model_copy(update={"cases": 10})
    assert funnel_of([few], ReferralsByStage(90, 60, 30), before=(), limit=10)[2].count is None
