"""Changes since the last review, one line of the case; and the forms for reviews and police decisions.

Draws what the case page was given, and asks for what a person records by hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated

import streamlit as st

from dashboard import forms, markup, words
from dashboard.form_model import Form
from engine.domain.accounts.acting import COORDINATOR_AND_CHAIR, Acting, Role
from engine.domain.agencies.directory import AgencyKnown
from engine.domain.asked import Asked
from engine.domain.base import Frozen, Sentence
from engine.domain.cases.custody import CustodyChange
from engine.domain.cases.police_decisions import PoliceDecisionGiven
from engine.domain.cases.views import CaseView
from engine.domain.drafts import DraftForm
from engine.domain.plans.changes import Change, ChangeKind, NotDecidedByPolice, ReviewOnCase
from engine.domain.plans.reviews import PlanReview
from engine.domain.shown import shown
from engine.services.plans.changes import REVIEWED
from engine.services.plans.reviews import close_review, record_custody_change, record_police_decision

_FEW = 5
"""Lines that are shown at once; the others open below them."""
_PLACE_OF = {
    ChangeKind.INCIDENT: "#incidents",
    ChangeKind.RESPONSE: "#facts",
    ChangeKind.DECISION: "#decision",
    ChangeKind.PLAN: "#plan",
    ChangeKind.ACTION: "#plan",
    ChangeKind.OUTCOME: "#outcomes",
    ChangeKind.POLICE_DECISION: "#incidents",
}
_NONE_NEW = "No change. This does not mean low risk."


def draw(view: CaseView, acting: Acting) -> None:
    """Draw what changed since the last review, and why the next one is due."""
    if view.review.since is None:
        return
    with st.container(horizontal=True, vertical_alignment="top", horizontal_alignment="distribute"):
        markup.draw(_changed(view.review))
        with st.container(horizontal=True, horizontal_alignment="right", width="content"):
            _draw_buttons(view, acting)


def may_record_decision(view: CaseView, acting: Acting, agencies: Sequence[AgencyKnown]) -> bool:
    """Return whether police decisions are missing and this person may record one."""
    return bool(view.review.not_decided) and _may_record(view, acting, agencies)


def _changed(review: ReviewOnCase) -> markup.Markup:
    """Return one line with how much changed, which opens to what, and to why a review is due."""
    number = len(review.changes)
    said = f"{words.counted(number, 'change')}." if number else _NONE_NEW
    said = f"{said} {review.not_checked}"  # not in the fold: a review may be due for this reason
    summary = markup.element(
        "summary",
        markup.element("h2", "Changed since the last review", class_="sec", id="changes"),
        " ",
        markup.element("span", said, class_="said"),
    )
    why = [markup.notice("warning", review.why_due, heading="Review due")] if review.why_due else []
    few, more = review.changes[:_FEW], review.changes[_FEW:]
    lines = [_lines(few)] if few else []
    lines += [markup.details(f"{words.counted(len(more), 'earlier change')}", _lines(more))] if more else []
    note = markup.element("p", _note(review), class_="sub")
    return markup.element("details", summary, note, *why, *lines, class_="fold one-line")


def _note(review: ReviewOnCase) -> str:
    due = f"Next review: {review.review_on:%-d %B %Y}." if review.review_on else ""
    due = due or "The date of the next review is not recorded."
    return f"Since {review.since_what}. {due}"


def _lines(changes: Sequence[Change]) -> markup.Markup:
    """Return the changes as a list, newest first; each leads to its record on this page."""
    return markup.bullets(
        markup.join(
            [
                words.day_of(change.at, year=True),
                change.says,
                markup.link(change.record, _PLACE_OF[change.kind])
                if change.record is not None and change.kind in _PLACE_OF
                else None,
            ],
            " ",
        )
        for change in changes
    )


def _draw_buttons(view: CaseView, acting: Acting) -> None:
    if not view.is_worked_by(acting):
        return
    forms.button(custody(view.reference), "Record custody change", key="record-custody")
    if acting.role in COORDINATOR_AND_CHAIR and view.state in REVIEWED:
        forms.button(closing(view.reference), "Close review", key="close-review")


def _may_record(view: CaseView, acting: Acting, agencies: Sequence[AgencyKnown]) -> bool:
    """Return whether the service would take it: of practitioners only those of the investigating agency."""
    if acting.role is not Role.PRACTITIONER:
        return view.is_worked_by(acting)
    investigates = any(agency.investigates and acting.speaks_for(agency.code) for agency in agencies)
    return investigates and view.is_worked_by(acting)


class _Closing(Frozen):
    decided: Annotated[Sentence, Asked("Decision, in one sentence", rows=2, longest=500)]
    next_on: Annotated[
        date,
        Asked(
            "Date of the next review",
            missing="give the date of the next review",
            part="next review",
            code="next",
        ),
    ]


def closing(reference: str) -> Form[_Closing, PlanReview]:
    """Return the form for what a review decided, and when the next is."""
    return Form(
        _Closing,
        draft=DraftForm.REVIEW,
        case=reference,
        key=f"review-{reference}",
        title="Close review",
        button="Close review",
        records=lambda context, given: close_review(
            context, reference=reference, decided=given.decided, next_on=given.next_on
        ),
        done=lambda _, closed: (
            f"Review {closed.number} is closed. The next is on {words.day(closed.next_on, year=True)}."
        ),
        undone_by="",
    )


class _Custody(Frozen):
    change: Annotated[CustodyChange, Asked("Custody change", missing="choose what changed", code="what")]
    on: Annotated[date, Asked("Date", part="date")]


def custody(reference: str) -> Form[_Custody, object]:
    """Return the form for what changed about the custody of the alleged perpetrator, and when."""
    return Form(
        _Custody,
        draft=DraftForm.CUSTODY,
        case=reference,
        key=f"custody-{reference}",
        title="Record custody change",
        button="Record custody change",
        records=lambda context, given: record_custody_change(
            context, reference=reference, change=given.change, on=given.on
        ),
        done="The change of custody is recorded.",
        undone_by="a newer change of custody",
    )


def police_decision(
    reference: str, undecided: tuple[NotDecidedByPolice, ...]
) -> Form[PoliceDecisionGiven, object]:
    """Return the form for what police decided about one incident, who decided and when."""
    there = [each.incident for each in undecided]
    return Form(
        PoliceDecisionGiven,
        draft=DraftForm.POLICE_DECISION,
        case=reference,
        key=f"police-{reference}",
        title="Record police decision",
        offers={"incident": {each: _incident_in_words(each, undecided) for each in there}},
        begins={"incident": there[0]} if there else {},
        button="Record police decision",
        records=lambda context, given: record_police_decision(context, reference=reference, decision=given),
        done=lambda given, _: f"The police decision on {given.incident} is recorded.",
        undone_by="",
    )


def _incident_in_words(reference: str, undecided: Sequence[NotDecidedByPolice]) -> str:
    return next(
        (undecided_in_words(each) for each in undecided if each.incident == reference), shown(reference)
    )


def undecided_in_words(each: NotDecidedByPolice) -> str:
    """Return the incident as a choice or a list names it."""
    when = each.happened.in_words() if each.happened else "date not recorded"
    return f"{words.sentence(each.kinds_in_words)}, {when} ({shown(each.incident)})"
