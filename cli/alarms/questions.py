"""Answers to the questions that a case's first alarm opens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import typer

from cli.options import Reference
from cli.output import print_json, say
from cli.session import Answer, Command, Desk
from engine.domain.absence import YesNo

YesOrNo = Annotated[YesNo, typer.Option(help="'not known' leaves the question open.")]


def child_safeguarding(
    desk: Desk,
    reference: Reference,
    why: Annotated[
        str, typer.Option(help="The person or service informed, or why it was not referred, in one line.")
    ],
    referred: Annotated[
        bool, typer.Option("--referred/--not-referred", help="Referred to child safeguarding, or not.")
    ],
) -> Answer:
    """Record that child safeguarding was informed of a case, or was not, and why.

    Example: stac case child-safeguarding R-7K3M9QV --referred --why "Duty worker informed at 14:10."
    """
    from engine.services.alarms.questions import record_child_safeguarding

    record_child_safeguarding(desk.context, reference=reference, referred=referred, why=why)
    return Answer(
        {"reference": reference, "referred": referred},
        f"child safeguarding of {reference}: {'referred' if referred else 'not referred'}",
    )


def works_for(
    desk: Desk,
    reference: Reference,
    perpetrator: YesOrNo = YesNo.NOT_ASKED,
    victim: YesOrNo = YesNo.NOT_ASKED,
    agency: Annotated[
        str | None, typer.Option(metavar="CODE", help="The agency that employs the party, with a yes.")
    ] = None,
) -> None:
    """Record whether each party works for one of the agencies. A yes restricts the case at once.

    Example: stac case works-for R-7K3M9QV --perpetrator no --victim no
    """
    from engine.domain.alarm_questions import PARTIES
    from engine.services.alarms.questions import record_works_for

    answers = dict(zip(PARTIES, (perpetrator, victim), strict=True))
    done = record_works_for(desk.context, reference=reference, answers=answers, agency=agency)
    if desk.as_json:
        print_json(done.model_dump(mode="json"))
        return
    say(f"recorded for {done.reference}")
    if done.is_restricted:
        people = ", ".join(done.who_may_know) or "no one"
        say(f"{done.reference} is restricted; people with access, beside the chair: {people}")


COMMANDS: Mapping[str, Command] = {
    "child-safeguarding": child_safeguarding,
    "works-for": works_for,
}
