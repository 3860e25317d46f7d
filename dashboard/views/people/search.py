"""Search of earlier records.

A page asks one question at a time, by reference and agencies. The STAC coordinator and chair also see what
was sent to them.
"""

from __future__ import annotations

import streamlit as st
from pydantic import ValidationError

from dashboard import markup, record, session, words
from dashboard.errors import show_errors
from dashboard.pages import Place
from dashboard.views.people import search_box
from engine.domain.accounts.acting import COORDINATOR_AND_CHAIR, Acting
from engine.domain.people.search import PersonAsked, SeenBefore, SeenBeforeAsked, SentSearch
from engine.services.people.search import deal_with_search, searches_sent
from engine.services.people.search_box import read_question

_FOUND = "seen-found"
_SCHEMES = {"": "No number", "pnc": "PNC ID", "cro": "CRO number", "crn": "CRN", "prison": "Prison number"}


def page() -> None:
    """Draw the question, its answer, and for the STAC coordinator and chair what was sent to them."""
    with show_errors():
        acting = session.acting()
        markup.draw(
            markup.page_title(
                "Search",
                note=(
                    "Check for previous referrals. Give one name, reference, phone number, plate or handle. "
                    "A name finds more with a date of birth: Daniel Roe 1988-04-09. Each search is logged "
                    "with its task. Nothing is merged."
                ),
            )
        )
        asked = search_box.ask("page")
        if asked is not None:
            session.keep(_FOUND, None)
            with show_errors():
                search_box.answer(acting, read_question(asked), keep_as=_FOUND)
        with st.expander("Search with more details", key="search-details"):
            _form(acting)
        found: SeenBefore | None = session.stored_value(_FOUND, SeenBefore)
        if found is not None:
            search_box.draw_found(found)
        if acting.role in COORDINATOR_AND_CHAIR:
            _draw_sent(acting)


def _form(acting: Acting) -> None:
    with st.form("seen-before", enter_to_submit=False):
        markup.draw(markup.heading("Alleged perpetrator", at="search-perpetrator", level=3))
        perpetrator = _person("seen-perpetrator", with_number=True)
        markup.draw(markup.heading("Victim", at="search-victim", level=3))
        victim = _person("seen-victim", with_number=False)
        markup.draw(markup.heading("Address, phone or handle", at="search-thing", level=3))
        address = st.text_input("Address", key="seen-address", max_chars=200)
        first, second = st.columns(2)
        phone = first.text_input("Phone", key="seen-phone", max_chars=40)
        handle = second.text_input("Handle or email", key="seen-handle", max_chars=100)
        asked = st.form_submit_button("Search with these details", key="seen-ask")
    if not asked:
        return
    question = _question(
        {
            "perpetrator": perpetrator,
            "victim": victim,
            "address": address.strip() or None,
            "phone": phone.strip() or None,
            "handle": handle.strip() or None,
        }
    )
    session.keep(_FOUND, None)
    if question is None:
        return
    with show_errors():
        search_box.answer(acting, question, keep_as=_FOUND)
        st.rerun()


def _person(key: str, *, with_number: bool) -> dict[str, object] | None:
    first, second, third = st.columns(3)
    given: dict[str, object] = {
        "forename": first.text_input("Forename", key=f"{key}-forename", max_chars=120).strip() or None,
        "surname": second.text_input("Surname", key=f"{key}-surname", max_chars=120).strip() or None,
        "date_of_birth": third.text_input(
            "Date of birth", key=f"{key}-born", max_chars=10, placeholder="1988-04-09, or 1988"
        ).strip()
        or None,
    }
    if with_number:
        kind, number = st.columns(2)
        scheme = kind.selectbox(
            "Kind of number", list(_SCHEMES), format_func=_SCHEMES.__getitem__, key=f"{key}-scheme"
        )
        value = number.text_input("Number", key=f"{key}-number", max_chars=40).strip()
        if scheme and value:
            given["identifiers"] = [{"scheme": scheme, "value": value}]
    return given if any(given.values()) else None


def _question(given: dict[str, object]) -> SeenBeforeAsked | None:
    """Return the question, or what is wrong with it in the words of the rule that it breaks."""
    try:
        return SeenBeforeAsked.model_validate(given)
    except ValidationError as error:
        sentences = sorted({fault["msg"].removeprefix("Value error, ") for fault in error.errors()})
        markup.draw(
            markup.notice("error", f"{words.sentence('; '.join(sentences))}.", heading="Not searched")
        )
        return None


def _draw_sent(acting: Acting) -> None:
    """Draw, for the STAC coordinator and chair, searches that touched a victim or something protected."""
    runtime = record.runtime()
    found = searches_sent(runtime.context(acting))
    markup.draw(
        markup.heading(
            "Searches to review",
            at="queue",
            note=(
                "Searches that matched a victim or protected details. The person who searched "
                "was not informed. "
                f"{words.counted(found.without_hit, 'other search', 'other searches')} had no "
                "match."
            ),
        )
    )
    if not found.waiting:
        markup.draw(markup.element("p", markup.none_recorded("No searches to review.")))
    for search in found.waiting:
        _draw_search(search, acting)


def _draw_search(search: SentSearch, acting: Acting) -> None:
    agency = f", {search.agency}" if search.agency else ""
    asked = markup.definitions(
        [
            ("Searched by", f"{session.named(search.asked_by)}{agency}, {words.moment(search.at)}"),
            ("Task", search.task),
            *((words.sentence(name), _typed(getattr(search.asked, name))) for name in search.asked.parts),
            *(
                (markup.go(hit.reference, Place.CASE, hit.reference), words.listed(list(hit.on)))
                for hit in search.found
            ),
        ]
    )
    with st.container(key=f"search-{search.reference}", border=True):
        markup.draw(markup.element("p", markup.element("b", f"Search {search.reference}")))
        markup.draw(asked)
        if st.button("Mark as resolved", key=f"seen-to-{search.reference}"):
            runtime = record.runtime()
            with show_errors():
                deal_with_search(runtime.context(acting), search=search.reference)
                session.say_after_rerun(f"{search.reference} is resolved.")
                st.rerun()


def _typed(value: PersonAsked | str) -> str:
    if isinstance(value, str):
        return value
    numbers = [f"{number.scheme.value.upper()} {number.value}" for number in value.identifiers]
    parts = [value.forename, value.surname, value.date_of_birth and f"born {value.date_of_birth}", *numbers]
    return " ".join(part for part in parts if part)
