"""Files of a network that wait: their first rows, how their columns are read, and the terms."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import partial

import streamlit as st

from dashboard import days, markup, pages, record, session, words
from dashboard.errors import show_errors
from dashboard.pages import Place
from dashboard.views.links import network_faults, network_words
from engine.domain.errors import InvalidInputError
from engine.domain.links.networks import ColumnsGiven, FilesReceived, TableSeen
from engine.domain.shown import shown
from engine.services.links.received_files import NOT_READ, check_received, import_received, usual_columns
from engine.services.links.workspaces import delete_network, terms_of

_COLUMNS = {
    "entities": {"id": "Id of the entity", "type": "Type", "label": "Label or name"},
    "links": {
        "from": "First end",
        "to": "Second end",
        "kind": "Kind of link",
        "role": "Role",
        "date": "Date",
    },
}
_MORE = {
    "entities": {"protected": "Protected"},
    "links": {
        "grade": "Grade",
        "source": "Source",
        "from_type": "Type of the first end",
        "to_type": "Type of the second end",
        "protected": "Protected",
    },
}
_KINDS = ("entities", "links", NOT_READ)
_SAID = {"entities": "entities (nodes)", "links": "links (edges)", NOT_READ: NOT_READ}

_DRAWN = "network-drawn"
"""The reference of the files whose form this session drew last."""


def draw_end_elsewhere(waiting: FilesReceived | None) -> None:
    """Say once that the files of the form that this tab had are not there: it would only be another page."""
    before = session.stored_value(_DRAWN, str)
    now = waiting.reference if waiting else None
    if before is not None and before != now:
        text = "The files that you read here were deleted or imported elsewhere, or others were sent since."
        markup.draw(markup.notice("info", text))
    session.keep(_DRAWN, now)


def draw(waiting: FilesReceived) -> None:
    """Draw the one form that makes a network of the files."""
    until = words.day_of(waiting.at + timedelta(days=1))
    markup.draw(
        markup.heading(
            "Columns and terms",
            at="columns",
            note=(
                f"The files wait, encrypted, until the end of {until}. Check the first rows, say what each "
                "column is, check how they are read, and import them."
            ),
        )
    )
    ref = waiting.reference
    for number, table in enumerate(waiting.tables, start=1):
        _draw_preview(number, table)
    with st.form(f"network-form-{ref}", border=False, enter_to_submit=False):
        which = [_which(number, table, ref) for number, table in enumerate(waiting.tables, start=1)]
        chosen = _draw_columns(waiting)
        kinds = _draw_kinds(waiting)
        is_checked = st.form_submit_button("Check how they are read", key=f"network-check-{ref}")
        meant = network_words.draw(ref, waiting.remembered or ColumnsGiven())
        typed = _draw_terms(ref)
        is_sent = st.form_submit_button("Import network", key=f"network-import-{ref}", type="primary")
    if st.button("Delete these files", key=f"network-drop-{ref}"):
        with show_errors():
            delete_network(record.runtime().context(session.acting()), reference=ref)
            session.forget_all_of(ref)
            session.keep(_DRAWN, None)
            st.rerun()
    columns = ColumnsGiven.model_validate({**chosen, **kinds, **meant})
    if is_checked:
        with show_errors():
            context = record.runtime().context(session.acting())
            read = check_received(context, reference=ref, columns=columns, which=which)
            network_words.keep(ref, read)
            st.rerun()
    if is_sent:
        with show_errors():
            _import(waiting, which, columns, typed)


def _draw_preview(number: int, table: TableSeen) -> None:
    title = f"Table {number}: {table.file}"
    header = [name or f"column {place}" for place, name in enumerate(table.header, start=1)]
    rows = [(*row, *[""] * (len(header) - len(row)))[: len(header)] for row in table.rows]
    markup.draw(markup.heading(title, at=f"table-{number}", level=3))
    markup.draw(
        markup.element(
            "div",
            markup.table(header, rows, caption=f"First {words.counted(len(rows), 'row')}"),
            class_="scroll",
        )
    )


def _which(number: int, table: TableSeen, ref: str) -> str:
    chosen: str = st.selectbox(
        f"Table {number} has",
        _KINDS,
        index=_KINDS.index(table.which or NOT_READ),
        format_func=_SAID.__getitem__,
        key=f"network-which-{ref}-{number}",
        width=260,
    )
    return chosen


def _draw_columns(waiting: FilesReceived) -> dict[str, dict[str, str]]:
    """Draw a choice for each of our columns; what is left at its usual name is not in the mapping."""
    usual = usual_columns(waiting)
    remembered = (waiting.remembered or ColumnsGiven()).model_dump()
    mapping: dict[str, dict[str, str]] = {}
    if waiting.remembered is not None:
        note = "Filled in as you read your last network with the same columns."
        markup.draw(markup.element("p", note, class_="sub"))
    for which, ours in _COLUMNS.items():
        with st.container(horizontal=True, vertical_alignment="bottom", key=f"network-columns-{which}"):
            mapping[which] = _chosen(waiting, which, ours, usual[which], remembered[which])
    with (
        st.expander("Grade, source, protected and other columns", key="network-columns-more"),
        st.container(horizontal=True, vertical_alignment="bottom", key="network-columns-others"),
    ):
        for which, ours in _MORE.items():
            mapping[which] |= _chosen(waiting, which, ours, usual[which], remembered[which])
    return mapping


def _chosen(
    waiting: FilesReceived,
    which: str,
    ours: Mapping[str, str],
    usual: Mapping[str, str],
    before: Mapping[str, str],
) -> dict[str, str]:
    headers = _headers(waiting, which)
    fields: dict[str, str] = {}
    for name, label in ours.items():
        known = before.get(name, "")
        options = ["", *headers]
        picked = st.selectbox(
            f"{label} ({which})",
            options,
            index=options.index(known) if known in headers else 0,
            format_func=partial(_called, usual=usual.get(name, "")),
            key=f"network-column-{waiting.reference}-{which}-{name}",
            width=220,
        )
        if picked:
            fields[name] = picked
    return fields


def _called(column: str, *, usual: str) -> str:
    if column:
        return shown(column)
    return shown(f"{usual} (found by its name)") if usual else "none"


def _headers(waiting: FilesReceived, which: str) -> list[str]:
    tables = [each for each in waiting.tables if each.which in (which, None)] or waiting.tables
    return list(dict.fromkeys(name for table in tables for name in table.header if name.strip()))


def _draw_kinds(waiting: FilesReceived) -> dict[str, str]:
    remembered = (waiting.remembered or ColumnsGiven()).model_dump()
    found: dict[str, str] = {}
    with st.container(horizontal=True, vertical_alignment="bottom", key="network-defaults"):
        for name, label in (
            ("entity_type", "Type of all entities, if no column has it"),
            ("link_kind", "Kind of all links, if no column has it"),
        ):
            typed = st.text_input(
                label,
                value=remembered[name] or "",
                key=f"network-{name}-{waiting.reference}",
                max_chars=60,
                width=320,
            )
            if typed.strip():
                found[name] = typed.strip()
    return found


def _draw_terms(ref: str) -> dict[str, str]:
    note = (
        "Only you can open the network. The data protection officer reads all answers but your name for it."
    )
    markup.draw(markup.heading("Terms", at="terms", note=note, level=3))
    return {
        "name": st.text_input("Your name for it", key=f"network-name-{ref}", max_chars=60),
        "controller": st.text_input(
            "Controller: the organisation that answers for the data",
            key=f"network-controller-{ref}",
            max_chars=300,
        ),
        "purpose": st.text_input("Purpose", key=f"network-purpose-{ref}", max_chars=300),
        "basis": st.text_input("Lawful basis", key=f"network-basis-{ref}", max_chars=300),
        "delete_on": days.field("Date of deletion, at most 366 days ahead", key=f"network-until-{ref}"),
    }


def _import(waiting: FilesReceived, which: list[str], columns: ColumnsGiven, typed: dict[str, str]) -> None:
    until = days.read("date of deletion", typed["delete_on"])
    if until is None:
        raise InvalidInputError("date of deletion", "give the date of its deletion")
    terms = terms_of(
        name=typed["name"],
        controller=typed["controller"],
        purpose=typed["purpose"],
        basis=typed["basis"],
        delete_on=until,
    )
    done = import_received(
        record.runtime().context(session.acting()),
        reference=waiting.reference,
        terms=terms,
        columns=columns,
        which=which,
    )
    session.forget_all_of(waiting.reference)
    session.keep(_DRAWN, None)
    network_faults.keep(done)
    pages.go(Place.NETWORKS, done.network.reference)
