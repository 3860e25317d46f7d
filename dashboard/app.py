"""The dashboard as an ASGI app: ``uvicorn dashboard.app:app --host 127.0.0.1``. Draws nothing itself."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from dashboard import downloads, faults, sign_in
from dashboard.shell import Shell

app = st.App(
    Path(__file__).with_name("main.py"),
    routes=[*sign_in.ROUTES, *downloads.ROUTES],
    middleware=[Middleware(Shell)],
    on_script_error=faults.told,
)
