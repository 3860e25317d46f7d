"""Who named many places within a day on one case."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from engine.domain.plans.texts import WrittenText, writers_naming_many_places

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def written(*hours_and_places: tuple[float, str], by: str = "cora") -> list[WrittenText]:
    return [
        WrittenText("R-7K3M9QV", "A-7K3M9QV", place, by, NINE + timedelta(hours=hours))
        for hours, place in hours_and_places
    ]


def found(texts: list[WrittenText]) -> list[tuple[str, int]]:
    named = writers_naming_many_places(
        texts,
        places_named=lambda text: frozenset({text} if text else ()),
        within=timedelta(hours=24),
        at_least=3,
    )
    return [(by, number) for by, number, _ in named]


@pytest.mark.parametrize(
    ("texts", "result"),
    [
        (written((0, "elm road"), (1, "oak road"), (23, "ash road")), [("cora", 3)]),
        (written((0, "elm road"), (1, "oak road"), (25, "ash road")), []),
        (written((0, "elm road"), (1, "elm road"), (2, "elm road")), []),
        (written((0, "elm road"), (1, "oak road")) + written((2, "ash road"), by="chair"), []),
        (written((0, ""), (1, ""), (2, "")), []),
    ],
)
def test_three_places_of_one_writer_within_a_day_are_many(
    texts: list[WrittenText], result: list[tuple[str, int]]
) -> None:
    assert found(texts) == result
