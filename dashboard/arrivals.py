"""Facts of a request before a sign-in: from where, by which name, over TLS or not."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from urllib.parse import parse_qs, urlsplit

from starlette.requests import Request
from starlette.types import Scope

from dashboard import record
from engine.domain.errors import StacError
from engine.settings import SignInSettings

LOCAL = "x-stac-local"
SIGN_IN = "x-stac-sign-in"
_MOST_FORM_BYTES = 4_096
LOCAL_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
_FORWARDING = frozenset({b"forwarded", b"x-forwarded-for", b"x-forwarded-host", b"x-real-ip", b"via"})


def sign_in_settings() -> SignInSettings:
    """Return how people sign in here; the defaults before there is a record."""
    try:
        return record.runtime().settings.sign_in
    except StacError:
        return SignInSettings()


def is_local(scope: Scope) -> bool:
    """Return whether a browser on this very machine asked, under one of this machine's own names."""
    headers = _header_map(scope["headers"])
    ends = [scope.get("server"), scope.get("client")]
    if any(end is None or not _is_loopback(end[0]) for end in ends) or _FORWARDING & headers.keys():
        return False
    return asked_host(scope) in LOCAL_NAMES


def asked_host(scope: Scope) -> str | None:
    """Return the name that this server was asked by."""
    text = _header_map(scope["headers"]).get(b"host", b"").decode("latin-1")
    try:
        return urlsplit(f"//{text}").hostname
    except ValueError:
        return None


def names() -> frozenset[str]:
    """Return the names that this server answers to: its public one and, on this machine,
    the machine's own.
    """
    address = sign_in_settings().address
    public = urlsplit(address).hostname if address else None
    return LOCAL_NAMES | ({public} if public else set())


def is_over_tls(scope: Scope) -> bool:
    """Return whether the browser came over TLS, to us or to the proxy before us."""
    address = sign_in_settings().address or ""
    host = asked_host(scope)
    if address.startswith("https://") and host == urlsplit(address).hostname:
        return True
    return scope.get("scheme") in {"https", "wss"}


def is_of_our_page(request: Request) -> bool:
    """Return whether a form is of our page: a browser names the page that sent it.

    Another site's is not ours.
    """
    return comes_from_us(request.scope)


def comes_from_us(scope: Scope) -> bool:
    """Return whether a form or a websocket comes from a page of this very server."""
    headers = _header_map(scope["headers"])
    origin = headers.get(b"origin")
    try:
        return origin is not None and urlsplit(origin).netloc == headers.get(b"host")
    except ValueError:
        return False


async def form_of(request: Request) -> dict[str, str]:
    """Return a small form; one that is too large to be ours is not read."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MOST_FORM_BYTES:
            return {}
    return {name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}


def inside(to: str) -> str:
    """Return only a path of this app: a form cannot send a signed-in person elsewhere."""
    parts = urlsplit(to)
    bad = parts.scheme or parts.netloc or not to.startswith("/") or to.startswith("//") or "\\" in to
    return "/" if bad or any(ord(c) < 32 for c in to) else to


def _header_map(headers: Iterable[tuple[bytes, bytes]]) -> Mapping[bytes, bytes]:
    return {name.lower(): value for name, value in headers}


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
