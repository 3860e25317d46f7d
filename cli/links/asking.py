"""Questions about links to the record, or to a file of one's own. Asks and prints."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.file_tools import registers
from cli.input_files import a_day, one_of
from cli.links import record as link_record
from cli.links.drawing import (
    draw_components,
    draw_path,
    draw_patterns,
    draw_summary,
    draw_trends,
)
from cli.options import CASE_WORK, AsJson, AsUser, Purpose
from cli.output import print_json

if TYPE_CHECKING:
    from engine.services.links.choices import Components, Figures, Paths

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
        fields = registers("--register").summary(register, as_json)
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
        fields = registers("--register").components(register, as_json)
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
    if register is not None:
        registers("--register").print_neighbours(
            register, entity, as_json, hops=hops, hub_cap=hub_cap, kinds=kind
        )
        return
    link_record.around(entity, user, purpose, as_json, hops=hops, hub_cap=hub_cap, kinds=kind or (), on=on)


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
        fields = registers("--register").path(register, start, end, as_json, most=most, **limits._asdict())
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
    from engine.services.links.choices import Search, pattern_keys

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
            found = registers("--register").patterns(register, as_json, asked=search, progress=progress)
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
    registers("EVENTS").print_trends(events, as_json, mapping=mapping, severity=severity)
