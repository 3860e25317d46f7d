"""Links of the record itself, asked as a user: ``stac links`` without --register. Decides nothing."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from cli.links.drawing import draw_age
from cli.output import MARKING, print_json, say
from cli.session import Answer, Desk, at_desk
from engine.domain.file_faults import why_not

if TYPE_CHECKING:
    from datetime import date

    from engine.domain.links.exported_maps import ExportedMap
    from engine.domain.links.maps import PathOnMap
    from engine.domain.links.questions import LinksAnswer
    from engine.domain.links.views import LinkView
    from engine.services.links.choices import Format, Paths, Patterns, Search
    from engine.services.links.graphs import RecordComponentFigures, RecordPathFigures
    from engine.services.links.register import RecordFigures, Trends

_EVERY = 1_000_000


class PathLimits(NamedTuple):
    """The limits of a search for a path, and how many times the next longer ones are asked for."""

    through_hubs: bool
    kinds: tuple[str, ...]
    since: date | None
    until: date | None
    longer: int


# The engine is imported inside the functions: `stac --help` must not wait for networkx and the database.


def around(
    reference: str,
    user: str | None,
    purpose: str,
    as_json: bool,
    *,
    hops: int,
    hub_cap: int,
    kinds: Sequence[str],
    on: str | None,
) -> None:
    """Print the surroundings of a person, an incident, a referral or a thing of the record."""
    day = _day(on)
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.links.views import view_around

        view = view_around(
            desk.context,
            reference=reference,
            hops=hops,
            hub_cap=hub_cap,
            at=day,
            kinds=kinds,
            most=2_000,
            snapshots=desk.runtime.link_snapshots,
        )
    if as_json:
        print_json(_node_link(view))
    else:
        _draw(view)


def ask(
    desk: Desk,
    text: Annotated[
        str,
        typer.Argument(
            metavar="TEXT",
            help="One name, reference, phone number, plate or handle, or 'path from A to B'.",
        ),
    ],
) -> None:
    """Search for where links begin, or for the path between 2 people. Each search is recorded.

    Example: stac links ask "path from Daniel Roe to Rex Yarn"
    """
    from engine.services.people.link_search import ask_links

    answer = ask_links(desk.context, text=text, snapshots=desk.runtime.link_snapshots)
    if desk.as_json:
        print_json(answer.model_dump(mode="json"))
    else:
        _draw_answer(answer)


def summary(user: str | None, purpose: str, as_json: bool) -> RecordFigures:
    """Return the record's links in figures."""
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.links import register as link_register

        return link_register.summary(desk.context, snapshots=desk.runtime.link_snapshots)


def components(user: str | None, purpose: str, as_json: bool) -> RecordComponentFigures:
    """Return the connected components of the record."""
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.links import graphs as link_graphs

        return link_graphs.components(desk.context, snapshots=desk.runtime.link_snapshots, most=0).figures


def path(
    start: str,
    end: str,
    user: str | None,
    purpose: str,
    as_json: bool,
    *,
    most: int,
    limits: PathLimits,
    network: str | None,
) -> RecordPathFigures | Paths:
    """Return the paths between two nodes of the record, or of a network of one's own."""
    with at_desk(user, purpose, as_json) as desk:
        from engine.domain.links.maps import PathAsked
        from engine.services.links.network_maps import path_in_words
        from engine.services.links.path_maps import path_asked, path_figures

        asked = path_asked(
            PathAsked(start=start, end=end, through_hubs=limits.through_hubs),
            kinds=limits.kinds,
            since=limits.since,
            until=limits.until,
            longer=limits.longer,
        )
        if network is not None:
            return path_in_words(desk.context, network=network, asked=asked, most=most)
        return path_figures(desk.context, asked=asked, snapshots=desk.runtime.link_snapshots, most=most)


