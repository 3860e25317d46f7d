"""The questions that a case's first alarm opens: what was answered, and the dialogs that answer them."""

from __future__ import annotations

from typing import Annotated

import streamlit as st

from dashboard import forms, markup, record, session, words
from dashboard.form_model import Form
from engine.domain.absence import YesNo
from engine.domain.accounts.acting import COORDINATOR_AND_CHAIR, Acting
from engine.domain.alarm_questions import PARTIES, AlarmQuestion, QuestionAnswered
from engine.domain.asked import NO_PLACES, Asked
from engine.domain.base import Frozen
from engine.domain.cases.views import CaseView
from engine.domain.drafts import DraftForm
from engine.services.alarms.questions import record_child_safeguarding, record_works_for
from engine.services.context import Context

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
        forms.button(works_for(view), "Parties' employers", key="works-for")


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
        undone_by="a newer answer",
    )


class _WorksFor(Frozen):
    perpetrator: YesNo | None = None
    victim: YesNo | None = None
    agency: Annotated[
        str | None,
        Asked(
            "Agency that they work for (leave blank if it is not listed)",
            offered=True,
            only_if=(("perpetrator", "victim"), (YesNo.YES,)),
        ),
    ] = None


def works_for(view: CaseView) -> Form[_WorksFor, bool]:
    """Return the form for whether a party works for one of the agencies."""
    reference = view.reference

    def records(context: Context, given: _WorksFor) -> bool:
        there = zip(PARTIES, (given.perpetrator, given.victim), strict=True)
        answers = {question: answer or YesNo.NOT_ASKED for question, answer in there}
        return record_works_for(
            context, reference=reference, answers=answers, agency=given.agency
        ).is_restricted

    return Form(
        _WorksFor,
        draft=DraftForm.WORKS_FOR,
        case=reference,
        key=f"works-for-{reference}",
        title="Parties who work for one of the agencies",
        note=_RESTRICTS,
        asks={
            name: Asked(_asked(question, view), choices=_ANSWERS, across=True)
            for name, question in zip(("perpetrator", "victim"), PARTIES, strict=True)
        },
        offers={"agency": {each.code: each.name for each in record.runtime().agencies_known}},
        button="Record",
        records=records,
        done=lambda _, is_restricted: (
            f"{reference} is restricted." if is_restricted else f"It is recorded on {reference}."
        ),
        undone_by="a newer answer, and lifting the restriction",
    )
