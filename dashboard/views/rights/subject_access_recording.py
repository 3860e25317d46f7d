"""Recording a subject access request: who asks, how they showed it, and where the reply goes."""

from __future__ import annotations

import streamlit as st

from dashboard import markup, record, session
from engine.domain.accounts.acting import Acting
from engine.domain.errors import InvalidInputError
from engine.domain.people.persons import PersonDescribed
from engine.services.rights import subject_access


def draw(acting: Acting) -> None:
    """Draw two forms; neither shows anything of what is held."""
    with st.expander("Record a request", key="record-request"):
        sentence = (
            "Give the reference of a person record, or the details the requester gives. "
            "This form does not show what is held."
        )
        markup.draw(markup.element("p", sentence, class_="sub"))
        with st.form(key="request-open", enter_to_submit=False):
            no = _again("request-open")
            person = st.text_input("Person reference, such as P-...", key=f"request-person{no}")
            forename = st.text_input("Or forename", key=f"request-forename{no}")
            surname = st.text_input("Surname", key=f"request-surname{no}")
            born = st.text_input("Date of birth, such as 1990-01-02", key=f"request-born{no}")
            opened = st.form_submit_button("Record request", key="request-open-do")
        with st.form(key="request-who", enter_to_submit=False):
            no = _again("request-who")
            request = st.text_input("Request reference, such as S-...", key=f"request-ref{no}")
            how = st.text_input(
                "How the requester's identity was verified (no document numbers)", key=f"request-how{no}"
            )
            address = st.text_input("Reply address (stored as a protected detail)", key=f"request-to{no}")
            recorded = st.form_submit_button("Record identity and address", key="request-who-do")
    if opened:
        _open(acting, person.strip(), forename.strip(), surname.strip(), born.strip())
    if recorded:
        _record(acting, request, how, address)


def _again(form: str) -> str:
    """Return a part of the fields' keys: what was recorded leaves the form, what was refused stays in it."""
    number = session.number(f"{form}-again", 0)
    return f"-{number}" if number else ""


def _leave_empty(form: str) -> None:
    session.store_number(f"{form}-again", session.number(f"{form}-again", 0) + 1)


def _open(acting: Acting, person: str, forename: str, surname: str, born: str) -> None:
    described = None
    if not person:
        given = {"forename": forename, "surname": surname, "date_of_birth": born}
        described = PersonDescribed.model_validate({name: said for name, said in given.items() if said})
    made = subject_access.open_request(
        record.runtime().context(acting), person=person or None, asked_by=described
    )
    _leave_empty("request-open")
    session.say_after_rerun(f"{made.reference} is recorded. The reply is due {made.due_on:%-d %B %Y}.")
    st.rerun()


def _record(acting: Acting, request: str, how: str, address: str) -> None:
    if not how.strip() and not address.strip():
        raise InvalidInputError(
            "request", "give how the requester's identity was verified, or the reply address"
        )
    if how.strip():
        subject_access.record_identity(record.runtime().context(acting), request=request, how=how)
    if address.strip():
        subject_access.record_address(record.runtime().context(acting), request=request, address=address)
    _leave_empty("request-who")
    session.say_after_rerun("The request is updated.")
    st.rerun()
