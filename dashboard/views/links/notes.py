"""The caption of a map and the notes on its items: on its pictures, and stored with a saved map."""

from __future__ import annotations

import streamlit as st

from dashboard import markup
from dashboard.errors import show_errors
from dashboard.link_graph import pictures
from dashboard.views.links import steps as link_steps
from engine.domain.links.arrangements import LONGEST_CAPTION, LONGEST_NOTE
from engine.domain.links.maps import LinkMap, MapNode
from engine.domain.links.sheets import MapSheet
from engine.services.links.maps import noted


@st.dialog("Caption and note")
def write(drawn: LinkMap, sheet: MapSheet, node: MapNode | None) -> None:
    """Write the caption, and a note on the chosen item; a step that can be undone."""
    stored = drawn.asked.notes
    text = (
        "Both are on the pictures of this map that you export, and are stored if you save the map. "
        "Do not write names of people or places."
    )
    markup.draw(markup.element("p", text, class_="sub"))
    with st.form("links-notes-form", border=False, enter_to_submit=False):
        caption = st.text_input(
            "Caption of the map", stored.caption, key="links-notes-caption", max_chars=LONGEST_CAPTION
        )
        note = ""
        if node is not None:
            markup.draw(markup.element("p", f"Chosen item: {pictures.label(node)}"))
            note = st.text_input(
                "Note on the chosen item",
                stored.on(node.node.id),
                key="links-notes-note",
                max_chars=LONGEST_NOTE,
            )
        else:
            markup.draw(markup.none_recorded("Choose one item to write a note on it."))
        done = st.form_submit_button("Write", type="primary", key="links-notes-do")
    if done:
        with show_errors():
            steps = link_steps.current()
            if steps is not None:
                where = node.node.id if node else None
                link_steps.to(steps.by(lambda asked: noted(asked, caption=caption, node=where, note=note)))
            st.rerun()
