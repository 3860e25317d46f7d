"""The map of a network as a file: a picture with a caption, or a table."""

from __future__ import annotations

import streamlit as st

from dashboard import downloads, made_files, markup, offered_files, record, session
from dashboard.errors import show_errors
from engine.domain.links.maps import LinkMap
from engine.services.links.export import formats
from engine.services.links.network_exports import export_network_map


def draw(drawn: LinkMap, network: str) -> None:
    """Draw the button that opens the export."""
    if st.button("Export", key="network-export"):
        export(drawn, network)


@st.dialog("Export this map")
def export(drawn: LinkMap, network: str) -> None:
    """Ask for a format and a caption; the file is offered once, to this person."""
    note = "A picture has the marking, a legend, the source and the date. It is made of what the map shows."
    markup.draw(markup.element("p", note, class_="sub"))
    with st.form("network-export-form", border=False, enter_to_submit=False):
        form = st.selectbox("Format", formats(), key="network-export-format")
        caption = st.text_input(
            "Caption (optional)", drawn.asked.notes.caption, key="network-export-caption", max_chars=150
        )
        done = st.form_submit_button("Create file", type="primary", key="network-export-do")
    if done:
        with show_errors():
            acting = session.acting()
            made = export_network_map(
                record.runtime().context(acting),
                network=network,
                asked=drawn.asked,
                placed={each.node.id: (each.x, each.y) for each in drawn.nodes},
                form=form,
                caption=caption,
            )
            token = made_files.offer(acting.user, made)
            offered_files.offer(
                "Download file", kind=downloads.NETWORK_MAP, reference=token, heading="The file is ready"
            )
