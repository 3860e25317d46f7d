"""Retention of each owner's part of a case: list, review, hold, erase. Decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import Reference
from cli.output import print_json, say
from cli.session import Answer, Desk

if TYPE_CHECKING:
    from engine.domain.rights.retention import Certificate, KeptFor, RetentionDecision

# The engine is imported inside each command: `stac --help` must not wait for the database's library.


Owner = Annotated[
    str | None,
    typer.Option(
        "--owner",
        metavar="CODE",
        help="The owner: an agency, or desk for the coordinator and chair; default: your own.",
    ),
]
Why = Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, in one line.")]


def list_(
    desk: Desk,
    reference: Annotated[str | None, typer.Argument(metavar="[REF]", help="One case instead of all.")] = None,
    due: Annotated[bool, typer.Option("--due", help="Only what is due for review.")] = False,
) -> None:
    """List the parts of the cases that you can view, by review date.

    Example: stac retention list --due
    """
    from engine.services.rights.retention import certificates, list_kept

    parts = list_kept(desk.context, reference=reference, only_due=due)
    erased: tuple[Certificate, ...] = ()
    if reference is not None:
        erased = certificates(desk.context, reference=reference)
    if desk.as_json:
        document = {
            "kept": [{**part.model_dump(mode="json"), "stands": part.stands} for part in parts],
            "certificates": [each.model_dump(mode="json") for each in erased],
        }
        print_json(document)
        return
    for part in parts:
        say(_line(part))
    for each in erased:
        say(_certificate(each))
    if not parts:
        say("No part is due for review." if due else "You cannot view any case.")


def review(
    desk: Desk,
    reference: Reference,
    why: Why,
    owner: Owner = None,
    erase: Annotated[bool, typer.Option("--erase", help="Approve its erasure by another person.")] = False,
    next_review: Annotated[
        str | None, typer.Option("--next", metavar="DATE", help="The next review date, such as 2028-03-01.")
    ] = None,
) -> None:
    """Review your own part of an ended case: retain it until the next review, or erase it.

    Example: stac retention review R-7K3M9QV --erase --why "No longer needed."
    """
    from datetime import date

    from engine.services.rights import retention as keeping

    try:
        day = date.fromisoformat(next_review) if next_review else None
    except ValueError:
        raise typer.BadParameter("--next must be a date such as 2028-03-01") from None
    decision = keeping.review(
        desk.context,
        reference=reference,
        owner=_owner(desk, owner),
        erase=erase,
        why=why,
        next_review=day,
    )
    _print_decision(decision, desk.as_json)


def hold(
    desk: Desk,
    reference: Reference,
    why: Why,
    owner: Owner = None,
    lift: Annotated[bool, typer.Option("--lift", help="Lift the hold instead.")] = False,
) -> None:
    """Put a part under legal hold, so that it cannot be erased, or lift the hold.

    Example: stac retention hold R-7K3M9QV --why "An inquest."
    """
    from engine.services.rights import retention as keeping

    decision = keeping.hold(desk.context, reference=reference, owner=_owner(desk, owner), why=why, lift=lift)
    _print_decision(decision, desk.as_json)


def erase(
    desk: Desk,
    reference: Reference,
    owner: Owner = None,
    ground: Annotated[str, typer.Option(help="retention, rectification or court.")] = "retention",
) -> Answer:
    """Erase a part that another person approved for erasure. You cannot undo it; a certificate stays.

    Example: stac retention erase R-7K3M9QV
    """
    from cli.input_files import one_of
    from engine.domain.rights.retention import ErasureGround
    from engine.services.rights import retention as keeping

    made = keeping.erase(
        desk.context,
        reference=reference,
        owner=_owner(desk, owner),
        ground=one_of(ErasureGround, ground, "--ground"),
    )
    return Answer(
        made,
        _certificate(made),
        "Copies in backups remain until the backups are deleted; see docs/operators/retention.md",
    )


def _owner(desk: Desk, given: str | None) -> str:
    from engine.domain.rights.retention import DESK_OWNER

    return given or desk.acting.agency or DESK_OWNER


def _print_decision(decision: RetentionDecision, as_json: bool) -> None:
    if as_json:
        print_json(decision.model_dump(mode="json"))
        return
    again = f", next review {decision.review_on:%-d %B %Y}" if decision.review_on else ""
    say(f"{decision.involvement}, {decision.owner}: {decision.act.value}{again}")


def _line(part: KeptFor) -> str:
    due = "  DUE" if part.is_due else ""
    return f"{part.reference}  {part.owner}  {part.stands}{due}"


def _certificate(made: Certificate) -> str:
    stays = "".join(f"\n    stays: {each.why} ({each.kinds})" for each in made.stays)
    return (
        f"{made.reference}  {made.involvement}, {made.owner}: {len(made.rows):,} rows and "
        f"{made.protected_values:,} protected values erased ({made.ground.value}), decided by "
        f"{made.decided_by}, done by {made.by}: {made.why}{stays}"
    )
