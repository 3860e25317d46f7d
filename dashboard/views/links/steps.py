"""The steps of work on a map of links: begin, open, hide, undo, redo. Services read the record."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import streamlit as st

from dashboard import record, session
from dashboard.errors import show_errors
from dashboard.link_graph import component, pictures
from dashboard.views.links import source
from engine.domain.links.map_measures import Colouring, ItemMeasure
from engine.domain.links.maps import LinkMap, MapAsked, PathAsked, PathOnMap, Steps
from engine.domain.shown import shown
from engine.services.links.labels import node_labels

KEY = "links-graph"
_STEPS, _DRAWN, _CHOSEN = "links-steps", "links-drawn", "links-chosen"
_PATH, _PATH_DRAWN = "links-path", "links-path-drawn"
_FRESH = timedelta(minutes=5)
_REFERENCE = re.compile(r"\b[A-Z]{1,2}-[0-9A-Z]{7}\b")


def begin(reference: str, hops: int = 2) -> None:
    """Begin a map here; what was drawn before can be undone to."""
    start = reference.strip()
    go_on(MapAsked(start=start.upper() if source.network() is None else start, hops=hops))


def open_saved(asked: MapAsked) -> None:
    """Show a map that was saved, as it is today."""
    go_on(asked)


def current() -> Steps | None:
    """Return where this person is: at the map that they drew last, or at what the address names."""
    steps: Steps | None = session.stored_value(source.named(_STEPS), Steps)
    named = session.query("ref") if source.network() is None else None
    if named and session.stored_value("links-named") != named:
        session.keep("links-named", named)
        begin(named)
        steps = session.stored_value(source.named(_STEPS), Steps)
    return steps


def path_to(reference: str) -> None:
    """Ask for the path from where the map begins to this."""
    steps = current()
    if steps is not None:
        ask_path(PathAsked(start=steps.now.start, end=reference))


def ask_path(asked: PathAsked) -> None:
    """Ask for a path."""
    session.keep(source.named(_PATH), asked)


def show_path(found: PathOnMap) -> None:
    """Show a path that was found with the question."""
    session.keep(source.named(_PATH), found.asked)
    session.keep(source.named(_PATH_DRAWN), (session.acting().user, found))


def path_wanted() -> PathAsked | None:
    """Return the path that is asked for."""
    asked: PathAsked | None = session.stored_value(source.named(_PATH), PathAsked)
    return asked


def path_drawn(asked: PathAsked) -> PathOnMap:
    """Return the path as it is asked for; choosing another of its length does not read the record again."""
    runtime, acting = record.runtime(), session.acting()
    stored: tuple[str, PathOnMap] | None = session.stored_value(source.named(_PATH_DRAWN), tuple)
    if stored and stored[0] == acting.user:
        found = stored[1]
        if found.asked == asked and runtime.clock.now() - found.drawn.read_at < _FRESH:
            return found
    found = source.path(asked)
    session.keep(source.named(_PATH_DRAWN), (acting.user, found))
    return found


def leave_path() -> None:
    """Return to the map."""
    session.keep(source.named(_PATH), None)


def go_on(asked: MapAsked) -> None:
    """Take a step."""
    leave_path()
    steps: Steps | None = session.stored_value(source.named(_STEPS), Steps)
    session.keep(source.named(_STEPS), steps.to(asked) if steps else Steps(now=asked))


def drawn() -> LinkMap | None:
    """Return the map as it is asked for; a click on it does not read the record again."""
    steps = current()
    if steps is None:
        return None
    runtime, acting = record.runtime(), session.acting()
    stored: tuple[str, LinkMap] | None = session.stored_value(source.named(_DRAWN), tuple)
    if stored and stored[0] == acting.user and _is_fresh(stored[1], steps.now, at=runtime.clock.now()):
        return stored[1].model_copy(update={"asked": steps.now})
    before = {each.node.id: (each.x, each.y) for each in stored[1].nodes} if stored else {}
    made = source.drawn(steps.now, placed=before)
    session.keep(source.named(_DRAWN), (acting.user, made))
    return made


def _is_fresh(made: LinkMap, asked: MapAsked, *, at: datetime) -> bool:
    return made.asked.shows_the_same(asked) and at - made.read_at < _FRESH


def selected(on: LinkMap) -> str | None:
    """Return the chosen node, if it is on the map."""
    node: str | None = session.stored_value(source.named(_CHOSEN), str)
    return node if any(each.node.id == node for each in on.nodes) else None


def choose() -> None:
    """Note that a node was chosen in the picture."""
    session.keep(source.named(_CHOSEN), component.chosen(KEY))


def ask() -> None:
    """Handle the picture's request for more, or for less, by keyboard or by a double click."""
    texts = component.asked(KEY)
    if texts is not None:
        _do(*texts)


