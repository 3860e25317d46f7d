"""Saving a search of what is on the screen: new neighbours, a new path, new people in a pattern."""

from __future__ import annotations

from datetime import date
from typing import Annotated, NamedTuple

import streamlit as st

from dashboard import forms, own_process, words
from dashboard.errors import show_errors
from dashboard.form_draft import part_code
from dashboard.form_model import Form
from dashboard.views.links import alerts as link_alerts
from dashboard.views.links import steps as link_steps
from engine.domain.asked import Asked
from engine.domain.base import Frozen
from engine.domain.drafts import ABOUT_NO_CASE, DraftForm
from engine.domain.links.saved_searches import Asked as Question
from engine.domain.links.saved_searches import is_about_whole_record
from engine.services.context import Context
from engine.services.links.saved_searches import USUAL_DAYS, question_of, save_query


class Offered(NamedTuple):
    """A question about what is on the screen: its kind, what it names, and the number of links away."""

    kind: str
    named: tuple[str, ...]
    hops: int | None = None


def offer(*questions: Offered, at: str) -> None:
    """Draw the button that saves one of these as a search."""
    if st.button("Save search", key=f"links-save-search-{at}"):
        with show_errors():
            forms.begin(saving(tuple(question_of(*question) for question in questions)))


class _Search(Frozen):
    which: Annotated[int, Asked("Alert me about", offered=True, at_once=True)]
    why: Annotated[str, Asked("Reason, in one line", part="reason", rows=1)]
    until: Annotated[date | None, Asked(f"End date (optional: {USUAL_DAYS} days)", part="end date")] = None


def saving(questions: tuple[Question, ...]) -> Form[_Search, object]:
    """Return the form that saves one of these questions, for a reason and until a date."""
    names = link_steps.names_in(question.in_words() for question in questions)

    def in_words(question: Question) -> str:
        return words.plain(words.sentence(link_steps.with_names(names, question.in_words())))

    def records(_: Context, given: _Search) -> None:
        question = questions[given.which]
        own_process.ask(
            save_query,
            is_small=not is_about_whole_record(question),
            may_be_recorded="it may be recorded: check your saved searches before you save again",
            question=question,
            why=given.why,
            until=given.until,
        )
        link_alerts.read_again()

    return Form(
        _Search,
        draft=DraftForm.LINK_SEARCH,
        case=ABOUT_NO_CASE,
        key="save-search",
        part=part_code(" ".join(question.in_words() for question in questions)),
        title="Save search",
        note=(
            "What matches now raises no alert. Only you see your alerts, and your search unless you share it."
        ),
        offers={"which": {str(number): in_words(each) for number, each in enumerate(questions)}},
        begins={"which": "0"},
        button="Save",
        records=records,
        done="The search is saved.",
        undone_by="ending it",
    )
