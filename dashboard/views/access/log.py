"""Access log of a case: every use case that touched it, newest first. For its chair and its advocate."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import markup, record, session, words
from dashboard.act_labels import act
from dashboard.errors import show_errors
from engine.domain.access.need_to_know import AccessLogEntry, LooksPage
from engine.domain.accounts.acting import Acting, Role
from engine.domain.agencies.directory import AgencyKnown
from engine.services.access.log import read_access_log
from engine.services.access.restrictions import speaks_for_victim

_AT_ONCE = 25


def is_offered(acting: Acting, agencies: Sequence[AgencyKnown]) -> bool:
    """Return whether to offer it at all; the service refuses anyway."""
    return acting.role is Role.CHAIR or speaks_for_victim(acting, agencies)


@st.dialog("Access log", width="large")
def dialog(reference: str) -> None:
    """Show one page of it."""
    draw(reference)


def draw(reference: str) -> None:
    """Draw the entries of the chosen page, and the number of all."""
    runtime = record.runtime()
    chosen = session.number("looks-page", 1)
    with show_errors():
        page = read_access_log(
            runtime.context(session.acting()),
            reference=reference,
            first=(chosen - 1) * _AT_ONCE,
            count=_AT_ONCE,
        )
        _draw_page(page)
        pages = -(-page.total // _AT_ONCE)
        if pages > 1:
            st.pagination(pages, key="looks-page")


def _draw_page(page: LooksPage) -> None:
    rows = [
        (words.moment(look.at), _who(look), act(look.what), look.purpose, _standing(look))
        for look in page.looks
    ]
    markup.draw(
        markup.table(
            ("When", "User", "Action", "Task", "Named on the case"),
            rows,
            caption=words.counted(page.total, "entry", "entries"),
            marked=["late" if _is_stranger(look) else None for look in page.looks],
        )
    )


def _who(look: AccessLogEntry) -> str:
    role = words.label(look.role)
    role += f", {look.agency}" if look.agency else ""
    behalf = f", for {session.named(look.on_behalf_of)}" if look.on_behalf_of else ""
    return f"{session.named(look.user)} ({role}){behalf}"


def _is_stranger(look: AccessLogEntry) -> bool:
    return not look.is_named and look.role not in {Role.SYSTEM, Role.CHAIR}


def _standing(look: AccessLogEntry) -> str:
    if look.is_named:
        return "yes"
    return "no" if _is_stranger(look) else words.label(look.role)
