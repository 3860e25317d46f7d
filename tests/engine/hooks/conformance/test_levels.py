"""Which level a report comes to: a level needs its own checks and those of every level before it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from engine.hooks.conformance.levels import CheckResult, Level, Report, Standing, definitions

DOCS = Path(__file__).parents[4] / "docs" / "agencies" / "conformance.md"


def a_report(**other: Standing) -> Report:
    """Everything passed but what is named; a hyphen is written as an underscore."""
    stands = {name.replace("_", "-"): standing for name, standing in other.items()}
    assert set(stands) <= {check.code for check in definitions().check}
    return Report(
        agency="harbourside",
        digest="0",
        checked_on=date(2026, 1, 15),
        definitions=definitions().version,
        results=tuple(
            CheckResult(check=check.code, standing=stands.get(check.code, Standing.PASSED))
            for check in definitions().check
        ),
    )


def test_everything_passed_is_gold_and_nothing_is_missing() -> None:
    report = a_report(views=Standing.DOES_NOT_APPLY)

    assert report.level is Level.GOLD
    assert report.next_level is None
    assert report.missing == ()


@pytest.mark.parametrize(
    ("check", "reached", "next_level"),
    [
        ("answers", None, Level.BRONZE),
        ("subject_access", Level.BRONZE, Level.SILVER),
        ("needed", Level.SILVER, Level.GOLD),
    ],
)
def test_one_failed_check_keeps_a_plugin_from_its_level(
    check: str, reached: Level | None, next_level: Level
) -> None:
    report = a_report(**{check: Standing.FAILED})

    assert report.level is reached
    assert report.next_level is next_level
    assert [each.code for each in report.missing] == [check.replace("_", "-")]


def test_gold_checks_do_not_help_a_plugin_that_lacks_silver() -> None:
    assert a_report(no_guess=Standing.FAILED).level is Level.BRONZE


def test_what_this_machine_cannot_check_costs_gold_and_nothing_before_it() -> None:
    report = a_report(network=Standing.NOT_CHECKED)

    assert report.level is Level.SILVER
    assert [each.code for each in report.missing] == ["network"]


def test_a_check_that_was_not_reached_is_not_passed() -> None:
    assert a_report(limits=Standing.NOT_REACHED).level is None


def test_a_check_that_a_report_lacks_is_not_passed() -> None:
    report = a_report()
    short = report.model_copy(update={"results": report.results[1:]})

    assert short.level is None


def test_the_page_tells_every_level_and_every_check() -> None:
    page = DOCS.read_text(encoding="utf-8")

    for level in definitions().level:
        assert f"**{level.code.value.capitalize()}**" in page
        assert level.means in page
    rows = [line for line in page.splitlines() if line.startswith("| `")]
    assert rows == [
        f"| `{check.code}` | {check.level.value} | {check.title} | {check.mend} |"
        for check in definitions().check
    ]
