"""Alarms that were raised after the referral: on top of the case until the panel has decided."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

import streamlit as st

from dashboard import days, markup, record, session, words
from dashboard.errors import show_errors
from dashboard.form_draft import FormDraft
from engine.clock import LONDON
from engine.domain.accounts.acting import COORDINATOR_AND_CHAIR, Acting
from engine.domain.alarms import AlarmSinceView
from engine.domain.cases.views import CaseView
from engine.domain.drafts import DraftForm
from engine.domain.errors import InvalidInputError
from engine.services.alarms.acts import end_alarm, hand_over, record_done
from engine.services.alarms.own_topics import disclose_topics, refuse_topics
from engine.services.referrals.screening import acknowledge_alarm


def draw(view: CaseView, acting: Acting) -> None:
    """Draw each alarm that stays on top, with its next act for who may act."""
    there = [alarm for alarm in view.alarms_since if alarm.stays_on_top]
    if not there:
        return
    markup.draw(markup.heading("Alarms since the referral", at="alarms-since", note=_note(there)))
    markup.draw(markup.bullets([_line(alarm) for alarm in there], class_="topics"))
    own = [alarm for alarm in there if alarm.is_owners_alone and acting.speaks_for(alarm.owner)]
    for alarm in own:
        _draw_own_acts(alarm, view.reference)
    if acting.role not in COORDINATOR_AND_CHAIR:
        return
    with st.container(horizontal=True, key="alarms-since-acts"):
        is_open = [alarm for alarm in there if alarm.is_open and alarm.by != acting.user]
        if is_open and st.button("Acknowledge alarm", key="acknowledge-since", type="primary"):
            _acknowledge(view.reference)
        for alarm in there:
            _draw_acts(alarm, view)


def _note(alarms: Sequence[AlarmSinceView]) -> str:
    waiting = sum(alarm.is_open for alarm in alarms)
    said = f"{words.counted(waiting, 'alarm')} to acknowledge. " if waiting else ""
    return f"{said}They stay here until the panel has decided, or a person ends them with a reason."


def _line(alarm: AlarmSinceView) -> markup.Markup:
    tags = [markup.tag(words.sentence(topic.value), "t-alarm") for topic in alarm.raised]
    learnt = f" {words.sentence(alarm.door.value)} {alarm.about}, recorded {words.moment(alarm.at)} by "
    return markup.join(
        [*_spaced(tags), learnt, session.named(alarm.by), ". ", markup.element("b", _status(alarm))]
    )


def _spaced(tags: Sequence[markup.Markup]) -> list[markup.Content]:
    return [part for tag in tags for part in (tag, " ")]


def _status(alarm: AlarmSinceView) -> str:
    if alarm.is_owners_alone:
        late = "It was due by" if alarm.is_past_due else "It is due by"
        due = words.moment(alarm.due_at) if alarm.due_at else "now"
        ways = "Release, refuse and say why, or override for immediate danger."
        return f"Only your agency's people on the case have it. {ways} {late} {due}."
    if alarm.disclosed_because and alarm.disclosed_by:
        by = session.named(alarm.disclosed_by)
        return f"{by} disclosed it for immediate danger: {alarm.disclosed_because} {_status_of_panel(alarm)}"
    return _status_of_panel(alarm)


def _status_of_panel(alarm: AlarmSinceView) -> str:
    if alarm.is_open:
        due = words.moment(alarm.due_at) if alarm.due_at else "now"
        late = "It was due by" if alarm.is_past_due else "It is due by"
        before = f" {session.named(alarm.held_by)} had it." if alarm.held_by else ""
        return f"Not acknowledged.{before} {late} {due}."
    if alarm.done is not None and alarm.done_by and alarm.done_at:
        return f"Done, {words.moment(alarm.done_at)}, {session.named(alarm.done_by)}: {alarm.done}"
    if alarm.held_by and alarm.held_until:
        return f"{session.named(alarm.held_by)} has it until {words.moment(alarm.held_until)}."
    return "Acknowledged."


def _draw_own_acts(alarm: AlarmSinceView, reference: str) -> None:
    """Draw the two ways on beside the release, for people of the only agency that has the alarm."""
    with st.container(horizontal=True, key=f"own-acts-{alarm.reference}"):
        if st.button("Refuse and say why", key=f"refuse-{alarm.reference}"):
            _draft(reference, alarm, "refuse").begin()
            _refuse(reference, alarm)
        if st.button("Override for immediate danger", key=f"disclose-{alarm.reference}"):
            _draft(reference, alarm, "disclose").begin()
            _disclose(reference, alarm)


@st.dialog("Refuse to share the alarm")
def _refuse(reference: str, alarm: AlarmSinceView) -> None:
    draft = _draft(reference, alarm, "refuse")
    draft.top()
    markup.draw(markup.notice("info", "Only your agency's people read the reason. The panel has no alarm."))
    why = draft.text("why", "Reason why your agency does not share it", longest=600)
    if st.button("Refuse", key=f"refuse-do-{alarm.reference}", type="primary"):
        with show_errors():
            context = record.runtime().context(session.acting())
            refuse_topics(context, reference=reference, alarm=alarm.reference, why=why)
            draft.end()
            session.say_after_rerun(f"Alarm {alarm.reference} is not shared.")
            st.rerun()


@st.dialog("Override for immediate danger")
def _disclose(reference: str, alarm: AlarmSinceView) -> None:
    draft = _draft(reference, alarm, "disclose")
    draft.top()
    topics = words.listed([topic.value for topic in alarm.raised])
    markup.draw(
        markup.notice(
            "warning",
            (
                f"The panel has the alarm at once: {topics}, your agency, the time and this reason. It does "
                "not have what was reported. If the victim is in danger now, call 999 first."
            ),
            heading="You disclose the topics",
        )
    )
    why = draft.text("why", "Immediate danger", longest=600)
    if st.button("Disclose the topics", key=f"disclose-do-{alarm.reference}", type="primary"):
        with show_errors():
            context = record.runtime().context(session.acting())
            disclose_topics(context, reference=reference, alarm=alarm.reference, why=why)
            draft.end()
            session.say_after_rerun(f"The topics of alarm {alarm.reference} are disclosed to the panel.")
            st.rerun()


def _draw_acts(alarm: AlarmSinceView, view: CaseView) -> None:
    if alarm.is_open or alarm.acknowledged_by is None:
        return
    if alarm.done is None:
        if st.button("Record what was done", key=f"done-{alarm.reference}"):
            _draft(view.reference, alarm).begin()
            _done(view.reference, alarm)
        if st.button("Hand over", key=f"hand-over-{alarm.reference}"):
            _hand_over(view.reference, alarm, view.people_on_case)
    elif st.button("End the alarm", key=f"end-{alarm.reference}"):
        _draft(view.reference, alarm).begin()
        _end(view.reference, alarm)


def _acknowledge(reference: str) -> None:
    with show_errors():
        acknowledge_alarm(record.runtime().context(session.acting()), reference=reference)
        session.say_after_rerun(f"You have acknowledged the alarm on {reference}.")
        st.rerun()


def _draft(reference: str, alarm: AlarmSinceView, act: str = "alarm") -> FormDraft:
    part = alarm.reference if act == "alarm" else f"{alarm.reference}-{act}"
    return FormDraft(DraftForm.ALARM, reference, f"{act}-{alarm.reference}", part=part)


@st.dialog("Record what was done about the alarm")
def _done(reference: str, alarm: AlarmSinceView) -> None:
    draft = _draft(reference, alarm)
    draft.top()
    done = draft.text("done", "The act, and the person who did it", longest=600)
    if st.button("Record", key=f"done-do-{alarm.reference}", type="primary"):
        with show_errors():
            context = record.runtime().context(session.acting())
            record_done(context, reference=reference, alarm=alarm.reference, done=done)
            draft.end()
            session.say_after_rerun(f"The act on alarm {alarm.reference} is recorded.")
            st.rerun()


@st.dialog("End the alarm")
def _end(reference: str, alarm: AlarmSinceView) -> None:
    draft = _draft(reference, alarm)
    draft.top()
    markup.draw(markup.notice("info", "To take it to a conference, step the case up instead."))
    why = draft.text("why", "Reason why no conference has to decide on it", longest=600)
    if st.button("End the alarm", key=f"end-do-{alarm.reference}", type="primary"):
        with show_errors():
            context = record.runtime().context(session.acting())
            end_alarm(context, reference=reference, alarm=alarm.reference, why=why)
            draft.end()
            session.say_after_rerun(f"Alarm {alarm.reference} is ended.")
            st.rerun()


@st.dialog("Hand over the alarm")
def _hand_over(reference: str, alarm: AlarmSinceView, people: Sequence[str]) -> None:
    to = st.selectbox(
        "Person who has it from now on",
        people,
        index=None,
        format_func=session.named,
        key=f"hand-to-{alarm.reference}",
    )
    tomorrow = record.runtime().clock.today() + timedelta(days=1)
    day = days.field("Until: date", key=f"hand-day-{alarm.reference}", begin=tomorrow)
    at = st.time_input("Until: time", time(9), key=f"hand-time-{alarm.reference}")
    if st.button("Hand over", key=f"hand-do-{alarm.reference}", type="primary"):
        with show_errors():
            if to is None:
                raise InvalidInputError("person", "choose one")
            until = days.read("until", day)
            if until is None:
                raise InvalidInputError("until", "give a date within the next 7 days")
            hand_over(
                record.runtime().context(session.acting()),
                reference=reference,
                alarm=alarm.reference,
                to=to,
                until=datetime.combine(until, at, LONDON),
            )
            session.say_after_rerun(f"{session.named(to)} has alarm {alarm.reference} now.")
            st.rerun()
