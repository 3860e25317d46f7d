"""Maps of links that a person stores for themselves, and exporting one as a file with a reason."""

from __future__ import annotations

from typing import Annotated, NoReturn

import streamlit as st

from dashboard import downloads, forms, markup, offered_files, record, session, words
from dashboard.errors import show_errors
from dashboard.form_draft import part_code
from dashboard.form_model import Form
from dashboard.pages import Place
from dashboard.views.links import patterns as link_patterns
from dashboard.views.links import searches as link_searches
from dashboard.views.links import sharing as link_sharing
from dashboard.views.links import steps as link_steps
from dashboard.views.links.searches import Offered
from engine.domain.accounts.acting import COORDINATOR_AND_CHAIR, Role
from engine.domain.asked import Asked
from engine.domain.base import Frozen
from engine.domain.drafts import ABOUT_NO_CASE, DraftForm
from engine.domain.links.maps import LinkMap
from engine.domain.shown import shown
from engine.services.context import Context
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
        forms.button(saving(drawn), "Save this map", key="links-save")
        link_searches.offer(*_questions(drawn), at="map")
        if session.acting().role in MAY_EXPORT and st.button("Export", key="links-export"):
            begin_export(drawn)


def _questions(drawn: LinkMap) -> list[Offered]:
    """Return what can be asked again of this map: its neighbourhood, and the pattern that is chosen."""
    questions = [Offered("around", (drawn.middle,), drawn.asked.hops)]
    pattern = link_patterns.chosen(drawn)
    return questions if pattern is None else [*questions, Offered("pattern", (pattern.key,))]


class _Named(Frozen):
    name: Annotated[str, Asked("Name (only you see it)", rows=1, longest=60)]


def saving(drawn: LinkMap) -> Form[_Named, object]:
    """Return the form for the name of a map; opening the map reads the record again."""
    return Form(
        _Named,
        draft=DraftForm.LINK_MAP,
        case=ABOUT_NO_CASE,
        key="save-map",
        part=part_code(drawn.middle),
        title="Save this map",
        note="Do not use names of people or places.",
        button="Save",
        records=lambda context, given: link_maps.save_map(context, name=given.name, asked=drawn.asked),
        done="The map is saved.",
        undone_by="deleting it",
    )


class ExportAsked(Frozen):
    """A format, and the reason why a file is made."""

    form: Annotated[str, Asked("Format", offered=True)]
    why: Annotated[str, Asked("Reason, in one line", part="reason", rows=1)]


def begin_export(drawn: LinkMap) -> None:
    """Open the form for a file of a map, which says how much is in the file."""
    with show_errors():
        runtime = record.runtime()
        leaves = link_export.what_leaves(
            runtime.context(session.acting()), asked=drawn.asked, snapshots=runtime.link_snapshots
        )
        folded = ", with grouped incidents listed one by one" if leaves.nodes > len(drawn.nodes) else ""
        counted = f"{words.counted(leaves.nodes, 'item')} and {words.counted(leaves.links, 'link')}{folded}"
        forms.begin(exporting(drawn, counted))


def exporting(drawn: LinkMap, counted: str) -> Form[ExportAsked, str]:
    """Return the form for a format and a reason; the file is offered to this person, for five minutes."""

    def records(context: Context, given: ExportAsked) -> str:
        snapshots = record.runtime().link_snapshots
        return link_export.ask_export(
            context, asked=drawn.asked, form=given.form, why=given.why, snapshots=snapshots
        ).ref

    def offer(_: ExportAsked, ref: str) -> NoReturn:
        heading = "Recorded with your reason"
        offered_files.offer(f"Download file {ref}", kind=downloads.LINK_MAP, reference=ref, heading=heading)

    return Form(
        ExportAsked,
        draft=DraftForm.LINK_EXPORT,
        case=ABOUT_NO_CASE,
        key="export-map",
        part=part_code(drawn.middle),
        title="Export this map",
        note=(
            f"The file contains {counted}. A picture is as on the screen. Your reason is stored with your "
            "name. People who review exports can read it."
        ),
        offers={"form": {each: each for each in link_export.formats()}},
        begins={"form": link_export.formats()[0]},
        button="Create file",
        records=records,
        done=offer,
        undone_by="closing the offer of the file",
    )
