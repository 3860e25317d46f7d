"""Sharing the acts of an alleged perpetrator's other cases with the panel of a case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import typer

from cli.options import Reference
from cli.session import Answer, Command, Desk

Why = Annotated[str, typer.Option(help="The reason, in one line.")]


def acts_to_share(desk: Desk, reference: Reference) -> Answer:
    """Show what could be shared with the panel of a case: how many acts, their kinds and dates.

    Example: stac case acts-to-share R-7K3M9QV
    """
    from engine.services.cases.acts_sharing import view_acts_to_share

    found = view_acts_to_share(desk.context, reference=reference)
    return Answer(found, found.in_words if found.acts else "no act of another case can be shared")


def share_acts(desk: Desk, reference: Reference, why: Why) -> Answer:
    """Share the acts of other cases with the panel of a case: how many, their kinds and dates. No names.

    Example: stac case share-acts R-7K3M9QV --why "The panel plans on the facts of 1 case."
    """
    from engine.services.cases.acts_sharing import share_acts as share

    shared = share(desk.context, reference=reference, why=why)
    return Answer(shared, f"shared with the panel of {reference}: {shared.content.in_words}")


def withdraw_acts(desk: Desk, reference: Reference, why: Why) -> Answer:
    """Withdraw the acts of other cases that were shared with the panel of a case.

    Example: stac case withdraw-acts R-7K3M9QV --why "The records are of 2 people."
    """
    from engine.services.cases.acts_sharing import withdraw_acts as withdraw

    withdraw(desk.context, reference=reference, why=why)
    return Answer(
        {"reference": reference}, f"no act of another case is shared with the panel of {reference} any more"
    )


COMMANDS: Mapping[str, Command] = {
    "acts-to-share": acts_to_share,
    "share-acts": share_acts,
    "withdraw-acts": withdraw_acts,
}
