"""Screening, alarms, same-day safeguarding and episodes. Asks; decides nothing."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.input_files import checked, document_of, one_of, one_of_or_none
from cli.options import CASE_WORK, AsJson, AsUser, Purpose, Reference
from cli.output import print_json, say
from cli.session import Answer, Desk, answering, at_desk
from cli.templates import SCREENING, print_template

# The engine is imported inside each command: `stac --help` must not wait for the database's library.

_FOUR_HELP = "yes, no or unclear"


def screen(
    reference: Annotated[str | None, typer.Argument(metavar="REF")] = None,
    file: Annotated[
        str | None, typer.Argument(metavar="[FILE]", help="JSON or TOML; - is standard input.")
    ] = None,
    outcome: Annotated[
        str | None, typer.Option(help="advice, consultation, conference, urgent or redirect.")
    ] = None,
    reason: Annotated[str | None, typer.Option(help="Why, in one line.")] = None,
    fixated: Annotated[str | None, typer.Option(help=_FOUR_HELP)] = None,
    obsessive: Annotated[str | None, typer.Option(help=_FOUR_HELP)] = None,
    unwanted: Annotated[str | None, typer.Option(help=_FOUR_HELP)] = None,
    repeated: Annotated[str | None, typer.Option(help=_FOUR_HELP)] = None,
    evidence: Annotated[
        list[str] | None,
        typer.Option(metavar="QUESTION=INCIDENT", help="The incident behind an answer; may be repeated."),
    ] = None,
    person: Annotated[
        list[str] | None, typer.Option(metavar="USER", help="A user to name on the case; may be repeated.")
    ] = None,
    redirect_to: Annotated[str | None, typer.Option(help="The service, for 'redirect'.")] = None,
    safeguarding: Annotated[
        str | None, typer.Option(help="Safeguarding today and the person who does it, for 'urgent'.")
    ] = None,
    advice: Annotated[str | None, typer.Option(help="The advice; default: a standard text.")] = None,
    same_episode_as: Annotated[
        str | None, typer.Option(metavar="EPISODE", help="Join a proposed earlier episode.")
    ] = None,
    base_version: Annotated[
        int, typer.Option(min=0, help="The version of the screening that you replace; 0 for none.")
    ] = 0,
    template: Annotated[bool, typer.Option("--template", help="Print a FILE to fill in.")] = False,
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Screen a referral, from FILE or from options. Agencies receive a request only after this.

    Example: stac case screen R-7K3M9QV screening.toml
    """
    if template:
        print_template(SCREENING)
        return
    if reference is None:
        raise typer.BadParameter("give the REF of the referral")
    if (file is None) == (outcome is None):
        raise typer.BadParameter("give either FILE or --outcome")
    from engine.domain.referrals.screening import RedirectTo, Screening

    with answering(as_json):
        if file is not None:
            given = checked(Screening, document_of(file))
        else:
            assert outcome is not None
            answers = {
                "fixated": fixated,
                "obsessive": obsessive,
                "unwanted": unwanted,
                "repeated": repeated,
            }
            given = checked(
                Screening,
                {
                    "four": _four(answers, evidence or []),
                    "outcome": _outcome(outcome),
                    "reason": reason or "",
                    "people": person or [],
                    "advice": advice,
                    "redirect_to": one_of_or_none(RedirectTo, redirect_to, "--redirect-to"),
                    "safeguarding": safeguarding,
                    "same_episode_as": same_episode_as,
                    "base_version": base_version,
                },
            )
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.referrals import screening

        screened = screening.screen(desk.context, reference=reference, screening=given)
    if as_json:
        print_json(screened.model_dump(mode="json"))
        return
    say(f"{screened.reference} is screened: {screened.outcome.value}; now '{screened.state.value}'")
    if screened.advice:
        say(screened.advice)
    if screened.agencies_will_be_asked:
        say(f"'stac serve' asks the agencies; to ask now: stac response request {screened.reference}")


def _four(answers: dict[str, str | None], evidence: list[str]) -> list[dict[str, object]]:
    from engine.domain.referrals.screening import FourAnswer

    missing = [question for question, answer in answers.items() if answer is None]
    if missing:
        raise typer.BadParameter(f"answer each of the four; missing: --{', --'.join(missing)}")
    rests: dict[str, list[str]] = {question: [] for question in answers}
    for given in evidence:
        question, equals, incident = given.partition("=")
        if not equals or question not in rests:
            raise typer.BadParameter("write it as fixated=I-7K3M9QV", param_hint="--evidence")
        rests[question].append(incident)
    return [
        {
            "question": question,
            "answer": one_of(FourAnswer, answer or "", f"--{question}").value,
            "incidents": rests[question],
        }
        for question, answer in answers.items()
    ]


def _outcome(outcome: str) -> str:
    from engine.domain.cases.lifecycle import TriageOutcome

    return one_of(TriageOutcome, outcome, "--outcome").value


def safeguard(
    desk: Desk,
    reference: Reference,
    done: Annotated[str, typer.Option(help="Safeguarding today, and the person who did it.")],
) -> Answer:
    """Record that the same-day safeguarding of an urgent referral is done; the conference follows.

    Example: stac case safeguard R-7K3M9QV --done "The advocate changed the locks today."
    """
    from engine.services.referrals.screening import record_safeguarding

    state = record_safeguarding(desk.context, reference=reference, done=done)
    return Answer({"reference": reference, "state": state.value}, f"{reference} is now '{state.value}'")


def step_up(
    desk: Desk,
    reference: Reference,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="The reason, in one line.")],
) -> None:
    """Step up a case towards a conference, or reopen a closed one for it. Agencies are asked.

    Example: stac case step-up R-7K3M9QV --reason "A knife was found near the stable."
    """
    from engine.domain.cases.lifecycle import State
    from engine.services.referrals import stepping_up

    stepped = stepping_up.step_up(desk.context, reference=reference, reason=reason)
    if desk.as_json:
        print_json(stepped.model_dump(mode="json"))
        return
    done = "reopened and stepped up" if stepped.was is State.CLOSED else "stepped up"
    say(f"{stepped.reference} is {done}; now '{stepped.state.value}'")
    say(f"'stac serve' asks the agencies; to ask now: stac response request {stepped.reference}")


def leave_episode(
    desk: Desk, reference: Reference, why: Annotated[str, typer.Option(help="The reason.")]
) -> Answer:
    """Remove a referral from an episode.

    Example: stac case leave-episode R-7K3M9QV --why "The victim is another person."
    """
    from engine.services.referrals.episodes import take_back_joining

    own = take_back_joining(desk.context, reference=reference, why=why)
    return Answer({"reference": reference, "episode": own}, f"{reference} is in its own episode {own} again")
