"""A callback of a page runs to its end, and so does a run that changed the record, whatever is pressed next.

Streamlit ends a run where it next touches the session once another press waits. In a callback that loses what
was typed, or leaves the session half changed: the next run sees no new value and calls nothing. After a
change to the record nothing would say that it was recorded, and its draft would stay.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from streamlit.commands import execution_control
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.runtime.state import SafeSessionState

_Given = ParamSpec("_Given")
_TO_ITS_END = "_runs_to_its_end"


def run_whole() -> None:
    """Have every callback run to its end; the next press waits for it. Before the first page of a process."""
    begin, end = SafeSessionState.on_script_will_rerun, execution_control._force_yield_point
    if not hasattr(begin, "__wrapped__"):
        SafeSessionState.on_script_will_rerun = _whole(begin)  # type: ignore[method-assign]
    if not hasattr(end, "__wrapped__"):
        execution_control._force_yield_point = _ends_on_purpose(end)


def finish_this_run() -> None:
    """Have the run of this thread come to its end, or to its own ``st.rerun``: the next press waits."""
    runner = _this_runner()
    if runner is not None and runner._execing:
        runner._execing = False  # Streamlit ends no run that says so, and its next run sets it again
        setattr(runner, _TO_ITS_END, True)


def _this_runner() -> ScriptRunner | None:
    context = get_script_run_ctx(suppress_warning=True)
    return _runner_of(context.session_state) if context is not None else None


def _runner_of(state: object) -> ScriptRunner | None:
    runner = getattr(getattr(state, "_yield_callback", None), "__self__", None)
    return runner if isinstance(runner, ScriptRunner) else None


def _whole(begin: Callable[_Given, None]) -> Callable[_Given, None]:
    """Return the beginning of a run, in which callbacks are called, without a place where it may be ended."""

    @wraps(begin)
    def begin_whole(*given: _Given.args, **named: _Given.kwargs) -> None:
        runner = _runner_of(given[0])
        if runner is None or not runner._execing:
            begin(*given, **named)
            return
        setattr(runner, _TO_ITS_END, False)
        runner._execing = False
        try:
            begin(*given, **named)
        finally:
            runner._execing = True

    return begin_whole


def _ends_on_purpose(end: Callable[_Given, None]) -> Callable[_Given, None]:
    """Return the end that a page asks for by ``st.rerun`` or ``st.switch_page``, possible in such a run."""

    @wraps(end)
    def end_on_purpose(*given: _Given.args, **named: _Given.kwargs) -> None:
        runner = _this_runner()
        if runner is not None and getattr(runner, _TO_ITS_END, False):
            runner._execing = True
        end(*given, **named)

    return end_on_purpose
