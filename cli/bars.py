"""Progress on standard error, for whatever may take longer than two seconds."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn
from rich.text import Text


def bars(*, quiet: bool = False) -> Progress:
    """Return bars to be entered; nothing is drawn when quiet."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _TimeLeftColumn(),
        console=Console(stderr=True),
        disable=quiet,
    )


class _TimeLeftColumn(ProgressColumn):
    """Time that is left, about; once done, the time that it took."""

    max_refresh = 0.5

    def render(self, task: Task) -> Text:
        """Return the time in words; nothing before the first step gives a speed."""
        seconds = task.finished_time if task.finished else task.time_remaining
        if seconds is None:
            return Text("")
        minutes, seconds = divmod(round(seconds), 60)
        time = f"{minutes} min {seconds} s" if minutes else f"{seconds} s"
        return Text(f"took {time}" if task.finished else f"about {time} left")


def busy(sentence: str, *, quiet: bool = False) -> AbstractContextManager[object]:
    """Return a sign of work whose end cannot be foretold; none without a terminal."""
    return nullcontext() if quiet else Console(stderr=True, markup=False).status(sentence)
