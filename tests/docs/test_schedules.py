"""The operators' page lists the regular work as the one table has it."""

from __future__ import annotations

import re
from pathlib import Path

from flows.schedules import TABLE

PAGE = Path(__file__).parents[2] / "docs" / "operators" / "several-machines.md"
_ROW = re.compile(r"^\| `(\w+)` \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
_BOUNDS = re.compile(r"(\d+) to (\d+) seconds")


def test_the_page_lists_each_task_with_its_bounds_and_its_place() -> None:
    section = PAGE.read_text(encoding="utf-8").partition("## Regular work")[2].partition("\n## ")[0]
    rows = _ROW.findall(section)
    assert [(name, where) for name, _, where in rows] == [(work.name, work.where.value) for work in TABLE]
    by_name = {work.name: work for work in TABLE}
    above = None
    for name, often, _ in rows:
        work = by_name[name]
        said = _BOUNDS.search(often)
        above = (int(said[1]), int(said[2])) if said else above
        if work.may_be_changed:
            assert above == (work.least, work.most), name
        if work.setting and not often.startswith("the same"):
            assert f"`{work.setting.rpartition('.')[2]}`" in often
