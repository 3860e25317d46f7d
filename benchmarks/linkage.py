"""Linking the two public FEBRL 4 files of 5,000 persons each; beside comparing and nothing else."""

from __future__ import annotations

from benchmarks.measured import Measured, in_turns, median
from engine.identity.comparing import Comparer
from engine.identity.persons import PersonColumns, prepared
from engine.tools.matching.candidates import candidates
from engine.tools.matching.grouping import components
from engine.tools.matching.matching import match
from engine.tools.matching.scores import scores
from tests.engine.tools.matching.test_febrl import COLUMNS, FILES, NUMBER, entities, read

TIMES = 3
TARGET_SECONDS = 60.0
MOST_LOST = 0.5
MOST_LOST_WITHOUT_NUMBER = 1.5
_AGAINST = "comparing the same candidate pairs alone"


def measure() -> list[Measured]:
    """Seconds with the number, and what F1 lacks of 100 per cent with the number and without."""
    given = [read(name) for name in FILES["4"]]
    truth = entities(given)

    def files(columns: dict[str, str]) -> list[PersonColumns]:
        return [{field: file[column] for field, column in columns.items()} for file in given]

    def lost(columns: dict[str, str]) -> float:
        found = match(files(columns))
        value = scores(
            left=found.decided.left,
            right=found.decided.right,
            clusters=found.decided.clusters,
            entities=truth,
            second=found.persons.second,
        )
        return 100 * (1 - value.f1)

    def lost_by_rule(columns: dict[str, str], *, least: int) -> float:
        people = prepared(files(columns))
        near = candidates(people)
        same = (Comparer(people).compared(near.left, near.right).steps == 1).sum(axis=1) >= least
        left, right = near.left[same], near.right[same]
        value = scores(
            left=left,
            right=right,
            clusters=components(people.size, left, right),
            entities=truth,
            second=people.second,
        )
        return 100 * (1 - value.f1)

    whole = files(COLUMNS | NUMBER)
    persons = prepared(whole)
    pairs = candidates(persons)
    times = in_turns(
        {
            "match": lambda: match(whole),
            "compare": lambda: Comparer(persons).compared(pairs.left, pairs.right),
        },
        times=TIMES,
        warm=0,
    )
    return [
        Measured(
            name="linking FEBRL 4",
            figure=median(times["match"]),
            unit="s",
            target=TARGET_SECONDS,
            yardstick=median(times["compare"]),
            against=_AGAINST,
        ),
        Measured(
            name="F1 lost on FEBRL 4",
            figure=lost(COLUMNS | NUMBER),
            unit="% of F1",
            target=MOST_LOST,
            yardstick=lost_by_rule(COLUMNS | NUMBER, least=4),
            against="the rule of four equal fields",
        ),
        Measured(
            name="the same without the number",
            figure=lost(COLUMNS),
            unit="% of F1",
            target=MOST_LOST_WITHOUT_NUMBER,
            yardstick=lost_by_rule(COLUMNS, least=4),
            against="the rule of four equal fields",
        ),
    ]
