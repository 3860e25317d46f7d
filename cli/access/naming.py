"""People on a case: naming more of them. Asks and prints; decides nothing."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.options import Reference
from cli.session import Answer, Desk

# The engine is imported inside each command: `stac --help` must not wait for the database's library.


def name_people(
    desk: Desk,
    reference: Reference,
    people: Annotated[list[str], typer.Argument(metavar="USER...", help="Users from 'stac user list'.")],
) -> Answer:
    """Name more people on a case, so that they can view it (chair, coordinator).

    Example: stac case name-people R-7K3M9QV health-2
    """
    from engine.services.referrals.screening import name_people

    named = name_people(desk.context, reference=reference, people=people)
    return Answer(
        {"reference": reference, "people": list(named)}, f"named on {reference}: {', '.join(named)}"
    )
