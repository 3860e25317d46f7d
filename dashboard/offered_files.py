"""The notice of a file that a page made: shown on each page until its person uses or closes it.

It is of one sign-in in one tab, and ends when the file can no longer be fetched.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple, NoReturn

import streamlit as st

from dashboard import callbacks, downloads, made_files, markup, record, session

_OFFERED = "offered-files"


class _Offered(NamedTuple):
    """A file on offer. ``sign_in`` is the number of the sign-in that it was made for."""

    sign_in: int
    kind: str
    reference: str
    label: str
    heading: str
    until: datetime


def offer(label: str, *, kind: str, reference: str, heading: str) -> NoReturn:
    """Show the file on the page as it will be drawn next, and draw it now, whatever is pressed meanwhile."""
    callbacks.finish_this_run()
    until = record.runtime().clock.now() + made_files.FETCHED_WITHIN
    offered = _Offered(session.sign_in().id, kind, reference, label, heading, until)
    session.keep(_OFFERED, (*_on_offer(), offered))
    st.rerun()


def draw() -> None:
    """Draw the files on offer, each with its link and a button that closes it."""
    if session.stored_value(_OFFERED) is None:
        return
    offered = _on_offer()
    session.keep(_OFFERED, offered or None)
    for each in offered:
        with st.container(key=f"offered-{each.reference}"):
            fetch = markup.fetch(each.label, downloads.ASK, kind=each.kind, reference=each.reference)
            markup.draw(markup.notice("success", fetch, heading=each.heading))
            st.button(
                "Close this notice", key=f"close-offered-{each.reference}", on_click=_close, args=(each,)
            )


def _on_offer() -> tuple[_Offered, ...]:
    now, sign_in = record.runtime().clock.now(), session.sign_in()
    user = sign_in.user.name
    return tuple(
        each
        for each in session.stored_value(_OFFERED, tuple) or ()
        if each.sign_in == sign_in.id
        and now <= each.until
        and not made_files.was_answered(user, each.kind, each.reference)
        and (each.kind != downloads.NETWORK_MAP or made_files.holds(user, each.reference))
    )


def _close(closed: _Offered) -> None:
    session.keep(_OFFERED, tuple(each for each in _on_offer() if each != closed) or None)
