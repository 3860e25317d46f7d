"""Outcomes from agencies' own records: ask for them, list them, confirm them. Asks; decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import Reference
from cli.output import print_json, say
from cli.session import REFUSED, Desk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.services.outcomes.agency_outcomes import AgencyReturn

# The engine is imported inside each command: `stac --help` must not wait for the database's library.


def ask(desk: Desk, reference: Reference) -> None:
    """Ask the agencies for outcomes of a case from their own records, and list what became of it.

    Example: stac outcome ask R-7K3M9QV
    """
    from cli.responses.flow_runs import Asking
    from engine.services.outcomes.agency_outcomes import outcome_returns, request_outcomes

    request_outcomes(desk.context, reference=reference)
    run = Asking(desk, quiet=desk.as_json)
    run.waiting_about(reference)
    returns = outcome_returns(desk.context, reference=reference)
    _print(returns, desk.as_json)
    for failure in run.failures:
        say(f"{failure['flow']} of {failure['subject']} failed ({failure['error']}); it will be tried again")
    if run.failures:
        raise typer.Exit(REFUSED)


def returns(desk: Desk, reference: Reference) -> None:
    """List what became of asking the agencies for outcomes of a case.

    Example: stac outcome returns R-7K3M9QV
    """
    from engine.services.outcomes.agency_outcomes import outcome_returns

    found = outcome_returns(desk.context, reference=reference)
    _print(found, desk.as_json)


def confirm(
    desk: Desk,
    reference: Reference,
    agency: Annotated[str, typer.Option(metavar="CODE", help="Your agency.")],
    withhold: Annotated[bool, typer.Option("--withhold", help="Withhold it: nothing is recorded.")] = False,
) -> None:
    """Record what your agency's plugin found as outcomes of the case, or withhold it (practitioner).

    Example: stac outcome confirm R-7K3M9QV --agency advocacy
    """
    from engine.domain.errors import NotFoundError
    from engine.services.outcomes.agency_outcomes import outcome_returns, release_outcomes

    found = outcome_returns(desk.context, reference=reference)
    waiting = next((each for each in found if each.agency == agency and each.may_release), None)
    if waiting is None:
        raise NotFoundError("outcomes", f"{reference} of {agency}", instead="nothing waits for release")
    recorded = release_outcomes(
        desk.context, reference=reference, agency=agency, seen_at=waiting.at, withhold=withhold
    )
    if desk.as_json:
        print_json({"agency": agency, "released": not withhold, "outcomes": recorded})
    elif withhold:
        say(f"withheld; nothing of {agency} is recorded")
    else:
        say(f"released; outcomes of {agency} recorded: {recorded}")


def _print(returns: Sequence[AgencyReturn], as_json: bool) -> None:
    if as_json:
        print_json({"agencies": [each.model_dump(mode="json") for each in returns]})
        return
    from engine.services.outcomes.agency_outcomes import returns_in_words

    for line in returns_in_words(returns) or ("no agency was asked for outcomes",):
        say(line)
