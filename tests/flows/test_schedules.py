"""The one table of regular work: an operator may change an interval within bounds, and switch nothing off."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.domain.errors import SetupError
from engine.runtime import settings_of
from engine.settings import SETTINGS_FILE
from flows.schedules import DEFAULT, FIXED, SECTION, TABLE, Schedule, schedules_of

DAY = 86400


def chosen(home: Path, text: str) -> dict[str, Schedule]:
    """The schedules of a home with these settings."""
    (home / SETTINGS_FILE).write_text(text)
    return schedules_of(settings_of({"STAC_HOME": str(home)}))


def test_without_a_section_each_interval_is_that_of_before_and_its_source_is_named(tmp_path: Path) -> None:
    there = chosen(tmp_path, "")
    assert [(name, each.seconds, each.source) for name, each in there.items()] == [
        ("escalations", 20, DEFAULT),
        ("sign_of_life", 20, DEFAULT),
        ("arrivals", 20, DEFAULT),
        ("comparisons", 20, DEFAULT),
        ("flows", 1, DEFAULT),
        ("register", 3600, FIXED),
        ("copies", 300, DEFAULT),
        ("anchor", DAY, DEFAULT),
        ("verification", DAY, FIXED),
        ("daily_sweep", DAY, FIXED),
        ("backup", DAY, DEFAULT),
    ]
    older = "runner_poll_seconds = 30\n[audit]\nanchor_every_hours = 2\n[backup]\nevery_hours = 12\n"
    there = chosen(tmp_path, older)
    found = {name: (each.seconds, each.source) for name, each in there.items()}
    assert found["arrivals"] == (30, "runner_poll_seconds")
    assert found["anchor"] == (7200, "audit.anchor_every_hours")
    assert found["backup"] == (43200, "backup.every_hours")
    there = chosen(tmp_path, "runner_poll_seconds = 30\n[schedules]\narrivals = 300\n")
    found = {name: (each.seconds, each.source) for name, each in there.items()}
    assert found["arrivals"] == (300, SECTION)
    assert found["comparisons"] == (30, "runner_poll_seconds")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("escalation = 20", "'escalation' is not a regular task; give one of escalations, sign_of_life,"),
        ("escalations = 61", "escalations is 61; give whole seconds from 1 to 60"),
        ("escalations = 0", "escalations is 0; give whole seconds from 1 to 60"),
        ("escalations = -1", "escalations is -1; give whole seconds from 1 to 60"),
        ("arrivals = 3601", "arrivals is 3601; give whole seconds from 1 to 3600"),
        ('comparisons = "off"', "comparisons is not a whole number; give whole seconds from 1 to 3600"),
        ("comparisons = false", "comparisons is not a whole number"),
        ("comparisons = true", "comparisons is not a whole number"),
        ("flows = 2.5", "flows is not a whole number; give whole seconds from 1 to 60"),
        ("flows = inf", "flows is not a whole number"),
        ("flows = nan", "flows is not a whole number"),
        ("daily_sweep = 86400", "daily_sweep has a fixed interval; remove the line"),
        ("anchor = 7200", "anchor has a setting of its own; give anchor_every_hours under [audit]"),
        ("copies = 60", "copies has a setting of its own; give copies_every_minutes under [backup]"),
        ("backup = 7200", "backup has a setting of its own; give every_hours under [backup]"),
        ("sign_of_life = 46", "sign_of_life is 46; give at most 45, half of runner_is_dead_after_seconds"),
    ],
)
def test_a_wrong_line_is_one_sentence_that_says_what_to_give(line: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(SetupError) as refused:
        chosen(tmp_path, f"[schedules]\n{line}\n")
    assert str(refused.value).startswith(f"settings.toml: schedules: {said}")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "seconds"),
    [("escalations", 1), ("escalations", 60), ("arrivals", 3600), ("flows", 60), ("sign_of_life", 45)],
)
def test_the_least_and_the_most_are_accepted(name: str, seconds: int, tmp_path: Path) -> None:
    schedule = chosen(tmp_path, f"[schedules]\n{name} = {seconds}\n")[name]
    assert (schedule.seconds, schedule.source) == (seconds, SECTION)


@pytest.mark.parametrize(
    "text",
    ["runner_poll_seconds = 60\nrunner_is_dead_after_seconds = 60\n", "runner_is_dead_after_seconds = 20\n"],
)
def test_signs_of_life_rarer_than_a_runner_counts_as_alive_are_refused_from_any_source(
    text: str, tmp_path: Path
) -> None:
    said = r"settings\.toml: runner_poll_seconds is (\d+); give less than \1, which is runner_is_dead_after_"
    with pytest.raises(SetupError, match=said):
        chosen(tmp_path, text)
    assert chosen(tmp_path, "runner_poll_seconds = 59\nrunner_is_dead_after_seconds = 60\n")


def test_a_section_that_is_none_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"settings\.toml: schedules: "):
        chosen(tmp_path, "schedules = 20\n")


def test_no_bound_lets_a_duty_wait_for_long() -> None:
    most = {work.name: work.most for work in TABLE if work.is_duty}
    assert most == {"escalations": 60, "sign_of_life": 60, "daily_sweep": DAY}
    assert all(0 < work.least <= work.most for work in TABLE)
