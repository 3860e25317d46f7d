"""The one runtime of this server, opened when it is first needed. Knows no page; opens no database itself."""

from __future__ import annotations

import threading

from dashboard import callbacks, run_turns, words
from engine.runtime import Runtime, open_runtime
from engine.services.accounts.sent_files import UNLOCKED_FOR, sweep_uploads

_LOCK = threading.Lock()
_OPEN: list[Runtime] = []


def runtime() -> Runtime:
    """Return the context of every use case; a SetupError says what to fix, and the next page tries again."""
    with _LOCK:
        if not _OPEN:
            opened = open_runtime()
            # Those that no process has locked were left by one that was killed; a new one is locked a moment
            # after it is made.
            sweep_uploads(opened.settings, before=opened.clock.now() - UNLOCKED_FOR)
            _OPEN.append(_shown(opened))
        return _OPEN[0]


def agency_named(code: str) -> str:
    """Return an agency as a page names it; one that is not installed has its code only."""
    return next((each.name for each in runtime().agencies_known if each.code == code), code)


def use(given: Runtime | None) -> None:
    """Show this record from now on; None lets go of it, and its opener closes it."""
    with _LOCK:
        _OPEN[:] = [_shown(given)] if given is not None else []
        if given is None:
            words.date_by(None)


def _shown(given: Runtime) -> Runtime:
    callbacks.run_whole()
    run_turns.run_in_turn()
    given.uow.after_writing = callbacks.finish_this_run
    words.date_by(given.clock.today)
    return given
