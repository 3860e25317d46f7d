"""The quarterly release, made by a coordinator or manager from the Outcomes page."""

from __future__ import annotations

from datetime import date

import streamlit as st

from dashboard import markup, own_process, record, session, words
from dashboard.errors import show_errors
from engine.domain.outcomes.releases import Release
from engine.services.context import Context
from engine.services.links.snapshots import LinkSnapshots
from engine.services.outcomes.releases import make_outcome_release, release_to_make


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
    facts = [
        ("Release", f"figures over all cases, as the record has them now, up to {named}"),
        ("Readers", "all users who have the page Outcomes"),
        ("Afterwards", "nothing changes it: a correction appears in the release of the next quarter"),
        ("Takes", "about a minute for 15,000 decided cases, while this page stays open"),
    ]
    markup.draw(markup.definitions(facts))
    with show_errors():
        if st.button("Make the release (cannot be undone)", key="outcomes-release-now", type="primary"):
            with st.spinner("Testing each figure: does it identify someone?"):
                hidden = _made(day)
            session.say_after_rerun(f"The release of {named} is made. {_of_hidden(hidden)}")
            st.rerun()


def _of_hidden(figures: int) -> str:
    if not figures:
        return "No figure is hidden."
    which = f"{words.counted(figures, 'figure')} {'is' if figures == 1 else 'are'} hidden"
    return f"{which}: small numbers could identify someone."


def _made(day: date) -> int:
    """Return how many figures are hidden in the release of a quarter's end, which is made now."""
    runtime = record.runtime()
    return own_process.in_own_process(
        make,
        runtime,
        session.acting(),
        longest=runtime.settings.outcomes.release_seconds + own_process.LONGEST,
        may_be_recorded="open the page again: it shows the release if it has been made",
        as_of=day,
    )


def make(context: Context, *, snapshots: LinkSnapshots, as_of: date) -> int:
    """Make the release, and return how many figures are hidden in it. Runs in a process of its own.

    Raises
    ------
    InvalidInputError, NotPermittedError
        As ``make_outcome_release`` does.
    """
    return len(make_outcome_release(context, as_of=as_of).refusals)
