"""The button that acknowledges the alarms of a case, on each page that has it, and the answer to its press.

The press is dealt with before the page is drawn again. Another person may have acknowledged meanwhile: then
the page has no button any more, and a press that the button would report is lost, and nothing says so.
"""

from __future__ import annotations

from typing import Literal

import streamlit as st

from dashboard import markup, record, session, words
from dashboard.errors import draw_kept, keep_errors
from engine.domain.errors import ConflictError
from engine.services.referrals.screening import acknowledge_alarm

_PART = "acknowledging"
_FIRST = "acknowledged_by_another"


def draw_refusal() -> None:
    """Draw why the last press acknowledged nothing, once: at a place that the page has in any case."""
    draw_kept(_PART)
    first = session.stored_value(_FIRST, str)
    session.keep(_FIRST, None)
    if first is not None:
        markup.draw(markup.notice("warning", first, heading="You did not acknowledge it"))


def draw_button(
    reference: str,
    *,
    key: str,
    label: str = "Acknowledge alarm",
    type: Literal["primary", "secondary"] = "secondary",
    about: str | None = None,
) -> None:
    """Draw the button for the alarms of a case; ``about`` says which, where several are listed."""
    st.button(label, key=key, type=type, help=about, on_click=_acknowledge, args=(reference,))


def _acknowledge(reference: str) -> None:
    with keep_errors(_PART):
        try:
            acknowledge_alarm(record.runtime().context(session.acting()), reference=reference)
        except ConflictError as error:
            if error.theirs is None:
                raise
            who, when = session.named(error.theirs.by), words.moment(error.theirs.at)
            session.keep(_FIRST, f"{who} has the alarm on {reference}, since {when}.")
            return
        session.say_after_rerun(f"You have acknowledged the alarm on {reference}.")