def move() -> None:
    """Note that nodes were dragged."""
    places = component.moved(KEY)
    stored: tuple[str, LinkMap] | None = session.stored_value(source.named(_DRAWN), tuple)
    if not places or stored is None:
        return
    with show_errors():
        source.move(stored[1].middle, places)
        session.keep(source.named(_DRAWN), (stored[0], stored[1].with_places(places)))


def tools(steps: Steps, on: LinkMap, node: str | None) -> None:
    """Draw what can be done with the map and with the chosen node.

    Each is done before the map is drawn again.
    """
    is_middle = node == on.middle
    here = MapAsked(start=node, hops=steps.now.hops) if node else steps.now
    with st.container(horizontal=True, vertical_alignment="center", key="links-tools"):
        st.button("Undo", key="links-undo", disabled=not steps.before, on_click=_to, args=(steps.undone(),))
        st.button("Redo", key="links-redo", disabled=not steps.after, on_click=_to, args=(steps.redone(),))
        st.button(
            "Expand",
            key="links-expand",
            disabled=node is None,
            help="Enter or double-click",
            on_click=_do,
            args=("expand", node),
        )
        st.button(
            "Hide",
            key="links-hide",
            disabled=node is None or is_middle,
            help="Delete",
            on_click=_do,
            args=("hide", node),
        )
        st.button(
            "Start here",
            key="links-here",
            disabled=node is None or is_middle,
            on_click=_to,
            args=(steps.to(here),),
        )
        st.button("Reset layout", key="links-anew", on_click=_lay_out_anew, args=(on.middle,))
    with st.container(horizontal=True, vertical_alignment="bottom", key="links-looks"):
        _find(on, node)
        _choose_looks(steps)


def _find(on: LinkMap, node: str | None) -> None:
    """Draw the chosen item, to be chosen here by name too: the picture and the table follow."""
    names = {each.node.id: pictures.label(each) for each in on.nodes}
    items = sorted(names, key=lambda each: (names[each].casefold(), each))
    key = f"links-find-{node}"
    st.selectbox(
        "Selected item",
        items,
        index=items.index(node) if node in names else None,
        format_func=lambda each: shown(names[each]),
        placeholder="None. Click one, use the arrow keys, or find it here",
        key=key,
        on_change=lambda: session.keep(source.named(_CHOSEN), session.stored_value(key, str)),
    )


def _choose_looks(steps: Steps) -> None:
    """Draw what sizes and colours mean; each choice is a step that can be undone, and reads nothing again."""
    turn = f"{len(steps.before)}-{len(steps.after)}"
    sizes: list[ItemMeasure | None] = [None, *ItemMeasure]
    st.selectbox(
        "Size by",
        sizes,
        index=sizes.index(steps.now.sized_by),
        format_func=lambda each: each.value if each else "nothing",
        key=f"links-size-{turn}",
        width=150,
        on_change=_look,
        args=("sized_by", f"links-size-{turn}"),
    )
    st.selectbox(
        "Colour by",
        list(Colouring),
        index=list(Colouring).index(steps.now.coloured_by),
        format_func=lambda each: each.value,
        key=f"links-colour-{turn}",
        width=150,
        on_change=_look,
        args=("coloured_by", f"links-colour-{turn}"),
    )


def _look(part: str, key: str) -> None:
    steps = current()
    if steps is not None:
        _to(steps.by(lambda at: at.changed(**{part: session.stored_value(key)})))


def _do(act: str, node: str | None) -> None:
    steps = current()
    if steps is not None and node is not None:
        _to(steps.by(lambda at: at.opening(node) if act == "expand" else at.hiding(node)))


def _lay_out_anew(middle: str) -> None:
    source.lay_out_anew(middle)
    session.keep(source.named(_DRAWN), None)


def _to(steps: Steps) -> None:
    session.keep(source.named(_STEPS), steps)


def in_names(on: LinkMap, sentence: str) -> str:
    """Return a sentence with names in the place of references, where this viewer reads the names."""
    names = {each.node.id: pictures.label(each) for each in on.nodes if not each.node.is_pseudonym}
    return with_names(names, sentence)


def with_names(names: Mapping[str, str], sentence: str) -> str:
    """Return a sentence with these names in the place of their references."""
    return _REFERENCE.sub(lambda found: names.get(found[0], found[0]), sentence)


def names_in(sentences: Iterable[str]) -> dict[str, str]:
    """Return, read once, the names that this viewer may read of everything that these sentences refer to."""
    references = [found for sentence in sentences for found in _REFERENCE.findall(sentence)]
    if not references:
        return {}
    return node_labels(record.runtime().context(session.acting()), references=references)
