"""Saved searches and maps shared with a named person, as a user. Asks and prints; decides nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import typer

from cli.output import MARKING, print_json, say
from cli.session import Answer, Command, Desk

# The engine is imported inside the commands: `stac --help` must not wait for networkx and numpy.

ItemRef = Annotated[str, typer.Argument(metavar="REF", help="The saved search (Q-...) or saved map (M-...).")]


def create(
    desk: Desk,
    reference: ItemRef,
    recipient: Annotated[str, typer.Option("--with", metavar="USER", help="The user to share it with.")],
) -> Answer:
    """Share a saved search or map with a user, who reads it by their own access.

    Example: stac links share create Q-7K3M9QV --with ana
    """
    from engine.services.links.sharing import share_with

    share = share_with(
        desk.context, snapshots=desk.runtime.link_snapshots, reference=reference, recipient=recipient
    )
    return Answer(
        share, f"{share.item} is shared with {share.recipient}, who sees only what their own access shows."
    )


def list_(desk: Desk) -> None:
    """List what is shared with you, with its results by your access, and what you share.

    Example: stac links share list
    """
    from cli.tables import console, draw_table  # loads the domain's words, which --help need not
    from engine.services.links.sharing import my_shares, shared_with_me

    received = shared_with_me(desk.context, snapshots=desk.runtime.link_snapshots)
    given = my_shares(desk.context)
    if desk.as_json:
        print_json(
            {
                "shared_with_you": [each.model_dump(mode="json", exclude={"asked"}) for each in received],
                "shared_by_you": [each.model_dump(mode="json") for each in given],
            }
        )
        return

    say(MARKING)
    rows = [(each.reference, each.title, str(each.matches), each.owner) for each in received]
    draw_table(console(), "Shared with you", ("reference", "search or map", "results", "by"), rows)
    shared = [(each.item, each.recipient, each.act.value) for each in given]
    draw_table(console(), "Shared by you", ("reference", "with", "status"), shared)


def delete(
    desk: Desk,
    reference: ItemRef,
    recipient: Annotated[
        str | None, typer.Option("--with", metavar="USER", help="Stop sharing your own item with this user.")
    ] = None,
) -> Answer:
    """Stop sharing your own item with a user, or remove an item from what is shared with you.

    Example: stac links share delete Q-7K3M9QV --with ana
    """
    from engine.services.links.sharing import end_share, remove_shared

    if recipient is None:
        remove_shared(desk.context, reference=reference)
    else:
        end_share(desk.context, reference=reference, recipient=recipient)
    return Answer(
        {"ended": reference.strip().upper()},
        "It is not shared any more." if recipient else "It is removed from your list.",
    )


SHARES: Mapping[str, Command] = {"create": create, "list": list_, "delete": delete}
