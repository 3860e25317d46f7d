"""The shell: marking, language and headers on every page, before the app runs and whatever it answers."""

from __future__ import annotations

from typing import Any

import pytest

from dashboard import record
from dashboard.arrivals import LOCAL
from tests.builders import Desk
from tests.dashboard.arriving import a_sign_in, ask


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    """A machine on which nothing is set up."""
    record.use(None)
    monkeypatch.setenv("STAC_HOME", str(tmp_path / "nothing"))


@pytest.mark.usefixtures("plain")
def test_every_page_carries_the_marking_above_and_below_before_the_app_loads() -> None:
    page = ask("/").text
    assert page.count(">OFFICIAL-SENSITIVE</div>") == 2
    assert page.index("OFFICIAL-SENSITIVE") < page.index('id="root"') < page.rindex("OFFICIAL-SENSITIVE")


@pytest.mark.usefixtures("plain")
def test_language_and_title_are_ours() -> None:
    page = ask("/").text
    assert '<html lang="en-GB">' in page
    assert "<title>Stalking threat assessment</title>" in page


def test_the_marking_says_when_the_development_sign_in_is_on(desk: Desk) -> None:
    marking, page = "OFFICIAL-SENSITIVE · DEVELOPMENT SIGN-IN", ask("/").text
    assert page.count(f">{marking}<") == 2
    assert page.count(f"content:'{marking}'") == 2  # in the margins of each printed sheet


@pytest.mark.usefixtures("plain")
@pytest.mark.parametrize("path", ["/", "/x.woff2", "/_stcore/metrics"])
def test_every_answer_carries_the_headers(path: str) -> None:
    headers = ask(path).headers
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "default-src 'self'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"


@pytest.mark.usefixtures("plain")
def test_a_page_is_kept_in_no_cache() -> None:
    assert ask("/").headers["cache-control"] == "no-store"


@pytest.mark.usefixtures("plain")
@pytest.mark.parametrize(
    "path",
    [
        "/_stcore/metrics",
        "/_stcore/agent/openapi.json",
        "/_stcore/script-health-check",
        "/_stcore/upload_file/a/b",
        "/media/0123456789abcdef.pdf",
    ],
)
def test_what_tells_of_the_machine_or_gives_files_to_anybody_is_closed(path: str) -> None:
    assert ask(path).status_code == 404


@pytest.mark.usefixtures("plain")
def test_what_the_app_asks_before_it_starts_tells_nothing_of_the_machine() -> None:
    answer = ask("/_stcore/host-config")
    assert answer.json()["allowedOrigins"] == []
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.usefixtures("plain")
@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "192.0.2.1", "[bad"])
def test_another_name_than_ours_is_not_answered(host: str) -> None:
    answer = ask("/", headers={"host": host})
    assert answer.status_code == 400
    assert answer.text == ""


def at_a_public_name(desk: Desk) -> None:
    settings = desk.runtime.settings
    sign_in = settings.sign_in.model_copy(update={"address": "https://stac.example"})
    desk.runtime.settings = settings.model_copy(update={"sign_in": sign_in})


def test_our_public_name_is_answered_and_everything_there_is_for_tls_alone(desk: Desk) -> None:
    at_a_public_name(desk)
    answer = ask("/cookie.json", host="stac.example")
    assert answer.headers["set-cookie"].endswith("; Secure")
    assert answer.headers["strict-transport-security"] == "max-age=31536000"


def test_without_tls_nothing_claims_it(desk: Desk) -> None:
    at_a_public_name(desk)
    answer = ask("/cookie.json")
    assert "Secure" not in answer.headers["set-cookie"]
    assert "strict-transport-security" not in answer.headers


def test_the_development_sign_in_is_not_behind_a_public_name(desk: Desk) -> None:
    at_a_public_name(desk)
    assert ask("/local.json", host="stac.example").json() == {"local": None}


def test_a_page_locks_itself_after_the_time_that_was_set(desk: Desk) -> None:
    assert f"var most={480 * 60}*1000" in ask("/").text


@pytest.mark.usefixtures("plain")
@pytest.mark.parametrize(
    ("client", "host", "bound", "headers", "is_local"),
    [
        ("127.0.0.1", "127.0.0.1", "127.0.0.1", {}, True),
        ("127.0.0.1", "localhost", "127.0.0.1", {}, True),
        ("192.0.2.7", "127.0.0.1", "127.0.0.1", {}, False),
        ("127.0.0.1", "127.0.0.1", "192.0.2.1", {}, False),
        ("127.0.0.1", "127.0.0.1", "127.0.0.1", {"x-forwarded-for": "192.0.2.7"}, False),
        ("192.0.2.7", "127.0.0.1", "192.0.2.1", {LOCAL: "1"}, False),
    ],
    ids=[
        "here",
        "by name",
        "from elsewhere",
        "at another address",
        "through a proxy",
        "that says so itself",
    ],
)
def test_a_browser_is_local_only_on_this_machine_and_cannot_say_so_itself(
    client: str, host: str, bound: str, headers: dict[str, str], is_local: bool
) -> None:
    answer = ask("/local.json", client=client, host=host, bound=bound, headers=headers)
    assert answer.json() == {"local": "1" if is_local else None}


def test_a_deep_link_of_somebody_who_is_not_signed_in_goes_by_the_front_page(desk: Desk) -> None:
    answer = ask("/case?ref=R-1")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/?to=%2Fcase%3Fref%3DR-1"


def test_a_deep_link_of_somebody_who_is_signed_in_is_followed(desk: Desk) -> None:
    token = a_sign_in(desk, "cora")
    assert ask("/case?ref=R-1", cookies={"stac_sign_in": token}).status_code == 200


def test_a_busy_record_is_said_to_be_busy_where_no_page_is_drawn(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk.runtime.uow._turns, "_longest_wait", 0.02)
    with desk.runtime.uow.unrecorded(will_write=True):
        answer = ask("/sign-in", method="POST", form={"user": "cora"}, headers={"origin": "http://127.0.0.1"})
    assert answer.status_code == 503
    assert answer.text.startswith("the record is busy")
