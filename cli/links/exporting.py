"""Links and maps as files for other programs. Asks and prints."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.file_tools import registers
from cli.input_files import one_of
from cli.links import record as link_record
from cli.links.asking import RegisterFile
from cli.options import CASE_WORK, AsJson, AsUser, Purpose
from cli.output import print_json, say

# The engine is imported inside the commands: `stac --help` must not wait for networkx and numpy.


def export(
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE|DIR", help="The file to write; for i2 a folder.")
    ],
    form: Annotated[
        str,
        typer.Option(
            "--format",
            help="graphml, gexf, cytoscape, nodelink, i2, stix; map and path also png, svg, pdf, xlsx, csv.",
        ),
    ],
    register: RegisterFile = None,
    network: Annotated[
        str | None, typer.Option("--network", metavar="REF", help="A network of your own, such as NW-...")
    ] = None,
    around: Annotated[
        str | None, typer.Option("--around", metavar="ID", help="Only the map around this entity.")
    ] = None,
    path: Annotated[
        tuple[str, str] | None,
        typer.Option("--path", metavar="A B", help="Only the shortest paths between these 2 entities."),
    ] = None,
    hops: Annotated[int, typer.Option(min=1, max=4, help="Links away, with --around.")] = 2,
    why: Annotated[
        str | None,
        typer.Option("--why", metavar="TEXT", help="The reason, in one line; required for the record."),
    ] = None,
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Export a register, a network, or with --why the links that you can view, or a map or path as a picture.

    Example: stac links export --register town.stac --format graphml --out town.graphml
    """
    from engine.services.links.choices import graph_formats

    if around is not None or path is not None:
        if register is not None or (around is not None and path is not None):
            raise typer.BadParameter("give --around or --path, of the record or with --network")
        part = link_record.MapPart(around, path, hops, network)
        files = link_record.export_part(user, purpose, as_json, part=part, form=form, out=out, why=why)
        print_json({"files": files}) if as_json else say(f"wrote {files[0]}")
        return
    layout = one_of(graph_formats(), form, "--format")
    if network is not None:
        files = link_record.export_network(user, purpose, as_json, network=network, form=layout, out=out)
    elif register is None:
        files = link_record.export(user, purpose, as_json, form=layout, out=out, why=why)
    else:
        files = registers("--register").export(register, as_json, form=layout, out=out)
    if as_json:
        print_json({"files": files})
    else:
        for name in files:
            say(f"wrote {name}")
