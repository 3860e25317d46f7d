"""Links in files: a register of another's network, what is in it, patterns, trends. Asks and prints."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.input_files import a_day, one_of
from cli.links import record as link_record
from cli.links.drawing import (
    draw_components,
    draw_import,
    draw_path,
    draw_patterns,
    draw_summary,
    draw_trends,
    table,
)
from cli.options import CASE_WORK, AsJson, AsUser, Purpose
from cli.output import MARKING, print_json, print_refusal, say
from cli.session import REFUSED, answering

if TYPE_CHECKING:
    from engine.services.links.files import Components, Figures, Paths

# The engine is imported inside the commands: `stac --help` must not wait for networkx and numpy.


RegisterFile = Annotated[
    Path | None,
    typer.Option(
        "--register", metavar="FILE", help="A register from 'stac links import'; default: the record."
    ),
]
Mapping = Annotated[
    Path | None,
    typer.Option("--mapping", metavar="FILE", help="A TOML file that maps columns and terms."),
]


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
        from engine.services.links.files import import_links

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
        draw_import(done)
    if done.rejected:
        raise typer.Exit(REFUSED)


def summary(
    register: RegisterFile = None,
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Show summary figures: entities, links, components and most-linked entities.

    Example: stac links summary --register town.stac
    """
    if register is None:
        fields: Figures = link_record.summary(user, purpose, as_json)
    else:
        with answering(as_json):
            from engine.services.links.files import summary_of

            fields = summary_of(register=register)
    if as_json:
        print_json(fields)
    else:
        draw_summary(fields)


