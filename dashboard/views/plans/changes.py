"""Changes since the last review, one line of the case; and the forms for reviews and police decisions.

Draws what the case page was given, and asks for what a person records by hand.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import days, markup, record, session, words
from dashboard.errors import show_errors
from dashboard.form_draft import FormDraft
from engine.domain.accounts.acting import COORDINATOR_AND_CHAIR, Acting, Role
from engine.domain.agencies.directory import AgencyKnown
from engine.domain.cases.custody import CustodyChange
from engine.domain.cases.police_decisions import PoliceAction, PoliceDecisionGiven
from engine.domain.cases.views import CaseView
from engine.domain.drafts import DraftForm
from engine.domain.errors import InvalidInputError
from engine.domain.plans.changes import Change, ChangeKind, NotDecidedByPolice, ReviewOnCase
from engine.domain.shown import shown
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
    if st.button("Record custody change", key="record-custody"):
        custody(view.reference)
    if acting.role in COORDINATOR_AND_CHAIR and st.button("Close review", key="close-review"):
        _review_draft(view.reference).begin()
        closing(view.reference)


def _may_record(view: CaseView, acting: Acting, agencies: Sequence[AgencyKnown]) -> bool:
    """Return whether the service would take it: of practitioners only those of the investigating agency."""
    if acting.role is not Role.PRACTITIONER:
        return view.is_worked_by(acting)
    investigates = any(agency.investigates and acting.speaks_for(agency.code) for agency in agencies)
    return investigates and view.is_worked_by(acting)


def _review_draft(reference: str) -> FormDraft:
    return FormDraft(DraftForm.REVIEW, reference, f"review-{reference}")


@st.dialog("Close review")
def closing(reference: str) -> None:
    """Ask for what was decided, and when the next review is."""
    draft = _review_draft(reference)
    decided = draft.text("decided", "Decision, in one sentence", rows=2, longest=500, one_line=True)
    next_on = days.field("Date of the next review", key=f"{draft.key}-next")
    draft.remember()
    if st.button("Close review", type="primary", key=f"{draft.key}-save"):
        with show_errors():
            day = days.read("next review", next_on)
            if day is None:
                raise InvalidInputError("next review", "give the date of the next review")
            closed = close_review(
                record.runtime().context(session.acting()), reference=reference, decided=decided, next_on=day
            )
            draft.end()
            session.say_after_rerun(
                f"Review {closed.number} is closed. The next is on {words.day(closed.next_on, year=True)}."
            )
            st.rerun()


@st.dialog("Record custody change")
def custody(reference: str) -> None:
    """Ask what changed about the custody of the alleged perpetrator, and when."""
    key = f"custody-{reference}"
    with st.form(key, border=False, enter_to_submit=False):
        change = st.radio(
            "Custody change",
            list(CustodyChange),
            index=None,
            format_func=lambda each: words.sentence(each.value),
            key=f"{key}-change",
        )
        on = days.field("Date", key=f"{key}-on")
        saved = st.form_submit_button("Record custody change", type="primary", key=f"{key}-save")
    if saved:
        with show_errors():
            day = days.read("date", on)
            if change is None or day is None:
                raise InvalidInputError("custody", "choose what changed, and give the date")
            record_custody_change(
                record.runtime().context(session.acting()), reference=reference, change=change, on=day
            )
            session.say_after_rerun("The change of custody is recorded.")
            st.rerun()


def begin_police_decision(reference: str, undecided: tuple[NotDecidedByPolice, ...]) -> None:
    """Open the dialog with what this person typed in it and did not record."""
    _decision_draft(reference).begin()
    police_decision(reference, undecided)


def _decision_draft(reference: str) -> FormDraft:
    return FormDraft(DraftForm.POLICE_DECISION, reference, f"police-{reference}")


@st.dialog("Record police decision")
def police_decision(reference: str, undecided: tuple[NotDecidedByPolice, ...]) -> None:
    """Ask what police decided about one incident, who decided and when."""
    draft = _decision_draft(reference)
    incident = st.selectbox(
        "Incident",
        [each.incident for each in undecided],
        format_func=lambda each: _incident_in_words(each, undecided),
        key=f"{draft.key}-incident",
    )
    action = st.radio(
        "Decision",
        list(PoliceAction),
        index=None,
        format_func=lambda each: words.sentence(each.value),
        key=f"{draft.key}-action",
    )
    decided_by = draft.text("by", "Decided by (rank and name)", rows=1, longest=120, one_line=True)
    on = days.field("Date of the decision", key=f"{draft.key}-on")
    why = draft.text("why", "Reason (if any)", rows=2, longest=500, one_line=True)
    draft.remember()
    if st.button("Record police decision", type="primary", key=f"{draft.key}-save"):
        with show_errors():
            day = days.read("date", on)
            if action is None or day is None or len(decided_by.strip()) < 2:
                raise InvalidInputError("decision", "choose the decision, and give who decided and the date")
            given = PoliceDecisionGiven(
                incident=incident,
                action=action,
                decided_by=decided_by,
                decided_on=day,
                why=why.strip() or None,
            )
            record_police_decision(
                record.runtime().context(session.acting()), reference=reference, decision=given
            )
            draft.end()
            session.say_after_rerun(f"The police decision on {incident} is recorded.")
            st.rerun()


def _incident_in_words(reference: str, undecided: Sequence[NotDecidedByPolice]) -> str:
    return next(
        (undecided_in_words(each) for each in undecided if each.incident == reference), shown(reference)
    )


def undecided_in_words(each: NotDecidedByPolice) -> str:
    """Return the incident as a choice or a list names it."""
    when = each.happened.in_words() if each.happened else "date not recorded"
    return f"{words.sentence(each.kinds_in_words)}, {when} ({shown(each.incident)})"
