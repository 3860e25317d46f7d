"""Refusals of requests by the dashboard, written to the log. Knows no page and no case."""

from __future__ import annotations

from starlette.types import Scope

from dashboard import record
from engine.domain.accounts.acting import Acting
from engine.domain.errors import StacError
from engine.services.system.rejected_requests import Refused


def note(
    what: Refused,
    *,
    place: str | None = None,
    acting: Acting | None = None,
    because: str | None = None,
    sign_in: int | None = None,
) -> None:
    """Note a refusal; before there is a record it is refused without a log."""
    try:
        refusals = record.runtime().refusals
    except StacError:
        return
    refusals.note(what, place=place, acting=acting, because=because, sign_in=sign_in)


def place_of(scope: Scope) -> str:
    """Return where a request came from, if it can be known here; it is stored only as a keyed digest."""
    client = scope.get("client")
    return str(client[0]) if client else "unknown"
