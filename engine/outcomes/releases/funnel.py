"""From referral to outcome, in numbers that each include the next. Pure.

Each is at least the limit, differs from the one before by none or the limit, and from the last release too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.domain.outcomes.follow_up import Measure
from engine.domain.outcomes.observed import Standing
from engine.domain.outcomes.releases import EVERYONE, GroupFigures, Stage
from engine.outcomes.releases.blocks import NOT_COUNTED

RECEIVED, SCREENED, CONFERENCE = "Referrals received", "Screened", "Case conference"
DECIDED, OVER, COUNTED = "Plan decided by the panel", "12 months over", "Counted: checked"
FURTHER = "Further stalking reported"


@dataclass(frozen=True)
class ReferralsByStage:
    """Referrals before the panel's decision. Restricted ones are in none."""

    received: int
    screened: int
    to_conference: int


def funnel_of(
    groups: Sequence[GroupFigures],
    referrals: ReferralsByStage | None,
    *,
    before: Sequence[Stage],
    limit: int,
) -> tuple[Stage, ...]:
    """Return the stages. Those after the decision are figures that are published anyway.

    ``before`` are those of earlier releases, the oldest first: what the last one hid can be in one before it.
    """
    everyone = next((each for each in groups if each.group == EVERYONE), None)
    if everyone is None:
        return ()
    reported = everyone.of(Measure.REPORTED)
    decided = decided_numbers(groups)
    stages = [] if referrals is None else _before_decision(referrals, decided, before, limit)
    if reported is None:
        return (*stages, Stage(label=DECIDED, count=everyone.cases, rest=""))
    parts = {part.label: part.count for part in reported.parts}
    not_yet, not_counted = parts.get(Standing.NOT_YET_KNOWN.value), parts.get(NOT_COUNTED)
    stages.append(
        Stage(
            label=DECIDED,
            count=sum(parts.values()),
            rest="" if not_yet is None else f"12 months not over {not_yet:,}",
        )
    )
    if not_yet is not None and not_counted is not None:
        stages.append(
            Stage(
                label=OVER,
                count=sum(parts.values()) - not_yet,
                rest=f"Not checked, or observation ended early {not_counted:,}",
            )
        )
    stages.append(
        Stage(
            label=COUNTED,
            count=reported.counted,
            rest=f"No further report found {reported.counted - reported.further:,}",
        )
    )
    stages.append(Stage(label=FURTHER, count=reported.further, rest=""))
    return tuple(stages)


def decided_numbers(groups: Sequence[GroupFigures]) -> set[int]:
    """Return each published number of decided cases; they can be of different dates."""
    everyone = next((each for each in groups if each.group == EVERYONE), None)
    if everyone is None:
        return set()
    return {everyone.cases, *(sum(part.count for part in each.parts) for each in everyone.measures)}


def _before_decision(
    referrals: ReferralsByStage, decided: set[int], before: Sequence[Stage], limit: int
) -> list[Stage]:
    """Return the stages before the decision. ``decided`` is each published number of decided cases."""
    last = {stage.label: stage.count for stage in before if stage.count is not None}
    named = (
        (RECEIVED, referrals.received, "Await screening"),
        (SCREENED, referrals.screened, "Advice, another service, or not for the panel"),
        (CONFERENCE, referrals.to_conference, "No plan decided"),
    )
    stages = []
    shown: int | None = None
    for label, count, rest in named:
        then = last.get(label)
        published = then if then is not None and 0 < abs(count - then) < limit else count
        differences = [published - each for each in decided]
        if shown is not None:
            differences.append(shown - published)
        if published < limit or any(each < 0 or 0 < each < limit for each in differences):
            stages.append(Stage(label=label, count=None, rest=""))
            continue
        stages.append(Stage(label=label, count=published, rest=rest))
        shown = published
    return stages
