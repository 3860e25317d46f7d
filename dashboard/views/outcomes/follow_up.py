"""The other involvements of a case, its endings and its history."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Annotated

import streamlit as st

from dashboard import forms, markup, record, review_step, session, words
from dashboard.errors import show_errors
from dashboard.form_draft import LONGEST_TEXT, FormDraft
from dashboard.forms import Form
from dashboard.pages import Place
from engine.domain.accounts.acting import COORDINATOR_AND_CHAIR, Acting
from engine.domain.asked import NO_PLACES, Asked, Because
from engine.domain.base import Frozen
from engine.domain.cases.lifecycle import Act, State, state_after
from engine.domain.cases.views import CaseView, OtherInvolvement
from engine.domain.drafts import DraftForm
from engine.domain.errors import InvalidInputError
from engine.domain.plans.actions import OPEN_STATUSES
from engine.services.referrals.episodes import take_back_joining
from engine.services.referrals.screening import end_involvement, record_safeguarding

ENDINGS = {
    Act.END_CONSULTATION.value: "End consultation",
    Act.EXIT.value: "End delivery and start follow-up",
    Act.CLOSE.value: "Close case",
}


def draw_others(others: Sequence[OtherInvolvement], *, of_episode: str) -> None:
    """Draw where else the same people are named, within the viewer's access."""
    markup.draw(
        markup.heading(
            "Linked cases",
            at="others",
            note=f"Other cases of these people that you can see. This episode is {of_episode}.",
        )
    )
    if not others:
        markup.draw(markup.none_recorded("No linked cases that you can see."))
        return
    rows = [
        (
            markup.go(other.reference, Place.CASE, other.reference),
            words.day_of(other.received_at, year=True),
            words.sentence(other.state.value),
            markup.join(
                [markup.tag("Same episode", "t-info") if other.same_episode else None, other.says], " "
            ),
        )
        for other in others
    ]
    markup.draw(markup.table(("Case", "Received", "Status", "Link"), rows, caption=f"{len(rows):,} found"))


def draw_history(view: CaseView) -> None:
    """Draw every move with who made it and why, and who is on the case."""
    rows = [
        (
            words.moment(move.at),
            words.label(move.act),
            f"{move.before.value if move.before else 'new'} → {move.after.value}",
            session.named(move.by),
            move.why,
        )
        for move in reversed(view.history)
    ]
    people = [session.named(user) for user in view.people_on_case]
    markup.draw(
        markup.join(
            [
                markup.heading(
                    "History",
                    at="history",
                    note=f"On the case: {words.listed(people) or 'no one yet'}",
                ),
                markup.table(
                    ("When", "Action", "Status change", "By", "Reason"), rows, caption="Newest first"
                ),
            ]
        )
    )


def draw_endings(view: CaseView, acting: Acting) -> None:
    """Draw what may be done at the end, each with a reason."""
    if acting.role not in COORDINATOR_AND_CHAIR:
        return
    offered = {act: label for act, label in ENDINGS.items() if act in view.allowed_acts}
    joined = any(other.same_episode for other in view.other_involvements)
    with st.container(horizontal=True):
        for act, label in offered.items():
            if st.button(label, key=f"end-{act.replace(' ', '-')}"):
                begin_end(view, Act(act), label)
        if joined:
            forms.button(taking_back(view.reference), "Remove from episode", key="take-back")


def begin_end(view: CaseView, act: Act, label: str) -> None:
    """Open the dialog with the reason that this person typed before and did not record."""
    _end_draft(view.reference).begin()
    drawn = partial(end, view.reference, view.state, act, label, still_open(view))
    review_step.begin(_end_key(view.reference), drawn)


def still_open(view: CaseView) -> str:
    """Return how many actions an end would leave open; "no plan is recorded" is its own answer."""
    if view.plan is None:
        return "No plan is recorded"
    number = sum(action.status in OPEN_STATUSES for action in view.plan.in_delivery)
    return f"{words.counted(number, 'action') if number else 'No action'} still open"


@st.dialog("Confirm the ending", dismissible=False)
def end(reference: str, state: State, act: Act, label: str, still_open: str) -> None:
    """Give the reason for an end, read it through, record it."""
    key = _end_key(reference)

    def review(why: str) -> None:
        facts = markup.definitions(
            [
                ("Case", reference),
                ("Action", label),
                ("Status", f"{state.value} → {state_after(reference, state, act).value}"),
                ("Reason", why),
                ("Plan", still_open),
            ]
        )
        if review_step.confirmed(key, facts, record=label):
            _end(reference, act, why)

    fields = partial(_reason_to_end, _end_draft(reference))
    review_step.fill_in_and_confirm(key, str, fields=fields, review=review)
    review_step.leave(key)


def _end_key(reference: str) -> str:
    return f"end-{reference}"


def _end_draft(reference: str) -> FormDraft:
    return FormDraft(DraftForm.ENDING, reference, _end_key(reference))


def _reason_to_end(draft: FormDraft) -> str | None:
    draft.top()
    why = draft.text("why", "Reason", one_line=True)
    saved = st.button("Review ending", type="primary", key=f"{draft.key}-save")
    is_given = False
    with show_errors():
        if saved and not why.strip():
            raise InvalidInputError("reason", "give the reason for ending it")
        is_given = bool(saved)
    return why if is_given else None


def _end(reference: str, act: Act, why: str) -> None:
    runtime = record.runtime()
    with show_errors():
        state = end_involvement(runtime.context(session.acting()), reference=reference, act=act, why=why)
        review_step.end(_end_key(reference))
        _end_draft(reference).end()
        session.say_after_rerun(f"{reference} is now '{state.value}'.")
        st.rerun()


def taking_back(reference: str) -> Form[Because, str]:
    """Return the form that puts the case into its own episode again."""
    return Form(
        Because,
        draft=DraftForm.EPISODE,
        case=reference,
        key=f"back-{reference}",
        title="Remove from episode?",
        asks={"why": Asked("Why they are not the same episode", missing="give the reason", part="reason")},
        button="Remove from episode",
        records=lambda context, given: take_back_joining(context, reference=reference, why=given.why),
        done=lambda _, episode: f"{reference} is in its own episode {episode} again.",
    )


class _Safeguarding(Frozen):
    done: Annotated[
        str,
        Asked(
            "Safeguarding done, and who did it",
            missing="write it in a sentence",
            one_line=False,
            longest=LONGEST_TEXT,
            hint=NO_PLACES,
        ),
    ]


def safeguarding(reference: str) -> Form[_Safeguarding, State]:
    """Return the form for what was done today, before anything else."""
    return Form(
        _Safeguarding,
        draft=DraftForm.SAFEGUARDING,
        case=reference,
        key=f"safeguarding-{reference}",
        title="Record safeguarding",
        button="Record safeguarding",
        records=lambda context, given: record_safeguarding(context, reference=reference, done=given.done),
        done=lambda _, state: f"Safeguarding is recorded. {reference} is now '{state.value}'.",
    )
