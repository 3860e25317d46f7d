"""A map of links that a person works on: what was asked of it, what it shows, what it leaves out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from enum import StrEnum
from itertools import pairwise

from pydantic import Field, model_validator

from engine.domain.base import Frozen, Instant
from engine.domain.links.arrangements import Arrangement, Grouping, MapNotes, Placed
from engine.domain.links.map_measures import Colouring, ItemMeasure
from engine.domain.links.map_patterns import PatternsOnMap
from engine.domain.links.views import LinkEdge, LinkNode, LinkNotes, MayBeOne, NodeKind

MOST_STEPS = 60
MOST_HOPS = 4
USUAL_HOPS = 2
LONGEST_NAME = 60
MOST_LONGER = 2


class GradeCut(StrEnum):
    """The grades of the links that are drawn, by their source."""

    EVERY = "every link"
    NOT_FALSE = "all but those suspected to be false"
    CONFIRMED = "confirmed ones alone"


class NamedIn(StrEnum):
    """A person's named role, by anything on the map. A claim of its sources, not a finding."""

    PERPETRATOR = "perpetrator"
    VICTIM = "victim"
    BOTH = "both"


class MapAsked(Frozen):
    """The request for a map. Every change makes another one, so that each can be undone."""

    start: str = Field(max_length=200)
    hops: int = Field(default=USUAL_HOPS, ge=1, le=MOST_HOPS)
    opened: tuple[str, ...] = Field(default=(), max_length=MOST_STEPS)
    """Nodes whose own links were asked for as well."""
    hidden: tuple[str, ...] = Field(default=(), max_length=2_000)
    kinds_left_out: tuple[NodeKind, ...] = ()
    links_left_out: tuple[str, ...] = ()
    grades: GradeCut = GradeCut.EVERY
    since: date | None = None
    until: date | None = None
    folds: bool = True
    """Incidents with the same people in the same roles are drawn as one, but for opened ones."""
    sized_by: ItemMeasure | None = None
    coloured_by: Colouring = Colouring.KIND
    arranged: Arrangement = Arrangement.FORCE
    placed: tuple[Placed, ...] = Field(default=(), max_length=2_000)
    grouped_by: Grouping = Grouping.NOTHING
    unfolded: tuple[str, ...] = Field(default=(), max_length=200)
    """Groups that are drawn item by item."""
    bundles: bool = True
    """Parallel links are drawn as one line with their number."""
    unbundled: tuple[str, ...] = Field(default=(), max_length=200)
    """Items whose links are drawn one by one."""
    notes: MapNotes = MapNotes()

    @model_validator(mode="after")
    def _first_before_last(self) -> MapAsked:
        if self.since and self.until and self.until < self.since:
            raise ValueError("the end date is before the start date")
        return self

    def opening(self, node: str) -> MapAsked:
        """Return it with the links of this node too, and the node no longer hidden."""
        opened = tuple(dict.fromkeys((*self.opened, node)))
        hidden = tuple(each for each in self.hidden if each != node)
        return self.changed(opened=opened, hidden=hidden)

    def hiding(self, node: str) -> MapAsked:
        """Return it without this node; nodes that only it linked to the map go with it."""
        return self.changed(hidden=tuple(dict.fromkeys((*self.hidden, node))))

    def placing(self, *places: Placed) -> MapAsked:
        """Return it with these places; a later one of an item replaces an earlier one."""
        return self.changed(placed=tuple({each.node: each for each in (*self.placed, *places)}.values()))

    def without_places(self, nodes: Collection[str]) -> MapAsked:
        """Return it with these items where the layout has them."""
        return self.changed(placed=tuple(each for each in self.placed if each.node not in nodes))

    @property
    def all_pinned(self) -> frozenset[str]:
        """Return the items that stay where they are in every layout."""
        return frozenset(each.node for each in self._pinned)

    def unfolding(self, group: str) -> MapAsked:
        """Return it with a group item by item, or as one again."""
        return self.changed(unfolded=_turned(self.unfolded, group))

    def unbundling(self, node: str) -> MapAsked:
        """Return it with each link of an item as a line, or parallel ones as one again."""
        return self.changed(unbundled=_turned(self.unbundled, node))

    def shows_the_same(self, other: MapAsked) -> bool:
        """Return whether it has the same items and links, however they are drawn."""
        return self.model_copy(update={look: getattr(other, look) for look in (*_LOOKS, *_FOLDS)}) == other

    def changed(self, **changes: object) -> MapAsked:
        """Return it with other wishes, checked as a new one is.

        With other items only pinned ones have their places: the others are of a map of another size.
        """
        pinned = {} if changes.keys() <= {*_LOOKS, *_FOLDS} else {"placed": self._pinned}
        return MapAsked.model_validate({**self.model_dump(), **pinned, **changes})

    @property
    def _pinned(self) -> tuple[Placed, ...]:
        return tuple(each for each in self.placed if each.pinned)


