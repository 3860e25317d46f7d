"""The development sign-in: who may, for how long, and that no other site can use it."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from argon2 import PasswordHasher

from dashboard import record
from dashboard.sign_in import COOKIE, signed_in, standing
from engine.access import passwords
from engine.domain.accounts.sign_ins import SignInEnd
from engine.links.building import RegisterBuilder
from engine.services.accounts.passwords import give_start_password
from engine.settings import SignInSettings
from tests.builders import Desk, in_one_entry
from tests.dashboard.arriving import a_sign_in, ask

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
    token = a_sign_in(desk, "cora")
    assert signed_in(token, local=False) is None


@pytest.mark.parametrize("address", ["/sign-out", "/lock"])
def test_what_a_person_opened_of_their_own_leaves_the_memory_with_the_sign_in(
    desk: Desk, address: str
) -> None:
    token = a_sign_in(desk, "cora")
    held = record.runtime().held_networks
    held.put("cora", "NW-2", RegisterBuilder().register(), size=1, drops=held.drops)
    send(address, cookies={COOKIE: token}, headers={"origin": "http://evil.example"})
    assert record.runtime().held_networks.get("cora", "NW-2") is not None
    send(address, cookies={COOKIE: token})
    assert record.runtime().held_networks.get("cora", "NW-2") is None


def test_signing_out_by_the_form_ends_the_token(desk: Desk) -> None:
    token = a_sign_in(desk, "cora")
    send("/sign-out", cookies={COOKIE: token})
    assert signed_in(token, local=True) is None


def test_a_form_of_another_site_signs_nobody_out(desk: Desk) -> None:
    token = a_sign_in(desk, "cora")
    send("/sign-out", cookies={COOKIE: token}, headers={"origin": "http://evil.example"})
    assert signed_in(token, local=True) is not None


def test_a_form_too_large_to_be_ours_is_not_read(desk: Desk) -> None:
    assert "set-cookie" not in send(to="/" + "x" * 10_000).headers


def test_a_page_that_nobody_touches_signs_out_and_says_so(desk: Desk) -> None:
    token = a_sign_in(desk, "cora")
    assert send("/lock", cookies={COOKIE: token}).status_code == 200
    assert standing(token, local=True).ended is SignInEnd.LOCKED


def test_another_tab_of_a_locked_browser_is_left_too(desk: Desk) -> None:
    token = a_sign_in(desk, "cora")
    send("/lock", cookies={COOKIE: token})
    assert send("/lock", cookies={COOKIE: token}).status_code == 200


def test_where_nobody_is_signed_in_there_is_nothing_to_lock(desk: Desk) -> None:
    assert send("/lock").status_code == 204


def test_another_site_cannot_lock_a_page(desk: Desk) -> None:
    token = a_sign_in(desk, "cora")
    send("/lock", cookies={COOKIE: token}, headers={"origin": "http://evil.example"})
    assert signed_in(token, local=True) is not None


def test_reading_a_page_keeps_it_open(desk: Desk) -> None:
    settings = desk.runtime.settings
    desk.runtime.settings = settings.model_copy(update={"sign_in": SignInSettings()})
    token = a_sign_in(desk, "cora")
    desk.clock.forward(timedelta(minutes=14))
    assert send("/in-use", cookies={COOKIE: token}).status_code == 204
    desk.clock.forward(timedelta(minutes=14))
    assert signed_in(token, local=True) is not None


def test_the_development_sign_in_is_gone_once_somebody_can_prove_who_they_are(desk: Desk) -> None:
    token = a_sign_in(desk, "cora")
    with in_one_entry(desk.runtime) as work:
        work.sign_ins.store_account("chair", password_hash="x", must_change=True, at=desk.clock.now())
    assert signed_in(token, local=True) is None
    assert send().status_code == 404


OWN = "three quiet herons"


def typed(to: str = "/", client: str = "127.0.0.1", **form: str) -> httpx.Response:
    return ask("/sign-in", method="POST", form={"to": to, **form}, client=client, headers=ORIGIN)


@pytest.fixture
def start(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> str:
    """The password that somebody begins with; hashes are made with the least work."""
    least = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_HASHER", least)
    return give_start_password(desk.context(desk.coordinator), name="cora")


def test_a_password_signs_in_from_anywhere_and_leads_to_where_one_was_going(desk: Desk, start: str) -> None:
    answer = typed(user="cora", password=start, new=OWN, again=OWN, to="/case?ref=R-1", client="192.0.2.7")
    assert answer.headers["location"] == "/case?ref=R-1"
    token = answer.headers["set-cookie"].split(f"{COOKIE}=")[1].split(";")[0]
    found = signed_in(token, local=False)
    assert found is not None
    assert found.name == "cora"


@pytest.mark.parametrize(
    ("form", "why"),
    [
        ({"password": "not it"}, "refused"),
        ({"password": "START"}, "new"),
        ({"password": "START", "new": "short", "again": "short"}, "weak"),
        ({"password": "START", "new": OWN, "again": "another"}, "differ"),
        ({"password": "not it", "new": OWN, "again": OWN}, "refused"),
    ],
)
def test_a_refusal_is_said_by_one_word_and_nothing_that_was_typed(
    desk: Desk, start: str, form: dict[str, str], why: str
) -> None:
    given = {name: value.replace("START", start) for name, value in form.items()}
    answer = typed(user="cora", **given)
    assert answer.headers["location"] == f"/?why={why}&to=%2F"
    assert "set-cookie" not in answer.headers


def test_a_name_alone_signs_nobody_in_where_there_are_passwords(desk: Desk, start: str) -> None:
    assert typed(user="cora").status_code == 404
