"""A desk whose record the dashboard shows, and visits to its pages by whoever the test says."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from streamlit import config
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.context import ContextProxy, StreamlitCookies, StreamlitHeaders
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.testing.v1 import local_script_runner
from streamlit.testing.v1.local_script_runner import LocalScriptRunner

from dashboard import own_process, record
from engine.domain.accounts.acting import Acting
from tests.builders import Desk, a_desk, with_toys
from tests.dashboard.own_processes import FORKED
from tests.dashboard.visits import Connection, Visits
from tests.databases import remove_database


@pytest.fixture(autouse=True, scope="session")
def _installed_packages_are_looked_through_once() -> Iterator[None]:
    """A server does so when it starts; each visit here is an app of its own, and what is installed stays."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(
            manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests)
        )
        yield


@pytest.fixture(autouse=True, scope="session")
def _nothing_is_counted_for_streamlit() -> Iterator[None]:
    """The dashboard's settings say so, which AppTest does not read: each element would be counted."""
    name = "browser.gatherUsageStats"
    before = config.get_option(name)
    config.set_option(name, False)
    yield
    config.set_option(name, before)


@pytest.fixture(autouse=True, scope="session")
def _a_run_is_waited_for() -> Iterator[None]:
    """AppTest asks a thousand times a second whether a run has ended, which takes a twentieth of its time."""
    ask = local_script_runner.require_widgets_deltas

    def wait(runner: LocalScriptRunner, timeout: float = 3) -> None:
        assert runner._script_thread is not None
        runner._script_thread.join(timeout)
        ask(runner, timeout=0.01)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(local_script_runner, "require_widgets_deltas", wait)
        yield


@pytest.fixture(autouse=True, scope="session")
def _a_script_is_compiled_once() -> Iterator[None]:
    """A server does so for all its visitors; AppTest compiles the script for each run."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(local_script_runner, "ScriptCache", cache(ScriptCache))
        yield


@pytest.fixture(autouse=True)
def _the_program_stays_what_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """A visit puts its page in place of the program, and a test that starts processes would start that."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


@pytest.fixture(autouse=True)
def _questions_are_forked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A question's own process need not load the engine again."""
    monkeypatch.setattr(own_process, "subprocess", FORKED)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk with the development sign-in, shown by the dashboard."""
    with a_desk(tmp_path / "home", STAC_DEVELOPMENT_SIGN_IN="1") as made:
        settings = made.runtime.settings  # a page's own test is not about the question that comes before it
        sign_in = settings.sign_in.model_copy(update={"lock_after_idle_minutes": 480})
        made.runtime.settings = settings.model_copy(
            update={"ask_about_connections": False, "sign_in": sign_in}
        )
        record.use(made.runtime)
        try:
            yield made
        finally:
            record.use(None)
    remove_database(tmp_path / "home")


@pytest.fixture
def workers(desk: Desk) -> dict[str, Acting]:
    """Three toy agencies, and a practitioner of each."""
    return with_toys(desk)


@pytest.fixture
def visits(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Visits:
    """Visits to the app; what a browser would send with its connection is said here instead."""
    connection = Connection()
    headers = property(lambda self: StreamlitHeaders(connection.headers.items()))
    cookies = property(lambda self: StreamlitCookies(connection.cookies))
    monkeypatch.setattr(ContextProxy, "headers", headers)
    monkeypatch.setattr(ContextProxy, "cookies", cookies)
    return Visits(desk, connection)
