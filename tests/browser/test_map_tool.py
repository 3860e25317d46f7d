"""The map as a tool in a real browser: layouts, groups, marks, the menu, and names with room."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opens, Served, settle
from tests.browser.test_links import click, drawn, links_page

pytestmark = pytest.mark.browser
_GRAPH = ".canvas[data-drawn]"
_MENU = "[role=menu] [role=menuitem]"
_OVERLAPS = """host=>{const named=host._cy.nodes().filter(n=>!n.hasClass('unnamed')&&n.visible())
  const only={includeNodes:false,includeLabels:true,includeEdges:false,includeOverlays:false}
  const boxes=named.map(n=>n.boundingBox(only))
  const inside=(a,b)=>a.x1+2<b.x2&&b.x1+2<a.x2&&a.y1+2<b.y2&&b.y1+2<a.y2
  return boxes.filter((a,i)=>boxes.some((b,j)=>j>i&&inside(a,b))).length}"""


_MOVED = """(host,{id,x})=>new Promise(done=>{const look=()=>
  host._cy.getElementById(id).renderedPosition('x')!==x?setTimeout(done,200):setTimeout(look,50);look()})"""
# Cytoscape's visible() remembers its answer until the next frame, style() does not.
_MONTHS = """host=>new Promise(done=>{const seen=[];const look=()=>{
  const now=host._cy.edges().filter(e=>e.style('visibility')==='visible').length
  if(seen[seen.length-1]!==now)seen.push(now)
  if(seen.length>1&&now===host._cy.edges().length)done(seen);else setTimeout(look,50)};look()})"""


def choose(page: Page, tool: str, value: str) -> None:
    page.locator(
        f"[class*=st-key-links-{tool}-] input, [class*=st-key-links-{tool}-] [role=combobox]"
    ).last.click()
    page.get_by_role("option", name=value, exact=True).click()
    settle(page)


def menu_of(page: Page) -> list[str]:
    expect(page.locator(_MENU).first).to_be_focused()
    return page.locator(_MENU).all_inner_texts()


def test_layout_group_menu_marks_and_moves_by_mouse_and_keyboard_are_undone(
    sign_in: Opens, served: Served
) -> None:
    page = links_page(sign_in, "cora", served.cases.rich)
    canvas = page.locator(_GRAPH)
    whole = canvas.get_attribute("data-drawn")
    before = drawn(page)
    choose(page, "layout", "circle")
    canvas.evaluate(_MOVED, before["Daniel Roe"])
    assert canvas.evaluate(_OVERLAPS) == 0

    # Played by month: links come in the order of their dates, and all are there at the end.
    page.get_by_role("button", name="Play").click()
    expect(page.locator(".live")).to_contain_text("Until ")
    seen = canvas.evaluate(_MONTHS)
    assert seen == sorted(seen)
    assert len(seen) > 1
    expect(page.get_by_role("button", name="Play")).to_be_visible()

    choose(page, "group", "kind")
    expect(canvas).not_to_have_attribute("data-drawn", whole or "")
    canvas.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+F10")
    assert "Hide" in menu_of(page)
    page.keyboard.press("Escape")
    expect(canvas).to_be_focused()
    label = next(label for label in drawn(page) if label.startswith("2 people"))
    click(page, label)
    expect(page.get_by_text("Links of 2 people")).to_be_visible()
    number = page.get_by_text("Links of 2 people").inner_text().rpartition(": ")[2]
    assert number.endswith(" links")
    page.mouse.move(1, 1)
    page.mouse.move(*_on_the_screen(page, label))
    expect(page.locator(".tip")).to_contain_text(f", {number}")  # links, not the fewer lines
    canvas.focus()
    page.keyboard.press("Shift+F10")
    assert menu_of(page)[0] == "Unfold"
    page.keyboard.press("Enter")
    expect(canvas).to_have_attribute("data-drawn", whole or "")

    # Two are marked, one by key and one with Shift, moved together, put back by one Undo, hidden together.
    click(page, "Daniel Roe")
    page.keyboard.press(" ")
    account = next(label for label in drawn(page) if label.startswith("account"))
    page.keyboard.down("Shift")
    click(page, account)
    page.keyboard.up("Shift")
    expect(page.get_by_text("Links of 2 marked items")).to_be_visible()
    settle(page)
    place = drawn(page)
    _drag(page, account, by=40)
    settle(page)
    expect(page.get_by_text("Square outline: pinned")).to_be_visible()
    assert {label for label, at in drawn(page).items() if at != place[label]} == {"Daniel Roe", account}
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Square outline: pinned")).to_have_count(0)
    assert drawn(page) == place
    canvas.focus()
    page.keyboard.press("Delete")
    expect(page.get_by_text("2 items hidden by you")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("2 items hidden by you")).to_have_count(0)
    settle(page)

    # What is under the mouse is said; the right button opens the menu, and the menu the case.
    page.mouse.move(*_on_the_screen(page, account))
    expect(page.locator(".tip")).to_contain_text("account")
    page.mouse.click(*_on_the_screen(page, "Daniel Roe"), button="right")
    page.get_by_role("menuitem", name="Open case").first.click()
    expect(page.locator("h1")).to_contain_text("Stalking of")


def _on_the_screen(page: Page, label: str) -> tuple[float, float]:
    node, box = drawn(page)[label], page.locator(_GRAPH).bounding_box()
    assert box is not None
    return box["x"] + node["x"], box["y"] + node["y"]


def _drag(page: Page, label: str, *, by: int) -> None:
    x, y = _on_the_screen(page, label)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + by, y + by, steps=4)
    page.mouse.up()
