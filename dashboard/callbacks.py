"""A callback of a page runs to its end, whatever is pressed next.

Streamlit ends a run where it next touches the session once another press waits. In a callback that loses what
was typed, or leaves the session half changed: the next run sees no new value and calls nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.runtime.state import SafeSessionState

_Given = ParamSpec("_Given")


def run_whole() -> None:
    """Have every callback run to its end; the next press waits for it."""
    begin = SafeSessionState.on_script_will_rerun
    if not hasattr(begin, "__wrapped__"):
        SafeSessionState.on_script_will_rerun = _whole(begin)  # type: ignore[method-assign]


def _whole(begin: Callable[_Given, None]) -> Callable[_Given, None]:
    """Return the beginning of a run, in which callbacks are called, without a place where it may be ended."""

    @wraps(begin)
    def begin_whole(*given: _Given.args, **named: _Given.kwargs) -> None:
        runner = getattr(getattr(given[0], "_yield_callback", None), "__self__", None)
        if not isinstance(runner, ScriptRunner) or not runner._execing:
            begin(*given, **named)
            return
        runner._execing = False  # Streamlit ends no run that says so
        try:
            begin(*given, **named)
        finally:
            runner._execing = True

    return begin_whole