def patterns(
    user: str | None,
    purpose: str,
    as_json: bool,
    *,
    asked: Search,
    progress: Callable[[int, int], object] | None,
) -> Patterns:
    """Return every pattern in what this person may see of the record."""
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.links import register as link_register

        return link_register.patterns(
            desk.context, snapshots=desk.runtime.link_snapshots, asked=asked, progress=progress
        )


def trends(user: str | None, purpose: str, as_json: bool) -> Trends:
    """Return the trend of each two people in what this person may see of the record."""
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.links import register as link_register

        return link_register.trends(desk.context, snapshots=desk.runtime.link_snapshots, most=_EVERY)


def export(
    user: str | None, purpose: str, as_json: bool, *, form: Format, out: Path, why: str | None
) -> list[str]:
    """Write what this person may see of the record."""
    if why is None:
        raise typer.BadParameter("give the reason with --why to export links of the record")
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.links.export import export as written

        return written(desk.context, snapshots=desk.runtime.link_snapshots, form=form, out=out, why=why)


class MapPart(NamedTuple):
    """The map or the path that is exported."""

    around: str | None
    path: tuple[str, str] | None
    hops: int
    network: str | None


def export_network(
    user: str | None, purpose: str, as_json: bool, *, network: str, form: Format, out: Path
) -> list[str]:
    """Write all of a network of one's own."""
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.links.network_exports import export_network as written

        return written(desk.context, network=network, form=form, out=out)


def export_part(
    user: str | None, purpose: str, as_json: bool, *, part: MapPart, form: str, out: Path, why: str | None
) -> list[str]:
    """Write a map or a path as a picture, a table or a graph."""
    if why is None and part.network is None:
        raise typer.BadParameter("give the reason with --why to export links of the record")
    with at_desk(user, purpose, as_json) as desk:
        made = _made(desk, part, form.strip().casefold(), why or "")
        write_file(out, made.content)
        return [str(out)]


