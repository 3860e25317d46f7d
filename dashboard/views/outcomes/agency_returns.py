"""The dialog with what agencies found in their own records: ask them, and release or withhold your own."""

from __future__ import annotations

import streamlit as st

from dashboard import markup, record, session, words
from dashboard.errors import show_errors
from engine.domain.accounts.acting import COORDINATOR_AND_CHAIR
from engine.domain.outcomes.agency_outcomes import OutcomesResult
from engine.services.outcomes.agency_outcomes import (
    AgencyReturn,
    outcome_returns,
    release_outcomes,
    request_outcomes,
)


@st.dialog("Outcomes from agencies", width="large")
def dialog(reference: str) -> None:
    """Show what became of asking each agency, and what may be done about it."""
    runtime, acting = record.runtime(), session.acting()
    with show_errors():
        returns = outcome_returns(runtime.context(acting), reference=reference)
        _draw(returns)
        for each in returns:
            if each.may_release:
                _draw_release(reference, each)
        st.caption("Agencies are asked once a quarter, from the first quarter after the decision.")
        if acting.role in COORDINATOR_AND_CHAIR and st.button(
            "Ask agencies now", key=f"ask-outcomes-{reference}"
        ):
            request_outcomes(runtime.context(acting), reference=reference)
            session.say_after_rerun("The agencies are asked. Their answers are here in a moment.")
            st.rerun()


def _draw(returns: tuple[AgencyReturn, ...]) -> None:
    if not returns:
        markup.draw(markup.none_recorded("No agency was asked for outcomes."))
        return
    markup.draw(
        markup.table(
            ("Agency", "Status", "Asked", "Searched", "Found"),
            [
                (
                    each.agency_name,
                    words.sentence(each.status) + (f": {each.reason}" if each.reason else ""),
                    words.moment(each.at),
                    words.listed([measure.value for measure in each.searched])
                    or markup.none_recorded("not searched, or not shown to you"),
                    markup.bullets(_found(each)),
                )
                for each in returns
            ],
            caption="An agency finds none only where it searched",
        )
    )


def _found(each: AgencyReturn) -> list[str]:
    lines = [
        f"{act.measure.value}, {act.against.value}, {act.happened.in_words()}"
        + (f", offence {act.offence}" if act.offence else "")
        for act in each.acts
    ]
    if each.custody:
        lines.append(words.counted(each.custody, "time") + " in custody")
    if each.unplaced:
        lines.append(f"{each.unplaced:,} without a date or target: a person records them")
    return lines


def _draw_release(reference: str, each: AgencyReturn) -> None:
    key = f"{reference}-{each.agency}"
    is_found = each.result is OutcomesResult.FOUND
    with st.container(horizontal=True):
        label = "Record on the case" if is_found else "Release"
        released = st.button(label, key=f"release-outcomes-{key}", type="primary")
        withheld = st.button("Withhold", key=f"withhold-outcomes-{key}")
    if released or withheld:
        number = release_outcomes(
            record.runtime().context(session.acting()),
            reference=reference,
            agency=each.agency,
            seen_at=each.at,
            withhold=withheld,
        )
        said = f"{words.counted(number, 'outcome')} recorded." if is_found else "Released."
        session.say_after_rerun("Withheld." if withheld else said)
        st.rerun()
