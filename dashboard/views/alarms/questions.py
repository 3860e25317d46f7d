"""The questions that a case's first alarm opens: what was answered, and the dialogs that answer them."""

from __future__ import annotations

from typing import Annotated

import streamlit as st

from dashboard import forms, markup, record, session, words
from dashboard.errors import show_errors
from dashboard.forms import Form
from engine.domain.absence import YesNo
from engine.domain.accounts.acting import COORDINATOR_AND_CHAIR, Acting
from engine.domain.alarm_questions import PARTIES, AlarmQuestion, QuestionAnswered
from engine.domain.asked import NO_PLACES, Asked
from engine.domain.base import Frozen
from engine.domain.cases.views import CaseView
from engine.domain.drafts import DraftForm
from engine.domain.shown import shown
from engine.services.alarms.questions import record_child_safeguarding, record_works_for

_ANSWERS = (YesNo.YES, YesNo.NO, YesNo.NOT_KNOWN)
_RESTRICTS = (
    "A yes restricts the case at once: then only the people named on it and the chair can view it. "
    "Until both are answered, only coordinators and chair have the alarms of the case."
)


def draw(view: CaseView, acting: Acting) -> None:
    """Draw what was answered, and for coordinators and chair a button for each question."""
    if view.alarm_questions:
        markup.draw(markup.bullets([_line(each, view) for each in view.alarm_questions]))
    if acting.role not in COORDINATOR_AND_CHAIR or not (view.alarms.raised or view.alarms_since):
        return
    with st.container(horizontal=True, key="alarm-questions"):
        forms.button(child_safeguarding(view.reference), "Child safeguarding", key="child-safeguarding")
        if st.button("Parties' employers", key="works-for"):
            _works_for(view)


def _line(each: QuestionAnswered, view: CaseView) -> str:
    why = f" {each.why}" if each.why else ""
    by = f"{session.named(each.by)}, {words.moment(each.at)}"
    if each.question is AlarmQuestion.CHILD_SAFEGUARDING:
        answer = "referred" if each.answer is YesNo.YES else "not referred"
        return f"Child safeguarding: {answer}. {by}.{why}"
    agency = f" ({record.agency_named(each.agency)})" if each.agency else ""
    return f"{_asked(each.question, view)}: {each.answer.value}{agency}. {by}.{why}"


def _asked(question: AlarmQuestion, view: CaseView) -> str:
    """Return a question about a party; a perpetrator has their status."""
    said = question.value.replace("perpetrator", words.perpetrator(view.perpetrator.status))
    return words.sentence(said)


class _ChildSafeguarding(Frozen):
    referred: Annotated[
        bool,
        Asked(
            "Was it referred?",
            answers=("Referred", "Not referred"),
            missing="choose whether it was referred",
        ),
    ]
    why: Annotated[
        str, Asked("Reason: person or service informed, or why not", part="reason", hint=NO_PLACES)
    ]


def child_safeguarding(reference: str) -> Form[_ChildSafeguarding, object]:
    """Return the form for whether a child was referred for safeguarding, to whom, or why not."""
    return Form(
        _ChildSafeguarding,
        draft=DraftForm.CHILD_SAFEGUARDING,
        case=reference,
        key=f"child-safeguarding-{reference}",
        title="Child safeguarding",
        button="Record",
        records=lambda context, given: record_child_safeguarding(
            context, reference=reference, referred=given.referred, why=given.why
        ),
        done=f"Child safeguarding is recorded on {reference}.",
    )


@st.dialog("Parties who work for one of the agencies")
def _works_for(view: CaseView) -> None:
    reference = view.reference
    st.caption(_RESTRICTS)
    answers: dict[AlarmQuestion, YesNo] = {}
    agency: str | None = None
    for question in PARTIES:
        answer = st.radio(
            _asked(question, view),
            _ANSWERS,
            index=None,
            horizontal=True,
            format_func=lambda each: words.sentence(each.value),
            key=f"{question.name}-{reference}",
        )
        answers[question] = answer or YesNo.NOT_ASKED
    if YesNo.YES in answers.values():
        agency = st.selectbox(
            "Agency that they work for (leave blank if it is not listed)",
            [each.code for each in record.runtime().agencies_known],
            index=None,
            format_func=lambda code: shown(record.agency_named(code)),
            key=f"works-for-agency-{reference}",
        )
    if st.button("Record", key=f"works-for-do-{reference}", type="primary"):
        with show_errors():
            context = record.runtime().context(session.acting())
            done = record_works_for(context, reference=reference, answers=answers, agency=agency)
            said = f"{reference} is restricted." if done.is_restricted else f"It is recorded on {reference}."
            session.say_after_rerun(said)
            st.rerun()
