"""Marking a finding of a pattern as useful or not, and the marks beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from dashboard import markup, record, session, words
from dashboard.errors import show_errors
from engine.domain.errors import InvalidInputError
from engine.domain.links.marks import FindingMarks, PatternMarks
from engine.services.links.choices import Key
from engine.services.links.finding_marks import mark_finding, reasons_offered

_REMOVE = "remove"


def cell(marks: FindingMarks) -> markup.Markup | str:
    """Return the marks on a finding for a table: one's own, then those of others without names."""
    own = [f"You: {marks.own.in_words}"] if marks.own else []
    others = [f"Another person: {each.in_words}" for each in marks.others]
    return markup.bullets([*own, *others]) if own or others else "Not marked"


def draw_form(
    key: Key, marks: PatternMarks, places: Sequence[int], *, read_again: Callable[[], object]
) -> None:
    """Draw the form that marks one of the findings at these places."""
    reasons = {each.code: each for each in reasons_offered()}
    with (
        st.form(f"links-mark-{key.value}", border=False, enter_to_submit=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        st.selectbox(
            "Mark finding",
            list(places),
            format_func=lambda each: f"Number {each + 1}",
            key=_number(key),
            width=160,
        )
        st.selectbox(
            "As",
            [*reasons, _REMOVE],
            index=None,
            format_func=lambda code: (
                "Remove your mark" if code == _REMOVE else words.sentence(reasons[code].in_words)
            ),
            placeholder="Choose a reason",
            key=_reason(key),
            width=400,
        )
        is_saved = st.form_submit_button("Save mark", key=f"links-mark-save-{key.value}")
    if is_saved:  # no callback: what that draws stays on the page while a part of it is drawn again
        _mark(key, marks, read_again)
    note = (
        "A mark is about the finding, not about a person. "
        "Others who see the finding see your mark without your name."
    )
    markup.draw(markup.element("p", note, class_="sub"))


def _mark(key: Key, marks: PatternMarks, read_again: Callable[[], object]) -> None:
    with show_errors():
        reason = session.stored_value(_reason(key), str)
        if reason is None:
            raise InvalidInputError("mark", "choose a reason")
        runtime = record.runtime()
        mark_finding(
            runtime.context(session.acting()),
            snapshots=runtime.link_snapshots,
            pattern=key.value,
            subject=marks.subjects[session.number(_number(key), 0)],
            reason=None if reason == _REMOVE else reason,
        )
        read_again()
        st.rerun()


def _number(key: Key) -> str:
    return f"links-mark-number-{key.value}"


def _reason(key: Key) -> str:
    return f"links-mark-reason-{key.value}"
