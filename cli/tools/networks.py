"""Register files: imported, measured, cut into communities. Asks and prints; refuses the record."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.links.asking import Mapping
from cli.links.drawing import SHOWN, first_of, table
from cli.options import AsJson
from cli.output import MARKING, print_json, say
from cli.session import REFUSED, answering
from cli.tools.options import required_register

if TYPE_CHECKING:
    from engine.services.links.networks import NetworkMeasured
    from engine.services.tools.networks import Grouped
    from engine.services.tools.registers import LinksImported

# The engine is imported inside the commands: `stac --help` must not wait for networkx and numpy.

NetworkFile = Annotated[
    Path | None,
    typer.Option("--register", metavar="FILE", help="A register from 'stac links import'; required."),
]
Kinds = Annotated[list[str] | None, typer.Option("--kind", help="Only links of this kind; may be repeated.")]
_CAUTION = "Important in a network is not dangerous. It may only mean more recording."


def import_files(
    register: Annotated[Path, typer.Option("--register", metavar="FILE", help="The register file to write.")],
    entities: Annotated[
        list[Path] | None,
        typer.Option(
            "--entities",
            metavar="FILE",
            help="CSV, XLSX, GraphML, GEXF or STIX: id, type, ...; may be repeated.",
        ),
    ] = None,
    linked: Annotated[
        list[Path] | None,
        typer.Option(
            "--links", metavar="FILE", help="The same: from, to, kind, role, date, ...; may be repeated."
        ),
    ] = None,
    mapping: Mapping = None,
    as_json: AsJson = False,
) -> None:
    """Import entities and links into a register file. Each rejected row is listed.

    With --links only, the entities are the ends of the links. A graph or a workbook may have both tables.
    Files are read in the order given.

    Example: stac links import --register town.stac --entities entities.csv --links links.csv
    """
    with answering(as_json):
        from engine.clock import SystemClock
        from engine.services.tools.registers import import_links

        done = import_links(
            clock=SystemClock(),
            entities=entities or (),
            links=linked or (),
            register=register,
            mapping=mapping,
        )
    if as_json:
        print_json(done.model_dump(mode="json"))
    else:
        _draw_import(done)
    if done.rejected:
        raise typer.Exit(REFUSED)


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
    file = required_register(register)
    with answering(as_json):
        from cli.bars import bars
        from engine.services.tools.networks import measure_network, measures_named

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
    file = required_register(register)
    with answering(as_json):
        from cli.bars import busy
        from engine.services.tools.networks import as_values, communities_in

        with busy("searching", quiet=as_json):
            found = communities_in(register=file, seed=seed, kinds=kind, with_stability=not as_json)
    if as_json:
        print_json(as_values(found.found))
    else:
        _draw_communities(found, seed)


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


def _draw_import(done: LinksImported) -> None:
    """Draw what came into a register, what was withheld, and every row that was not read."""
    say(f"{done.entities:,} entities and {done.links:,} links in {done.register_file}")
    if done.protected_entities or done.protected_links:
        say(
            f"{done.protected_entities:,} protected entities and {done.protected_links:,} links (protected "
            "or to a protected entity) were not imported"
        )
    for note in done.notes:
        say(f"note: {note}")
    if done.rejected:
        counted = ", ".join(f"{number:,} {why}" for why, number in done.rejected_by_reason.items())
        say(f"{len(done.rejected):,} rows were rejected or changed: {counted}")
    for each in done.rejected[:SHOWN]:
        place = f"{each.file}, row {each.row}" + (f", column {each.column}" if each.column else "")
        say(f"  {place}: {each.reason}")
    if len(done.rejected) > SHOWN:
        say(f"  and {len(done.rejected) - SHOWN:,} more; --json shows them all")
