"""No page has a serious fault by WCAG 2.2 AA, in light and in dark; and the pictures are taken here."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Page, expect

from engine.runtime import open_runtime
from engine.services.system.outbox import sign_of_life
from tests.browser.conftest import HIGH, PICTURES, WIDE, Opens, Served, case_page, open_part, settle

pytestmark = pytest.mark.browser
RULES: dict[str, object] = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}
COLOURS: dict[str, object] = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
    "resultTypes": ["violations"],
}
"""The rules of those that read a colour: the others find the same in dark as in light."""
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
    "networks": ("cora", "/networks"),
    "outcomes": ("max", "/outcomes"),
    "costs": ("max", "/outcomes?part=costs"),
    "agencies": ("cora", "/agencies"),
    "seen before": ("cora", "/search"),
    "same person": ("cora", "/duplicates"),
}
DIALOGS = {
    "form, question": ("rich", "Record incident", "Open conference"),
    "others": (
        "rich",
        "Start urgent safety action",
        "Record outcome",
        "Close review",
        "Record police decision",
    ),
    "approval": ("waiting", "Check for conflicts", "Approve plan"),
}
"""A case and buttons of its page that open a dialog. Every run looks at a form with drafts and at a question:
all others are made of the same parts."""


NARROW = {"worklist", "plans", "plans by owner", "my actions", "case", "links", "same person"}
"""Pages that are also loaded on a screen of 320 pixels."""
READ_WHOLE = {"worklist"}
"""Those whose tables are read there without scrolling sideways."""
CUT = "()=>[...document.querySelectorAll('.scroll')].filter(e=>e.scrollWidth>e.clientWidth).length"
OUT_OF_PLACE = """()=>{
  const main=document.querySelector('[data-testid=stMain]'),found=[]
  const isShut=(e)=>e.closest('details:not([open])')&&!e.closest('summary')
  const of=(what)=>[...main.querySelectorAll(what)].filter(e=>e.offsetWidth&&!isShut(e))
  const end=(e)=>e.getBoundingClientRect().right
  for(const label of of('.tag')){
    const cell=label.closest('td,th,li,dd,section,.notice')
    if(cell&&end(label)>end(cell)+1)found.push('over the edge: '+label.textContent)}
  for(const caption of of('.scroll caption')){
    if(end(caption)>end(caption.closest('.scroll'))+1)found.push('cut: '+caption.textContent)}
  const pressed=of('a,button').filter(e=>e.textContent.trim()),boxes=pressed.map(e=>[...e.getClientRects()])
  pressed.forEach((one,at)=>pressed.slice(at+1).forEach((other,after)=>{
    if(one.contains(other)||other.contains(one))return
    for(const a of boxes[at])for(const b of boxes[at+1+after]){
      const across=Math.min(a.right,b.right)-Math.max(a.left,b.left)
      const down=Math.min(a.bottom,b.bottom)-Math.max(a.top,b.top)
      if(across>2&&down>2)found.push('covered: '+one.textContent+' and '+other.textContent)}}))
  return found}"""
"""Labels that pass over the edge of their cell, captions that are cut, and links that cover each other."""
SIZES = {"case": {"case-1440": (WIDE, HIGH), "case-1920": (1920, 1080)}}
"""How large a window a page must fit sideways, by the name of its picture; the usual one for all others."""
PICTURED = {"worklist", "screening", "case", "links", "outcomes", "plans", "my actions"}
EACH_RUN = {"sign-in", "worklist", "case", "links"}
"""A page of each kind is looked at in every run: without a menu, a list with buttons, the longest in two
sizes, a drawn map. A fifth of the others is with each change."""
_WHOLE = "()=>document.querySelector('[data-testid=stMain]').scrollHeight"


def faults(page: Page, rules: dict[str, object] = RULES, *, within: str | None = None) -> list[str]:
    """The serious and critical ones, each with the first element that it is about."""
    found: list[dict[str, Any]] = Axe().run(page, context=within, options=rules).response["violations"]
    return [
        f"{fault['id']}: {fault['help']}: {fault['nodes'][0]['html'][:200]}"
        for fault in found
        if fault["impact"] in {"serious", "critical"}
    ]


def change_to_dark(page: Page, *, width: int = WIDE) -> None:
    """Load the page again in dark, on a screen of this width."""
    page.set_viewport_size({"width": width, "height": HIGH})
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    page.reload()
    expect(page.locator("h1")).to_be_visible()
    settle(page)


@pytest.mark.parametrize(
    "name", [name if name in EACH_RUN else pytest.param(name, marks=pytest.mark.full) for name in PAGES]
)
def test_a_page_has_no_serious_fault_fits_its_screen_and_keeps_its_address(
    request: pytest.FixtureRequest, sign_in: Opens, served: Served, name: str
) -> None:
    is_pictured = name in PICTURED and request.config.getoption(PICTURES, default=False)
    if is_pictured:
        with open_runtime({"STAC_HOME": str(served.home)}) as runtime:
            sign_of_life(uow=runtime.uow, clock=runtime.clock)
    who, path = PAGES[name]
    cases = {"rich": served.cases.rich, "alarming": served.cases.alarming, "prepared": served.cases.prepared}
    address = path.format(**cases)
    page = sign_in(who, address)
    expect(page.locator("h1")).to_be_visible()
    settle(page)
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert page.url.endswith(address)
    for picture, (width, height) in SIZES.get(name, {name.replace(" ", "-"): (WIDE, HIGH)}).items():
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate(SIDEWAYS) <= 0
        assert page.evaluate(OUT_OF_PLACE) == []
        if is_pictured:
            whole = page.evaluate(_WHOLE)
            page.set_viewport_size({"width": width, "height": max(height, min(whole + 52, 3400))})
            page.wait_for_timeout(800)
            _keep(page.screenshot(), FOLDER / f"{picture}.png")
    assert faults(page) == []
    if name in NARROW:
        change_to_dark(page, width=320)
        assert faults(page) == []
        assert page.evaluate(SIDEWAYS) <= 0
        assert page.evaluate(OUT_OF_PLACE) == []
        assert name not in READ_WHOLE or page.evaluate(CUT) == 0
        page.set_viewport_size({"width": WIDE, "height": HIGH})
        settle(page)
    else:
        change_to_dark(page)
    assert faults(page, COLOURS) == []


def test_a_page_can_be_read_when_the_browser_changes_its_colours_while_it_is_open(
    sign_in: Opens, served: Served
) -> None:
    page = sign_in("cora", "/worklist")
    expect(page.locator("h1")).to_be_visible()
    settle(page)
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        expect(page.locator(f"html[data-scheme={scheme}]")).to_be_attached()
        assert faults(page, COLOURS) == []


def test_a_chart_can_be_read_when_the_browser_changes_its_colours_while_it_is_open(
    sign_in: Opens, served: Served
) -> None:
    page = case_page(sign_in, "zhe", served.cases.rich)
    open_part(page, "Incidents and links")
    chart = page.locator(".stVegaLiteChart").first
    expect(chart.locator("svg, canvas").first).to_be_visible()
    chart.scroll_into_view_if_needed()
    settle(page)
    page.wait_for_timeout(800)
    before = _legible(chart.screenshot())
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        expect(page.locator(f"html[data-scheme={scheme}]")).to_be_attached()
        page.wait_for_timeout(300)
        assert _legible(chart.screenshot()) > 0.8 * before, scheme


def _legible(picture: bytes) -> int:
    """How many pixels of a picture differ from its background by 4.5 to 1, as a text has to."""
    greys = Image.open(io.BytesIO(picture)).convert("L").histogram()
    lights = [(grey / 255) ** 2.2 + 0.05 for grey in range(256)]
    ground = lights[greys.index(max(greys))]
    return sum(
        count
        for count, light in zip(greys, lights, strict=True)
        if max(light, ground) / min(light, ground) >= 4.5
    )


@pytest.mark.full  # every run looks at a form in a dialog, whose fields are these
def test_the_plan_while_it_is_edited_has_no_serious_fault(sign_in: Opens, served: Served) -> None:
    page = sign_in("zhe", f"/case?ref={served.cases.rich}")
    for rules in (RULES, COLOURS):
        page.get_by_role("button", name="Edit plan").click()
        page.get_by_role("button", name="Write an action").first.click()
        expect(page.get_by_label("Action", exact=True)).to_be_visible()
        settle(page)
        assert faults(page, rules) == []
        if rules is RULES:
            change_to_dark(page)


@pytest.mark.parametrize(
    "name",
    ["form, question", *(pytest.param(name, marks=pytest.mark.full) for name in ("others", "approval"))],
)
def test_no_dialog_of_a_case_has_a_serious_fault(sign_in: Opens, served: Served, name: str) -> None:
    """The page behind it has a test of its own, so only the first is tried with it."""
    case, *buttons = DIALOGS[name]
    address = f"/case?ref={getattr(served.cases, case)}"
    page = sign_in("zhe", address)
    for rules in (RULES, COLOURS):
        for button in buttons:
            page.get_by_role("button", name=button).click()
            dialog = page.get_by_role("dialog")
            expect(dialog).to_be_visible()
            settle(page)
            is_first = rules is RULES and button is buttons[0]
            assert faults(page, rules, within=None if is_first else "[role=dialog]") == [], button
            leave = dialog.get_by_role("button", name=re.compile("^Leave without"))
            if leave.count():
                leave.click()
            else:
                page.keyboard.press("Escape")
            expect(dialog).to_have_count(0)
            expect(page).to_have_url(f"{served.address}{address}")
            settle(page)
        if rules is RULES:
            change_to_dark(page)


def _keep(taken: bytes, file: Path) -> None:
    """In 128 colours: text stays sharp and the file small enough to be kept with the source."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with Image.open(io.BytesIO(taken)) as picture:
        picture.convert("RGB").quantize(128, dither=Image.Dither.NONE).save(file, optimize=True)
