"""Acts on alarms that were raised after the referral, from the band on top of the case."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Annotated

import streamlit as st

from dashboard import forms, markup, record, session, words
from dashboard.form_model import Form
from dashboard.views.alarms import acknowledging
from engine.clock import LONDON
from engine.domain.accounts.acting import COORDINATOR_AND_CHAIR, Acting
from engine.domain.alarms import AlarmSinceView
from engine.domain.asked import Asked, Because
from engine.domain.base import Frozen
from engine.domain.cases.views import CaseView
from engine.domain.drafts import DraftForm
from engine.services.alarms.acts import end_alarm, hand_over, record_done
from engine.services.alarms.own_topics import disclose_topics, refuse_topics

_AT_ONCE = 2
"""Alarms whose buttons are there at once; those of the others open."""


def draw(view: CaseView, acting: Acting) -> None:
    """Draw the next act on each alarm that stays on top of the case, for who may act; a row is around it.

    The person who has an alarm may act on it, whatever their role, until they have recorded what was done.
    """
    for alarm in view.alarms_since:
        if alarm.stays_on_top and alarm.is_owners_alone and acting.speaks_for(alarm.owner):
            _draw_own_acts(alarm, view.reference)
    leads = acting.role in COORDINATOR_AND_CHAIR
    there = [alarm for alarm in view.alarms_since if alarm.stays_on_top]
    others = [alarm for alarm in there if alarm.is_open and alarm.by != acting.user]
    if leads and (view.alarms.is_open or others):
        acknowledging.draw_button(view.reference, key=f"take-up-{view.reference}", type="primary")
    taken = [
        alarm
        for alarm in there
        if not alarm.is_open and alarm.acknowledged_by is not None
        if leads or (alarm.held_by == acting.user and alarm.done is None)
    ]
    for alarm in taken[:_AT_ONCE]:
        _draw_acts(alarm, view, which=_which(alarm) if len(taken) > 1 else "")
    if taken[_AT_ONCE:]:
        with st.popover(f"Other alarms ({len(taken) - _AT_ONCE:,})", key="other-alarms"):
            for alarm in taken[_AT_ONCE:]:
                _draw_acts(alarm, view, which=_which(alarm))


def _which(alarm: AlarmSinceView) -> str:
    return f": {', '.join(alarm.raised)}, {words.moment(alarm.at)}"


def _draw_own_acts(alarm: AlarmSinceView, reference: str) -> None:
    """Draw the two ways on beside the release, for people of the only agency that has the alarm."""
    with st.container(horizontal=True, key=f"own-acts-{alarm.reference}"):
        forms.button(refusing(reference, alarm), "Refuse and say why", key=f"refuse-{alarm.reference}")
        forms.button(
            disclosing(reference, alarm), "Override for immediate danger", key=f"disclose-{alarm.reference}"
        )


def refusing(reference: str, alarm: AlarmSinceView) -> Form[Because, object]:
    """Return the form for why an agency does not share an alarm of its own."""
    return _of_alarm(
        reference,
        alarm,
        "refuse",
        lambda context, given, **about: refuse_topics(context, why=given.why, **about),
        title="Refuse to share the alarm",
        note=markup.notice("info", "Only your agency's people read the reason. The panel has no alarm."),
        asks=Asked("Reason why your agency does not share it", part="reason"),
        button="Refuse",
        done=f"Alarm {alarm.reference} is not shared.",
        undone_by="disclosing its topics",
    )


def disclosing(reference: str, alarm: AlarmSinceView) -> Form[Because, object]:
    """Return the form for disclosing the topics of an agency's own alarm at once."""
    topics = words.listed([topic.value for topic in alarm.raised])
    note = markup.notice(
        "warning",
        (
            f"The panel has the alarm at once: {topics}, your agency, the time and this reason. It does "
            "not have what was reported. If the victim is in danger now, call 999 first."
        ),
        heading="You disclose the topics",
    )
    return _of_alarm(
        reference,
        alarm,
        "disclose",
        lambda context, given, **about: disclose_topics(context, why=given.why, **about),
        title="Override for immediate danger",
        note=note,
        asks=Asked("Reason: the immediate danger", part="reason"),
        button="Disclose the topics",
        done=f"The topics of alarm {alarm.reference} are disclosed to the panel.",
    )


