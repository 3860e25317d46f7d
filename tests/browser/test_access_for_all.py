"""No page has a serious fault by WCAG 2.2 AA, in light and in dark; and the pictures are taken here."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Page, expect

from engine.runtime import open_runtime
from engine.services.system.outbox import sign_of_life
from tests.browser.conftest import PICTURES, Opens, Served, settle

pytestmark = pytest.mark.browser
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
SIDEWAYS = "()=>{const m=document.querySelector('[data-testid=stMain]');return m.scrollWidth-m.clientWidth}"
PAGES = {
    "sign-in": (None, "/"),
    "worklist": ("cora", "/worklist"),
    "screening": ("cora", "/screening?ref={alarming}"),
    "take in": ("cora", "/import"),
    "plans": ("zhe", "/plans"),
    "plans by owner": ("zhe", "/plans?list=owner"),
    "my actions": ("police-worker", "/plans"),
    "cases": ("cora", "/cases"),
    "case": ("zhe", "/case?ref={rich}"),
    "case of a practitioner": ("probation-worker", "/case?ref={prepared}"),
    "links": ("cora", "/links?ref={rich}"),
    "outcomes": ("max", "/outcomes"),
    "agencies": ("cora", "/agencies"),
    "seen before": ("cora", "/search"),
    "same person": ("cora", "/duplicates"),
}
DIALOGS = {
    "record incident": ("Record incident", "rich"),
    "edit plan": ("Edit plan", "rich"),
    "open conference": ("Open conference", "rich"),
    "record outcome": ("Record outcome", "rich"),
    "close review": ("Close review", "rich"),
    "police decision": ("Record police decision", "rich"),
    "check for conflicts": ("Check for conflicts", "waiting"),
    "approve with conflicts": ("Approve plan", "waiting"),
}


def faults(page: Page) -> list[str]:
    """The serious and critical ones, each with the first element that it is about."""
    found: list[dict[str, Any]] = Axe().run(page, options=RULES).response["violations"]
    return [
        f"{fault['id']}: {fault['help']}: {fault['nodes'][0]['html'][:200]}"
        for fault in found
        if fault["impact"] in {"serious", "critical"}
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_serious_fault(sign_in: Opens, served: Served, name: str, scheme: str) -> None:
    who, path = PAGES[name]
    cases = {"rich": served.cases.rich, "alarming": served.cases.alarming, "prepared": served.cases.prepared}
    page = sign_in(who, path.format(**cases), color_scheme=scheme)
    expect(page.locator("h1")).to_be_visible()
    settle(page)
    assert faults(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", DIALOGS)
def test_a_dialog_has_no_serious_fault(sign_in: Opens, served: Served, name: str, scheme: str) -> None:
    button, case = DIALOGS[name]
    path = f"/case?ref={getattr(served.cases, case)}"
    page = sign_in("zhe", path, color_scheme=scheme)
    page.get_by_role("button", name=button).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    settle(page)
    assert faults(page) == []


@pytest.mark.parametrize("name", ["plans", "plans by owner", "my actions", "case", "links", "same person"])
def test_a_page_of_320_pixels_has_no_serious_fault_and_does_not_scroll_sideways(
    sign_in: Opens, served: Served, name: str
) -> None:
    who, path = PAGES[name]
    page = sign_in(who, path.format(rich=served.cases.rich), viewport={"width": 320, "height": 900})
    expect(page.locator("h1")).to_be_visible()
    settle(page)
    assert faults(page) == []
    assert page.evaluate(SIDEWAYS) <= 0


@pytest.mark.parametrize(
    ("picture", "who", "path", "width", "height"),
    [
        ("worklist", "cora", "/worklist", 1440, 900),
        ("screening", "cora", "/screening?ref={alarming}", 1440, 900),
        ("case-1440", "zhe", "/case?ref={rich}", 1440, 900),
        ("case-1920", "zhe", "/case?ref={rich}", 1920, 1080),
        ("links", "cora", "/links?ref={rich}", 1440, 900),
        ("outcomes", "max", "/outcomes", 1440, 900),
        ("plans", "zhe", "/plans", 1440, 900),
        ("my-actions", "police-worker", "/plans", 1440, 900),
    ],
)
def test_a_page_fits_its_screen_sideways(
    request: pytest.FixtureRequest,
    sign_in: Opens,
    served: Served,
    picture: str,
    who: str,
    path: str,
    width: int,
    height: int,
) -> None:
    with open_runtime({"STAC_HOME": str(served.home)}) as runtime:
        sign_of_life(uow=runtime.uow, clock=runtime.clock)
    place = path.format(rich=served.cases.rich, alarming=served.cases.alarming)
    page = sign_in(who, place, viewport={"width": width, "height": height})
    expect(page.locator("h1")).to_be_visible()
    settle(page)
    page.wait_for_timeout(800)
    whole = page.evaluate(
        "()=>{const m=document.querySelector('[data-testid=stMain]');return m.scrollHeight}"
    )
    assert page.evaluate(SIDEWAYS) <= 0
    if request.config.getoption(PICTURES, default=False):
        page.set_viewport_size({"width": width, "height": max(height, min(whole + 52, 3400))})
        page.wait_for_timeout(800)
        _keep(page.screenshot(), FOLDER / f"{picture}.png")


def _keep(taken: bytes, file: Path) -> None:
    """In 128 colours: text stays sharp and the file small enough to be kept with the source."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with Image.open(io.BytesIO(taken)) as picture:
        picture.convert("RGB").quantize(128, dither=Image.Dither.NONE).save(file, optimize=True)
