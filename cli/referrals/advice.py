"""Advice after its screening: what was sent, what came back, its closing. Asks; decides nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from cli.input_files import a_day, checked, document_of, one_of, one_of_or_none
from cli.options import CASE_WORK, AsJson, AsUser, Purpose, Reference
from cli.output import print_json, say
from cli.session import Answer, Command, Desk, answering, at_desk
from cli.templates import ADVICE_SLIP, print_template

if TYPE_CHECKING:
    from datetime import datetime

    from engine.domain.referrals.advice import SlipGiven
    from engine.services.referrals.advice import AdviceView

# The engine is imported inside each command: `stac --help` must not wait for the database's library.

_YES_OR_NO = "yes or no"


def list_(
    desk: Desk,
    reference: Annotated[
        str | None, typer.Argument(metavar="[REF]", help="Every advice of one case, superseded ones too.")
    ] = None,
    state: Annotated[
        str | None,
        typer.Option(
            help="made, sent, overdue, 'slip returned' or closed; with REF also superseded and 'ended with "
            "its case'. Default: all that are not closed."
        ),
    ] = None,
) -> Answer:
    """List advice with its state and clocks, most pressing first (coordinator, chair).

    Example: stac advice list --state overdue
    """
    from engine.domain.referrals.advice import AdviceState
    from engine.services.referrals.advice import list_advice

    chosen = one_of_or_none(AdviceState, state, "--state")
    found = list_advice(desk.context, state=chosen, reference=reference)
    lines = [line for each in found for line in _lines(each)]
    none = "no advice of this kind on the cases that you can view"
    return Answer([each.model_dump(mode="json") for each in found], *(lines or [none]))


def send(
    desk: Desk,
    reference: Reference,
    how: Annotated[str, typer.Option(help="'secure email', 'police record system' or 'by hand'.")],
    to: Annotated[
        str, typer.Option(metavar="ROLE", help="The recipient's role, such as 'officer in the case'.")
    ],
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="The date of sending; default: today.")
    ] = None,
) -> Answer:
    """Record that advice was sent, how, and who has it. Its clocks count from the first sending.

    Example: stac advice send R-7K3M9QV --how "secure email" --to "officer in the case"
    """
    from engine.domain.referrals.advice import SentHow
    from engine.services.referrals.advice import record_sent

    chosen, day = one_of(SentHow, how, "--how"), a_day(on, "--on")
    view = record_sent(desk.context, reference=reference, how=chosen, to=to, on=day)
    return Answer(view, *_lines(view))


def return_(
    reference: Annotated[str | None, typer.Argument(metavar="REF")] = None,
    file: Annotated[
        str | None, typer.Argument(metavar="[FILE]", help="JSON or TOML; - is standard input.")
    ] = None,
    contacted: Annotated[
        str | None, typer.Option(help=f"The victim was contacted safely: {_YES_OR_NO}.")
    ] = None,
    spo: Annotated[
        str | None, typer.Option(help=f"A Stalking Protection Order was considered: {_YES_OR_NO}.")
    ] = None,
    risk: Annotated[str | None, typer.Option(help=f"A risk assessment was done: {_YES_OR_NO}.")] = None,
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="For each yes: the date, such as 2026-03-02.")
    ] = None,
    by: Annotated[
        str | None, typer.Option("--by", metavar="NAME", help="For each yes: the person, in a work role.")
    ] = None,
    why: Annotated[
        str | None, typer.Option("--why", metavar="TEXT", help="For each no: the reason, in one line.")
    ] = None,
    template: Annotated[bool, typer.Option("--template", help="Print a FILE to fill in.")] = False,
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Record the slip of an advice, from FILE or from options: all answers, or some. A later answer applies.

    Example: stac advice return R-7K3M9QV --contacted yes --on 2026-03-03 --by "PC A. Example"
    """
    if template:
        print_template(ADVICE_SLIP)
        return
    if reference is None:
        raise typer.BadParameter("give the REF of the referral")
    from engine.domain.referrals.advice import SlipGiven

    answers = dict(zip(SlipGiven.model_fields, (contacted, spo, risk), strict=True))
    if (file is None) == (set(answers.values()) == {None}):
        raise typer.BadParameter("give either FILE or at least one of --contacted, --spo and --risk")
    if file is not None and (on or by or why):
        raise typer.BadParameter("--on, --by and --why are not for FILE: write them in it")
    with answering(as_json):
        slip = _slip(document_of(file)) if file is not None else _slip(_typed(answers, on, by, why))
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.referrals.advice import record_slip

        view = record_slip(desk.context, reference=reference, slip=slip)
    if as_json:
        print_json(view.model_dump(mode="json"))
        return
    for line in _lines(view):
        say(line)


def close(
    desk: Desk,
    reference: Reference,
    reason: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="The chair's reason, where the slip is not whole, in one line."),
    ] = None,
) -> Answer:
    """Close an advice: with its whole slip, or with the chair's reason.

    Example: stac advice close R-7K3M9QV
    """
    from engine.services.referrals.advice import close_advice

    view = close_advice(desk.context, reference=reference, reason=reason)
    return Answer(view, *_lines(view))


def _slip(given: object) -> SlipGiven:
    from engine.domain.referrals.advice import SlipGiven

    return checked(SlipGiven, given)


def _typed(
    answers: Mapping[str, str | None], on: str | None, by: str | None, why: str | None
) -> dict[str, dict[str, object]]:
    """Return the answers of options as a file has them: date and person with each yes, the reason with no."""
    from engine.domain.referrals.advice import SlipAnswer

    chosen = {name: one_of_or_none(SlipAnswer, given, f"--{name}") for name, given in answers.items()}
    is_yes, is_no = (each in chosen.values() for each in (SlipAnswer.YES, SlipAnswer.NO))
    if is_yes and (on is None or by is None):
        raise typer.BadParameter("give --on and --by with a yes: the date and the person who did it")
    if is_no and why is None:
        raise typer.BadParameter("give --why with a no: the reason")
    if not is_yes and (on or by):
        raise typer.BadParameter("--on and --by are only for a yes")
    if not is_no and why:
        raise typer.BadParameter("--why is only for a no")
    day = a_day(on, "--on")
    return {
        name: {"answer": "yes", "on": day, "by": by}
        if answer is SlipAnswer.YES
        else {"answer": "no", "why": why}
        for name, answer in chosen.items()
        if answer is not None
    }


def _lines(advice: AdviceView) -> list[str]:
    made = f"advice {advice.version}, made {_day(advice.made_at)}"
    lines = [f"{advice.reference}  {advice.state.value}  {made}"]
    lines += [f"  sent {each.on:%-d %B %Y}, {each.how.value}, to {each.to}" for each in advice.sent]
    if advice.contact_due is not None and advice.slip_due is not None:
        lines.append(f"  contact due {_day(advice.contact_due)}, slip due {_day(advice.slip_due)}")
    for each in advice.slip:
        when = f" {each.on:%-d %B %Y}, {each.done_by}" if each.on else f" {each.why}"
        lines.append(f"  {each.question.value}: {each.answer.value},{when}")
    if advice.sent:
        lines += [f"  {each.value}: no answer yet" for each in advice.missing]
    if advice.closed is not None:
        why = f": {advice.closed.reason}" if advice.closed.reason else " with its whole slip"
        lines.append(f"  closed {_day(advice.closed.at)} by {advice.closed.by}{why}")
    return lines


def _day(at: datetime) -> str:
    from engine.clock import LONDON

    return f"{at.astimezone(LONDON):%-d %B %Y}"


COMMANDS: Mapping[str, Command] = {"list": list_, "send": send, "return": return_, "close": close}
