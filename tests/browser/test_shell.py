"""What stands around every page: marking, language, title, no bare shortcut, nothing left at home."""

from __future__ import annotations

import io
import urllib.request
from itertools import pairwise

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from engine.domain.accounts.acting import Role, User
from engine.services.accounts import users
from tests.browser.conftest import Opens, Served, case_page, settle
from tests.browser.showcase import runtime_of

pytestmark = pytest.mark.browser
MARKING = "OFFICIAL-SENSITIVE · DEVELOPMENT SIGN-IN"


def test_the_marking_is_in_the_page_before_any_script_has_run(served: Served) -> None:
    source = urllib.request.urlopen(served.address).read().decode()
    assert source.count(f">{MARKING}<") == 2


def test_the_marking_stands_at_both_edges_and_over_a_dialog(sign_in: Opens, served: Served) -> None:
    page = case_page(sign_in, "zhe", served.cases.rich)
    page.get_by_role("button", name="Record incident").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    bars = page.get_by_text(MARKING)
    expect(bars).to_have_count(2)
    for bar, edge in ((bars.first, 0), (bars.last, 900 - 26)):
        box = bar.bounding_box()
        assert box is not None
        assert (box["y"], box["width"]) == (edge, 1440)
        with Image.open(io.BytesIO(page.screenshot(clip=box))) as picture:
            colours = picture.convert("L").getextrema()
        assert colours == (12, 255), "the dialog's shade lies over the marking"


def test_the_marking_has_one_line_on_a_narrow_screen_before_and_after_its_font_has_come(
    sign_in: Opens,
) -> None:
    page = sign_in("cora", "/cases", size=(320, 800))
    expect(page.locator("h1")).to_be_visible()
    bar = page.get_by_text(MARKING).first
    for font in ("", "Arial,sans-serif"):
        bar.evaluate("(bar,font)=>{bar.style.fontFamily=font}", font)
        assert bar.evaluate("bar=>bar.scrollHeight===bar.clientHeight&&bar.scrollWidth<=320"), font


def test_language_title_and_one_heading_of_the_first_level(sign_in: Opens, served: Served) -> None:
    page = case_page(sign_in, "zhe", served.cases.rich)
    expect(page.locator("html")).to_have_attribute("lang", "en-GB")
    expect(page.locator("h1")).to_have_count(1)
    levels = page.evaluate("()=>[...document.querySelectorAll('h1,h2,h3,h4')].map(h=>+h.tagName[1])")
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


_BOXES = """()=>{const box=e=>{const b=e.getBoundingClientRect();return [b.left,b.right]};
 const shown=e=>!e.closest('[inert]');
 return [[...document.querySelectorAll('[data-testid=stTopNavLink],[data-testid=stTopNavSection]')]
  .filter(shown).map(box), box(document.querySelector('.st-key-whoami'))]}"""


@pytest.mark.parametrize(
    "people", [("long",), pytest.param(("cora", "police-worker"), marks=pytest.mark.full)], ids="-".join
)
def test_page_links_leave_room_for_the_name_at_every_width(
    sign_in: Opens, served: Served, people: tuple[str, ...]
) -> None:
    """What does not fit is in a menu; with a case open there is one link more."""
    if "long" in people:
        with runtime_of(served.home) as runtime:
            chair = User(name="long", display_name="Wilhelmina Featherstonehaugh-Lee", role=Role.CHAIR)
            users.add_user(
                runtime.context(User(name="cora", display_name="Cora", role=Role.COORDINATOR).acting()),
                user=chair,
            )
    for user in people:
        page = case_page(sign_in, user, served.cases.rich)
        for width in (1440, 1360, 1280, 1200, 1100, 1024, 800):
            page.set_viewport_size({"width": width, "height": 900})
            page.wait_for_timeout(500)
            links, name = page.evaluate(_BOXES)
            assert len(links) >= 2
            assert max(right for _, right in links) + 12 <= name[0], (user, width)
            if width == 1440:
                expect(page.get_by_role("button", name="More", exact=True)).to_be_visible()


def test_pages_of_other_days_are_under_more_by_keyboard_and_on_a_narrow_screen(sign_in: Opens) -> None:
    page = sign_in("cora", "/cases")
    expect(page.locator("h1")).to_have_text("Cases")
    expect(page.get_by_role("link", name="Agencies")).to_have_count(0)
    more = page.get_by_role("button", name="More", exact=True)
    more.focus()
    page.keyboard.press("Enter")
    items = page.get_by_role("menuitem")
    expect(items).to_have_text(
        ["Possible duplicates", "Outcomes", "Networks", "Agencies", "Subject access requests"],
        use_inner_text=True,
    )
    page.keyboard.press("Escape")
    expect(items).to_have_count(0)
    expect(more).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Outcomes")
    page.set_viewport_size({"width": 320, "height": 900})
    page.get_by_test_id("stExpandSidebarButton").click()
    page.get_by_test_id("stSidebarNavLink").filter(has_text="Agencies").click()
    expect(page.locator("h1")).to_have_text("Agencies")


