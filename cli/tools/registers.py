"""Register files and files of events, for the commands that ask them or the record. Asks and prints."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from cli.input_files import checked, document_of
from cli.links.drawing import SHOWN, table
from cli.output import MARKING, print_json, print_refusal, say
from cli.session import REFUSED, answering
from cli.templates import print_template
from cli.tools.options import required_register
from cli.tools.templates import QUERY

if TYPE_CHECKING:
    from engine.services.links.choices import Components, Figures, Format, Paths, Patterns, Search
    from engine.services.tools.networks import Rows

# The engine is imported inside the functions: `stac --help` must not wait for networkx and numpy.


def summary(register: Path, as_json: bool) -> Figures:
    """Return a register in figures."""
    with answering(as_json):
        from engine.services.tools.registers import summary_of

        return summary_of(register=register)


def components(register: Path, as_json: bool) -> Components:
    """Return its connected components."""
    with answering(as_json):
        from engine.services.tools.registers import components_of

        return components_of(register=register)


def print_neighbours(
    register: Path, entity: str, as_json: bool, *, hops: int, hub_cap: int, kinds: Sequence[str] | None
) -> None:
    """Print the neighbourhood of an entity, as a table or node-link data."""
    with answering(as_json):
        from engine.services.tools.registers import around as found_around

        fields = found_around(register=register, entity_id=entity, hops=hops, hub_cap=hub_cap, kinds=kinds)
    if as_json:
        print_json(fields)
        return
    say(MARKING)
    nodes, edges = len(fields["nodes"]), len(fields["edges"])
    say(f"{nodes:,} entities and {edges:,} links within {hops} links of {entity}")
    rows = [
        (edge["source"], edge["target"], edge["kind"], edge.get("role", ""), edge.get("date", ""))
        for edge in fields["edges"]
    ]
    table(None, ("from", "to", "kind", "role", "date"), rows)
    for hub in fields["graph"]["hubs_not_expanded"]:
        say(f"{hub['id']} has {hub['links']:,} links: it is not expanded")
    if fields["graph"]["left_out"]:
        say(f"{fields['graph']['left_out']:,} more entities are within reach and not shown")


def path(
    register: Path,
    start: str,
    end: str,
    as_json: bool,
    *,
    most: int,
    through_hubs: bool,
    kinds: Sequence[str],
    since: date | None,
    until: date | None,
    longer: int,
) -> Paths:
    """Return the shortest paths between two entities."""
    with answering(as_json):
        from engine.services.tools.registers import path_between

        return path_between(
            register=register,
            start=start,
            end=end,
            most=most,
            through_hubs=through_hubs,
            kinds=kinds,
            since=since,
            until=until,
            longer=longer,
        )


def patterns(
    register: Path, as_json: bool, *, asked: Search, progress: Callable[[int, int], object]
) -> Patterns:
    """Return the patterns of a register."""
    with answering(as_json):
        from engine.clock import SystemClock
        from engine.services.tools.registers import patterns_in

        return patterns_in(clock=SystemClock(), register=register, asked=asked, progress=progress)


def print_trends(events: Path, as_json: bool, *, mapping: Path | None, severity: bool) -> None:
    """Print the trend of each case of a file of events."""
    with answering(as_json):
        from engine.services.tools.registers import escalation_in

        trends, left = escalation_in(events=events, mapping=mapping)
    if as_json:
        print_json([trend.as_values(severity=severity) for trend in trends])
    else:
        say(MARKING)
        for trend in trends:
            say(f"{trend.case}: {'ALARM: ' if trend.alarm else ''}{trend.says}")
        say("Cases are in the order of the file. The probabilities are in --json, for analysts.")
    for sentence in left:
        print_refusal(sentence)
    if left:
        raise typer.Exit(REFUSED)


def print_query(register: Path | None, file: str | None, as_json: bool) -> None:
    """Print the entities that meet the conditions in a file."""
    network = required_register(register)
    if file is None:
        raise typer.BadParameter("give FILE, or --template")
    with answering(as_json):
        from engine.services.tools.networks import Asked, query_network

        rows = query_network(register=network, asked=checked(Asked, document_of(file)))
    if as_json:
        print_json({"rows": [row._asdict() for row in rows]})
    else:
        _draw_rows(rows)


def print_query_template() -> None:
    """Print such a file to fill in."""
    print_template(QUERY)


def export(register: Path, as_json: bool, *, form: Format, out: Path) -> list[str]:
    """Write a register for other programs; return the names of the files."""
    with answering(as_json):
        from engine.clock import SystemClock
        from engine.services.tools.registers import export_links

        return export_links(clock=SystemClock(), register=register, form=form, out=out)


def _draw_rows(rows: Rows) -> None:
    say(MARKING)
    say("1 entity" if len(rows) == 1 else f"{len(rows):,} entities")
    table(
        None,
        ("entity", "count"),
        [(row.id, "" if row.value is None else f"{row.value:,}") for row in rows[:SHOWN]],
    )
    if len(rows) > SHOWN:
        say(f"{len(rows) - SHOWN:,} more are listed with --json.")
    say("A count shows what the files have. More may only mean more recording; 0 may be a gap in it.")
