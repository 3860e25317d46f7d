"""Findings of a court or of the panel on complaints about the victim."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated

import typer

from cli.alarms.incidents import Incident
from cli.input_files import checked, one_of
from cli.options import CASE_WORK, AsJson, AsUser, Purpose, Reference
from cli.output import print_json, say
from cli.session import answering, at_desk


def finding(
    reference: Reference,
    incident: Incident,
    found: Annotated[str, typer.Argument(help="'vexatious', 'malicious' or 'false'.")],
    by: Annotated[str, typer.Option(help="'court' or 'panel'.")],
    on: Annotated[str, typer.Option(metavar="DATE", help="The date of the finding, as 2026-03-02.")],
    source: Annotated[str, typer.Option(help="The record of the finding, in one line.")],
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Record what a court or the panel found a complaint about the victim to be. Until then it is alleged.

    Example: stac incident finding R-7K3M9QV I-7K3M9QV false --by court --on 2026-02-27 --source "Order 12"
    """
    from engine.domain.cases.complaints import ComplaintFindingGiven, ComplaintFound, FoundBy

    with answering(as_json):
        given = checked(
            ComplaintFindingGiven,
            {
                "found": one_of(ComplaintFound, found, "FOUND").value,
                "found_by": one_of(FoundBy, by, "--by").value,
                "found_on": on,
                "source": source,
            },
        )
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.cases.complaints import record_complaint_finding

        recorded = record_complaint_finding(desk.context, reference=reference, incident=incident, given=given)
    if as_json:
        print_json(recorded.model_dump(mode="json"))
    else:
        say(f"recorded: {incident} was found {recorded.found.value} by {recorded.found_by.value}")


def withdraw_finding(
    reference: Reference,
    incident: Incident,
    why: Annotated[str, typer.Option(help="The reason, in one line.")],
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Withdraw the finding on a complaint about the victim: it is alleged again.

    Example: stac incident withdraw-finding R-7K3M9QV I-7K3M9QV --why "Set aside on appeal."
    """
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.cases.complaints import withdraw_complaint_finding as withdraw

        withdraw(desk.context, reference=reference, incident=incident, why=why)
    if as_json:
        print_json({"reference": reference, "incident": incident})
    else:
        say(f"complaint {incident} is alleged again")


COMMANDS: Mapping[str, Callable[..., None]] = {"finding": finding, "withdraw-finding": withdraw_finding}
