"""Withdrawing one item that an agency has released. Asks and prints; decides nothing."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.alarms.topics import TOPIC, topics_given
from cli.options import CASE_WORK, AsJson, AsUser, Purpose, Reference
from cli.output import print_json, say
from cli.session import at_desk


def withdraw(
    reference: Reference,
    key: Annotated[
        str, typer.Argument(metavar="KEY", help="The item, by its key in 'stac case show --json'.")
    ],
    agency: Annotated[
        str | None, typer.Option("--agency", metavar="CODE", help="The agency; default: your own.")
    ] = None,
    topic: Annotated[list[str] | None, TOPIC] = None,
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Withdraw an item that my agency released. Others see that it was withdrawn.

    Example: stac response withdraw R-7K3M9QV first-finding
    """
    topics = topics_given(topic or ())
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.responses import withdrawal

        code = agency or desk.acting.agency
        if code is None:
            raise typer.BadParameter("give the agency: --agency CODE")
        done = withdrawal.withdraw(desk.context, reference=reference, agency=code, item=key, topics=topics)
    if as_json:
        print_json(done.model_dump(mode="json"))
    else:
        say(f"{done.item} of {done.agency} on {done.reference} is withdrawn, version {done.version}")
