"""A flow's errors. Prefect stores the text of one, and a database's quotes what was to be stored."""

from __future__ import annotations

import traceback
from collections.abc import Iterable
from contextlib import ContextDecorator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from engine.domain.errors import IllegalTransitionError, RecordError, StacError

if TYPE_CHECKING:
    from prefect.futures import PrefectFuture

_ROOT = Path(__file__).parent.parent


class StepFailedError(Exception):
    """A step failed by an unforeseen error of ours: its kind and place, and none of its text."""

    def __init__(self, kind: str, place: str) -> None:
        self.kind, self.place = kind, place
        super().__init__(f"{kind} in {place}")


class id_only_errors(ContextDecorator):  # noqa: N801  it reads as the word that it is
    """Lets a StacError out, whose message holds ids only; any other error becomes a StepFailedError."""

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, Exception) and not isinstance(error, StacError | StepFailedError):
            failed = StepFailedError(type(error).__name__, _place_of(trace))
            failed.__suppress_context__ = True
            error.__traceback__ = None
            raise failed


def raise_failures(ended: Iterable[PrefectFuture[None]]) -> None:
    """Raise what the first of these failed by, if one did. To read a result costs a thread's work."""
    for each in ended:
        if not each.state.is_completed():
            each.result()


def kind_of(error: BaseException) -> str:
    """Return the kind of an error, for the outbox: never its text."""
    if isinstance(error, RecordError):
        return f"{type(error).__name__}: {error.fault.value}"
    return error.kind if isinstance(error, StepFailedError) else type(error).__name__


def safe_message(error: BaseException) -> str:
    """Return an error in words with only ids: its own, if they are ours, else its kind."""
    return str(error) if isinstance(error, StacError | StepFailedError) else kind_of(error)


def is_final(error: BaseException) -> bool:
    """Return whether to run the flow again cannot help:
    the case has moved on to where it is not called for.
    """
    return isinstance(error, IllegalTransitionError)


def _place_of(trace: TracebackType | None) -> str:
    """Return the innermost line of our own code: a file and a number, which quote nothing."""
    ours = [
        f"{Path(frame.filename).relative_to(_ROOT)}:{frame.lineno}"
        for frame in traceback.extract_tb(trace)
        if Path(frame.filename).is_relative_to(_ROOT) and "site-packages" not in frame.filename
    ]
    return ours[-1] if ours else "code that is not ours"
