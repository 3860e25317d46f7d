"""Equity: figures by one characteristic of victims at a time, as they describe themselves."""

from __future__ import annotations

import streamlit as st

from dashboard import markup, record, session, words
from dashboard.errors import show_errors
from dashboard.views.outcomes.count_tables import LIVE_NOTE, drawn
from engine.domain.outcomes.described import Characteristic
from engine.domain.outcomes.tables import FigureTable
from engine.services.outcomes.equity import equity_figures

_BY = "by"
_WHAT = (
    "All referrals by the victim's newest own description, entered by the victim's advocate with "
    "agreement. Not asked, prefer not to say, not known and no description are different. Small groups are "
    "shown together. A difference between groups can come from who is asked, and from who agrees to "
    "answer."
)


def page() -> None:
    """Draw the page of the characteristic that the address names; a code that is gone shows the first."""
    markup.draw(
        markup.page_title(
            "Equity",
            note=(
                "By one characteristic of victims at a time, in their own description. Not by agency or "
                f"person. {LIVE_NOTE}"
            ),
        )
    )
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
    with show_errors():
        draw(equity_figures(record.runtime().context(session.acting()), by=chosen))


def draw(tables: tuple[FigureTable, ...]) -> None:
    """Draw the groups, then each measure by group."""
    for table in tables:
        markup.draw(drawn(table, what=_WHAT))
