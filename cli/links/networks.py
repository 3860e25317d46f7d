"""Measures, communities and queries of an imported network. Asks and prints; refuses the record."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.input_files import checked, document_of
from cli.links import items
from cli.links.drawing import SHOWN, first_of, table
from cli.options import CASE_WORK, AsJson, AsUser, Purpose
from cli.output import MARKING, print_json, say
from cli.session import answering
from cli.templates import ITEMS, QUERY, print_template

if TYPE_CHECKING:
    from engine.services.links.networks import Grouped, NetworkMeasured, Rows

# The engine is imported inside the commands: `stac --help` must not wait for networkx and numpy.

NetworkFile = Annotated[
    Path | None,
    typer.Option("--register", metavar="FILE", help="A register from 'stac links import'; required."),
]
Kinds = Annotated[list[str] | None, typer.Option("--kind", help="Only links of this kind; may be repeated.")]
_CAUTION = "Important in a network is not dangerous. It may only mean more recording."


def measures(
    register: NetworkFile = None,
    measure: Annotated[
        list[str] | None,
        typer.Option(
            "--measure",
            metavar="M,...",
            help="degree, betweenness, closeness, triangles, core; default: all.",
        ),
    ] = None,
    top: Annotated[int, typer.Option(min=1, help="Number of entities to list for each measure.")] = 10,
    kind: Kinds = None,
    as_json: AsJson = False,
) -> None:
    """Measure an imported network and list the entities with the largest values, each with its formula.

    Example: stac links measures --register town.stac --measure degree,betweenness
    """
    file = of_a_network(register)
    with answering(as_json):
        from cli.bars import bars
        from engine.services.links.networks import measure_network, measures_named

        wanted = measures_named(measure or ())
        with bars(quiet=as_json) as shown:
            found = measure_network(
                register=file,
                measures=wanted,
                top=top,
                kinds=kind,
                progress=lambda done, of: shown.update(
                    shown.task_ids[0] if shown.task_ids else shown.add_task("entities"),
                    completed=done,
                    total=of,
                ),
            )
    if as_json:
        print_json(found)
    else:
        _draw_measures(found)


def communities(
    register: NetworkFile = None,
    seed: Annotated[
        int, typer.Option("--seed", min=0, help="Start of the search. The same seed gives the same groups.")
    ] = 1,
    kind: Kinds = None,
    as_json: AsJson = False,
) -> None:
    """Find the communities of an imported network: groups with more links inside than chance would give.

    Example: stac links communities --register town.stac --seed 1
    """
    file = of_a_network(register)
    with answering(as_json):
        from cli.bars import busy
        from engine.services.links.networks import as_values, communities_in

        with busy("searching", quiet=as_json):
            found = communities_in(register=file, seed=seed, kinds=kind, with_stability=not as_json)
    if as_json:
        print_json(as_values(found.found))
    else:
        _draw_communities(found, seed)


def query(
    file: Annotated[
        str | None, typer.Argument(metavar="FILE", help="The question in TOML; - is standard input.")
    ] = None,
    register: NetworkFile = None,
    of_record: Annotated[
        bool, typer.Option("--record", help="Ask the record; items are listed by reference.")
    ] = False,
    template: Annotated[bool, typer.Option("--template", help="Print a FILE to fill in.")] = False,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="With --record: a .csv or .xlsx file.")
    ] = None,
    why: Annotated[
        str | None,
        typer.Option("--why", metavar="TEXT", help="For --out or associates: the reason, in one line."),
    ] = None,
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """List entities of a network that meet conditions, by how many linked entities meet others.

    With --record the items of the record that meet conditions, in the order of their references. A question
    by people's associates (kind = "associates") is sent for approval, with --why and a task as --purpose.

    Example: stac links query --register town.stac question.toml
    """
    if template:
        print_template(ITEMS if of_record else QUERY)
        return
    if of_record:
        if file is None or register is not None:
            raise typer.BadParameter("give FILE, without --register")
        items.query_record(file, user, purpose, as_json, out=out, why=why)
        return
    network = of_a_network(register)
    if file is None:
        raise typer.BadParameter("give FILE, or --template")
    with answering(as_json):
        from engine.services.links.networks import Asked, query_network

        rows = query_network(register=network, asked=checked(Asked, document_of(file)))
    if as_json:
        print_json({"rows": [row._asdict() for row in rows]})
    else:
        _draw_rows(rows)


def of_a_network(register: Path | None) -> Path:
    """Return the register asked about; without one it would be the record, whose people are not ranked."""
    if register is None:
        raise typer.BadParameter(
            "people in the record are not ranked or grouped: a high value would be read as danger; give an "
            "imported network",
            param_hint="--register",
        )
    return register


def _draw_measures(found: NetworkMeasured) -> None:
    say(MARKING)
    say(
        f"entities: {found['nodes']:,}; linked pairs: {found['edges']:,}; components: "
        f"{found['components']:,}; entities in the largest: {found['largest_component']:,}"
    )
    say(
        f"triangles: {found['triangles']:,}; density: {_figure(found['density'])}; transitivity: "
        f"{_figure(found['transitivity'])}"
    )
    for name, each in found["measures"].items():
        rows = [(ranked["id"], _figure(ranked["value"])) for ranked in each["top"][:SHOWN]]
        table(name, ("entity", "value"), rows)
        say(f"{name}: {each['formula']}.")
        if each["error"] is not None:
            say(
                f"Estimated from {each['sources']:,} entities. The values shown are within "
                f"{_figure(each['error'])} of the exact ones, 19 times in 20."
            )
        if len(each["top"]) > SHOWN:
            say(f"{len(each['top']) - SHOWN:,} more are listed with --json.")
    say(_CAUTION)


def _figure(value: float) -> str:
    """Return a number to be read: from 1,000 on without decimals."""
    return f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:.6g}"


def _draw_communities(found: Grouped, seed: int) -> None:
    say(MARKING)
    groups, modularity = found.found.communities, found.found.modularity
    if modularity is None:
        say("No entities are linked, so there are no communities.")
        return
    linked = [group for group in groups if len(group) > 1]
    number = "1 community" if len(linked) == 1 else f"{len(linked):,} communities"
    say(f"{number} of 2 or more entities; modularity {modularity:.4f} with seed {seed}")
    largest = enumerate(linked[:SHOWN], 1)
    rows = [(str(number), f"{len(group):,}", first_of(group)) for number, group in largest]
    table(None, ("", "entities", "who"), rows)
    if len(linked) > SHOWN:
        say(f"{len(linked) - SHOWN:,} more are listed with --json.")
    if len(groups) > len(linked):
        say(f"{len(groups) - len(linked):,} without a link, each shown as a group of its own with --json.")
    if (others := found.stability) is not None:
        share = others.agreeing / others.links
        groups_of_all = f"{others.fewest:,}" + (f" to {others.most:,}" if others.most > others.fewest else "")
        say(
            f"{others.runs} runs with other seeds and this one gave {groups_of_all} groups. For "
            f"{others.agreeing:,} of {others.links:,} linked pairs ({share:.0%}) all runs agree whether they "
            "are in one group."
        )
    say(
        "A community shows who is linked more often in these files. It is not a gang, and being in it proves "
        "nothing."
    )


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
