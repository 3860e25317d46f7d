"""The path between two items, as a picture and step by step, with the evidence against it."""

from __future__ import annotations

import streamlit as st

from dashboard import days, markup, theme, words
from dashboard.errors import show_errors
from dashboard.link_graph import component, pictures
from dashboard.views.links import address as link_address
from dashboard.views.links import searches as link_searches
from dashboard.views.links import source
from dashboard.views.links import steps as link_steps
from dashboard.views.links.searches import Offered
from engine.domain.links.maps import MOST_LONGER, PathAsked, PathOnMap
from engine.domain.links.path_ends import ends_in_words
from engine.domain.links.views import LinkEdge
from engine.services.links.path_maps import path_asked
from engine.services.links.sheets import sheet_of

KEY, HEIGHT = "links-path-graph", 420
_CHOICE = "links-path-which"


def draw(asked: PathAsked) -> None:
    """Draw the path between the two, or the sentence that there is none."""
    back = "Back to the map" if link_steps.current() else "Close the path"
    st.button(back, key="links-path-back", on_click=link_steps.leave_path)
    with show_errors():
        found = link_steps.path_drawn(asked)
        link_address.write()
        if found.paths:
            _draw(found)
        else:
            _draw_none(found)
        _draw_limits(asked)
        if source.network() is None:
            link_searches.offer(Offered("path", (asked.start, asked.end)), at="path")


def _draw_none(found: PathOnMap) -> None:
    limits = " with these kinds and dates" if found.has_limits else ""
    markup.draw(markup.heading("No path", at="path"))
    sentence = (
        f"No path between {found.asked.start} and {found.asked.end} in what you can see{limits}. There may "
        "still be a connection."
    )
    markup.draw(markup.none_recorded(sentence))


def _draw(found: PathOnMap) -> None:
    which = _which(found)
    stops = found.paths[which]
    names = {each.node.id: pictures.label(each) for each in found.drawn.nodes}
    sheet = sheet_of(found.drawn)
    left, right = st.columns([8, 4], gap="medium")
    with left:
        component.draw(
            pictures.picture(found.drawn, sheet, path=stops),
            key=KEY,
            height=HEIGHT,
            dark=theme.is_dark(),
            selected=component.chosen(KEY),
            on_selected=_ignore,
        )
        markup.draw(pictures.key(found.drawn, sheet, dark=theme.is_dark()))
    with right:
        title = f"{names[stops[0]]} to {names[stops[-1]]}: {words.counted(len(stops) - 1, 'link')}"
        ends = ends_in_words((found.asked.start, found.asked.end), stops, names)
        if len(stops) == 1:
            markup.draw(markup.heading("No path", at="path"))
            markup.draw(markup.bullets(ends))
            return
        markup.draw(markup.heading(title, at="path"))
        if ends:
            markup.draw(markup.bullets(ends))
        steps = found.steps(which)
        markup.draw(markup.element("ol", *(_step(edges, names) for edges in steps), class_="path-steps"))
        markup.draw(markup.element("h3", "Evidence against it", class_="sec"))
        markup.draw(markup.bullets(found.against(which)))
        text = "\n".join([title, *ends, *found.sentences(which), *found.against(which)])
        markup.draw(markup.details("Path as text", markup.element("pre", text, class_="as-text")))
        _offer_more(found)
        if found.drawn.snapshot_at is not None:
            age = words.arrays_of(found.drawn.snapshot_at, found.drawn.changed_since or 0)
            markup.draw(markup.element("p", age, class_="sub"))
    caption = f"Links on the picture: {words.counted(len(found.drawn.edges), 'link')}"
    markup.draw(pictures.table(found.drawn, found.drawn.edges, caption=caption, on_path=stops))


def _which(found: PathOnMap) -> int:
    """Return which of the paths is shown; let the person choose where there are several."""
    if len(found.paths) == 1:
        return 0
    links = [len(stops) - 1 for stops in found.paths]
    shortest = f"{words.counted(found.number, 'shortest path')}"
    longer = sum(each > links[0] for each in links)
    chosen: int = st.selectbox(
        f"{shortest}, {words.counted(longer, 'longer path')}" if longer else shortest,
        range(len(found.paths)),
        format_func=lambda at: f"Path {at + 1}: {words.counted(links[at], 'link')}",
        key=_CHOICE,
        width=260,
    )
    return min(chosen, len(found.paths) - 1)


def _offer_more(found: PathOnMap) -> None:
    """Offer the next longer paths and those across widely shared items; say what the longer ones lack."""
    asked = found.asked
    if asked.longer < MOST_LONGER:
        st.button(
            "Next longer paths",
            key="links-path-longer",
            on_click=link_steps.ask_path,
            args=(asked.model_copy(update={"longer": asked.longer + 1}),),
        )
    is_whole = not found.longer_stopped and not found.longer_cut
    if asked.longer and len(found.paths[-1]) == len(found.paths[0]) and is_whole:
        markup.draw(markup.none_recorded("No longer path was found near these two."))
    if found.longer_stopped:
        sentence = "The search for longer paths stopped early: there are too many paths. There may be others."
        markup.draw(markup.element("p", sentence, class_="sub"))
    if found.longer_cut:
        sentence = "Longer paths were searched for among the nearest items only: there are too many."
        markup.draw(markup.element("p", sentence, class_="sub"))
    if not found.through_hubs and not asked.through_hubs:
        st.button(
            "Search again through widely shared items",
            key="links-path-hubs",
            on_click=link_steps.ask_path,
            args=(asked.model_copy(update={"through_hubs": True}),),
        )


def _draw_limits(asked: PathAsked) -> None:
    """Draw the limits of the search for a path: kinds of links, and dates."""
    ends = f"{asked.start}-{asked.end}"
    with (
        st.expander("Limit the path by kinds and dates", key="links-path-limits"),
        st.form("links-path-form", border=False, enter_to_submit=False),
    ):
        kinds = st.multiselect(
            "Kinds of links (empty: all)",
            source.kinds(),
            default=[kind for kind in source.kinds() if kind in asked.kinds],
            format_func=words.sentence,
            key=f"links-path-kinds-{ends}",
        )
        first, second = st.columns(2)
        with first:
            since = days.field("First date (optional)", key=f"links-path-since-{ends}", begin=asked.since)
        with second:
            until = days.field("Last date (optional)", key=f"links-path-until-{ends}", begin=asked.until)
        note = "A link without a date is followed whatever the dates are."
        markup.draw(markup.element("p", note, class_="sub"))
        if st.form_submit_button("Search again", key="links-path-again"):
            link_steps.ask_path(
                path_asked(
                    asked,
                    kinds=tuple(kinds),
                    since=days.read("first date", since),
                    until=days.read("last date", until),
                )
            )
            st.rerun()


def _step(edges: tuple[LinkEdge, ...], names: dict[str, str]) -> markup.Markup:
    return markup.element("li", *(_link(edge, names) for edge in edges))


def _link(edge: LinkEdge, names: dict[str, str]) -> markup.Markup:
    return markup.element(
        "div",
        markup.element("b", names.get(edge.source, edge.source)),
        f" {edge.in_words} ",
        markup.element("b", names.get(edge.target, edge.target)),
        markup.element("small", words.sentence(edge.evidence), class_="sub"),
    )


def _ignore() -> None:
    """Do nothing: the picture of a path has no selection of its own."""
