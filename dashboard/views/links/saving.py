"""Maps of links that a person stores for themselves, and exporting one as a file with a reason."""

from __future__ import annotations

import streamlit as st

from dashboard import downloads, markup, offered_files, record, session, words
from dashboard.errors import show_errors
from dashboard.pages import Place
from dashboard.views.links import patterns as link_patterns
from dashboard.views.links import searches as link_searches
from dashboard.views.links import sharing as link_sharing
from dashboard.views.links import steps as link_steps
from dashboard.views.links.searches import Offered
from engine.domain.accounts.acting import COORDINATOR_AND_CHAIR, Role
from engine.domain.links.maps import LinkMap
from engine.domain.shown import shown
from engine.services.links import export as link_export
from engine.services.links import maps as link_maps

MAY_EXPORT = COORDINATOR_AND_CHAIR | {Role.ANALYST}


def draw() -> None:
    """Open a map that was saved, or give it up."""
    runtime, acting = record.runtime(), session.acting()
    saved = {each.reference: each for each in link_maps.saved_maps(runtime.context(acting))}
    if not saved:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            "Saved maps",
            list(saved),
            index=None,
            format_func=lambda ref: shown(f"{saved[ref].name}, {words.day_of(saved[ref].at)}"),
            placeholder="Choose a map",
            key="links-saved",
            width=300,
        )
        if st.button("Open", key="links-open-saved", disabled=chosen is None) and chosen:
            link_steps.open_saved(saved[chosen].asked)
        if st.button("Share", key="links-share", disabled=chosen is None) and chosen:
            link_sharing.share(chosen)
        if st.button("Delete", key="links-forget", disabled=chosen is None) and chosen:
            with show_errors():
                link_maps.forget_map(runtime.context(acting), reference=chosen)
                session.say_after_rerun("The saved map is deleted.")
                st.rerun()


def draw_recent() -> None:
    """List the middles of the last maps that this person drew, each a link to its map."""
    with show_errors():
        recent = link_maps.recent_maps(record.runtime().context(session.acting()))
        if recent:
            markup.draw(markup.heading("Maps that you drew last", at="recent-maps", level=3))
            markup.draw(
                markup.bullets(
                    markup.join([markup.go(each.label, Place.LINKS, each.reference), each.reference], " ")
                    for each in recent
                )
            )


def draw_keeping(drawn: LinkMap) -> None:
    """Draw saving and exporting of this map."""
    with st.container(horizontal=True):
        if st.button("Save this map", key="links-save"):
            save(drawn)
        link_searches.offer(*_questions(drawn), at="map")
        if session.acting().role in MAY_EXPORT and st.button("Export", key="links-export"):
            export(drawn)


def _questions(drawn: LinkMap) -> list[Offered]:
    """Return what can be asked again of this map: its neighbourhood, and the pattern that is chosen."""
    questions = [Offered("around", (drawn.middle,), drawn.asked.hops)]
    pattern = link_patterns.chosen(drawn)
    return questions if pattern is None else [*questions, Offered("pattern", (pattern.key,))]


@st.dialog("Save this map")
def save(drawn: LinkMap) -> None:
    """Save it under a name; what is stored is what was asked for, and opening it reads the record again."""
    with st.form("links-save-form", border=False, enter_to_submit=False):
        name = st.text_input("Name (only you see it)", key="links-save-name", max_chars=60)
        markup.draw(markup.element("p", "Do not use names of people or places.", class_="sub"))
        saved = st.form_submit_button("Save", type="primary", key="links-save-do")
    if saved:
        with show_errors():
            runtime = record.runtime()
            link_maps.save_map(runtime.context(session.acting()), name=name, asked=drawn.asked)
            session.say_after_rerun("The map is saved.")
            st.rerun()


@st.dialog("Export this map")
def export(drawn: LinkMap) -> None:
    """Ask for a format and a reason; the file is offered to this person, for five minutes."""
    with show_errors():
        runtime = record.runtime()
        leaves = link_export.what_leaves(
            runtime.context(session.acting()), asked=drawn.asked, snapshots=runtime.link_snapshots
        )
        folded = ", with grouped incidents listed one by one" if leaves.nodes > len(drawn.nodes) else ""
        markup.draw(
            markup.element(
                "p",
                (
                    f"The file contains {words.counted(leaves.nodes, 'item')} and "
                    f"{words.counted(leaves.links, 'link')}{folded}. A picture is as on "
                    "the screen. Your reason is stored with your name. People who review exports can read it."
                ),
                class_="sub",
            )
        )
    with st.form("links-export-form", border=False, enter_to_submit=False):
        form = st.selectbox("Format", link_export.formats(), key="links-export-format")
        why = st.text_input("Reason, in one line", key="links-export-why", max_chars=600)
        done = st.form_submit_button("Create file", type="primary", key="links-export-do")
    if done:
        with show_errors():
            runtime, acting = record.runtime(), session.acting()
            taken = link_export.ask_export(
                runtime.context(acting),
                asked=drawn.asked,
                form=form,
                why=why,
                snapshots=runtime.link_snapshots,
            )
            offered_files.offer(
                f"Download file {taken.ref}",
                kind=downloads.LINK_MAP,
                reference=taken.ref,
                heading="Recorded with your reason",
            )
