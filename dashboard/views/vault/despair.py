"""Signs that the victim may harm themselves: what to do now, recording one, notes that a person may read.

A text is drawn once when it is asked for, and let go. A person who may know of none sees no count.
"""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from dashboard import days, markup, record, session, words
from dashboard.errors import show_errors
from dashboard.form_draft import FormDraft
from engine.domain.accounts.acting import Acting
from engine.domain.cases.views import CaseView
from engine.domain.drafts import DraftForm
from engine.domain.shown import shown
from engine.domain.vault.despair import DespairOnCase, DespairSeen, Ground, PassOn
from engine.services.access import restrictions
from engine.services.context import Context
from engine.services.vault import despair


def draw_button(view: CaseView, acting: Acting) -> None:
    """Draw the button of the dialog, for who works the case and for the duty responder."""
    is_duty = acting.user == record.runtime().settings.duty_responder
    if (view.is_worked_by(acting) or is_duty) and st.button("Victim may harm themselves", key="despair"):
        _draft_of(view.reference).begin()
        dialog(view.reference)


@st.dialog("The victim may harm themselves", width="large")
def dialog(reference: str) -> None:
    """Say what to do now; then show the notes that this person may know of, and the form."""
    with show_errors():
        there = despair.despair_on_case(_context(), reference=reference)
        markup.draw(markup.notice("warning", there.what_to_do, heading="First"))
        for note in there.notes:
            _draw_note(there, note)
    _draw_form(reference)


def _draw_note(there: DespairOnCase, note: DespairSeen) -> None:
    markup.draw(markup.heading(f"Protected detail {note.reference}", at=f"despair-{note.reference}", level=3))
    markup.draw(markup.definitions(_about(note)))
    here, item = there.reference, note.reference
    named = words.plain(item)
    if st.button("Read", key=f"despair-read-{item}", help=f"Read {named}"):
        with show_errors():
            read = despair.read_despair(_context(), reference=here, item=item)
            parts = [markup.element("b", read.text)]
            if read.done:
                parts.append(markup.element("p", f"Action taken: {read.done}"))
            parts.append(markup.element("p", "Do not copy it anywhere."))
            markup.draw(markup.notice("info", *parts, heading=item))
    if note.may_acknowledge and st.button("Acknowledge", key=f"despair-acknowledge-{item}"):
        with show_errors():
            despair.acknowledge_despair(_context(), reference=here, item=item)
            _end(here, f"Protected detail {item} is acknowledged.")
    draft = _draft_of(here)
    if note.may_say_done:
        done = draft.text(
            f"done-{item}", f"Action taken on {named}", longest=restrictions.LONGEST_WHY, one_line=True
        )
        if st.button("Record action", key=f"despair-done-{item}"):
            with show_errors():
                despair.record_despair_done(_context(), reference=here, item=item, done=done)
                _end(here, f"The action on {item} is recorded.", f"done-{item}")
    if note.may_pass_on and there.services:
        _draw_passing_on(there, note)


def _draw_passing_on(there: DespairOnCase, note: DespairSeen) -> None:
    item, draft = note.reference, _draft_of(there.reference)
    named = words.plain(item)
    with st.expander(f"Pass {named} on for the victim's own care", key=f"despair-pass-on-{item}"):
        to = st.selectbox(
            "Health service",
            there.services,
            format_func=lambda code: shown(record.agency_named(code)),
            key=f"despair-to-{item}",
        )
        grounds = {words.sentence(ground.value): ground for ground in Ground}
        ground = grounds[st.selectbox("Ground", list(grounds), key=f"despair-ground-{item}")]
        agreed = ""
        if ground is Ground.AGREED:
            agreed = days.field("Date when the victim agreed", key=f"despair-agreed-{item}")
        why = draft.text(
            f"why-{item}", f"Reason to pass {named} on", longest=restrictions.LONGEST_WHY, one_line=True
        )
        if st.button("Pass on", key=f"despair-pass-{item}"):
            with show_errors():
                agreed_on = days.read("date when the victim agreed", agreed)
                given = PassOn(to=to, ground=ground, why=why, agreed_on=agreed_on)
                despair.pass_on_despair(_context(), reference=there.reference, item=item, given=given)
                said = f"Protected detail {item} is passed on to {record.agency_named(to)}."
                _end(there.reference, said, f"why-{item}")


def _draw_form(reference: str) -> None:
    draft = _draft_of(reference)
    draft.top()
    markup.draw(markup.heading("Record a sign", at="despair-record", level=3))
    what = draft.text(
        "what",
        "Words or acts that suggest the victim may harm themselves",
        longest=restrictions.LONGEST_WHY,
        one_line=True,
        hint="It is sealed. The victim's advocate on the case reads it. Without one, you and the duty "
        "responder read it. It is left out of the facts of the case, papers, figures and screens.",
    )
    if st.button("Record", key="despair-save", type="primary"):
        with show_errors():
            noted = despair.record_despair(_context(), reference=reference, what=what)
            _end(reference, f"Recorded. {_alarm_for(noted.alarm_for)} {noted.what_to_do}", "what")


def _alarm_for(users: tuple[str, ...]) -> str:
    """Return who has the alarm, by name; where it is the person who recorded it, that no one else has."""
    if users == (session.acting().user,):
        return "Only you have the alarm. No one else is informed."
    people = words.listed([session.named(user) for user in users])
    return f"Alarm for: {people}." if people else "No one has the alarm. Call the chair now."


def _about(note: DespairSeen) -> list[tuple[markup.Content, markup.Content]]:
    about: list[tuple[markup.Content, markup.Content]] = [
        ("Recorded", _by(note.by, note.at)),
    ]
    if note.acknowledged_by and note.acknowledged_at:
        about.append(("Acknowledged", _by(note.acknowledged_by, note.acknowledged_at)))
    if note.done_by and note.done_at:
        about.append(("Done, recorded by", _by(note.done_by, note.done_at)))
    about += [
        (
            f"Passed on to {record.agency_named(each.to)}",
            f"{_by(each.by, each.at)}: {each.ground.value}; "
            f"{'received' if each.is_received else 'not received yet'}",
        )
        for each in note.passed_on
    ]
    return about


def _by(user: str, at: datetime) -> str:
    return f"{session.named(user)}, {words.moment(at)}"


def _draft_of(reference: str) -> FormDraft:
    return FormDraft(DraftForm.PROTECTED_NOTE, reference, f"despair-{reference}")


def _end(reference: str, sentence: str, *fields: str) -> None:
    if fields:
        _draft_of(reference).end(*fields)
    session.say_after_rerun(sentence)
    st.rerun()


def _context() -> Context:
    return record.runtime().context(session.acting())
