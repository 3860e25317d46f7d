"""The quarterly release, made by a coordinator or manager from the Outcomes page."""

from __future__ import annotations

import threading
from datetime import date

import streamlit as st

from dashboard import markup, own_process, record, session, words
from dashboard.errors import show_errors
from dashboard.release_question import make_of_quarter
from engine.domain.outcomes.releases import Release
from engine.services.outcomes.releases import release_to_make

_ONE_RELEASE = threading.Lock()
"""Searches of the whole record do not wait for a release."""


def offer(newest: Release | None, *, today: date) -> None:
    """Offer the release of the last quarter to those who may make it, until it is made."""
    day = release_to_make(session.acting(), newest, on=today)
    if day is None:
        return
    if st.button(f"Make the release of {words.day(day, year=True)}", key="outcomes-release"):
        _confirm(day)


@st.dialog("Make this release?")
def _confirm(day: date) -> None:
    """Say what a release is, and make it."""
    named = words.day(day, year=True)
    seconds = record.runtime().settings.outcomes.release_seconds
    limit = words.counted(seconds, "second") if seconds < 120 else words.counted(seconds // 60, "minute")
    facts = [
        ("Release", f"figures over all cases but restricted ones, as the record has them now, up to {named}"),
        ("Readers", "all users who have the page Outcomes"),
        ("Afterwards", "nothing changes it: a correction appears in the release of the next quarter"),
        (
            "Takes",
            "about 3 minutes for 15,000 decided cases. What cannot be tested within "
            f"{limit} is hidden for good",
        ),
        ("If you close this page", "the release is made all the same"),
    ]
    markup.draw(markup.definitions(facts))
    with show_errors():
        if st.button("Make the release (cannot be undone)", key="outcomes-release-now", type="primary"):
            with st.spinner("Testing each figure: does it identify someone?"):
                ran_out_of_time = _made(day)
            said = f"The release of {named} is made. Small numbers, and what would reveal one, are hidden."
            if ran_out_of_time:
                said += " Not all could be tested in time: those, and what is a part of them, stay hidden."
            session.say_after_rerun(said)
            st.rerun()


def _made(day: date) -> bool:
    """Make the release of a quarter's end, and return whether its time was over before all was tested."""
    runtime = record.runtime()
    return own_process.in_own_process(
        make_of_quarter,
        runtime,
        session.acting(),
        alone=_ONE_RELEASE,
        longest=runtime.settings.outcomes.release_seconds + own_process.LONGEST,
        may_be_recorded="open the page again: it shows the release if it has been made",
        as_of=day,
    )
