"""The conference and what follows: decisions, endings. Asks; decides nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from cli.input_files import checked, document_of, one_of
from cli.options import CASE_WORK, AsJson, AsUser, Purpose, Reference
from cli.output import print_json, say
from cli.session import Answer, Desk, answering, at_desk
from cli.templates import AMENDMENT, DECISION, REVIEW_EXAMPLE, WEIGHED_EXAMPLE, print_template

if TYPE_CHECKING:
    from engine.domain.conference.risk import AgencyGap

# The engine is imported inside each command: `stac --help` must not wait for the database's library.


RefOrTemplate = Annotated[str | None, typer.Argument(metavar="REF")]
FileGiven = Annotated[str | None, typer.Argument(metavar="FILE", help="JSON or TOML; - is standard input.")]
AsTemplate = Annotated[bool, typer.Option("--template", help="Print a FILE to fill in.")]


def open_(desk: Desk, reference: Reference) -> Answer:
    """Open the case conference (chair). Agencies then see one another's levels and reasons.

    Example: stac conference open R-7K3M9QV
    """
    from engine.services.conference.decisions import open_conference

    state = open_conference(desk.context, reference=reference)
    return Answer({"reference": reference, "state": state.value}, f"{reference} is now '{state.value}'")


def decide(
    reference: RefOrTemplate = None,
    file: FileGiven = None,
    template: Annotated[
        bool,
        typer.Option("--template", help="Print a FILE to fill in; with REF, it lists the gaps to weigh."),
    ] = False,
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Record the panel's decision, what the panel saw, and the gaps that it weighed.

    Example: stac conference decide R-7K3M9QV decision.toml
    """
    if template:
        _decision_template(reference, user, purpose, as_json)
        return
    reference, file = _both(reference, file)
    from engine.domain.conference.risk import Decision

    with answering(as_json):
        given = checked(Decision, document_of(file))
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.conference import decisions as of_conferences

        decided = of_conferences.decide(desk.context, reference=reference, decision=given)
    if as_json:
        print_json(decided.model_dump(mode="json"))
        return
    say(f"decision {decided.decision} on {decided.reference} is recorded, version {decided.version}")
    if decided.quorum is not None:
        say(f"  {decided.quorum.in_words}")
    if decided.conference is not None:
        say(f"  It is in the minutes of conference {decided.conference}.")
    for agency, state in decided.not_seen.items():
        say(f"  the panel did not have: {agency} ({state.value})")


