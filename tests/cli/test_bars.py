"""Progress says about how long it will take, and afterwards how long it took."""

from __future__ import annotations

import io

from rich.console import Console
from rich.progress import Progress

from cli.bars import _TimeLeftColumn


def test_it_estimates_what_is_left_and_says_how_long_it_took() -> None:
    now = [0.0]
    progress = Progress(get_time=lambda: now[0], console=Console(file=io.StringIO()))
    task = progress.add_task("import", total=100)
    column = _TimeLeftColumn()
    progress.advance(task, 0)
    assert column.render(progress.tasks[0]).plain == ""
    for _ in range(5):
        now[0] += 10
        progress.advance(task, 10)
        column._renderable_cache.clear()
    assert column.render(progress.tasks[0]).plain == "about 50 s left"
    now[0] += 45
    progress.advance(task, 50)
    column._renderable_cache.clear()
    assert column.render(progress.tasks[0]).plain == "took 1 min 35 s"
