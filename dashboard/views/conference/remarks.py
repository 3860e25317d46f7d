"""Said in the room: entered under its agency, released by its person there, and the minute taker's notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard import markup, record, session, words
from dashboard.errors import show_errors
from dashboard.form_draft import FormDraft
from dashboard.views.alarms.topics import ask
from engine.domain.accounts.acting import Acting
from engine.domain.conference.meetings import Conference
from engine.domain.conference.remarks import LONGEST_REMARK, RemarkAct, RemarkGiven, RemarkView
from engine.domain.drafts import DraftForm
from engine.domain.errors import InvalidInputError
from engine.domain.referrals.intake import AlarmTopic
from engine.domain.responses.answers import Nature
from engine.domain.sharing import DESK, AudienceKind
from engine.services.conference import remarks as in_room
from engine.services.conference.room import ItemPeople

_NOTE = "Only the agency and the person who entered it see it until the agency releases it."
_DESK = "Coordinators and chair"


def draw(
    there: Conference,
    case: str,
    said: Sequence[RemarkView],
    people: ItemPeople,
    *,
    acting: Acting,
    agencies: Mapping[str, str],
) -> None:
    """Draw what was said about the case, the buttons of its release, and the two that add to it."""
    markup.draw(
        markup.heading("Said in the room", at="said", note="Not shared until the agency releases it.")
    )
    if not said:
        markup.draw(markup.none_recorded("Nothing recorded for this item"))
    for remark in said:
        _draw_one(remark, agencies)
    is_at_table = any(stay.user == acting.user and not stay.is_observer for stay in people.present)
    with st.container(horizontal=True, key="said-buttons"):
        if is_at_table and st.button("Add what was said", key="add-remark"):
            _draft(case).begin()
            add(there.reference, case, agencies)
        if there.minute_taker == acting.user and st.button("Add a note", key="add-note"):
            _note_draft(case).begin()
            add_note(there.reference, case)


def _draw_one(remark: RemarkView, agencies: Mapping[str, str]) -> None:
    markup.draw(row(remark, agencies))
    if not remark.may_release:
        return
    with st.container(horizontal=True, key=f"said-{remark.reference}"):
        for act, label in ((RemarkAct.RELEASED, "Release"), (RemarkAct.DISCARDED, "Discard")):
            if st.button(f"{label} {remark.reference}", key=f"remark-{act.value}-{remark.reference}"):
                with show_errors():
                    context = record.runtime().context(session.acting())
                    in_room.settle_remark(context, remark=remark.reference, act=act)
                    session.say_after_rerun(f"{remark.reference} is {act.value}.")
                    st.rerun()


def row(remark: RemarkView, agencies: Mapping[str, str]) -> markup.Markup:
    """Return one of them: its agency, text, source, audience and status."""
    of = agencies.get(remark.agency, remark.agency) if remark.agency else "Note of the minute taker"
    text = remark.text if remark.text is not None else markup.none_recorded(f"Withheld. Ask {of}.")
    return markup.element(
        "div",
        markup.element("b", of),
        " ",
        markup.element("span", text),
        " ",
        markup.tag(_status(remark, agencies), "t-todo" if _waits(remark) else "t-done"),
        markup.element("small", _rests_on(remark, agencies)),
        class_="in-the-room",
    )


def in_one_line(remark: RemarkView, agencies: Mapping[str, str]) -> str:
    """Return the same as minutes have it, without markup."""
    of = agencies.get(remark.agency, remark.agency) if remark.agency else "Note"
    text = remark.text if remark.text is not None else f"Withheld. Ask {of}."
    return f"{of}: {text} {_rests_on(remark, agencies)} {_status(remark, agencies)}."


def _waits(remark: RemarkView) -> bool:
    return remark.agency is not None and remark.act is None


def _status(remark: RemarkView, agencies: Mapping[str, str]) -> str:
    if remark.agency is None:
        return f"By {session.named(remark.by)}"
    if remark.act is None or remark.act_by is None:
        return f"Waiting for {agencies.get(remark.agency, remark.agency)} to release"
    return words.sentence(f"{remark.act.value} by {session.named(remark.act_by)}")


def _rests_on(remark: RemarkView, agencies: Mapping[str, str]) -> str:
    """Return fact or opinion, source, grade, audience and author, where this person sees them."""
    if remark.nature is None or remark.source is None:
        return ""
    whom = "panel"
    if remark.audience and remark.audience != AudienceKind.PANEL.value:
        named = [_DESK if code == DESK else agencies.get(code, code) for code in remark.audience.split(", ")]
        whom = words.listed(named)
    return (
        f"{words.sentence(remark.nature.value)}. Source: {remark.source.rstrip('.')}. "
        f"Grade: {remark.grade or 'not recorded'}. For: {whom}. Entered by {session.named(remark.by)}."
    )


@st.dialog("Add what was said", width="large")
def add(conference: str, case: str, agencies: Mapping[str, str]) -> None:
    """Ask for the agency, the text, its source and its audience."""
    acting, draft = session.acting(), _draft(case)
    key = draft.key
    draft.top()
    markup.draw(markup.element("p", _NOTE, class_="sub"))
    own = [code for code in agencies if acting.agency is None or acting.speaks_for(code)]
    agency = st.selectbox(
        "Agency that said it",
        own,
        index=0 if len(own) == 1 else None,
        format_func=lambda code: agencies[code],
        key=f"{key}-agency",
        placeholder="Choose an agency",
    )
    text = draft.text("text", "Remark", rows=2, longest=LONGEST_REMARK)
    source = draft.text(
        "source",
        "Source",
        rows=1,
        one_line=True,
        longest=600,
        hint="Such as a visit or a record, and its date.",
    )
    nature = st.radio(
        "Fact or opinion",
        list(Nature),
        index=None,
        horizontal=True,
        format_func=lambda nature: words.sentence(nature.value),
        key=f"{key}-nature",
    )
    one, other = st.columns(2)
    with one:
        grade = st.text_input("Grade in 3x5x2 (optional), such as 2B P", key=f"{key}-grade", max_chars=6)
    with other:
        whom = [DESK, *(code for code in agencies if code != agency)]
        audience = st.multiselect(
            "Only for these (empty: everyone on the case)",
            whom,
            format_func=lambda code: _DESK if code == DESK else agencies[code],
            key=f"{key}-audience",
            placeholder="Everyone on the case",
        )
    topics = ask(AlarmTopic, key)
    draft.remember()
    if not st.button("Add it", key=f"{key}-save", type="primary"):
        return
    with show_errors():
        if agency is None:
            raise InvalidInputError("agency", "choose the agency that said it")
        if nature is None:
            raise InvalidInputError("nature", "choose fact or opinion")
        entered = RemarkGiven(
            agency=agency,
            text=text,
            source=source,
            nature=nature,
            grade=grade.strip().upper() or None,
            audience=AudienceKind.NAMED if audience else AudienceKind.PANEL,
            agencies=tuple(audience),
        )
        context = record.runtime().context(session.acting())
        in_room.enter_remark(context, conference=conference, case=case, given=entered, topics=topics)
        draft.end()
        session.say_after_rerun(f"Recorded. It waits for {agencies[agency]} to release it.")
        st.rerun()


@st.dialog("Add a note", width="large")
def add_note(conference: str, case: str) -> None:
    """Ask for the note of the minute taker."""
    draft = _note_draft(case)
    draft.top()
    hint = "Everyone who can view the case reads it. Record what an agency said under that agency instead."
    text = draft.text("text", "Note", rows=2, longest=LONGEST_REMARK, hint=hint)
    topics = ask(AlarmTopic, draft.key)
    draft.remember()
    if not st.button("Add the note", key=f"{draft.key}-save", type="primary"):
        return
    with show_errors():
        context = record.runtime().context(session.acting())
        in_room.add_note(context, conference=conference, case=case, text=text, topics=topics)
        draft.end()
        session.say_after_rerun("The note is recorded.")
        st.rerun()


def _draft(case: str) -> FormDraft:
    return FormDraft(DraftForm.REMARK, case, f"remark-{case}")


def _note_draft(case: str) -> FormDraft:
    return FormDraft(DraftForm.NOTE, case, f"note-{case}")
