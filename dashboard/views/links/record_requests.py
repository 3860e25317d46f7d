"""Requests to an agency about a record that it lets others on a case know of: sent, listed and answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import streamlit as st

from dashboard import forms, markup, record, session, words
from dashboard.errors import draw_kept, keep_errors, show_errors
from dashboard.form_draft import part_code
from dashboard.form_model import Form
from dashboard.pages import Place
from dashboard.views.links import found_lists
from engine.domain.accounts.acting import CASE_WORKERS
from engine.domain.accounts.tasks import Task
from engine.domain.asked import Asked
from engine.domain.base import Frozen
from engine.domain.drafts import DraftForm
from engine.domain.links.maps import HiddenRecord, LinkMap
from engine.domain.links.record_requests import RecordReply, RecordRequest, RecordRequests
from engine.services.context import Context
from engine.services.links import record_requests as requests

_LISTED = "links-record-requests"
_REPLIES = {RecordReply.WILL_CONTACT: "We will contact you", RecordReply.NOTHING_TO_SHARE: "Nothing to share"}


def offer(drawn: LinkMap) -> None:
    """Draw a button for each record on the map that an agency lets this person know of; one request waits."""
    if not drawn.hidden_records or session.acting().role not in CASE_WORKERS:
        return
    waiting = {(each.case, each.agency): each.at for each in _requests().mine if each.answered is None}
    for each in drawn.hidden_records:
        key = f"record-ask-{each.case}-{each.code}"
        with st.container(key=f"mine-row-{key}", horizontal=True, vertical_alignment="center"):
            markup.draw(markup.element("p", f"{each.agency}, {each.case}"))
            asked_at = waiting.get((each.case, each.code))
            if asked_at is not None:
                markup.draw(markup.element("p", f"You asked on {words.moment(asked_at)}. Awaiting a reply."))
            elif st.button("Ask this agency", key=key):
                forms.begin(asking(each))


def draw() -> None:
    """Draw the requests that wait for this person's agency, and the replies to their own."""
    if session.acting().role not in CASE_WORKERS:
        return
    if not session.is_on_the_page():
        session.keep(_LISTED, None)  # a reply may have come
    draw_kept(_LISTED)
    with show_errors():
        listed = _requests()
        if listed.to_answer:
            markup.draw(markup.heading("Requests about your record", at="record-to-answer", level=3))
            for each in listed.to_answer:
                _draw_other(each, listed)
        if listed.mine:
            markup.draw(markup.heading("Your requests about records", at="record-mine", level=3))
            for each in listed.mine:
                _draw_request(each, listed, each.status)


def _requests() -> RecordRequests:
    """Return the requests, read once in some minutes and after each act, so that a redraw adds no entry."""
    known = found_lists.recent(_LISTED, RecordRequests)
    if known is None:
        context = record.runtime().context(session.acting())
        is_any = requests.has_record_requests(context)
        known = requests.record_requests(context) if is_any else RecordRequests(mine=(), to_answer=())
        found_lists.store(_LISTED, known)
    return known


class _Request(Frozen):
    purpose: Annotated[Task, Asked("Purpose")]
    why: Annotated[str | None, Asked("Reason, in one line (optional)", rows=1)] = None


def asking(there: HiddenRecord) -> Form[_Request, object]:
    """Return the form for a purpose and perhaps a reason; practitioners on the case read both."""

    def records(context: Context, given: _Request) -> None:
        requests.request_record(
            context, reference=there.case, agency=there.code, purpose=given.purpose, why=given.why or ""
        )
        session.keep(_LISTED, None)

    return Form(
        _Request,
        draft=DraftForm.RECORD_REQUEST,
        case=there.case,
        key=f"record-ask-{there.case}-{there.code}",
        part=part_code(there.code),
        title="Ask this agency",
        note=(
            f"{there.agency} reads your name, the case, the purpose and the reason. Its reply is on your "
            "worklist. The reply shows nothing about what is held."
        ),
        reviews="Review request",
        button="Send request",
        records=records,
        done="The request is sent. The reply will be on your worklist.",
        undone_by="",
    )


def _draw_other(request: RecordRequest, listed: RecordRequests) -> None:
    of = f" of {listed.name_of(request.user_agency)}" if request.user_agency else ""
    reason = f" Reason: {request.why}" if request.why else ""
    about = f"{session.named(request.user)}{of}. Purpose: {request.purpose}.{reason}"
    with _draw_request(request, listed, about):
        for reply, label in _REPLIES.items():
            st.button(
                label,
                key=f"record-{reply}-{request.reference}",
                on_click=_do,
                args=(
                    lambda context, reply=reply: requests.answer_record_request(
                        context, reference=request.reference, reply=reply
                    ),
                    f"Your reply to {request.reference} is sent.",
                ),
            )


def _draw_request(
    request: RecordRequest, listed: RecordRequests, about: str
) -> st.delta_generator.DeltaGenerator:
    row = st.container(
        key=f"mine-row-{request.reference}",
        horizontal=True,
        vertical_alignment="center",
        horizontal_alignment="distribute",
    )
    with row:
        markup.draw(
            markup.element(
                "div",
                markup.element("b", f"{request.reference}, {listed.name_of(request.agency)}, "),
                markup.go(request.case, Place.CASE, request.case),
                markup.element("span", about, class_="why"),
                markup.element("span", words.moment(request.at), class_="when"),
                class_="todo",
            )
        )
    return row


def _do(act: Callable[[Context], None], done: str) -> None:
    with keep_errors(_LISTED):
        session.keep(_LISTED, None)
        act(record.runtime().context(session.acting()))
        session.say_after_rerun(done)
