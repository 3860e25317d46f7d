"""A callback of a page runs to its end, and so does a run that changed the record, whatever is pressed next.

Streamlit ends a run where it next touches the session once another press waits. In a callback that loses what
was typed, or leaves the session half changed: the next run sees no new value and calls nothing. After a
change to the record nothing would say that it was recorded, and its draft would stay.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.runtime.state import SafeSessionState

_Given = ParamSpec("_Given")


def run_whole() -> None:
    """Have every callback run to its end; the next press waits for it."""
    begin = SafeSessionState.on_script_will_rerun
    if not hasattr(begin, "__wrapped__"):
        SafeSessionState.on_script_will_rerun = _whole(begin)  # type: ignore[method-assign]


def finish_this_run() -> None:
    """Have the run of this thread come to its end, if it is one; the next press waits for it."""
    context = get_script_run_ctx(suppress_warning=True)
    runner = _runner_of(context.session_state) if context is not None else None
    if runner is not None:
        runner._execing = False  # Streamlit ends no run that says so, and its next run sets it again


def _runner_of(state: object) -> ScriptRunner | None:
    runner = getattr(getattr(state, "_yield_callback", None), "__self__", None)
    return runner if isinstance(runner, ScriptRunner) and runner._execing else None


def _whole(begin: Callable[_Given, None]) -> Callable[_Given, None]:
    """Return the beginning of a run, in which callbacks are called, without a place where it may be ended."""

    @wraps(begin)
    def begin_whole(*given: _Given.args, **named: _Given.kwargs) -> None:
        runner = _runner_of(given[0])
        if runner is not None:
            runner._execing = False
        try:
            begin(*given, **named)
        finally:
            if runner is not None:
                runner._execing = True

    return begin_whole
