"""The route that the screens of a conference ask each second: whether anything changed, and the timer.

It answers with a version number, times, the place of the item on the screen, and marks that change with what
its person may know of the case: no content of it. An account of a room's screen has an empty answer while no
conference is open there: it is signed in and waits. Asking
leaves no audit entry and does not count as use of a sign-in. Knows no page.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dashboard import record, sending
from dashboard.arrivals import is_local, is_of_our_page
from dashboard.sign_in import COOKIE, standing
from engine.domain.accounts.acting import Role
from engine.domain.base import Frozen
from engine.domain.errors import RecordError, StacError
from engine.services.conference.room import read_room_pulse
from engine.services.conference.session import read_pulse

ASK = "/conference-pulse"
_MOST_BYTES = 200


class Asked(Frozen):
    """The conference that a screen shows; blank is the one that is open on the account of a room's screen."""

    conference: Annotated[str, Field(max_length=40)] = ""
    is_room: bool = False


async def _ask(request: Request) -> Response:
    """Answer a screen. Why there is no answer makes no difference to what it reads."""
    if not is_of_our_page(request):
        return sending.nothing()
    body = b""
    try:
        async for part in request.stream():
            body += part
            if len(body) > _MOST_BYTES:
                return sending.nothing()
    except ClientDisconnect:
        return sending.nothing()
    return await run_in_threadpool(_answer, request, body)


def _answer(request: Request, body: bytes) -> Response:
    token = request.cookies.get(COOKIE)
    acting = standing(token, local=is_local(request.scope), counts_as_use=False).acting()
    if acting is None:
        return sending.nothing()
    runtime = record.runtime()
    try:
        asked = Asked.model_validate_json(body)
    except ValidationError:
        return sending.nothing()
    # whether an agency is suspended makes no difference to an answer, and would be read for each
    context = runtime.context(acting).with_agencies(runtime.agencies_described)
    named = asked.conference or None
    try:
        if asked.is_room or named is None:
            pulse = read_room_pulse(context, conference=named)
        else:
            pulse = read_pulse(context, conference=named)
    except RecordError:
        raise  # the screen asks again
    except StacError:
        waits = named is None and acting.role is Role.ROOM_SCREEN
        return Response(status_code=204) if waits else sending.nothing()
    return JSONResponse(pulse.model_dump(mode="json"), headers={"cache-control": "no-store"})


ROUTES = (Route(ASK, _ask, methods=["POST"]),)
