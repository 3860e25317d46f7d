"""Counts under ten are shown of invented people alone: only the demonstration draws the summary."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[4]
SHOWS = {"cli/system/demo.py", "cli/demonstration/summary.py"}


def test_only_the_demonstration_shows_counts_that_hide_no_small_figure() -> None:
    using = {
        str(source.relative_to(ROOT))
        for part in ("cli", "dashboard", "engine", "flows", "plugins")
        for source in (ROOT / part).rglob("*.py")
        if "engine.services.outcomes.summary" in source.read_text(encoding="utf-8")
    }
    assert using == SHOWS
