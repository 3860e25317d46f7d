"""Progress on standard error, for whatever may take longer than two seconds."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn


def bars(*, quiet: bool = False) -> Progress:
    """Return bars to be entered; nothing is drawn when quiet."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        disable=quiet,
    )


def busy(sentence: str, *, quiet: bool = False) -> AbstractContextManager[object]:
    """Return a sign of work whose end cannot be foretold; none without a terminal."""
    return nullcontext() if quiet else Console(stderr=True, markup=False).status(sentence)
