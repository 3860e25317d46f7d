"""Setup and maintenance: a home, the audit log, the checks."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import AsJson
from cli.output import print_json, say
from cli.session import REFUSED, Answer, Desk, answering, record_only, refuse
from engine.domain.errors import InvalidInputError
from engine.domain.file_faults import why_not

if TYPE_CHECKING:
    from engine.services.system.audit import AuditVerdict
    from engine.services.system.audit_content import ContentVerdict

# The engine is imported inside each command: `stac --help` must not wait for the database's library.

FIRST_USER = "demo"


def init(as_json: AsJson = False) -> None:
    """Make the home folder and its record, or update an older record. You can run it again safely.

    Example: stac init
    """
    name = os.environ.get("STAC_USER") or FIRST_USER
    with answering(as_json):
        from pydantic import ValidationError

        from engine.domain.accounts.acting import Role, User
        from engine.runtime import home_of, initialise
        from engine.services.accounts.users import add_first_user

        try:
            User(name=name, display_name=name, role=Role.COORDINATOR)  # before anything is made
        except ValidationError:
            raise InvalidInputError(
                "STAC_USER",
                "a user's name is of lower-case letters, digits and hyphens, and begins with a letter",
            ) from None
        home = home_of(os.environ)
        was_there = home.exists()
        try:
            home.mkdir(mode=0o700, parents=True, exist_ok=True)
            runtime = initialise()
        except OSError as error:
            refuse(
                f"the home folder cannot be made or written ({why_not(error)}); set STAC_HOME",
                as_json=as_json,
            )
        with runtime:
            user = add_first_user(uow=runtime.uow, clock=runtime.clock, name=name)
    if as_json:
        print_json({"home": str(home), "made": not was_there, "first_user": user.name if user else None})
        return
    in_current_folder = (
        "" if os.environ.get("STAC_HOME") else " in the current folder (set STAC_HOME for another)"
    )
    if was_there:
        say(f"{home} is up to date")
    else:
        say(f"made {home.name if in_current_folder else home}{in_current_folder}, for this account only")
    if user:
        say(f"first user: {user.name}, coordinator; use --as {user.name}, or set STAC_USER")


def verify(
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="An export; default: the log of the record.")
    ] = None,
    anchors: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A file of anchors, from another place.")
    ] = None,
    content: Annotated[
        bool, typer.Option("--content", help="Compare every row of the record with the log, too.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Verify the audit log of the record, or of an export.

    Example: stac audit verify --content
    """
    held: ContentVerdict | None = None
    with answering(as_json):
        from engine.services.system import audit, audit_anchors, audit_content

        if file is not None and content:
            raise InvalidInputError("content", "an export has no rows; leave out FILE to compare the record")
        stored = audit_anchors.anchors_of(file=anchors) if anchors else {}
        if file is not None:
            verdict = audit.verify_file(file=file, anchors=stored)
        else:
            with record_only(as_json) as runtime:
                stored = {**audit_anchors.anchors_kept(uow=runtime.uow, settings=runtime.settings), **stored}
                verdict = audit.verify(uow=runtime.uow, anchors=stored)
                if content and verdict.ok:
                    held = audit_content.verify_content(uow=runtime.uow)
    is_well = verdict.ok and (held is None or held.ok)
    if as_json:
        found = {"content": held.model_dump(mode="json") if held else None} if content else {}
        print_json({**verdict.model_dump(mode="json"), "ok": is_well, **found})
    else:
        _say_chain(verdict)
        if held is not None:
            _say_content(held)
        elif content:
            say("The rows were not compared, because the audit log failed verification.")
    if not is_well:
        raise typer.Exit(REFUSED)


def _say_chain(verdict: AuditVerdict) -> None:
    if verdict.first_bad is None:
        say(f"Audit log verified: {verdict.entries:,} entries")
        return
    bad = verdict.first_bad
    say(f"AUDIT LOG FAILED VERIFICATION at entry {bad.entry}: {bad.reason}")
    say(f"{verdict.entries:,} entries were checked")


def _say_content(held: ContentVerdict) -> None:
    for difference in held.differences:
        say(f"DIFFERS FROM THE AUDIT LOG: {difference.sentence}")
    if held.different > len(held.differences):
        say(f"and {held.different - len(held.differences):,} more")
    for trigger in held.missing_triggers:
        say(f"MISSING TRIGGER: {trigger}; without it history can be changed")
    say(f"{held.rows:,} rows match the audit log")
    for certificate, count in held.erased.items():
        say(
            f"the content of {count:,} of these was erased by certificate {certificate}; "
            "their envelopes are valid"
        )


def export(
    desk: Desk,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="The file to write; an older one is replaced.")
    ],
) -> Answer:
    """Export the audit log to a file that can be verified with Python only.

    Example: stac audit export audit.jsonl
    """
    from engine.services.system.audit import export as take_out

    runtime = desk.runtime
    written = take_out(runtime.context(desk.acting), file=file)
    return Answer(written, f"{written.entries:,} entries are written; the last has hash {written.head}")


def anchor(
    desk: Desk,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file of anchors, in another place.")],
) -> Answer:
    """Save the latest audit hash outside the record, so that a rewritten log can be detected.

    Example: stac audit anchor anchors.jsonl
    """
    from engine.services.system.audit import anchor as anchor_log

    runtime = desk.runtime
    exported = anchor_log(runtime.context(desk.acting), file=file)
    return Answer(exported, f"entry {exported.entries} is anchored: {exported.head}")


def accept_clock(as_json: AsJson = False) -> None:
    """Accept this machine's clock after a wrong clock dated the newest entries (operator).

    Example: stac audit accept-clock
    """
    with record_only(as_json) as runtime:
        from engine.services.system.audit import accept_clock as accept

        seen = accept(uow=runtime.uow, clock=runtime.clock)
    if as_json:
        print_json(seen.model_dump(mode="json"))
    else:
        say(
            f"New entries start at {seen.now:%Y-%m-%d %H:%M} UTC; "
            f"the newest entry was dated {seen.newest:%Y-%m-%d}."
        )


def doctor(
    due: Annotated[
        bool, typer.Option("--due", help="Compare what waits with the facts of all cases instead.")
    ] = False,
    correct: Annotated[
        bool, typer.Option("--correct", help="With --due: derive again what differs.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check the installation, and list what to fix. You can run it before 'stac init'.

    Example: stac doctor
    """
    from cli.system.checks import WRONG
    from cli.system.doctor import examined
    from cli.system.doctor_due import compared

    with answering(as_json):
        if correct and not due:
            raise InvalidInputError("--correct", "it is for what waits: use it with --due")
        checks = compared(os.environ, correct=correct) if due else examined(os.environ)
    is_well = all(check.state != WRONG for check in checks)
    if as_json:
        print_json({"ok": is_well, "checks": [check.as_answer() for check in checks]})
    else:
        for check in checks:
            say(f"{check.state:<5}  {check.name}: {check.finding}")
            if check.mend:
                say(f"       fix: {check.mend}")
    if not is_well:
        raise typer.Exit(REFUSED)
