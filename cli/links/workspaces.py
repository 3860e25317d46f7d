"""Networks that a person imports for themselves, as a user at the command. Asks and prints."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from cli.input_files import one_of
from cli.links.asking import Mapping
from cli.output import MARKING, print_json, say
from cli.session import REFUSED, Answer, Desk

# The engine is imported inside the commands: `stac --help` must not wait for networkx and numpy.


def import_(
    desk: Desk,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Your own name for it.")],
    controller: Annotated[
        str, typer.Option("--controller", metavar="TEXT", help="The organisation that answers for the data.")
    ],
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="The purpose, in one line.")],
    basis: Annotated[str, typer.Option("--basis", metavar="TEXT", help="The lawful basis, in one line.")],
    days: Annotated[
        int, typer.Option("--days", metavar="N", help="It is deleted after so many days, 1 to 366.")
    ],
    entities: Annotated[
        list[Path] | None,
        typer.Option("--entities", metavar="FILE", help="CSV, XLSX, GraphML, GEXF or STIX; may be repeated."),
    ] = None,
    linked: Annotated[
        list[Path] | None, typer.Option("--links", metavar="FILE", help="The same; may be repeated.")
    ] = None,
    mapping: Mapping = None,
) -> None:
    """Import a network into your own workspace, apart from the record. Only you can open it.

    Example: stac links network import N --links links.csv --controller STAC --why Pilot --basis Law --days 9
    """
    from engine.services.links.workspaces import import_network, terms_of

    done = import_network(
        desk.context,
        entities=entities or (),
        links=linked or (),
        mapping=mapping,
        terms=terms_of(
            name=name,
            controller=controller,
            purpose=why,
            basis=basis,
            delete_on=desk.runtime.clock.today() + timedelta(days=days),
        ),
    )
    if desk.as_json:
        print_json(done.model_dump(mode="json"))
    else:
        network = done.network
        say(MARKING)
        say(
            f"{network.reference}: {network.entities:,} entities and {network.links:,} links, deleted on "
            f"{network.terms.delete_on:%-d %B %Y}"
        )
        for note in network.notes:
            say(f"note: {note}")
        for row in done.rejected:
            say(f"{row.file} row {row.row}{f', {row.column}' if row.column else ''}: {row.reason}")
    if done.rejected:
        raise typer.Exit(REFUSED)


def list_(
    desk: Desk,
    every: Annotated[
        bool, typer.Option("--all", help="For the data protection officer: whose, for what, until when.")
    ] = False,
) -> None:
    """List your own networks.

    Example: stac links network list
    """
    from cli.tables import console, draw_table  # loads the domain's words, which --help need not
    from engine.services.links.workspaces import networks_of, networks_stored

    held = networks_stored(desk.context) if every else ()
    own = () if every else networks_of(desk.context)
    if desk.as_json:
        print_json([each.model_dump(mode="json") for each in (*own, *held)])
        return

    say(MARKING)
    rows = [
        (each.reference, each.terms.name, f"{each.entities:,}", f"{each.links:,}", str(each.terms.delete_on))
        for each in own
    ]
    if rows:
        draw_table(console(), None, ("reference", "name", "entities", "links", "deleted on"), rows)
    others = [
        (each.reference, each.owner, each.controller, each.purpose, each.basis, str(each.delete_on))
        for each in held
    ]
    if others:
        columns = ("reference", "owner", "controller", "purpose", "lawful basis", "deleted on")
        draw_table(console(), None, columns, others)
    if not own and not held:
        say("No network is stored." if every else "You have no network.")


def delete(
    desk: Desk,
    reference: Annotated[str, typer.Argument(metavar="REF", help="The network, such as NW-...")],
    because: Annotated[
        str | None,
        typer.Option(
            "--because",
            metavar="GROUND",
            help="For the data protection officer, of any user's network: the ground.",
        ),
    ] = None,
) -> Answer:
    """Delete one of your networks now. The data protection officer deletes any, unopened, with a ground.

    Example: stac links network delete NW-7K3M9QV
    """
    from engine.domain.links.networks import DeletedBecause
    from engine.services.links.workspaces import delete_held_network, delete_network

    if because is None:
        delete_network(desk.context, reference=reference)
    else:
        ground = one_of(DeletedBecause, because, "--because")
        delete_held_network(desk.context, reference=reference, because=ground)
    return Answer({"deleted": reference.strip().upper()}, f"Network {reference.strip().upper()} is deleted.")
