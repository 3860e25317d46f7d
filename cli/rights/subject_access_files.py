"""A data-protection officer's requests: the list, and the two files of each. Decides nothing."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.output import print_json, say
from cli.rights.subject_access import Request
from cli.session import Desk

if TYPE_CHECKING:
    from engine.domain.rights.subject_access import AccessFiles, AccessRequest

To = Annotated[str, typer.Option("--to", metavar="FOLDER", help="The folder of the files.")]


def list_(desk: Desk) -> None:
    """List the subject access requests, earliest due date first (data protection officer).

    Example: stac sar list
    """
    from engine.services.rights.subject_access_decisions import list_requests

    there = list_requests(desk.context)
    if desk.as_json:
        print_json([_in_list(each) for each in there])
        return
    for each in there:
        lacks = each.lacks_before_collecting()
        stands = f"lacks {' and '.join(lacks)}" if lacks else "may be collected"
        released = "released" if any(s.what.kind == "released" for s in each.steps) else stands
        say(f"{each.reference}  due {each.due_on:%-d %B %Y}  {released}")
    if not there:
        say("You cannot view any request.")


def export(desk: Desk, request: Request, to: To = ".") -> None:
    """Export the draft reply and the internal schedule (data protection officer).

    Example: stac sar export Y-7K3M9QV --to .
    """
    from engine.services.rights.subject_access_decisions import both_files

    made = both_files(desk.context, request=request)
    _write(made, to, desk.as_json, reply="draft-reply")


def release(desk: Desk, request: Request, to: To = ".") -> None:
    """Release the reply, and export it with its schedule (data protection officer).

    Example: stac sar release Y-7K3M9QV --to .
    """
    from engine.services.rights.subject_access_decisions import release_reply

    _folder(to)
    made = release_reply(desk.context, request=request)
    _write(made, to, desk.as_json, reply="reply")


def _in_list(request: AccessRequest) -> dict[str, object]:
    return {
        "reference": request.reference,
        "received_on": request.received_on.isoformat(),
        "due_on": request.due_on.isoformat(),
        "lacks": list(request.lacks_before_collecting()),
        "released": any(step.what.kind == "released" for step in request.steps),
    }


def _folder(to: str) -> Path:
    folder = Path(to)
    if not folder.is_dir():
        raise typer.BadParameter("--to must be an existing folder")
    return folder


def _write(made: AccessFiles, to: str, as_json: bool, *, reply: str) -> None:
    folder = _folder(to)
    written = {}
    for name, text in (
        (f"{reply}-{made.reference}.txt", made.reply),
        (f"internal-schedule-{made.reference}.txt", made.schedule),
    ):
        file = folder / name
        handle = os.open(file, os.O_CREAT | os.O_WRONLY | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            os.fchmod(handle, 0o600)
            out.write(text)
        written[name.split("-Y-")[0]] = str(file)
    if as_json:
        print_json(written)
        return
    for what, where in written.items():
        say(f"{what.replace('-', ' ')}: {where}")
    say("Do not give the internal schedule to the requester. Delete both files after use.")
