"""The analysts' page: links round a person or a thing, opened step by step, as a picture and as a table."""

from __future__ import annotations

import streamlit as st

from dashboard import markup, session, theme, words
from dashboard.errors import show_errors
from dashboard.link_graph import component, pictures
from dashboard.views.links import alerts as link_alerts
from dashboard.views.links import filters as link_filters
from dashboard.views.links import measures as link_measures
from dashboard.views.links import network_export, source, whole_record
from dashboard.views.links import path as link_path
from dashboard.views.links import patterns as link_patterns
from dashboard.views.links import results as link_results
from dashboard.views.links import saving as link_saving
from dashboard.views.links import steps as link_steps
from dashboard.views.links import timeline as link_timeline
from engine.domain.accounts.acting import Role
from engine.domain.links.map_measures import Colouring, MapMeasures
from engine.domain.links.maps import LinkMap

HEIGHT = 530
_AT_ONCE = 50


def page() -> None:
    """Draw the map that this person works on, or where to begin one."""
    source.enter(None)
    title, box = st.columns([1, 9], vertical_alignment="bottom")
    with title:
        markup.draw(markup.page_title("Links"))
    with box:
        typed = link_results.ask()
    by_reference = "You see reference numbers instead of names, except on cases you are named on."
    note = (
        "Items that were recorded together. A link does not show that people know each other, and more links "
        "may only mean more recording. Nothing here ranks people by risk."
    )
    is_analyst = session.acting().role is Role.ANALYST
    markup.draw(markup.element("p", f"{note} {by_reference}" if is_analyst else note, class_="sub"))
    link_results.draw(typed)
    link_alerts.draw()
    link_saving.draw()
    work()
    whole_record.draw()


@st.fragment
def work() -> None:
    """Draw the map, its tools and its table; only this part is drawn again by a click."""
    path = link_steps.path_wanted()
    if path is not None:
        link_path.draw(path)
        return
    steps = link_steps.current()
    if steps is None:
        markup.draw(
            markup.none_recorded(
                "No map yet. Search for a person, a number or a reference, or open a saved map."
            )
        )
        if source.network() is None:
            link_saving.draw_recent()
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
            link_timeline.draw(steps, drawn)
        with right:
            link_patterns.draw(drawn)
            link_filters.draw(steps, drawn)
            _draw_notes(drawn)
        _table(drawn, selected)
        link_measures.draw(drawn)
        network = source.network()
        if network is None:
            link_saving.draw_keeping(drawn)
        else:
            network_export.draw(drawn, network)


def _graph(drawn: LinkMap, selected: str | None) -> None:
    component.draw(
        pictures.picture(
            drawn, path=link_patterns.path(drawn), measures=_measures(drawn), dark=theme.is_dark()
        ),
        key=link_steps.KEY,
        height=HEIGHT,
        dark=theme.is_dark(),
        selected=selected,
        on_selected=link_steps.choose,
        on_asked=link_steps.ask,
        on_moved=link_steps.move,
    )
    markup.draw(pictures.key(drawn, dark=theme.is_dark()))
    for table in (pictures.may_be_one(drawn), pictures.hidden_records(drawn)):
        if table is not None:
            markup.draw(table)


def _measures(drawn: LinkMap) -> MapMeasures | None:
    """Return the measures, where sizes or colours are made of them."""
    is_plain = drawn.asked.sized_by is None and drawn.asked.coloured_by is Colouring.KIND
    return None if is_plain else link_measures.of(drawn)


def _draw_notes(drawn: LinkMap) -> None:
    """Draw what the map does not show, hubs and the age of what it was read from."""
    sentences = [*drawn.left_out.in_sentences, *drawn.told.says]
    if source.network() is None:
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
