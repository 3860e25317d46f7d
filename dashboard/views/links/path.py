"""The path between two items, as a picture and step by step, with the evidence against it."""

from __future__ import annotations

import streamlit as st

from dashboard import markup, record, session, theme, words
from dashboard.errors import show_errors
from dashboard.link_graph import component, pictures
from dashboard.views.links import steps as link_steps
from engine.domain.links.maps import PathOnMap
from engine.domain.links.views import LinkEdge
from engine.services.links.path_maps import draw_path

KEY, HEIGHT = "links-path-graph", 420
_CHOICE = "links-path-which"


def draw(start: str, end: str, *, crosses_hubs: bool) -> None:
    """Draw the path between the two, or the sentence that there is none."""
    st.button("Back to the map", key="links-path-back", on_click=link_steps.leave_path)
    with show_errors():
        runtime = record.runtime()
        found = draw_path(
            runtime.context(session.acting()),
            start=start,
            end=end,
            snapshots=runtime.link_snapshots,
            through_hubs=crosses_hubs,
        )
        _draw(found, start)


def _draw(found: PathOnMap, start: str) -> None:
    if not found.paths:
        markup.draw(markup.heading("No path", at="path"))
        sentence = (
            f"No path between {start} and {found.end} in what you can see. There may still be a connection."
        )
        markup.draw(markup.none_recorded(sentence))
        return
    which = 0
    if len(found.paths) > 1:
        which = st.selectbox(
            f"{words.counted(found.number, 'path')} of this length",
            range(len(found.paths)),
            format_func=lambda at: f"Path {at + 1}",
            key=_CHOICE,
            width=200,
        )
    stops = found.paths[min(which, len(found.paths) - 1)]
    names = {each.node.id: pictures.label(each) for each in found.drawn.nodes}
    left, right = st.columns([8, 4], gap="medium")
    with left:
        component.draw(
            pictures.picture(found.drawn, path=stops),
            key=KEY,
            height=HEIGHT,
            dark=theme.is_dark(),
            selected=component.chosen(KEY),
            on_selected=_ignore,
        )
        markup.draw(pictures.key(found.drawn, dark=theme.is_dark()))
    with right:
        ends = f"{names.get(stops[0], start)} to {names.get(stops[-1], found.end)}"
        title = f"{ends}: {words.counted(len(stops) - 1, 'link')}"
        markup.draw(markup.heading(title, at="path"))
        steps = found.steps(min(which, len(found.paths) - 1))
        markup.draw(markup.element("ol", *(_step(edges, names) for edges in steps), class_="path-steps"))
        markup.draw(markup.element("h3", "Evidence against it", class_="sec"))
        markup.draw(markup.bullets(_against(found, steps)))
        if not found.through_hubs:
            st.button(
                "Search again through widely shared items",
                key="links-path-hubs",
                on_click=link_steps.through_hubs,
            )
        if found.drawn.snapshot_at is not None:
            age = words.arrays_of(found.drawn.snapshot_at, found.drawn.changed_since or 0)
            markup.draw(markup.element("p", age, class_="sub"))
    caption = f"Links of the path: {words.counted(len(found.drawn.edges), 'link')}"
    markup.draw(pictures.table(found.drawn, found.drawn.edges, caption=caption, on_path=stops))


def _step(edges: tuple[LinkEdge, ...], names: dict[str, str]) -> markup.Markup:
    return markup.element("li", *(_link(edge, names) for edge in edges))


def _link(edge: LinkEdge, names: dict[str, str]) -> markup.Markup:
    facts = [edge.told_by or "source not recorded"]
    facts.append(edge.date.in_words() if edge.date else "no date recorded")
    facts.append(f"grade {edge.grade}" if edge.grade else "not graded")
    return markup.element(
        "div",
        markup.element("b", names.get(edge.source, edge.source)),
        f" {pictures.edge_words(edge)} ",
        markup.element("b", names.get(edge.target, edge.target)),
        markup.element("small", words.sentence(", ".join(facts)), class_="sub"),
    )


def _against(found: PathOnMap, steps: tuple[tuple[LinkEdge, ...], ...]) -> list[str]:
    """Return the reasons for doubt that the record has."""
    said = []
    if found.through_hubs:
        said.append(
            "The path crosses an item that very many people share. The people may not know each other."
        )
    for number, edges in enumerate(steps, start=1):
        if all(pictures.is_weak(edge.grade) for edge in edges):
            said.append(f"Step {number} is not confirmed, by its grade.")
        if all(edge.date is None for edge in edges):
            said.append(f"Step {number} has no date, so it may be of another time.")
    said = said or ["Nothing is recorded against it."]
    return [*said, "A link does not show that people know each other."]


def _ignore() -> None:
    """Do nothing: the picture of a path has no selection of its own."""
