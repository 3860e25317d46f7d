"""Recording a subject access request: who asks, how they showed it, and where the reply goes."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard import markup, record, session
from engine.domain.acting import Acting
from engine.domain.people import PersonDescribed
from engine.services import subject_access


def draw(acting: Acting) -> None:
    """Two forms; neither tells anything of what is held."""
    with st.expander("Record a request", key="record-request"):
        says = "By the reference of a person record, or as they say who they are. It tells nothing back."
        markup.draw(markup.element("p", says, class_="sub"))
        with st.form(key="request-open", clear_on_submit=True, enter_to_submit=False):
            person = st.text_input("Person's reference, such as P-...", key="request-person")
            forename = st.text_input("Or their forename", key="request-forename")
            surname = st.text_input("And surname", key="request-surname")
            born = st.text_input("And date of birth, such as 1990-01-02", key="request-born")
            opened = st.form_submit_button("Record it", key="request-open-do")
        with st.form(key="request-who", clear_on_submit=True, enter_to_submit=False):
            request = st.text_input("The request's reference, such as S-...", key="request-ref")
            how = st.text_input("How they showed who they are; no document's number", key="request-how")
            address = st.text_input("Where the reply goes; kept among the protected values", key="request-to")
            recorded = st.form_submit_button("Record identity and address", key="request-who-do")
    if opened:
        _open(acting, person.strip(), forename.strip(), surname.strip(), born.strip())
    if recorded:
        _record(acting, request, how, address)


def _open(acting: Acting, person: str, forename: str, surname: str, born: str) -> None:
    described = None
    if not person:
        given = {"forename": forename, "surname": surname, "date_of_birth": born}
        described = PersonDescribed.model_validate({name: said for name, said in given.items() if said})
    made = subject_access.open_request(**_common(acting), person=person or None, asked_by=described)
    session.say_after_rerun(f"{made.reference} is recorded; the reply is due {made.due_on:%-d %B %Y}.")
    st.rerun()


def _record(acting: Acting, request: str, how: str, address: str) -> None:
    if how.strip():
        subject_access.record_identity(**_common(acting), request=request, how=how)
    if address.strip():
        subject_access.record_address(
            **_common(acting), key=record.runtime().key, request=request, address=address
        )
    session.say_after_rerun("What you gave is recorded.")
    st.rerun()


def _common(acting: Acting) -> dict[str, Any]:
    runtime = record.runtime()
    return {"uow": runtime.uow, "clock": runtime.clock, "acting": acting}
