"""Maps of links: a neighbourhood opened step by step, cut, laid out and remembered.

All that is shown comes through ``view_within``, so it is cut to what this viewer may see before anything is
followed, laid out or searched. Places are stored only by reference, for each person and middle.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from engine.access.policy import May, require
from engine.domain.accounts.acting import Acting, Role
from engine.domain.errors import InvalidInputError, NotFoundError
from engine.domain.ids import PREFIXES, new_reference, read_reference
from engine.domain.links.arrangements import (
    FARTHEST,
    LONGEST_CAPTION,
    LONGEST_NOTE,
    MOST_NOTES,
    MapNotes,
)
from engine.domain.links.map_measures import MapMeasures
from engine.domain.links.map_patterns import PatternsOnMap
from engine.domain.links.maps import LONGEST_NAME, LinkMap, MapAsked, RecentMap, SavedMap
from engine.domain.links.views import LinkView
from engine.links.map_cutting import merged
from engine.links.patterns.thresholds import thresholds_on
from engine.services.access.checks import permitted_links
from engine.services.context import Context
from engine.services.links.drawing import map_of, patterns_of
from engine.services.links.hidden_records import hidden_records
from engine.services.links.measurable import measurable
from engine.services.links.names import RecordNames
from engine.services.links.neighbourhood import VIEW_LINKS, looking
from engine.services.links.register import may_be_one, viewer_register
from engine.services.links.views import view_within
from engine.store.unit_of_work import Work

if TYPE_CHECKING:
    from engine.services.links.snapshots import LinkSnapshots

MOST_FOR_PANEL, MOST_FOR_ANALYST = 300, 2_000
_WITH_MORE = frozenset({Role.ANALYST, Role.COORDINATOR})
MOST_SAVED, MOST_RECENT = 200, 8
_KEPT_OF_OTHERS = 2_000
_RECENT_AGAIN = timedelta(minutes=1)
_KINDS = {letter: kind for kind, letter in PREFIXES.items()}


def draw_map(
    context: Context,
    *,
    asked: MapAsked,
    snapshots: LinkSnapshots,
    most: int | None = None,
    with_patterns: bool = True,
) -> LinkMap:
    """Return the map as asked for; every node is where this person last had it, a new one by its neighbours.

    A map of quite another size than the last is laid out again, and the places of the last are deleted.
    ``most`` bounds its nodes, without it what this person's screen has room for. Without patterns it names no
    items that may have a measure either, and is not among the recent maps.
    """
    whole, patterns = _neighbourhood(
        context, asked, most or most_for(context.acting), snapshots, likely=True, with_patterns=with_patterns
    )
    user = context.acting.user
    with context.uow.unrecorded() as work:
        known = work.links.maps.places(user, whole.middle)
        drawn_at = work.links.maps.drawn_at(user, whole.middle) if with_patterns else None
        to_ask = hidden_records(work, context, whole.nodes)
    drawn = map_of(whole, asked, known=known, patterns=patterns)
    shown = {each.node.id for each in drawn.nodes}
    drawn = drawn.model_copy(update={"hidden_records": tuple(each for each in to_ask if each.case in shown)})
    ids = [each.node.id for each in drawn.nodes]
    now = context.clock.now()
    has_new = not set(ids) <= set(known)
    is_recent = not with_patterns or (drawn_at is not None and now - drawn_at < _RECENT_AGAIN)
    places = {each.node.id: (each.x, each.y) for each in drawn.nodes}
    is_anew = any(known.get(node, place) != place for node, place in places.items())
    if has_new or is_anew or not is_recent:
        together = places if is_anew else {**known, **places}
        with context.uow.unrecorded(will_write=True) as work:
            work.links.maps.store_places(
                user, whole.middle, _bounded(together, ids), at=now, is_drawing=not is_recent
            )
    return drawn


def most_for(acting: Acting) -> int:
    """Return how many nodes a map of theirs has: a panel must still read it, an analyst works on it."""
    return MOST_FOR_ANALYST if acting.role in _WITH_MORE else MOST_FOR_PANEL


def measures_of(drawn: LinkMap) -> MapMeasures:
    """Return the measures of what a map shows; reads nothing."""
    from engine.links.map_measures import map_measures  # loads numpy: not needed to draw

    return map_measures(
        [each.node.id for each in drawn.nodes],
        ((edge.source, edge.target, edge.kind) for edge in drawn.edges),
        measured=frozenset(drawn.measured),
    )


def move_nodes(context: Context, *, middle: str, places: Mapping[str, tuple[float, float]]) -> None:
    """Store where this person dragged nodes to: only references and places.

    Raises
    ------
    InvalidInputError
        A reference is malformed, or a place is outside the map.
    """
    require(May.EXPLORE_LINKS, context.acting)
    checked = {_reference(node): _place(place) for node, place in places.items()}
    with context.uow.unrecorded(will_write=True) as work:
        known = work.links.maps.places(context.acting.user, _reference(middle))
        together = {**known, **{node: place for node, place in checked.items() if node in known}}
        work.links.maps.store_places(context.acting.user, middle, together, at=context.clock.now())


def lay_out_anew(context: Context, *, middle: str) -> None:
    """Delete this person's places round a middle.

    Raises
    ------
    InvalidInputError
        The reference is malformed.
    """
    require(May.EXPLORE_LINKS, context.acting)
    with context.uow.unrecorded(will_write=True) as work:
        work.links.maps.store_places(context.acting.user, _reference(middle), {}, at=context.clock.now())


def save_map(context: Context, *, name: str, asked: MapAsked) -> SavedMap:
    """Save what a map shows under a name, for oneself.

    Raises
    ------
    InvalidInputError
        The name is empty or too long, or the person who acts has too many saved maps.
    """
    require(May.EXPLORE_LINKS, context.acting)
    called = " ".join(name.split())
    if not called or len(called) > LONGEST_NAME or not called.isprintable():
        raise InvalidInputError("name", f"give the map a name of at most {LONGEST_NAME} characters")
    with context.writing("save a map of links", once=(name, asked)) as work:
        if work.links.maps.how_many(context.acting.user) >= MOST_SAVED:
            raise InvalidInputError(
                "saved maps", f"you have {MOST_SAVED} saved maps already; delete one first"
            )
        saved = SavedMap(
            reference=new_reference("saved map"), name=called, asked=asked, at=context.clock.now()
        )
        work.links.maps.save(context.acting.user, saved)
        work.notes(saved_map=saved.reference)
        return saved


def noted(asked: MapAsked, *, caption: str, node: str | None, note: str) -> MapAsked:
    """Return what is asked of a map with this caption, and with this note on an item; reads nothing.

    Raises
    ------
    InvalidInputError
        A text is too long or has marks that cannot be shown, or there are too many notes.
    """
    caption, note = (" ".join(text.split()) for text in (caption, note))
    if not (caption + note).isprintable() or len(caption) > LONGEST_CAPTION or len(note) > LONGEST_NOTE:
        raise InvalidInputError(
            "note",
            f"write a caption of at most {LONGEST_CAPTION} and a note of at most {LONGEST_NOTE} characters",
        )
    if node and note and not asked.notes.on(node) and len(asked.notes.on_items) >= MOST_NOTES:
        raise InvalidInputError("notes", f"there are {MOST_NOTES} notes already; remove one first")
    notes = asked.notes.with_note(node, note) if node else asked.notes
    return asked.changed(notes=MapNotes(caption=caption, on_items=notes.on_items))


def recent_maps(context: Context, *, most: int = MOST_RECENT) -> tuple[RecentMap, ...]:
    """Return the middles of this person's last maps, newest first, of those that still exist for them."""
    with looking(context, "list recent maps") as work:
        cut_now = work.links.cut(permitted_links(work, context.acting, on=context.clock.today()))
        names = RecordNames(work.links, cut_now)
        middles = work.links.maps.middles(context.acting.user, most=most)
        there = [(middle, number) for middle in middles if (number := names.find(middle)) is not None]
        work.notes(maps=len(there))
        return tuple(RecentMap(reference=middle, label=names.label(number)) for middle, number in there)


