"""Actions that can be added to a plan: from the library, and those that agencies proposed.

Neither brings an owner or a due date: people choose both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard import markup, plan_working, session, words
from dashboard.plan_working import Proposal
from dashboard.views.plans import sides, typed_plan
from engine.domain.cases.views import AgencyAnswerView
from engine.domain.plans.actions import Side
from engine.services.plans.library import find_actions, library


def proposals_in(answers: Sequence[AgencyAnswerView]) -> tuple[Proposal, ...]:
    """Return the actions that agencies proposed, as this person reads their responses."""
    return tuple(Proposal(answer.agency, action) for answer in answers for action in answer.proposed_actions)


def draw_proposals(reference: str, proposals: Sequence[Proposal], agencies: Mapping[str, str]) -> None:
    """Draw the proposals that are not in the plan yet, each with the button that adds it."""
    left = plan_working.not_taken(proposals, typed_plan.working_of(reference))
    if not left:
        return
    note = "What agencies released to you. Add one, then choose its agency, owner and date."
    markup.draw(markup.heading("Proposed by agencies", at="proposed", level=3, note=note))
    for each in left:
        with st.container(key=f"plan-row-{_code(each)}"):
            line, button = st.columns([6, 1], vertical_alignment="top")
            with line:
                markup.draw(_line(each, agencies))
            with button:
                st.button(
                    "Add",
                    key=f"add-{_code(each)}",
                    help=f"Add to the plan: {words.plain(each.action.says)}",
                    on_click=_add_proposal,
                    args=(reference, each),
                )


def _line(proposal: Proposal, agencies: Mapping[str, str]) -> markup.Markup:
    action = proposal.action
    about = [
        f"Proposed by {agencies.get(proposal.agency, proposal.agency)}.",
        f"For {agencies.get(action.owner, action.owner)}." if action.owner else None,
        f"{sides.HEADINGS[action.side]}." if action.side else None,
        f"{words.domain_in_words(action.serves)}." if action.serves else None,
    ]
    said = " ".join(part for part in about if part)
    return markup.join([markup.element("b", action.says), markup.element("div", said)])


def _code(proposal: Proposal) -> str:
    return f"{proposal.agency}-{proposal.action.key.removeprefix('action:')}"


def _add_proposal(reference: str, proposal: Proposal) -> None:
    working = typed_plan.take(reference)
    typed_plan.keep(reference, working.with_new(plan_working.from_proposal(proposal, library())))


def draw_button(reference: str, side: Side) -> None:
    """Draw the button that opens the library beside a side of the plan."""
    key = f"library-{side.name.lower()}"
    st.button("Add from library", key=key, on_click=_browse, args=(reference, side))


def draw_library(reference: str, side: Side) -> None:
    """Draw the library's actions of one side, if it is open. Each brings its title, domain and evidence."""
    if session.stored_value(_open(reference)) is not side:
        return
    whole = library()
    key = f"plan-library-{side.name.lower()}"
    with st.container(key=key, border=True):
        note = f"Version {whole.version}, {words.day(whole.dated, year=True)}. Then choose owner and date."
        markup.draw(markup.heading("Library", at=key, level=3, note=note))
        typed = st.text_input("Search the titles", key=f"{key}-words", max_chars=80)
        found = find_actions(words=typed, side=side)
        chosen = st.multiselect(
            "Actions",
            [action.code for action in found],
            format_func=lambda code: whole.find(code).title,
            key=f"{key}-chosen",
            placeholder=f"{words.counted(len(found), 'action')} to choose from",
        )
        for code in chosen:
            caution = whole.find(code).caution
            if caution:
                markup.draw(markup.element("p", f"{whole.find(code).title}: {caution}", class_="sub"))
        with st.container(horizontal=True):
            st.button("Add", key=f"{key}-add", on_click=_add, args=(reference, tuple(chosen)))
            st.button("Close the library", key=f"{key}-close", on_click=_browse, args=(reference, None))


def _browse(reference: str, side: Side | None) -> None:
    typed_plan.take(reference)
    session.keep(_open(reference), side)


def _add(reference: str, codes: Sequence[str]) -> None:
    whole, working = library(), typed_plan.take(reference)
    for code in codes:
        working = working.with_new(plan_working.from_library(whole.find(code), whole.reference(code)))
    typed_plan.keep(reference, working)
    session.keep(_open(reference), None)


def _open(reference: str) -> str:
    return f"plan-library-{reference}"
