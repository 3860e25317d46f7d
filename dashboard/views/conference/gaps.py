"""The gaps over which a domain may be recorded as low: each named, each ticked as weighed, and the reason."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import markup, words
from dashboard.form_draft import LONGEST_TEXT, FormDraft
from engine.domain.conference.gaps import FEWEST_WORDS, Gap


def fields(gaps: Sequence[Gap], draft: FormDraft) -> tuple[tuple[str, ...], str]:
    """Draw one tick for each gap and the reason; return the names that are ticked, and the reason."""
    if not gaps:
        return (), ""
    markup.draw(
        markup.join(
            [
                markup.heading("Weigh each gap if a domain is low or does not apply", at="gaps", level=3),
                markup.element(
                    "p",
                    (
                        "Tick each gap that the panel weighed. A domain is not low because "
                        "information is missing. You can record that recurrence does not apply "
                        "without this, while the stalking continues."
                    ),
                    class_="sub",
                ),
            ]
        )
    )
    weighed = tuple(
        gap.name
        for gap in gaps
        if st.checkbox(
            f"{words.plain(words.sentence(words.gap(gap.name)))}. {words.plain(gap.says)}",
            key=f"{draft.key}-weighed-{gap.name}",
        )
    )
    low = draft.text(
        "low",
        f"Why it is low or does not apply despite these gaps, in at least {FEWEST_WORDS} words of your own",
        longest=LONGEST_TEXT,
    )
    return weighed, low
