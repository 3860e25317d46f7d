"""The development sign-in: who may, for how long, and that no other site can use it."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from dashboard.sign_in import COOKIE, LASTS, SIGN_INS, SignIns, signed_in
from tests.builders import MONDAY, Desk
from tests.dashboard.arriving import ask

ORIGIN = {"origin": "http://127.0.0.1"}


def send(
    path: str = "/sign-in",
    user: str = "cora",
    to: str = "/",
    client: str = "127.0.0.1",
    headers: dict[str, str] | None = None,
    cookies: dict[str, str] | None = None,
) -> httpx.Response:
    form = {"user": user, "to": to}
    sent = ORIGIN if headers is None else headers
    return ask(path, method="POST", form=form, client=client, headers=sent, cookies=cookies)


def test_a_token_stands_for_its_user_until_it_is_too_old() -> None:
    table = SignIns()
    token = table.start("cora", at=MONDAY)
    assert table.user_of(token, at=MONDAY + LASTS - timedelta(seconds=1)) == "cora"
    assert table.user_of(token, at=MONDAY + LASTS) is None


def test_an_unknown_token_stands_for_nobody() -> None:
    assert SignIns().user_of("made-up", at=MONDAY) is None


def test_signing_out_ends_the_token_in_every_tab() -> None:
    table = SignIns()
    token = table.start("cora", at=MONDAY)
    table.end(token)
    assert table.user_of(token, at=MONDAY) is None


def test_signing_in_sets_a_cookie_that_no_script_reads_and_no_other_site_sends(desk: Desk) -> None:
    answer = send(to="/case?ref=R-1")
    cookie = answer.headers["set-cookie"]
    assert answer.headers["location"] == "/case?ref=R-1"
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    token = cookie.split(f"{COOKIE}=")[1].split(";")[0]
    found = signed_in(token, local=True)
    assert found is not None
    assert found.name == "cora"


@pytest.mark.parametrize(
    "to", ["//evil.example", "https://evil.example", "/\\evil.example", "evil", "/\t/evil.example"]
)
def test_nobody_is_sent_to_another_site(desk: Desk, to: str) -> None:
    assert send(to=to).headers["location"] == "/"


@pytest.mark.parametrize("headers", [{}, {"origin": "http://evil.example"}], ids=["no origin", "another's"])
def test_a_form_of_another_site_signs_nobody_in(desk: Desk, headers: dict[str, str]) -> None:
    answer = send(headers=headers)
    assert answer.status_code == 404
    assert "set-cookie" not in answer.headers


def test_a_user_who_does_not_exist_is_not_signed_in(desk: Desk) -> None:
    assert "set-cookie" not in send(user="nobody").headers


def test_a_browser_elsewhere_cannot_sign_in(desk: Desk) -> None:
    assert send(client="192.0.2.7").status_code == 404


def test_a_token_is_worth_nothing_from_elsewhere(desk: Desk) -> None:
    token = SIGN_INS.start("cora", at=desk.clock.now())
    assert signed_in(token, local=False) is None


def test_signing_out_by_the_form_ends_the_token(desk: Desk) -> None:
    token = SIGN_INS.start("cora", at=desk.clock.now())
    send("/sign-out", cookies={COOKIE: token})
    assert signed_in(token, local=True) is None


def test_a_form_of_another_site_signs_nobody_out(desk: Desk) -> None:
    token = SIGN_INS.start("cora", at=desk.clock.now())
    send("/sign-out", cookies={COOKIE: token}, headers={"origin": "http://evil.example"})
    assert signed_in(token, local=True) is not None


def test_a_form_too_large_to_be_ours_is_not_read(desk: Desk) -> None:
    assert "set-cookie" not in send(to="/" + "x" * 10_000).headers
