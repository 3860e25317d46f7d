"""What each page shows each user: every element that the browser is sent, in the order of the page."""

from __future__ import annotations

import hashlib
import json
import logging
import re
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from unittest.mock import patch

from google.protobuf.json_format import MessageToDict
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.context import ContextProxy, StreamlitCookies, StreamlitHeaders
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from benchmarks.held.answers import Command, some_users
from benchmarks.held.answers import users as all_users
from benchmarks.held.fixed import NOW
from benchmarks.held.imported import SetClock, dashboard_parts, opened_record, sign_in

_LOCK_AFTER_MINUTES = 480
_WARN_OF_NO_SERVER = (
    "streamlit.runtime.scriptrunner_utils.script_run_context",
    "streamlit.runtime.caching.cache_data_api",
)
_NAMES_OF_WIDGETS = ("id", "form_id", "element_id", "user_key", "fragment_id")
_LONG = 2_000
_SOME_CASES = 4


@dataclass
class _Browser:
    """What comes with a connection."""

    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)


def pages(command: Command, cases: dict[str, str], *, full: bool) -> Iterator[tuple[str, str]]:
    """Each page of each user; those about a case for each case.

    Unless ``full``, an agency's second practitioner is left out, and so are all but some of the cases.
    """
    users = some_users(all_users(command), full=full)
    if not full:
        cases = dict(list(cases.items())[:_SOME_CASES])
    clock, browser = SetClock(NOW), _Browser()
    with opened_record(command.home, clock) as runtime, _visited_by(browser):
        choices = runtime.settings.sign_in.model_copy(update={"lock_after_idle_minutes": _LOCK_AFTER_MINUTES})
        runtime.settings = runtime.settings.model_copy(
            update={"ask_about_connections": False, "sign_in": choices}
        )
        parts = dashboard_parts()
        browser.headers = {parts.local: "1"}
        parts.use(runtime)
        try:
            yield "pages/nobody.txt", command.without_places(_drawn(parts.script, None, None))
            for user in users:
                for place in parts.places[user["role"]]:
                    by_reference = place in parts.by_reference
                    about: dict[str, str | None] = {"": None, **(cases if by_reference else {})}
                    for label, reference in about.items():
                        browser.cookies = {parts.cookie: sign_in(runtime, clock, user["name"])}
                        name = f"{place.address}, {label}" if label else place.address
                        text = _drawn(parts.script, place.address, reference)
                        yield f"pages/{user['name']}/{name}.txt", command.without_places(text)
        finally:
            parts.use(None)


@contextmanager
def _visited_by(browser: _Browser) -> Iterator[None]:
    """Visits come with this browser's headers and cookies; installed components are looked for once."""
    scanned = cache(manifest_scanner.scan_component_manifests)
    headers = property(lambda self: StreamlitHeaders(browser.headers.items()))
    cookies = property(lambda self: StreamlitCookies(browser.cookies))
    with ExitStack() as stack:
        for logger in _WARN_OF_NO_SERVER:
            stack.enter_context(patch.object(logging.getLogger(logger), "disabled", True))
        stack.enter_context(patch.object(manifest_scanner, "scan_component_manifests", scanned))
        stack.enter_context(patch.object(ContextProxy, "headers", headers))
        stack.enter_context(patch.object(ContextProxy, "cookies", cookies))
        stack.enter_context(patch.dict(sys.modules))  # a visit puts its page in place of the program
        yield


def _drawn(script: Any, address: str | None, reference: str | None) -> str:
    """A page in one text; a fault on it is part of that."""
    app = AppTest.from_file(str(script), default_timeout=60)
    if address is not None:
        app._page_hash = calc_hash(address)
    if reference is not None:
        app.query_params["ref"] = reference
    app.run()
    return "\n".join(_lines(app._tree)) + "\n"


def _lines(node: Any, depth: int = 0) -> Iterator[str]:
    kind = getattr(node, "type", "")
    proto = getattr(node, "proto", None)
    if proto is not None:
        yield from (f"{'  ' * depth}{line}" for line in _of_element(kind, proto))
    for _, below in sorted(getattr(node, "children", {}).items()):
        yield from _lines(below, depth + 1)


def _of_element(kind: str, proto: Any) -> Iterator[str]:
    if kind == "html":
        body = proto.body
        if not body.startswith("<style>"):
            yield from re.sub(r"(?<!^)<(?!/)", "\n<", body).split("\n")
        return
    shown = _shown(MessageToDict(proto, preserving_proto_field_name=True))
    yield f"{kind}: {json.dumps(shown, ensure_ascii=False, sort_keys=True)}"


def _shown(value: Any) -> Any:
    """What is shown of an element: not by which name the program calls it, and long data by its digest."""
    if isinstance(value, dict):
        return {key: _shown(each) for key, each in value.items() if key not in _NAMES_OF_WIDGETS}
    if isinstance(value, list):
        return [_shown(each) for each in value]
    if isinstance(value, str) and len(value) > _LONG:
        return f"{len(value)} characters, SHA-256 {hashlib.sha256(value.encode()).hexdigest()}"
    return value
