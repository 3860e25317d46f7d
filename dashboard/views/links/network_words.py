"""The words of a network's files for types and roles, and what an import would make of the files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st

from dashboard import markup, session, words
from dashboard.views.links import network_faults
from engine.domain.links.networks import ColumnsGiven, NetworkPreview, TermSeen
from engine.domain.shown import shown

_TYPES = ("person", "incident", "contact", "object", "place", "order", "referral", "other")
_ROLES = ("perpetrator", "victim", "witness", "perpetrator and victim", "other")
_ASKED = 24
"""Of so many words of each kind it is asked what they mean; the most frequent ones come first."""
_ENTITIES = ("Id", "Type", "Read as", "Label")
_LINKS = ("First end", "Second end", "Kind", "Role", "Date", "Grade")


def keep(reference: str, read: NetworkPreview) -> None:
    """Store what the files were read as, for this session."""
    session.keep(_key(reference), read)


def draw(reference: str, remembered: ColumnsGiven) -> dict[str, dict[str, str]]:
    """Draw how the files are read, once they were checked; return the choices for each term."""
    read: NetworkPreview | None = session.stored_value(_key(reference), NetworkPreview)
    if read is None:
        return {name: dict(getattr(remembered, name)) for name in ("types", "roles", "shapes")}
    _draw_read(read)
    before = {**remembered.types, **remembered.shapes}
    types = _ask(reference, "types", "Words for types", read.types, _TYPES, before)
    keeps = bool(read.types) and st.checkbox(
        "Maps show these words as types. Patterns read each as chosen.",
        value=bool(remembered.shapes),
        key=f"network-keep-{reference}",
    )
    return {
        "shapes" if keeps else "types": types,
        "roles": _ask(reference, "roles", "Words for roles", read.roles, _ROLES, remembered.roles),
    }


def _key(reference: str) -> str:
    return f"network-read-{reference}"


def _draw_read(read: NetworkPreview) -> None:
    counts = (
        f"{words.counted(read.entities, 'entity', 'entities')} and {words.counted(read.links, 'link')} would "
        f"be imported, {words.counted(len(read.rejected), 'fault')}."
    )
    if read.protected_entities or read.protected_links:
        entities = words.counted(read.protected_entities, "entity", "entities")
        counts += f" Protected and left out: {entities}, {words.counted(read.protected_links, 'link')}."
    markup.draw(markup.heading("The files as read", at="read", note=counts, level=3))
    for heads, rows, what in (
        (_ENTITIES, read.first_entities, ("entity", "entities")),
        (_LINKS, read.first_links, ("link", "links")),
    ):
        if rows:
            caption = f"First {words.counted(len(rows), *what)}"
            markup.draw(markup.element("div", markup.table(heads, rows, caption=caption), class_="scroll"))
    if read.notes:
        markup.draw(markup.bullets(read.notes))
    network_faults.draw_rejected(read.rejected)


def _ask(
    reference: str,
    name: str,
    title: str,
    seen: Sequence[TermSeen],
    ours: Sequence[str],
    before: Mapping[str, str],
) -> dict[str, str]:
    if not seen:
        return dict(before)
    markup.draw(markup.heading(title, at=f"words-{name}", level=3))
    asked = {each.term for each in seen[:_ASKED]}
    chosen = {term: meant for term, meant in before.items() if term not in asked}
    with st.container(horizontal=True, vertical_alignment="bottom", key=f"network-words-{name}"):
        for number, each in enumerate(seen[:_ASKED]):
            known = before.get(each.term, "")
            options = ["", *ours]
            picked = st.selectbox(
                shown(f"{each.term[:60]} ({words.counted(each.number, 'time')})"),
                options,
                index=options.index(known) if known in ours else 0,
                format_func=partial(_called, read_as=each.read_as if not known else ""),
                key=f"network-word-{reference}-{name}-{number}",
                width=220,
            )
            if picked:
                chosen[each.term] = picked
    if len(seen) > _ASKED:
        more = f"{len(seen) - _ASKED:,} less frequent words are read as they are."
        markup.draw(markup.element("p", more, class_="sub"))
    return chosen


def _called(choice: str, *, read_as: str) -> str:
    return choice or (f"as now: {read_as}" if read_as else "as it is")
