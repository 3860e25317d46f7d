"""The other end of a question that has a process of its own. Loads no Streamlit: that takes a while."""

from __future__ import annotations

from multiprocessing.connection import Connection

from dashboard.fault_places import places_of
from engine.domain.errors import StacError
from engine.runtime import begin_log, open_runtime


def answer(descriptor: int) -> None:
    """Answer the one question that comes through this end of a pipe. Runs in the new process."""
    begin_log()
    with Connection(descriptor) as pipe:
        try:
            try:
                pipe.send(("answer", _found(pipe)))
            except StacError as error:
                pipe.send(("error", type(error), str(error), vars(error)))
        # also of an answer or error that cannot be sent; its text may have a name in it: only its places are
        except Exception as error:  # noqa: BLE001
            pipe.send(("fault", type(error).__name__, places_of(error)))


def _found(pipe: Connection) -> object:
    question, clock, acting, said, asked, has_progress = pipe.recv()
    if has_progress:
        asked["progress"] = lambda done, of: pipe.send(("progress", done, of))
    with open_runtime(clock=clock) as runtime:
        runtime.uow.after_writing = lambda: pipe.send(("recorded",))
        runtime.submission = lambda: said
        return question(runtime.context(acting), snapshots=runtime.link_snapshots, **asked)
