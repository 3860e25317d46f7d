"""Prefect for a while: settings, then a server, then the import. Knows no flow and no case."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from queue import Empty
from typing import TYPE_CHECKING, cast

from engine.domain.errors import SetupError
from engine.gc_pause import collector_at_rest
from flows import prefect_settings, server

if TYPE_CHECKING:
    from httpx import Response

_TELL_SECONDS = 10.0
_TRIED_AGAIN = 2
_AT_HAND: ContextVar[str | None] = ContextVar("flows_prefect_at_hand", default=None)


class PrefectAwayError(SetupError):
    """The Prefect server went away while a flow ran. What was stored stays, and the rest can be run again."""

    def __init__(self) -> None:
        super().__init__("the Prefect server stopped; finished work is stored, so run the same command again")


@contextmanager
def prefect_at_hand(home: Path, *, url: str | None = None) -> Iterator[str]:
    """Run flows that are called inside against the server at ``url``.

    Without it that is the lasting one of this home, or a temporary one that ends with the block. Inside
    another such block this changes nothing. Raises PrefectAwayError when the server goes away under a flow.
    """
    there = _AT_HAND.get()
    if there is not None:
        yield there
    elif found := url or server.lasting_server(home):
        with _settings_for(home, found):
            yield found
    else:
        with server.temporary_server(home) as started, _settings_for(home, started):
            yield started


@contextmanager
def prefect_set_already(url: str) -> Iterator[None]:
    """Have flows that are called inside use the server that Prefect's own settings name here already."""
    token = _AT_HAND.set(url)
    try:
        yield
    finally:
        _AT_HAND.reset(token)


@contextmanager
def prefect_begun(home: Path) -> Iterator[Callable[[], AbstractContextManager[str]]]:
    """Start the server now; yield a function whose block, entered when a flow is due, runs flows against it.

    The server starts on another core meanwhile.
    """
    if _AT_HAND.get() is not None or server.lasting_server(home):
        yield lambda: prefect_at_hand(home)
    else:
        with server.begun_server(home) as ready:
            yield lambda: prefect_at_hand(home, url=ready())


@contextmanager
def _settings_for(home: Path, url: str) -> Iterator[None]:
    prefect_settings.apply(home, server_url=url)
    with collector_at_rest():
        from prefect.context import SyncClientContext
        from prefect.events.worker import EventsWorker
        from prefect.settings import (
            PREFECT_API_URL,
            PREFECT_CLIENT_MAX_RETRIES,
            PREFECT_FLOWS_HEARTBEAT_FREQUENCY,
            temporary_settings,
        )

    settings = temporary_settings(
        {
            PREFECT_API_URL: url,
            # The heartbeat cannot be turned off by the environment, and costs each run a second.
            PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None,
            # A client that has reached its server tries a lost one again and again: for a minute, by default.
            PREFECT_CLIENT_MAX_RETRIES: _TRIED_AGAIN,
        }
    )
    token = _AT_HAND.set(url)
    try:
        with settings:
            try:
                # One for all flows: each would open its own, and read every authority for TLS to do so.
                with SyncClientContext() as opened:
                    opened.client.request = _asks_once_for_a_flow(opened.client.request)  # type: ignore[method-assign]
                    yield
            except _server_faults():
                _forget_events()
                raise PrefectAwayError from None
            finally:
                # What is not yet sent goes to this server; a later block may have another.
                answer = EventsWorker.drain_all(timeout=_TELL_SECONDS)
                assert not inspect.isawaitable(answer)
    finally:
        _AT_HAND.reset(token)


def _asks_once_for_a_flow(request: Callable[..., Response]) -> Callable[..., Response]:
    """Return the client's way to its server, which remembers the id of a flow.

    Prefect asks before each run, a fifth of what it asks for one. A server that has lost the flow refuses its
    run, and the block ends as where a server went away.
    """
    known: dict[str, Response] = {}

    def asked(method: str, path: str, **given: object) -> Response:
        if (method, path) != ("POST", "/flows/"):
            return request(method, path, **given)
        name = cast("Mapping[str, str]", given["json"])["name"]
        if name not in known:
            known[name] = request(method, path, **given)
        return known[name]

    return asked


def _forget_events() -> None:
    """Drop what is not yet sent to a server that is gone: Prefect would try each event for ten seconds."""
    from prefect.events.worker import EventsWorker

    for worker in tuple(EventsWorker._instances.values()):  # type: ignore[misc]  # generic, for no use here
        with suppress(Empty):
            while True:
                worker._queue.get_nowait()
                worker._queue.task_done()
    EventsWorker.drain_all(timeout=0)


def _server_faults() -> tuple[type[Exception], ...]:
    """Return what a flow raises when the server went away under it."""
    import httpx  # Prefect's own way to its server; both load slowly
    from prefect.exceptions import PrefectException

    return (httpx.HTTPError, PrefectException)
