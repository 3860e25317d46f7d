"""Withdrawing one item that an agency has released. Asks and prints; decides nothing."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.alarms.topics import TOPIC, topics_given
from cli.options import Reference
from cli.session import Answer, Desk


def withdraw(
    desk: Desk,
    reference: Reference,
    key: Annotated[
        str, typer.Argument(metavar="KEY", help="The item, by its key in 'stac case show --json'.")
    ],
    agency: Annotated[
        str | None, typer.Option("--agency", metavar="CODE", help="The agency; default: your own.")
    ] = None,
    topic: Annotated[list[str] | None, TOPIC] = None,
) -> Answer:
    """Withdraw an item that my agency released. Others see that it was withdrawn.

    Example: stac response withdraw R-7K3M9QV first-finding
    """
    from engine.services.responses import withdrawal

    topics = topics_given(topic or ())

    code = agency or desk.acting.agency
    if code is None:
        raise typer.BadParameter("give the agency: --agency CODE")
    done = withdrawal.withdraw(desk.context, reference=reference, agency=code, item=key, topics=topics)
    return Answer(
        done, f"{done.item} of {done.agency} on {done.reference} is withdrawn, version {done.version}"
    )
