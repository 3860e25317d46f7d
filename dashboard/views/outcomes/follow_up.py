"""The other involvements of a case, its endings and its history."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import streamlit as st

from dashboard import forms, markup, session, words
from dashboard.form_draft import LONGEST_TEXT
from dashboard.form_model import Form
from dashboard.pages import Place
from engine.domain.accounts.acting import COORDINATOR_AND_CHAIR, Acting
from engine.domain.asked import NO_PLACES, Asked, Because
from engine.domain.base import Frozen
from engine.domain.cases.lifecycle import Act, State, state_after
from engine.domain.cases.views import CaseView, OtherInvolvement
from engine.domain.drafts import DraftForm
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
            forms.button(ending(view, Act(act), label), label, key=f"end-{act.replace(' ', '-')}")
        if joined:
            forms.button(taking_back(view.reference), "Remove from episode", key="take-back")


def ending(view: CaseView, act: Act, label: str) -> Form[Because, State]:
    """Return the form for the reason for an end."""
    reference = view.reference
    state = f"{view.state.value} → {state_after(reference, view.state, act).value}"
    return Form(
        Because,
        draft=DraftForm.ENDING,
        case=reference,
        key=f"end-{reference}",
        title="Confirm the ending",
        asks={"why": Asked("Reason", missing="give the reason for ending it", part="reason")},
        facts=(("Case", reference), ("Action", label), ("Status", state), ("Plan", still_open(view))),
        reviews="Review ending",
        button=label,
        records=lambda context, given: end_involvement(context, reference=reference, act=act, why=given.why),
        done=lambda _, state: f"{reference} is now '{state.value}'.",
        undone_by="",
    )


def still_open(view: CaseView) -> str:
    """Return how many actions an end would leave open; "no plan is recorded" is its own answer."""
    if view.plan is None:
        return "No plan is recorded"
    number = sum(action.status in OPEN_STATUSES for action in view.plan.in_delivery)
    return f"{words.counted(number, 'action') if number else 'No action'} still open"


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
        undone_by="joining the episode again",
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
        undone_by="",
    )
