"""Progress on standard error, for whatever may take longer than two seconds."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn


def bars(*, quiet: bool = False) -> Progress:
    """Bars to be entered; nothing is drawn when quiet."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        disable=quiet,
    )


def busy(sentence: str, *, quiet: bool = False) -> AbstractContextManager[object]:
    """A sign that something goes on whose end nobody can foretell; none where no terminal is."""
    return nullcontext() if quiet else Console(stderr=True, markup=False).status(sentence)
