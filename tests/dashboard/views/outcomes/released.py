"""A release as it would be published: its figures agree with one another."""

from __future__ import annotations

from datetime import UTC, date, datetime

from engine.domain.dates import PartialDate
from engine.domain.links.trends import RecordingChange
from engine.domain.outcomes.comparisons import (
    Arm,
    Balance,
    ComparedBy,
    Comparison,
    Comparisons,
    OverTime,
    Standardised,
    Verdict,
)
from engine.domain.outcomes.follow_up import Measure
from engine.domain.outcomes.releases import (
    EVERYONE,
    Curve,
    Dimension,
    FurtherOften,
    Group,
    GroupFigures,
    MeasureFigures,
    Part,
    Release,
    Stage,
    Step,
)

TODAY = date(2026, 11, 27)
_DAY = date(2026, 9, 30)


def _parts(**counts: int) -> tuple[Part, ...]:
    return tuple(
        Part(label=label.replace("_", " "), count=count, joins=(label,)) for label, count in counts.items()
    )


def _measure(measure: Measure, further: int, **more: object) -> MeasureFigures:
    return MeasureFigures.model_validate(
        {
            "measure": measure,
            "as_of": _DAY,
            "parts": _parts(
                further_stalking=further,
                none_found=387 - further,
                ended_early_or_not_checked=59,
                not_yet_known=238,
            ),
            "further": further,
            "counted": 387,
            "share": further / 387,
            **more,
        }
    )


def _step(month: int, followed: int, share: float, low: float, high: float, **more: float) -> Step:
    return Step(
        until_month=month,
        followed=followed,
        events=60,
        competing=20,
        left=30,
        share=share,
        low=low,
        high=high,
        **more,
    )


def _compared(level: str, low: float, high: float, verdict: Verdict, *, refused: bool = False) -> Comparison:
    standardised = (
        Standardised(covariate="typology", refused="The groups are too different to compare.", in_overlap=0.4)
        if refused
        else Standardised(
            covariate="typology",
            with_share=0.3,
            without_share=0.24,
            low=-4.0,
            high=22.0,
            verdict=Verdict.INCONCLUSIVE,
            balance=(Balance(name="borough", before=0.31, after=0.05),),
            in_overlap=0.93,
            e_value=2.3,
        )
    )
    return Comparison(
        by=ComparedBy.INTERVENTION,
        level=level,
        as_of=_DAY,
        landmark_days=90,
        horizon_days=365,
        with_it=Arm(cases=266, events=70, share=0.39),
        without=Arm(cases=170, events=30, share=0.22),
        low=low,
        high=high,
        verdict=verdict,
        standardised=standardised,
        weighted=Standardised(
            covariate="typology and borough", refused="The groups are too different to compare."
        ),
        over_time=OverTime(low=0.61, high=1.34, verdict=Verdict.INCONCLUSIVE),
    )


A_RELEASE = Release(
    as_of=_DAY,
    made_at=datetime(2026, 10, 1, tzinfo=UTC),
    limit=10,
    width=10,
    decided_from=date(2023, 1, 1),
    decided_until=_DAY,
    dimensions=(
        Dimension(name="period", label="Decided in", codes=("2024", "2025")),
        Dimension(name="borough", label="Borough at referral", codes=("Northmere", "Southbrook")),
        Dimension(name="typology", label="Type of stalking", codes=("rejected",)),
    ),
    groups=(
        GroupFigures(
            group=EVERYONE,
            cases=684,
            as_of=_DAY,
            measures=(
                _measure(
                    Measure.REPORTED,
                    161,
                    low=0.37,
                    high=0.47,
                    often=FurtherOften(acts=645, years=387, rate=1.7, low=1.4, high=2.0),
                    half_within_weeks=13,
                    against=_parts(same_victim=118, new_victim=24, by_proxy=19),
                    severity=_parts(no_score=24, under_10=54, ten_to_99=45, more=38),
                ),
                _measure(
                    Measure.RECORDED,
                    86,
                    low=0.18,
                    high=0.27,
                    against=_parts(same_victim=65, new_victim_or_by_proxy=21),
                ),
            ),
            reported=Curve(
                as_of=_DAY,
                followed=619,
                still=71,
                steps=(_step(12, 619, 0.6, 0.56, 0.64), _step(24, 226, 0.52, 0.47, 0.57)),
            ),
            recorded=Curve(
                as_of=_DAY,
                followed=619,
                still=247,
                steps=(
                    _step(
                        12,
                        619,
                        0.2,
                        0.17,
                        0.24,
                        competing_share=0.16,
                        competing_low=0.13,
                        competing_high=0.18,
                    ),
                ),
            ),
        ),
        GroupFigures(group=Group(borough="Northmere"), cases=150, as_of=_DAY),
        GroupFigures(
            group=Group(period="2024"),
            cases=210,
            as_of=_DAY,
            measures=(_measure(Measure.REPORTED, 80, low=0.17, high=0.25),),
            reported=Curve(as_of=_DAY, followed=190, still=42, steps=(_step(6, 190, 0.7, 0.63, 0.76),)),
        ),
    ),
    funnel=(
        Stage(label="Referrals received", count=4812, rest="Await screening"),
        Stage(label="Screened", count=None, rest=""),
        Stage(label="Plan decided by the panel", count=684, rest="12 months not over 238"),
    ),
    notes=(
        "Recording rules of the police changed in April 2018 and April 2020, before the first case here.",
    ),
    recording_changes=(
        RecordingChange(when=PartialDate("2018-04"), says="since April 2018 more is recorded"),
        RecordingChange(when=PartialDate("2024-04"), says="since April 2024 more is recorded"),
    ),
    comparisons=(
        Comparisons(
            by=ComparedBy.INTERVENTION,
            counted=5,
            confidence=0.99,
            hidden=2,
            shown=(
                _compared("advocacy", 5.2, 30.1, Verdict.MORE),
                _compared("an order", -25.9, -1.1, Verdict.FEWER, refused=True),
                _compared("home security", -9.0, 15.0, Verdict.INCONCLUSIVE),
            ),
        ),
    ),
)
