"""Checks of who can sign in, and of what the dashboard's server gives away. Changes nothing."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from cli.system.checks import NOTE, OK, WRONG, Check

if TYPE_CHECKING:
    from engine.runtime import Runtime

_CONFIG = Path(__file__).parent.parent.parent / "dashboard" / ".streamlit" / "config.toml"
_MUST_BE: dict[tuple[str, str], object] = {
    ("browser", "gatherUsageStats"): False,
    ("client", "showErrorDetails"): "none",
    ("client", "showErrorLinks"): False,
    ("client", "toolbarMode"): "viewer",
    ("global", "developmentMode"): False,
    ("runner", "magicEnabled"): False,
    ("server", "enableCORS"): True,
    ("server", "enableXsrfProtection"): True,
    ("server", "enableAgentApi"): False,
    ("server", "fileWatcherType"): "none",
    ("server", "xsrfCookieSameSite"): "strict",
    ("server", "trustedUserHeaders"): None,
}
_BY_DEFAULT: dict[tuple[str, str], object] = {
    ("server", "enableCORS"): True,
    ("server", "enableXsrfProtection"): True,
    ("server", "enableAgentApi"): False,
    ("server", "trustedUserHeaders"): None,
    ("global", "developmentMode"): False,
}
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def sign_in_checks(runtime: Runtime, environ: Mapping[str, str]) -> Iterator[Check]:
    """Yield who can sign in, and how."""
    from engine.services.accounts.sign_ins import all_act_on_their_word

    development = runtime.settings.development_sign_in
    if all_act_on_their_word(uow=runtime.uow):
        loud = (
            "; the DEVELOPMENT SIGN-IN is on: a browser on this machine needs no password"
            if development
            else ""
        )
        yield Check(
            "sign-in",
            NOTE,
            f"NO USER HAS A PASSWORD OR SINGLE SIGN-ON: --as NAME is enough. Only for invented people{loud}",
            "before real people's data: 'stac user create NAME --role administrator --with-password'",
        )
    elif development:
        sentence = "development_sign_in is still on; it is ignored, because users can sign in"
        yield Check("sign-in", WRONG, sentence, "remove it from settings.toml and the environment")
    else:
        yield Check("sign-in", OK, "every user must sign in")
    yield _address(runtime)
    if runtime.settings.sign_in.provider is not None:
        yield _provider(environ)
    yield _web(environ)


def _provider(environ: Mapping[str, str]) -> Check:
    from engine.domain.errors import SetupError
    from engine.runtime import provider_access

    try:
        access = provider_access(environ)
    except SetupError as error:
        return Check(
            "provider", WRONG, str(error), "set it for 'stac serve'; users cannot sign in through it yet"
        )
    host = urlsplit(access.settings.metadata).hostname if access else None
    return Check("provider", OK, f"people sign in through {host}")


def _address(runtime: Runtime) -> Check:
    address = runtime.settings.sign_in.address
    if address is None:
        return Check("address", OK, "the dashboard is only available on this machine")
    parts = urlsplit(address)
    if parts.scheme != "https" and parts.hostname not in _LOOPBACK:
        sentence = "browsers reach the dashboard without TLS: sign-ins can be read on the way"
        return Check(
            "address", WRONG, sentence, "put a proxy with TLS before it, and write https:// in [sign_in]"
        )
    return Check("address", OK, f"the dashboard is available at {parts.hostname}, and on this machine")


def _web(environ: Mapping[str, str]) -> Check:
    """Return what the dashboard's server gives away: the defaults, unless an operator chose otherwise."""
    try:
        chosen = tomllib.loads(_CONFIG.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Check("web", WRONG, "the dashboard's settings cannot be read", "install stac-engine again")
    loose = [name for name in _MUST_BE if _is_loose(name, chosen, environ)]
    if loose:
        names = ", ".join(f"{section}.{option}" for section, option in loose)
        return Check(
            "web", WRONG, f"the dashboard's server is less strict than we ship it: {names}", _WEB_MEND
        )
    return Check(
        "web", OK, f"{len(_MUST_BE)} settings of the dashboard's server are as strict as we ship them"
    )


_WEB_MEND = "remove the STREAMLIT_ variables from the environment, or install stac-engine again"


def _is_loose(name: tuple[str, str], chosen: Mapping[str, object], environ: Mapping[str, str]) -> bool:
    section, option = name
    signs = "".join(f"_{sign}" if sign.isupper() else sign for sign in option.replace("CORS", "Cors"))
    text = environ.get(f"STREAMLIT_{section}_{signs}".upper())
    wanted = _MUST_BE[name]
    if text is not None:
        return text.strip().lower() != str(wanted).lower()
    ours = chosen.get(section)
    set_to = ours.get(option, _BY_DEFAULT.get(name)) if isinstance(ours, dict) else _BY_DEFAULT.get(name)
    return bool(set_to != wanted)