def amend(
    reference: RefOrTemplate = None,
    file: FileGiven = None,
    template: AsTemplate = False,
    preview: Annotated[
        bool, typer.Option("--preview", help="Show who is to be informed and what changes; record nothing.")
    ] = False,
    base_version: Annotated[
        int | None, typer.Option(metavar="N", help="The version that you changed; default: the newest.")
    ] = None,
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Amend a decision: record a new version of it, with a reason (chair).

    Example: stac conference amend R-7K3M9QV decision.toml
    """
    if template:
        print_template(AMENDMENT)
        return
    reference, file = _both(reference, file)
    from engine.domain.conference.risk import Decision

    with answering(as_json):
        given = checked(Decision, document_of(file))
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.conference.amending import Amended, amend_decision, show_amendment

        amended = (
            show_amendment(desk.context, reference=reference, decision=given)
            if preview
            else amend_decision(desk.context, reference=reference, decision=given, base_version=base_version)
        )
    if as_json:
        print_json(amended.model_dump(mode="json"))
        return
    if isinstance(amended, Amended):
        say(f"decision {amended.decision} on {amended.reference} is recorded, version {amended.version}")
    else:
        say(f"version {amended.amends} on {amended.reference} would be amended; nothing is recorded")
    changed = ", ".join(domain.value for domain in amended.changed)
    say(f"  levels changed: {changed or 'none of the four'}")
    if isinstance(amended, Amended) and amended.quorum is not None:
        say(f"  {amended.quorum.in_words}")
    for sentence in amended.rests_in_words:
        say(f"  {sentence}")
    if amended.plan is not None:
        say(f"  version {amended.plan} of the plan was written on an earlier decision; review it")
    say(f"  inform: {', '.join(amended.informs)}")


def dissent(
    desk: Desk,
    reference: Reference,
    reasons: Annotated[str | None, typer.Option(metavar="TEXT", help="Your reasons.")] = None,
    confirm: Annotated[
        bool, typer.Option("--confirm", help="Confirm what was noted for your agency.")
    ] = False,
    has_none: Annotated[bool, typer.Option("--none", help="State that your agency has no dissent.")] = False,
    asked_aloud: Annotated[
        bool, typer.Option("--asked-aloud", help="Record that you asked the room and heard none (chair).")
    ] = False,
) -> None:
    """Enter your agency's dissent from the newest decision, confirm a noted one, or state that it has none.

    Example: stac conference dissent R-7K3M9QV --reasons "Persistence should be high."
    """
    from engine.services.conference.amending import enter_dissent, state_no_dissent

    if [confirm, has_none, asked_aloud, reasons is not None].count(True) != 1:
        raise typer.BadParameter("give one of --reasons, --confirm, --none and --asked-aloud")
    if asked_aloud:
        _asked_aloud(desk, reference)
        return

    entry = (
        state_no_dissent(desk.context, reference=reference)
        if has_none
        else enter_dissent(desk.context, reference=reference, reasons=reasons)
    )
    if desk.as_json:
        print_json(entry.model_dump(mode="json"))
    elif has_none:
        say(f"{entry.agency} has no dissent: recorded")
    else:
        say(f"the dissent of {entry.agency} is {'confirmed' if confirm else 'recorded'}")


def _asked_aloud(desk: Desk, reference: str) -> None:
    from engine.services.conference.asking_aloud import record_asked_aloud

    asked = record_asked_aloud(desk.context, reference=reference)
    if desk.as_json:
        print_json(asked.model_dump(mode="json"))
    else:
        say(f"asked aloud, no dissent voiced: {', '.join(asked.agencies)}")


def _missing_lines(missing: Sequence[AgencyGap]) -> Iterator[str]:
    """Yield what is recorded as missing, as the file names what matters."""
    for gap in missing:
        parts = {"agency": gap.agency, "says": gap.says}
        yield "[[missing]]"
        yield from (f"{name} = {_in_toml(text)}" for name, text in parts.items())


def _in_toml(text: str) -> str:
    """Return a text of any script as TOML has it, on one line and with nothing that moves a cursor."""
    parts = (each if each.isprintable() and each not in '"\\' else f"\\U{ord(each):08x}" for each in text)
    return f'"{"".join(parts)}"'


def _decision_template(reference: str | None, user: str | None, purpose: str, as_json: bool) -> None:
    """With REF the gaps of that case are listed, each commented out: remove the # from each one weighed.

    So is what agencies recorded as missing, and how their levels compare.
    """
    if reference is None:
        print_template(DECISION)
        return
    with at_desk(user, purpose, as_json) as desk:
        from engine.domain.conference.risk import Domain
        from engine.services.cases.views import view_case
        from engine.services.conference.gaps import compared_on, may_matter

        view = view_case(desk.context, reference=reference)
        awaits = bool(view.review.not_decided)
        missing = may_matter(view.answers, desk.context.agencies_known, awaits_police=awaits)
        compared = [f"{each.value}: {compared_on(each, view.answers).in_words}" for each in Domain]
    listed = "".join(f'#   "{gap.name}",\n' for gap in view.gaps)
    template = DECISION.replace(WEIGHED_EXAMPLE, f"weighed = [\n{listed}]" if view.gaps else "weighed = []")
    if view.review_proposed is not None:
        template = template.replace(REVIEW_EXAMPLE, f'review_on = "{view.review_proposed.on}"')
    print_template(template + "".join(f"# {line}\n" for line in (*_missing_lines(missing), *compared)))


def close(
    desk: Desk,
    reference: Reference,
    how: Annotated[str, typer.Option(help="'end consultation', 'exit' (into follow-up) or 'close'.")],
    why: Annotated[str, typer.Option(help="The reason.")],
) -> Answer:
    """Close a case, end a consultation, or move a plan to follow-up.

    Example: stac case close R-7K3M9QV --how close --why "Advice was given."
    """
    from engine.domain.cases.lifecycle import Act
    from engine.services.referrals.screening import end_involvement

    chosen = one_of(Act, how, "--how")

    state = end_involvement(desk.context, reference=reference, act=chosen, why=why)
    return Answer({"reference": reference, "state": state.value}, f"{reference} is now '{state.value}'")


def _both(reference: str | None, file: str | None) -> tuple[str, str]:
    if reference is None or file is None:
        raise typer.BadParameter("give REF and FILE, or --template")
    return reference, file
