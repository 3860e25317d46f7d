"""Addresses for the watch of a server: does it answer, can it be used, and its figures for this machine only.

No sign-in is needed, and no answer has an id or a text of a person; the first two have no figure. Asking
leaves no audit entry and does not count as use of a sign-in. Knows no page.
"""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from dashboard import record
from dashboard.arrivals import is_local
from engine.domain.errors import StacError
from engine.services.system.metrics import CONTENT_TYPE, metrics
from engine.services.system.readiness import Part, Readiness, readiness

ALIVE, READY, METRICS = "/healthz", "/readyz", "/metrics"
_NEVER_STORED = {"cache-control": "no-store"}


async def _alive(request: Request) -> Response:
    """Answer that the server answers, whatever state the record is in."""
    return PlainTextResponse("alive", headers=_NEVER_STORED)


async def _ready(request: Request) -> Response:
    """Answer 200 where pages can be read and written, otherwise 503; with the state of each part."""
    found = await run_in_threadpool(_readiness)
    return JSONResponse(
        found.model_dump(mode="json"), status_code=200 if found.can_serve else 503, headers=_NEVER_STORED
    )


def _readiness() -> Readiness:
    try:
        runtime = record.runtime()
    except StacError:
        return Readiness(record=Part.FAILED, runner=Part.NOT_KNOWN, disk=Part.NOT_KNOWN)
    return readiness(uow=runtime.uow, clock=runtime.clock, settings=runtime.settings)


async def _metrics(request: Request) -> Response:
    """Answer with counts of machinery, to this machine only."""
    if not is_local(request.scope):
        return PlainTextResponse("not found", status_code=404, headers=_NEVER_STORED)
    text = await run_in_threadpool(_figures)
    return Response(text, media_type=CONTENT_TYPE, headers=_NEVER_STORED)


def _figures() -> str:
    try:
        runtime = record.runtime()
    except StacError:
        return "# TYPE stac_record_ready gauge\nstac_record_ready 0\n# EOF\n"
    return metrics(uow=runtime.uow, clock=runtime.clock, settings=runtime.settings)


ROUTES = (Route(ALIVE, _alive), Route(READY, _ready), Route(METRICS, _metrics))
