"""The one runtime of this server, opened when it is first needed. Knows no page; opens no database itself."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

from dashboard import callbacks, run_turns, words
from engine.domain.system.submissions import Submission
from engine.runtime import Runtime, open_runtime
from engine.services.accounts.sent_files import UNLOCKED_FOR, sweep_uploads

_LOCK = threading.Lock()
_OPEN: list[Runtime] = []
SUBMISSION_OF_PAGE: list[Callable[[], Submission]] = []
"""Reads from the browser's session what was said of an act on its page; the session's door puts it here."""


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
    before = given.submission
    given.submission = lambda: _with_what_this_page_says(before())
    words.date_by(given.clock.today)
    return given


def _with_what_this_page_says(before: Submission) -> Submission:
    page = SUBMISSION_OF_PAGE[0]() if SUBMISSION_OF_PAGE else Submission()
    said_of = {**before.said_of, **page.said_of}
    return replace(page, said_of=said_of, again=before.again or page.again)
