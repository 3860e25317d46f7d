"""Notices due to the victim on the command line. Asks; decides nothing."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.input_files import a_day, checked, one_of
from cli.options import Reference
from cli.output import MARKING, print_json, say, when
from cli.session import Answer, Desk

# The engine is imported inside each command: `stac --help` must not wait for the database's library.

At = Annotated[str | None, typer.Option("--at", metavar="TIME", help="The time in London, such as 14:05.")]


def create(
    desk: Desk,
    reference: Reference,
    event: Annotated[
        str,
        typer.Argument(
            metavar="EVENT", help="Such as 'arrest', 'charge', 'release from custody' or 'change of bail'."
        ),
    ],
    on: Annotated[str, typer.Option("--on", metavar="DATE", help="The date of the event.")],
    at: At = None,
) -> Answer:
    """Record an event that the victim is to be informed of, through the safe contact.

    Example: stac victim notice create R-7K3M9QV "release from custody" --on 2030-01-31 --at 09:00
    """
    from engine.domain.orders.notices import NoticeEvent, NoticeGiven
    from engine.services.orders.notices import record_notice

    chosen = one_of(NoticeEvent, event, "EVENT")

    given = {"event": chosen.value, "on": a_day(on, "--on"), "at_time": at}
    recorded = record_notice(desk.context, reference=reference, notice=checked(NoticeGiven, given))
    return Answer(recorded, f"notice {recorded.number} of {recorded.reference} is recorded")


def attempt(
    desk: Desk,
    reference: Reference,
    number: Annotated[int, typer.Argument(metavar="NUMBER", min=1, help="The number of the notice.")],
    reached: Annotated[bool, typer.Option("--reached/--not-reached", help="The outcome of the attempt.")],
    at: Annotated[str, typer.Option("--at", metavar="TIME", help="The time in London, such as 14:05.")],
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="The date; left out, it is today.")
    ] = None,
    officer: Annotated[
        bool, typer.Option("--officer", help="As the safe-contact officer; else as the advocate.")
    ] = False,
    why_not: Annotated[
        str | None, typer.Option(metavar="TEXT", help="The reason for not reaching the victim safely.")
    ] = None,
    next_by: Annotated[
        str | None, typer.Option("--next", metavar="TEXT", help="The next attempt: person and time.")
    ] = None,
) -> None:
    """Record an attempt to inform the victim, by the safe-contact officer or the advocate.

    Example: stac victim notice attempt R-7K3M9QV 1 --not-reached --at 14:05 --why-not "No safe time."
    """
    from engine.domain.orders.notices import AttemptGiven, Through
    from engine.services.orders.notices import try_notice

    through = Through.OFFICER if officer else Through.ADVOCATE
    day = a_day(on, "--on")

    given = {
        "reached": reached,
        "through": through.value,
        "on": day or desk.runtime.clock.today(),
        "at_time": at,
        "why_not": why_not,
        "next_by": next_by,
    }
    recorded = try_notice(
        desk.context, reference=reference, number=number, attempt=checked(AttemptGiven, given)
    )
    if desk.as_json:
        print_json(recorded.model_dump(mode="json"))
    else:
        outcome = "reached" if recorded.reached else "not reached"
        say(f"notice {recorded.number} of {recorded.reference}: victim {outcome}")


def list_(desk: Desk, reference: Reference) -> None:
    """List what the victim is to be informed of, by when, and each attempt.

    Example: stac victim notice list R-7K3M9QV
    """
    from engine.services.orders.reading import orders_on_case

    notices = orders_on_case(desk.context, reference=reference).notices
    if desk.as_json:
        print_json({"notices": [each.model_dump(mode="json") for each in notices]})
        return
    say(MARKING)
    for each in notices:
        late = ", OVERDUE" if each.is_overdue else ""
        before = "before it takes effect" if each.is_before else "target, a local rule"
        say(f"{each.number}  {each.event.value} on {each.on}: by {when(each.due_at)} ({before}){late}")
        say(f"    {each.sentence}")
        for line in each.attempts:
            say(f"    {line}")
    if not notices:
        say("No notice to the victim is recorded on this case.")