def saved_maps(context: Context) -> tuple[SavedMap, ...]:
    """Return this person's saved maps; opening one reads its links again."""
    require(May.EXPLORE_LINKS, context.acting)
    with context.uow.unrecorded() as work:
        return work.links.maps.saved(context.acting.user)


def forget_map(context: Context, *, reference: str) -> None:
    """Delete a saved map of one's own.

    Raises
    ------
    InvalidInputError
        The reference is malformed.
    """
    require(May.EXPLORE_LINKS, context.acting)
    reference = read_reference("saved map", reference)
    with context.writing("give up a map of links") as work:
        work.links.maps.forget(context.acting.user, reference)
        work.notes(saved_map=reference)


def whole_map(
    context: Context, *, asked: MapAsked, snapshots: LinkSnapshots, most: int | None = None
) -> LinkView:
    """Return everything round the start and what was opened, before anything is cut by choice."""
    return _neighbourhood(context, asked, most or most_for(context.acting), snapshots)[0]


def _neighbourhood(
    context: Context,
    asked: MapAsked,
    most: int,
    snapshots: LinkSnapshots,
    *,
    likely: bool = False,
    with_patterns: bool = False,
) -> tuple[LinkView, PatternsOnMap]:
    """Read the start and all that was opened at one moment, as one entry of the audit log.

    With patterns it has which items may have a measure, too.
    """
    numbers = set[int]()
    with looking(context, VIEW_LINKS) as work:

        def around(reference: str, hops: int) -> LinkView:
            return view_within(
                work,
                context,
                reference=reference,
                hops=hops,
                most=most,
                snapshots=snapshots,
                likely=likely,
                numbers=numbers,
            )

        views = [around(asked.start, asked.hops)]
        for node in asked.opened:
            try:
                views.append(around(node, 1))
            except NotFoundError:
                continue  # it existed when it was opened, and no longer exists for this viewer
        whole = merged(views, most=most)
        work.notes(nodes=len(whole.nodes), hops=asked.hops, opened=len(asked.opened))
        if not with_patterns:
            return whole, PatternsOnMap()
        patterns = _patterns(work, context, whole, numbers, snapshots)
        measured = measurable(work, context, whole.nodes, snapshots)
        return whole.model_copy(update={"measured": measured}), patterns


