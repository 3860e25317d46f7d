"""Victims' outcomes over all cases, as named tables: who was asked, the answers, and the change. Pure.

A victim's answers are compared with that victim's own. A victim who does not engage is in no change.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from engine.domain.outcomes.tables import FigureTable, Hiding
from engine.domain.outcomes.victims import (
    Agreed,
    Change,
    LifeChange,
    Moment,
    NoAnswer,
    Topic,
    VictimOutcomeGiven,
    change_between,
)
from engine.outcomes.figure_tables import Levels, exact_table

Accounts = Mapping[Moment, VictimOutcomeGiven]
"""The newest entry for each moment on one case."""
NO_ENTRY = "no entry"


def victims_tables(cases: Sequence[Accounts]) -> tuple[FigureTable, ...]:
    """Return the exact tables of these cases, those without any entry included."""
    agreed = {moment: [case for case in cases if _has_agreed(case, moment)] for moment in Moment}
    both = [case for case in agreed[Moment.INTAKE] if _has_agreed(case, Moment.EXIT)]
    return (
        _asked(cases),
        _change(both, within=[len(agreed[Moment.INTAKE]), len(agreed[Moment.EXIT])]),
        *(
            _answers(moment, [case[moment] for case in there], within=len(cases))
            for moment, there in agreed.items()
        ),
        *(
            _had_to_change(moment, [case[moment] for case in agreed[moment]])
            for moment in (Moment.INTAKE, Moment.EXIT)
        ),
    )


def _has_agreed(case: Accounts, moment: Moment) -> bool:
    return moment in case and case[moment].agreed is Agreed.GIVEN


def _asked(cases: Sequence[Accounts]) -> FigureTable:
    outcomes = [*(each.value for each in Agreed), NO_ENTRY]
    rows: Counter[Levels] = Counter()
    for case in cases:
        for moment in Moment:
            entry = case.get(moment)
            rows[moment.value, entry.agreed.value if entry else NO_ENTRY] += 1
    return exact_table(
        "victims_asked",
        "Agreement of victims to be asked",
        counts="referrals",
        dimensions=("moment", "agreement"),
        rows={(moment.value, each): rows[moment.value, each] for moment in Moment for each in outcomes},
        whole=len(cases),
        hiding=Hiding.JOINED_IN_GROUP,
    )


def _change(both: Sequence[Accounts], *, within: Sequence[int]) -> FigureTable:
    rows: Counter[Levels] = Counter(
        (topic.value, change_between(case[Moment.INTAKE], case[Moment.EXIT], topic).value)
        for case in both
        for topic in Topic
    )
    return exact_table(
        "victims_change",
        "Change from intake to exit",
        counts="victims who agreed at intake and at exit",
        dimensions=("topic", "change"),
        rows={(topic.value, each.value): rows[topic.value, each.value] for topic in Topic for each in Change},
        whole=len(both),
        hiding=Hiding.EACH_GROUP,
        within=within,
    )


def _answers(moment: Moment, given: Sequence[VictimOutcomeGiven], *, within: int) -> FigureTable:
    rows: Counter[Levels] = Counter((topic.value, each.answer(topic)) for each in given for topic in Topic)
    offered = {topic: [*topic.answers, *(each.value for each in NoAnswer)] for topic in Topic}
    return exact_table(
        f"victims_answers_{moment.value}",
        f"Answers at {moment.value}",
        counts=f"victims who agreed at {moment.value}",
        dimensions=("topic", "answer"),
        rows={(topic.value, each): rows[topic.value, each] for topic in Topic for each in offered[topic]},
        whole=len(given),
        hiding=Hiding.JOINED_IN_GROUP,
        within=[within],
    )


def _had_to_change(moment: Moment, given: Sequence[VictimOutcomeGiven]) -> FigureTable:
    asked = [each.had_to_change for each in given if each.had_to_change is not None]
    rows = Counter(change for changes in asked for change in set(changes))
    return exact_table(
        f"victims_had_to_change_{moment.value}",
        f"Changes that victims had to make, at {moment.value}",
        counts=f"victims who were asked about it at {moment.value}",
        dimensions=("part of daily life",),
        rows={(each.value,): rows[each] for each in LifeChange},
        whole=len(asked),
        hiding=Hiding.EACH_OF_WHOLE,
        within=[len(given)],
    )
