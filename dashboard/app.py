"""The dashboard as an ASGI app: ``uvicorn dashboard.app:app --host 127.0.0.1``. Draws nothing itself."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from streamlit import config

from engine.domain.system.log_lines import log_no_requests
from engine.gc_pause import collector_at_rest
from engine.runtime import begin_log

begin_log()  # before our pages are imported: Streamlit logs while their caches are made

with collector_at_rest():  # it would take a fifth of the time
    from dashboard import (
        downloads,
        drafts,
        errors,
        health,
        network_uploads,
        provider,
        pulses,
        sign_in,
        uploads,
    )
    from dashboard.arrivals import SIGN_IN, names
    from dashboard.shell import Shell


@asynccontextmanager
async def _with_our_names(app: st.App) -> AsyncIterator[None]:
    """Set Streamlit's own list of hosts to the names that the shell answers to, and its check of users to the
    sign-in that the shell puts into a header.
    """
    config.set_option("server.allowedHosts", sorted(names()))
    config.set_option("server.trustedUserHeaders", {SIGN_IN: "sign_in"})
    yield


log_no_requests()
app = st.App(
    Path(__file__).with_name("main.py"),
    routes=[
        *sign_in.ROUTES,
        *downloads.ROUTES,
        *uploads.ROUTES,
        *network_uploads.ROUTES,
        *drafts.ROUTES,
        *pulses.ROUTES,
        *health.ROUTES,
    ],
    middleware=[Middleware(Shell)],
    secrets=provider.secrets(),
    lifespan=_with_our_names,
    on_script_error=errors.show_error,
)