def components(
    register: RegisterFile = None,
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """List connected components, largest first.

    Example: stac links components
    """
    if register is None:
        fields: Components = link_record.components(user, purpose, as_json)
    else:
        with answering(as_json):
            from engine.services.links.files import components_of

            fields = components_of(register=register)
    if as_json:
        print_json(fields)
    else:
        draw_components(fields)


def neighbours(
    entity: Annotated[str, typer.Argument(metavar="ID", help="The entity.")],
    hops: Annotated[int, typer.Option(min=0, max=12, help="Number of links away.")] = 2,
    register: RegisterFile = None,
    hub_cap: Annotated[int, typer.Option(min=1, help="Do not expand an object with more links.")] = 50,
    kind: Annotated[
        list[str] | None, typer.Option(help="Follow only links of this kind; may be repeated.")
    ] = None,
    on: Annotated[
        str | None,
        typer.Option("--on", metavar="DATE", help="The record at this date; later links are left out."),
    ] = None,
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Show an entity's neighbours, as a table or node-link data.

    Example: stac links neighbours P-7K3M9QV --hops 2
    """
    if register is None:
        link_record.around(
            entity, user, purpose, as_json, hops=hops, hub_cap=hub_cap, kinds=kind or (), on=on
        )
        return
    file = register
    with answering(as_json):
        from engine.services.links.files import around as found_around

        fields = found_around(register=file, entity_id=entity, hops=hops, hub_cap=hub_cap, kinds=kind)
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


def shortest_path(
    start: Annotated[str, typer.Argument(metavar="A", help="The first entity.")],
    end: Annotated[str, typer.Argument(metavar="B", help="The second entity.")],
    register: RegisterFile = None,
    most: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=100_000,
            help="Most paths to list; all are counted. 1000, and with --network 20, which is the most there.",
        ),
    ] = None,
    through_hubs: Annotated[
        bool, typer.Option("--through-hubs", help="Include paths across objects with very many links.")
    ] = False,
    kind: Annotated[
        list[str] | None,
        typer.Option(help="Follow only links of this kind; may be repeated."),
    ] = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="DATE", help="Leave out links that are earlier.")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="DATE", help="Leave out links that are later.")
    ] = None,
    longer: Annotated[
        int, typer.Option(min=0, max=2, help="Also the next longer paths, by 2 links each time.")
    ] = 0,
    network: Annotated[
        str | None, typer.Option("--network", metavar="REF", help="A network of your own, such as NW-...")
    ] = None,
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Find the shortest paths between 2 entities, and what links each step.

    A link without a date is followed whatever the dates are.

    Example: stac links shortest-path P-7K3M9QV P-2H4N8RX --since 2026-01-01 --longer 1
    """
    limits = link_record.PathLimits(
        through_hubs, tuple(kind or ()), a_day(since, "--since"), a_day(until, "--until"), longer
    )
    if limits.since and limits.until and limits.until < limits.since:
        raise typer.BadParameter("give a date that is not before --since", param_hint="--until")
    if register is not None and network is not None:
        raise typer.BadParameter("give --register or --network", param_hint="--network")
    most = _most_listed(most, network)
    if register is None:
        fields: Paths = link_record.path(
            start, end, user, purpose, as_json, most=min(most, 1_000), limits=limits, network=network
        )
    else:
        with answering(as_json):
            from engine.services.links.files import path_between

            fields = path_between(register=register, start=start, end=end, most=most, **limits._asdict())
    if as_json:
        print_json(fields)
    else:
        draw_path(fields, start, end, most)


def _most_listed(most: int | None, network: str | None) -> int:
    if network is None:
        return most or 1_000
    from engine.services.links.network_maps import MOST_PATHS

    if most is not None and most > MOST_PATHS:
        raise typer.BadParameter(f"give at most {MOST_PATHS} with --network", param_hint="--most")
    return most or MOST_PATHS


def _threshold(text: str) -> tuple[str, int]:
    name, _, value = text.partition("=")
    if not value.isdecimal():
        raise typer.BadParameter(
            "give a name and a whole number, as serial_victims=3", param_hint="--threshold"
        )
    return name.strip(), int(value)


def patterns(
    register: RegisterFile = None,
    at_least: Annotated[
        int | None,
        typer.Option("--at-least", min=2, metavar="N", help="Fewest victims of a serial perpetrator."),
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option("--only", metavar="KEY", help="Only this pattern; may be repeated.")
    ] = None,
    threshold: Annotated[
        list[str] | None,
        typer.Option("--threshold", metavar="NAME=N", help="Try another threshold; may be repeated."),
    ] = None,
    by_chance: Annotated[
        bool, typer.Option("--by-chance", help="Say how many random reshuffles of the links have as many.")
    ] = False,
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Find patterns. Each finding shows its path and the evidence against it.

    Example: stac links patterns --only serial-perpetrator --threshold serial_victims=3 --by-chance
    """
    from cli.bars import bars
    from engine.services.links.files import Search, pattern_keys, patterns_in

    keys = [one_of(pattern_keys(), each, "--only") for each in only] if only else None
    tried = {"serial_victims": at_least} if at_least is not None else {}
    tried |= dict(_threshold(each) for each in threshold or ())
    search = Search(keys, tried or None, None, by_chance)
    with bars(quiet=as_json or not by_chance) as shown:

        def progress(done: int, of: int) -> None:
            task = shown.task_ids[0] if shown.task_ids else shown.add_task("reshuffles of a pattern")
            shown.update(task, completed=done, total=of)

        if register is None:
            found = link_record.patterns(user, purpose, as_json, asked=search, progress=progress)
        else:
            with answering(as_json):
                from engine.clock import SystemClock

                found = patterns_in(clock=SystemClock(), register=register, asked=search, progress=progress)
    if as_json:
        answer: dict[str, object] = {
            key.value: [each.model_dump(mode="json") for each in findings]
            for key, findings in found.findings.items()
        }
        answer["not_judged"] = [
            {
                "pattern": each.pattern.value,
                **each.judged.model_dump(mode="json"),
                "path": [],
                "counter_evidence": [],
            }
            for each in found.not_judged
        ]
        if found.snapshot_at is not None:
            answer["snapshot_at"] = found.snapshot_at.isoformat()
            answer["cases_changed_since"] = found.changed_since
        if found.in_cases is not None:
            answer["in_cases"] = {key.value: each.model_dump() for key, each in found.in_cases.items()}
        if found.as_one is not None:
            answer["found_read_as_one"] = {key.value: number for key, number in found.as_one.items()}
        if found.marks is not None:
            answer["marks"] = {key.value: each.as_values() for key, each in found.marks.items()}
        for name, of_each in (("by_chance", found.by_chance), ("changed", found.changed)):
            if of_each is not None:
                answer[name] = {key.value: each.model_dump(mode="json") for key, each in of_each.items()}
        print_json(answer)
        return
    draw_patterns(found)


def trends(
    events: Annotated[
        Path | None, typer.Argument(metavar="EVENTS", help="CSV: case, date, severity, what.")
    ] = None,
    mapping: Mapping = None,
    severity: Annotated[
        bool, typer.Option("--severity", help="With --json: the probability of the rise in severity too.")
    ] = False,
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Test each case of a file, or each 2 people of the record, for a rise in reported incidents.

    Example: stac links trends events.csv
    """
    if events is None:
        view = link_record.trends(user, purpose, as_json)
        print_json(view.as_values()) if as_json else draw_trends(view)
        return
    with answering(as_json):
        from engine.services.links.files import escalation_in

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
