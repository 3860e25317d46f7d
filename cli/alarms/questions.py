"""Answers to the questions that a case's first alarm opens."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated

import typer

from cli.options import CASE_WORK, AsJson, AsUser, Purpose, Reference
from cli.output import print_json, say
from cli.session import at_desk
from engine.domain.absence import YesNo

Answer = Annotated[YesNo, typer.Option(help="'not known' leaves the question open.")]


def child_safeguarding(
    reference: Reference,
    why: Annotated[
        str, typer.Option(help="The person or service informed, or why it was not referred, in one line.")
    ],
    referred: Annotated[
        bool, typer.Option("--referred/--not-referred", help="Referred to child safeguarding, or not.")
    ],
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Record that child safeguarding was informed of a case, or was not, and why.

    Example: stac case child-safeguarding R-7K3M9QV --referred --why "Duty worker informed at 14:10."
    """
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.alarms.questions import record_child_safeguarding

        record_child_safeguarding(desk.context, reference=reference, referred=referred, why=why)
    if as_json:
        print_json({"reference": reference, "referred": referred})
    else:
        say(f"child safeguarding of {reference}: {'referred' if referred else 'not referred'}")


def works_for(
    reference: Reference,
    perpetrator: Answer = YesNo.NOT_ASKED,
    victim: Answer = YesNo.NOT_ASKED,
    agency: Annotated[
        str | None, typer.Option(metavar="CODE", help="The agency that employs the party, with a yes.")
    ] = None,
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Record whether each party works for one of the agencies. A yes restricts the case at once.

    Example: stac case works-for R-7K3M9QV --perpetrator no --victim no
    """
    with at_desk(user, purpose, as_json) as desk:
        from engine.domain.alarm_questions import PARTIES
        from engine.services.alarms.questions import record_works_for

        answers = dict(zip(PARTIES, (perpetrator, victim), strict=True))
        done = record_works_for(desk.context, reference=reference, answers=answers, agency=agency)
    if as_json:
        print_json(done.model_dump(mode="json"))
        return
    say(f"recorded for {done.reference}")
    if done.is_restricted:
        people = ", ".join(done.who_may_know) or "no one"
        say(f"{done.reference} is restricted; people with access, beside the chair: {people}")


COMMANDS: Mapping[str, Callable[..., None]] = {
    "child-safeguarding": child_safeguarding,
    "works-for": works_for,
}
