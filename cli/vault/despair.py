"""Signs that the victim may harm themselves. No command prints their text: only the case page shows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from cli.input_files import a_day, one_of
from cli.options import Reference
from cli.output import print_json, say
from cli.session import Answer, Command, Desk

if TYPE_CHECKING:
    from engine.domain.vault.despair import DespairSeen

# The engine is imported inside each command: `stac --help` must not wait for the database's library.

Item = Annotated[str, typer.Argument(metavar="ITEM", help="The item's reference, such as V-...")]


def record(
    desk: Desk,
    reference: Reference,
    what: Annotated[
        str, typer.Option(metavar="TEXT", help="The victim's words or acts, in one line. They are sealed.")
    ],
) -> Answer:
    """Record words or acts that suggest the victim may harm themselves. In immediate danger call 999 first.

    Example: stac victim despair record R-7K3M9QV --what "Said there is no point in waking up."
    """
    from engine.services.vault.despair import record_despair

    noted = record_despair(desk.context, reference=reference, what=what)
    return Answer(
        noted,
        noted.what_to_do,
        f"{noted.reference} is recorded as a protected detail. "
        f"Alarm for: {', '.join(noted.alarm_for) or 'no one; call the chair now'}",
    )


def list_(desk: Desk, reference: Reference) -> None:
    """List such notes on a case, within your access. Their texts are not shown.

    Example: stac victim despair list R-7K3M9QV
    """
    from engine.services.vault.despair import despair_on_case

    there = despair_on_case(desk.context, reference=reference)
    if desk.as_json:
        print_json(there.model_dump(mode="json"))
        return
    for seen in there.notes:
        _say_seen(seen)
    say(there.what_to_do if there.notes else "No records within your access.")


def acknowledge(desk: Desk, reference: Reference, item: Item) -> None:
    """Acknowledge the alarm of a note, or the receipt of one that was passed on to your agency.

    Example: stac victim despair acknowledge R-7K3M9QV V-7K3M9QV
    """
    from engine.services.vault.despair import acknowledge_despair

    seen = acknowledge_despair(desk.context, reference=reference, item=item)
    _answer(seen, desk.as_json)


def done(
    desk: Desk,
    reference: Reference,
    item: Item,
    what: Annotated[str, typer.Option(metavar="TEXT", help="The act, and the person who did it. Sealed.")],
) -> None:
    """Record what was done about an acknowledged note.

    Example: stac victim despair done R-7K3M9QV V-7K3M9QV --what "Rang at nine; a friend stays tonight."
    """
    from engine.services.vault.despair import record_despair_done

    seen = record_despair_done(desk.context, reference=reference, item=item, done=what)
    _answer(seen, desk.as_json)


def pass_on(
    desk: Desk,
    reference: Reference,
    item: Item,
    to: Annotated[str, typer.Option(metavar="CODE", help="The health service; it has people on the case.")],
    ground: Annotated[str, typer.Option(help="'agreed', 'request' or 'life'.")],
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, in one line. It is sealed.")],
    agreed_on: Annotated[
        str | None, typer.Option(metavar="DATE", help="The date when the victim agreed, for 'agreed'.")
    ] = None,
) -> None:
    """Pass a note on to a health service, for the victim's own care only.

    Example: stac victim despair pass-on R-7K3M9QV V-7K3M9QV --to health --ground life
        --why "The victim has the tablets."
    """
    from engine.domain.vault.despair import Ground, PassOn
    from engine.services.vault.despair import pass_on_despair

    given = PassOn(
        to=to,
        ground=one_of(Ground, ground, "--ground"),
        why=why,
        agreed_on=a_day(agreed_on, "--agreed-on"),
    )

    seen = pass_on_despair(desk.context, reference=reference, item=item, given=given)
    _answer(seen, desk.as_json)


def _answer(seen: DespairSeen, as_json: bool) -> None:
    if as_json:
        print_json(seen.model_dump(mode="json"))
    else:
        _say_seen(seen)


def _say_seen(seen: DespairSeen) -> None:
    from engine.clock import LONDON

    state = (
        f"done, recorded by {seen.done_by}"
        if seen.done_by
        else f"acknowledged by {seen.acknowledged_by}"
        if seen.acknowledged_by
        else "not acknowledged"
        if seen.may_pass_on
        else "passed on to your agency"
    )
    say(f"{seen.reference}  {seen.at.astimezone(LONDON):%-d %B %Y, %H:%M}  from {seen.by}: {state}")
    for each in seen.passed_on:
        got = "received" if each.is_received else "not received yet"
        say(f"  passed on to {each.to} by {each.by}: {each.ground.value}; {got}")


COMMANDS: Mapping[str, Command] = {
    "record": record,
    "list": list_,
    "acknowledge": acknowledge,
    "done": done,
    "pass-on": pass_on,
}
