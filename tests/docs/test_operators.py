"""What docs/operators tells an operator is so."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from engine.runtime import settings_of
from engine.settings import SETTINGS_FILE
from engine.store.repositories.system.outbox import FlowName

OPERATORS = Path(__file__).parents[2] / "docs" / "operators"
PAGE = (OPERATORS / "README.md").read_text(encoding="utf-8")
EXAMPLE = re.search(r"```toml\n(.*?)```", PAGE, re.DOTALL)


def test_the_example_settings_are_read_and_are_the_defaults(tmp_path: Path) -> None:
    assert EXAMPLE is not None
    (tmp_path / SETTINGS_FILE).write_text(EXAMPLE[1])
    environ = {"STAC_HOME": str(tmp_path)}
    chosen = settings_of(environ)
    (tmp_path / SETTINGS_FILE).unlink()
    assert chosen == settings_of(environ)


def test_every_entry_of_the_example_is_a_setting() -> None:
    assert EXAMPLE is not None
    entries = tomllib.loads(EXAMPLE[1])
    assert {"alarm_within_minutes", "runner_poll_seconds", "answers_due_working_days"} <= set(entries)


def test_the_table_of_flows_has_each_flow_that_the_background_service_runs() -> None:
    page = (OPERATORS / "several-machines.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `(\w+)` \|", page.partition("## Flows")[2].partition("\n## ")[0], re.MULTILINE)
    assert sorted(listed) == sorted([*(flow.value for flow in FlowName), "daily_sweep"])
