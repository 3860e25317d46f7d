"""Files of a network that a page sends, as ``dashboard.uploads`` takes a file of referrals. Knows no page.

What became of them waits here as one sentence for the page of the same sign-in; the files themselves wait,
sealed, with their owner's networks.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

import anyio
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from dashboard import record
from dashboard.rejected_requests import note, place_of
from dashboard.sign_in import signed_in_here_or_noted
from engine.domain.accounts.sign_ins import SignIn
from engine.domain.errors import InvalidInputError, NotPermittedError, RecordError, StacError
from engine.services.links import received_files
from engine.services.referrals import uploads
from engine.services.system.rejected_requests import Refused

ASK = "/network-files"
_SECONDS = 300
_MOST_KEPT = 200
_FAULTS: OrderedDict[tuple[str, int], str] = OrderedDict()
_LOCK = Lock()


def take_fault(sign_in: SignIn) -> str | None:
    """Return once why the last files of this sign-in were not received."""
    with _LOCK:
        return _FAULTS.pop(_whose(sign_in), None)


def _keep(sign_in: SignIn, sentence: str | None) -> None:
    with _LOCK:
        _FAULTS.pop(_whose(sign_in), None)
        if sentence is not None:
            _FAULTS[_whose(sign_in)] = sentence
        while len(_FAULTS) > _MOST_KEPT:
            _FAULTS.popitem(last=False)


def _whose(sign_in: SignIn) -> tuple[str, int]:
    return str(record.runtime().settings.home), sign_in.id


def _nothing() -> Response:
    return PlainTextResponse("There is nothing here.", status_code=404)


async def _ask(request: Request) -> Response:
    """Answer a page that asks where to send files to."""
    found = await signed_in_here_or_noted(request, Refused.UPLOAD)
    return _nothing() if found is None else await run_in_threadpool(_allowed, found)


def _allowed(found: SignIn) -> Response:
    runtime = record.runtime()
    try:
        with runtime.refusals.noted(found.user.acting(received_files.PURPOSE)):
            token = received_files.allow_files(uow=runtime.uow, clock=runtime.clock, sign_in=found)
    except RecordError:
        raise
    except StacError:
        return _nothing()
    return PlainTextResponse(token, headers={"cache-control": "no-store"})


async def _send(request: Request) -> Response:
    """Take the files by their link."""
    found = await signed_in_here_or_noted(request, Refused.UPLOAD)
    if found is None:
        return _nothing()
    acting = found.user.acting(received_files.PURPOSE)
    try:
        await run_in_threadpool(_use, found, request.path_params["token"])
    except RecordError:
        raise
    except StacError:
        return _nothing()  # and the log has it
    try:
        await _received(request, found)
    except StacError as error:
        _keep(found, str(error))
        if isinstance(error, RecordError):
            raise
        await run_in_threadpool(
            note,
            Refused.UPLOAD,
            place=place_of(request.scope),
            acting=acting,
            because="file",
            sign_in=found.id,
        )
        return PlainTextResponse(str(error), status_code=422)
    _keep(found, None)
    return Response(status_code=204)


def _use(found: SignIn, token: str) -> None:
    """Use the link. One that is not good is logged."""
    runtime = record.runtime()
    try:
        received_files.use_files_link(uow=runtime.uow, clock=runtime.clock, sign_in=found, token=token)
    except NotPermittedError as error:
        acting = found.user.acting(received_files.PURPOSE)
        note(Refused.ACT, acting=acting, because=error.act, sign_in=found.id)
        raise


async def _received(request: Request, found: SignIn) -> None:
    runtime = record.runtime()
    with uploads.landing(clock=runtime.clock, settings=runtime.settings) as landed:
        landed.expects(request.headers.get("content-length"))
        try:
            with anyio.fail_after(_SECONDS):
                async for part in request.stream():
                    landed.add(part)
        except (TimeoutError, ClientDisconnect):
            raise InvalidInputError("files", "they did not arrive complete; send them again") from None
        landed.whole()
        context = runtime.context(found.user.acting(received_files.PURPOSE))
        await run_in_threadpool(received_files.receive_together, context, path=landed.path)


ROUTES = (
    Route(ASK, _ask, methods=["POST"]),
    Route(f"{ASK}/{{token}}", _send, methods=["POST"]),
)
