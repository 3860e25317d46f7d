"""Asking agencies; and for an agency's own people: what waits, releasing, striking, answering by hand."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cli.assessing import Asking
from cli.door import REFUSED, Desk, answering, at_desk
from cli.given import checked, document_of, one_of
from cli.options import CASE_WORK, AsJson, AsUser, Purpose, Reference
from cli.saying import print_json, say
from cli.templates import ANSWER, print_template

# The engine is imported inside each command: `stac --help` must not wait for the database's library.

OfAgency = Annotated[
    str | None, typer.Option("--agency", metavar="CODE", help="For which agency; your own without it.")
]


def assess(
    references: Annotated[
        list[str] | None, typer.Argument(metavar="REF...", help="Screened referrals to ask about now.")
    ] = None,
    waiting: Annotated[
        bool, typer.Option("--waiting", help="Run every flow that waits, as the runner would.")
    ] = False,
    all_: Annotated[
        bool,
        typer.Option("--all", help="Ask again whoever has answered: of REF..., or of every open referral."),
    ] = False,
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Ask the agencies now, in this process, and keep every answer."""
    if waiting and (references or all_):
        raise typer.BadParameter("--waiting stands alone")
    if not (references or waiting or all_):
        raise typer.BadParameter("give REF..., --waiting or --all")
    with at_desk(user, purpose, as_json) as desk:
        run = Asking(desk, quiet=as_json)
        wanted = tuple(references or ())
        if waiting:
            run.what_waits()
        else:
            run.about(wanted or run.open_referrals(), again=all_)
        rows = run.as_they_stand()
    _tell_assessed(run, rows, as_json)
    if run.failures or any(row["agencies_failed"] for row in rows):
        raise typer.Exit(REFUSED)


def _tell_assessed(run: Asking, rows: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        print_json({"assessed": run.done, "failed": run.failures, "referrals": rows})
        return
    for row in rows:
        answers = "; ".join(f"{agency}: {state}" for agency, state in row["answers"].items())
        say(f"{row['reference']} is '{row['state']}'; {answers or 'no agency is asked'}")
        for agency in row["agencies_failed"]:
            say(f"  {agency} could not be asked now; this is not a nil return")
    for failure in run.failures:
        say(f"{failure['flow']} of {failure['subject']} failed ({failure['error']}); it is tried again later")
    say(f"{run.done} flow{'' if run.done == 1 else 's'} run")


def prepared(
    reference: Reference,
    agency: OfAgency = None,
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Show the answer that waits for my release; nobody outside my agency sees it."""
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.answering import prepared_answer

        stored = prepared_answer(
            uow=desk.runtime.uow,
            clock=desk.runtime.clock,
            acting=desk.acting,
            reference=reference,
            agency=_agency_of(desk, agency),
        )
    if as_json:
        print_json(stored.model_dump(mode="json"))
        return
    from cli.case_page import draw_prepared

    draw_prepared(stored)


def release(
    reference: Reference,
    agency: OfAgency = None,
    strike: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY", help="Leave out this item, as 'prepared' names it; may be repeated."),
    ] = None,
    expected_version: Annotated[
        int | None, typer.Option(help="The version that you read; a newer one is not released unread.")
    ] = None,
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Release the prepared answer of my agency; what is struck nobody else ever sees."""
    with at_desk(user, purpose, as_json) as desk:
        from engine.services import answering as of_agencies

        released = of_agencies.release(
            uow=desk.runtime.uow,
            clock=desk.runtime.clock,
            acting=desk.acting,
            key=desk.runtime.key,
            reference=reference,
            agency=_agency_of(desk, agency),
            strike=tuple(strike or ()),
            expected_version=expected_version,
        )
    if as_json:
        print_json(released.model_dump(mode="json"))
    else:
        held = f"; {released.held_back} held back" if released.held_back else ""
        said = f"{released.agency}'s {released.kind} on {released.reference} is released"
        say(f"{said}, version {released.version}{held}")


def answer(
    reference: Annotated[str | None, typer.Argument(metavar="REF")] = None,
    file: Annotated[
        str | None, typer.Argument(metavar="[FILE]", help="JSON or TOML; - is standard input.")
    ] = None,
    agency: OfAgency = None,
    refuse: Annotated[
        str | None, typer.Option(metavar="GROUND", help="Refuse on this ground, instead of a FILE.")
    ] = None,
    says: Annotated[str | None, typer.Option(help="With --refuse: one sentence for the panel.")] = None,
    template: Annotated[bool, typer.Option("--template", help="Write a FILE to begin with.")] = False,
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Answer by hand for my agency: a contribution, a nil return or a refusal."""
    if template:
        print_template(ANSWER)
        return
    if reference is None:
        raise typer.BadParameter("give the REF of the referral")
    if (file is None) == (refuse is None):
        raise typer.BadParameter("give either FILE or --refuse GROUND")
    from engine.domain.answers import PluginAnswer, RefusalGround, Refused

    with answering(as_json):
        if file is not None:
            given = checked(Annotated[PluginAnswer, _by_kind()], document_of(file))
        else:
            assert refuse is not None
            ground = one_of(RefusalGround, refuse, "--refuse")
            given = checked(Refused, {"ground": ground.value, "says": says or ""})
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.answering import answer_by_hand

        released = answer_by_hand(
            uow=desk.runtime.uow,
            clock=desk.runtime.clock,
            acting=desk.acting,
            key=desk.runtime.key,
            reference=reference,
            agency=_agency_of(desk, agency),
            answer=given,
        )
    if as_json:
        print_json(released.model_dump(mode="json"))
    else:
        say(
            f"{released.agency}'s {released.kind} on {released.reference} is kept, version {released.version}"
        )


def _by_kind() -> object:
    from pydantic import Field

    return Field(discriminator="kind")


def _agency_of(desk: Desk, agency: str | None) -> str:
    code = agency or desk.acting.agency
    if code is None:
        raise typer.BadParameter("say for which agency: --agency CODE")
    return code


def add_to(app: typer.Typer) -> None:
    """Give the application these commands."""
    app.command()(assess)
    app.command()(prepared)
    app.command()(release)
    app.command()(answer)
