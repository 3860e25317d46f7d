"""Cookies as they leave this server: for TLS where that is, for no longer than a sign-in, for no other site.

Streamlit's own sign-in cookie lasts thirty days and never says that it is for TLS. It opens nothing here: a
sign-in of the record does. It is shortened all the same, since it shows who a person is.
"""

from __future__ import annotations

from datetime import timedelta

_OF_STREAMLIT = ("_streamlit_user", "_streamlit_session")

Header = tuple[bytes, bytes]


def hardened(headers: list[Header], *, over_tls: bool, lasts: timedelta) -> list[Header]:
    """Return the same headers, each cookie with what it must say."""
    return [
        (name, _cookie(value.decode("latin-1"), over_tls, lasts).encode("latin-1"))
        if name.lower() == b"set-cookie"
        else (name, value)
        for name, value in headers
    ]


def _cookie(cookie: str, over_tls: bool, lasts: timedelta) -> str:
    parts = [part.strip() for part in cookie.split(";")]
    stored_texts = [parts[0]]
    most = int(lasts.total_seconds())
    for part in parts[1:]:
        name, _, value = part.partition("=")
        if name.lower() == "max-age" and cookie.startswith(_OF_STREAMLIT):
            stored_texts.append(f"Max-Age={min(int(value), most)}")
        elif name.lower() == "secure" or (name.lower() == "expires" and cookie.startswith(_OF_STREAMLIT)):
            continue
        else:
            stored_texts.append(part)
    if not any(part.lower().startswith("samesite") for part in stored_texts):
        stored_texts.append("SameSite=Lax")
    if over_tls:
        stored_texts.append("Secure")
    return "; ".join(stored_texts)
