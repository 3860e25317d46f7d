"""The analysts' page: links round a person or a thing, opened step by step, as a picture and as a table."""

from __future__ import annotations

import re

import streamlit as st

from dashboard import markup, session, theme, words
from dashboard.errors import show_errors
from dashboard.link_graph import component, pictures
from dashboard.views.links import alerts as link_alerts
from dashboard.views.links import filters as link_filters
from dashboard.views.links import path as link_path
from dashboard.views.links import patterns as link_patterns
from dashboard.views.links import saving as link_saving
from dashboard.views.links import steps as link_steps
from dashboard.views.links import whole_record
from dashboard.views.people import search_box
from engine.domain.accounts.acting import CASE_WORKERS, Role
from engine.domain.errors import InvalidInputError
from engine.domain.links.maps import LinkMap
from engine.domain.people.search import SeenBefore, SeenHit
from engine.services.people.search_box import read_question

HEIGHT = 560
_AT_ONCE = 50
_FOUND = "links-found"
_REFERENCE = re.compile(r"\s*[A-Za-z]-[0-9A-Za-z]{5,9}\s*")


def page() -> None:
    """Draw the map that this person works on, or where to begin one."""
    markup.draw(
        markup.page_title(
            "Links",
            note=(
                "People, incidents and other items that were recorded together. A link does "
                "not show that people know each other, and more links may only mean more "
                "recording. Nothing here ranks people by risk."
            ),
        )
    )
    if session.acting().role is Role.ANALYST:
        markup.draw(
            markup.element(
                "p",
                "You see reference numbers instead of names, except on cases you are named on.",
                class_="sub",
            )
        )
    _begin()
    link_alerts.draw()
    link_saving.draw()
    work()
    whole_record.draw()


def _begin() -> None:
    """Draw the search box: a reference begins a map, or ends a path; all else is one search, as elsewhere."""
    acting = session.acting()
    by_reference_only = acting.role not in CASE_WORKERS
    label = "Reference of a case, person, incident or other item" if by_reference_only else search_box.LABEL
    given = search_box.ask("links", label=label, more="Path to it" if link_steps.current() else None)
    if given is not None:
        session.keep(_FOUND, None)
        with show_errors():
            _submitted(*given, by_reference_only=by_reference_only)
    found: SeenBefore | None = session.stored_value(_FOUND, SeenBefore)
    if found is not None:
        _draw_results(found)


def _submitted(typed: str, path: bool, *, by_reference_only: bool) -> None:
    if _REFERENCE.fullmatch(typed):
        (link_steps.path_to if path else link_steps.begin)(typed)
        return
    if by_reference_only:
        raise InvalidInputError(
            "question", "give a reference such as P-7K3M9QV; the coordinator can search by name"
        )
    search_box.answer(session.acting(), read_question(typed), keep_as=_FOUND)


def _draw_results(found: SeenBefore) -> None:
    """Draw the answer of a search, and beside each case that is open what may be drawn of it."""
    markup.draw(markup.heading("Alleged perpetrators", at="listed"))
    can_path = link_steps.current() is not None
    for hit in found.listed:
        _draw_hit(hit, can_path=can_path)
    search_box.draw_rest(found)


def _draw_hit(hit: SeenHit, *, can_path: bool) -> None:
    ref = hit.reference
    with st.container(key=f"search-hit-{ref}", horizontal=True, vertical_alignment="center"):
        markup.draw(search_box.line(hit))
        if search_box.is_open(hit):
            st.button("Show links", key=f"links-from-{ref}", on_click=_show_links, args=(ref,))
            if can_path:
                st.button("Path to it", key=f"links-to-{ref}", on_click=_show_path, args=(ref,))


def _show_links(reference: str) -> None:
    session.keep(_FOUND, None)
    link_steps.begin(reference)


def _show_path(reference: str) -> None:
    session.keep(_FOUND, None)
    link_steps.path_to(reference)


@st.fragment
def work() -> None:
    """Draw the map, its tools and its table; only this part is drawn again by a click."""
    steps = link_steps.current()
    if steps is None:
        markup.draw(
            markup.none_recorded(
                "No map yet. Search for a person, a number or a reference, or open a saved map."
            )
        )
        return
    path = link_steps.path_wanted()
    if path is not None:
        start, end, crosses_hubs = path
        link_path.draw(start, end, crosses_hubs=crosses_hubs)
        return
    with show_errors():
        drawn = link_steps.drawn()
        if drawn is None:
            return
        selected = link_steps.selected(drawn)
        left, right = st.columns([8, 3.2], gap="medium")
        with left:
            link_steps.tools(steps, drawn, selected)
            _graph(drawn, selected)
        with right:
            link_patterns.draw(drawn)
            link_filters.draw(steps, drawn)
            _draw_notes(drawn)
        _table(drawn, selected)
        link_saving.draw_keeping(drawn)


def _graph(drawn: LinkMap, selected: str | None) -> None:
    component.draw(
        pictures.picture(drawn, path=link_patterns.path(drawn)),
        key=link_steps.KEY,
        height=HEIGHT,
        dark=theme.is_dark(),
        selected=selected,
        on_selected=link_steps.choose,
        on_asked=link_steps.ask,
        on_moved=link_steps.move,
    )
    markup.draw(pictures.key(drawn, dark=theme.is_dark()))
    alike = pictures.may_be_one(drawn)
    if alike is not None:
        markup.draw(alike)


def _draw_notes(drawn: LinkMap) -> None:
    """Draw what the map does not show, hubs and the age of what it was read from."""
    sentences = [*link_filters.left_out(drawn), *drawn.told.says]
    sentences.append(f"The record as of {words.moment(drawn.read_at)}.")
    if drawn.snapshot_at is not None:
        sentences.append(words.arrays_of(drawn.snapshot_at, drawn.changed_since or 0))
    markup.draw(markup.heading("Not on this map", at="not-shown", level=3))
    markup.draw(markup.bullets(link_steps.in_names(drawn, each) for each in sentences))


def _table(drawn: LinkMap, selected: str | None) -> None:
    rows = pictures.rows_of(drawn, selected)
    named = {each.node.id: pictures.label(each) for each in drawn.nodes}
    about = f"Links of {named[selected]}" if selected else "All links on the map, in record order"
    markup.draw(markup.heading("Links as a table", at="table"))
    pages = max(1, -(-len(rows) // _AT_ONCE))
    page = min(session.number("links-page", 1), pages)
    shown = rows[(page - 1) * _AT_ONCE : page * _AT_ONCE]
    caption = f"{about}: {words.counted(len(rows), 'link')}"
    if pages > 1:
        caption += f", page {page} of {pages}"
    markup.draw(pictures.table(drawn, shown, caption=caption, on_path=link_patterns.path(drawn)))
    if pages > 1:
        st.pagination(pages, key="links-page")
