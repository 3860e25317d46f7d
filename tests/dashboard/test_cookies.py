"""Every cookie leaves with what it must say."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dashboard.cookies import hardened

LASTS = timedelta(hours=8)
MONTH = "_streamlit_user=x; HttpOnly; Max-Age=2592000; Path=/; SameSite=lax"


def cookie(text: str, *, over_tls: bool = False) -> str:
    ((_, value),) = hardened([(b"Set-Cookie", text.encode())], over_tls=over_tls, lasts=LASTS)
    return value.decode()


def test_streamlits_own_sign_in_lasts_no_longer_than_ours() -> None:
    assert cookie(MONTH) == "_streamlit_user=x; HttpOnly; Max-Age=28800; Path=/; SameSite=lax"


def test_a_cookie_that_is_taken_away_stays_taken_away() -> None:
    text = '_streamlit_user=""; expires=Wed, 25 Nov 2026 10:00:00 GMT; Max-Age=0; Path=/; SameSite=lax'
    assert "Max-Age=0" in cookie(text)


def test_over_tls_every_cookie_is_for_tls_alone_and_says_so_once() -> None:
    assert cookie(MONTH, over_tls=True).endswith("; Secure")
    assert cookie("a=b; Secure; SameSite=Strict", over_tls=True) == "a=b; SameSite=Strict; Secure"


@pytest.mark.parametrize("over_tls", [True, False])
def test_a_cookie_that_says_nothing_of_other_sites_is_not_sent_by_them(over_tls: bool) -> None:
    assert "SameSite=Lax" in cookie("_streamlit_xsrf=2|x; Path=/", over_tls=over_tls)


def test_other_headers_are_left_as_they_are() -> None:
    assert hardened([(b"x-a", b"Max-Age=1")], over_tls=True, lasts=LASTS) == [(b"x-a", b"Max-Age=1")]
