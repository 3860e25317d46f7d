"""Signing in and out in a browser: a cookie whose token is for a sign-in of the record. Knows no page.

The development sign-in proves nothing about a person. So it exists only where the operator said so, only
while no user in the record can prove who they are, and only for a browser on the same machine: what came
through a proxy or under another host name is not local.
"""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from dashboard import provider, record
from dashboard.arrivals import form_of, inside, is_local, is_of_our_page, is_over_tls
from dashboard.rejected_requests import note, place_of
from engine.domain.accounts.acting import User
from engine.domain.accounts.sign_ins import SignIn, SignInEnd, SignInStanding, SignInWay
from engine.domain.errors import InvalidInputError, NewPasswordError, RecordError, SignInError, StacError
from engine.services.accounts.passwords import sign_in_with_password
from engine.services.accounts.sign_ins import (
    all_act_on_their_word,
    begin_sign_in,
    end_sign_in,
    lately_expired,
    look_at_sign_in,
)
from engine.services.system.rejected_requests import Refused

COOKIE = "stac_sign_in"
SIGN_IN, SIGN_OUT, LOCK, IN_USE = "/sign-in", "/sign-out", "/lock", "/in-use"
_NOBODY = SignInStanding(ended=SignInEnd.UNKNOWN)


def is_development() -> bool:
    """Return whether the development sign-in is there: turned on, and no user here can prove who they are."""
    try:
        runtime = record.runtime()
        return runtime.settings.development_sign_in and all_act_on_their_word(uow=runtime.uow)
    except StacError:
        return False


def standing(token: str | None, *, local: bool, counts_as_use: bool = True) -> SignInStanding:
    """Return the sign-in of a cookie's token, read on every run: what ended elsewhere is over at once."""
    try:
        runtime = record.runtime()
    except StacError:
        return _NOBODY
    found = look_at_sign_in(
        uow=runtime.uow,
        clock=runtime.clock,
        token=token,
        lock_after=runtime.settings.sign_in.lock_after,
        counts_as_use=counts_as_use,
    )
    by_word = found.sign_in is not None and found.sign_in.way is SignInWay.DEVELOPMENT
    return _NOBODY if by_word and not (local and is_development()) else found


def expired_lately(request: Request, *, within: timedelta) -> SignIn | None:
    """Return the sign-in of a request that expired or was locked lately, for what it was typing."""
    try:
        runtime = record.runtime()
    except StacError:
        return None
    found = lately_expired(
        uow=runtime.uow,
        clock=runtime.clock,
        token=request.cookies.get(COOKIE),
        lock_after=runtime.settings.sign_in.lock_after,
        within=within,
    )
    by_word = found is not None and found.way is SignInWay.DEVELOPMENT
    return None if by_word and not (is_local(request.scope) and is_development()) else found


def signed_in(token: str | None, *, local: bool) -> User | None:
    """Return who is signed in."""
    return standing(token, local=local).user


def signed_in_here(request: Request) -> User | None:
    """Return who sent this request."""
    return signed_in(request.cookies.get(COOKIE), local=is_local(request.scope))


async def signed_in_here_or_noted(request: Request, what: Refused) -> SignIn | None:
    """Return who sent this request from a page of ours; if no signed-in user did, the log has it."""
    if not is_of_our_page(request):
        place = place_of(request.scope)
        await run_in_threadpool(note, Refused.FORM, place=place, because=what.name.lower())
        return None
    return await run_in_threadpool(standing_or_noted, request, what)


async def _note_form(request: Request) -> None:
    await run_in_threadpool(note, Refused.FORM, place=place_of(request.scope), because="sign-in")


def standing_or_noted(request: Request, what: Refused) -> SignIn | None:
    """Return the sign-in of a request; if there is none, the log has what was refused,
    and of which sign-in.
    """
    token = request.cookies.get(COOKIE)
    found = standing(token, local=is_local(request.scope))
    if found.sign_in is None:
        why = found.ended.name.lower() if token and found.ended else "no cookie"
        note(what, place=place_of(request.scope), because=why, sign_in=found.was)
    return found.sign_in


def remember(answer: Response, token: str, request: Request) -> None:
    """Give the browser its token: no script reads it, no other site sends it; it is for TLS where that is."""
    _set_cookie(answer, token, is_over_tls=is_over_tls(request.scope))


