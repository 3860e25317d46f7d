"""Requests as they arrive at the shell: from this machine or another, under this name or that."""

from __future__ import annotations

from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor

import anyio
import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard import health
from dashboard.arrivals import LOCAL
from dashboard.shell import Shell
from dashboard.sign_in import ROUTES
from engine.domain.accounts.sign_ins import SignInWay
from engine.services.accounts.sign_ins import begin_sign_in
from tests.builders import Desk

PAGE = '<html lang="en"><head><title>Streamlit</title></head><body><div id="root"></div></body></html>'


def a_sign_in(desk: Desk, user: str, way: SignInWay = SignInWay.DEVELOPMENT) -> str:
    """The token of somebody who is signed in."""
    lasts = desk.runtime.settings.sign_in.lasts
    return begin_sign_in(**desk.common, name=user, way=way, lasts=lasts)


async def _page(request: Request) -> HTMLResponse:
    return HTMLResponse(PAGE)


async def _local(request: Request) -> JSONResponse:
    return JSONResponse({"local": request.headers.get(LOCAL)})


async def _font(request: Request) -> PlainTextResponse:
    return PlainTextResponse("font")


async def _cookie(request: Request) -> JSONResponse:
    return JSONResponse({}, headers={"set-cookie": "a=b; Path=/"})


def _bound(app: ASGIApp, address: str) -> ASGIApp:
    """A server names the address at which a connection arrived, not the name that was asked for."""

    async def arrived(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "server": (address, 80)}, receive, send)

    return arrived


def ask(
    path: str,
    *,
    method: str = "GET",
    client: str = "127.0.0.1",
    host: str = "127.0.0.1",
    bound: str = "127.0.0.1",
    headers: dict[str, str] | None = None,
    cookies: dict[str, str] | None = None,
    form: dict[str, str] | None = None,
    content: bytes | AsyncIterator[bytes] | None = None,
) -> httpx.Response:
    """One request to the shell around a small app."""
    routes = [
        Route("/local.json", _local),
        Route("/cookie.json", _cookie),
        Route("/_stcore/metrics", _page),
        Route("/x.woff2", _font),
    ]
    app = _bound(
        Shell(Starlette(routes=[*ROUTES, *health.ROUTES, *routes, Route("/{rest:path}", _page)])), bound
    )
    transport = httpx.ASGITransport(app=app, client=(client, 4000))

    async def go() -> httpx.Response:
        async with httpx.AsyncClient(
            transport=transport, base_url=f"http://{host}", cookies=cookies
        ) as browser:
            return await browser.request(method, path, headers=headers, data=form, content=content)

    # in a thread of its own: a browser test before this one may have left an event loop running in this one
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(anyio.run, go).result()
