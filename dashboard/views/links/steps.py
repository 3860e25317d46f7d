"""The steps of work on a map of links: begin, open, hide, undo, redo. Services read the record."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from dashboard import record, session
from dashboard.errors import keep_errors
from dashboard.link_graph import component, pictures
from dashboard.views.links import source
from engine.domain.links.arrangements import FARTHEST, Arrangement, Placed
from engine.domain.links.maps import USUAL_HOPS, LinkMap, MapAsked, MapNode, PathAsked, PathOnMap, Steps
from engine.domain.links.sheets import MapSheet
from engine.services.links.labels import node_labels
from engine.services.links.sheets import sheet_of

KEY = "links-graph"
_STEPS, _DRAWN, _SHEET = "links-steps", "links-drawn", "links-sheet"
_CHOSEN, _MARKED = "links-chosen", "links-marked"
_PATH, _PATH_DRAWN = "links-path", "links-path-drawn"
_FRESH = timedelta(minutes=5)
_REFERENCE = re.compile(r"\b[A-Z]{1,2}-[0-9A-Z]{7}\b")


class Position(NamedTuple):
    """The steps of a person's map, and the path that is drawn in its place."""

    steps: Steps | None = None
    path: PathAsked | None = None


def begin(reference: str, hops: int = USUAL_HOPS) -> None:
    """Begin a map here; what was drawn before can be undone to."""
    start = reference.strip()
    go_on(MapAsked(start=start.upper() if source.network() is None else start, hops=hops))


def open_saved(asked: MapAsked) -> None:
    """Show a map that was saved, as it is today."""
    go_on(asked)


def current() -> Steps | None:
    """Return the steps of the map that this person drew last."""
    return session.stored_value(source.named(_STEPS), Steps)


def position() -> Position:
    """Return where this person is."""
    return Position(current(), path_wanted())


def take_position(there: Position) -> None:
    """Be there."""
    session.keep(source.named(_STEPS), there.steps)
    session.keep(source.named(_PATH), there.path)


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
    steps = current()
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
    before |= {each.node: (each.x, each.y) for at in steps.before[-1:] for each in at.placed}
    made = source.drawn(steps.now, placed=before)
    session.keep(source.named(_DRAWN), (acting.user, made))
    return made


def _is_fresh(made: LinkMap, asked: MapAsked, *, at: datetime) -> bool:
    return made.asked.shows_the_same(asked) and at - made.read_at < _FRESH


def drawn_before() -> LinkMap | None:
    """Return the map that was drawn last, as it is asked for now; reads nothing."""
    steps = current()
    stored: tuple[str, LinkMap] | None = session.stored_value(source.named(_DRAWN), tuple)
    if steps is None or stored is None or stored[0] != session.acting().user:
        return None
    return stored[1].model_copy(update={"asked": steps.now})


def sheet(on: LinkMap) -> MapSheet:
    """Return what is drawn of this map, made once."""
    key = (session.acting().user, on.asked, on.read_at)
    stored: tuple[object, MapSheet] | None = session.stored_value(source.named(_SHEET), tuple)
    if stored and stored[0] == key:
        return stored[1]
    made = sheet_of(on)
    session.keep(source.named(_SHEET), (key, made))
    return made


def selected(on: MapSheet) -> str | None:
    """Return the chosen node, if it is drawn."""
    node: str | None = session.stored_value(source.named(_CHOSEN), str)
    return node if on.node(node) else None


def marked(on: MapSheet) -> tuple[str, ...]:
    """Return the marked nodes that are drawn."""
    nodes: tuple[str, ...] = session.stored_value(source.named(_MARKED), tuple) or ()
    return tuple(node for node in nodes if on.node(node))


def choose() -> None:
    """Note that a node was chosen, or nodes marked, in the picture."""
    session.keep(source.named(_CHOSEN), component.chosen(KEY))
    session.keep(source.named(_MARKED), component.marked(KEY))


def choose_by_name(node: str | None) -> None:
    """Note that a node was chosen from the list."""
    session.keep(source.named(_CHOSEN), node)


def move() -> None:
    """Pin nodes where they were dragged to: a step that can be undone."""
    places, steps, on = component.moved(KEY), current(), drawn_before()
    if not places or steps is None or on is None:
        return
    there = {each.node.id: each for each in sheet(on).nodes}
    moved = {node: place for node, place in places.items() if node in there}
    with keep_errors(KEY):
        new = tuple(Placed(node=node, x=_in_bounds(x), y=_in_bounds(y)) for node, (x, y) in moved.items())
        _place(steps, [there[node] for node in moved], steps.now.placing(*new))


def lay_out_anew() -> None:
    """Let the layout place every item again: a step that can be undone."""
    steps, on = current(), drawn_before()
    if steps is None or on is None:
        return
    with keep_errors(KEY):
        _place(steps, sheet(on).nodes, steps.now.changed(placed=()))
        source.lay_out_anew(on.middle)
        session.keep(source.named(_DRAWN), None)


def _place(steps: Steps, nodes: Sequence[MapNode], asked: MapAsked) -> None:
    """Take a step to other places of these nodes; the step before it has those where they are now."""
    held = steps.now
    if held.arranged is Arrangement.FORCE:
        pinned = held.all_pinned
        held = held.placing(
            *(Placed(node=each.node.id, x=each.x, y=each.y, pinned=each.node.id in pinned) for each in nodes)
        )
    to(steps.model_copy(update={"now": held}).to(asked))


def _in_bounds(place: float) -> float:
    """Return it; of a forged place that is outside every map 0."""
    return place if math.isfinite(place) and abs(place) < FARTHEST else 0.0


def to(steps: Steps) -> None:
    """Be at this step; the record knows next week where items were dragged to."""
    before, on = current(), drawn_before()
    session.keep(source.named(_STEPS), steps)
    asked = steps.now
    if before is None or on is None or asked.arranged is not Arrangement.FORCE:
        return
    moved = {
        each.node: (each.x, each.y)
        for each in asked.placed
        if each not in before.now.placed and any(node.node.id == each.node for node in on.nodes)
    }
    if moved:
        source.move(on.middle, moved)


def in_names(on: LinkMap, sentence: str) -> str:
    """Return a sentence with names in the place of references, where this viewer reads the names."""
    return with_names(names_on(on), sentence)


def names_on(on: LinkMap) -> dict[str, str]:
    """Return by reference the names of a map that this viewer reads, of namesakes with the reference."""
    read = [each for each in on.nodes if not each.node.is_pseudonym]
    single = {each.node.id: pictures.label(each) for each in read if not each.stands_for_in_words}
    return {each.node.id: pictures.label(each) for each in read} | _distinct(single)


def with_names(names: Mapping[str, str], sentence: str) -> str:
    """Return a sentence with these names in the place of their references."""
    return _REFERENCE.sub(lambda found: names.get(found[0], found[0]), sentence)


def names_in(sentences: Iterable[str]) -> dict[str, str]:
    """Return, read once, the names that this viewer may read of everything that these sentences refer to.

    Namesakes have their reference too.
    """
    references = [found for sentence in sentences for found in _REFERENCE.findall(sentence)]
    if not references:
        return {}
    return _distinct(node_labels(record.runtime().context(session.acting()), references=references))


def _distinct(names: Mapping[str, str]) -> dict[str, str]:
    """Return the same names; those of namesakes with the reference, as their findings are alike."""
    times = Counter(names.values())
    return {each: f"{name} ({each})" if times[name] > 1 else name for each, name in names.items()}
