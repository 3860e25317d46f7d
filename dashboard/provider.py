"""Signing in through a provider: Streamlit does the round trip, and its end becomes a sign-in of ours.

Streamlit's own cookie would be good for a month, for any holder. So its answer to the provider's
return is read here, in the moment in which the provider's token was checked, and never later: no cookie that
a browser sends can become a sign-in.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

from streamlit.auth_util import get_cookie_with_chunks
from streamlit.runtime.secrets import SecretsValue
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from dashboard import record
from dashboard.arrivals import sign_in_settings
from engine.domain.errors import RecordError, SetupError, SignInError, StacError
from engine.runtime import provider_access
from engine.services.accounts.provider import sign_in_from_provider

RETURN = "/oauth2callback"
LEAVE = "/auth/logout"

Header = tuple[bytes, bytes]


def secrets() -> dict[str, SecretsValue] | None:
    """Return Streamlit's settings for the provider; None if none is set, or the installation is not whole."""
    try:
        access = provider_access()
    except SetupError:
        return None
    if access is None:
        return None
    return {
        "auth": {
            "redirect_uri": f"{access.back_to}{RETURN}",
            "cookie_secret": access.cookie_secret,
            "client_id": access.settings.client_id,
            "client_secret": access.secret,
            "server_metadata_url": access.settings.metadata,
            "client_kwargs": {"scope": "openid profile email"},
        }
    }


def is_offered() -> bool:
    """Return whether people can sign in through a provider here."""
    return sign_in_settings().provider is not None


def origin() -> str | None:
    """Return the origin at which the provider takes sign-ins and sign-outs."""
    provider = sign_in_settings().provider
    if provider is None:
        return None
    parts = urlsplit(provider.metadata)
    return f"{parts.scheme}://{parts.netloc}"


def token_of(headers: list[Header]) -> str | None:
    """Return the token of a sign-in of ours, out of Streamlit's answer to the provider's return.

    None if it signed no user in. Raises SignInError when the person may not come in.
    """
    claims = _claims(headers)
    if claims is None:
        return None
    try:
        runtime = record.runtime()
        return sign_in_from_provider(
            uow=runtime.uow, clock=runtime.clock, settings=runtime.settings.sign_in, claims=claims
        )
    except (SignInError, RecordError):
        raise
    except StacError:
        return None


def _claims(headers: list[Header]) -> Mapping[str, object] | None:
    try:
        access = provider_access()
    except SetupError:
        return None
    given: SimpleCookie = SimpleCookie()
    for name, value in headers:
        if name.lower() == b"set-cookie":
            try:
                given.load(value.decode("latin-1").split(";", 1)[0])
            except CookieError:
                return None
    if access is None:
        return None
    secret = access.cookie_secret

    def one(name: str) -> bytes | None:
        return decode_signed_value(secret, name, given[name].value) if name in given else None

    found = get_cookie_with_chunks(one, USER_COOKIE_NAME)
    try:
        claims = json.loads(found) if found else None
    except ValueError:
        return None
    return claims if isinstance(claims, dict) and claims.get("is_logged_in") is True else None
