"""The route for text that a person is typing. It stores the text and answers with none.

A page has a signed pass for one form about one case, in its memory. For a time after a sign-in expired or
was locked its user's text is still stored, and nothing is read. Sending a draft does not count as use of a
sign-in: a page that is not in use may send one again. Knows no page and no form.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from dashboard import record, sending, words
from dashboard.arrivals import is_local, is_of_our_page
from dashboard.rejected_requests import note, place_of
from dashboard.sign_in import COOKIE, expired_lately, standing
from engine.domain.accounts.sign_ins import SignIn
from engine.domain.base import Frozen
from engine.domain.drafts import WRITABLE_AFTER_SIGN_IN
from engine.domain.errors import ConflictError, InvalidInputError, RecordError, SetupError, StacError
from engine.services.drafts import save_draft
from engine.services.system.rejected_requests import Refused

SAVE = "/drafts"
_MOST_BYTES = 64 * 1024


class Sent(Frozen):
    """The pass of a page, a field, and all the text in it now, with every space."""

    model_config = ConfigDict(str_strip_whitespace=False)

    signed_pass: Annotated[str, Field(max_length=2_000)]
    field: Annotated[str, Field(pattern="^[a-zA-Z0-9]")]
    text: str


async def _save(request: Request) -> Response:
    """Store the text of one field. Whether a case exists makes no difference to the answer."""
    if not is_of_our_page(request):
        await run_in_threadpool(note, Refused.FORM, place=place_of(request.scope), because="draft")
        return sending.nothing()
    body = await _body_of(request)
    if body is None:
        return PlainTextResponse("The text is too long.", status_code=413)
    return await run_in_threadpool(_saved, request, body)


async def _body_of(request: Request) -> bytes | None:
    body = b""
    try:
        async for part in request.stream():
            body += part
            if len(body) > _MOST_BYTES:
                return None
    except ClientDisconnect:
        return b""
    return body


def _saved(request: Request, body: bytes) -> Response:
    sign_in, is_signed_in = _typist(request)
    if sign_in is None:
        return sending.nothing()
    try:
        sent = Sent.model_validate_json(body)
    except ValidationError:
        note(Refused.DRAFT, place=place_of(request.scope), because="malformed", sign_in=sign_in.id)
        return sending.nothing()
    runtime = record.runtime()
    try:
        with runtime.refusals.noted(sign_in.user.acting()):
            at = save_draft(
                uow=runtime.uow,
                clock=runtime.clock,
                key=runtime.key,
                user=sign_in.user,
                signed_pass=sent.signed_pass,
                fields={sent.field: sent.text},
            )
    except RecordError:
        raise  # the draft may be good: the page sends it again
    except InvalidInputError as error:
        return PlainTextResponse(str(error), status_code=422)
    except (ConflictError, SetupError):
        return PlainTextResponse("The text could not be saved now.", status_code=503)
    except StacError:
        return sending.nothing()
    answer = {"saved_at": words.time_of(at), "is_signed_in": is_signed_in}
    return JSONResponse(answer, headers={"cache-control": "no-store"})


def _typist(request: Request) -> tuple[SignIn | None, bool]:
    """Return whose draft this is, and whether they are signed in now; a refusal is in the log."""
    token = request.cookies.get(COOKIE)
    found = standing(token, local=is_local(request.scope), counts_as_use=False)
    if found.sign_in is not None:
        return found.sign_in, True
    expired = expired_lately(request, within=WRITABLE_AFTER_SIGN_IN)
    if expired is None:
        why = found.ended.name.lower() if token and found.ended else "no cookie"
        note(Refused.DRAFT, place=place_of(request.scope), because=why, sign_in=found.was)
    return expired, False


ROUTES = (Route(SAVE, _save, methods=["POST"]),)
