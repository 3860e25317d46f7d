"""Attendance at a conference: arrivals, departures, observers, apologies, written contributions."""

from __future__ import annotations

from datetime import datetime, time
from typing import NamedTuple

import streamlit as st

from dashboard import markup, record, session, words
from dashboard.errors import show_errors
from engine.domain.accounts.acting import COORDINATOR_AND_CHAIR, Acting
from engine.domain.conference.attendance import AttendanceAct, AttendanceGiven, AttendanceRecord, Stay
from engine.domain.conference.meetings import ConferenceState
from engine.domain.errors import InvalidInputError
from engine.domain.shown import shown
from engine.services.conference.meetings import ConferenceView
from engine.services.conference.quorum import record_attendance

_LABELS = {
    AttendanceAct.ARRIVED: "Arrived",
    AttendanceAct.LEFT: "Left",
    AttendanceAct.APOLOGIES: "Sent apologies",
    AttendanceAct.WRITTEN: "Sent a written contribution",
    AttendanceAct.SIGNED: "Signed the conditions (observer)",
}
_BEFORE = (AttendanceAct.APOLOGIES, AttendanceAct.WRITTEN, AttendanceAct.SIGNED)


class _Typed(NamedTuple):
    act: AttendanceAct
    user: str | None
    agency: str | None
    name: str
    is_observer: bool
    at: str


def draw(view: ConferenceView, *, acting: Acting) -> None:
    """Draw who is in the room and who was, who is absent, and the fields for those who record it."""
    note = (
        "Recording attendance gives no one access to a case. A conflict of interest is declared on the case."
    )
    markup.draw(markup.heading("Attendance", at="attendance", note=note))
    agencies = {agency.code: agency.name for agency in record.runtime().agencies_known}
    if view.attendance:
        rows = [_row(stay, agencies) for stay in view.attendance]
        headers = ("Person", "Agency", "Arrived", "Left")
        markup.draw(markup.table(headers, rows, caption="People who attend"))
    else:
        markup.draw(markup.none_recorded("No arrival is recorded."))
    if view.absent:
        markup.draw(markup.bullets(_absence(each, agencies) for each in view.absent))
    if acting.role in COORDINATOR_AND_CHAIR and not view.conference.has_ended:
        _draw_fields(view, acting, agencies)


def _row(stay: Stay, agencies: dict[str, str]) -> tuple[markup.Content, ...]:
    who = session.named(stay.user) if stay.user else stay.name
    observes = ", observer, conditions signed" if stay.is_observer and stay.has_signed else ", observer"
    return (
        f"{who}{observes if stay.is_observer else ''}",
        agencies.get(stay.agency, stay.agency) if stay.agency else markup.none_recorded("No agency"),
        words.time_of(stay.arrived_at),
        words.time_of(stay.left_at) if stay.left_at else "In the room",
    )


def _absence(absent: AttendanceRecord, agencies: dict[str, str]) -> str:
    agency = agencies.get(absent.agency, absent.agency) if absent.agency else None
    who = session.named(absent.user) if absent.user else absent.name or agency
    of = f", {agency}" if agency and who != agency else ""
    return f"{who}{of}: {absent.act.value}, {words.moment(absent.happened_at)}"


def _draw_fields(view: ConferenceView, acting: Acting, agencies: dict[str, str]) -> None:
    is_planned = view.conference.state is ConferenceState.PLANNED
    key = f"attend-{_recorded_here(view)}"
    markup.draw(markup.heading("Record attendance", at="record-attendance", level=3))
    act = st.selectbox(
        "Event",
        _BEFORE if is_planned else tuple(AttendanceAct),
        format_func=lambda each: _LABELS[each],
        key=f"{key}-act",
    )
    user = st.selectbox(
        "Person",
        session.people(),
        index=None,
        format_func=session.named,
        placeholder="Choose a person",
        key=f"{key}-user",
    )
    agency: str | None = None
    name, is_observer = "", act is AttendanceAct.SIGNED
    if act.is_of_the_absent:
        agency = st.selectbox(
            "Agency, if no person is named",
            list(agencies),
            index=None,
            format_func=lambda code: shown(agencies[code]),
            placeholder="Choose an agency",
            key=f"{key}-agency",
        )
    else:
        if act is AttendanceAct.ARRIVED:
            is_observer = st.checkbox("Attends as an observer", key=f"{key}-observes")
        name = st.text_input("Name of an observer without an account", key=f"{key}-name", max_chars=120)
    at = st.text_input("Time, if it was earlier today, such as 09:45", key=f"{key}-at", max_chars=5)
    if st.button("Record attendance", key="attend-save"):
        typed = _Typed(act=act, user=user, agency=agency, name=name, is_observer=is_observer, at=at)
        _save(view, acting, typed)


def _save(view: ConferenceView, acting: Acting, typed: _Typed) -> None:
    with show_errors():
        name = typed.name.strip() or None
        given = AttendanceGiven(
            act=typed.act,
            user=typed.user,
            name=name,
            agency=typed.agency,
            is_observer=typed.is_observer or name is not None,
            happened_at=_read_time(typed.at),
        )
        context = record.runtime().context(acting)
        record_attendance(context, conference=view.conference.reference, given=given)
        session.keep(_recorded(view), _recorded_here(view) + 1)
        session.say_after_rerun(f"Recorded: {given.act.value}.")
        st.rerun()


def _recorded_here(view: ConferenceView) -> int:
    """Return how often this browser recorded attendance. Its fields are empty after each.

    What others record meanwhile must not empty what is being typed here.
    """
    return session.stored_value(_recorded(view), int) or 0


def _recorded(view: ConferenceView) -> str:
    return f"attendance-recorded-{view.conference.reference}"


def _read_time(typed: str) -> datetime | None:
    """Return the instant of a time of today, or None where it is blank."""
    if not typed.strip():
        return None
    try:
        clock_time = time.fromisoformat(typed.strip())
    except ValueError:
        raise InvalidInputError("time", "give hours and minutes, such as 09:45") from None
    return datetime.combine(record.runtime().clock.today(), clock_time, tzinfo=words.LONDON)
