"""The victim's words for a conference: recorded from a file, or confirmed. Asks; decides nothing."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.alarms.topics import TOPIC, topics_of
from cli.input_files import checked, document_of
from cli.options import CASE_WORK, AsJson, AsUser, Purpose
from cli.output import print_json, say
from cli.session import answering, at_desk
from cli.templates import VICTIM_WORDS, print_template

# The engine is imported inside the command: `stac --help` must not wait for the database's library.


def victim_words(
    reference: Annotated[str | None, typer.Argument(metavar="REF")] = None,
    file: Annotated[
        str | None, typer.Argument(metavar="FILE", help="JSON or TOML; - is standard input.")
    ] = None,
    template: Annotated[bool, typer.Option("--template", help="Print a FILE to fill in.")] = False,
    confirm: Annotated[
        int | None, typer.Option(metavar="N", help="Confirm what was noted (the victim's advocate).")
    ] = None,
    withdraw: Annotated[
        int | None, typer.Option(metavar="N", help="Withdraw what was entered or confirmed (the advocate).")
    ] = None,
    with_whom: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CODE",
            help="With --confirm: an agency that the victim agreed to share it with; may be repeated. "
            "'everyone on the case' is all.",
        ),
    ] = None,
    topic: Annotated[list[str] | None, TOPIC] = None,
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Record what the victim said, with its source, for the panel and the minutes; or withdraw it.

    Example: stac conference victim-words R-7K3M9QV words.toml
    """
    if template:
        print_template(VICTIM_WORDS)
        return
    if reference is None or [file, confirm, withdraw].count(None) != 2:
        raise typer.BadParameter("give REF and one of FILE, --confirm and --withdraw, or --template")
    if topic and file is None:
        raise typer.BadParameter("give --topic with FILE")
    if withdraw is not None:
        _withdraw(reference, withdraw, user=user, purpose=purpose, as_json=as_json)
        return
    if file is not None and with_whom:
        raise typer.BadParameter("give --with-whom with --confirm; in FILE it is 'with_whom'")
    if file is not None:
        from engine.domain.conference.victim_words import VictimWordsGiven

        with answering(as_json):
            document = document_of(file)
            topics = topics_of(document, topic or ())
            given = checked(VictimWordsGiven, document)
        with at_desk(user, purpose, as_json) as desk:
            from engine.services.conference.victim_words import record_victim_words

            recorded = record_victim_words(desk.context, reference=reference, given=given, topics=topics)
    else:
        assert confirm is not None
        with at_desk(user, purpose, as_json) as desk:
            from engine.services.conference.victim_words import confirm_victim_words

            recorded = confirm_victim_words(
                desk.context, reference=reference, number=confirm, with_whom=tuple(with_whom or ())
            )
    if as_json:
        print_json(recorded.model_dump(mode="json"))
        return
    state = "recorded" if recorded.is_agreed else "noted, for the victim's advocate to confirm"
    say(f"victim's words {recorded.number} on {recorded.reference}: {state}")


def _withdraw(reference: str, number: int, *, user: str | None, purpose: str, as_json: bool) -> None:
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.conference.victim_words import withdraw_victim_words

        withdrawn = withdraw_victim_words(desk.context, reference=reference, number=number)
    if as_json:
        print_json(withdrawn.model_dump(mode="json"))
    else:
        say(f"victim's words {withdrawn.number} on {reference}: withdrawn")
