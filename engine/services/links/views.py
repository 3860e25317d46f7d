"""A neighbourhood as a view model for pages and commands: what is drawn, what was left out, and why."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING, TypedDict, Unpack

from engine.domain.dates import PartialDate
from engine.domain.links.views import LinkEdge, LinkHub, LinkNode, LinkNotes, LinkView, MayBeOne, NodeKind
from engine.links.hubs import HUB_CAP
from engine.services.context import Context
from engine.services.links.likely_same import likely_same
from engine.services.links.neighbourhood import MOST_DRAWN, VIEW_LINKS, Around, around, looking
from engine.services.links.snapshots import LinkSnapshots, only_links
from engine.store.unit_of_work import Work

if TYPE_CHECKING:
    import networkx as nx

    from engine.services.links.names import RecordNames

MOST_ON_A_SCREEN = 300


class AroundAsked(TypedDict, total=False):
    """Limits of a neighbourhood that is asked for."""

    hops: int
    hub_cap: int
    at: date | None
    """The last date; links that are certainly later are left out."""
    kinds: Collection[str]
    most: int
    """The most nodes, at most 2,000; those nearest come first, and the rest are counted."""
    likely: bool
    """Add which people may be one person, for a page that draws it."""


def view_around(
    context: Context, *, reference: str, snapshots: LinkSnapshots, **asked: Unpack[AroundAsked]
) -> LinkView:
    """Return the neighbourhood of a person (or an incident, a referral, a thing), as this viewer may see it.

    Raises
    ------
    InvalidInputError
        The hops or the hub cap are out of bounds, or a kind is unknown.
    """
    with looking(context, VIEW_LINKS) as work:
        view = view_within(work, context, reference=reference, snapshots=snapshots, **asked)
        work.notes(nodes=len(view.nodes), hops=view.hops)
        return view


def view_within(
    work: Work,
    context: Context,
    *,
    reference: str,
    snapshots: LinkSnapshots,
    hops: int = 2,
    hub_cap: int = HUB_CAP,
    at: date | None = None,
    kinds: Collection[str] = (),
    most: int = MOST_ON_A_SCREEN,
    likely: bool = False,
    numbers: set[int] | None = None,
) -> LinkView:
    """Return the same; part of a larger use case, which has checked permission to view links.

    What is drawn is added to ``numbers``.

    Raises
    ------
    InvalidInputError
        The hops or the hub cap are out of bounds, or a kind is unknown.
    """
    found = around(
        work,
        context,
        reference,
        snapshots=snapshots,
        hops=hops,
        hub_cap=hub_cap,
        only=only_links(kinds, since=None, until=at),
        most=min(most, MOST_DRAWN),
    )
    if numbers is not None:
        numbers.update(number for name in found.graph if (number := found.links.find(name)) is not None)
    view = LinkView(
        middle=found.middle,
        hops=hops,
        hub_cap=hub_cap,
        at=at,
        kinds=tuple(kinds),
        nodes=nodes_of(found.graph, found.links, middle=found.middle, hubs={hub for hub, _, _ in found.hubs}),
        edges=edges_of(found.graph),
        told=_notes_of(found, at),
        read_at=context.clock.now(),
        snapshot_at=found.seen.made_at,
        changed_since=found.seen.changed,
        may_be_one=_may_be_one(work, found) if likely else (),
    )
    work.touches(*{case for node in view.nodes for case in node.cases if node.is_middle})
    return view


def _may_be_one(work: Work, found: Around) -> tuple[MayBeOne, ...]:
    people = {
        name: found.links.members(number)
        for name, fields in found.graph.nodes(data=True)
        if fields["type"] == NodeKind.PERSON and (number := found.links.find(name)) is not None
    }
    return likely_same(work, found.links.permitted, people)


def nodes_of(
    graph: nx.MultiDiGraph[str], links: RecordNames, *, middle: str, hubs: Collection[str] = ()
) -> tuple[LinkNode, ...]:
    """Return the nodes of a graph as the viewer of these links may read them; part of a larger use case."""
    nodes = []
    for name, fields in graph.nodes(data=True):
        number = links.find(name)
        assert number is not None
        nodes.append(
            LinkNode(
                id=name,
                kind=NodeKind(fields["type"]),
                label=fields["label"],
                is_hub=name in hubs,
                is_middle=name == middle,
                is_pseudonym=links.is_pseudonym(number),
                date=PartialDate(fields["date"]) if "date" in fields else None,
                cases=links.cases_of(number),
            )
        )
    return tuple(nodes)


def edges_of(graph: nx.MultiDiGraph[str]) -> tuple[LinkEdge, ...]:
    """Return the links of a graph; part of a larger use case."""
    return tuple(
        LinkEdge(
            id=key,
            source=start,
            target=end,
            kind=fields["kind"],
            role=fields.get("role"),
            date=PartialDate(fields["date"]) if "date" in fields else None,
            grade=fields.get("grade"),
            told_by=fields.get("told_by"),
        )
        for start, end, key, fields in graph.edges(keys=True, data=True)
    )


def _notes_of(found: Around, at: date | None) -> LinkNotes:
    hubs = tuple(LinkHub(id=hub, users=users, at_least=more) for hub, users, more in found.hubs)
    pseudonymised = any(
        found.links.is_pseudonym(number)
        for name in found.graph
        if (number := found.links.find(name)) is not None
    )
    sentences = [
        f"{hub.id} has {'over ' if hub.at_least else ''}{hub.users - hub.at_least:,} users: it is shown "
        "but not expanded."
        for hub in hubs
    ]
    if found.left_out:
        sentences.append(f"{found.left_out:,} more are within this distance and are not shown.")
    if at is not None:
        sentences.append(f"Links after {PartialDate.of(at).in_words()} are left out.")
        if found.undated:
            sentences.append(f"{found.undated:,} links have no date and are shown for every date.")
    if pseudonymised:
        sentences.append("You see reference numbers instead of names, except on cases you are named on.")
    sentences.append(
        "Agencies may hold more than is shown. A link does not show that people know each other."
    )
    return LinkNotes(
        hubs=hubs,
        left_out=found.left_out,
        later_left_out=at is not None,
        undated=found.undated,
        pseudonymised=pseudonymised,
        says=tuple(sentences),
    )
