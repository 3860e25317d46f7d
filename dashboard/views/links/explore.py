"""The analysts' page: links round a person or a thing, opened step by step, as a picture and as a table."""

from __future__ import annotations

import streamlit as st

from dashboard import markup, review_step, session, theme, words
from dashboard.errors import draw_kept, show_errors
from dashboard.link_graph import component, pictures
from dashboard.views.links import acts as link_acts
from dashboard.views.links import address as link_address
from dashboard.views.links import alerts as link_alerts
from dashboard.views.links import filters as link_filters
from dashboard.views.links import measures as link_measures
from dashboard.views.links import network_export, record_requests, source, whole_record
from dashboard.views.links import path as link_path
from dashboard.views.links import patterns as link_patterns
from dashboard.views.links import results as link_results
from dashboard.views.links import saving as link_saving
from dashboard.views.links import steps as link_steps
from dashboard.views.links import timeline as link_timeline
from dashboard.views.links import tools as link_tools
from dashboard.views.links import week as link_week
from engine.domain.accounts.acting import Role
from engine.domain.links.map_measures import Colouring, MapMeasures
from engine.domain.links.maps import LinkMap
from engine.domain.links.sheets import MapSheet

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
    if link_address.follow():
        link_results.forget()
    link_results.draw(typed)
    link_alerts.draw()
    link_saving.draw()
    record_requests.draw()
    work()
    whole_record.draw()


@st.fragment
def work() -> None:
    """Draw the map, its tools and its table; only this part is drawn again by a click."""
    draw_kept(link_steps.KEY)
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
            link_address.write()
            link_saving.draw_recent()
            link_week.draw()
        return
    with show_errors():
        drawn = link_steps.drawn()
        if drawn is None:
            return
        link_address.write()
        link_acts.open_case_asked_for()
        link_patterns.settle_choice(drawn)
        sheet = link_steps.sheet(drawn)
        left, right = st.columns([8, 3.2], gap="medium")
        with left:
            link_tools.draw(steps, drawn, sheet)
            _graph(drawn, sheet)
            link_timeline.draw(steps, drawn)
        with right:
            link_patterns.draw(drawn)
            link_filters.draw(steps, drawn)
            _draw_notes(drawn)
        _table(drawn, sheet)
        link_measures.draw(drawn)
        network = source.network()
        if network is None:
            link_saving.draw_keeping(drawn)
        else:
            network_export.draw(drawn, network)


def _graph(drawn: LinkMap, sheet: MapSheet) -> None:
    component.draw(
        pictures.picture(
            drawn, sheet, path=link_patterns.path(drawn), measures=_measures(drawn), dark=theme.is_dark()
        ),
        key=link_steps.KEY,
        height=HEIGHT,
        dark=theme.is_dark(),
        selected=link_steps.selected(sheet),
        marked=link_steps.marked(sheet),
        acts=link_acts.on_menu(network=source.network() is not None),
        on_selected=link_steps.choose,
        on_asked=link_acts.ask,
        on_moved=link_steps.move,
    )
    markup.draw(pictures.key(drawn, sheet, dark=theme.is_dark()))
    for part in (pictures.notes(drawn, sheet), pictures.may_be_one(drawn), pictures.hidden_records(drawn)):
        if part is not None:
            markup.draw(part)
    record_requests.offer(drawn)
    review_step.draw_again()


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


def _table(drawn: LinkMap, sheet: MapSheet) -> None:
    these = link_acts.on_these(drawn, sheet)
    rows = pictures.rows_of(drawn, {item for node in these for item in sheet.shows(node)})
    named = {each.node.id: pictures.label(each) for each in sheet.nodes}
    about = "All links on the map, in record order"
    if these:
        about = f"Links of {named[these[0]] if len(these) == 1 else f'{len(these)} marked items'}"
    markup.draw(markup.heading("Links as a table", at="table"))
    pages = max(1, -(-len(rows) // _AT_ONCE))
    page = min(session.number("links-page", 1), pages)
    shown = rows[(page - 1) * _AT_ONCE : page * _AT_ONCE]
    caption = f"{about}: {words.counted(len(rows), 'link')}"
    if pages > 1:
        caption += f", page {page:,} of {pages:,}"
    markup.draw(pictures.table(drawn, shown, caption=caption, on_path=link_patterns.path(drawn)))
    if pages > 1:
        st.pagination(pages, key="links-page")