def write_file(out: Path, content: bytes) -> None:
    """Write a file that only its owner may read."""
    from engine.domain.errors import InvalidInputError

    try:
        handle = os.open(out, os.O_CREAT | os.O_WRONLY | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(handle, "wb") as file:
            os.fchmod(handle, 0o600)
            file.write(content)
    except OSError as error:
        raise InvalidInputError("out", f"cannot be written there ({why_not(error)})") from None


def _made(desk: Desk, part: MapPart, form: str, why: str) -> ExportedMap:
    from engine.domain.links.maps import MapAsked, PathAsked
    from engine.services.links import export as exports
    from engine.services.links import network_exports

    context, snapshots = desk.context, desk.runtime.link_snapshots
    if part.path is not None:
        asked = PathAsked(start=part.path[0], end=part.path[1])
        if part.network is not None:
            return network_exports.export_network_path(context, network=part.network, asked=asked, form=form)
        return exports.export_path(context, asked=asked, form=form, why=why, snapshots=snapshots)
    whole = MapAsked(start=part.around or "", hops=part.hops)
    if part.network is not None:
        return network_exports.export_network_map(
            context, network=part.network, asked=whole, placed={}, form=form, caption=""
        )
    taken = exports.ask_export(context, asked=whole, form=form, why=why, snapshots=snapshots)
    return exports.made_export(context, reference=taken.ref, snapshots=snapshots)


def reindex(
    desk: Desk,
    everything: Annotated[
        bool, typer.Option("--all", help="Index every case again, not only new cases.")
    ] = False,
) -> Answer:
    """Update the link index and check the saved searches.

    Example: stac links reindex
    """
    from engine.services.links.projection import refresh_links
    from engine.services.links.saved_searches import ask_standing_queries

    done = refresh_links(desk.context, everything=everything, snapshots=desk.runtime.link_snapshots)
    ask_standing_queries(desk.context, snapshots=desk.runtime.link_snapshots)
    return Answer(done, "The link index is up to date.")


def _node_link(view: LinkView) -> dict[str, object]:
    """Return it as ``networkx.node_link_graph(..., edges="edges")`` reads it.

    What was not recorded is absent.
    """
    nodes = [node.model_dump(mode="json", exclude_none=True, exclude={"kind"}) for node in view.nodes]
    edges = [edge.model_dump(mode="json", exclude_none=True, exclude={"id"}) for edge in view.edges]
    return {
        "directed": True,
        "multigraph": True,
        "graph": {
            "around": view.middle,
            "hops": view.hops,
            "at": str(view.at) if view.at else None,
            "read_at": view.read_at.isoformat(),
            "snapshot_at": view.snapshot_at.isoformat() if view.snapshot_at else None,
            "cases_changed_since": view.changed_since,
            "hubs_not_expanded": [hub.model_dump(mode="json") for hub in view.told.hubs],
            "left_out": view.told.left_out,
            "undated": view.told.undated,
            "says": list(view.told.says),
        },
        "nodes": [
            {**fields, "type": node.kind.value} for fields, node in zip(nodes, view.nodes, strict=True)
        ],
        "edges": [{**fields, "key": edge.id} for fields, edge in zip(edges, view.edges, strict=True)],
    }


def _draw(view: LinkView) -> None:
    from cli.tables import console, draw_table  # loads the domain's words, which --help need not

    say(MARKING)
    labels = {node.id: node.label for node in view.nodes}
    say(
        f"{len(view.nodes):,} nodes and {len(view.edges):,} links within {view.hops} links "
        f"of {view.middle} ({labels[view.middle]})"
    )
    draw_table(
        console(),
        None,
        ("from", "", "role", "to", "", "date", "source"),
        [
            (
                edge.source,
                _short(labels[edge.source], edge.source),
                edge.role or "",
                edge.target,
                _short(labels[edge.target], edge.target),
                str(edge.date) if edge.date else "",
                edge.told_by or "",
            )
            for edge in view.edges
        ],
    )
    for sentence in view.told.says:
        say(sentence)
    if view.snapshot_at is not None:
        draw_age({"snapshot_at": view.snapshot_at.isoformat(), "cases_changed_since": view.changed_since})


def _draw_answer(answer: LinksAnswer) -> None:
    say(MARKING)
    for title, end in zip(("from", "to") if answer.is_path else ("",), answer.ends, strict=True):
        for result in end.results:
            on = f"  matched on {', '.join(result.on)}" if result.on else ""
            say(f"{title} {result.reference}  {_short(result.label, result.reference)}{on}".strip())
        for hit in end.elsewhere:
            say(f"{title} {hit.reference}  ask {hit.ask}  matched on {', '.join(hit.on)}".strip())
        if not (end.results or end.elsewhere):
            say("No referral is listed. No results does not mean that agencies hold nothing.")
        if end.more or end.too_common:
            say("There are more, or the name is too common. Add a date of birth or a number.")
    if answer.path is not None:
        _draw_found_path(answer.path)
    elif answer.is_path:
        say("Choose one of each: stac links shortest-path A B")
    if answer.sent is not None:
        say(answer.sent)
        say(f"{answer.left_today} searches left today")


def _draw_found_path(found: PathOnMap) -> None:
    from engine.domain.links.path_ends import ends_in_words

    if not found.paths:
        say("No path in what you can see. There may still be a connection.")
        return
    for sentence in ends_in_words((found.asked.start, found.asked.end), found.paths[0]):
        say(sentence)
    if len(found.paths[0]) == 1:
        return
    for number in range(len(found.paths)):
        say(f"path {number + 1} of {found.number}:")
        for sentence in found.sentences(number):
            say(f"  {sentence}")
        for against in found.against(number):
            say(f"  but: {against}")


def _short(label: str, name: str) -> str:
    """Return a label without the reference beside it."""
    return label.removesuffix(name).strip()


def _day(given: str | None) -> date | None:
    if given is None:
        return None
    from cli.input_files import partial_date

    day = partial_date(given, "--on")
    if not day.is_whole_day:
        raise typer.BadParameter("give a full date, such as 2026-03-09", param_hint="--on")
    return day.earliest
