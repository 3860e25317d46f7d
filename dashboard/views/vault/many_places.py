"""Alarms about users who named many places of a case, and the form that ends one. It shows no place."""

from __future__ import annotations

import streamlit as st

from dashboard import days, markup, record, session, words
from dashboard.errors import show_errors
from dashboard.form_draft import FormDraft, part_code
from engine.domain.drafts import DraftForm
from engine.domain.errors import InvalidInputError
from engine.domain.vault.many_places import AlarmOfPlaces, AskedGiven, AskedSeen, AskedWhom, FoundReason
from engine.services.access import restrictions
from engine.services.vault.guesses import alarms_of_places, record_asked_about_places

_FIRST = (
    "Ask about the task that needed these places. Do not say whether any of them is protected. The person is "
    "not informed of this alarm, nor of its end."
)
_IF_SEARCH = (
    "If the person was searching for the victim, call the victim's advocate and the chair now. The chair can "
    "take them off the case, and their agency can disable the user."
)


def ask(reference: str) -> None:
    """Show every alarm of this case that waits for the person who acts."""
    with show_errors():
        found = alarms_of_places(record.runtime().context(session.acting()))
        here = [each for each in found.waiting if each.case == reference]
        if not here:
            markup.draw(markup.notice("info", "This alarm has ended."))
            return
        for each in here:
            _draft_of(each).begin()
        _dialog(reference, here, [each for each in found.recorded if each.case == reference])


@st.dialog("Many places named", width="large")
def _dialog(reference: str, here: list[AlarmOfPlaces], recorded: list[AskedSeen]) -> None:
    markup.draw(markup.element("p", _FIRST, class_="sub"))
    markup.draw(markup.element("p", _IF_SEARCH, class_="sub"))
    for alarm in here:
        _draw(alarm)
    if recorded:
        markup.draw(markup.heading("Recorded before", at=f"places-before-{reference}", level=3))
        markup.draw(markup.definitions([_before(each) for each in recorded]))


def _draft_of(alarm: AlarmOfPlaces) -> FormDraft:
    part = part_code(alarm.writer)
    return FormDraft(DraftForm.PLACES_NAMED, alarm.case, f"places-named-{alarm.case}-{part}", part)


def _draw(alarm: AlarmOfPlaces) -> None:
    draft, name = _draft_of(alarm), session.named(alarm.writer)
    draft.top()
    markup.draw(markup.heading(name, at=draft.key, level=3))
    markup.draw(
        markup.definitions(
            [
                ("Case", alarm.case),
                ("Places named within 24 hours", str(alarm.places)),
                ("The last of them", words.moment(alarm.at)),
            ]
        )
    )
    asked = st.selectbox(
        f"Person asked about {words.plain(name)}",
        list(AskedWhom),
        index=None,
        format_func=lambda each: words.sentence(each.value),
        key=f"{draft.key}-asked",
    )
    on = days.field(f"Date when you asked about {words.plain(name)}", key=f"{draft.key}-on")
    found = st.radio(
        f"Why {words.plain(name)} named them",
        list(FoundReason),
        index=None,
        format_func=lambda each: words.sentence(each.value),
        key=f"{draft.key}-found",
    )
    text = draft.text(
        "text",
        f"Your finding about {name}, in one line",
        longest=restrictions.LONGEST_WHY,
        rows=2,
        one_line=True,
        hint="It is sealed. Only those who have this alarm read it.",
    )
    draft.remember()
    if not st.button("Record and end the alarm", key=f"{draft.key}-record", type="primary"):
        return
    with show_errors():
        day = days.read("date", on)
        if asked is None or found is None or day is None:
            raise InvalidInputError("record", "choose whom you asked and why, and give the date")
        given = AskedGiven(
            writer=alarm.writer, counted=alarm.places, asked=asked, asked_on=day, found=found, text=text
        )
        record_asked_about_places(
            record.runtime().context(session.acting()), reference=alarm.case, given=given
        )
        draft.end()
        session.say_after_rerun(f"The alarm about {name} has ended.")
        st.rerun()


def _before(each: AskedSeen) -> tuple[str, str]:
    asked = f"{session.named(each.by)} asked {each.asked.value} on {words.day(each.asked_on, year=True)}"
    return (
        f"{session.named(each.writer)}, {each.reference}",
        f"{words.sentence(each.found.value)}. {asked}: {each.text or 'erased'}",
    )
