"""Files that a page offers, each given by a route that asks who is signed in. Knows no page and no case."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from dashboard import record
from dashboard.sign_in import signed_in_here
from engine.domain.errors import StacError
from engine.services import agency_health

DIAGNOSTICS = "/diagnostics.json"
_HEADERS = {
    "cache-control": "no-store",
    "content-disposition": 'attachment; filename="stac-diagnostics.json"',
}


def _diagnostics(request: Request) -> Response:
    """How the installation stands, in counts, times and versions."""
    user = signed_in_here(request)
    if user is None:
        return PlainTextResponse("There is nothing here.", status_code=404)
    runtime = record.runtime()
    try:
        told = agency_health.diagnostics(
            uow=runtime.uow,
            clock=runtime.clock,
            settings=runtime.settings,
            acting=user.acting(),
            agencies=runtime.agencies,
        )
    except StacError as error:
        return PlainTextResponse(str(error), status_code=403)
    return Response(told.model_dump_json(indent=1), media_type="application/json", headers=_HEADERS)


ROUTES = (Route(DIAGNOSTICS, _diagnostics, methods=["GET"]),)