_LOOKS = ("sized_by", "coloured_by", "arranged", "placed", "notes")
_FOLDS = ("grouped_by", "unfolded", "bundles", "unbundled")


def _turned(those: tuple[str, ...], name: str) -> tuple[str, ...]:
    """Return them with this one, or without it where it is in them."""
    return tuple(each for each in those if each != name) if name in those else (*those, name)


class PathAsked(Frozen):
    """The request for a path between two items."""

    start: str = Field(max_length=200)
    end: str = Field(max_length=200)
    through_hubs: bool = False
    """Things with very many users are crossed too."""
    kinds: tuple[str, ...] = ()
    """Only links of these kinds are followed; none of them: all."""
    since: date | None = None
    until: date | None = None
    """Links that are certainly earlier or later are not followed; those without a date are."""
    longer: int = Field(default=0, ge=0, le=MOST_LONGER)
    """Number of times that the next longer paths were asked for."""

    @model_validator(mode="after")
    def _first_before_last(self) -> PathAsked:
        if self.since and self.until and self.until < self.since:
            raise ValueError("the end date is before the start date")
        return self


class Steps(Frozen):
    """A map's history: the present step, and those to go back or forward to."""

    now: MapAsked
    before: tuple[MapAsked, ...] = ()
    after: tuple[MapAsked, ...] = ()

    def to(self, asked: MapAsked) -> Steps:
        """Take a step; forget what was undone before it."""
        if asked == self.now:
            return self
        return Steps(now=asked, before=(*self.before, self.now)[-MOST_STEPS:])

    def by(self, change: Callable[[MapAsked], MapAsked]) -> Steps:
        """Take the step that this change makes from the present one."""
        return self.to(change(self.now))

    def undone(self) -> Steps:
        """Return one step back; the same when this is the first."""
        if not self.before:
            return self
        return Steps(now=self.before[-1], before=self.before[:-1], after=(self.now, *self.after))

    def redone(self) -> Steps:
        """Return one step forward again; the same when this is the last."""
        if not self.after:
            return self
        return Steps(now=self.after[0], before=(*self.before, self.now), after=self.after[1:])


class MapGroup(Frozen):
    """The words of a drawn item that represents several."""

    says: str
    is_mixed: bool
    """Its items are of several kinds."""


class MapNode(Frozen):
    """A node where it is drawn."""

    node: LinkNode
    x: float
    y: float
    links: int
    stands_for: tuple[str, ...] = ()
    """The items that are folded into this one, itself first if it is one; none where it is only itself."""
    span: tuple[date, date] | None = None
    """The first and last dates of those that are dated."""
    named_in: NamedIn | None = None
    """None: no link on the map names this person as either."""
    group: MapGroup | None = None
    """None: it is an item, or incidents of the same people."""

    @property
    def stands_for_in_words(self) -> str | None:
        """Its number of items in words, without dates; None where it is only itself."""
        if self.group is not None:
            return self.group.says
        return f"{len(self.stands_for)} incidents" if self.stands_for else None


class LeftOut(Frozen):
    """The number of nodes and links of the neighbourhood that this map leaves out, by the viewer's choice."""

    hidden: int = 0
    by_kind: int = 0
    by_link_kind: int = 0
    by_grade: int = 0
    by_time: int = 0
    alone: int = 0
    """Nodes that were there only by links that are left out."""
    undated: int = 0
    """Links that are shown although no day cuts them."""

    @property
    def in_sentences(self) -> tuple[str, ...]:
        """These figures in sentences, without those that are 0."""
        pairs = (
            (self.hidden, "item", "hidden by you"),
            (self.by_kind, "item", "left out by kind"),
            (self.by_link_kind, "link", "left out by kind"),
            (self.by_grade, "link", "left out by grade"),
            (self.by_time, "link", "left out by time"),
            (self.alone, "item", "not linked to anything shown"),
            (self.undated, "link", "without a date, shown at any time"),
        )
        return tuple(
            f"{number:,} {what if number == 1 else f'{what}s'} {why}."
            for number, what, why in pairs
            if number
        )


class MonthOfLinks(Frozen):
    """A month, and the number of links that are dated in it."""

    month: str = Field(pattern=r"^\d{4}-\d{2}$")
    links: int


