"""Sharing the acts of an alleged perpetrator's other cases with the panel of a case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated

import typer

from cli.options import CASE_WORK, AsJson, AsUser, Purpose, Reference
from cli.output import print_json, say
from cli.session import at_desk

Why = Annotated[str, typer.Option(help="The reason, in one line.")]


def acts_to_share(
    reference: Reference, user: AsUser = None, purpose: Purpose = CASE_WORK, as_json: AsJson = False
) -> None:
    """Show what could be shared with the panel of a case: how many acts, their kinds and dates.

    Example: stac case acts-to-share R-7K3M9QV
    """
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.cases.acts_sharing import view_acts_to_share

        found = view_acts_to_share(desk.context, reference=reference)
    if as_json:
        print_json(found.model_dump(mode="json"))
    else:
        say(found.in_words if found.acts else "no act of another case can be shared")


def share_acts(
    reference: Reference,
    why: Why,
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Share the acts of other cases with the panel of a case: how many, their kinds and dates. No names.

    Example: stac case share-acts R-7K3M9QV --why "The panel plans on the facts of 1 case."
    """
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.cases.acts_sharing import share_acts as share

        shared = share(desk.context, reference=reference, why=why)
    if as_json:
        print_json(shared.model_dump(mode="json"))
    else:
        say(f"shared with the panel of {reference}: {shared.content.in_words}")


def withdraw_acts(
    reference: Reference,
    why: Why,
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Withdraw the acts of other cases that were shared with the panel of a case.

    Example: stac case withdraw-acts R-7K3M9QV --why "The records are of 2 people."
    """
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.cases.acts_sharing import withdraw_acts as withdraw

        withdraw(desk.context, reference=reference, why=why)
    if as_json:
        print_json({"reference": reference})
    else:
        say(f"no act of another case is shared with the panel of {reference} any more")


COMMANDS: Mapping[str, Callable[..., None]] = {
    "acts-to-share": acts_to_share,
    "share-acts": share_acts,
    "withdraw-acts": withdraw_acts,
}
