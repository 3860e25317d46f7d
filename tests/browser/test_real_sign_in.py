"""Real people sign in: through a real provider on this machine, and with a password of their own."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from engine.clock import SystemClock
from engine.runtime import initialise, open_runtime
from engine.services.accounts import users
from engine.services.accounts.passwords import give_start_password
from tests.browser.conftest import ROOT, SECONDS, _await

pytestmark = pytest.mark.browser

AMINA = {"sub": "a1", "preferred_username": "amina", "name": "Amina K.", "roles": ["chairs"]}
EVE = {"sub": "e1", "preferred_username": "eve", "name": "Eve S.", "roles": ["strangers"]}
OWN = "three quiet herons"


@dataclass(frozen=True)
class Unit:
    """A unit's dashboard, with a home of its own."""

    address: str
    home: Path


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@contextmanager
def running(command: list[str], port: int, log: Path, **environ: str) -> Iterator[None]:
    with log.open("w") as out:
        server = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", *command],
            env={**os.environ, **environ},
            stdout=out,
            stderr=subprocess.STDOUT,
            cwd=log.parent,
        )
    try:
        _await(server, f"http://127.0.0.1:{port}", log, path=environ.get("ASKED_AT", "/_stcore/health"))
        yield
    finally:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait(5)


@pytest.fixture(scope="module")
def unit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Unit]:
    """A unit with a provider, and one user with a password."""
    folder = tmp_path_factory.mktemp("unit")
    home, ours, theirs = folder / "home", free_port(), free_port()
    home.mkdir(mode=0o700)
    (home / "settings.toml").write_text(
        f'[sign_in]\naddress = "http://127.0.0.1:{ours}"\n[sign_in.provider]\n'
        f'metadata = "http://127.0.0.1:{theirs}/.well-known/openid-configuration"\n'
        'client_id = "stac"\n[sign_in.provider.roles]\nchairs = "chair"\n'
    )
    with initialise({"STAC_HOME": str(home)}) as runtime:
        users.add_first_user(uow=runtime.uow, clock=runtime.clock, name="demo")
    provider = ["oidc_provider_mock", "-p", str(theirs)]
    for person in (AMINA, EVE):
        provider += ["--user-claims", json.dumps(person)]
    page = ["uvicorn", "dashboard.app:app", "--app-dir", str(ROOT), "--host", "127.0.0.1"]
    page += ["--port", str(ours), "--log-level", "warning"]
    asked_at = "/.well-known/openid-configuration"
    with (
        running(provider, theirs, folder / "provider.log", ASKED_AT=asked_at),
        running(page, ours, folder / "page.log", STAC_HOME=str(home), STAC_PROVIDER_SECRET="secret"),
    ):
        yield Unit(f"http://127.0.0.1:{ours}", home)


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    expect.set_options(timeout=SECONDS * 1000)
    made = browser.new_context(locale="en-GB")
    made.set_default_timeout(SECONDS * 1000)
    yield made
    made.close()


def through_the_provider(context: BrowserContext, unit: Unit, subject: str) -> Page:
    page = context.new_page()
    page.goto(unit.address)
    page.get_by_role("button", name="Sign in with your organisation").click()
    page.locator("input[name=sub]").fill(subject)
    page.locator("input[name=sub]").press("Enter")  # the provider's newer pages list people before this field
    return page


def test_a_chair_signs_in_through_the_provider_and_out_in_every_tab(
    context: BrowserContext, unit: Unit
) -> None:
    page = through_the_provider(context, unit, "a1")
    expect(page.get_by_text("Amina K.")).to_be_visible()
    ours = {cookie["name"]: cookie for cookie in context.cookies(unit.address)}
    assert ours["stac_sign_in"]["httpOnly"]
    assert ours["stac_sign_in"]["sameSite"] == "Strict"
    day = SystemClock().now().timestamp() + 8 * 3600 + 60
    assert all(each["expires"] < day for each in ours.values() if each["name"] != "_streamlit_xsrf")
    other = context.new_page()
    other.goto(unit.address)
    expect(other.get_by_text("Amina K.")).to_be_visible()
    stored = [dict(cookie) for cookie in context.cookies(unit.address)]
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("Amina K.")).to_have_count(0)
    expect(other.get_by_role("button", name="Sign in with your organisation")).to_be_visible()
    context.add_cookies(stored)  # type: ignore[arg-type]  # as they came, so as they go
    page.goto(unit.address)
    expect(page.get_by_role("button", name="Sign in with your organisation")).to_be_visible()


def test_whoever_has_no_role_here_is_told_so_and_sees_nothing(context: BrowserContext, unit: Unit) -> None:
    page = through_the_provider(context, unit, "e1")
    expect(page.get_by_text("gives you no role in this system")).to_be_visible()
    assert "stac_sign_in" not in {cookie["name"] for cookie in context.cookies(unit.address)}


def test_somebody_with_a_password_chooses_their_own_and_is_locked_out_of_an_idle_page(
    context: BrowserContext, unit: Unit
) -> None:
    with open_runtime({"STAC_HOME": str(unit.home)}) as runtime:
        acting = users.find_user(uow=runtime.uow, name="demo").acting()
        start = give_start_password(runtime.context(acting), name="demo")
    page = context.new_page()
    page.goto(f"{unit.address}/agencies")
    for password in (start, start):
        page.get_by_label("User name", exact=True).fill("demo")
        page.get_by_label("Password", exact=True).fill(password)
        if page.get_by_label("New password", exact=True).count():
            page.get_by_label("New password", exact=True).fill(OWN)
            page.get_by_label("Confirm the new password").fill(OWN)
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.get_by_text("only the first time").or_(page.get_by_text("Demo,"))).to_be_visible()
    expect(page.get_by_text("Demo, coordinator")).to_be_visible()
    assert "DEVELOPMENT" not in page.locator("body").inner_text()
    assert page.evaluate("fetch('/lock',{method:'POST'}).then(r=>r.status)") == 200
    page.get_by_role("link", name="Cases", exact=True).click()
    expect(page.get_by_text("locked because it was not used")).to_be_visible()
