"""Work on a whole large record, in a process of its own that gives its memory back when it ends.

A record with a million people takes gigabytes while it is searched, and this process serves all pages. A
small record is searched here: a new process takes some seconds to load.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from multiprocessing.connection import Pipe
from pathlib import Path
from typing import TypeVar, cast

import dashboard
from dashboard import callbacks, record, session
from dashboard.errors import OwnProcessError
from dashboard.run_turns import TURNS
from engine.domain.accounts.acting import Acting
from engine.domain.errors import SetupError, StacError
from engine.domain.system.submissions import Submission
from engine.runtime import DATABASE, HOME, Runtime
from engine.settings import Settings

_Answer = TypeVar("_Answer")
_LARGE = 1_000_000
"""From this number of links on, a question about all of them has a process of its own."""
_ONE_AT_A_TIME = threading.Lock()
_WAITS_FOR, LONGEST = 30, 300
"""Seconds that one waits for another's, and that the process may be silent unless more is given."""
_AGAIN = (
    "the machine may have too little memory: try again, or use the command: 'stac links --help' lists what "
    "it does"
)
_START = (
    "import sys; sys.path[0], descriptor = sys.argv[1:]; "
    "from dashboard.own_process_answer import answer; answer(int(descriptor))"
)


def ask(
    question: Callable[..., _Answer],
    /,
    *,
    is_small: bool = False,
    progress: Callable[[int, int], object] | None = None,
    may_be_recorded: str = "",
    **asked: object,
) -> _Answer:
    """Return ``question(context, snapshots=..., **asked)`` for the person signed in.

    ``question`` is a function of a module; what it is given and returns can be pickled. It may be given
    ``progress``, which is called here. ``is_small``: what it searches is known to be small.
    ``may_be_recorded`` says, of a question that records something, what to check if no answer comes.

    Raises
    ------
    StacError
        As the question does.
    SetupError
        The process ended before it answered.
    """
    runtime, acting = record.runtime(), session.acting()
    if not is_small and runtime.link_snapshots.links_in_files() >= _LARGE:
        return in_own_process(
            question,
            runtime,
            acting,
            progress=progress,
            may_be_recorded=may_be_recorded,
            longest=LONGEST,
            alone=_ONE_AT_A_TIME,
            submission=runtime.submission(),
            **asked,
        )
    if progress is not None:
        asked["progress"] = progress
    return question(runtime.context(acting), snapshots=runtime.link_snapshots, **asked)


def in_own_process(
    question: Callable[..., _Answer],
    runtime: Runtime,
    acting: Acting,
    /,
    *,
    progress: Callable[[int, int], object] | None = None,
    may_be_recorded: str = "",
    longest: int = LONGEST,
    alone: threading.Lock = _ONE_AT_A_TIME,
    submission: Submission | None = None,
    **asked: object,
) -> _Answer:
    """Return the same from a new process, one at a time: each takes gigabytes for some seconds.

    ``longest``: seconds that it may be silent. ``alone``: of what has the same one, one is done at a time.
    ``submission`` is read before: the next press may end the run of a page that reads its session here.

    Raises
    ------
    StacError
        As ``ask``.
    """
    request = (question, runtime.clock, acting, submission or Submission(), asked, progress is not None)
    with TURNS.given_back():
        if not alone.acquire(timeout=_WAITS_FOR):
            raise SetupError("other work on the whole record is under way; try again in a minute")
        try:
            progress = progress or (lambda done, of: None)
            answered = _answered(request, runtime.settings, progress, may_be_recorded, longest)
            return cast("_Answer", answered)
        finally:
            alone.release()


def _answered(
    request: tuple[object, ...],
    settings: Settings,
    progress: Callable[[int, int], object],
    may_be_recorded: str,
    longest: int,
) -> object:
    here, there = Pipe()
    root = str(Path(dashboard.__path__[0]).resolve().parent)
    with (
        here,
        subprocess.Popen(
            [sys.executable, "-c", _START, root, str(there.fileno())],
            stdin=subprocess.DEVNULL,
            pass_fds=[there.fileno()],
            env={**os.environ, HOME: str(settings.home), DATABASE: settings.database_url},
        ) as process,
    ):
        there.close()
        try:
            here.send(request)
            while here.poll(longest):
                match here.recv():
                    case ("progress", done, of):
                        progress(done, of)
                    case ("recorded",):
                        callbacks.finish_this_run()
                    case ("error", kind, text, facts):
                        raise _error(kind, text, facts)
                    case ("fault", kind, places):
                        raise OwnProcessError(kind, places, may_be_recorded)
                    case ("answer", answered):
                        return answered
            raise SetupError(
                f"work on the whole record took more than {longest // 60} minutes and was ended; "
                + (may_be_recorded or "use the command instead: 'stac links --help' lists what it does")
            )
        except (EOFError, OSError):
            raise SetupError(
                "work on the whole record was ended before its answer; " + (may_be_recorded or _AGAIN)
            ) from None
        finally:
            process.kill()


def _error(kind: type[StacError], text: str, facts: dict[str, object]) -> StacError:
    """Return an error as it was raised there: its own arguments are not all in it."""
    error = kind.__new__(kind, text)
    error.__dict__.update(facts)
    return error
