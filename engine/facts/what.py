"""Kinds of acts: firsts, the gravest, and those that are graver, nearer or by more channels than before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from engine.domain.cases.plain_facts import Fact, FactKind
from engine.facts.acts import (
    LATELY,
    Act,
    AtReferral,
    Period,
    a_fact,
    dated,
    day_in_words,
    is_lately,
    kinds_in_words,
    listed,
    number_of_acts,
    short_day,
)
from engine.instruments.conduct import First, Step, conduct, highest_step

_COMPARED = (LATELY, 90)
"""Periods of days that are compared with as many days before; the first that shows a rise is said."""
_RECENT = timedelta(days=90)
_GRAVE = 3
"""From this step of the order on, the gravest act is said beside every later one."""


def firsts(acts: Sequence[Act], today: date, at_referral: AtReferral) -> Iterator[Fact]:
    """Yield each kind of act whose first is within the last 90 days, where another act was before it.

    Of a threat, a weapon, an entry or graver the first is said though nothing was before it. A topic that the
    referral raises was before each act that came after it.
    """
    there = {
        first: of_kind
        for first in conduct().first
        if (of_kind := [act for act in dated(acts) if first.is_of(act.kinds, act.channel)])
    }
    for first, of_kind in there.items():
        act = of_kind[0]
        is_wider = any(
            set(first.kinds) > set(other.kinds) and act == found[0]
            for other, found in there.items()
            if other.kinds
        )
        if is_wider or act.first <= today - _RECENT or at_referral.had(first.kinds, act.first):
            continue
        if _is_grave(first) or any(other.last < act.first for other in acts):
            sentence = _first_in_words(first, act, of_kind, acts)
            short = f"{first.says} {short_day(act.first, today)}"
            yield a_fact(FactKind.FIRST, sentence, of_kind, on=act.first, today=today, short=short)


def _first_in_words(first: First, act: Act, of_kind: Sequence[Act], acts: Sequence[Act]) -> str:
    """Return the sentence: an act of the kind without a date may have been before it."""
    known = {each.reference for each in of_kind}
    earlier = [
        each
        for each in acts
        if each.reference not in known and first.is_of(each.kinds, each.channel) and each.first <= act.first
    ]
    more = len(of_kind) - 1
    since = f", {more:,} more since" if more else ""
    unsure = f"; {len(earlier):,} without a full date may be earlier" if earlier else ""
    return f"{first.says[:1].upper()}{first.says[1:]}: {day_in_words(act.first)}{since}{unsure}."


def _is_grave(first: First) -> bool:
    step = highest_step(first.kinds, None, conduct().severity)
    return step is not None and step.step >= _GRAVE


def other_people(acts: Sequence[Act], today: date) -> Iterator[Fact]:
    """Yield how many acts came through other people, and how many reached others than the victim."""
    through = [act for act in acts if act.came_through_others]
    reached = [act for act in acts if act.reached_others]
    if len(through) > 1 or reached:
        parts = [
            *([f"{number_of_acts(len(through))} came through other people"] if through else []),
            *([f"{number_of_acts(len(reached))} reached people other than the victim"] if reached else []),
            *(["one act can be both"] if through and reached else []),
        ]
        days = [act.first for act in dated([*through, *reached])]
        yield a_fact(
            FactKind.OTHER_PEOPLE,
            f"{'; '.join(parts)}.",
            [*through, *reached],
            on=min(max(days, default=today), today),
            today=today,
        )


def gravest(acts: Sequence[Act], today: date, at_referral: AtReferral) -> Iterator[Fact]:
    """Yield the gravest acts ever reported, whatever came after them, and topics of the referral as grave."""
    raised = Act(at_referral.reference, None, at_referral.kinds, None, (at_referral.source,))
    acts = [*acts, raised] if at_referral.kinds else acts
    steps = [(act, highest_step(act.kinds, None, conduct().severity)) for act in acts]
    top = max((step.step for _, step in steps if step), default=0)
    if top < _GRAVE:
        return
    there = [act for act, step in steps if step and step.step == top]
    of_top = next(step for _, step in steps if step and step.step == top)
    newest_of: dict[str, date | None] = {}
    for act in sorted(there, key=lambda each: each.day or date.min):
        kinds = [kind for kind in act.kinds if kind in of_top.kinds]
        newest_of |= {kind: act.day or newest_of.get(kind) for kind in kinds}
    days = [day for day in newest_of.values() if day]
    names = listed(
        [f"{kind} ({day_in_words(day) if day else 'no full date'})" for kind, day in newest_of.items()]
    )
    sentence = f"Gravest recorded, each with its latest date: {names}."
    newest_day = max(days, default=None)
    fact = a_fact(FactKind.GRAVEST, sentence, there, on=newest_day or today, today=today)
    if newest_day is None or not is_lately(newest_day, today):  # else the line has it by another fact
        when = f" {short_day(newest_day, today)}" if newest_day else ", without a full date"
        fact = fact.model_copy(update={"short": f"gravest recorded: {listed(sorted(newest_of))}{when}"})
    yield fact


def graver(acts: Sequence[Act], today: date) -> Iterator[Fact]:
    """Yield that the last period had graver acts than as many days before; an older grave act hides none."""
    steps = conduct().severity
    for days, now, before in _compared(acts, today):
        high, low = _highest(now, steps, by_kind=True), _highest(before, steps, by_kind=True)
        if high is not None and low is not None and high.step > low.step:
            found = _at(now, steps, high, by_kind=True)
            sentence = (
                f"Graver in the last {days} days ({_kinds_at(found, high)}) "
                f"than in the {days} before ({_kinds_at(_at(before, steps, low, by_kind=True), low)})."
            )
            short = f"graver than in the {days} days before: {_kinds_at(found, high)}"
            yield a_fact(FactKind.GRAVER, sentence, found, on=_newest(found), today=today, short=short)
            return


def nearer(acts: Sequence[Act], today: date) -> Iterator[Fact]:
    """Yield that the acts were nearer in the last period than in as many days before."""
    steps = conduct().nearness
    for days, now, before in _compared(acts, today):
        high, low = _highest(now, steps, by_kind=False), _highest(before, steps, by_kind=False)
        if high is not None and low is not None and high.step > low.step:
            found = _at(now, steps, high, by_kind=False)
            sentence = f"Nearer in the last {days} days ({high.says}) than in the {days} before ({low.says})."
            short = f"nearer than in the {days} days before: {high.says}"
            yield a_fact(FactKind.NEARER, sentence, found, on=_newest(found), today=today, short=short)
            return


def more_channels(acts: Sequence[Act], today: date) -> Iterator[Fact]:
    """Yield that contact came by more channels in the last period than in as many days before."""
    for days, now, before in _compared(acts, today):
        used = dict.fromkeys(act.channel for act in now if act.channel)
        earlier = dict.fromkeys(act.channel for act in before if act.channel)
        if len(used) > len(earlier) > 0:
            found = [act for act in now if act.channel]
            by = listed([channel for channel in used if channel])
            then = f"in {len(earlier):,} way{'' if len(earlier) == 1 else 's'} in the {days} before"
            sentence = (
                f"The victim was approached in {len(used):,} ways in the last {days} days ({by}), {then}."
            )
            yield a_fact(FactKind.WAYS, sentence, found, on=_newest(found), today=today)
            return


def _compared(acts: Sequence[Act], today: date) -> Iterator[tuple[int, list[Act], list[Act]]]:
    for days in _COMPARED:
        period = Period(today, days)
        yield days, period.of(acts), period.before.of(acts)


def _step_of(act: Act, steps: Sequence[Step], *, by_kind: bool) -> Step | None:
    return highest_step(act.kinds, None if by_kind else act.channel, steps)


def _highest(acts: Sequence[Act], steps: Sequence[Step], *, by_kind: bool) -> Step | None:
    found = [step for act in acts if (step := _step_of(act, steps, by_kind=by_kind))]
    return max(found, key=lambda step: step.step, default=None)


def _at(acts: Sequence[Act], steps: Sequence[Step], top: Step, *, by_kind: bool) -> list[Act]:
    return [act for act in acts if _step_of(act, steps, by_kind=by_kind) == top]


def _kinds_at(acts: Sequence[Act], step: Step) -> str:
    return kinds_in_words(sorted({kind for act in acts for kind in act.kinds if kind in step.kinds}))


def _newest(acts: Sequence[Act]) -> date:
    return max(act.last for act in acts)
