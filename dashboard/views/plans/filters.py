"""The fields of the Plans page that choose a list and filter it. They and the address say the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from dashboard import session, words
from dashboard.plan_codes import (
    AGENCY,
    ALL,
    BY_CASE,
    BY_OWNER,
    DOMAIN,
    DOMAINS,
    DUE,
    DUES,
    MINE,
    OVERDUE,
    OWN_AGENCY,
    PAGE,
    STATE,
    STATES,
    VIEW,
    WISHES,
    WISHES_OF,
    YES,
    Picked,
    known_codes,
    page_code,
    picked_of,
    views_of,
)
from engine.domain.accounts.acting import Acting
from engine.domain.plans.lists import DueIn

_SEEN = "plans-address"
"""The codes of the address as the page left it: another address came by a link, or by the way back."""

_TURN = "plans-page-turn"
"""The number of times that another field or the address set the page of the list."""


def read(acting: Acting, *, agencies: Mapping[str, str]) -> Picked:
    """Return the choice: of the fields, or of the address where that was changed. Call it before ``draw``."""
    begins_with = views_of(acting)[0]
    in_address = known_codes(acting, {name: session.query(name) for name in _NAMES}, agencies=agencies)
    fields = {name: session.stored_value(page_key() if name == PAGE else key(name)) for name in in_address}
    codes = dict(in_address)
    if in_address == session.stored_value(_SEEN):
        codes = {name: _code(name, fields[name], otherwise=code) for name, code in in_address.items()}
        codes[VIEW] = ALL if codes[VIEW] == begins_with else codes[VIEW]
        if any(codes[name] != in_address[name] for name in codes if name != PAGE):
            codes[PAGE] = ALL  # another list begins at its first page
    values = {name: _value(name, code, begins_with) for name, code in codes.items() if name != PAGE}
    if _code(PAGE, fields[PAGE], otherwise=codes[PAGE]) != codes[PAGE]:
        session.store_number(_TURN, session.number(_TURN, 0) + 1)
    session.type_again({key(name): value for name, value in values.items() if fields[name] != value})
    session.put_in_address(codes)
    session.keep(_SEEN, codes)
    return picked_of(acting, codes)


_NAMES = (VIEW, STATE, AGENCY, DUE, DOMAIN, WISHES, OVERDUE, PAGE)


def draw(acting: Acting, *, agencies: Mapping[str, str]) -> None:
    """Draw the fields in one row; on a narrow screen one below the other."""
    choices: Mapping[str, tuple[str, Mapping[str, str]]] = {
        STATE: ("State", {ALL: "All states"} | {code: each.value for code, each in STATES.items()}),
        AGENCY: ("Owner agency", {ALL: "All agencies", **agencies}),
        DUE: ("Due", {ALL: "Any date"} | {code: due_in_words(each) for code, each in DUES.items()}),
        DOMAIN: ("Risk domain", {ALL: "All domains"} | {code: each.value for code, each in DOMAINS.items()}),
        WISHES: ("Victim's wishes", {ALL: "All plans"} | {code: e.value for code, e in WISHES_OF.items()}),
    }
    cells = st.columns([1.6, 1.3, 1.3, 1.2, 1.3, 1.3, 1.1], vertical_alignment="bottom", gap="small")
    with cells[0]:
        draw_views(acting)
    for cell, (name, (label, labels)) in zip(cells[1:6], choices.items(), strict=True):
        with cell:
            st.selectbox(label, list(labels), format_func=_worded(labels), key=key(name))
    with cells[6]:
        st.toggle("Overdue only", key=key(OVERDUE))


def draw_views(acting: Acting) -> None:
    """Draw the choice of the list."""
    labels = {BY_CASE: "By case", BY_OWNER: "By owner", MINE: "My actions", OWN_AGENCY: "My agency's actions"}
    st.segmented_control("List", list(views_of(acting)), format_func=_worded(labels), key=key(VIEW))


def key(name: str) -> str:
    """Return the key of a field."""
    return f"plans-{name}"


def page_key() -> str:
    """Return the key of the field of pages, another one where its page was set.

    Streamlit warns of a value that is put into this field, as it always has a default.
    """
    return f"plans-page-{session.number(_TURN, 0)}"


def due_in_words(due: DueIn) -> str:
    """Return the part of the next weeks, as a choice names it."""
    number = due.value.removeprefix("week-")
    if not number.isdigit():
        return due.value
    return {"1": "this week", "2": "next week"}.get(number, f"in {int(number) - 1} weeks")


def _worded(labels: Mapping[str, str]) -> Callable[[str], str]:
    return lambda code: words.sentence(labels[code])


def _code(name: str, value: object, *, otherwise: str) -> str:
    """Return the code of a field's value; the address's where the field is not drawn."""
    if value is None:
        return otherwise
    if name == OVERDUE:
        return YES if value else ALL
    return page_code(str(value)) if name == PAGE else str(value)


def _value(name: str, code: str, begins_with: str) -> object:
    if name == OVERDUE:
        return bool(code)
    return code or begins_with if name == VIEW else code
