"""Findings of a court or of the panel on complaints about the victim."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import typer

from cli.alarms.incidents import Incident
from cli.input_files import checked, one_of
from cli.options import Reference
from cli.session import Answer, Command, Desk


def finding(
    desk: Desk,
    reference: Reference,
    incident: Incident,
    found: Annotated[str, typer.Argument(help="'vexatious', 'malicious' or 'false'.")],
    by: Annotated[str, typer.Option(help="'court' or 'panel'.")],
    on: Annotated[str, typer.Option(metavar="DATE", help="The date of the finding, as 2026-03-02.")],
    source: Annotated[str, typer.Option(help="The record of the finding, in one line.")],
) -> Answer:
    """Record what a court or the panel found a complaint about the victim to be. Until then it is alleged.

    Example: stac incident finding R-7K3M9QV I-7K3M9QV false --by court --on 2026-02-27 --source "Order 12"
    """
    from engine.domain.cases.complaints import ComplaintFindingGiven, ComplaintFound, FoundBy
    from engine.services.cases.complaints import record_complaint_finding

    given = checked(
        ComplaintFindingGiven,
        {
            "found": one_of(ComplaintFound, found, "FOUND").value,
            "found_by": one_of(FoundBy, by, "--by").value,
            "found_on": on,
            "source": source,
        },
    )

    recorded = record_complaint_finding(desk.context, reference=reference, incident=incident, given=given)
    return Answer(
        recorded, f"recorded: {incident} was found {recorded.found.value} by {recorded.found_by.value}"
    )


def withdraw_finding(
    desk: Desk,
    reference: Reference,
    incident: Incident,
    why: Annotated[str, typer.Option(help="The reason, in one line.")],
) -> Answer:
    """Withdraw the finding on a complaint about the victim: it is alleged again.

    Example: stac incident withdraw-finding R-7K3M9QV I-7K3M9QV --why "Set aside on appeal."
    """
    from engine.services.cases.complaints import withdraw_complaint_finding as withdraw

    withdraw(desk.context, reference=reference, incident=incident, why=why)
    return Answer({"reference": reference, "incident": incident}, f"complaint {incident} is alleged again")


COMMANDS: Mapping[str, Command] = {"finding": finding, "withdraw-finding": withdraw_finding}
