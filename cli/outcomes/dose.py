"""Intervention dose over all cases. Asks and prints; decides nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cli.output import print_json, say
from cli.session import Desk

if TYPE_CHECKING:
    from engine.domain.outcomes.dose import Dose, Spread, Total


def dose(desk: Desk) -> None:
    """Show the intervention dose: sessions, actions, minutes, times. For a person who can open every case.

    Example: stac outcome dose
    """
    from engine.services.outcomes.dose import intervention_dose

    found = intervention_dose(desk.context)
    if desk.as_json:
        from dataclasses import asdict

        document = asdict(found)
        document["actions"] = {side or "not recorded": of for side, of in document["actions"].items()}
        print_json(document)
    else:
        for line in _lines(found):
            say(line)


def _lines(found: Dose) -> Iterator[str]:
    without = f"{found.without_plan:,} without a plan in delivery, in no other figure"
    yield f"{found.cases:,} cases decided; {without}"
    yield f"{found.with_intervention:,} with an intervention"
    yield f"sessions offered    {_total(found.sessions_offered)}"
    yield f"sessions delivered  {_total(found.sessions_delivered)}"
    yield f"sessions missed     {_total(found.sessions_missed)}"
    for side, statuses in found.actions.items():
        counts = ", ".join(f"{count} {status.value}" for status, count in statuses.items())
        yield f"actions, {side.value if side else 'side not recorded'}: {counts}"
    for agency, minutes in found.minutes.items():
        yield f"minutes of {agency}: {_total(minutes)}"
    yield f"days to first contact: {_spread(found.first_contact)}"
    yield f"days to end of service: {_spread(found.end_of_service)}"
    yield "A sum is over the cases that recorded it. Figures are exact: do not publish them."


def _total(total: Total) -> str:
    return f"{total.total:,} in {total.cases:,} cases; not recorded in {total.not_recorded:,}"


def _spread(spread: Spread) -> str:
    if spread.half is None:
        return f"not known in any of {spread.not_known:,} cases"
    return (
        f"half within {spread.half} (quarter {spread.quarter}, three quarters {spread.three_quarters}) in "
        f"{spread.cases:,} cases; not known in {spread.not_known:,}"
    )
