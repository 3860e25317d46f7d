"""People on a case: naming more of them. Asks and prints; decides nothing."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.options import CASE_WORK, AsJson, AsUser, Purpose, Reference
from cli.output import print_json, say
from cli.session import at_desk

# The engine is imported inside each command: `stac --help` must not wait for the database's library.


def name_people(
    reference: Reference,
    people: Annotated[list[str], typer.Argument(metavar="USER...", help="Users from 'stac user list'.")],
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Name more people on a case, so that they can view it (chair, coordinator).

    Example: stac case name-people R-7K3M9QV health-2
    """
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.referrals.screening import name_people

        named = name_people(desk.context, reference=reference, people=people)
    if as_json:
        print_json({"reference": reference, "people": list(named)})
    else:
        say(f"named on {reference}: {', '.join(named)}")
