"""The victim's words beside the decision: read with its source, entered, noted or confirmed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard import markup, record, session, words
from dashboard.errors import show_errors
from dashboard.form_draft import FormDraft
from dashboard.views.alarms.topics import ask
from dashboard.views.conference.parts import origin_in_names, withdrawn_in_names
from engine.domain.accounts.acting import COORDINATOR_AND_CHAIR, Acting
from engine.domain.agencies.directory import AgencyKnown
from engine.domain.cases.views import CaseView
from engine.domain.conference.victim_words import Manner, VictimWordsGiven, VictimWordsView
from engine.domain.dates import read_date
from engine.domain.drafts import DraftForm
from engine.domain.errors import InvalidInputError
from engine.domain.referrals.intake import AlarmTopic
from engine.domain.responses.voices import EVERYONE, WithWhom
from engine.services.access.restrictions import speaks_for_victim
from engine.services.conference.victim_words import (
    confirm_victim_words,
    record_victim_words,
    withdraw_victim_words,
)

_LONGEST = 2_000


def draw(view: CaseView) -> None:
    """Draw what this person may read of it; nothing where there is nothing."""
    withdrawn = [withdrawn_in_names(each) for each in view.victim_words_withdrawn]
    if view.victim_words or withdrawn:
        parts: list[markup.Content] = [markup.heading("The victim's words", at="victim-words")]
        parts += [_listed(view.victim_words)] if view.victim_words else []
        parts += [markup.bullets(withdrawn)] if withdrawn else []
        markup.draw(markup.join(parts))


def draw_in_item(view: CaseView, acting: Acting) -> None:
    """Draw it with the fields, for the victim's advocate, and for a coordinator or the chair as a note."""
    draw(view)
    agencies = record.runtime().agencies_known
    is_advocate = speaks_for_victim(acting, agencies) and view.is_worked_by(acting)
    if not is_advocate and acting.role not in COORDINATOR_AND_CHAIR:
        return
    draw_withdrawals(view, acting)
    if is_advocate:
        for each in view.victim_words:
            if not each.is_agreed:
                _draw_confirmation(view.reference, each, agencies)
    name = "Enter the victim's words" if is_advocate else "Note the victim's words"
    with st.expander(name, key=f"victim-words-form-{view.reference}"):
        _draw_fields(view.reference, agencies if is_advocate else ())


def _listed(there: Sequence[VictimWordsView]) -> markup.Markup:
    return markup.bullets(
        markup.join(
            [
                markup.element("q", each.text) if each.manner is Manner.OWN_WORDS else each.text,
                markup.element("small", f" {origin_in_names(each)}"),
                None if each.is_agreed else markup.tag("Not confirmed by the advocate", "t-missing"),
            ],
            " ",
        )
        for each in there
    )


def _draw_confirmation(case: str, noted: VictimWordsView, agencies: Sequence[AgencyKnown]) -> None:
    key = f"victim-words-{case}-{noted.number}"
    with_whom = _with_whom(f"Words {noted.number}: the victim agrees to share them with", key, agencies)
    if st.button(f"Confirm words {noted.number}", key=f"{key}-confirm"):
        with show_errors():
            context = record.runtime().context(session.acting())
            confirm_victim_words(context, reference=case, number=noted.number, with_whom=with_whom)
            session.say_after_rerun("The victim's words are confirmed.")
            st.rerun()


def draw_withdrawals(view: CaseView, acting: Acting) -> None:
    """Draw a button for each record that an advocate gave, for those who speak for the victim."""
    if not (speaks_for_victim(acting, record.runtime().agencies_known) and view.is_worked_by(acting)):
        return
    for each in view.victim_words:
        key = f"victim-words-{view.reference}-{each.number}-withdraw"
        if each.is_agreed and st.button(f"Withdraw words {each.number}", key=key):
            withdraw(view.reference, each)


@st.dialog("Withdraw the victim's words?")
def withdraw(case: str, given: VictimWordsView) -> None:
    """Draw what withdrawing does, and the button."""
    markup.draw(markup.element("p", given.text, class_="reason"))
    said = (
        "No one reads them on the case from then on, and no copy of minutes that is prepared later has them. "
        "Agreed minutes stay and name the withdrawal. You cannot undo this."
    )
    markup.draw(markup.element("p", said))
    if st.button("Withdraw them now", key=f"victim-words-{case}-{given.number}-withdraw-now", type="primary"):
        with show_errors():
            context = record.runtime().context(session.acting())
            withdraw_victim_words(context, reference=case, number=given.number)
            session.say_after_rerun("The victim's words are withdrawn.")
            st.rerun()


def _draw_fields(case: str, agencies: Sequence[AgencyKnown]) -> None:
    draft = FormDraft(DraftForm.VICTIM_WORDS, case, f"victim-words-{case}")
    draft.top()
    text = draft.text("text", "The victim's words", rows=3, longest=_LONGEST)
    manner = st.radio(
        "Manner",
        list(Manner),
        index=None,
        horizontal=True,
        format_func=lambda each: words.sentence(each.value),
        key=f"{draft.key}-manner",
    )
    said_by = st.text_input(
        "Said by", key=f"{draft.key}-by", max_chars=120, placeholder="The victim, or a sister of the victim"
    )
    said_on = st.text_input("Said on", key=f"{draft.key}-on", max_chars=40, placeholder="9 March 2026")
    said_to = st.text_input("Said to (a post, or a person on the case)", key=f"{draft.key}-to", max_chars=120)
    with_whom: WithWhom = ()
    if agencies:
        with_whom = _with_whom("The victim agrees to share it with", draft.key, agencies)
    topics = ask(AlarmTopic, draft.key)
    draft.remember()
    if not st.button("Record the victim's words", key=f"{draft.key}-save"):
        return
    with show_errors():
        filled = {"the victim's words": text, "said by": said_by, "said on": said_on, "said to": said_to}
        lacking = [name for name, typed in filled.items() if not typed.strip()]
        lacking += [] if manner else ["manner"]
        if lacking or manner is None:
            raise InvalidInputError("still missing", words.listed(lacking))
        try:
            day = read_date(said_on)
        except ValueError as error:
            raise InvalidInputError("said on", str(error)) from None
        given = VictimWordsGiven(
            text=text, manner=manner, said_by=said_by, said_on=day, said_to=said_to, with_whom=with_whom
        )
        context = record.runtime().context(session.acting())
        record_victim_words(context, reference=case, given=given, topics=topics)
        draft.end()
        session.say_after_rerun("The victim's words are recorded.")
        st.rerun()


def _with_whom(label: str, key: str, agencies: Sequence[AgencyKnown]) -> WithWhom:
    names: Mapping[str, str] = {agency.code: agency.name for agency in agencies}
    chosen = st.multiselect(
        label,
        [EVERYONE, *names],
        format_func=lambda code: words.sentence(names.get(code, code)),
        key=f"{key}-whom",
        placeholder="No one outside the advocate's agency",
    )
    return tuple(chosen)