class HiddenRecord(Frozen):
    """An agency to ask about a case: by its own rule others on the case learn that something exists."""

    case: str
    code: str
    agency: str
    ask: str

    @property
    def sentence(self) -> str:
        """The same sentence whatever is held."""
        return f"Exists: ask {self.agency} ({self.ask})."


class LinkMap(Frozen):
    """A neighbourhood as this viewer may see it, cut as they asked, with a place for every node."""

    asked: MapAsked
    middle: str
    nodes: tuple[MapNode, ...]
    edges: tuple[LinkEdge, ...]
    told: LinkNotes
    left_out: LeftOut
    kinds_there: tuple[NodeKind, ...]
    links_there: tuple[str, ...]
    first_day: date | None
    last_day: date | None
    patterns: PatternsOnMap
    read_at: Instant
    snapshot_at: Instant | None = None
    changed_since: int | None = None
    may_be_one: tuple[MayBeOne, ...] = ()
    """Of the people who are drawn: a reading, in no file."""
    months: tuple[MonthOfLinks, ...] = ()
    """Links by month, whatever period is chosen; every month from the first to the last."""
    without_month: int = 0
    """Links without a date, or with a year only."""
    hidden_records: tuple[HiddenRecord, ...] = ()
    """On cases only, in no measure, pattern, alert or file."""
    measured: tuple[str, ...] = ()
    """The items that may have a measure; of victims, children and most people there is none."""

    def drawn_as(self, node: str) -> str | None:
        """Return the node on this map that shows this one, itself or what it is folded into."""
        for each in self.nodes:
            if each.node.id == node or node in each.stands_for:
                return each.node.id
        return None

    def with_places(self, places: Mapping[str, tuple[float, float]]) -> LinkMap:
        """Return the same with these nodes elsewhere."""
        nodes = tuple(
            each.model_copy(update={"x": places[each.node.id][0], "y": places[each.node.id][1]})
            if each.node.id in places
            else each
            for each in self.nodes
        )
        return self.model_copy(update={"nodes": nodes})


class PathOnMap(Frozen):
    """The shortest paths between two nodes, drawn as a map of their stops and of the links between these."""

    asked: PathAsked
    drawn: LinkMap
    paths: tuple[tuple[str, ...], ...]
    """The stops of each path that is drawn, the shortest first; none where no path is within the viewer's
    access.
    """
    number: int
    """The number of the shortest paths, drawn or not."""
    through_hubs: bool
    """True if there is a path only through something that very many share."""
    hops_through_hubs: int | None = None
    """Length of the shortest path through such a thing, where that is shorter."""
    longer_cut: bool = False
    """True if longer paths were searched for only among the nearest items."""
    longer_stopped: bool = False
    """True if the search for longer paths stopped before it had read them all."""

    @property
    def has_limits(self) -> bool:
        """Return whether kinds or dates leave links out."""
        return bool(self.asked.kinds or self.asked.since or self.asked.until)

    def steps(self, path: int) -> tuple[tuple[LinkEdge, ...], ...]:
        """Return the links of each step of one path, in order."""
        stops = self.paths[path]
        return tuple(
            tuple(edge for edge in self.drawn.edges if {edge.source, edge.target} == {one, other})
            for one, other in pairwise(stops)
        )

    def sentences(self, path: int) -> tuple[str, ...]:
        """Return each link of one path in words, with the number of its step and its evidence."""
        names = {each.node.id: each.node.label for each in self.drawn.nodes}
        return tuple(
            f"{number}. {names[edge.source]} {edge.in_words} {names[edge.target]} ({edge.evidence})"
            for number, edges in enumerate(self.steps(path), start=1)
            for edge in edges
        )

    def against(self, path: int) -> tuple[str, ...]:
        """Return the reasons for doubt about one path that the record has."""
        reasons = []
        if self.through_hubs:
            reasons.append(
                "The path crosses an item that very many people share. The people may not know each other."
            )
        for number, edges in enumerate(self.steps(path), start=1):
            if all(edge.is_unconfirmed for edge in edges):
                reasons.append(f"Step {number} is not confirmed, by its grade.")
            if all(edge.date is None for edge in edges):
                reasons.append(f"Step {number} has no date, so it may be of another time.")
        return (
            *(reasons or ["Nothing is recorded against it."]),
            "A link does not show that people know each other.",
        )


class RecentMap(Frozen):
    """The middle of a map that a person drew: its reference, and its label as they may read it."""

    reference: str
    label: str


class SavedMap(Frozen):
    """A map that a person stores for themselves under a name."""

    reference: str
    name: str
    asked: MapAsked
    at: Instant