def _draw_acts(alarm: AlarmSinceView, view: CaseView, *, which: str) -> None:
    about = words.plain(which)
    if alarm.done is None:
        label = f"Record what was done{about}"
        forms.button(doing(view.reference, alarm), label, key=f"done-{alarm.reference}")
        form = handing_over(view.reference, alarm, view.people_on_case)
        forms.button(form, f"Hand over{about}", key=f"hand-over-{alarm.reference}")
    else:
        label = f"End the alarm{about}"
        forms.button(ending(view.reference, alarm), label, key=f"end-{alarm.reference}")


def doing(reference: str, alarm: AlarmSinceView) -> Form[Because, object]:
    """Return the form for what was done about an alarm."""
    return _of_alarm(
        reference,
        alarm,
        "alarm",
        lambda context, given, **about: record_done(context, done=given.why, **about),
        title="Record what was done about the alarm",
        asks=Asked("The act, and the person who did it", code="done", part="what was done"),
        button="Record",
        done=f"The act on alarm {alarm.reference} is recorded.",
        undone_by="a further record of what was done",
    )


def ending(reference: str, alarm: AlarmSinceView) -> Form[Because, object]:
    """Return the form for why no conference has to decide on an alarm."""
    return _of_alarm(
        reference,
        alarm,
        "alarm",
        lambda context, given, **about: end_alarm(context, why=given.why, **about),
        title="End the alarm",
        note=markup.notice("info", "To take it to a conference, step the case up instead."),
        asks=Asked("Reason why no conference has to decide on it", part="reason"),
        button="End the alarm",
        done=f"Alarm {alarm.reference} is ended.",
    )


def _of_alarm(
    reference: str,
    alarm: AlarmSinceView,
    act: str,
    records: Callable[..., object],
    *,
    title: str,
    asks: Asked,
    button: str,
    done: str,
    undone_by: str = "",
    note: markup.Content = None,
) -> Form[Because, object]:
    return Form(
        Because,
        draft=DraftForm.ALARM,
        case=reference,
        key=f"{act}-{alarm.reference}",
        part=alarm.reference if act == "alarm" else f"{alarm.reference}-{act}",
        title=title,
        note=note,
        asks={"why": asks},
        button=button,
        records=partial(records, reference=reference, alarm=alarm.reference),
        done=done,
        undone_by=undone_by,
    )


class _HandOver(Frozen):
    to: Annotated[str, Asked("Person who has it from now on", offered=True)]
    day: Annotated[date, Asked("Until: date", part="until", missing="give a date within the next 7 days")]
    at: Annotated[time, Asked("Until: time", example="14:05")]


def handing_over(reference: str, alarm: AlarmSinceView, people: Sequence[str]) -> Form[_HandOver, object]:
    """Return the form for the person who has an alarm from now on, and until when."""
    tomorrow = record.runtime().clock.today() + timedelta(days=1)
    return Form(
        _HandOver,
        draft=DraftForm.ALARM,
        case=reference,
        key=f"hand-{alarm.reference}",
        part=f"{alarm.reference}-hand",
        title="Hand over the alarm",
        offers={"to": {each: session.named(each) for each in people}},
        begins={"day": tomorrow, "at": "09:00"},
        button="Hand over",
        records=lambda context, given: hand_over(
            context,
            reference=reference,
            alarm=alarm.reference,
            to=given.to,
            until=datetime.combine(given.day, given.at, LONDON),
        ),
        done=lambda given, _: f"{session.named(given.to)} has alarm {alarm.reference} now.",
        undone_by="handing it over again",
    )