def _patterns(
    work: Work, context: Context, whole: LinkView, numbers: Collection[int], snapshots: LinkSnapshots
) -> PatternsOnMap:
    """Return the patterns about what is drawn, found as a search of the whole record finds them."""
    acting, clock = context.acting, context.clock
    limits = thresholds_on(clock.today())
    opened = viewer_register(work, acting, clock, snapshots, limits=limits, drawn=numbers)
    rows = [row for number in numbers if (row := opened.register.row_at(number)) is not None]
    return patterns_of(
        opened.register,
        rows,
        whole,
        limits,
        further=opened.further,
        may_be_one=lambda findings: may_be_one(work, acting, clock, findings),
    )


def _bounded(
    places: Mapping[str, tuple[float, float]], drawn: Sequence[str]
) -> dict[str, tuple[float, float]]:
    """Return those that are drawn, and of the others as many as are remembered at all."""
    there = set(drawn)
    others = [node for node in places if node not in there][:_KEPT_OF_OTHERS]
    return {node: places[node] for node in (*drawn, *others)}


def _reference(node: str) -> str:
    kind = _KINDS.get(node.partition("-")[0])
    if kind is None:
        raise InvalidInputError("node", "not a reference of an item on a map")
    return read_reference(kind, node)


def _place(place: tuple[float, float]) -> tuple[float, float]:
    if not all(math.isfinite(each) and abs(each) < FARTHEST for each in place):
        raise InvalidInputError("place", "outside the map")
    return place
