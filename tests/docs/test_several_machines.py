"""The operators' page of what runs when names each flow, and which of them have queues of agencies."""

from __future__ import annotations

import re
from pathlib import Path

from engine.store.repositories.system.outbox import FlowName

PAGE = Path(__file__).parents[2] / "docs" / "operators" / "several-machines.md"
_ROW = re.compile(r"^\| `(\w+)` \| [^|]+ \| ([^|]+) \| [^|]+ \|$", re.MULTILINE)


def test_the_table_of_flows_names_each_with_its_queue() -> None:
    rows = dict(_ROW.findall(PAGE.read_text(encoding="utf-8")))
    assert rows.pop("daily_sweep") == "any"
    assert rows == {flow.value: "each agency's" if flow.asks_agencies else "any" for flow in FlowName}
