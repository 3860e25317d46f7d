"""Who is signed in at this server: a table in memory, found by a cookie. Knows no page and no case.

The development sign-in proves nothing about a person. So it exists only where the operator said so, and only
for a browser on the same machine: what came through a proxy or under another host name is not local.
"""

from __future__ import annotations

import hashlib
import ipaddress
import secrets
import threading
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import Scope

from dashboard import record
from engine.domain.acting import User
from engine.domain.errors import StacError
from engine.services.users import find_user

COOKIE = "stac_sign_in"
LOCAL = "x-stac-local"
LASTS = timedelta(hours=8)
SIGN_IN, SIGN_OUT = "/sign-in", "/sign-out"
_MOST_FORM_BYTES = 4_096
_LOCAL_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
_FORWARDING = frozenset({b"forwarded", b"x-forwarded-for", b"x-forwarded-host", b"x-real-ip", b"via"})


class SignIns:
    """Tokens and whom they stand for. Only digests are kept; a restart signs everybody out."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_digest: dict[str, tuple[str, datetime]] = {}

    def start(self, user: str, *, at: datetime) -> str:
        """A new token for this user."""
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._by_digest = {d: kept for d, kept in self._by_digest.items() if at - kept[1] < LASTS}
            self._by_digest[_digest(token)] = (user, at)
        return token

    def user_of(self, token: str | None, *, at: datetime) -> str | None:
        """Whom a token stands for, or None when it is unknown, ended or too old."""
        if not token:
            return None
        with self._lock:
            kept = self._by_digest.get(_digest(token))
        return kept[0] if kept is not None and at - kept[1] < LASTS else None

    def end(self, token: str | None) -> None:
        """Make a token worthless, in every tab that holds it."""
        with self._lock:
            self._by_digest.pop(_digest(token or ""), None)


SIGN_INS = SignIns()


def is_local(scope: Scope) -> bool:
    """Whether a browser on this very machine asked, under one of this machine's own names."""
    headers = _header_map(scope["headers"])
    ends = [scope.get("server"), scope.get("client")]
    if any(end is None or not _is_loopback(end[0]) for end in ends) or _FORWARDING & headers.keys():
        return False
    return urlsplit(f"//{headers.get(b'host', b'').decode('latin-1')}").hostname in _LOCAL_NAMES


def is_offered() -> bool:
    """Whether the operator turned the development sign-in on."""
    try:
        return record.runtime().settings.development_sign_in
    except StacError:
        return False


def signed_in(token: str | None, *, local: bool) -> User | None:
    """The user of a token; looked up again on every run, so that a removed user is out at once."""
    if not local or not is_offered():
        return None
    runtime = record.runtime()
    name = SIGN_INS.user_of(token, at=runtime.clock.now())
    if name is None:
        return None
    user = find_user(uow=runtime.uow, name=name)
    return user if user.active else None


async def _sign_in(request: Request) -> Response:
    if not (is_offered() and is_local(request.scope) and _same_origin(request)):
        return PlainTextResponse("There is no sign-in here.", status_code=404)
    form = await _form(request)
    runtime = record.runtime()
    try:
        user = find_user(uow=runtime.uow, name=form.get("user", ""))
    except StacError:
        return RedirectResponse("/", status_code=303)
    answer = RedirectResponse(_inside(form.get("to", "/")), status_code=303)
    token = SIGN_INS.start(user.name, at=runtime.clock.now())
    answer.set_cookie(
        COOKIE, token, max_age=int(LASTS.total_seconds()), httponly=True, samesite="strict", path="/"
    )
    return answer


async def _sign_out(request: Request) -> Response:
    if _same_origin(request):
        SIGN_INS.end(request.cookies.get(COOKIE))
    answer = RedirectResponse("/", status_code=303)
    answer.delete_cookie(COOKIE, path="/")
    return answer


ROUTES = (Route(SIGN_IN, _sign_in, methods=["POST"]), Route(SIGN_OUT, _sign_out, methods=["POST"]))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _header_map(headers: Iterable[tuple[bytes, bytes]]) -> Mapping[bytes, bytes]:
    return {name.lower(): value for name, value in headers}


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _same_origin(request: Request) -> bool:
    """A browser names the page that sent a form; another site's form is not ours."""
    origin = request.headers.get("origin")
    return origin is not None and urlsplit(origin).netloc == request.headers.get("host")


async def _form(request: Request) -> dict[str, str]:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MOST_FORM_BYTES:
            return {}
    return {name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}


def _inside(to: str) -> str:
    """Only a path of this app: a form cannot send a signed-in person elsewhere."""
    parts = urlsplit(to)
    bad = parts.scheme or parts.netloc or not to.startswith("/") or to.startswith("//") or "\\" in to
    return "/" if bad or any(ord(c) < 32 for c in to) else to
