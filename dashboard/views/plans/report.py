"""A report on an action, where it is listed: two presses for the usual ones, and ten minutes to undo."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import streamlit as st

from dashboard import days, markup, record, session, words
from dashboard.errors import show_errors
from dashboard.form_draft import FormDraft
from dashboard.pages import Place
from engine.domain.drafts import DraftForm
from engine.domain.errors import InvalidInputError
from engine.domain.plans.actions import ActionStatus, Delivered
from engine.domain.plans.lists import ListedPlan
from engine.services.plans.actions import UNDO_WITHIN, act, undo_report

_OPEN, _LAST, _WHY = "report-open", "report-last", "report-why"
_LONGEST = 600
_AT_ONCE = {ActionStatus.DONE: "Done as planned", ActionStatus.IN_PROGRESS: "In progress"}
_WITH_REASON = {ActionStatus.NOT_POSSIBLE: "No longer possible", ActionStatus.NOT_DONE: "Not done"}


class Saved(NamedTuple):
    """The report that was saved last in this browser, while it may be undone."""

    reference: str
    what: str
    victim: str
    case: str
    status: ActionStatus
    at: datetime


def draw_button(reference: str, what: str) -> None:
    """Draw the button that opens a row's report, or closes it."""
    is_open = session.stored_value(_OPEN) == reference
    st.button(
        "Close" if is_open else "Report",
        key=f"report-{reference}",
        help=f"{'Close the report' if is_open else 'Report'} on {words.plain(what)}",
        width="stretch",
        on_click=_toggle,
        args=(reference,),
    )


def _toggle(reference: str) -> None:
    session.keep(_OPEN, None if session.stored_value(_OPEN) == reference else reference)
    session.keep(_WHY, None)


def draw_open(row: ListedPlan) -> None:
    """Draw the fields of the report, if the row is the one that is open."""
    (action,) = row.actions
    if session.stored_value(_OPEN) != action.reference:
        return
    key = f"report-{action.reference}"
    draft = _draft(row)
    draft.top()
    with st.container(key=f"reporting-{action.reference}"):
        cells = st.columns([1.3, 1, 1, 1, 3])
        with cells[0]:
            done_on = days.field("Date (optional)", key=f"{key}-date")
        with cells[1]:
            sessions = st.number_input(
                "Sessions delivered (optional)",
                min_value=0,
                max_value=10_000,
                value=None,
                step=1,
                key=f"{key}-sessions",
            )
        with cells[2]:
            offered = st.number_input(
                "Sessions offered (optional)",
                min_value=0,
                max_value=10_000,
                value=None,
                step=1,
                key=f"{key}-offered",
            )
        with cells[3]:
            minutes = st.number_input(
                "Minutes (optional)",
                min_value=0,
                max_value=1_000_000,
                value=None,
                step=5,
                key=f"{key}-minutes",
            )
        with cells[4]:
            note = draft.text(
                f"{action.reference}-note",
                "Note (optional), seen by people on the case",
                rows=1,
                longest=_LONGEST,
                one_line=True,
            )
        with show_errors():
            status, reason = _what_happened(key, draft, action.reference)
            if status is not None:
                delivered = Delivered(
                    done_on=days.read("date", done_on),
                    sessions=sessions,
                    minutes=minutes,
                    sessions_offered=offered,
                )
                _save(row, status, delivered, note=reason or note.strip() or None)


def _draft(row: ListedPlan) -> FormDraft:
    return FormDraft(DraftForm.ACTION, row.case, "report")


def _what_happened(key: str, draft: FormDraft, action: str) -> tuple[ActionStatus | None, str]:
    """Draw the buttons; return the status that is to be saved now, with its reason where it needs one."""
    pressed = None
    with st.container(horizontal=True, vertical_alignment="center"):
        markup.draw(markup.element("b", "What happened?", class_="asks-now", tabindex="-1"))
        for status, label in (_AT_ONCE | _WITH_REASON).items():
            if st.button(label, key=f"{key}-{status.name.lower().replace('_', '-')}"):
                pressed = status
    if pressed in _AT_ONCE:
        return pressed, ""
    if pressed is not None:
        session.keep(_WHY, pressed)
    because = session.stored_value(_WHY)
    if not isinstance(because, ActionStatus):
        about = "Done as planned and In progress save at once, and you can undo for 10 minutes."
        markup.draw(markup.element("p", f"{about} The other 2 ask you for a reason.", class_="sub"))
        return None, ""
    reason = draft.text(
        f"{action}-reason", f"{_WITH_REASON[because]}: reason", longest=_LONGEST, one_line=True
    )
    if not st.button("Save", key=f"{key}-save", type="primary"):
        return None, ""
    if not reason.strip():
        raise InvalidInputError("reason", f"say in one sentence why it is {because.value}")
    return because, reason.strip()


def _save(row: ListedPlan, status: ActionStatus, delivered: Delivered, *, note: str | None) -> None:
    (action,) = row.actions
    runtime = record.runtime()
    act(
        runtime.context(session.acting()),
        action=action.reference,
        status=status,
        note=note,
        delivered=delivered,
    )
    _draft(row).end(f"{action.reference}-note", f"{action.reference}-reason")
    session.keep(_OPEN, None)
    session.keep(_WHY, None)
    last = Saved(action.reference, action.what, row.victim or "", row.case, status, runtime.clock.now())
    session.keep(_LAST, last)
    st.rerun()


def draw_last() -> None:
    """Draw what was saved last, with the way to undo it, for as long as it may be undone."""
    last = session.stored_value(_LAST)
    runtime = record.runtime()
    if not isinstance(last, Saved) or runtime.clock.now() - last.at >= UNDO_WITHIN:
        return
    until = words.time_of(last.at + UNDO_WITHIN)
    with st.container(key="report-saved", horizontal=True, vertical_alignment="center"):
        case = markup.go(last.case, Place.CASE, last.case)
        said = markup.join(
            [
                markup.element("b", f"Saved {words.time_of(last.at)}."),
                f"“{last.what}” for {last.victim},",
                case,
                f"is {last.status.value}.",
            ],
            " ",
        )
        markup.draw(markup.element("div", said, role="status"))
        if st.button(f"Undo (until {until})", key="report-undo"):
            with show_errors():
                undo_report(runtime.context(session.acting()), action=last.reference)
                session.keep(_LAST, None)
                session.say_after_rerun("Your report is undone.")
                st.rerun()
