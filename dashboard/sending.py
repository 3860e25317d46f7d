"""Files that pages send: the answer with a link, the bytes as they come, the result of each sign-in.

Knows no page and no kind of file.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from threading import Lock
from typing import Generic, TypeVar

import anyio
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response

from dashboard import record
from dashboard.rejected_requests import note, place_of
from engine.domain.accounts.acting import Acting
from engine.domain.accounts.sign_ins import SignIn
from engine.domain.errors import InvalidInputError, NotPermittedError, RecordError, StacError
from engine.services.accounts.sent_files import Landing, landing
from engine.services.system.rejected_requests import Refused

_MOST_KEPT = 200
_Result = TypeVar("_Result")


class ResultsBySignIn(Generic[_Result]):
    """The last result of each sign-in, for the page of the same sign-in; the oldest are forgotten."""

    def __init__(self) -> None:
        self._results: OrderedDict[tuple[str, int], _Result] = OrderedDict()
        self._lock = Lock()

    def keep(self, sign_in: SignIn, result: _Result | None) -> None:
        """Store the result of this sign-in; None forgets it."""
        with self._lock:
            self._results.pop(_whose(sign_in), None)
            if result is not None:
                self._results[_whose(sign_in)] = result
            while len(self._results) > _MOST_KEPT:
                self._results.popitem(last=False)

    def last_of(self, sign_in: SignIn) -> _Result | None:
        """Return the result, which stays."""
        with self._lock:
            return self._results.get(_whose(sign_in))

    def take(self, sign_in: SignIn) -> _Result | None:
        """Return the result once."""
        with self._lock:
            return self._results.pop(_whose(sign_in), None)


def _whose(sign_in: SignIn) -> tuple[str, int]:
    return str(record.runtime().settings.home), sign_in.id


def nothing() -> Response:
    """Answer as if nothing were there: who may not send learns nothing else."""
    return PlainTextResponse("There is nothing here.", status_code=404)


def link_answer(acting: Acting, allow: Callable[[], str]) -> Response:
    """Answer with a new link, or with nothing if this person may have none; the log has it."""
    try:
        with record.runtime().refusals.noted(acting):
            token = allow()
    except RecordError:
        raise
    except StacError:
        return nothing()
    return PlainTextResponse(token, headers={"cache-control": "no-store"})


async def used(sign_in: SignIn, acting: Acting, use: Callable[[], _Result]) -> _Result | None:
    """Use a link; None if it is not good, which is logged."""
    try:
        return await run_in_threadpool(_noted, sign_in, acting, use)
    except RecordError:
        raise
    except StacError:
        return None


def _noted(sign_in: SignIn, acting: Acting, use: Callable[[], _Result]) -> _Result:
    try:
        return use()
    except NotPermittedError as error:
        note(Refused.ACT, acting=acting, because=error.act, sign_in=sign_in.id)
        raise


@asynccontextmanager
async def arrived(
    request: Request, *, seconds: int, incomplete: InvalidInputError, most_mib: int | None = None
) -> AsyncIterator[Landing]:
    """Receive the bytes of a request; ``incomplete`` says that some are missing."""
    runtime = record.runtime()
    with landing(clock=runtime.clock, settings=runtime.settings, most_mib=most_mib) as landed:
        landed.expects(request.headers.get("content-length"))
        try:
            with anyio.fail_after(seconds):
                async for part in request.stream():
                    landed.add(part)
        except (TimeoutError, ClientDisconnect):
            raise incomplete from None
        yield landed


async def refused(request: Request, error: StacError, acting: Acting, sign_in: SignIn) -> Response:
    """Answer why a file was not read; the log has that one was not."""
    await run_in_threadpool(
        note,
        Refused.UPLOAD,
        place=place_of(request.scope),
        acting=acting,
        because="file",
        sign_in=sign_in.id,
    )
    return PlainTextResponse(str(error), status_code=422)
