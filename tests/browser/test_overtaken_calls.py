"""Components that are drawn again before an earlier call has ended.

Streamlit calls a component again for each change of its data. A call that was overtaken while its script
loaded is told to clean up although the component is on the page: a map, a draft or a pulse must live on.
"""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import NO_PAGE, ROOT, Opens

pytestmark = pytest.mark.browser
_CALLED_TWICE = """async ([name, html, data])=>{
  const part=document.createElement('div'); part.innerHTML=html; document.body.append(part)
  const answers=window.answers=[]
  const answer=(...each)=>answers.push(each)
  const call=async()=>(await import(`/script-of-${name}`)).default(
    {data, parentElement:part, setStateValue:answer, setTriggerValue:answer})
  const overtaken=await call()
  window.last=await call()
  overtaken()
  window.putBack=async opening=>{
    part.remove(); window.last()
    part.innerHTML=html; document.body.append(part); data.opening=opening
    window.last=await call()
  }
}"""
_PUT_BACK = "opening=>window.putBack(opening)"
"""The field is taken off the page and put back, with the text that it had at first."""


@pytest.fixture
def page(sign_in: Opens) -> Page:
    return sign_in(None, NO_PAGE, new=True)


def called_twice(page: Page, name: str, html: str, data: dict[str, object]) -> None:
    script = ROOT / "dashboard" / name / "assets" / "index.js"
    page.route(
        f"**/script-of-{name}", lambda route: route.fulfill(path=script, content_type="text/javascript")
    )
    page.evaluate(_CALLED_TWICE, [name, html, data])


def drafted(page: Page, text: str = "") -> None:
    """A field with this draft, called twice."""

    def saved(route: Route) -> None:
        route.fulfill(
            content_type="application/json", body=json.dumps({"saved_at": "10:00", "is_signed_in": True})
        )

    page.route("**/draft-of-this-test", saved)
    html = (
        "<div class=draft><label></label><p class=hint></p><p class=error></p><textarea></textarea>"
        "<span class=state></span><button class=discard></button></div>"
    )
    data: dict[str, object] = {"id": "form|summary", "opening": 1, "text": text, "saved_at": None, "rows": 2}
    more = {"label": "Summary", "signed_pass": "pass", "address": "/draft-of-this-test", "one_line": False}
    called_twice(page, "draft_text", html, {**data, **more})


def test_a_map_still_answers_keys(page: Page) -> None:
    html = "<div><div class=canvas tabindex=0></div><div class=live></div></div>"
    node = {"id": "P-1", "label": "Amira Kent", "kind": "person", "says": "person", "x": 0, "y": 0}
    theme = dict.fromkeys(("ink", "ground", "line", "strong", "path"), "#000000")
    looks = {"person": ["ellipse", "#000000"]}
    drawing = {"nodes": [node], "edges": [], "middle": "P-1", "path": [], "says": "", "selected": None}
    called_twice(
        page, "link_graph", html, {**drawing, "answers": 0, "height": 200, "looks": looks, "theme": theme}
    )
    page.locator(".canvas").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".live")).to_have_text("Amira Kent, person, 0 links")
    page.evaluate("document.querySelector('.canvas').parentElement.parentElement.remove(); window.last()")


def test_a_draft_still_says_that_it_is_saved(page: Page) -> None:
    drafted(page)
    page.locator("textarea").press_sequentially("Agreed.")
    expect(page.locator(".state")).to_have_text("Draft saved 10:00")
    page.locator("textarea").press("Tab")
    assert page.evaluate("window.answers") == [["typed", {"opening": 1, "text": "Agreed."}]]


def test_a_discarded_draft_does_not_come_back_with_a_field_that_is_put_back(page: Page) -> None:
    drafted(page, text="Agreed.")
    page.get_by_role("button", name="Discard draft").click()
    expect(page.locator(".state")).to_have_text("Draft discarded.")
    page.evaluate(_PUT_BACK, 1)
    expect(page.locator(".state")).to_have_text("Draft discarded.")
    expect(page.locator("textarea")).to_have_value("")
    page.evaluate(_PUT_BACK, 2)  # the form was opened again, and its server says what is stored
    expect(page.locator("textarea")).to_have_value("Agreed.")


def test_a_pulse_goes_on_asking(page: Page) -> None:
    asked: list[str] = []

    def unchanged(route: Route) -> None:
        asked.append(route.request.url)
        now = "2026-03-02T09:00:00Z"
        answer = {"version": 1, "changes": {}, "screen": 1, "now": now, "state": "in session", "timer": None}
        route.fulfill(content_type="application/json", body=json.dumps(answer))

    page.route("**/pulse-of-this-test", unchanged)
    parts = "".join(
        f"<div class={name}></div>" for name in ("of-item", "of-end", "planned", "elapsed", "end")
    )
    html = (
        f"<div class=pulse>{parts}<p class=contact></p><p class=lost></p>"
        "<p class=changed><span></span><button></button></p></div>"
    )
    data: dict[str, object] = {
        "address": "/pulse-of-this-test",
        "conference": "U-1",
        "version": 1,
        "changes": {},
    }
    called_twice(
        page, "pulse", html, {**data, "screen": 1, "planned": None, "minutes_after": 0, "is_room": False}
    )
    page.wait_for_timeout(2_500)
    assert len(asked) >= 3
    page.evaluate("document.querySelector('.pulse').parentElement.remove(); window.last()")
    gone = len(asked)
    page.wait_for_timeout(1_500)
    assert len(asked) == gone
