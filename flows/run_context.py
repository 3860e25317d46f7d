"""The runtime that a flow run works with, and for whom. Knows nothing of Prefect, and builds nothing.

Prefect stores a flow's parameters, so they are ids; everything else reaches a flow through here. Prefect runs
tasks in copies of the flow's context, so a task on another thread finds the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from engine.domain.accounts.acting import Acting, flow_acting
from engine.domain.errors import SetupError
from engine.runtime import Runtime


@dataclass(frozen=True)
class RunContext:
    """A runtime, and the flow acting as itself for the purpose of the user who started it.

    With ``queue`` the run is that agency's part: the other agencies of this home were asked by another run.
    """

    runtime: Runtime
    acting: Acting
    queue: str | None = None

    @property
    def agencies_to_ask(self) -> frozenset[str]:
        """The agencies that this run may ask."""
        agencies = self.runtime.agencies
        return frozenset(
            code for code in agencies.codes if agencies.is_here(code) and self.queue in (None, code)
        )


_IN_FORCE: ContextVar[RunContext] = ContextVar("flows_in_force")


@contextmanager
def running(
    runtime: Runtime, *, purpose: str, on_behalf_of: str, queue: str | None = None
) -> Iterator[RunContext]:
    """Run flows that are called inside with this runtime, for this purpose of this person."""
    put = RunContext(runtime=runtime, acting=flow_acting(purpose, on_behalf_of), queue=queue)
    token = _IN_FORCE.set(put)
    try:
        yield put
    finally:
        _IN_FORCE.reset(token)


def current_run() -> RunContext:
    """Return the flow run's context around the caller."""
    try:
        return _IN_FORCE.get()
    except LookupError:
        raise SetupError("a flow was called without a runtime; let the runner call it") from None
