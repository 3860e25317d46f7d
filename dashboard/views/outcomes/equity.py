"""Equity: figures by one characteristic of victims at a time, as they describe themselves."""

from __future__ import annotations

import streamlit as st

from dashboard import markup, session, words
from dashboard.errors import show_errors
from dashboard.views.outcomes.count_tables import drawn, start_part
from engine.domain.outcomes.described import Characteristic
from engine.domain.outcomes.releases import Release
from engine.domain.outcomes.work_figures import WorkFigures

_BY = "by"
_WHAT = (
    "All referrals by the victim's newest own description, entered by the victim's advocate with "
    "agreement. Not asked, prefer not to say, not known and no description are different. Small groups are "
    "shown together. A difference between groups can come from who is asked, and from who agrees to "
    "answer."
)


def page() -> None:
    """Draw the page of the characteristic that the address names; a code that is gone shows the first."""
    with show_errors():
        release = start_part(
            "Equity",
            "By one characteristic of victims at a time, in their own description. Not by agency or person.",
        )
        if release is not None and release.work is not None:
            draw(release, release.work)


def draw(release: Release, work: WorkFigures) -> None:
    """Draw the groups of a characteristic, then each measure by group."""
    name = f"equity_{_chosen().value.replace(' ', '_')}"
    for each in work.tables_of(name):
        markup.draw(drawn(each, release, what=_WHAT))


def _chosen() -> Characteristic:
    codes = {each: each.value.replace(" ", "-") for each in Characteristic}
    asked = next((each for each, code in codes.items() if code == session.query(_BY)), Characteristic.SEX)
    offered = list(Characteristic)
    picked = st.selectbox(
        "Characteristic",
        offered,
        index=offered.index(asked),
        format_func=lambda each: words.sentence(each.value),
        key="equity-by",
    )
    chosen = picked or asked
    session.put_in_address({_BY: codes[chosen]})
    return chosen