def returned_from_provider(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Return Streamlit's answer to the provider's return, with a sign-in of ours,
    or with why there is none.
    """
    try:
        token = provider.token_of(headers)
    except SignInError:
        token, why = None, b"/?why=provider"
        stored = [pair for pair in headers if pair[0].lower() not in {b"location", b"set-cookie"}]
        return [*stored, (b"location", why)]
    if token is None:
        return headers
    answer = Response()
    _set_cookie(answer, token, is_over_tls=False)  # the shell adds that it is for TLS
    return [*headers, *(pair for pair in answer.raw_headers if pair[0] == b"set-cookie")]


def _set_cookie(answer: Response, token: str, *, is_over_tls: bool) -> None:
    """Set the cookie: no script reads it and no other site sends it."""
    lasts = record.runtime().settings.sign_in.lasts
    answer.set_cookie(
        COOKIE,
        token,
        max_age=int(lasts.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=is_over_tls,
        path="/",
    )


def _sign_in_with_password(request: Request, form: dict[str, str]) -> Response:
    """Sign in with a name and a password. The result is one term in the address, and nothing typed."""
    try:
        runtime = record.runtime()
        token = sign_in_with_password(
            uow=runtime.uow,
            clock=runtime.clock,
            key=runtime.key,
            name=form.get("user", ""),
            password=form.get("password", ""),
            lasts=runtime.settings.sign_in.lasts,
            place=request.client.host if request.client else "unknown",
            new_password=form.get("new"),
        )
    except NewPasswordError:
        return _back(form, "new")
    except InvalidInputError:
        return _back(form, "weak")
    except RecordError:
        raise  # the record failed, not the person
    except StacError:
        return _back(form, "refused")
    answer = RedirectResponse(inside(form.get("to", "/")), status_code=303)
    remember(answer, token, request)
    return answer


def _back(form: dict[str, str], why: str) -> Response:
    text = urlencode({"why": why, "to": inside(form.get("to", "/"))})
    return RedirectResponse(f"/?{text}", status_code=303)


def _sign_in_by_choice(request: Request, form: dict[str, str]) -> Response:
    if not (is_development() and is_local(request.scope)):
        return PlainTextResponse("Sign-in is not available here.", status_code=404)
    runtime = record.runtime()
    try:
        token = begin_sign_in(
            uow=runtime.uow,
            clock=runtime.clock,
            name=form.get("user", ""),
            way=SignInWay.DEVELOPMENT,
            lasts=runtime.settings.sign_in.lasts,
        )
    except RecordError:
        raise
    except StacError:
        return RedirectResponse("/", status_code=303)
    answer = RedirectResponse(inside(form.get("to", "/")), status_code=303)
    remember(answer, token, request)
    return answer


async def _take_sign_in(request: Request) -> Response:
    if not is_of_our_page(request):
        await _note_form(request)
        return PlainTextResponse("Sign-in is not available here.", status_code=404)
    form = await form_of(request)
    way = _sign_in_with_password if "password" in form else _sign_in_by_choice
    if form.get("new", "") != form.get("again", ""):
        return _back(form, "differ")
    return await run_in_threadpool(way, request, form)  # a slow hash must not hold up the pages of all


async def _sign_out(request: Request) -> Response:
    if not is_of_our_page(request):
        await _note_form(request)
        return RedirectResponse("/", status_code=303)
    found = standing(request.cookies.get(COOKIE), local=is_local(request.scope)).sign_in
    by_provider = found is not None and found.way is SignInWay.PROVIDER
    _end(request, SignInEnd.SIGNED_OUT)
    answer = RedirectResponse(provider.LEAVE if by_provider else "/", status_code=303)
    answer.delete_cookie(COOKIE, path="/")
    return answer


async def _lock(request: Request) -> Response:
    """Lock after a time without use: the page itself says so, and is left, in every tab."""
    if not is_of_our_page(request) or COOKIE not in request.cookies:
        return Response(status_code=204)
    _end(request, SignInEnd.LOCKED)
    return Response(status_code=200)


async def _in_use(request: Request) -> Response:
    """Note that a page is being read without asking for another."""
    if is_of_our_page(request):
        signed_in_here(request)
    return Response(status_code=204)


def _end(request: Request, because: SignInEnd) -> bool:
    try:
        runtime = record.runtime()
    except StacError:
        return False
    token = request.cookies.get(COOKIE)
    user = standing(token, local=is_local(request.scope), counts_as_use=False).user
    has_ended = end_sign_in(uow=runtime.uow, clock=runtime.clock, token=token, because=because)
    if user is not None:
        runtime.held_networks.drop_of(user.name)
    return has_ended


ROUTES = (
    Route(SIGN_IN, _take_sign_in, methods=["POST"]),
    Route(SIGN_OUT, _sign_out, methods=["POST"]),
    Route(LOCK, _lock, methods=["POST"]),
    Route(IN_USE, _in_use, methods=["POST"]),
)
