"""Files of a network that a page sends, as ``dashboard.uploads`` takes a file of referrals. Knows no page.

What became of them waits here as one sentence for the page of the same sign-in; the files themselves wait,
sealed, with their owner's networks.
"""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dashboard import record, sending
from dashboard.sign_in import signed_in_here_or_noted
from engine.domain.accounts.sign_ins import SignIn
from engine.domain.errors import InvalidInputError, RecordError, StacError
from engine.services.links import received_files
from engine.services.system.rejected_requests import Refused

ASK = "/network-files"
_SECONDS = 300
_INCOMPLETE = InvalidInputError("files", "they did not arrive complete; send them again")
_FAULTS: sending.ResultsBySignIn[str] = sending.ResultsBySignIn()


def take_fault(sign_in: SignIn) -> str | None:
    """Return once why the last files of this sign-in were not received."""
    return _FAULTS.take(sign_in)


async def _ask(request: Request) -> Response:
    """Answer a page that asks where to send files to."""
    found = await signed_in_here_or_noted(request, Refused.UPLOAD)
    return sending.nothing() if found is None else await run_in_threadpool(_allowed, found)


def _allowed(found: SignIn) -> Response:
    runtime = record.runtime()
    return sending.link_answer(
        found.user.acting(received_files.PURPOSE),
        lambda: received_files.allow_files(uow=runtime.uow, clock=runtime.clock, sign_in=found),
    )


async def _send(request: Request) -> Response:
    """Take the files by their link."""
    found = await signed_in_here_or_noted(request, Refused.UPLOAD)
    if found is None:
        return sending.nothing()
    acting = found.user.acting(received_files.PURPOSE)
    if not await sending.used(found, acting, lambda: _use(found, request.path_params["token"])):
        return sending.nothing()
    try:
        await _received(request, found)
    except StacError as error:
        _FAULTS.keep(found, str(error))
        if isinstance(error, RecordError):
            raise
        return await sending.refused(request, error, acting, found)
    _FAULTS.keep(found, None)
    return Response(status_code=204)


def _use(found: SignIn, token: str) -> bool:
    runtime = record.runtime()
    received_files.use_files_link(uow=runtime.uow, clock=runtime.clock, sign_in=found, token=token)
    return True


async def _received(request: Request, found: SignIn) -> None:
    runtime = record.runtime()
    most = runtime.settings.largest_network_mib
    async with sending.arrived(request, seconds=_SECONDS, incomplete=_INCOMPLETE, most_mib=most) as landed:
        landed.whole()
        context = runtime.context(found.user.acting(received_files.PURPOSE))
        await run_in_threadpool(received_files.receive_together, context, path=landed.path)


ROUTES = (
    Route(ASK, _ask, methods=["POST"]),
    Route(f"{ASK}/{{token}}", _send, methods=["POST"]),
)
