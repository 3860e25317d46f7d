"""One server with an invented record for all browser tests, and pages signed in as whoever the test says."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, TimeoutError, expect

from tests.browser.showcase import Showcase, build

ROOT = Path(__file__).parents[2]
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--process-per-site",  # a new page need not start a process and read the app's script again
]
PICTURES = "--pictures"
WIDE, HIGH = 1440, 900
NO_PAGE = "/_stcore/health"
"""An address of the server that loads nothing of the app."""
SECONDS = 60  # until an app that hangs is given up: beside other tests a first page can need twenty


def pytest_addoption(parser: pytest.Parser) -> None:
    """Pictures are written only when somebody asks, so that a run leaves the tree as it was."""
    parser.addoption(PICTURES, action="store_true", help="write docs/pictures from the browser tests")


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Debian's Chromium, without anything of its own that asks the network.

    Where its shell without windows is installed, that: it draws the same for a quarter less processor time.
    """
    found = os.environ.get("CHROMIUM") or shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if not found:
        pytest.fail("there is no Chromium; as root: apt-get install chromium")
    return {"executable_path": found, "args": ARGUMENTS}


@dataclass(frozen=True)
class Served:
    """The server's address, its home, and the cases in it."""

    address: str
    home: Path
    cases: Showcase


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The dashboard under uvicorn, started in another folder than its own, with an empty user's home."""
    folder = tmp_path_factory.mktemp("browser")
    home = folder / "home"
    cases = build(home)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log, elsewhere = folder / "server.log", folder / "elsewhere"
    elsewhere.mkdir()
    command = [sys.executable, "-m", "uvicorn", "dashboard.app:app", "--app-dir", str(ROOT)]
    command += ["--host", "127.0.0.1", "--port", str(port), "--log-level", "warning"]
    environment = {**os.environ, "STAC_HOME": str(home), "HOME": str(elsewhere)}
    with log.open("w") as out:
        server = subprocess.Popen(
            command, cwd=elsewhere, env=environment, stdout=out, stderr=subprocess.STDOUT
        )
    address = f"http://127.0.0.1:{port}"
    try:
        _await(server, address, log)
        yield Served(address, home, cases)
    finally:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait(5)


def _await(server: subprocess.Popen[bytes], address: str, log: Path, path: str = NO_PAGE) -> None:
    for _ in range(900):
        if server.poll() is not None:
            break
        try:
            urllib.request.urlopen(f"{address}{path}", timeout=1)
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not start: " + log.read_text()[-3000:])


Opens = Callable[..., Page]


@dataclass
class Lent:
    """A browser and its one page, which tests take in turn: the app is loaded quicker a second time."""

    context: BrowserContext
    page: Page
    wrong: list[str] = field(default_factory=list)

    @classmethod
    def made(cls, browser: Browser, served: Served) -> Lent:
        """One that nobody has used."""
        context = browser.new_context(
            viewport={"width": WIDE, "height": HIGH},
            locale="en-GB",
            timezone_id="Europe/London",
            reduced_motion="reduce",
        )
        made = cls(context, context.new_page())
        made.watch(made.page, served)
        return made

    def watch(self, page: Page, served: Served) -> None:
        """Note errors of this page and what it asks of other machines."""
        page.on("pageerror", lambda error: self.wrong.append(f"page error: {error}"))
        page.on("request", lambda asked: self.wrong.append(asked.url) if _leaves(asked.url, served) else None)

    def forget(self, address: str) -> None:
        """Leave to the next test what the app is made of, and nothing that a person did."""
        for page in self.context.pages:
            if page is not self.page:
                page.close()
        self.page.goto(address + NO_PAGE)
        self.page.evaluate("sessionStorage.clear()")
        self.context.clear_cookies()
        stored = {"origin": address, "storageTypes": "local_storage,indexeddb,cache_storage,service_workers"}
        session = self.context.new_cdp_session(self.page)
        session.send("Storage.clearDataForOrigin", stored)
        session.detach()
        self.wrong.clear()


@pytest.fixture(scope="session")
def browsers() -> list[Lent]:
    """Those that were made so far."""
    return []


_FAILED: pytest.StashKey[bool] = pytest.StashKey()
_MOST_TEXT = 6_000


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note that a test failed, so that what its pages said can be printed before they are left."""
    report = yield
    item.stash[_FAILED] = item.stash.get(_FAILED, False) or report.failed
    return report


@pytest.fixture
def sign_in(
    request: pytest.FixtureRequest, browser: Browser, browsers: list[Lent], served: Served
) -> Iterator[Opens]:
    """Opens the app as a user, in a browser of their own; no page may fail, or ask another machine."""
    expect.set_options(timeout=SECONDS * 1000)
    taken: list[Lent] = []

    def open_as(
        user: str | None,
        path: str = "/",
        *,
        size: tuple[int, int] = (WIDE, HIGH),
        scheme: Literal["light", "dark"] = "light",
        new: bool = False,
    ) -> Page:
        """``new``: in a page that is closed after the test, which adds to it what would stay."""
        if len(taken) == len(browsers):
            browsers.append(Lent.made(browser, served))
        lent = browsers[len(taken)]
        taken.append(lent)
        page = lent.page
        if new:
            page = lent.context.new_page()
            lent.watch(page, served)
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.set_default_timeout(SECONDS * 1000)
        if user is not None:
            lent.context.request.post(
                f"{served.address}/sign-in",
                form={"user": user},
                headers={"Origin": served.address},
                max_redirects=0,
            )
        page.goto(served.address + path)
        return page

    yield open_as
    if request.node.stash.get(_FAILED, False):
        for at, lent in enumerate(taken):
            for page in lent.context.pages:
                print(f"page {at}, {page.url}:\n{page.locator('body').inner_text()[:_MOST_TEXT]}")
    wrong = [each for lent in taken for each in lent.wrong]
    for lent in taken:
        lent.forget(served.address)
    assert not wrong


def _leaves(url: str, served: Served) -> bool:
    return url.startswith(("http", "ws")) and not url.replace("ws://", "http://").startswith(served.address)


def settle(page: Page) -> None:
    """Wait until the app has drawn what it will; an error says what it was doing instead.

    It is only ever ended by an app that hangs: how quick a page is, the benchmarks say.
    """
    try:
        page.wait_for_function(
            "()=>{const a=document.querySelector('[data-testid=stApp]');return a"
            "&&a.dataset.testScriptState==='notRunning'"
            "&&!document.querySelector('[data-testid=stSkeleton],[data-stale=true]')}"
        )
    except TimeoutError as slow:
        raise AssertionError(page.evaluate(_WHAT_IT_DOES)) from slow


_WHAT_IT_DOES = """()=>{const a=document.querySelector('[data-testid=stApp]')
  const count=(what)=>document.querySelectorAll(what).length
  return a ? `the script is ${a.dataset.testScriptState}, the connection ${a.dataset.testConnectionState}, `
    + `${count('[data-testid=stSkeleton]')} parts wait, ${count('[data-stale=true]')} are of an earlier run`
    : 'there is no app on the page'}"""


def open_part(page: Page, name: str) -> None:
    """Choose one of the parts of the case page that are drawn when they are asked for."""
    page.get_by_role("button", name=name).click()
    settle(page)


def case_page(sign_in: Opens, user: str, reference: str) -> Page:
    """The page of a case, drawn."""
    page = sign_in(user, f"/case?ref={reference}")
    expect(page.locator("h1")).to_contain_text("Stalking of")
    settle(page)
    return page
