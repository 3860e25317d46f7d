"""Outcomes of the follow-up of a case: create one. Asks and prints; decides nothing."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.alarms.topics import TOPIC, topics_given, topics_of
from cli.input_files import checked, document_of, one_of, one_of_or_none, partial_date
from cli.options import CASE_WORK, AsJson, AsUser, Purpose
from cli.output import print_json, say
from cli.session import at_desk
from cli.templates import OUTCOME, print_template

# The engine is imported inside each command: `stac --help` must not wait for the database's library.


def create_outcome(
    reference: Annotated[str | None, typer.Argument(metavar="REF")] = None,
    file: Annotated[
        str | None, typer.Argument(metavar="FILE", help="JSON or TOML; - is standard input.")
    ] = None,
    measure: Annotated[
        str | None,
        typer.Option(help="'reported further stalking', 'recorded crime' or 'proven reoffending'."),
    ] = None,
    found: Annotated[
        str | None, typer.Option(help="'further stalking', 'none found' or 'not known'.")
    ] = None,
    against: Annotated[str | None, typer.Option(help="'same victim', 'new victim' or 'by proxy'.")] = None,
    happened: Annotated[
        str | None, typer.Option(metavar="DATE", help="The date; a month or a year is enough.")
    ] = None,
    proved: Annotated[
        str | None, typer.Option(metavar="DATE", help="The date of the conviction or caution.")
    ] = None,
    offence: Annotated[
        str | None, typer.Option(metavar="CODE", help="The Home Office code of the offence, such as 008/65.")
    ] = None,
    offence_row: Annotated[
        str | None,
        typer.Option(metavar="ROW", help="The row of the harm index, if a code has several scores."),
    ] = None,
    order_breach: Annotated[
        bool | None,
        typer.Option("--order-breach/--no-order-breach", help="If the offence breaches an order."),
    ] = None,
    searched_to: Annotated[
        str | None, typer.Option(metavar="DATE", help="The end date of the search; default: today.")
    ] = None,
    searched_in: Annotated[
        list[str] | None,
        typer.Option(metavar="CODE", help="The agency whose records were searched; may be repeated."),
    ] = None,
    agency: Annotated[str | None, typer.Option(metavar="CODE", help="The agency that found it.")] = None,
    censored: Annotated[
        str | None,
        typer.Option(help="Why follow-up ended: died, deported, 'left the area' or 'follow-up ended'."),
    ] = None,
    ended_on: Annotated[
        str | None, typer.Option(metavar="DATE", help="When follow-up ended; default: the end of the search.")
    ] = None,
    corrects: Annotated[
        str | None, typer.Option(metavar="OUTCOME", help="The earlier outcome that this one corrects.")
    ] = None,
    sentence: Annotated[str | None, typer.Option("--says", help="One sentence.")] = None,
    topic: Annotated[list[str] | None, TOPIC] = None,
    template: Annotated[bool, typer.Option("--template", help="Print a FILE to fill in.")] = False,
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Create an outcome of the follow-up, from FILE or from options.

    Example: stac outcome create R-7K3M9QV outcome.toml
    """
    if template:
        print_template(OUTCOME)
        return
    if reference is None:
        raise typer.BadParameter("give the REF of the referral")
    if (file is None) == (measure is None):
        raise typer.BadParameter("give either FILE or --measure")
    from engine.domain.outcomes.follow_up import AgainstWhom, Censoring, Measure, OutcomeFound, OutcomeGiven

    with at_desk(user, purpose, as_json) as desk:
        from engine.services.outcomes.follow_up import record_outcome

        if file is not None:
            document = document_of(file)
            topics = topics_of(document, topic or ())
            given = checked(OutcomeGiven, document)
        else:
            assert measure is not None
            topics = topics_given(topic or ())
            until = partial_date(searched_to, "--searched-to") if searched_to else desk.runtime.clock.today()
            given = checked(
                OutcomeGiven,
                {
                    "measure": one_of(Measure, measure, "--measure"),
                    "found": one_of(OutcomeFound, found or "", "--found"),
                    "against": one_of_or_none(AgainstWhom, against, "--against"),
                    "happened": partial_date(happened, "--happened") if happened else None,
                    "proved": partial_date(proved, "--proved") if proved else None,
                    "offence": offence,
                    "offence_row": offence_row,
                    "is_order_breach": order_breach,
                    "looked_until": until,
                    "looked_in": searched_in or [],
                    "agency": agency,
                    "censored": one_of_or_none(Censoring, censored, "--censored"),
                    "ended_on": partial_date(ended_on, "--ended-on") if ended_on else None,
                    "replaces": corrects,
                    "says": sentence or "",
                },
            )
        recorded = record_outcome(desk.context, reference=reference, outcome=given, topics=topics)
    if as_json:
        print_json({"outcome": recorded})
    else:
        say(f"outcome {recorded} is recorded")
