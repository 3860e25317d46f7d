"""The page of the policy is the policy."""

from __future__ import annotations

from pathlib import Path

from engine.access.policy import May
from engine.access.policy_table import as_page
from engine.domain.accounts.acting import Role

PAGE = Path(__file__).parents[3] / "docs" / "operators" / "policy.md"


def test_the_page_is_what_the_policy_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == as_page(), (
        "run 'python -m engine.access.policy_table > docs/operators/policy.md'"
    )


def test_the_page_has_a_line_for_every_act_and_a_column_for_every_role() -> None:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    for act in May:
        (line,) = [each for each in lines if each.startswith(f"| {act.value} |")]
        assert line.count("|") == len(Role) + 2


def test_the_page_says_who_is_shut_out() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert "| named, restricted, conflict of interest | - | - | - | - | - | - | - | - | - | yes |" in page
    assert "| not named, restricted | - | yes | - | - | - | - | - | - | - | yes |" in page
