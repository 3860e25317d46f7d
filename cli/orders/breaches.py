"""Likely breaches on the command line: listed, confirmed, rejected, asked about; and details of incidents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from cli.alarms.topics import TOPIC, topics_given
from cli.input_files import checked, document_of, one_of_or_none
from cli.options import Reference
from cli.output import MARKING, print_json, say
from cli.session import Answer, Command, Desk

if TYPE_CHECKING:
    from engine.domain.absence import YesNo
    from engine.domain.orders.breaches import BreachView
    from engine.domain.referrals.intake import AlarmTopic

# The engine is imported inside each command: `stac --help` must not wait for the database's library.

Breach = Annotated[
    str, typer.Argument(metavar="BREACH", help="The likely breach's reference, such as LB-7K3M9QV.")
]
Why = Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, in one line.")]
Question = Annotated[str, typer.Option("--question", metavar="TEXT", help="The question, in one line.")]


def list_(
    desk: Desk,
    reference: Annotated[
        str | None, typer.Argument(metavar="REF", help="A case; left out, all within your access.")
    ] = None,
) -> None:
    """List likely breaches with clause, evidence and what would make each wrong. A person decides each.

    Example: stac order breaches list
    """
    from engine.services.orders.breaches import breaches_on_case, list_breaches

    seen = (
        list_breaches(desk.context)
        if reference is None
        else breaches_on_case(desk.context, reference=reference)
    )
    if desk.as_json:
        print_json(seen.model_dump(mode="json"))
        return
    say(MARKING)
    for view in seen.breaches:
        _print(view)
    if not seen.breaches:
        say("No likely breach is listed within your access. This does not mean that no condition was broken.")


def confirm(desk: Desk, breach: Breach, why: Why, topic: Annotated[list[str] | None, TOPIC] = None) -> None:
    """Confirm a likely breach. It is an alarm, and a decision of police is awaited, on top of the case.

    Example: stac order breaches confirm LB-7K3M9QV --why "Police read the message."
    """
    _answer(desk, breach, "confirmed", why, topics_given(topic or ()))


def reject(desk: Desk, breach: Breach, why: Why) -> None:
    """Reject a likely breach, and why. The newest answer applies, and earlier ones stay.

    Example: stac order breaches reject LB-7K3M9QV --why "A letter about the children, which is allowed."
    """
    _answer(desk, breach, "rejected", why)


def ask(desk: Desk, breach: Breach, question: Question) -> None:
    """Ask a question about a likely breach. It stays open until a person confirms or rejects it.

    Example: stac order breaches ask LB-7K3M9QV --question "At what time did the call come?"
    """
    _answer(desk, breach, "asked", question)


def details(
    desk: Desk,
    reference: Reference,
    incident: Annotated[
        str, typer.Argument(metavar="INCIDENT", help="The incident's reference, such as I-7K3M9QV.")
    ],
    file: Annotated[
        str | None, typer.Argument(metavar="[FILE]", help="JSON or TOML; - is standard input.")
    ] = None,
    at: Annotated[
        str | None, typer.Option("--at", metavar="TIME", help="The time in London, such as 21:40.")
    ] = None,
    minutes_off: Annotated[
        int | None,
        typer.Option("--give-or-take", metavar="MINUTES", help="Minutes that the time may be off."),
    ] = None,
    actor: Annotated[
        str | None, typer.Option("--by", help="'the respondent', 'another person' or 'not known'.")
    ] = None,
    place: Annotated[
        str | None, typer.Option("--place", metavar="TEXT", help="The place. It goes to the vault.")
    ] = None,
) -> Answer:
    """Record details of an incident: time, who acted, place. It is then held against orders again.

    Example: stac incident details R-7K3M9QV I-7K3M9QV --at 21:40 --by "the respondent"
    """
    from engine.domain.orders.breaches import Actor, DetailsGiven
    from engine.services.referrals.incidents import record_details

    if file is not None:
        given = checked(DetailsGiven, document_of(file))
    else:
        chosen = one_of_or_none(Actor, actor, "--by")
        facts = {"time": at, "minutes_off": minutes_off, "actor": chosen}
        given = checked(DetailsGiven, {"details": facts, "place": {"description": place} if place else None})
    stored = record_details(desk.context, reference=reference, incident=incident, given=given)
    return Answer(
        {"incident": stored.incident, "version": stored.version},
        f"details of incident {stored.incident} are recorded, version {stored.version}",
    )


def areas(desk: Desk, reference: Reference) -> None:
    """List incidents near a sealed area (safe-contact officer and investigation lead of the case).

    Example: stac order breaches areas R-7K3M9QV
    """
    from engine.services.orders.areas import areas_on_case

    seen = areas_on_case(desk.context, reference=reference)
    if desk.as_json:
        print_json(seen.model_dump(mode="json"))
        return
    say(MARKING)
    for each in seen.near:
        found = each.comparison
        say(f"{found.incident}  condition {found.condition} of {found.order}: {found.result.value}")
        for line in (*found.evidence, *found.unclear):
            say(f"    {line}")
    if not seen.near:
        say("None by the places that are recorded. A place that no one recorded is not compared.")
    say("Do not name the place.")


def check_areas(desk: Desk, reference: Reference) -> Answer:
    """Record that you checked incidents against sealed areas (safe-contact officer, investigation lead).

    Example: stac order breaches check-areas R-7K3M9QV
    """
    from engine.services.orders.areas import record_area_check

    record_area_check(desk.context, reference=reference)
    return Answer({"checked": reference}, f"the check of {reference} is recorded")


def confirm_area(
    desk: Desk,
    reference: Reference,
    incident: Annotated[
        str, typer.Argument(metavar="INCIDENT", help="The incident's reference, such as I-7K3M9QV.")
    ],
    order: Annotated[str, typer.Argument(metavar="ORDER", help="The order's reference.")],
    condition: Annotated[int, typer.Argument(metavar="NUMBER", min=1, help="The condition's number.")],
    why: Why,
) -> Answer:
    """Confirm a breach of a sealed area (safe-contact officer, investigation lead). The case then shows it.

    Example: stac order breaches confirm-area R-7K3M9QV I-7K3M9QV PO-7K3M9QV 1 --why "Police saw it."
    """
    from engine.services.orders.areas import confirm_area_breach

    breach = confirm_area_breach(
        desk.context, reference=reference, incident=incident, order=order, condition=condition, why=why
    )
    return Answer({"breach": breach}, f"likely breach {breach} is confirmed")


def _answer(
    desk: Desk,
    breach: str,
    act: str,
    why: str,
    topics: Mapping[AlarmTopic, YesNo] | None = None,
) -> None:
    from engine.domain.orders.breaches import ReviewGiven
    from engine.services.orders.breaches import decide_breach

    given = checked(ReviewGiven, {"act": act, "why": why})
    view = decide_breach(desk.context, breach=breach, given=given, topics=topics)
    if desk.as_json:
        print_json(view.model_dump(mode="json"))
    else:
        _print(view)


def _print(view: BreachView) -> None:
    happened = view.happened.in_words() if view.happened else "date not recorded"
    say(f"{view.reference}  {view.tag}  incident {view.incident} of {view.case}, {happened}")
    say(f"  {view.order_name} {view.order}, condition {view.condition}: {view.clause}")
    for name, lines in (
        ("the order then", view.at_the_time),
        ("evidence", view.evidence),
        ("cannot be said", view.unclear),
        ("would make it wrong", view.against),
    ):
        for line in lines:
            say(f"    {name}: {line}")
    if view.because is not None:
        say(f"    {view.because}")
    say(f"    {view.found_by}")
    if view.consequence_in_words:
        say(f"    {view.consequence_in_words}")
    for each in view.reviews:
        say(f"    {each.act.value} by {each.by}: {each.why or 'its content was erased'}")
    if view.has_changed:
        say("    The facts changed after this answer: compare again.")
    if view.status.value == "confirmed breach":
        say(f"    Police decision: {view.police_decision or 'not recorded'}")


COMMANDS: Mapping[str, Command] = {
    "list": list_,
    "confirm": confirm,
    "reject": reject,
    "ask": ask,
    "areas": areas,
    "check-areas": check_areas,
    "confirm-area": confirm_area,
}
"""The commands of `stac order breaches`, by name."""
DETAILS: Mapping[str, Command] = {"details": details}
"""The command that adds details of an incident."""
