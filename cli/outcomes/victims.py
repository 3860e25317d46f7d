"""Victims' outcomes and own descriptions, from their advocate. Asks and prints; decides nothing."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.alarms.topics import TOPIC, topics_of
from cli.input_files import checked, document_of
from cli.options import CASE_WORK, AsJson, AsUser, Purpose, Reference
from cli.output import MARKING, print_json, say
from cli.session import Desk, answering, at_desk
from cli.templates import VICTIM_DESCRIPTION, VICTIM_OUTCOME, print_template

# The engine is imported inside the command: `stac --help` must not wait for the database's library.

_RefOrTemplate = Annotated[str | None, typer.Argument(metavar="REF")]
_File = Annotated[str | None, typer.Argument(metavar="FILE", help="JSON or TOML; - is standard input.")]
_AsTemplate = Annotated[bool, typer.Option("--template", help="Print a FILE to fill in.")]


def record_victim(
    reference: _RefOrTemplate = None,
    file: _File = None,
    template: _AsTemplate = False,
    topic: Annotated[list[str] | None, TOPIC] = None,
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Record what the victim gave at intake, review or exit (the victim's advocate).

    Example: stac outcome record-victim R-7K3M9QV intake.toml
    """
    if template:
        print_template(VICTIM_OUTCOME)
        return
    reference, file = _both(reference, file)
    from engine.domain.outcomes.victims import VictimOutcomeGiven

    with answering(as_json):
        document = document_of(file)
        topics = topics_of(document, topic or ())
        given = checked(VictimOutcomeGiven, document)
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.outcomes.victims import record_victim_outcome

        version = record_victim_outcome(desk.context, reference=reference, given=given, topics=topics)
    moment, agreed = given.moment.value, given.agreed.value
    _print_entry(reference, version, agreed, moment=moment, as_json=as_json)


def describe_victim(
    reference: _RefOrTemplate = None,
    file: _File = None,
    template: _AsTemplate = False,
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Record how the victim describes themselves (the victim's advocate). Nothing of it is required.

    Example: stac outcome describe-victim R-7K3M9QV description.toml
    """
    if template:
        print_template(VICTIM_DESCRIPTION)
        return
    reference, file = _both(reference, file)
    from engine.domain.outcomes.described import DescriptionGiven

    with answering(as_json):
        given = checked(DescriptionGiven, document_of(file))
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.outcomes.victims import describe_victim

        version = describe_victim(desk.context, reference=reference, given=given)
    _print_entry(reference, version, given.agreed.value, as_json=as_json)


def show_account(desk: Desk, reference: Reference) -> None:
    """Show what the victim gave of themselves on a case, within the victim's agreement.

    Example: stac outcome victim-account R-7K3M9QV
    """
    from engine.domain.outcomes.described import Characteristic
    from engine.domain.outcomes.victims import Agreed, Topic
    from engine.services.outcomes.victims import victim_account

    account = victim_account(desk.context, reference=reference)
    if desk.as_json:
        print_json(account.model_dump(mode="json"))
        return

    say(MARKING)
    for each in account.outcomes:
        say(f"{each.given.moment.value}: {each.given.agreed.value} ({each.given.asked_on.in_words()})")
        if each.given.agreed is Agreed.GIVEN:
            for topic in Topic:
                say(f"  {topic.value}: {each.given.answer(topic)}")
            changes = each.given.had_to_change
            listed = "not asked" if changes is None else ", ".join(changes) or "no change"
            say(f"  had to change: {listed}")
    if account.description is not None:
        own = account.description.given
        say(f"own description: {own.agreed.value} ({own.asked_on.in_words()})")
        if own.agreed is Agreed.GIVEN:
            for characteristic in Characteristic:
                say(f"  {characteristic.value}: {own.answer(characteristic)}")
    if not account.outcomes and account.description is None:
        say("Nothing is recorded that the victim agreed to share with you.")


def _print_entry(
    reference: str, version: int, agreed: str, *, moment: str | None = None, as_json: bool
) -> None:
    if as_json:
        print_json({"reference": reference, **({"moment": moment} if moment else {}), "version": version})
    else:
        say(f"{moment or 'description'} {version} on {reference}: {agreed}")


def _both(reference: str | None, file: str | None) -> tuple[str, str]:
    if reference is None or file is None:
        raise typer.BadParameter("give REF and FILE, or --template")
    return reference, file
