"""Requests to an agency about a record that it lets others know of, as a user. Decides nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import typer

from cli.options import CASE_WORK, AsJson, AsUser, Purpose, Reference
from cli.output import MARKING, print_json, say
from cli.session import Answer, Command, Desk, at_desk

# The engine is imported inside the commands: `stac --help` must not wait for it.


def create(
    reference: Reference,
    agency: Annotated[str, typer.Option("--agency", metavar="CODE", help="The agency to ask.")],
    why: Annotated[
        str | None, typer.Option("--why", metavar="TEXT", help="A reason, in one line (optional).")
    ] = None,
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Ask an agency about a record that it lets you know of, with a task as --purpose.

    Example: stac links record-request create R-7K3M9QV --agency police --purpose "case conference"
    """
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.links.associates_requests import purpose_named
        from engine.services.links.record_requests import request_record

        sent = request_record(
            desk.context, reference=reference, agency=agency, purpose=purpose_named(purpose), why=why
        )
    if as_json:
        print_json(sent.model_dump(mode="json"))
    else:
        say(f"Request {sent.reference} is sent. The reply will be on your worklist.")


def list_(desk: Desk) -> None:
    """List your requests about records with the replies, and those that your agency has not answered.

    Example: stac links record-request list
    """
    from cli.tables import console, draw_table  # loads the domain's words, which --help need not
    from engine.services.links.record_requests import record_requests

    found = record_requests(desk.context)
    if desk.as_json:
        print_json(found.model_dump(mode="json"))
        return

    say(MARKING)
    mine = [(each.reference, each.case, found.name_of(each.agency), each.status) for each in found.mine]
    draw_table(console(), "Your requests", ("reference", "case", "agency", "status"), mine)
    others = [
        (
            each.reference,
            each.case,
            each.user,
            found.name_of(each.user_agency) if each.user_agency else "",
            each.purpose,
            each.why or "",
        )
        for each in found.to_answer
    ]
    columns = ("reference", "case", "by", "agency", "purpose", "reason")
    draw_table(console(), "To your agency", columns, others)


def respond(
    desk: Desk,
    reference: Annotated[str, typer.Argument(metavar="REF", help="The request, such as AR-...")],
    will_contact: Annotated[
        bool, typer.Option("--will-contact/--nothing-to-share", show_default=False, help="The reply.")
    ],
) -> Answer:
    """Reply to a request about your agency's record: you will contact them, or there is nothing to share.

    Example: stac links record-request respond AR-7K3M9QV --will-contact
    """
    from engine.domain.links.record_requests import RecordReply
    from engine.services.links.record_requests import answer_record_request

    reply = RecordReply.WILL_CONTACT if will_contact else RecordReply.NOTHING_TO_SHARE
    answer_record_request(desk.context, reference=reference, reply=reply)
    return Answer(
        {"replied": reference.strip().upper(), "reply": reply.value},
        f"Your reply to {reference.strip().upper()} is sent.",
    )


RECORD_REQUESTS: Mapping[str, Command] = {"create": create, "list": list_, "respond": respond}
