"""Questions to the record by people's associates: sent by a form, answered by a second person, asked once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from dashboard import days, markup, own_process, record, session, words
from dashboard.errors import show_errors
from dashboard.views.links import found_lists
from dashboard.views.links import steps as link_steps
from engine.domain.accounts.acting import COORDINATOR_AND_CHAIR, Role
from engine.domain.accounts.tasks import Task
from engine.domain.errors import InvalidInputError
from engine.domain.links.associates import (
    WHO_IS_LISTED,
    ApprovalState,
    AssociatesFound,
    AssociatesRequest,
    AssociatesRequests,
    OwnIncidents,
)
from engine.services.context import Context
from engine.services.links import associates as link_associates
from engine.services.links import associates_requests as requests

MAY_ASK = COORDINATOR_AND_CHAIR | {Role.ANALYST}
_FOUND, _LISTED = "links-associates-found", "links-associates-listed"
_SENT = "links-associates-sent"
_EMPTY = {"of": "", "own": None, "least": None, "since": "", "until": "", "purpose": None, "why": ""}
_OPEN = frozenset({ApprovalState.AWAITING, ApprovalState.APPROVED})


def draw() -> None:
    """Draw what waits, the form of a new request, and what was found a moment ago."""
    note = (
        "A question about people's associates needs a purpose, a reason and a second person: a coordinator "
        f"or chair other than you. An approval is for one asking. {WHO_IS_LISTED} People are not ranked."
    )
    markup.draw(markup.element("p", note, class_="sub"))
    listed = _requests()
    both = (*listed.to_answer, *listed.mine)
    names = link_steps.names_in(each.question.in_words() for each in both)
    if listed.to_answer:
        markup.draw(markup.heading("Awaiting your approval", at="associates-to-answer", level=3))
        for each in listed.to_answer:
            _draw_other(each, names)
    if listed.mine:
        markup.draw(markup.heading("Your requests", at="associates-mine", level=3))
        for each in listed.mine:
            _draw_mine(each, names)
    found = found_lists.recent(_FOUND, AssociatesFound)
    if found is not None:
        _draw_found(found)
    _form()


def _requests() -> AssociatesRequests:
    """Return the requests, read once in some minutes and after each act, so that a redraw adds no entry."""
    known = found_lists.recent(_LISTED, AssociatesRequests)
    if known is None:
        known = requests.associates_requests(record.runtime().context(session.acting()))
        found_lists.store(_LISTED, known)
    return known


def _read_again() -> None:
    session.keep(_LISTED, None)


def _form() -> None:
    markup.draw(markup.heading("Ask for approval", at="associates-new", level=3))
    if session.stored_value(_SENT):  # empty, so that pressing again does not send the same request again
        session.keep(_SENT, False)
        session.type_again({f"links-associates-{name}": value for name, value in _EMPTY.items()})
    with st.form("links-associates-form", border=False, enter_to_submit=False):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            of = st.text_input(
                "Associates of (optional)",
                key="links-associates-of",
                max_chars=12,
                placeholder="P-7K3M9QV",
                help="A person's reference. Without it, everyone you can see is asked about.",
                width=200,
            )
            own = st.selectbox(
                "Incidents of their own (optional)",
                list(OwnIncidents),
                index=None,
                format_func=words.sentence,
                placeholder="Any",
                key="links-associates-own",
                width=240,
            )
            at_least = st.number_input(
                "Associates in an incident, at least (optional)",
                min_value=1,
                max_value=50,
                value=None,
                key="links-associates-least",
                width=320,
            )
        with st.container(horizontal=True, vertical_alignment="bottom"):
            since = days.field("Incidents since (optional)", key="links-associates-since", width=220)
            until = days.field("Incidents until (optional)", key="links-associates-until", width=220)
            purpose = st.selectbox(
                "Purpose",
                list(Task),
                index=None,
                format_func=words.sentence,
                placeholder="Choose",
                key="links-associates-purpose",
                width=240,
            )
        why = st.text_input("Reason, in one line", key="links-associates-why", max_chars=600)
        sent = st.form_submit_button("Send for approval", type="primary", key="links-associates-send")
    if sent:
        with show_errors():
            if purpose is None:
                raise InvalidInputError("purpose", "choose one")
            question = requests.associates_question(
                {
                    "of": of,
                    "own_incidents": own,
                    "at_least": at_least,
                    "since": days.read("since", since),
                    "until": days.read("until", until),
                }
            )
            requests.request_associates(
                record.runtime().context(session.acting()), question=question, purpose=purpose, why=why
            )
            _read_again()
            session.keep(_SENT, True)
            session.say_after_rerun("The request is sent for approval.")
            st.rerun()


def _draw_other(request: AssociatesRequest, names: dict[str, str]) -> None:
    with _row(
        request, names, f"{session.named(request.user)}. Purpose: {request.purpose}. Reason: {request.why}"
    ):
        for label, agrees in (("Approve", True), ("Refuse", False)):
            if st.button(label, key=f"associates-{label.lower()}-{request.reference}"):
                _do(
                    partial(requests.answer_associates, reference=request.reference, agrees=agrees),
                    f"Your answer to {request.reference} is recorded.",
                )


def _draw_mine(request: AssociatesRequest, names: dict[str, str]) -> None:
    with _row(request, names, f"Purpose: {request.purpose}. {words.sentence(request.state.value)}"):
        if request.state is ApprovalState.APPROVED and st.button(
            "Ask the record", key=f"associates-ask-{request.reference}", type="primary"
        ):
            _ask(request.reference)
        if request.state in _OPEN and st.button("Withdraw", key=f"associates-withdraw-{request.reference}"):
            _do(
                partial(requests.withdraw_associates, reference=request.reference),
                f"{request.reference} is withdrawn.",
            )


def _row(request: AssociatesRequest, names: dict[str, str], about: str) -> st.delta_generator.DeltaGenerator:
    row = st.container(
        key=f"mine-row-{request.reference}",
        horizontal=True,
        vertical_alignment="center",
        horizontal_alignment="distribute",
    )
    with row:
        asks = words.sentence(link_steps.with_names(names, request.question.in_words()))
        markup.draw(
            markup.element(
                "div",
                markup.element("b", f"{request.reference}: {asks}"),
                markup.element("span", about, class_="why"),
                markup.element("span", f"until {words.moment(request.lapses_at)}", class_="when"),
                class_="todo",
            )
        )
    return row


def _do(act: Callable[[Context], object], done: str) -> None:
    """Do it and draw the page again. No callback: its errors would stay while a part is drawn again."""
    with show_errors():
        _read_again()
        act(record.runtime().context(session.acting()))
        session.say_after_rerun(done)
        st.rerun()


def _ask(reference: str) -> None:
    with show_errors():
        _read_again()
        session.keep("links-associates-page", None)
        found_lists.store(_FOUND, own_process.ask(link_associates.ask_associates, reference=reference))
        st.rerun()


def _draw_found(found: AssociatesFound) -> None:
    title = words.sentence(found.question.in_words())
    markup.draw(markup.heading(f"{title}: {found.number:,}", at="associates-found", level=3))
    if found.items:
        rows = [
            (
                found_lists.way((each.reference,), {each.reference: each.label}),
                each.reference,
                each.links or 0,
            )
            for each in found_lists.page_of(found.items, "links-associates-page")
        ]
        columns = ("Person", "Reference", "Associates in an incident")
        markup.draw(markup.table(columns, rows, caption="In order of reference"))
    for sentence in found.notes:
        markup.draw(markup.element("p", sentence, class_="sub"))
    found_lists.draw_age(found.snapshot_at, found.changed_since)
