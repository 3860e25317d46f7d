"""Questions to the record by people's associates, sent, answered and asked as a user. Decides nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from cli.links.drawing import draw_age
from cli.output import MARKING, print_json, say
from cli.session import Answer, Command, Desk, at_desk

if TYPE_CHECKING:
    from engine.domain.links.associates import AssociatesRequest

# The engine is imported inside the commands: `stac --help` must not wait for networkx and numpy.

RequestRef = Annotated[str, typer.Argument(metavar="REF", help="The request, such as AQ-...")]


def send(document: object, user: str | None, purpose: str, why: str | None, as_json: bool) -> None:
    """Send a question of 'stac links query --record' that needs a second person."""
    if why is None:
        raise typer.BadParameter("a question about associates needs a reason: give --why")
    with at_desk(user, purpose, as_json) as desk:
        from cli.input_files import checked
        from engine.domain.links.associates import AssociatesQuestion
        from engine.services.links.associates_requests import purpose_named, request_associates

        sent = request_associates(
            desk.context,
            question=checked(AssociatesQuestion, document),
            purpose=purpose_named(purpose),
            why=why,
        )
    if as_json:
        print_json(sent.model_dump(mode="json"))
        return
    say(f"Request {sent.reference} is sent: {sent.question.in_words()}.")
    say(
        "A coordinator or chair other than you approves it. Then "
        f"'stac links associates ask {sent.reference}'."
    )


def list_(desk: Desk) -> None:
    """List your requests to ask about associates, and those of others that you may answer.

    Example: stac links associates list
    """
    from cli.tables import console, draw_table  # loads the domain's words, which --help need not
    from engine.services.links.associates_requests import associates_requests

    found = associates_requests(desk.context)
    if desk.as_json:
        print_json(found.model_dump(mode="json"))
        return

    say(MARKING)
    mine = [(each.reference, each.question.in_words(), each.purpose, each.state) for each in found.mine]
    draw_table(console(), "Your requests", ("reference", "question", "purpose", "status"), mine)
    others = [_row_of_another(each) for each in found.to_answer]
    draw_table(
        console(), "Awaiting your approval", ("reference", "question", "purpose", "reason", "by"), others
    )


def approve(desk: Desk, reference: RequestRef) -> None:
    """Approve another user's question about associates (coordinator, chair). It can then be asked once.

    Example: stac links associates approve AQ-7K3M9QV
    """
    _answer(desk, reference, agrees=True)


def refuse(desk: Desk, reference: RequestRef) -> None:
    """Refuse another user's question about associates (coordinator, chair). Only its sender reads that.

    Example: stac links associates refuse AQ-7K3M9QV
    """
    _answer(desk, reference, agrees=False)


def withdraw(desk: Desk, reference: RequestRef) -> Answer:
    """Withdraw your own request to ask about associates.

    Example: stac links associates withdraw AQ-7K3M9QV
    """
    from engine.services.links.associates_requests import withdraw_associates

    withdraw_associates(desk.context, reference=reference)
    return _report(reference, "withdrawn")


def ask(desk: Desk, reference: RequestRef) -> None:
    """Ask the record your approved question about associates, once. People are listed by reference.

    Example: stac links associates ask AQ-7K3M9QV
    """
    from cli.tables import console, draw_table  # loads the domain's words, which --help need not
    from engine.services.links.associates import ask_associates

    found = ask_associates(desk.context, reference=reference, snapshots=desk.runtime.link_snapshots)
    if desk.as_json:
        print_json({**found.model_dump(mode="json"), "notes": list(found.notes)})
        return

    say(MARKING)
    rows = [(each.reference, each.label, str(each.links)) for each in found.items]
    draw_table(
        console(), found.question.in_words(), ("reference", "person", "associates in an incident"), rows
    )
    for sentence in found.notes:
        say(sentence)
    draw_age({"snapshot_at": found.snapshot_at.isoformat(), "cases_changed_since": found.changed_since})


def _row_of_another(request: AssociatesRequest) -> tuple[str, ...]:
    return (
        request.reference,
        request.question.in_words(),
        request.purpose,
        request.why or "",
        request.user,
    )


def _answer(desk: Desk, reference: str, *, agrees: bool) -> Answer:
    from engine.services.links.associates_requests import answer_associates

    answer_associates(desk.context, reference=reference, agrees=agrees)
    return _report(reference, "approved" if agrees else "refused")


def _report(reference: str, what: str) -> Answer:
    return Answer({what: reference.strip().upper()}, f"Request {reference.strip().upper()} is {what}.")


ASSOCIATES: Mapping[str, Command] = {
    "list": list_,
    "approve": approve,
    "refuse": refuse,
    "withdraw": withdraw,
    "ask": ask,
}
