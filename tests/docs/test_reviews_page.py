"""The panel's page of reviews has every reason for a review and every conflict that is checked."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

import pytest

from engine.domain.plans.conflicts import ConflictRule
from engine.domain.plans.reviews import ReviewTrigger

_PAGE = (Path(__file__).parents[2] / "docs" / "panel" / "reviews.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("each", [*ReviewTrigger, *ConflictRule])
def test_it_is_in_a_table(each: StrEnum) -> None:
    assert any(each.value in line.partition(" | ")[0] for line in _PAGE.splitlines() if line.startswith("| "))