def test_a_single_letter_does_not_run_the_app_again(sign_in: Opens, served: Served) -> None:
    page = case_page(sign_in, "zhe", served.cases.rich)
    page.evaluate(
        "()=>{window.sent=0;const s=WebSocket.prototype.send;"
        "WebSocket.prototype.send=function(d){window.sent++;return s.call(this,d)}}"
    )
    page.locator("h1").click()
    page.keyboard.press("r")
    page.keyboard.press("c")
    page.wait_for_timeout(400)
    assert page.evaluate("window.sent") == 0


def test_our_links_change_the_page_without_loading_the_app_again(sign_in: Opens, served: Served) -> None:
    page = sign_in("zhe", "/cases")
    expect(page.locator("h1")).to_have_text("Cases")
    page.evaluate("window.still_here=true")
    page.get_by_role("link", name=served.cases.rich).click()
    expect(page.locator("h1")).to_contain_text("Amira K.")
    assert page.evaluate("window.still_here")
    assert page.url.endswith(f"/case?ref={served.cases.rich}")
    page.go_back()
    expect(page.locator("h1")).to_have_text("Cases")


def test_a_deep_link_is_followed_once_somebody_has_signed_in(sign_in: Opens, served: Served) -> None:
    page = sign_in(None, f"/case?ref={served.cases.asking}")
    expect(page.locator("h1")).to_have_text("Sign in")
    expect(page.get_by_text("Manisha")).to_have_count(0)
    page.get_by_role("button", name="Sign in as Zhe Pang").click()
    expect(page.locator("h1")).to_contain_text("Manisha T.")


def test_signing_out_ends_every_tab(sign_in: Opens, served: Served) -> None:
    page = sign_in("zhe")
    expect(page.locator("h1")).to_have_text("Worklist")
    other: Page = page.context.new_page()
    other.goto(served.address)
    expect(other.locator("h1")).to_have_text("Worklist")
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("h1")).to_have_text("Sign in")
    link = other.get_by_role("link", name="Outcomes", exact=True)
    expect(link.or_(other.get_by_role("heading", name="Sign in"))).to_be_visible()
    if link.count():  # it has not noticed by itself
        link.click()
    expect(other.locator("h1")).to_have_text("Sign in")


def test_nothing_is_written_in_the_users_home(sign_in: Opens, served: Served) -> None:
    settle(sign_in("zhe"))
    assert [file.name for file in (served.home.parent / "elsewhere").rglob("*") if file.is_file()] == []


def test_the_front_page_leads_to_the_first_page_of_the_role(sign_in: Opens) -> None:
    for user, place in (("max", "Outcomes"), ("cora", "Worklist")):
        page = sign_in(user)
        expect(page.locator("h1")).to_contain_text(place)
        assert page.url.endswith(f"/{place.lower()}")


def test_a_practitioner_arrives_at_the_own_actions(sign_in: Opens) -> None:
    page = sign_in("police-worker")
    expect(page.locator("h1")).to_have_text("My actions")
    assert page.url.endswith("/plans")


def test_a_filter_of_plans_survives_the_way_back_as_a_code(sign_in: Opens, served: Served) -> None:
    page = sign_in("zhe", "/plans")
    expect(page.locator("h1")).to_have_text("Plans")
    page.get_by_role("link", name="Overdue", exact=True).click()
    expect(page.get_by_label("Due", exact=True)).to_have_value("Overdue")
    assert page.url.endswith("/plans?due=overdue")
    page.get_by_role("link", name=served.cases.rich, exact=True).click()
    expect(page.locator("h1")).to_contain_text("Stalking of")
    page.go_back()
    expect(page.locator("h1")).to_have_text("Plans")
    expect(page.get_by_label("Due", exact=True)).to_have_value("Overdue")
    assert page.url.endswith("/plans?due=overdue")


def test_the_address_of_a_page_that_a_role_is_not_given_shows_nothing_of_it(
    sign_in: Opens, served: Served
) -> None:
    page = sign_in("max", f"/case?ref={served.cases.rich}")
    expect(page.locator("h1")).to_contain_text("Outcomes")
    expect(page.get_by_text("Amira")).to_have_count(0)
