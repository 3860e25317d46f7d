"""The link graph in a real browser: by mouse and keyboard, remembered, without what would find the victim."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Page, WebSocket, expect

from tests.browser.conftest import NO_PAGE, Opens, Served, case_page, open_part, settle
from tests.builders import SAFE_HOUSE, SAFE_PHONE

pytestmark = pytest.mark.browser
_GRAPH = ".canvas[data-drawn]"
_ANSWERS_LATE = """
window.WebSocket = class extends WebSocket {
  addEventListener(kind, heard, ...more) {
    const late = (event) => setTimeout(() => heard.call(this, event), window.answersLateBy || 0);
    super.addEventListener(kind, kind === 'message' ? late : heard, ...more);
  }
  set onmessage(heard) { this.addEventListener('message', heard); }
};
"""


def links_page(sign_in: Opens, user: str, reference: str, *, new: bool = False) -> Page:
    page = sign_in(user, f"/links?ref={reference}", new=new)
    expect(page.locator(_GRAPH)).to_be_visible()
    settle(page)
    return page


def drawn(page: Page) -> dict[str, Any]:
    """The nodes by label: their ids, and where they lie on the canvas."""
    answer: dict[str, Any] = page.locator(_GRAPH).evaluate(
        "host=>Object.fromEntries(host._cy.nodes().map(n=>[n.data('label'),{id:n.id(),...n.renderedPosition()}]))"
    )
    return answer


def click(page: Page, label: str) -> None:
    """Click on a node, wherever the page has been scrolled to."""
    node = drawn(page)[label]
    box = page.locator(_GRAPH).bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + node["x"], box["y"] + node["y"])


def test_a_click_after_scrolling_chooses_the_node_and_draws_only_the_table_again(
    sign_in: Opens, served: Served
) -> None:
    page = case_page(sign_in, "zhe", served.cases.rich)
    open_part(page, "Incidents and links")
    expect(page.locator(_GRAPH)).to_be_visible()
    page.locator(_GRAPH).scroll_into_view_if_needed()
    page.get_by_text("Links as a table").click()
    page.locator("h1").evaluate("h=>{h.dataset.still='here'}")
    click(page, "account @nightwalker_x")
    expect(page.get_by_text("2 links of the selected item")).to_be_visible()
    expect(page.locator(".live")).to_have_text("account @nightwalker_x, account, 2 links")
    expect(page.locator("h1[data-still=here]")).to_have_count(1)


def test_keys_that_are_pressed_quicker_than_the_page_answers_lose_nothing(
    sign_in: Opens, served: Served
) -> None:
    page = links_page(sign_in, "cora", served.cases.rich, new=True)
    page.add_init_script(_ANSWERS_LATE)
    page.reload()
    expect(page.locator(_GRAPH)).to_be_visible()
    settle(page)
    page.evaluate("window.answersLateBy=3500")
    page.locator(_GRAPH).focus()
    for key in (*["ArrowRight"] * 3, "Shift+ArrowRight"):
        page.keyboard.press(key)
        page.wait_for_timeout(150)
    page.wait_for_timeout(3300)  # until answers to the first keys come between the last two
    for key in ("ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
        page.wait_for_timeout(300)
    expect(page.locator(".live")).to_contain_text("account @nightwalker_x")
    expect(page.get_by_text("Links of account @nightwalker_x: 1 link")).to_be_visible()
    settle(page)
    expect(page.locator(".live")).to_contain_text("account @nightwalker_x")


def test_the_graph_is_walked_and_worked_by_keyboard_alone(sign_in: Opens, served: Served) -> None:
    page = links_page(sign_in, "cora", served.cases.rich)
    page.locator(_GRAPH).focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".live")).to_contain_text("referral")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".live")).to_contain_text("Amira Kent, person, named as victim")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".live")).to_contain_text("Daniel Roe, person, named as perpetrator")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".live")).to_contain_text("25 incidents")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".live")).to_contain_text("account @nightwalker_x")
    expect(page.get_by_text("Links of account @nightwalker_x: 1 link")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("rowheader", name="Rex Yarn")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_text("All links on the map")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("rowheader", name="Rex Yarn")).to_have_count(0)


def test_a_node_lies_where_it_was_dragged_when_the_page_is_opened_again(
    sign_in: Opens, served: Served
) -> None:
    page = links_page(sign_in, "cora", served.cases.planned)
    node, box = drawn(page)["Yaa Legend"], page.locator(_GRAPH).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + node["x"], box["y"] + node["y"])
    page.mouse.down()
    page.mouse.move(box["x"] + node["x"] + 60, box["y"] + node["y"] + 50, steps=4)
    page.mouse.up()
    where = (
        "(host,id)=>{const p=host._cy.getElementById(id).position();return [Math.round(p.x),Math.round(p.y)]}"
    )
    lies = page.locator(_GRAPH).evaluate(where, node["id"])
    settle(page)
    page.wait_for_timeout(500)
    page.reload()
    expect(page.locator(_GRAPH)).to_be_visible()
    assert page.locator(_GRAPH).evaluate(where, node["id"]) == lies


def test_a_full_map_is_drawn_and_answers_a_key(sign_in: Opens, served: Served) -> None:
    page = links_page(sign_in, "cora", served.cases.crowded)
    assert page.locator(_GRAPH).get_attribute("data-drawn") == "299/298"
    page.locator(_GRAPH).focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".live")).to_contain_text("referral")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".live")).to_contain_text("person")


def test_what_would_find_the_victim_crosses_no_wire_and_stands_in_no_page(
    sign_in: Opens, served: Served
) -> None:
    page = sign_in("zhe", NO_PAGE, new=True)
    replies: list[bytes] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: replies.append(_bytes(frame)))

    page.on("websocket", listen)
    for path in ("case", "links"):
        page.goto(f"{served.address}/{path}?ref={served.cases.linked}")
        if path == "case":
            open_part(page, "Incidents and links")
        expect(page.locator(_GRAPH)).to_be_visible()
        settle(page)
        graph = json.dumps(page.locator(_GRAPH).evaluate("host=>host._cy.elements().map(each=>each.data())"))
        for text in (page.content(), graph):
            assert "900417" not in text.replace(" ", "")
            assert SAFE_HOUSE.split(",")[0] not in text
    sent = b"".join(replies)
    assert b"Rex Yarn" in sent
    assert b"nightwalker" in sent
    for part in (SAFE_PHONE.encode(), b"7700900417", b"Larkfield", b"ZZ99"):
        assert part not in sent


def _bytes(frame: str | bytes) -> bytes:
    return frame if isinstance(frame, bytes) else frame.encode()
